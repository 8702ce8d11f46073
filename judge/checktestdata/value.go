package checktestdata

import (
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"strings"
)

// value is what variables and expressions have. Integers are small if they fit
// into 64 bits, so that each has one form only.
type value struct {
	kind kind
	n    int64 // of a small integer
	ref  any   // *big.Int, *big.Rat or string
}

type kind uint8

const (
	none kind = iota
	small
	large
	float
	text
)

func (v value) isInt() bool     { return v.kind == small || v.kind == large }
func (v value) isNumber() bool  { return v.isInt() || v.kind == float }
func (v value) str() string     { return v.ref.(string) }
func smallInt(n int64) value    { return value{kind: small, n: n} }
func textValue(s string) value  { return value{kind: text, ref: s} }
func ratValue(r *big.Rat) value { return value{kind: float, ref: r} }

func intValue(n *big.Int) value {
	if n.IsInt64() {
		return smallInt(n.Int64())
	}
	return value{kind: large, ref: n}
}

// integer returns an integer as a big one.
func (v value) integer() *big.Int {
	if v.kind == small {
		return big.NewInt(v.n)
	}
	return v.ref.(*big.Int)
}

// rat returns a number as a rational one.
func (v value) rat() *big.Rat {
	switch v.kind {
	case small:
		return new(big.Rat).SetInt64(v.n)
	case large:
		return new(big.Rat).SetInt(v.ref.(*big.Int))
	}
	return v.ref.(*big.Rat)
}

// size is how many bits a value takes.
func (v value) size() int {
	switch v.kind {
	case large:
		return v.ref.(*big.Int).BitLen()
	case float:
		r := v.ref.(*big.Rat)
		return r.Num().BitLen() + r.Denom().BitLen()
	case text:
		return 8 * len(v.str())
	}
	return 64
}

// String shows a value in a message.
func (v value) String() string {
	switch {
	case v.kind == small:
		return fmt.Sprint(v.n)
	case v.kind == text:
		return quote(v.str())
	case v.size() > 400:
		return "a very long number"
	case v.kind == large:
		return v.integer().String()
	case v.rat().IsInt():
		return v.rat().Num().String()
	}
	r := v.rat()
	n, exact := r.FloatPrec()
	if n > 20 {
		n, exact = 20, false
	}
	if !exact {
		return "about " + strings.TrimRight(r.FloatString(max(n, 6)), "0")
	}
	return r.FloatString(n)
}

// maxBits bounds a number: 315 thousand digits.
const maxBits = 1 << 20

var (
	errTooLarge = fmt.Errorf("a number has more than %d bits, which is as much as evalx computes with", maxBits)
	errZero     = errors.New("division by zero")
	errModulo   = errors.New("% works with integers only")
	errExponent = errors.New("^ works with exponents only that are integers, and not negative")
)

// arithmetic computes a op b. What it costs is bounded by maxBits.
func arithmetic(op exprOp, a, b value) (value, error) {
	if !a.isNumber() || !b.isNumber() {
		bad := a
		if a.isNumber() {
			bad = b
		}
		return value{}, fmt.Errorf("%s is not a number, so it cannot be computed with", bad)
	}
	switch {
	case op == exPow:
		return power(a, b)
	case a.kind == small && b.kind == small:
		if v, ok := smallArithmetic(op, a.n, b.n); ok {
			return v, nil
		}
	}
	if a.size()+b.size() > 2*maxBits {
		return value{}, errTooLarge
	}
	var v value
	var err error
	if a.isInt() && b.isInt() {
		v, err = intArithmetic(op, a.integer(), b.integer())
	} else {
		v, err = ratArithmetic(op, a.rat(), b.rat())
	}
	if err == nil && v.size() > maxBits {
		err = errTooLarge
	}
	return v, err
}

// smallArithmetic does what stays within 64 bits; division is left to
// intArithmetic where it is odd.
func smallArithmetic(op exprOp, a, b int64) (value, bool) {
	switch op {
	case exAdd:
		sum := a + b
		return smallInt(sum), (a^sum)&(b^sum) >= 0
	case exSub:
		diff := a - b
		return smallInt(diff), (a^b)&(a^diff) >= 0
	case exMul:
		high, low := bits.Mul64(magnitude(a), magnitude(b))
		return smallInt(a * b), high == 0 && low < 1<<63
	case exDiv:
		if b != 0 && b != -1 {
			return smallInt(a / b), true
		}
	case exMod:
		if b != 0 && b != -1 {
			return smallInt(a % b), true
		}
	}
	return value{}, false
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// intArithmetic computes with integers; quotients are rounded towards zero and
// remainders have the sign of a.
func intArithmetic(op exprOp, a, b *big.Int) (value, error) {
	n := new(big.Int)
	if (op == exDiv || op == exMod) && b.Sign() == 0 {
		return value{}, errZero
	}
	switch op {
	case exAdd:
		n.Add(a, b)
	case exSub:
		n.Sub(a, b)
	case exMul:
		n.Mul(a, b)
	case exDiv:
		n.Quo(a, b)
	case exMod:
		n.Rem(a, b)
	}
	return intValue(n), nil
}

func ratArithmetic(op exprOp, a, b *big.Rat) (value, error) {
	n := new(big.Rat)
	switch op {
	case exAdd:
		n.Add(a, b)
	case exSub:
		n.Sub(a, b)
	case exMul:
		n.Mul(a, b)
	case exDiv:
		if b.Sign() == 0 {
			return value{}, errZero
		}
		n.Quo(a, b)
	case exMod:
		return value{}, errModulo
	}
	return ratValue(n), nil
}

// power computes a^b.
func power(a, b value) (value, error) {
	if b.kind == large && b.integer().Sign() > 0 {
		return value{}, errTooLarge
	}
	if b.kind != small || b.n < 0 {
		return value{}, errExponent
	}
	if a.kind == small && (a.n == 0 || a.n == 1 || a.n == -1) {
		return smallPower(a.n, b.n), nil
	}
	if b.n > maxBits || int64(a.bits())*b.n > maxBits {
		return value{}, errTooLarge
	}
	exponent := big.NewInt(b.n)
	if a.isInt() {
		return intValue(new(big.Int).Exp(a.integer(), exponent, nil)), nil
	}
	r := a.rat()
	num, den := new(big.Int).Exp(r.Num(), exponent, nil), new(big.Int).Exp(r.Denom(), exponent, nil)
	return ratValue(new(big.Rat).SetFrac(num, den)), nil
}

// bits is like size, but exact for small integers.
func (v value) bits() int {
	if v.kind == small {
		return bits.Len64(magnitude(v.n))
	}
	return v.size()
}

// smallPower computes powers of 0, 1 and -1.
func smallPower(a, b int64) value {
	switch {
	case b == 0:
		return smallInt(1)
	case a == -1 && b%2 == 0:
		return smallInt(1)
	}
	return smallInt(a)
}

// compare orders two numbers or two strings, as cmp.Compare does.
func compare(a, b value) (int, error) {
	switch {
	case a.kind == small && b.kind == small:
		switch {
		case a.n < b.n:
			return -1, nil
		case a.n > b.n:
			return 1, nil
		}
		return 0, nil
	case a.kind == text && b.kind == text:
		return strings.Compare(a.str(), b.str()), nil
	case a.isInt() && b.isInt():
		return a.integer().Cmp(b.integer()), nil
	case a.isNumber() && b.isNumber():
		return a.rat().Cmp(b.rat()), nil
	}
	return 0, fmt.Errorf("%s and %s cannot be compared: one is a string and the other a number", a, b)
}

// identity is the same for values that compare as equal, and may be the key of
// a map.
type identity struct {
	n int64
	s string
}

func (v value) identity() identity {
	switch v.kind {
	case small:
		return identity{n: v.n}
	case text:
		return identity{s: `"` + v.str()}
	case float:
		if r := v.rat(); r.IsInt() {
			return intValue(r.Num()).identity()
		}
		return identity{s: "/" + string(v.rat().Num().Append(nil, 62)) + "/" + string(v.rat().Denom().Append(nil, 62))}
	}
	return identity{s: "#" + string(v.integer().Append(nil, 62))}
}
