package ere

import (
	"encoding/binary"
	"slices"
)

// Matcher matches one expression. It builds the deterministic automaton as it
// goes, and forgets it when that becomes too large.
type Matcher struct {
	re     *Regexp
	states []*state
	byKey  map[string]int32
	size   int // estimate of the bytes that the states take
	// For walking the nondeterministic automaton: when a step was last seen.
	seen  []uint32
	round uint32
	stack []int32
	key   []byte
}

// state is a set of steps that the automaton can be at.
type state struct {
	steps       []int32 // sorted; those that read a byte
	next        []int32 // by class of byte: number of a state, dead or unknown
	accept      bool    // what is read matches
	acceptAtEnd bool    // and if the input is at its end
}

const (
	dead    = -1
	unknown = -2

	maxStates = 16 << 20 // bytes of memory for states
	tickBytes = 1 << 16  // bytes read between two calls of tick
)

// NewMatcher returns a matcher for re.
func (re *Regexp) NewMatcher() *Matcher {
	m := &Matcher{re: re, seen: make([]uint32, len(re.code))}
	m.reset()
	return m
}

func (m *Matcher) reset() {
	m.states, m.byKey, m.size = nil, map[string]int32{}, 0
	m.add([]int32{m.re.start}, true)
}

// Match returns where the longest match in s from offset at on ends, and -1 if
// there is none. It calls tick now and then with the amount of work since the
// last call, roughly in steps, and gives up with the error that it returns.
func (m *Matcher) Match(s string, at int, tick func(work int) error) (int, error) {
	ended, current, work := -1, int32(0), 0
	for i := at; ; i++ {
		st := m.states[current]
		if st.accept || st.acceptAtEnd && i == len(s) {
			ended = i
		}
		if i == len(s) {
			break
		}
		class := m.re.class[s[i]]
		next := st.next[class]
		if next == unknown {
			work += 4 * len(st.steps)
			next = m.step(current, class)
		}
		if next == dead {
			break
		}
		current = next
		if work++; work >= tickBytes {
			if err := tick(work); err != nil {
				return -1, err
			}
			work = 0
		}
	}
	return ended, tick(work + 1)
}

// step finds the state after a byte of a class, and returns its number.
func (m *Matcher) step(from int32, class uint8) int32 {
	st, c := m.states[from], m.re.example[class]
	var targets []int32
	for _, pc := range st.steps {
		in := &m.re.code[pc]
		if m.re.sets[in.set].has(c) {
			targets = append(targets, in.next)
		}
	}
	if len(targets) == 0 {
		st.next[class] = dead
		return dead
	}
	if m.size > maxStates {
		m.reset() // st is forgotten, but nobody comes back to it
		return m.add(targets, false)
	}
	next := m.add(targets, false)
	st.next[class] = next
	return next
}

// add returns the number of the state that can be at all of targets.
func (m *Matcher) add(targets []int32, first bool) int32 {
	steps, accept := m.closure(targets, first, false)
	slices.Sort(steps)
	m.key = m.key[:0]
	for _, pc := range steps {
		m.key = binary.LittleEndian.AppendUint32(m.key, uint32(pc))
	}
	atEnd := accept
	if !accept {
		_, atEnd = m.closure(targets, first, true)
	}
	m.key = append(m.key, bit(accept), bit(atEnd), bit(first))
	if number, ok := m.byKey[string(m.key)]; ok {
		return number
	}
	st := &state{steps: steps, next: make([]int32, m.re.classes), accept: accept, acceptAtEnd: atEnd}
	for i := range st.next {
		st.next[i] = unknown
	}
	number := int32(len(m.states))
	m.states = append(m.states, st)
	m.byKey[string(m.key)] = number
	m.size += 128 + 8*len(steps) + 4*len(st.next)
	return number
}

func bit(b bool) byte {
	if b {
		return 1
	}
	return 0
}

// closure follows the ways that read nothing. It returns the steps that read a
// byte, and whether the match can end here.
func (m *Matcher) closure(targets []int32, first, atEnd bool) (steps []int32, accept bool) {
	m.round++
	m.stack = append(m.stack[:0], targets...)
	for len(m.stack) > 0 {
		pc := m.stack[len(m.stack)-1]
		m.stack = m.stack[:len(m.stack)-1]
		if m.seen[pc] == m.round {
			continue
		}
		m.seen[pc] = m.round
		switch in := &m.re.code[pc]; in.op {
		case opMatch:
			accept = true
		case opSet:
			steps = append(steps, pc)
		case opSplit:
			m.stack = append(m.stack, in.next, in.other)
		case opBegin:
			if first {
				m.stack = append(m.stack, in.next)
			}
		case opEnd:
			if atEnd {
				m.stack = append(m.stack, in.next)
			}
		}
	}
	return steps, accept
}
