// Package yamldoc reads one YAML document strictly and says file, line and
// column of everything that is wrong with it. It is the only importer of
// gopkg.in/yaml.v3.
//
//	doc := yamldoc.Parse("languages.yaml", data, yamldoc.Options{})
//	var config struct {
//		Name  string       `yaml:"name"`
//		Steps []string     `yaml:"steps"`
//		Any   yamldoc.Node `yaml:"any"` // looked at by hand
//	}
//	doc.Root.Decode(&config)
//	if err := doc.Err(); err != nil { … }
//
// Reading never stops at the first mistake: readers note it in the Doc and
// return a zero value, and Err reports all of them at the end.
package yamldoc

import (
	"fmt"
	"strings"
)

// MaxBytes is the size of the largest file that Parse and ReadFile accept.
const MaxBytes = 1 << 20

// MaxNodes is the largest number of values of a document after its aliases
// are expanded, so that a few lines cannot expand to gigabytes.
const MaxNodes = 200_000

// MaxDepth is how deep lists and maps may be nested.
const MaxDepth = 100

// Options say how forgiving to be. The zero value is strict.
type Options struct {
	Lenient bool       // unknown keys are warnings instead of errors
	Warn    func(Note) // called for each warning, besides Doc.Warnings; may be nil
}

// Note is something to say about a place in a file.
type Note struct {
	File    string
	Line    int    // from 1; 0 if it concerns the whole file
	Column  int    // from 1; 0 if unknown
	Message string // lower-case, without a full stop
	Hint    string // what to do about it, or ""
	Rule    string // name of what was broken, such as "unknown-key", or ""
}

// String returns "file:line:column: message (hint)", without what is unknown.
func (n Note) String() string {
	place := n.File
	if n.Line > 0 {
		place = fmt.Sprintf("%s:%d", place, n.Line)
		if n.Column > 0 {
			place = fmt.Sprintf("%s:%d", place, n.Column)
		}
	}
	if n.Hint != "" {
		return fmt.Sprintf("%s: %s (%s)", place, n.Message, n.Hint)
	}
	return fmt.Sprintf("%s: %s", place, n.Message)
}

// Error is what is wrong with a document. It has at least one Note.
type Error struct {
	Notes []Note
}

// Error returns one line per note.
func (e *Error) Error() string {
	lines := make([]string, len(e.Notes))
	for i, n := range e.Notes {
		lines[i] = n.String()
	}
	return strings.Join(lines, "\n")
}

// Doc is one YAML document and what was found wrong with it so far.
type Doc struct {
	File     string // as the user would name it
	Root     Node   // null if the document is empty or not YAML
	Errors   []Note
	Warnings []Note // what was understood although it should be written differently
	// YAML11 says that yes, no, on and off, without quotes, are booleans, as they
	// are in YAML 1.1. It may be set until the document is decoded.
	YAML11 bool

	opt Options
}

// Err returns an *Error with everything that is wrong, or nil.
func (d *Doc) Err() error {
	if len(d.Errors) == 0 {
		return nil
	}
	return &Error{Notes: d.Errors}
}

// Empty tells whether the document holds no value, only white space and
// comments perhaps. A document that could not be read at all is not empty.
func (d *Doc) Empty() bool {
	return !d.Root.Exists() && len(d.Errors) == 0
}

func (d *Doc) errorAt(line, column int, format string, args ...any) {
	d.Errors = append(d.Errors, Note{File: d.File, Line: line, Column: column, Message: fmt.Sprintf(format, args...), Rule: "yaml-syntax"})
}

func (d *Doc) warn(n Note) {
	n.File = d.File
	d.Warnings = append(d.Warnings, n)
	if d.opt.Warn != nil {
		d.opt.Warn(n)
	}
}
