package checktestdata

import (
	"context"
	"errors"
	"fmt"

	"github.com/evalx/evalx/judge/checktestdata/ere"
)

// Options are how an input is checked. The zero value is what the problem
// package format means.
type Options struct {
	// LooseSpace lets SPACE match any white space but line breaks, and allows
	// white space at the start and at the end of lines, as DOMjudge's option
	// --whitespace-ok does.
	LooseSpace bool
}

// What a run may cost at most.
const (
	maxSteps  = 4_000_000_000
	maxMemory = 1 << 30 // bytes of values
	ctxSteps  = 1 << 13 // steps between two looks at the context
	maxCached = 100     // regular expressions that are kept compiled
)

// machine runs a program on an input.
type machine struct {
	ctx     context.Context
	p       *Program
	opt     Options
	in      string
	pos     int
	vars    []array
	scratch []value // the indices that are being computed
	regexes map[string]*ere.Matcher
	current *command
	steps   int64 // left
	check   int64 // steps left when the context is looked at again
	memory  int64 // left
	err     error // the first that happened; then everything stops
}

// Check runs the program on an input. A *Mismatch says that the input is not
// valid, and a *RunError that the program went wrong on it, which is no valid
// input either. Any other error is that of ctx.
func (p *Program) Check(ctx context.Context, input []byte, opt Options) error {
	return p.machine(ctx, string(input), opt).run()
}

func (p *Program) machine(ctx context.Context, input string, opt Options) *machine {
	return &machine{
		ctx: ctx, p: p, opt: opt, in: input, vars: make([]array, len(p.names)), regexes: map[string]*ere.Matcher{},
		steps: maxSteps, check: maxSteps, memory: maxMemory,
		current: &command{op: opEOF, at: len(p.src), end: len(p.src)},
	}
}

// run runs the program, and the EOF that every program has at its end.
func (m *machine) run() error {
	end := m.current
	if m.opt.LooseSpace {
		m.skipSpace()
	}
	m.block(m.p.block)
	if m.err == nil {
		m.current = end
		m.wantEnd()
	}
	return m.err
}

// step counts work. It tells whether there may be more.
func (m *machine) step(work int) bool {
	m.steps -= int64(work)
	if m.steps > m.check || m.err != nil {
		return m.err == nil
	}
	m.check = m.steps - ctxSteps
	if err := m.ctx.Err(); err != nil {
		m.err = err
	} else if m.steps < 0 {
		m.limit(fmt.Errorf("the validator took more than %d steps", int64(maxSteps)))
	}
	return m.err == nil
}

// fail stops because the program went wrong.
func (m *machine) fail(format string, args ...any) { m.wrong(fmt.Errorf(format, args...), false) }

// limit stops because of a bound of this implementation.
func (m *machine) limit(err error) { m.wrong(err, true) }

func (m *machine) wrong(err error, limit bool) {
	if m.err == nil {
		line, column := place(m.in, m.pos)
		m.err = &RunError{Line: line, Column: column, Message: err.Error(), Rule: m.p.rule(m.current), Limit: limit || errors.Is(err, errTooLarge)}
	}
}

// mismatch stops because the input is not as expected, at an offset of it.
func (m *machine) mismatch(at int, expected, format string, args ...any) {
	if m.err == nil {
		line, column := place(m.in, at)
		rule := m.p.rule(m.current)
		if rule.Text == "" {
			rule.Text = "its end"
		}
		m.err = &Mismatch{Line: line, Column: column, Expected: expected, Found: fmt.Sprintf(format, args...), Rule: rule}
	}
}

// block runs commands one after another.
func (m *machine) block(block []*command) {
	for _, c := range block {
		if !m.step(1) {
			return
		}
		m.current = c
		switch c.op {
		case opRep:
			m.rep(c)
		case opWhile:
			m.while(c)
		case opIf:
			if m.test(c.test) {
				m.block(c.body)
			} else {
				m.block(c.other)
			}
		default:
			m.simple(c)
		}
	}
}

// rep runs REP and REPI.
func (m *machine) rep(c *command) {
	m.assign(c.target, smallInt(0))
	count := m.eval(c.args[0])
	if m.err == nil && (count.kind != small || count.n < 0) {
		m.fail("a loop cannot run %s times", count)
	}
	for i := int64(0); i < count.n && m.step(1); i++ {
		m.turn(c, i)
	}
}

// while runs WHILE and WHILEI.
func (m *machine) while(c *command) {
	m.assign(c.target, smallInt(0))
	for i := int64(0); m.step(1) && m.test(c.test); i++ {
		m.turn(c, i)
		m.current = c
	}
}

// turn runs turn i of a loop, with what separates it from the one before.
func (m *machine) turn(c *command, i int64) {
	if i > 0 && c.between != nil {
		m.current = c.between
		m.simple(c.between)
	}
	m.block(c.body)
	m.current = c
	m.assign(c.target, smallInt(i+1))
}

// simple runs a command that is no block.
func (m *machine) simple(c *command) {
	switch c.op {
	case opSpace:
		m.space()
	case opNewline:
		m.newline()
	case opEOF:
		m.wantEnd()
	case opInt:
		m.int(c)
	case opFloat, opFloatP:
		m.float(c)
	case opString:
		m.string(c)
	case opRegex:
		m.regex(c)
	case opAssert:
		if at := m.pos; !m.test(c.test) {
			m.mismatch(at, m.claim(c), "%s", m.refuted(c.test))
		}
	case opSet:
		for _, s := range c.sets {
			m.assign(s.to, m.eval(s.expr))
		}
	case opUnset:
		for _, number := range c.unset {
			m.memory += m.vars[number].bytes
			m.vars[number] = array{}
		}
	}
}

// assign gives a variable a value; nil is no variable.
func (m *machine) assign(to *variable, v value) {
	if to == nil || m.err != nil {
		return
	}
	indices := m.indices(to)
	if m.err != nil {
		return
	}
	a := &m.vars[to.number]
	old := a.set(indices, v)
	more := int64((v.size() - old.size()) / 8)
	if old.kind == none {
		more += 64 * int64(1+len(indices))
	}
	m.drop(indices)
	a.bytes += more
	if m.memory -= more; m.memory < 0 {
		m.limit(fmt.Errorf("the variables need more than %d MiB", maxMemory>>20))
	}
}

// indices computes the indices of an element. They are there until drop is
// called, which has to happen before the next call for another variable.
func (m *machine) indices(v *variable) []value {
	from := len(m.scratch)
	for _, e := range v.indices {
		i := m.eval(e)
		if m.err == nil && !i.isInt() {
			m.fail("%s cannot be an index: only integers can", i)
		}
		m.scratch = append(m.scratch, i)
	}
	return m.scratch[from:]
}

func (m *machine) drop(indices []value) { m.scratch = m.scratch[:len(m.scratch)-len(indices)] }
