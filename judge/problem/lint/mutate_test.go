package lint

import (
	"bytes"
	"reflect"
	"regexp"
	"strings"
	"testing"
)

func find(list []Mutation, name string) (Mutation, bool) {
	for _, m := range list {
		if m.Name == name {
			return m, true
		}
	}
	return Mutation{}, false
}

func TestMutations(t *testing.T) {
	for _, test := range []struct {
		input, name, want string // want "" is: no such mutation
		certainty         Certainty
	}{
		{"3\n1 2 3\n", "empty-file", "", Must},
		{"abc\n", "empty-file", "", Suspicious},
		{"3\n", "trailing-junk", "3\njunk\n", Must},
		{"s t\n", "trailing-junk", "s t\njunk\n", Suspicious},
		{"s\n", "trailing-bytes", "s\n\x00\x01\x7f\n", Must},
		{"3\n1 2 3\n", "doubled-spaces", "3\n1  2  3\n", Suspicious},
		{"3\n1 2 3\n", "tab", "3\n1\t2 3\n", Suspicious},
		{"3\n1 2 3\n", "truncated", "3\n1 2\n", Suspicious},
		{"3\n1 2 3\n", "carriage-returns", "3\r\n1 2 3\r\n", Suspicious},
		{"3\n1 2 3\n", "no-final-newline", "3\n1 2 3", Suspicious},
		{"3\n1 2 3\n", "byte-order-mark", "\ufeff3\n1 2 3\n", Must},
		{"3\n1 2 3\n", "word-for-number", "abc\n1 2 3\n", Must},
		{"-3.5 17\n", "word-for-number", "-3.5 abc\n", Must},
		{"a 17\n", "word-for-number", "a abc\n", Suspicious},
		{"3\n1 2 3\n", "negative-number", "-3\n1 2 3\n", Suspicious},
		{"12 3\n", "leading-zero", "012 3\n", Suspicious},
		{"12 3\n", "broken-line", "12\n3\n", Suspicious},
	} {
		m, ok := find(Mutations([]byte(test.input), 1), test.name)
		if !ok || string(m.Data) != test.want || m.Certainty != test.certainty {
			t.Errorf("%q, %s: %q, %s; want %q, %s", test.input, test.name, m.Data, m.Certainty, test.want, test.certainty)
		}
	}
	for _, test := range [][2]string{
		{"", "empty-file"}, {"abc\n", "doubled-spaces"}, {"abc\n", "word-for-number"}, {"1\n", "truncated"},
		{"1", "no-final-newline"}, {"1\n2 3\n", "broken-line"},
	} {
		if m, ok := find(Mutations([]byte(test[0]), 1), test[1]); ok {
			t.Errorf("%q, %s: %q; want none", test[0], test[1], m.Data)
		}
	}
}

// checkMutations holds what the documentation of Mutations promises.
func checkMutations(t *testing.T, input []byte, seed uint64) {
	t.Helper()
	before := bytes.Clone(input)
	list := Mutations(input, seed)
	if !bytes.Equal(before, input) {
		t.Fatal("the input was changed")
	}
	if !reflect.DeepEqual(list, Mutations(input, seed)) {
		t.Error("two calls differ")
	}
	names := map[string]bool{}
	limit := max(1<<10, 2*len(input), len(input)+64)
	for _, m := range list {
		if names[m.Name] || !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(m.Name) || m.What == "" {
			t.Errorf("name %q, %q", m.Name, m.What)
		}
		names[m.Name] = true
		if bytes.Equal(m.Data, input) || len(m.Data) > limit || len(input) > MaxMutated && len(m.Data) > 1<<10 {
			t.Errorf("%s: %d bytes from %d", m.Name, len(m.Data), len(input))
		}
	}
}

func TestMutationsPromises(t *testing.T) {
	for _, input := range []string{"", "\n", " ", "1", "3\n1 2 3\n", "\x00\xff", strings.Repeat("1 2\n", 20_000), strings.Repeat("9 ", 1<<20)} {
		checkMutations(t, []byte(input), 7)
	}
	a, _ := find(Mutations(nil, 1), "random-bytes")
	b, _ := find(Mutations(nil, 2), "random-bytes")
	if bytes.Equal(a.Data, b.Data) {
		t.Error("the seed is of no effect")
	}
}

func FuzzMutations(f *testing.F) {
	for _, seed := range []string{"", "3\n1 2 3\n", "word\r\n\r\n", "\xef\xbb\xbf1", " \t 5"} {
		f.Add([]byte(seed), uint64(1))
	}
	f.Fuzz(func(t *testing.T, input []byte, seed uint64) { checkMutations(t, input, seed) })
}
