package checktestdata

import (
	"fmt"
	"strings"
)

// eval computes an expression. After a failure the value has no meaning.
func (m *machine) eval(e *expr) value {
	switch e.op {
	case exConst:
		return e.value
	case exVariable:
		return m.load(e.v)
	case exStrlen:
		return smallInt(int64(len(m.text(e.a, "STRLEN"))))
	}
	a, b := m.eval(e.a), m.eval(e.b)
	if !m.step(1) {
		return value{}
	}
	v, err := arithmetic(e.op, a, b)
	if err != nil {
		m.wrong(err, false)
	}
	m.heavy(a, b)
	return v
}

// heavy counts the work of computing with long numbers, whose cost grows with
// the square of their length.
func (m *machine) heavy(a, b value) {
	if a.kind <= small && b.kind <= small {
		return
	}
	if words := (a.size() + b.size()) / 64; words > 16 {
		m.step(min(words*words/64+1, ctxSteps))
	}
}

// load returns the value of a variable.
func (m *machine) load(v *variable) value {
	indices := m.indices(v)
	if !m.step(1 + len(indices)) {
		return value{}
	}
	got := m.vars[v.number].get(indices)
	if got.kind == none {
		m.fail("%s has no value", m.show(v, indices))
	}
	m.drop(indices)
	return got
}

// show names an element of an array.
func (m *machine) show(v *variable, indices []value) string {
	name := m.p.names[v.number]
	if len(indices) == 0 {
		return name
	}
	return name + "[" + list(indices) + "]"
}

func list(values []value) string {
	shown := make([]string, len(values))
	for i, v := range values {
		shown[i] = v.String()
	}
	return strings.Join(shown, ",")
}

// text computes an expression that has to be a string.
func (m *machine) text(e *expr, who string) string {
	v := m.eval(e)
	if m.err == nil && v.kind != text {
		m.fail("%s needs a string, and %s is none", who, v)
	}
	if m.err != nil {
		return ""
	}
	return v.str()
}

// test computes a test. After a failure it is false.
func (m *machine) test(e *expr) bool {
	if !m.step(1) {
		return false
	}
	holds := false
	switch e.op {
	case exNot:
		holds = !m.test(e.a)
	case exAnd:
		holds = m.test(e.a) && m.test(e.b)
	case exOr:
		holds = m.test(e.a) || m.test(e.b)
	case exMatch:
		holds = m.match(e)
	case exIsEOF:
		holds = m.pos == len(m.in)
	case exUnique:
		holds = m.unique(e) == ""
	case exInArray:
		v := m.eval(e.a)
		holds = m.inArray(v, e.v)
	default:
		holds = m.compare(e)
	}
	return holds && m.err == nil
}

func (m *machine) match(e *expr) bool {
	chars := m.text(e.a, "MATCH")
	return m.pos < len(m.in) && strings.IndexByte(chars, m.in[m.pos]) >= 0
}

func (m *machine) compare(e *expr) bool {
	a, b := m.eval(e.a), m.eval(e.b)
	if m.err != nil {
		return false
	}
	c, err := compare(a, b)
	if err != nil {
		m.wrong(err, false)
		return false
	}
	m.heavy(a, b)
	switch e.op {
	case exLess:
		return c < 0
	case exGreater:
		return c > 0
	case exLessEqual:
		return c <= 0
	case exGreaterEqual:
		return c >= 0
	case exEqual:
		return c == 0
	}
	return c != 0
}

// whole returns an array that must have values.
func (m *machine) whole(number int) *array {
	a := &m.vars[number]
	if a.count == 0 {
		m.fail("%s has no value", m.p.names[number])
	}
	return a
}

func (m *machine) inArray(v value, array *variable) bool {
	a := m.whole(array.number)
	if m.err != nil {
		return false
	}
	if a.counts == nil {
		a.bytes += 64 * int64(a.count)
		m.memory -= 64 * int64(a.count)
		m.step(a.count)
	}
	return a.has(v)
}

// unique tells why the tuples of arrays are not unique, or "".
func (m *machine) unique(e *expr) string {
	for _, number := range e.arrays {
		m.whole(number)
	}
	if m.err != nil {
		return ""
	}
	first, width := &m.vars[e.arrays[0]], len(e.arrays)
	for _, number := range e.arrays {
		if m.vars[number].count != first.count {
			return fmt.Sprintf("%s and %s have different indices", m.p.names[e.arrays[0]], m.p.names[number])
		}
	}
	if !m.step(8 * first.count * width) {
		return ""
	}
	elements := first.elements()
	values := make([]value, 0, len(elements)*width)
	for _, el := range elements {
		for _, number := range e.arrays {
			v := m.vars[number].get(el.indices)
			if v.kind == none {
				return fmt.Sprintf("%s has no element with index [%s]", m.p.names[number], list(el.indices))
			}
			values = append(values, v)
		}
	}
	a, b, found := repeated(values, width)
	if !found {
		return ""
	}
	return fmt.Sprintf("%s is there with index [%s] and with [%s]", list(values[a*width:(a+1)*width]), list(elements[a].indices), list(elements[b].indices))
}

// claim says what an ASSERT expects.
func (m *machine) claim(c *command) string {
	return "that " + shorten(m.p.src[c.test.at:c.end-1], shownRule)
}

// refuted says why a test does not hold, as far as that can be told in short.
func (m *machine) refuted(e *expr) string {
	switch {
	case m.err != nil:
		return ""
	case e.op == exAnd:
		if !m.test(e.a) {
			return m.refuted(e.a)
		}
		return m.refuted(e.b)
	case e.op == exUnique:
		return m.unique(e)
	case e.op == exInArray:
		return fmt.Sprintf("%s is not in %s", m.eval(e.a), m.p.names[e.v.number])
	case e.op >= exLess && e.op <= exNotEqual:
		return m.values(e)
	}
	return "that does not hold"
}

// values says what the two sides of a comparison are.
func (m *machine) values(e *expr) string {
	signs := map[exprOp]string{exLess: "<", exGreater: ">", exLessEqual: "<=", exGreaterEqual: ">=", exEqual: "==", exNotEqual: "!="}
	return fmt.Sprintf("%s %s %s does not hold", m.eval(e.a), signs[e.op], m.eval(e.b))
}
