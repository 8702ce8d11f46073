package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/verdict"
)

var repeat = flag.Int("repeat", 1, "judge every example this often, and want the same verdicts each time")

// The verdict that a submission of an example has, by its folder. The format
// has no folder for compile errors; that one is ours.
var folderVerdicts = map[string]verdict.Verdict{
	"accepted":            verdict.Accepted,
	"partially_accepted":  verdict.Accepted,
	"wrong_answer":        verdict.WrongAnswer,
	"time_limit_exceeded": verdict.TimeLimit,
	"run_time_error":      verdict.RuntimeError,
	"compile_error":       verdict.CompileError,
}

// The submissions whose verdict is one that the format has no folder for.
var exactVerdicts = map[string]verdict.Verdict{
	"guess/submissions/time_limit_exceeded/no_flush.c": verdict.IdleLimit,
	"hideout/submissions/time_limit_exceeded/waits.py": verdict.IdleLimit,
	"lookup/submissions/partly/unique_words.py":        verdict.RuntimeError,
	"sum/submissions/time_limit_exceeded/asleep.sh":    verdict.IdleLimit,
	"sum/submissions/run_time_error/hoarder.cpp":       verdict.MemoryLimit,
	"sum/submissions/run_time_error/chatter.c":         verdict.OutputLimit,
}

// The scores of the submissions that have one.
var exampleScores = map[string]float64{
	"coins/submissions/accepted/table.py":              15,
	"coins/submissions/partially_accepted/greedy.py":   24,
	"coins/submissions/partially_accepted/one_kind.py": 1005,
	"divisors/submissions/accepted/root.cpp":           100,
	"divisors/submissions/partially_accepted/all.py":   20,
	"divisors/submissions/partially_accepted/int.c":    50,
	"golf/submissions/accepted/short.py":               100,
	"golf/submissions/accepted/long.py":                78,
	"golf/submissions/wrong_answer/imports.py":         60,
	"golf/submissions/wrong_answer/letters.py":         40,
	"roots/submissions/accepted/whole_numbers.py":      100,
	"roots/submissions/accepted/float.py":              88.5,
	"roots/submissions/wrong_answer/floor.py":          20,
	"roots/submissions/wrong_answer/newton.py":         25,
	"triangles/submissions/accepted/all":               100,
	"triangles/submissions/wrong_answer/small":         50,
}

// TestExamples judges every submission of every example package with the
// evalx command and compares the verdict with the folder it lies in. Then it
// has all of them verified.
func TestExamples(t *testing.T) {
	evalx, env := buildEvalx(t), isolatedEnv(t)
	seen := map[verdict.Verdict]bool{}
	for _, name := range exampleSubmissions(t) {
		t.Run(name, func(t *testing.T) {
			want := wantedVerdict(t, name)
			first := judgeExample(t, evalx, env, name)
			if got := first[""]; got != want {
				t.Errorf("verdict %v, want %v", got, want)
			}
			seen[first[""]] = true
			for i := 1; i < *repeat; i++ {
				if again := judgeExample(t, evalx, env, name); !maps.Equal(again, first) {
					t.Errorf("repeat %d: verdicts %v, the first time %v", i, again, first)
				}
			}
		})
	}
	if t.Failed() || !fullRun() {
		return
	}
	for v := verdict.Accepted; v <= verdict.CompileError; v++ {
		if !seen[v] {
			t.Errorf("no example has the verdict %v", v)
		}
	}
	verifyExamples(t, evalx, env)
}

// verifyExamples wants evalx verify to find every example package in order. It
// compiles nothing again.
func verifyExamples(t *testing.T, evalx string, env []string) {
	t.Helper()
	cmd := exec.Command(evalx, "verify", "--quiet", ".")
	cmd.Dir, cmd.Env = "../../problems", env
	if output, err := cmd.CombinedOutput(); err != nil || bytes.Contains(output, []byte("warning")) {
		t.Errorf("evalx verify problems: %v\n%s", err, output)
	}
}

// fullRun tells whether go test was asked for every subtest.
func fullRun() bool {
	return !strings.Contains(flag.Lookup("test.run").Value.String(), "/")
}

// TestEveryLanguageHasAnExample keeps problems/hello complete.
func TestEveryLanguageHasAnExample(t *testing.T) {
	set, err := language.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir("../../problems/hello/submissions/accepted")
	if err != nil {
		t.Fatal(err)
	}
	var extensions []string
	for _, file := range files {
		extensions = append(extensions, filepath.Ext(file.Name()))
	}
	for _, l := range set.All() {
		has := func(extension string) bool { return slices.Contains(l.Extensions, extension) }
		if !slices.ContainsFunc(extensions, has) {
			t.Errorf("problems/hello has no accepted submission in %s (%q)", l.Name, l.Extensions)
		}
	}
}

// buildEvalx builds the evalx command and returns its path.
func buildEvalx(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "evalx")
	if output, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return binary
}

// isolatedEnv is the environment with a cache folder of the test's own.
func isolatedEnv(t *testing.T) []string {
	return append(os.Environ(), "XDG_CACHE_HOME="+t.TempDir())
}

// exampleSubmissions returns the submissions of all examples, relative to
// problems/. A submission is a file or a folder.
func exampleSubmissions(t *testing.T) []string {
	t.Helper()
	paths, err := filepath.Glob("../../problems/*/submissions/*/*")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no example submissions found: %v", err)
	}
	for i, path := range paths {
		paths[i] = filepath.ToSlash(strings.TrimPrefix(path, filepath.FromSlash("../../problems/")))
	}
	return paths
}

func wantedVerdict(t *testing.T, name string) verdict.Verdict {
	t.Helper()
	if v, ok := exactVerdicts[name]; ok {
		return v
	}
	v, ok := folderVerdicts[strings.Split(name, "/")[2]]
	if !ok {
		t.Fatalf("the folder says nothing of the verdict")
	}
	return v
}

// judgeExample runs evalx judge --json and returns the verdict of each test
// case and, by the name "", of the submission.
func judgeExample(t *testing.T, evalx string, env []string, name string) map[string]verdict.Verdict {
	t.Helper()
	problem := strings.Split(name, "/")[0]
	cmd := exec.Command(evalx, "judge", "--json", "--strict", filepath.FromSlash(name), problem)
	cmd.Dir, cmd.Env = "../../problems", env
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	verdicts, last := readVerdicts(t, &stdout)
	if code := cmd.ProcessState.ExitCode(); code > 1 {
		t.Errorf("exit code %d: %s\n%s", code, last.Message, stderr.String())
	}
	if want, ok := exampleScores[name]; ok != (last.Score != nil) || ok && *last.Score != want {
		line, _ := json.Marshal(last)
		t.Errorf("score %v is wanted, got %s", want, line)
	}
	return verdicts
}

func readVerdicts(t *testing.T, events *bytes.Buffer) (verdicts map[string]verdict.Verdict, last judge.Event) {
	t.Helper()
	verdicts = map[string]verdict.Verdict{}
	lines := bufio.NewScanner(events)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e judge.Event
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			t.Fatalf("%q: %v", lines.Text(), err)
		}
		if e.Kind == judge.Case || e.Kind == judge.Finished {
			verdicts[e.Case] = e.Verdict
			last = e
		}
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return verdicts, last
}
