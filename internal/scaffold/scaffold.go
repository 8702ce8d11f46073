// Package scaffold makes new problem packages: small complete ones, of either
// version of the format and every type, for authors to change. The files are
// in templates/, with their real names.
package scaffold

import (
	"crypto/rand"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The versions of the format that a package may be made in.
const (
	F2025  = "2025-09"
	Legacy = "legacy"
)

// Formats are the known values of Options.Format, the default first.
func Formats() []string { return []string{F2025, Legacy} }

// Types are the known elements of Options.Types, the default first: those of
// the 2025-09 format, "Type".
func Types() []string {
	return []string{"pass-fail", "scoring", "interactive", "multi-pass", "submit-answer"}
}

// Languages are the known values of Options.Language, the default first.
func Languages() []string { return []string{"python", "cpp"} }

// Options say what package to make.
type Options struct {
	ShortName string   // name of the package folder: lower-case letters and digits
	Title     string   // 1 to 100 characters on one line
	Author    string   // 1 to 100 characters on one line
	Format    string   // one of Formats
	Types     []string // of Types, in any order; none is pass-fail
	Language  string   // one of Languages: of submissions, validators and generators
	UUID      string   // for 2025-09; see NewUUID
}

var shortName = regexp.MustCompile(`^[a-z0-9]{1,255}$`)

// CheckShortName says what is wrong with a name of a package folder (2025-09,
// "General requirements").
func CheckShortName(name string) error {
	if shortName.MatchString(name) {
		return nil
	}
	return fmt.Errorf("folder name %q: a package has a name of lower-case letters and digits only", name)
}

// SuggestShortName returns what of name may stand in the name of a package
// folder, or "".
func SuggestShortName(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

// Validate names the first option that makes no sense.
func (o Options) Validate() error {
	if err := CheckShortName(o.ShortName); err != nil {
		return err
	}
	if err := CheckLine("title", o.Title); err != nil {
		return err
	}
	if err := CheckLine("author", o.Author); err != nil {
		return err
	}
	if !slices.Contains(Formats(), o.Format) {
		return fmt.Errorf("format %q: known are %s", o.Format, strings.Join(Formats(), " and "))
	}
	if !slices.Contains(Languages(), o.Language) {
		return fmt.Errorf("language %q: known are %s", o.Language, strings.Join(Languages(), " and "))
	}
	return CheckTypes(o.Format, o.Types)
}

// CheckLine says what is wrong with a title or a name, which what calls it.
func CheckLine(what, text string) error {
	switch {
	case strings.TrimSpace(text) == "":
		return fmt.Errorf("%s: empty", what)
	case utf8.RuneCountInString(text) > 100:
		return fmt.Errorf("%s: longer than 100 characters", what)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }):
		return fmt.Errorf("%s: has characters that cannot be printed", what)
	}
	return nil
}

// CheckTypes says what is wrong with a combination of types in a format.
func CheckTypes(format string, types []string) error {
	for i, t := range types {
		if !slices.Contains(Types(), t) {
			return fmt.Errorf("type %q: known are %s", t, strings.Join(Types(), ", "))
		}
		if slices.Contains(types[:i], t) {
			return fmt.Errorf("type %s is given twice", t)
		}
		if format == Legacy && (t == "multi-pass" || t == "submit-answer") {
			return fmt.Errorf("type %s: format legacy has no such problems", t)
		}
	}
	if slices.Contains(types, "pass-fail") && slices.Contains(types, "scoring") {
		return errors.New("types pass-fail and scoring exclude each other")
	}
	if slices.Contains(types, "submit-answer") && (slices.Contains(types, "interactive") || slices.Contains(types, "multi-pass")) {
		return errors.New("type submit-answer excludes interactive and multi-pass: nothing is run")
	}
	return nil
}

// NewUUID returns a random UUID, version 4 of RFC 9562.
func NewUUID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails: see its documentation
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
