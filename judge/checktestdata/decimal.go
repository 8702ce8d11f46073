package checktestdata

import (
	"math/big"
	"strings"
)

// decimal is a number as it is written: digits × 10^exp.
type decimal struct {
	negative bool
	digits   string // without a point and without zeros before them; "" is zero
	exp      int64  // at most ±farExp
}

const (
	farExp    = 1 << 40 // exponents further away are as good as this
	mostScale = 320_000 // of exp and of the number of digits, in a decimal that is computed with
)

// decimalOf reads what a FLOAT accepts or a program has: perhaps a minus,
// digits with a point or not, and perhaps an exponent.
func decimalOf(text string) (d decimal, ok bool) {
	text, d.negative = strings.CutPrefix(text, "-")
	base, exponent := text, ""
	if i := strings.IndexAny(text, "eE"); i >= 0 {
		base, exponent = text[:i], text[i+1:]
	}
	whole, part, _ := strings.Cut(base, ".")
	d.digits = strings.TrimLeft(whole+part, "0")
	d.exp = farther(exponent) - int64(len(part))
	return d, base != ""
}

// farther reads an exponent; one that is out of all reason becomes ±farExp.
func farther(text string) int64 {
	text, negative := strings.CutPrefix(text, "-")
	n := int64(0)
	for _, c := range []byte(strings.TrimPrefix(text, "+")) {
		n = min(n*10+int64(c-'0'), farExp)
	}
	if negative {
		return -n
	}
	return n
}

// value returns the exact value, a floating point number.
func (d decimal) value() (value, error) {
	if d.digits == "" {
		return ratValue(new(big.Rat)), nil
	}
	if d.exp > mostScale || d.exp < -mostScale || len(d.digits) > mostScale {
		return value{}, errTooLarge
	}
	v := ratValue(d.rat())
	if v.size() > 2*maxBits {
		return value{}, errTooLarge
	}
	return v, nil
}

func (d decimal) rat() *big.Rat {
	if n, ok := d.mantissa(); ok && d.exp <= 0 && d.exp >= -maxExact {
		return new(big.Rat).SetFrac64(n, tens[-d.exp])
	}
	n, _ := new(big.Int).SetString(d.digits, 10)
	if d.negative {
		n.Neg(n)
	}
	scale := new(big.Int).Exp(big.NewInt(10), big.NewInt(max(d.exp, -d.exp)), nil)
	if d.exp >= 0 {
		return new(big.Rat).SetInt(n.Mul(n, scale))
	}
	return new(big.Rat).SetFrac(n, scale)
}

// Up to maxExact digits and powers of ten are exact in 64 bits, and up to 15
// digits also in a float64.
const maxExact = 15

var tens = [maxExact + 1]int64{1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15}

// mantissa returns the digits with the sign, if there are few enough.
func (d decimal) mantissa() (n int64, ok bool) {
	if len(d.digits) > maxExact {
		return 0, false
	}
	for _, c := range []byte(d.digits) {
		n = n*10 + int64(c-'0')
	}
	if d.negative {
		n = -n
	}
	return n, true
}

// compare orders d and a number, as cmp.Compare does. It is exact; where a
// float64 tells already, it is fast.
func (d decimal) compare(v value) (int, error) {
	if n, ok := d.mantissa(); ok && v.kind == small && v.n > -1<<53 && v.n < 1<<53 && d.exp <= 0 && d.exp >= -maxExact {
		// A quotient is rounded to the nearest float64, and v is one: what
		// differs after rounding differs before it, in the same direction.
		x := float64(n) / float64(tens[-d.exp])
		if x != float64(v.n) {
			return sign(x > float64(v.n)), nil
		}
	}
	switch leading := int64(len(d.digits)) + d.exp; {
	case d.digits == "":
	case leading > 2*mostScale: // larger than any number here
		return sign(!d.negative), nil
	case leading < -2*mostScale: // smaller than any but zero
		if c := -v.rat().Sign(); c != 0 {
			return c, nil
		}
		return sign(!d.negative), nil
	}
	exact, err := d.value()
	if err != nil {
		return 0, err
	}
	return compare(exact, v)
}

func sign(positive bool) int {
	if positive {
		return 1
	}
	return -1
}
