package checktestdata

import (
	"errors"
	"fmt"
	"math/big"

	"github.com/evalx/evalx/judge/checktestdata/ere"
)

// varname reads the name of a variable and returns its number.
func (ps *parser) varname() int {
	if ps.t.kind != tokenName {
		ps.fail(ps.t.at, "names of variables are made of a to z and, after the first character, 0 to 9", "expected the name of a variable, but %s", ps.found())
		return 0
	}
	name := ps.advance().text
	number, ok := ps.numbers[name]
	if !ok {
		number = len(ps.p.names)
		ps.numbers[name] = number
		ps.p.names = append(ps.p.names, name)
	}
	return number
}

func (ps *parser) varnames(after string) (all []int) {
	for {
		all = append(all, ps.wholeArray(after))
		if !ps.take(",") {
			return all
		}
	}
}

// wholeArray reads the name of a variable without indices.
func (ps *parser) wholeArray(after string) int {
	number := ps.varname()
	if ps.is("[") {
		ps.fail(ps.t.at, "write its name alone", "%s is about the whole array, not an element", after)
	}
	return number
}

// variable reads a name and perhaps indices.
func (ps *parser) variable() *variable {
	v := &variable{at: ps.t.at}
	v.number = ps.varname()
	if !ps.take("[") {
		return v
	}
	for {
		v.indices = append(v.indices, ps.expression())
		if !ps.take(",") {
			break
		}
	}
	ps.want("]", "the indices of an array")
	return v
}

// target reads a variable that gets a value.
func (ps *parser) target() *variable {
	v := ps.variable()
	ps.set[v.number] = true
	return v
}

// warnUnset warns of variables that never get a value.
func (ps *parser) warnUnset() {
	names := make([]string, 0, len(ps.set))
	for i, name := range ps.p.names {
		if ps.set[i] {
			names = append(names, name)
		}
	}
	warned := map[int]bool{}
	for _, v := range ps.used {
		if !ps.set[v.number] && !warned[v.number] {
			warned[v.number] = true
			name := ps.p.names[v.number]
			ps.warn(v.at, suggest(name, names), "the variable %s never gets a value", name)
		}
	}
}

// pattern checks a regular expression that is known already.
func (ps *parser) pattern(e *expr) {
	if !e.isConst() || e.value.kind != text {
		return
	}
	re, err := ere.Compile(e.value.str())
	var bad *ere.Error
	if errors.As(err, &bad) {
		ps.fail(e.at, bad.Hint, "at character %d of the regular expression: %s", bad.Offset+1, bad.Message)
		return
	}
	for _, odd := range re.Odd {
		ps.warn(e.at, odd.Hint, "at character %d of the regular expression: %s", odd.Offset+1, odd.Message)
	}
}

// expression reads something that has a value.
func (ps *parser) expression() *expr {
	e := ps.whole()
	if e.isTest() {
		ps.fail(e.at, "", "expected a value here, not a test")
	}
	return e
}

// test reads something that is true or false.
func (ps *parser) test() *expr {
	e := ps.whole()
	if !e.isTest() {
		ps.fail(e.at, "compare it with something, such as x == 1", "expected a test here, not a value")
	}
	return e
}

// whole reads an expression or a test that stands for itself.
func (ps *parser) whole() *expr {
	size := ps.size
	ps.size = 0
	e := ps.nested()
	ps.size = size
	return e
}

// nested reads an expression or a test. Both are read in the same way, for a
// bracket does not tell which of them it begins.
func (ps *parser) nested() *expr {
	if ps.depth++; ps.depth > maxDepth {
		ps.fail(ps.t.at, "", "there are more than %d brackets inside one another", maxDepth)
	}
	e := ps.disjunction()
	ps.depth--
	return e
}

// binary makes an expression of an operator and its operands, which are tests
// for && and ||.
func (ps *parser) binary(op exprOp, a, b *expr) *expr {
	e := &expr{op: op, at: a.at, a: a, b: b}
	if ps.size++; ps.size > maxOperands {
		ps.fail(a.at, "", "an expression has more than %d operands", maxOperands)
	}
	tests := op == exAnd || op == exOr
	for _, operand := range []*expr{a, b} {
		if operand.isTest() && !tests {
			ps.fail(operand.at, "", "this is a test, which can be neither compared nor computed with")
		} else if !operand.isTest() && tests {
			ps.fail(operand.at, "compare it with something, such as x == 1", "expected a test here, not a value")
		}
	}
	if ps.err == nil && !e.isTest() && a.isConst() && b.isConst() {
		if v, err := arithmetic(op, a.value, b.value); err == nil {
			return &expr{op: exConst, at: a.at, value: v}
		}
	}
	return e
}

func (ps *parser) disjunction() *expr {
	e := ps.conjunction()
	for ps.is("||") {
		at := ps.advance().at
		b := ps.conjunction()
		if mixes(e, exAnd) || mixes(b, exAnd) {
			ps.warn(at, "write brackets around what belongs together", "|| and && stand together without brackets; && binds more strongly here, but not in DOMjudge's checktestdata")
		}
		e = ps.binary(exOr, e, b)
	}
	return e
}

// mixes tells whether e is made by op without brackets of its own.
func mixes(e *expr, op exprOp) bool { return e.op == op && !e.grouped }

func (ps *parser) conjunction() *expr {
	e := ps.negation()
	for ps.is("&&") {
		ps.warnNot(e)
		ps.advance()
		e = ps.binary(exAnd, e, ps.negation())
	}
	if ps.is("||") {
		ps.warnNot(e)
	}
	return e
}

// warnNot warns of a test with ! that something follows: DOMjudge's program
// takes the ! to be about all of that.
func (ps *parser) warnNot(e *expr) {
	for mixes(e, exAnd) {
		e = e.b
	}
	if mixes(e, exNot) {
		ps.warn(e.at, "write (!...) with brackets", "! is only about the next test here, but about everything that follows in DOMjudge's checktestdata")
	}
}

func (ps *parser) negation() *expr {
	at := ps.t.at
	if !ps.take("!") {
		return ps.comparison()
	}
	if ps.depth++; ps.depth > maxDepth {
		ps.fail(at, "", "there are more than %d ! inside one another", maxDepth)
	}
	e := ps.negation()
	ps.depth--
	if !e.isTest() {
		ps.fail(e.at, "compare it with something, such as x == 1", "expected a test after !, not a value")
	}
	return &expr{op: exNot, at: at, a: e}
}

var comparisons = map[string]exprOp{
	"<": exLess, ">": exGreater, "<=": exLessEqual, ">=": exGreaterEqual, "==": exEqual, "!=": exNotEqual,
}

func (ps *parser) comparison() *expr {
	e := ps.sum()
	op, ok := comparisons[ps.t.text]
	if !ok || ps.t.kind != tokenSign {
		if ps.is("=") {
			ps.fail(ps.t.at, "write == to compare, and SET(x = 1) to give a variable a value", "unexpected =")
		}
		return e
	}
	ps.advance()
	e = ps.binary(op, e, ps.sum())
	if _, ok := comparisons[ps.t.text]; ok && ps.t.kind == tokenSign {
		ps.fail(ps.t.at, "write a < b && b < c", "two comparisons in a row")
	}
	return e
}

func (ps *parser) sum() *expr {
	e := ps.product()
	for {
		switch {
		case ps.take("+"):
			e = ps.binary(exAdd, e, ps.product())
		case ps.take("-"):
			e = ps.binary(exSub, e, ps.product())
		default:
			return e
		}
	}
}

func (ps *parser) product() *expr {
	e := ps.signed()
	for {
		switch {
		case ps.take("*"):
			e = ps.binary(exMul, e, ps.signed())
		case ps.take("/"):
			e = ps.binary(exDiv, e, ps.signed())
		case ps.take("%"):
			e = ps.binary(exMod, e, ps.signed())
		default:
			return e
		}
	}
}

// signed reads a factor, perhaps with a minus, which is about a whole power:
// -2^2 is -4.
func (ps *parser) signed() *expr {
	at := ps.t.at
	if !ps.take("-") {
		return ps.power()
	}
	if ps.depth++; ps.depth > maxDepth {
		ps.fail(at, "", "there are more than %d minus signs in a row", maxDepth)
	}
	e := ps.signed()
	ps.depth--
	zero := &expr{op: exConst, at: at, value: smallInt(0)}
	return ps.binary(exSub, zero, e)
}

// power reads powers, from left to right: 2^3^2 is 64.
func (ps *parser) power() *expr {
	e := ps.operand()
	for ps.take("^") {
		exponent := ps.operand
		if ps.is("-") {
			exponent = ps.signed
		}
		e = ps.binary(exPow, e, exponent())
	}
	return e
}

// operand reads what operators work on.
func (ps *parser) operand() *expr {
	t := ps.t
	switch {
	case t.kind == tokenInt, t.kind == tokenFloat:
		ps.advance()
		return &expr{op: exConst, at: t.at, value: ps.number(t)}
	case t.kind == tokenString:
		ps.advance()
		return &expr{op: exConst, at: t.at, value: textValue(t.text)}
	case t.kind == tokenName:
		v := ps.variable()
		ps.used = append(ps.used, v)
		return &expr{op: exVariable, at: t.at, v: v}
	case ps.take("("):
		e := *ps.nested()
		e.at, e.grouped = t.at, true
		ps.want(")", "an expression in brackets")
		return &e
	case t.kind == tokenWord:
		return ps.function(t)
	}
	hint := ""
	if ps.is("+") {
		hint = "leave the + out"
	}
	ps.fail(t.at, hint, "expected a value, but %s", ps.found())
	return &expr{at: t.at}
}

// number reads a literal number.
func (ps *parser) number(t token) value {
	if len(t.text) > mostScale {
		ps.fail(t.at, "", "%v", errTooLarge)
		return value{}
	}
	if t.kind == tokenInt {
		n, ok := new(big.Int).SetString(t.text, 10)
		if ok && n.BitLen() <= maxBits {
			return intValue(n)
		}
	} else if d, ok := decimalOf(t.text); ok {
		if v, err := d.value(); err == nil {
			return v
		}
	}
	ps.fail(t.at, "", "%v", errTooLarge)
	return value{}
}

// function reads STRLEN or a test that has a name.
func (ps *parser) function(t token) *expr {
	e := &expr{at: t.at}
	ops := map[string]exprOp{"STRLEN": exStrlen, "MATCH": exMatch, "ISEOF": exIsEOF, "UNIQUE": exUnique, "INARRAY": exInArray}
	op, ok := ops[t.text]
	if !ok {
		ps.fail(t.at, "", "expected a value or a test, but found the command %s", t.text)
		return e
	}
	e.op = op
	ps.advance()
	if op == exIsEOF {
		return e
	}
	ps.want("(", t.text)
	switch op {
	case exUnique:
		e.arrays = ps.varnames(t.text)
	case exInArray:
		e.a = ps.expression()
		ps.want(",", "the value that INARRAY looks for")
		e.v = &variable{at: ps.t.at}
		e.v.number = ps.wholeArray(t.text)
		ps.used = append(ps.used, e.v)
	default:
		e.a = ps.expression()
		if e.a.isConst() && e.a.value.kind != text {
			ps.fail(e.a.at, "", "%s needs a string, and %s is none", t.text, e.a.value)
		}
	}
	ps.want(")", fmt.Sprintf("the arguments of %s", t.text))
	return e
}
