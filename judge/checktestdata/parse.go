package checktestdata

import "fmt"

const (
	maxSource   = 1 << 20 // bytes of a program
	maxBlocks   = 100     // loops and IFs inside one another
	maxDepth    = 500     // brackets and signs inside one another in an expression
	maxOperands = 10_000  // in one expression
	maxWarnings = 100
)

// parser reads tokens into a Program.
type parser struct {
	scanner
	t       token // the next one
	last    int   // where the one before it ended
	p       *Program
	numbers map[string]int // of variables
	set     map[int]bool   // variables that get a value somewhere
	used    []*variable    // variables whose value is asked for
	blocks  int
	depth   int // in an expression
	size    int // of an expression
	err     error
}

// Parse reads a program. Errors are *SyntaxError.
func Parse(src []byte) (*Program, error) {
	ps := &parser{p: &Program{src: string(src)}, numbers: map[string]int{}, set: map[int]bool{}}
	ps.src = ps.p.src
	if len(src) > maxSource {
		return nil, ps.scanner.fail(0, "", "the program is larger than %d MiB", maxSource>>20)
	}
	ps.advance()
	ps.p.block = ps.commands(nil)
	if ps.err != nil {
		return nil, ps.err
	}
	ps.warnUnset()
	return ps.p, nil
}

// fail keeps the first mistake. From then on there are no more tokens, so that
// the parser comes to its end without being asked to.
func (ps *parser) fail(at int, hint, format string, args ...any) {
	if ps.err == nil {
		ps.err = ps.scanner.fail(at, hint, format, args...)
	}
	ps.t = token{at: len(ps.src), end: len(ps.src)}
}

func (ps *parser) warn(at int, hint, format string, args ...any) {
	if len(ps.p.Warnings) < maxWarnings {
		ps.p.Warnings = append(ps.p.Warnings, *ps.scanner.fail(at, hint, format, args...))
	}
}

// advance reads the next token and returns the one that was next.
func (ps *parser) advance() token {
	t := ps.t
	ps.last = t.end
	if ps.err != nil {
		return t
	}
	next, err := ps.next()
	if err != nil {
		ps.err = err
		next = token{at: len(ps.src), end: len(ps.src)}
	}
	ps.t = next
	return t
}

// is tells whether the next token is a word or a sign.
func (ps *parser) is(text string) bool {
	return (ps.t.kind == tokenWord || ps.t.kind == tokenSign) && ps.t.text == text
}

// take passes a word or a sign, if that is next.
func (ps *parser) take(text string) bool {
	if !ps.is(text) {
		return false
	}
	ps.advance()
	return true
}

// want passes a word or a sign that must be next; after says what it follows.
func (ps *parser) want(text, after string) {
	if !ps.take(text) {
		ps.fail(ps.t.at, "", "expected %s after %s, but %s", text, after, ps.found())
	}
}

// found describes the next token.
func (ps *parser) found() string {
	switch ps.t.kind {
	case tokenEnd:
		return "the program ends here"
	case tokenString:
		return "found the string " + quote(ps.t.text)
	}
	return "found " + shorten(ps.src[ps.t.at:ps.t.end], 40)
}

// opcodes are the commands.
var opcodes = map[string]opcode{
	"SPACE": opSpace, "NEWLINE": opNewline, "EOF": opEOF, "INT": opInt, "FLOAT": opFloat, "FLOATP": opFloatP,
	"STRING": opString, "REGEX": opRegex, "ASSERT": opAssert, "SET": opSet, "UNSET": opUnset,
	"REP": opRep, "REPI": opRep, "WHILE": opWhile, "WHILEI": opWhile, "IF": opIf,
}

// commands reads commands up to the end of the block that head begins, or up
// to the end of the program if head is nil. END and ELSE are left.
func (ps *parser) commands(head *command) (block []*command) {
	for {
		switch {
		case ps.t.kind == tokenEnd && head != nil:
			ps.fail(head.at, "write END after the commands that belong to it", "%s has no END", shorten(ps.src[head.at:head.end], 40))
			return block
		case ps.t.kind == tokenEnd, head != nil && (ps.is("END") || ps.is("ELSE")):
			return block
		case ps.is("END"):
			ps.fail(ps.t.at, "", "this END has no loop or IF before it")
			return block
		case ps.is("ELSE"):
			ps.fail(ps.t.at, "", "this ELSE has no IF before it")
			return block
		}
		c := ps.command()
		if ps.err != nil {
			return block
		}
		if c.op >= opRep {
			ps.block(c)
		}
		block = append(block, c)
	}
}

// block reads what belongs to a loop or IF, with its END.
func (ps *parser) block(c *command) {
	if ps.blocks++; ps.blocks > maxBlocks {
		ps.fail(c.at, "", "there are more than %d loops and IFs inside one another", maxBlocks)
		return
	}
	c.body = ps.commands(c)
	if ps.is("ELSE") && c.op != opIf {
		ps.fail(ps.t.at, "", "an ELSE belongs to an IF, and this one stands in a loop")
	}
	if ps.take("ELSE") {
		c.other = ps.commands(c)
		if ps.is("ELSE") {
			ps.fail(ps.t.at, "", "this IF has an ELSE already")
		}
	}
	ps.take("END")
	ps.blocks--
}

// command reads a command, but not the block after it.
func (ps *parser) command() *command {
	word := ps.t
	op, ok := opcodes[word.text]
	if word.kind != tokenWord || !ok {
		ps.fail(word.at, ps.commandHint(), "expected a command, but %s", ps.found())
		return &command{}
	}
	ps.advance()
	c := &command{op: op, at: word.at}
	if op != opSpace && op != opNewline && op != opEOF {
		ps.want("(", word.text)
		ps.arguments(c, word.text)
		ps.want(")", "the arguments of "+word.text)
	} else if ps.is("(") {
		ps.fail(ps.t.at, "", "%s has no arguments", word.text)
	}
	c.end = ps.last
	return c
}

// commandHint says what may be meant by something that is no command.
func (ps *parser) commandHint() string {
	switch ps.t.kind {
	case tokenName:
		names := make([]string, 0, len(opcodes))
		for _, w := range words {
			if _, ok := opcodes[w]; ok {
				names = append(names, w)
			}
		}
		if hint := suggest(ps.t.text, names); hint != "" {
			return hint + " commands are written in capitals"
		}
		return "to give a variable a value, write SET(" + ps.t.text + " = ...)"
	case tokenString:
		return "write STRING(...) for a text that has to be in the input"
	case tokenWord:
		return ps.t.text + " is for use in a command, such as ASSERT or INT"
	}
	return ""
}

// arguments reads what stands between the brackets of a command.
func (ps *parser) arguments(c *command, word string) {
	switch c.op {
	case opInt, opFloat, opFloatP:
		ps.numeric(c, word)
	case opString, opRegex:
		c.args = append(c.args, ps.expression())
		if c.op == opRegex {
			ps.pattern(c.args[0])
			if ps.take(",") {
				c.target = ps.target()
			}
		}
	case opAssert, opIf:
		c.test = ps.test()
	case opSet:
		ps.assignments(c)
	case opUnset:
		c.unset = ps.varnames("UNSET")
	case opRep, opWhile:
		ps.loop(c, word)
	}
}

// numeric reads the arguments of INT, FLOAT and FLOATP.
func (ps *parser) numeric(c *command, word string) {
	count := 2
	if c.op == opFloatP {
		count = 4
	}
	for i := range count {
		if i > 0 {
			ps.want(",", fmt.Sprintf("argument %d of %s, which has at least %d", i, word, count))
		}
		e := ps.expression()
		ps.wantInteger(e, word, c.op == opInt || i >= 2)
		c.args = append(c.args, e)
	}
	if !ps.take(",") {
		return
	}
	if ps.is("FIXED") || ps.is("SCIENTIFIC") {
		ps.fail(ps.t.at, "write a name before it, such as x, "+ps.t.text, "a variable has to come before %s", ps.t.text)
	}
	c.target = ps.target()
	if c.op == opInt || !ps.take(",") {
		return
	}
	switch {
	case ps.take("FIXED"):
		c.notation = fixedNotation
	case ps.take("SCIENTIFIC"):
		c.notation = scientificNotation
	default:
		ps.fail(ps.t.at, "", "expected FIXED or SCIENTIFIC, but %s", ps.found())
	}
}

// wantInteger finds mistakes in constants before they are met in a run.
func (ps *parser) wantInteger(e *expr, word string, integer bool) {
	switch {
	case !e.isConst():
	case !e.value.isNumber():
		ps.fail(e.at, "", "%s needs a number here, and %s is none", word, e.value)
	case integer && !e.value.isInt():
		ps.fail(e.at, "", "%s needs an integer here, and %s is a floating point number", word, e.value)
	}
}

func (ps *parser) assignments(c *command) {
	for {
		to := ps.target()
		if ps.is("==") {
			ps.fail(ps.t.at, "write a single =", "SET has = in it; == compares")
		}
		ps.want("=", "the variable in SET")
		c.sets = append(c.sets, assigning{to, ps.expression()})
		if !ps.take(",") {
			return
		}
	}
}

// loop reads the arguments of REP, REPI, WHILE and WHILEI.
func (ps *parser) loop(c *command, word string) {
	if word == "REPI" || word == "WHILEI" {
		c.target = ps.target()
		ps.want(",", "the variable of "+word)
	}
	if c.op == opWhile {
		c.test = ps.test()
	} else {
		e := ps.expression()
		ps.wantInteger(e, word, true)
		c.args = append(c.args, e)
	}
	if !ps.take(",") {
		return
	}
	at := ps.t.at
	c.between = ps.command()
	if c.between.op >= opRep {
		ps.fail(at, "", "a loop or an IF cannot separate the turns of a loop")
	}
}
