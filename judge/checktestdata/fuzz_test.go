package checktestdata

import (
	"context"
	"errors"
	"strings"
	"testing"
)

// Whatever the program and the input are, there is an answer, soon, and places
// are within them.
func FuzzCheck(f *testing.F) {
	for _, src := range []string{
		"INT(1,10,n) NEWLINE REPI(i,n,SPACE) INT(0,10^9,a[i]) END NEWLINE ASSERT(UNIQUE(a) && !INARRAY(3,a))",
		`WHILE(!ISEOF) REGEX("[a-z]{1,5}(x|yz)*", s) IF(MATCH(" ")) SPACE ELSE NEWLINE END ASSERT(STRLEN(s)<9) END`,
		"FLOAT(0.5,1E5,x,FIXED) SPACE FLOATP(-1,x^2/3,1,3,y[1,x]) SET(z=-x%2) UNSET(z)",
		"STRING(\"a\\040\\\"b\\\n\") # comment", "SET(a=2^99,b=a/7-a%5*(1--2)) ASSERT(!a<b || a==1.5 && b!=2) EOF",
	} {
		f.Add(src, "3\n1 2 5\n", false)
		f.Add(src, "0.7 1.25e1\nabc xyz\n", true)
	}
	f.Fuzz(func(t *testing.T, src, input string, loose bool) {
		p, err := Parse([]byte(src))
		if err != nil {
			var wrong *SyntaxError
			if !errors.As(err, &wrong) || wrong.Line < 1 || wrong.Line > strings.Count(src, "\n")+1 || wrong.Column < 1 || wrong.Message == "" {
				t.Fatalf("%q: %#v", src, err)
			}
			return
		}
		m := p.machine(context.Background(), input, Options{LooseSpace: loose})
		m.steps, m.check, m.memory = 200_000, 200_000, 1<<20
		err = m.run()
		var mismatch *Mismatch
		var wrong *RunError
		switch {
		case errors.As(err, &mismatch):
			if mismatch.Line < 1 || mismatch.Line > strings.Count(input, "\n")+1 || mismatch.Column < 1 || mismatch.Rule.Line < 1 {
				t.Errorf("%q on %q: %#v", src, input, mismatch)
			}
		case err != nil && !errors.As(err, &wrong):
			t.Errorf("%q on %q: %v", src, input, err)
		}
	})
}
