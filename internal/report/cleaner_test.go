package report

import (
	"strings"
	"testing"
)

// TestCleanerCutsAnywhere wants the same whatever pieces a stream comes in.
func TestCleanerCutsAnywhere(t *testing.T) {
	for _, test := range []struct{ in, want string }{
		{"plain\n", "plain\n"},
		{"é日😀\n", "é日😀\n"},
		{"\x1b[31mred\x1b[0m", `\x1b[31mred\x1b[0m`},
		{"a\r\nb\rc\r", "a\r\nb" + `\x0dc\x0d`},
		{"\xff\xe6\x97", `\xff\xe6\x97`},
		{"\u202eturned", `\u202eturned`},
		{"\r\r\n", `\x0d` + "\r\n"},
	} {
		for size := 1; size <= len(test.in); size++ {
			var out strings.Builder
			c := &Cleaner{Out: &out}
			for rest := test.in; rest != ""; rest = rest[min(size, len(rest)):] {
				piece := rest[:min(size, len(rest))]
				if n, err := c.Write([]byte(piece)); n != len(piece) || err != nil {
					t.Fatal(n, err)
				}
			}
			if err := c.Flush(); err != nil {
				t.Fatal(err)
			}
			if out.String() != test.want {
				t.Errorf("%q in pieces of %d: %q, want %q", test.in, size, out.String(), test.want)
			}
		}
	}
}
