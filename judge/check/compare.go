// Package check compares the output of a program with the answer, as the
// default output validator of the problem package format does, and reads what
// a custom output validator says. It executes nothing.
package check

import (
	"bytes"
	"math"
)

// The whitespace of the problem package format: what isspace(3) of the C
// locale accepts.
var isSpace = [256]bool{' ': true, '\t': true, '\n': true, '\v': true, '\f': true, '\r': true}

// Compare compares output with answer, in time linear in their size. It
// returns nil if the output is accepted and otherwise the first difference.
func Compare(answer, output []byte, opt Options) *Diff {
	if bytes.Equal(answer, output) {
		return nil // the common case, and many times faster
	}
	a, o := cursor{data: answer}, cursor{data: output}
	for {
		spaceA, spaceO := a.space(), o.space()
		if opt.SpaceSensitive && !bytes.Equal(spaceA, spaceO) {
			return spaceDiff(a, o, spaceA, spaceO)
		}
		tokenA, tokenO := a.token(), o.token()
		if len(tokenA) == 0 && len(tokenO) == 0 {
			return nil
		}
		if len(tokenA) == 0 || len(tokenO) == 0 || !opt.equal(tokenA, tokenO) {
			return opt.tokenDiff(a, o, tokenA, tokenO)
		}
	}
}

// cursor walks over a file, by turns a run of whitespace and a token. Both
// may be empty only at the ends of the file.
type cursor struct {
	data []byte
	next int // offset of what is to be read
}

func (c *cursor) space() []byte {
	start, i := c.next, c.next
	for i < len(c.data) && isSpace[c.data[i]] {
		i++
	}
	c.next = i
	return c.data[start:i]
}

func (c *cursor) token() []byte {
	start, i := c.next, c.next
	for i < len(c.data) && !isSpace[c.data[i]] {
		i++
	}
	c.next = i
	return c.data[start:i]
}

func (o Options) equal(answer, output []byte) bool {
	if bytes.Equal(answer, output) {
		return true // also for numbers: no tolerance is negative
	}
	if o.AbsTol != nil || o.RelTol != nil {
		if want, ok := parseFloat(answer, !o.Strict2025); ok {
			got, ok := parseFloat(output, !o.Strict2025)
			return ok && o.within(want, got)
		}
	}
	return !o.CaseSensitive && equalFold(answer, output)
}

// within multiplies rather than divides, so that an answer of 0 needs no case
// of its own.
func (o Options) within(want, got float64) bool {
	off := math.Abs(got - want)
	return o.AbsTol != nil && off <= *o.AbsTol ||
		o.RelTol != nil && off <= *o.RelTol*math.Abs(want)
}

func equalFold(a, b []byte) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if lower(a[i]) != lower(b[i]) {
			return false
		}
	}
	return true
}

func lower(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return c
}
