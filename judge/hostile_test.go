package judge_test

import (
	"context"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

// Submissions that aim at the judge by way of the compiler must get a verdict:
// an error of evalx would be their choice, and nobody's mistake.
func TestHostileSubmissionsGetVerdicts(t *testing.T) {
	deep := `BEGIN { chdir "/w/box"; for (1..60) { mkdir("d" x 250); chdir("d" x 250); } open F, ">f"; print F "x"; close F; }
print "3\n";
`
	for _, test := range []struct {
		name, code string
		want       verdict.Verdict
		message    string
	}{
		{"main.rs", "#![crate_type = \"lib\"]\npub fn main() {}\n", verdict.RuntimeError, "cannot be started"},
		{"main.pl", deep, verdict.Accepted, ""},
		{"main.c", "#include __FILE__\n", verdict.CompileError, ""},
		{"main.c", "#include \"/dev/zero\"\n", verdict.CompileError, ""},
	} {
		cfg := config(t, openNative(t))
		r, err := judge.Run(context.Background(), judge.Job{Problem: load(t, sumData), Submission: source(t, test.name, test.code)}, cfg)
		if err != nil || r.Verdict != test.want {
			t.Errorf("%q: verdict %v, want %v: %v", test.code, r.Verdict, test.want, err)
			continue
		}
		if test.message != "" && !strings.Contains(r.Cases[0].Message, test.message) {
			t.Errorf("%q: message %q, want %q in it", test.code, r.Cases[0].Message, test.message)
		}
	}
}

// What a compiler is made to say is not kept in memory as a whole.
func TestLongWordsOfACompiler(t *testing.T) {
	line := strings.Repeat("x", 900)
	c := "#pragma message \"" + line + "\"\n#if __INCLUDE_LEVEL__ < 13\n#include __FILE__\n#include __FILE__\n#endif\n"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r := run(t, load(t, sumData), source(t, "main.c", c), config(t, openNative(t)))
	runtime.ReadMemStats(&after)
	if r.Verdict != verdict.CompileError || r.Compile.Message == "" {
		t.Errorf("verdict %v, words %.100q", r.Verdict, r.Compile.Message)
	}
	if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 60 {
		t.Errorf("allocated %d MiB", used)
	}
}

// Output without end is that, whatever a language makes of a write that fails,
// and is neither waited for nor repeated.
func TestOutputWithoutEnd(t *testing.T) {
	p := load(t, commands("a", "b").with(files{".timelimit": "5\n", "problem.yaml": "name: Test\nlimits:\n  output: 1\n"}))
	for name, code := range map[string]string{
		"main.c":    "#include <stdio.h>\nint main(void) { for (;;) puts(\"and so on\"); }\n",
		"main.py":   "while True: print('and so on' * 100)\n",
		"main.java": "class main { public static void main(String[] a) { for (;;) System.out.println(\"and so on\"); } }\n",
	} {
		cfg := config(t, openNative(t))
		cfg.Band = 1
		r := run(t, p, source(t, name, code), cfg)
		if got := verdicts(r); got != "OLE OLE = OLE" {
			t.Errorf("%s: %s: %+v", name, got, r.Cases)
			continue
		}
		if c := r.Cases[0]; c.Beside != 0 || c.CPU > 4*time.Second || !strings.Contains(c.Message, "wrote more than 1024 KiB") {
			t.Errorf("%s: %+v", name, c)
		}
	}
}
