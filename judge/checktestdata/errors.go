package checktestdata

import (
	"fmt"
	"strings"
)

// SyntaxError is a mistake in a program.
type SyntaxError struct {
	Line, Column int // of the program, from 1; columns are bytes
	Message      string
	Hint         string // what to do about it, or ""
}

// Error returns place and message; the name of the file is the caller's to add.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%d:%d: %s", e.Line, e.Column, e.Message)
}

// Rule is the command of a program that an error is about.
type Rule struct {
	Line, Column int    // of the program, from 1
	Text         string // the command, on one line and shortened
}

// String returns everything in one line.
func (r Rule) String() string {
	return fmt.Sprintf("line %d of the validator: %s", r.Line, r.Text)
}

// Mismatch says that the input is not as the program wants it.
type Mismatch struct {
	Line, Column int    // of the input, from 1; columns are bytes
	Expected     string // such as "an integer from 1 to 100"
	Found        string // such as `found "x"` or "150 is too large"
	Rule         Rule
}

// Error returns everything in one line.
func (e *Mismatch) Error() string {
	return fmt.Sprintf("line %d, column %d of the input: expected %s, but %s (%s)", e.Line, e.Column, e.Expected, e.Found, e.Rule)
}

// RunError says that the program itself went wrong, such as by dividing by
// zero or by using a variable that has no value.
type RunError struct {
	Line, Column int // of the input, from 1: where it went wrong
	Message      string
	Rule         Rule
	// Limit says that only a bound of this implementation was reached, such as
	// for the size of numbers.
	Limit bool
}

// Error returns everything in one line.
func (e *RunError) Error() string {
	return fmt.Sprintf("%s (%s; at line %d, column %d of the input)", e.Message, e.Rule, e.Line, e.Column)
}

const (
	shownRule  = 80 // bytes shown of a command
	shownInput = 40 // bytes shown of an input
)

// shorten returns text on one line and at most n bytes of it.
func shorten(text string, n int) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > n {
		text = text[:n] + "…"
	}
	return strings.ToValidUTF8(text, "\uFFFD")
}

// quote shows a piece of an input.
func quote(text string) string {
	if len(text) > shownInput {
		return fmt.Sprintf("%q…", text[:shownInput])
	}
	return fmt.Sprintf("%q", text)
}

// place turns an offset in text into line and column, from 1.
func place(text string, offset int) (line, column int) {
	before := text[:offset]
	return strings.Count(before, "\n") + 1, offset - strings.LastIndexByte(before, '\n')
}
