// Package ere matches POSIX extended regular expressions (IEEE Std 1003.1,
// "Extended Regular Expressions") against bytes: a match starts where it is
// asked for and is the longest one. It takes time in proportion to the input,
// whatever the expression, and memory within a bound.
//
// It is not package regexp because checktestdata programs repeat things more
// than 1000 times, and because bytes that are no UTF-8 have to match.
package ere

import (
	"fmt"
	"strings"
)

// Error says what is wrong with an expression, or what is odd about it.
type Error struct {
	Offset  int // of the expression, in bytes
	Message string
	Hint    string // what to do about it, or ""
}

// Error returns what is wrong.
func (e *Error) Error() string { return e.Message }

// kind is what a node of a parsed expression does.
type kind uint8

const (
	empty  kind = iota // matches nothing at all
	bytes              // one byte of a set
	both               // all of subs, one after another
	either             // one of subs
	repeat             // the only sub, min to max times
	begin              // where the match starts
	end                // the end of the input
)

const unbounded = -1 // repeat.max of * and +

// node is a parsed expression.
type node struct {
	kind     kind
	set      set
	subs     []*node
	min, max int
}

const (
	maxPattern = 64 << 10 // bytes of an expression
	maxNesting = 200      // brackets in brackets
	maxCount   = 100_000  // of x{m,n}; 65535 in libstdc++, 255 in POSIX
)

type parser struct {
	src   string
	pos   int
	depth int
	odd   []Error
}

func (p *parser) more() bool { return p.pos < len(p.src) }

// peek returns the next byte, and 0 at the end.
func (p *parser) peek() byte {
	if !p.more() {
		return 0
	}
	return p.src[p.pos]
}

// take moves on over c, if that is next.
func (p *parser) take(c byte) bool {
	if p.more() && p.src[p.pos] == c {
		p.pos++
		return true
	}
	return false
}

func (p *parser) fail(at int, hint, format string, args ...any) error {
	return &Error{Offset: at, Message: fmt.Sprintf(format, args...), Hint: hint}
}

// parse reads the whole expression.
func (p *parser) parse() (*node, error) {
	if len(p.src) > maxPattern {
		return nil, p.fail(0, "", "the regular expression is longer than %d KiB", maxPattern>>10)
	}
	n, err := p.alternatives()
	if err == nil && p.more() {
		err = p.fail(p.pos, `write \) for a bracket in the input`, "there is a ) without a ( before it")
	}
	return n, err
}

func (p *parser) alternatives() (*node, error) {
	var all []*node
	for {
		n, err := p.sequence()
		if err != nil {
			return nil, err
		}
		all = append(all, n)
		if !p.take('|') {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return &node{kind: either, subs: all}, nil
}

func (p *parser) sequence() (*node, error) {
	seq := &node{kind: both}
	for p.more() && p.peek() != '|' && p.peek() != ')' {
		n, err := p.atom()
		if err == nil {
			n, err = p.repeats(n)
		}
		if err != nil {
			return nil, err
		}
		seq.subs = append(seq.subs, n)
	}
	if len(seq.subs) == 1 {
		return seq.subs[0], nil
	}
	return seq, nil
}

// atom reads what a repetition applies to.
func (p *parser) atom() (*node, error) {
	at, c := p.pos, p.peek()
	p.pos++
	switch c {
	case '(':
		return p.group(at)
	case '[':
		return p.bracket(at)
	case '\\':
		return p.escape(at)
	case '.':
		n := &node{kind: bytes}
		n.set.addRange(0, 255)
		return n, nil
	case '^':
		return &node{kind: begin}, nil
	case '$':
		return &node{kind: end}, nil
	case '*', '+', '?', '{':
		return nil, p.fail(at, fmt.Sprintf(`write \%c for that character in the input`, c), "there is nothing before %c that it could repeat", c)
	}
	return literal(c), nil
}

func literal(c byte) *node {
	n := &node{kind: bytes}
	n.set.add(c)
	return n
}

func (p *parser) group(at int) (*node, error) {
	if p.peek() == '?' {
		return nil, p.fail(at, "write a plain ( ) instead", "(? of Perl's regular expressions is not supported")
	}
	if p.depth++; p.depth > maxNesting {
		return nil, p.fail(at, "", "there are more than %d ( inside one another", maxNesting)
	}
	n, err := p.alternatives()
	if err != nil {
		return nil, err
	}
	p.depth--
	if !p.take(')') {
		return nil, p.fail(at, `write \( for a bracket in the input`, "this ( has no ) after it")
	}
	// A node of its own, so that ab in (ab)* stays together.
	return &node{kind: both, subs: []*node{n}}, nil
}

// escapes says what to write instead of the escapes of other languages.
var escapes = map[byte]string{
	'd': "write [0-9] instead", 'D': "write [^0-9] instead",
	'w': "write [A-Za-z0-9_] instead", 'W': "write [^A-Za-z0-9_] instead",
	's': `write [ \t\n] instead`, 'S': `write [^ \t\n] instead`,
	'n': `write \n with a single backslash, which the string turns into a line break`,
	't': `write \t with a single backslash, which the string turns into a tab`,
	'b': "the borders of words are not supported", 'B': "the borders of words are not supported",
}

// escape reads the character after a backslash.
func (p *parser) escape(at int) (*node, error) {
	if !p.more() {
		return nil, p.fail(at, `write \\\\ in the string for a backslash in the input`, "the regular expression ends with a backslash")
	}
	c := p.src[p.pos]
	p.pos++
	switch {
	case c >= '0' && c <= '9':
		return nil, p.fail(at, "", `the backreference \%c is not supported`, c)
	case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z':
		return nil, p.fail(at, escapes[c], `the escape \%c is not part of POSIX regular expressions`, c)
	}
	return literal(c), nil
}

// repeats reads the repetitions after an atom.
func (p *parser) repeats(n *node) (*node, error) {
	for wraps := 0; ; wraps++ {
		at := p.pos
		least, most := 0, unbounded
		switch {
		case p.take('*'):
		case p.take('+'):
			least = 1
		case p.take('?'):
			most = 1
		case p.take('{'):
			var err error
			if least, most, err = p.counts(at); err != nil {
				return nil, err
			}
		default:
			return n, nil
		}
		if wraps >= maxNesting {
			return nil, p.fail(at, "", "there are more than %d repetitions of one thing", maxNesting)
		}
		n = &node{kind: repeat, subs: []*node{n}, min: least, max: most}
	}
}

// counts reads m}, m,} ,n} or m,n} of a repetition that starts at at.
func (p *parser) counts(at int) (least, most int, err error) {
	least, first := p.number()
	most, second := least, first
	if p.take(',') {
		if most, second = p.number(); !second {
			most = unbounded
		}
	} else if !first {
		second = false
	}
	switch {
	case !p.take('}') || !first && !second:
		err = p.fail(at, `write \{ for a bracket in the input`, "a repetition has to look like {3}, {3,} or {3,5}")
	case least > maxCount || most > maxCount:
		err = p.fail(at, "", "a repetition of more than %d times is not supported", maxCount)
	case most != unbounded && most < least:
		err = p.fail(at, "", "a repetition of at least %d and at most %d times cannot be", least, most)
	}
	return least, most, err
}

// number reads digits; what is too large becomes just that.
func (p *parser) number() (n int, ok bool) {
	for p.more() && strings.IndexByte("0123456789", p.peek()) >= 0 {
		n, ok = min(n*10+int(p.peek()-'0'), maxCount+1), true
		p.pos++
	}
	return n, ok
}
