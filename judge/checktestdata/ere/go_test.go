package ere

import (
	"regexp"
	"strings"
	"testing"
)

// compareWithGo checks a match against Go's own engine, where expression and
// input mean the same to it.
func compareWithGo(t *testing.T, pattern, input string, got int) {
	t.Helper()
	for _, twice := range []string{"?", "*", "+"} {
		if strings.Contains(pattern, twice+"?") {
			return // Perl's lazy repetition
		}
	}
	if strings.ContainsAny(pattern, "\\[{^$") || !ascii(pattern) || !ascii(input) {
		return
	}
	re, err := regexp.Compile(`(?s)\A(?:` + pattern + `)`)
	if err != nil {
		return
	}
	re.Longest()
	want := -1
	if at := re.FindStringIndex(input); at != nil {
		want = at[1]
	}
	if got != want {
		t.Errorf("%q on %q: %d, and %d by Go", pattern, input, got, want)
	}
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > 126 }) < 0
}
