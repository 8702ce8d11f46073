package check

import (
	"bytes"
	"strconv"
)

// parseFloat reads a whole token as a number. The grammar is that of the
// 2025-09 format, "General requirements": sign, digits with at most one point
// among or around them, exponent. With hex, hexadecimal numbers of C's
// strtod(3) are read as well, as the legacy default validator does.
// A number too large for a float64 is none: it can only be compared as text.
func parseFloat(token []byte, hex bool) (float64, bool) {
	if !isDecimal(token) {
		if hex {
			return parseHex(token)
		}
		return 0, false
	}
	value, err := strconv.ParseFloat(string(token), 64)
	return value, err == nil
}

func isDecimal(s []byte) bool {
	i := skipSign(s, 0)
	start := i
	i = skipDigits(s, i)
	digits := i - start
	if i < len(s) && s[i] == '.' {
		end := skipDigits(s, i+1)
		digits += end - i - 1
		i = end
	}
	if digits == 0 {
		return false
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		first := skipSign(s, i+1)
		i = skipDigits(s, first)
		return i == len(s) && i > first
	}
	return i == len(s)
}

func skipSign(s []byte, i int) int {
	if i < len(s) && (s[i] == '+' || s[i] == '-') {
		i++
	}
	return i
}

func skipDigits(s []byte, i int) int {
	for i < len(s) && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	return i
}

// parseHex differs from strconv in that C needs no exponent, and that an
// underscore is not part of a number.
func parseHex(s []byte) (float64, bool) {
	i := skipSign(s, 0)
	if len(s) < i+3 || s[i] != '0' || s[i+1]|0x20 != 'x' || bytes.IndexByte(s, '_') >= 0 {
		return 0, false
	}
	text := string(s)
	if !bytes.ContainsAny(s, "pP") {
		text += "p0"
	}
	value, err := strconv.ParseFloat(text, 64)
	return value, err == nil
}
