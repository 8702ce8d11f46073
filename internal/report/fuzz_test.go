package report

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// FuzzClean holds that nothing that is shown steers a terminal, and that clean
// text stays as it is.
func FuzzClean(f *testing.F) {
	for _, seed := range []string{"text\n", "\x1b[2J", "\xff", "\u202e", "\u009b", "\U000e0001", "\r", "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := Clean(text)
		if !utf8.ValidString(got) {
			t.Errorf("%q becomes %q, which is not UTF-8", text, got)
		}
		bad := func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }
		if strings.ContainsFunc(got, bad) {
			t.Errorf("%q becomes %q, which is not printable", text, got)
		}
		if Clean(got) != got {
			t.Errorf("%q is changed by cleaning it again", got)
		}
		if strings.ContainsAny(oneLine(text), "\n\t") {
			t.Errorf("%q is more than one line", oneLine(text))
		}
	})
}
