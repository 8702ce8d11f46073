package checktestdata

import (
	"fmt"
	"math/big"
	"strings"

	"github.com/evalx/evalx/judge/checktestdata/ere"
)

// peek returns the next byte of the input, and 0 at its end.
func (m *machine) peek() byte {
	if m.pos == len(m.in) {
		return 0
	}
	return m.in[m.pos]
}

// found says what is at an offset of the input.
func (m *machine) found(at int) string {
	if at == len(m.in) {
		return "the input ends here"
	}
	switch m.in[at] {
	case '\n':
		return "the line ends here"
	case ' ':
		return "there is a space"
	case '\t':
		return "there is a tab"
	case '\r':
		return `there is a carriage return (\r), as Windows ends lines`
	}
	rest := m.in[at:min(len(m.in), at+shownInput+1)]
	if i := strings.IndexAny(rest, " \n\t\r"); i > 0 {
		rest = rest[:i]
	}
	return "found " + quote(rest)
}

func isSpace(c byte) bool { return strings.IndexByte(" \t\v\f\r", c) >= 0 }

// skipSpace passes white space that ends no line.
func (m *machine) skipSpace() {
	for m.pos < len(m.in) && isSpace(m.in[m.pos]) {
		m.pos++
		m.step(1)
	}
}

func (m *machine) space() {
	if c := m.peek(); m.pos == len(m.in) || c != ' ' && (!m.opt.LooseSpace || !isSpace(c)) {
		m.mismatch(m.pos, "a space", "%s", m.found(m.pos))
		return
	}
	m.pos++
	if m.opt.LooseSpace {
		m.skipSpace()
	}
}

func (m *machine) newline() {
	if m.opt.LooseSpace {
		m.skipSpace()
	}
	if m.peek() != '\n' {
		m.mismatch(m.pos, "the end of the line", "%s", m.found(m.pos))
		return
	}
	m.pos++
	if m.opt.LooseSpace {
		m.skipSpace()
	}
}

func (m *machine) wantEnd() {
	if m.pos != len(m.in) {
		m.mismatch(m.pos, "the end of the input", "%s", m.found(m.pos))
	}
}

// digits passes digits and tells how many.
func (m *machine) digits() int {
	from := m.pos
	for m.pos < len(m.in) && isDigit(m.in[m.pos]) {
		m.pos++
	}
	m.step((m.pos - from) / 16)
	return m.pos - from
}

// bound computes a bound of INT or FLOAT.
func (m *machine) bound(e *expr, integer bool) value {
	v := m.eval(e)
	switch {
	case m.err != nil:
	case !v.isNumber():
		m.fail("%s cannot be a bound: it is not a number", v)
	case integer && !v.isInt():
		m.fail("%s cannot be a bound of INT: it is not an integer", v)
	}
	return v
}

// int matches INT: 0, or digits that start with none, perhaps after a minus.
func (m *machine) int(c *command) {
	low, high := m.bound(c.args[0], true), m.bound(c.args[1], true)
	from := m.pos
	if m.peek() == '-' {
		m.pos++
	}
	first, count := m.peek(), m.digits()
	number := m.in[from:m.pos]
	expected := func() string { return fmt.Sprintf("an integer from %s to %s", low, high) }
	switch {
	case m.err != nil:
	case count == 0:
		m.mismatch(from, expected(), "%s", m.found(from))
	case first == '0' && count > 1:
		m.mismatch(from, expected(), "%s has a zero too much at its start", quote(number))
	case number == "-0":
		m.mismatch(from, expected(), "zero has no minus")
	default:
		v, ok := integerOf(number, low, high)
		if !ok {
			m.mismatch(from, expected(), "%s is too %s", shorten(number, shownInput), size(number[0] != '-', low, high, v))
			return
		}
		m.assign(c.target, v)
	}
}

// size says what is wrong with a number that is out of bounds.
func size(positive bool, low, high, v value) string {
	if c, err := compare(low, high); err == nil && c > 0 {
		return "much to ask for: there is no such number"
	}
	if v.kind != none {
		if c, err := compare(v, low); err == nil && c < 0 {
			return "small"
		}
		return "large"
	}
	if positive {
		return "large"
	}
	return "small"
}

// integerOf returns the integer that number is, and whether it is within the
// bounds. What has far more digits than they have is not computed.
func integerOf(number string, low, high value) (value, bool) {
	if len(number) <= 18 {
		n, digits := int64(0), strings.TrimPrefix(number, "-")
		for i := range len(digits) {
			n = n*10 + int64(digits[i]-'0')
		}
		if len(digits) < len(number) {
			n = -n
		}
		return within(smallInt(n), low, high)
	}
	if 3*(len(number)-2) > max(low.size(), high.size()) {
		return value{}, false
	}
	n, ok := new(big.Int).SetString(number, 10)
	if !ok {
		return value{}, false
	}
	return within(intValue(n), low, high)
}

func within(v, low, high value) (value, bool) {
	if v.kind == small && low.kind == small && high.kind == small {
		return v, low.n <= v.n && v.n <= high.n
	}
	a, err1 := compare(low, v)
	b, err2 := compare(v, high)
	return v, a <= 0 && b <= 0 && err1 == nil && err2 == nil
}

// string matches STRING.
func (m *machine) string(c *command) {
	want := m.text(c.args[0], "STRING")
	if m.err != nil {
		return
	}
	m.step(len(want) / 16)
	if strings.HasPrefix(m.in[m.pos:], want) {
		m.pos += len(want)
		return
	}
	// Where they differ is where the mistake is, but the whole is easier to
	// understand from its start.
	m.mismatch(m.pos, quote(want), "%s", m.found(m.pos))
}

// regex matches REGEX, with the longest match.
func (m *machine) regex(c *command) {
	pattern := m.text(c.args[0], "REGEX")
	matcher := m.matcher(pattern)
	if m.err != nil {
		return
	}
	end, err := matcher.Match(m.in, m.pos, func(work int) error {
		m.step(work)
		return m.err
	})
	switch {
	case err != nil:
	case end < 0:
		m.mismatch(m.pos, "text that matches "+quote(pattern), "%s", m.found(m.pos))
	default:
		got := m.in[m.pos:end]
		m.pos = end
		m.assign(c.target, textValue(got))
	}
}

// matcher compiles a regular expression, or finds it compiled.
func (m *machine) matcher(pattern string) *ere.Matcher {
	if r, ok := m.regexes[pattern]; ok || m.err != nil {
		return r
	}
	re, err := ere.Compile(pattern)
	if err != nil {
		m.fail("the regular expression %s: %w", quote(pattern), err)
		return nil
	}
	m.step(1000 + 100*len(pattern))
	if len(m.regexes) >= maxCached {
		clear(m.regexes)
	}
	r := re.NewMatcher()
	m.regexes[pattern] = r
	return r
}
