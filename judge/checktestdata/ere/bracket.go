package ere

import (
	"fmt"
	"strings"
)

// set is a set of bytes.
type set [4]uint64

func (s *set) add(c byte)      { s[c>>6] |= 1 << (c & 63) }
func (s *set) has(c byte) bool { return s[c>>6]>>(c&63)&1 != 0 }

func (s *set) addRange(from, to byte) {
	for c := int(from); c <= int(to); c++ {
		s.add(byte(c))
	}
}

// classes are the ranges of [:name:], as pairs, in the POSIX locale.
var classes = map[string]string{
	"alpha": "azAZ", "digit": "09", "alnum": "azAZ09", "upper": "AZ", "lower": "az", "xdigit": "09afAF",
	"space": "\t\r  ", "blank": "\t\t  ", "punct": "!/:@[`{~", "print": " ~", "graph": "!~", "cntrl": "\x00\x1f\x7f\x7f",
}

// bracket reads the rest of a bracket expression whose [ was at at.
func (p *parser) bracket(at int) (*node, error) {
	n := &node{kind: bytes}
	negated := p.take('^')
	for first := true; first || p.peek() != ']'; first = false {
		if !p.more() {
			return nil, p.fail(at, `write \[ for a bracket in the input`, "this [ has no ] after it")
		}
		if err := p.element(n); err != nil {
			return nil, err
		}
	}
	p.pos++
	if negated {
		for i := range n.set {
			n.set[i] = ^n.set[i]
		}
	}
	return n, nil
}

// element reads a character, a range or a class in a bracket expression.
func (p *parser) element(n *node) error {
	at := p.pos
	if strings.HasPrefix(p.src[p.pos:], "[:") {
		return p.class(n)
	}
	p.backslash()
	from, err := p.endpoint()
	if err != nil {
		return err
	}
	to := from
	if rest := p.src[p.pos:]; len(rest) >= 2 && rest[0] == '-' && rest[1] != ']' {
		p.pos++
		p.backslash()
		if to, err = p.endpoint(); err != nil {
			return err
		}
	}
	if to < from {
		return p.fail(at, "a - that is meant itself comes first or last in the brackets", "the range %s ends before it starts", p.src[at:p.pos])
	}
	n.set.addRange(from, to)
	return nil
}

// backslash notes that the next character is a backslash before one that it
// would escape in other languages: here it is a character like any other.
func (p *parser) backslash() {
	rest := p.src[p.pos:]
	if len(rest) < 2 || rest[0] != '\\' || strings.IndexByte(`[]^-\.()*+?{}|$/`, rest[1]) < 0 {
		return
	}
	p.odd = append(p.odd, Error{
		Offset:  p.pos,
		Message: fmt.Sprintf(`in [ ] a backslash is a character like any other, so \%c does not mean a plain %c`, rest[1], rest[1]),
		Hint:    "leave the backslash out: ] comes first in the brackets, - last, ^ not first",
	})
}

// endpoint reads a character, [.c.] or [=c=].
func (p *parser) endpoint() (byte, error) {
	at, rest := p.pos, p.src[p.pos:]
	if len(rest) >= 2 && rest[0] == '[' && (rest[1] == '.' || rest[1] == '=') {
		if len(rest) < 5 || rest[3] != rest[1] || rest[4] != ']' {
			return 0, p.fail(at, "", "%s has to have one character and %c] after it", rest[:2], rest[1])
		}
		p.pos += 5
		return rest[2], nil
	}
	p.pos++
	return rest[0], nil
}

// class reads [:name:].
func (p *parser) class(n *node) error {
	at := p.pos
	name, _, closed := strings.Cut(p.src[p.pos+2:], ":]")
	ranges := classes[name]
	if !closed || ranges == "" {
		return p.fail(at, "there are alpha, digit, alnum, upper, lower, xdigit, space, blank, punct, print, graph and cntrl",
			"%.20q is no class of characters", p.src[at:])
	}
	for ; ranges != ""; ranges = ranges[2:] {
		n.set.addRange(ranges[0], ranges[1])
	}
	p.pos += len(name) + 4
	return nil
}
