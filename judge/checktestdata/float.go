package checktestdata

import "fmt"

// float matches FLOAT and FLOATP.
func (m *machine) float(c *command) {
	low, high := m.bound(c.args[0], false), m.bound(c.args[1], false)
	least, most := m.decimals(c)
	from := m.pos
	wrong := m.floatText(c, least, most)
	number := m.in[from:m.pos]
	expected := func() string {
		return fmt.Sprintf("a %s from %s to %s", kindOfFloat(c, least, most), low, high)
	}
	if m.err != nil {
		return
	}
	if wrong != "" {
		m.mismatch(from, expected(), "%s", wrong)
		return
	}
	d, _ := decimalOf(number)
	below, err1 := d.compare(low)
	above, err2 := d.compare(high)
	switch {
	case err1 != nil:
		m.limit(err1)
	case err2 != nil:
		m.limit(err2)
	case below < 0 || above > 0:
		m.mismatch(from, expected(), "%s is too %s", shorten(number, shownInput), map[bool]string{true: "small", false: "large"}[below < 0])
	case c.target != nil:
		v, err := d.value()
		if err != nil {
			m.limit(err)
		}
		m.heavy(v, v)
		m.assign(c.target, v)
	}
}

// decimals computes how many decimals a FLOATP has.
func (m *machine) decimals(c *command) (least, most int64) {
	if c.op != opFloatP {
		return 0, 0
	}
	var counts [2]int64
	for i := range counts {
		v := m.eval(c.args[2+i])
		if m.err == nil && (v.kind != small || v.n < 0) {
			m.fail("a number cannot have %s decimals", v)
		}
		counts[i] = v.n
	}
	if m.err == nil && counts[0] > counts[1] {
		m.fail("a number cannot have at least %d and at most %d decimals", counts[0], counts[1])
	}
	return counts[0], counts[1]
}

// kindOfFloat describes what a FLOAT or FLOATP matches.
func kindOfFloat(c *command, least, most int64) string {
	kind := "number"
	switch c.notation {
	case fixedNotation:
		kind = "number without exponent"
	case scientificNotation:
		kind = "number with exponent"
	}
	switch {
	case c.op != opFloatP:
	case least == most:
		kind += fmt.Sprintf(" with %d decimals", least)
	default:
		kind += fmt.Sprintf(" with %d to %d decimals", least, most)
	}
	return kind
}

// floatText passes a number and says what is wrong with how it is written, or
// "": digits that do not start with a zero too much, perhaps after a minus and
// with a point between them, and an exponent as the notation has it.
func (m *machine) floatText(c *command, least, most int64) string {
	from := m.pos
	if m.peek() == '-' {
		m.pos++
	}
	first, whole, part := m.peek(), m.digits(), 0
	point := whole > 0 && m.peek() == '.'
	if point {
		m.pos++
		part = m.digits()
	}
	switch {
	case whole == 0:
		return m.found(from)
	case first == '0' && whole > 1:
		return quote(m.in[from:m.pos]) + " has a zero too much at its start"
	case point && part == 0:
		return "the point has no digit after it"
	}
	exponent, wrong := m.exponent(c.notation)
	switch {
	case wrong != "":
		return wrong
	case c.op != opFloatP:
	case exponent && (first == '0' || whole != 1 || !point):
		return quote(m.in[from:m.pos]) + " has not exactly one digit from 1 to 9 before the point"
	case int64(part) < least || int64(part) > most:
		return fmt.Sprintf("%s has %d decimals", quote(m.in[from:m.pos]), part)
	}
	return ""
}

// exponent passes an exponent, if there is one and it may be there.
func (m *machine) exponent(n notation) (found bool, wrong string) {
	if n == fixedNotation {
		return false, ""
	}
	if c := m.peek(); c != 'e' && c != 'E' {
		if n == scientificNotation {
			return false, "it has no exponent"
		}
		return false, ""
	}
	m.pos++
	if c := m.peek(); c == '-' || c == '+' {
		m.pos++
	}
	first, count := m.peek(), m.digits()
	switch {
	case count == 0:
		return true, "the exponent has no digits"
	case first == '0' && count > 1:
		return true, "the exponent has a zero too much at its start"
	}
	return true, ""
}
