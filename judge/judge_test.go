package judge_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/native"
	"github.com/evalx/evalx/isolate/none"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

func TestMain(m *testing.M) {
	native.Main()
	os.Exit(m.Run())
}

// files is a problem package or a submission by path and content.
type files map[string]string

// folder writes files into a new folder, executable if they begin with #!.
func folder(t *testing.T, f files) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "problem")
	for name, content := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		mode := os.FileMode(0o644)
		if strings.HasPrefix(content, "#!") {
			mode = 0o755
		}
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load loads a legacy package with these files, a name and, unless there is a
// .timelimit, one second.
func load(t *testing.T, f files) *problem.Problem {
	t.Helper()
	all := files{"problem.yaml": "name: Test\n", ".timelimit": "1\n"}
	for name, content := range f {
		all[name] = content
	}
	if all[".timelimit"] == "" {
		delete(all, ".timelimit")
	}
	p, err := problem.Load(folder(t, all), problem.Options{Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// source makes a submission of one file.
func source(t *testing.T, name, code string) problem.Program {
	t.Helper()
	s, err := judge.OpenSubmission(filepath.Join(folder(t, files{name: code}), name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// box is a sandbox that says what it can do.
type box interface {
	isolate.Sandbox
	Capabilities() isolate.Capabilities
}

func openNone(t *testing.T) box {
	t.Helper()
	s, err := none.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func openNative(t *testing.T) box {
	t.Helper()
	s, err := native.Open(native.Config{Workers: 8})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func config(t *testing.T, s box) judge.Config {
	t.Helper()
	languages, err := language.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	output := func(ctx context.Context, argv []string) ([]byte, error) {
		return exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
	}
	return judge.Config{
		Sandbox: s, Capabilities: s.Capabilities(), Languages: languages,
		Finder: language.Finder{Path: os.Getenv("PATH"), Env: os.Getenv, Output: output},
		Jobs:   2, Temp: t.TempDir(), Now: time.Now,
	}
}

func run(t *testing.T, p *problem.Problem, s problem.Program, cfg judge.Config) *judge.Report {
	t.Helper()
	r, err := judge.Run(context.Background(), judge.Job{Problem: p, Submission: s}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// verdicts lists the verdicts of the test cases in order, then the
// submission's.
func verdicts(r *judge.Report) string {
	var codes []string
	for _, c := range r.Cases {
		codes = append(codes, c.Verdict.String())
	}
	return strings.Join(codes, " ") + " = " + r.Verdict.String()
}

const sumCode = `#include <iostream>
int main() { long a, b; std::cin >> a >> b; std::cout << a + b << "\n"; }
`

var sumData = files{"data/secret/1.in": "1 2\n", "data/secret/1.ans": "3\n"}

func TestVerdictsInEachSandbox(t *testing.T) {
	sandboxes := map[string]box{"none": openNone(t), "native": openNative(t)}
	for _, test := range []struct{ name, code, want, message string }{
		{"accepted", sumCode, "AC", ""},
		{"wrong", `#include <cstdio>
int main() { puts("4"); }`, "WA", ""},
		{"slow", `int main() { for (volatile long i = 0;; i++); }`, "TLE", "limit is 1.000 s"},
		{"idle", `#include <unistd.h>
int main() { sleep(100); }`, "ILE", "used only"},
		{"segfault", `#include <signal.h>
int main() { raise(SIGSEGV); }`, "RTE", "killed by SIGSEGV (segmentation fault)"},
		{"exit code", `#include <cstdio>
int main() { fputs("first\nlast words", stderr); puts("3"); return 7; }`, "RTE", "exit code 7"},
		{"chatty", `#include <cstdio>
int main() { for (;;) puts("a line that is neither long nor short"); }`, "OLE", "wrote more than 8192 KiB"},
		{"hungry", `#include <vector>
int main() { std::vector<std::vector<char>> v; for (;;) v.emplace_back(1 << 24, 1); }`, "MLE", "needed more than 256 MiB"},
		{"compile error", "int main() { return x; }\n", "CE", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			for name, sandbox := range sandboxes {
				t.Run(name, func(t *testing.T) {
					p := load(t, files{"problem.yaml": "name: Test\nlimits:\n  memory: 256\n"}.with(sumData))
					r := run(t, p, source(t, "main.cpp", test.code), config(t, sandbox))
					if r.Verdict.String() != test.want {
						t.Fatalf("got %s, want %s: %+v", r.Verdict, test.want, r.Cases)
					}
					if got := r.Cases[0].Message; !strings.Contains(got, test.message) {
						t.Errorf("message %q, want %q in it", got, test.message)
					}
				})
			}
		})
	}
}

// with returns f and more in one.
func (f files) with(more files) files {
	all := files{}
	for _, part := range []files{f, more} {
		for name, content := range part {
			all[name] = content
		}
	}
	return all
}

func TestCompileErrorHasTheCompilersWords(t *testing.T) {
	p := load(t, sumData)
	r := run(t, p, source(t, "main.cpp", "int main() {\n  return x;\n}\n"), config(t, openNative(t)))
	if got := r.Compile.Message; !strings.Contains(got, "main.cpp:2:10: error:") || strings.Contains(got, "/w/") {
		t.Errorf("got %q", got)
	}
}

func TestRuntimeErrorHasItsLastWords(t *testing.T) {
	p := load(t, sumData)
	r := run(t, p, source(t, "main.py", "import sys\nsys.exit('the\\nend')\n"), config(t, openNative(t)))
	if c := r.Cases[0]; c.Verdict != verdict.RuntimeError || c.ExitCode != 1 || c.Stderr != "the\nend" {
		t.Errorf("got %+v", c)
	}
}

// What a submission finds is its own code and an empty working folder, never
// an answer or another input.
func TestSubmissionSeesOnlyItself(t *testing.T) {
	p := load(t, sumData)
	code := fmt.Sprintf(`
import os
print(sorted(os.listdir("/prog")), os.listdir("."), os.getcwd(), os.path.exists(%q), os.path.exists(%q))
`, p.Dir, p.Cases()[0].Answer)
	cfg := config(t, openNative(t))
	r := run(t, p, source(t, "main.py", code), cfg)
	want := "['main.py'],"
	if d := r.Cases[0].Diff; d == nil || d.Actual != "['main.py']" {
		t.Fatalf("got %+v, want %s", d, want)
	}
	answer := "['main.py'] ['main.py'] /prog False False\n"
	p = load(t, files{"data/secret/1.in": "", "data/secret/1.ans": answer})
	if r := run(t, p, source(t, "main.py", code), cfg); r.Verdict != verdict.Accepted {
		t.Errorf("got %v", r.Cases[0].Diff)
	}
}

func TestProgramOfSeveralFilesFindsThem(t *testing.T) {
	p := load(t, sumData)
	dir := folder(t, files{"main.sh": ". ./part.sh\n", "part.sh": "read -r a b; echo $((a + b)); echo x 2>/dev/null > part.sh; true\n"})
	s, err := judge.OpenSubmission(dir)
	if err != nil {
		t.Fatal(err)
	}
	if r := run(t, p, s, config(t, openNative(t))); r.Verdict != verdict.Accepted {
		t.Errorf("got %+v", r.Cases)
	}
}

func TestFileWritingIsForProblemsThatAllowIt(t *testing.T) {
	meta := "problem_format_version: 2025-09\nname: X\nuuid: 5fa2ff5d-8a5a-4a2e-9a2a-2d1f7c0c9b11\nlimits: {time_limit: 5}\n"
	code := "open('notes', 'w').write('x')\nprint(sum(map(int, input().split())))\n"
	for extra, want := range map[string]verdict.Verdict{
		"": verdict.RuntimeError, "allow_file_writing: true\n": verdict.Accepted,
	} {
		p := load(t, files{"problem.yaml": meta + extra}.with(sumData))
		if r := run(t, p, source(t, "main.py", code), config(t, openNative(t))); r.Verdict != want {
			t.Errorf("with %q got %v, want %v: %+v", extra, r.Verdict, want, r.Cases)
		}
	}
}

func TestBadInput(t *testing.T) {
	p := load(t, sumData)
	interactive := load(t, files{"problem.yaml": "name: X\nvalidation: custom interactive\n", "output_validators/v.py": "print()\n", "output_validators/w.py": "print()\n"}.with(sumData))
	missing := config(t, openNone(t))
	missing.Finder = language.Finder{Path: t.TempDir(), Env: os.Getenv}
	var submission *judge.SubmissionError
	var pkg *judge.PackageError
	var gone *language.Missing
	for _, test := range []struct {
		name  string
		cfg   judge.Config
		job   judge.Job
		as    any
		words string
	}{
		{"empty", config(t, openNone(t)), judge.Job{Problem: p, Submission: source(t, "a.cpp", "")}, &submission, "a.cpp: is empty"},
		{"huge", config(t, openNone(t)), judge.Job{Problem: p, Submission: source(t, "a.cpp", strings.Repeat("// long\n", 20_000))}, &submission, "a.cpp: "},
		{"binary", config(t, openNone(t)), judge.Job{Problem: p, Submission: source(t, "a.cpp", "int\x00main")}, &submission, "NUL"},
		{"language", config(t, openNone(t)), judge.Job{Problem: p, Submission: source(t, "a.xyz", "x")}, &submission, ".xyz"},
		{"compiler", missing, judge.Job{Problem: p, Submission: source(t, "a.cpp", sumCode)}, &gone, "C++ is not installed"},
		{"interactive", config(t, openNone(t)), judge.Job{Problem: interactive, Submission: source(t, "a.cpp", sumCode)}, &pkg, "an interactive problem has one output validator, and this one has 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			r, err := judge.Run(context.Background(), test.job, test.cfg)
			if !errors.As(err, test.as) || !strings.Contains(fmt.Sprint(err), test.words) {
				t.Errorf("got %T %v, want %T with %q", err, err, test.as, test.words)
			}
			if r.Verdict != verdict.Pending {
				t.Errorf("verdict %v", r.Verdict)
			}
		})
	}
}

func TestOnlyMatchesNamesAndGroups(t *testing.T) {
	data := files{}
	for _, name := range []string{"sample/1", "secret/a/1", "secret/a/2", "secret/b/1"} {
		data["data/"+name+".in"], data["data/"+name+".ans"] = "1 2\n", "3\n"
	}
	p := load(t, data)
	s := source(t, "main.sh", "read a b; echo $((a+b))\n")
	for _, test := range []struct {
		only string
		want int
	}{{"sample/*", 1}, {"secret/a", 2}, {"secret/*/1", 2}, {"*", 4}, {"nothing", 0}} {
		r, err := judge.Run(context.Background(), judge.Job{Problem: p, Submission: s, Only: []string{test.only}}, config(t, openNone(t)))
		if test.want == 0 {
			if !errors.Is(err, judge.ErrNoCases) {
				t.Errorf("%s: got %v, want ErrNoCases", test.only, err)
			}
			continue
		}
		if err != nil || len(r.Cases) != test.want || r.Verdict != verdict.Accepted {
			t.Errorf("%s: got %v, %v; want %d test cases", test.only, verdicts(r), err, test.want)
		}
	}
}
