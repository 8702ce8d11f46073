package verify_test

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evalx/evalx/internal/cache"
	"github.com/evalx/evalx/isolate/native"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

func TestMain(m *testing.M) {
	native.Main()
	os.Exit(m.Run())
}

// files is a problem package by path and content.
type files map[string]string

// with returns f with other files; an empty one is left out.
func (f files) with(other files) files {
	all := maps.Clone(f)
	maps.Copy(all, other)
	maps.DeleteFunc(all, func(_, text string) bool { return text == "" })
	return all
}

// write writes the package to a new folder called name.
func (f files) write(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	f.to(t, dir)
	return dir
}

func (f files) to(t *testing.T, dir string) {
	t.Helper()
	for name, text := range f {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// double is a package in which submissions print twice their input. Shell
// scripts compile in no time.
var double = files{
	"problem.yaml":                     "problem_format_version: 2025-09\nname: {en: Double}\nuuid: 36a1c1a6-6b7d-4a3f-9dd2-0ecb8e0f1111\nlimits: {time_limit: 1}\n",
	"statement/problem.en.md":          "Double it.\n",
	"data/sample/1.in":                 "3\n",
	"data/sample/1.ans":                "6\n",
	"data/secret/a.in":                 "10\n",
	"data/secret/a.ans":                "20\n",
	"data/secret/b.in":                 "77\n",
	"data/secret/b.ans":                "154\n",
	"submissions/accepted/double.sh":   "read n\necho $((2 * n))\n",
	"submissions/wrong_answer/same.sh": "cat\n",
	"input_validators/number.sh":       number,
}

// number is an input validator for a line with a number.
const number = `input=$(cat; echo .)
n=$(printf %s "$input" | tr -d '\n.')
case $n in ''|*[!0-9]*) echo "not a number"; exit 43;; esac
[ "$input" = "$n
." ] || exit 43
[ ${#n} -lt 4 ] || exit 43
exit 42
`

// engine returns a real one, with a cache in dir, or none if that is "".
func engine(t *testing.T, dir string) judge.Config {
	t.Helper()
	s, err := native.Open(native.Config{Workers: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	languages, err := language.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	finder := language.Finder{Path: os.Getenv("PATH"), Env: os.Getenv, Output: func(ctx context.Context, argv []string) ([]byte, error) {
		return exec.CommandContext(ctx, argv[0], argv[1:]...).CombinedOutput()
	}}
	cfg := judge.Config{
		Sandbox: s, Capabilities: s.Capabilities(), Languages: languages, Jobs: 2, Temp: t.TempDir(), Now: time.Now, Band: 0.1,
	}
	if dir != "" {
		c, err := cache.Open(dir, 0, time.Now)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { c.Close() })
		cfg.LookUp, cfg.Store, cfg.Folder = c.Get, c.Put, c.Folder
		finder.LookUp, finder.Store = c.Get, c.Put
	}
	cfg.Finder = finder
	return cfg
}

func run(t *testing.T, dir string, cfg verify.Config) *verify.Report {
	t.Helper()
	r, err := verify.Run(context.Background(), verify.Package{Path: dir}, cfg)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// found lists the findings that are no notes, as severity and rule.
func found(r *verify.Report) []string {
	list := []string{}
	for _, f := range r.Findings {
		if f.Severity != problem.Note {
			list = append(list, string(f.Severity)+" "+f.Rule)
		}
	}
	return slices.Compact(list)
}

// partial makes double one with scores and no range of them, in which a
// submission that should miss some has all.
var partial = files{
	"problem.yaml":            "name: Double\ntype: scoring\n",
	"statement/problem.en.md": "", "problem_statement/problem.en.tex": "\\problemname{Double}\n",
	"data/testdata.yaml":                   "on_reject: continue\naccept_score: 50\ngrader_flags: ignore_sample accept_if_any_accepted\n",
	"submissions/partially_accepted/f.sh":  "read n\necho $((n + n))\n",
	"submissions/partially_accepted/ok.sh": "read n\n[ $n = 77 ] || echo $((n + n))\n",
}

func TestFindings(t *testing.T) {
	type list = []string
	for _, test := range []struct {
		name    string
		change  files
		outcome verify.Outcome
		want    list
	}{
		{"clean", nil, verify.Clean, list{}},
		{"wrong expectation", files{"submissions/accepted/same.sh": "cat\n"}, verify.Unexpected, list{"error unexpected-verdict"}},
		{"accepted but should not", files{"submissions/wrong_answer/right.sh": "read n; echo $((n + n))\n"}, verify.Unexpected, list{"error unexpected-verdict"}},
		{"group should fail", files{"submissions/submissions.yaml": "accepted/double.sh:\n  secret/b: {required: [WA]}\n"}, verify.Unexpected, list{"error unexpected-verdict"}},
		{"group fails as it should", files{
			"submissions/submissions.yaml":   "mixed/small.sh:\n  sample: {permitted: [AC]}\n  secret/b: {required: [RTE]}\n",
			"submissions/mixed/small.sh":     "read n\n[ $n -lt 50 ] || exit 1\necho $((2 * n))\n",
			"submissions/wrong_answer/or.sh": "read n; echo $((2 | n))\n",
		}, verify.Clean, list{}},
		{"partially accepted with the best score", partial, verify.Unexpected, list{"error unexpected-verdict"}},
		{"does not compile", files{"submissions/accepted/typo.sh": "if\n"}, verify.Unexpected, list{"error compile-error"}},
		{"validator accepts everything", files{
			"output_validator/all.sh": "exit 42\n", "data/invalid_output/x.in": "1\n", "data/invalid_output/x.ans": "2\n", "data/invalid_output/x.out": "3\n",
		}, verify.Unexpected, list{"error invalid-output-accepted", "error unexpected-verdict"}},
		{"validator rejects valid output", files{
			"output_validator/none.sh": "echo never > $3/judgemessage.txt; exit 43\n",
			"data/valid_output/x.in":   "1\n", "data/valid_output/x.ans": "2\n", "data/valid_output/x.out": "2\n",
			"submissions/accepted/double.sh": "", "submissions/wrong_answer/none.sh": "echo\n", "submissions/rejected/none.sh": "echo\n",
		}, verify.Unexpected, list{"error sample-rejected", "error valid-output-rejected", "error missing-accepted"}},
		{"validator crashes", files{"output_validator/crash.sh": "exit 1\n"}, verify.Failed, list{"error output-validator-broken", "error judge-error", "warning output-validator-fails-on-answer"}},
		{"scores add up to no number", files{
			"problem.yaml":                "problem_format_version: 2025-09\ntype: scoring\nname: {en: Double}\nuuid: 36a1c1a6-6b7d-4a3f-9dd2-0ecb8e0f1111\nlimits: {time_limit: 1}\n",
			"data/secret/test_group.yaml": "max_score: unbounded\nscore_aggregation: sum\n",
			"output_validator/huge.sh":    "read n\n[ \"$n\" = \"$(cat $2)\" ] || exit 43\necho 1.7e308 > $3/score.txt\nexit 42\n",
		}, verify.Failed, list{"error judge-error"}},
		{"validator does not compile", files{"output_validator/typo.sh": "if\n"}, verify.Invalid, list{"error output-validator-broken"}},
		{"input validator accepts everything", files{
			"input_validators/number.sh": "exit 42\n", "data/invalid_input/x.in": "x\n",
		}, verify.Unexpected, list{"error invalid-input-accepted", "warning input-validator-accepts-junk"}},
		{"invalid input is rejected", files{"data/invalid_input/x.in": "x\n"}, verify.Clean, list{}},
		{"input validator rejects valid input", files{"input_validators/small.sh": "read n\n[ $n -lt 50 ] || exit 43\nexit 42\n"}, verify.Unexpected, list{"error invalid-input"}},
		{"input validator crashes", files{"input_validators/crash.sh": "kill -SEGV $$\n"}, verify.Unexpected, list{"error input-validator-broken"}},
		{"input validator ends by an assertion", files{"input_validators/number.sh": strings.ReplaceAll(number, "exit 43", "kill -ABRT $$"), "data/invalid_input/x.in": "x\n"}, verify.Clean, list{}},
		{"input validator does not compile", files{"input_validators/typo.sh": "if\n"}, verify.Unexpected, list{"error input-validator-broken"}},
		{"checktestdata", files{"input_validators/n.ctd": "INT(1, 100, n) NEWLINE\n"}, verify.Clean, list{}},
		{"checktestdata rejects valid input", files{"input_validators/n.ctd": "INT(1, 50) NEWLINE\n"}, verify.Unexpected, list{"error invalid-input"}},
		{"checktestdata with a mistake", files{"input_validators/n.ctd": "INT(1, 100, n NEWLINE\n"}, verify.Unexpected, list{"error input-validator-broken"}},
		{"checktestdata that goes wrong", files{"input_validators/n.ctd": "INT(1, 100/0) NEWLINE\n"}, verify.Unexpected, list{"error input-validator-broken"}},
		{"odd checktestdata", files{"input_validators/n.ctd": "INT(1, 100, n) REGEX(\"[\\\\.\\n]\")\n"}, verify.Warned, list{"warning odd-checktestdata"}},
		{"no input validator", files{"input_validators/number.sh": ""}, verify.Warned, list{"warning missing-input-validator"}},
		{"invalid", files{"data/secret/a.ans": ""}, verify.Invalid, list{"error missing-answer"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := run(t, double.with(test.change).write(t, "double"), verify.Config{Engine: engine(t, "")})
			if got := found(r); r.Outcome != test.outcome || !slices.Equal(got, test.want) {
				t.Errorf("%s, %q; want %s, %q", r.Outcome, got, test.outcome, test.want)
				for _, f := range r.Findings {
					t.Log(f.Severity, f)
				}
			}
		})
	}
}

// The limit is derived from the slowest of those that have to be fast enough,
// and by how much others are too slow is known up to twice the limit.
func TestDerivedLimit(t *testing.T) {
	spin := "while :; do :; done\n"
	dir := double.with(files{
		"problem.yaml": "problem_format_version: 2025-09\nname: {en: Double}\nuuid: 36a1c1a6-6b7d-4a3f-9dd2-0ecb8e0f1111\nlimits: {time_resolution: 0.5}\n",
		"submissions/time_limit_exceeded/spin.sh":  spin,
		"submissions/time_limit_exceeded/large.sh": "read n\n[ $n = 77 ] && " + spin + "echo $((2 * n))\n",
	}).write(t, "double")
	r := run(t, dir, verify.Config{Engine: engine(t, "")})
	l := r.TimeLimit
	if r.Outcome != verify.Clean || l == nil || l.Limit != time.Second/2 || l.Stated || l.Least != time.Second/2 {
		t.Fatalf("%s, %+v, %q", r.Outcome, l, r.Findings)
	}
	if l.Slowest == nil || !slices.Contains([]string{"accepted/double.sh", "wrong_answer/same.sh"}, l.Slowest.Submission) {
		t.Errorf("slowest %+v", l.Slowest)
	}
	if f := l.Fastest; f == nil || !f.Stopped || f.CPU < time.Second || l.UpperMargin < 2 {
		t.Errorf("fastest %+v, margin %g", f, l.UpperMargin)
	}
	spinning := r.Submissions[slices.IndexFunc(r.Submissions, func(s verify.Submission) bool { return s.Path == "time_limit_exceeded/spin.sh" })]
	if last := spinning.Cases[2]; last.Verdict != verdict.TimeLimit || !last.Stopped {
		t.Errorf("%+v", last)
	}
}

// Test cases with the same content are run once.
func TestSharedCases(t *testing.T) {
	dir := double.with(files{"data/secret/again.in": "10\n", "data/secret/again.ans": "20\n"}).write(t, "double")
	r := run(t, dir, verify.Config{Engine: engine(t, "")})
	if c := r.Counts; c.Runs != 8 || c.Ran != 6 || c.Shared != 2 || r.Data.Cases != 4 || r.Data.Distinct != 3 {
		t.Errorf("%+v, %+v", c, r.Data)
	}
	if c := r.Submissions[0].Cases[2]; c.Case != "secret/again" || c.SameAs != "secret/a" || c.Verdict != verdict.Accepted {
		t.Errorf("%+v", c)
	}
}

// A second run starts nothing; then only what changed is repeated.
func TestCached(t *testing.T) {
	dir, kept := double.write(t, "double"), t.TempDir()
	cfg := verify.Config{Engine: engine(t, kept)}
	first := run(t, dir, cfg)
	if first.Counts.Ran != 6 || first.Outcome != verify.Clean {
		t.Fatalf("%+v, %v", first.Counts, first.Findings)
	}
	second := run(t, dir, cfg)
	if second.Counts.Programs != 0 || second.Counts.Cached != 6 || second.Outcome != verify.Clean || !second.Submissions[0].Cached {
		t.Errorf("second: %+v, %v", second.Counts, second.Findings)
	}
	files{"submissions/wrong_answer/same.sh": "cat; echo\n"}.to(t, dir)
	if r := run(t, dir, cfg); r.Counts.Ran != 3 || r.Counts.Cached != 3 {
		t.Errorf("another submission: %+v", r.Counts)
	}
	files{"data/secret/a.in": "11\n", "data/secret/a.ans": "22\n"}.to(t, dir)
	if r := run(t, dir, cfg); r.Counts.Ran != 2 || r.Counts.Cached != 4 {
		t.Errorf("another test case: %+v", r.Counts)
	}
	files{"data/secret/a.in": "10\n", "data/secret/a.ans": "20\n"}.to(t, dir)
	if r := run(t, dir, cfg); r.Counts.Ran != 0 {
		t.Errorf("the old test case: %+v", r.Counts)
	}
	cfg.Fresh = true
	if r := run(t, dir, cfg); r.Counts.Ran != 6 || r.Counts.Cached != 0 {
		t.Errorf("fresh: %+v", r.Counts)
	}
	cfg.Fresh, cfg.Version = false, "other"
	if r := run(t, dir, cfg); r.Counts.Ran != 6 {
		t.Errorf("another version: %+v", r.Counts)
	}
}

// What is kept and cannot be read is made again.
func TestCorruptCache(t *testing.T) {
	dir := double.write(t, "double")
	cfg := verify.Config{Engine: engine(t, t.TempDir())}
	run(t, dir, cfg)
	var mu sync.Mutex
	lookUp := cfg.Engine.LookUp
	cfg.Engine.LookUp = func(key string) ([]byte, bool) {
		mu.Lock()
		defer mu.Unlock()
		data, ok := lookUp(key)
		for _, kind := range []string{"runs ", "inputs ", "timings ", "outputs "} {
			if ok && strings.HasPrefix(key, kind) {
				return data[:len(data)/2], true
			}
		}
		return data, ok
	}
	if r := run(t, dir, cfg); r.Counts.Ran != 6 || r.Outcome != verify.Clean {
		t.Errorf("%+v, %v", r.Counts, r.Findings)
	}
}
