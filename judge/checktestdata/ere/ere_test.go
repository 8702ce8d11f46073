package ere

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func never(int) error { return nil }

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, input string
		want           int
	}{
		{"a|ab", "abc", 2}, // the longest, not the first
		{"(a|ab)(c|bcd)", "abcd", 4},
		{"a*", "bbb", 0},
		{"a+", "bbb", -1},
		{"a.b", "a\nb", 3},
		{"[^a]", "\n", 1},
		{"[]a]+", "]a]", 3},
		{"[^]a]", "b", 1},
		{"[a-]+", "a-a", 3},
		{"[a-c-e]+", "ab-e", 4},
		{`[\n]`, `n`, 1}, // a backslash in brackets is just that
		{`[\]`, `\`, 1},
		{`[\]]`, `\]`, 2},
		{"[[:digit:]x]+", "1x2", 3},
		{"[[.-.]a]+", "a-", 2},
		{"[[=a=]]", "a", 1},
		{`\(\)\.\*`, "().*", 4},
		{"(ab){2}", "ababab", 4},
		{"(ab){2,}", "ababab", 6},
		{"a{,2}", "aaa", 2},
		{"[0-2]{1,5000}", strings.Repeat("1", 6000), 5000},
		{"(a*)*b", "aab", 3},
		{"(a*)+", "aab", 2},
		{"(|a)b", "ab", 2},
		{"a**", "aaa", 3},
		{"(ab)+" + strings.Repeat("+", 100), "ababa", 4},
		{"a{3,}b", "aaaab", 5},
		{"a{3,}b", "aab", -1},
		{"(a|b*)+c", "abbac", 5},
		{"", "x", 0},
		{"()", "x", 0},
		{"^a", "a", 1},
		{"a^b", "ab", -1},
		{"(^a)*", "aa", 1},
		{"a$", "a", 1},
		{"a$", "a\n", -1},
		{"a$b*", "a", 1},
		{"a]b}", "a]b}", 4},
		{"\xc3\xa5+", "\xc3\xa5\xa5", 3},
		{"[\xc3\xa5]+", "\xc3\xa5\xa5", 3},
		{"[^a-z]", "\xff", 1},
	} {
		re, err := Compile(c.pattern)
		if err != nil {
			t.Errorf("%q: %v", c.pattern, err)
			continue
		}
		for _, before := range []string{"", "a\n"} {
			got, err := re.NewMatcher().Match(before+c.input, len(before), never)
			if got >= 0 {
				got -= len(before)
			}
			if err != nil || got != c.want {
				t.Errorf("%q on %q: %d, %v; want %d", c.pattern, c.input, got, err, c.want)
			}
		}
	}
}

func TestCompileErrors(t *testing.T) {
	for pattern, want := range map[string]string{
		`\d`: `the escape \d`, `(a)\1`: "backreference", `(?:a)`: "Perl", "*a": "nothing before *", "a|*": "nothing before *",
		"a{": "look like {3}", "a{x}": "look like {3}", "a{2,1}": "at least 2", "a{999999}": "more than 100000 times",
		"a)": "without a (", "(a": "no ) after", "[a": "no ] after", "[]": "no ] after", "[z-a]": "range z-a", "[[:foo:]]": "no class",
		"[[.hyphen.]]": "one character", `a\`: "ends with a backslash", "((((a{1000}){1000}){1000}){1000})": "repeats too much",
		"((((){9999}){9999}){9999})": "repeats too much", strings.Repeat("(", 500): "inside one another",
		strings.Repeat("a", maxPattern+1): "longer than", "a" + strings.Repeat("*", 500): "repetitions of one thing",
	} {
		re, err := Compile(pattern)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Message, want) || e.Offset > len(pattern) {
			t.Errorf("%.40q: %v, %v; want %q", pattern, re != nil, err, want)
		}
	}
	if re, err := Compile(`[a\]b]`); err != nil || len(re.Odd) != 1 || re.Odd[0].Offset != 2 {
		t.Errorf("a backslash in brackets: %v", err)
	}
}

// Expressions that are slow in other engines take time in proportion to the
// input, and little memory.
func TestMatchIsBounded(t *testing.T) {
	input := strings.Repeat("a", 20_000)
	for _, pattern := range []string{"(a*)*b", "(a|aa)+$", "(a?){200}a{200}", "(.*.*.*=.*)*", "(a|b)*a(a|b){12}"} {
		re, err := Compile(pattern)
		if err != nil {
			t.Fatal(err)
		}
		m, start := re.NewMatcher(), time.Now()
		if _, err := m.Match(input, 0, never); err != nil {
			t.Errorf("%s: %v", pattern, err)
		}
		if took := time.Since(start); took > 5*time.Second || m.size > 2*maxStates {
			t.Errorf("%s took %v and %d bytes", pattern, took, m.size)
		}
	}
	tired := errors.New("tired")
	re, err := Compile("(a|b)*")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := re.NewMatcher().Match(input, 0, func(int) error { return tired }); err != tired {
		t.Errorf("it did not stop: %v", err)
	}
}

// A matcher that forgets its states goes on as if it had not.
func TestMatcherForgets(t *testing.T) {
	re, err := Compile("([ab]*a[ab]{9}c)*")
	if err != nil {
		t.Fatal(err)
	}
	var input strings.Builder
	for i := range 3000 {
		for bit := range 12 {
			input.WriteByte("ab"[i>>bit&1])
		}
		input.WriteString("abbbbbbbbbc")
	}
	m := re.NewMatcher()
	want, err := m.Match(input.String(), 0, never)
	if err != nil || want != input.Len() {
		t.Fatalf("matched %d of %d, %v", want, input.Len(), err)
	}
	m.reset()
	for at := 0; at < input.Len(); at += 23 * 200 {
		m.size = maxStates + 1
		if got, err := m.Match(input.String(), at, never); err != nil || got != want {
			t.Fatalf("from %d on: %d, %v", at, got, err)
		}
	}
}

// What Go's engine accepts as well, in a syntax that both have, matches alike.
func FuzzCompile(f *testing.F) {
	for _, seed := range []string{"a|b", "[^a-c]*d{1,3}", `(\(|x)+$`, "[[:alpha:]]", "^a.{2}"} {
		f.Add(seed, "aabbccdd(x")
	}
	f.Fuzz(func(t *testing.T, pattern, input string) {
		re, err := Compile(pattern)
		if err != nil || len(re.code) > 1000 {
			return
		}
		got, err := re.NewMatcher().Match(input, 0, never)
		if err != nil || got > len(input) {
			t.Fatalf("%q on %q: %d, %v", pattern, input, got, err)
		}
		compareWithGo(t, pattern, input, got)
	})
}
