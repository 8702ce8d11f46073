package problem

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// lone writes text as sum.yaml beside some files and loads it.
func lone(t *testing.T, text string, opt Options) (*Problem, error) {
	t.Helper()
	dir := write(t, map[string]string{
		"sum.yaml":  "problem_format_version: evalx-1\n" + text,
		"data/1.in": "1 2\n", "data/1.ans": "3\n",
		"data/2.in": "2 2\n", "data/2.out": "4\n",
		"polygon/01": "0 0\n", "polygon/01.a": "0\n",
		"odd/3.in": "", "check.py": "", "sum.py": "", "slow.py": "",
	})
	opt.Temp = t.TempDir()
	p, err := Load(filepath.Join(dir, "sum.yaml"), opt)
	if err != nil {
		if left, _ := os.ReadDir(opt.Temp); len(left) > 0 {
			t.Errorf("left in Temp: %v", left)
		}
		return nil, err
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(opt.Temp); len(left) > 0 {
			t.Errorf("left in Temp: %v", left)
		}
	})
	return p, nil
}

func TestSingleFile(t *testing.T) {
	p, err := lone(t, `
name: Sum
limits: {time_limit: 1.5, memory: 256}
languages: [cpp, python3]
validator_flags: float_tolerance 1e-6
output_validator: check.py
tests:
  - input: 1 2
    answer: 3
  - name: empty
    input: ""
    answer: ""
    validator_flags: [case_sensitive]
  - files: data/*
  - polygon/*
submissions:
  sum.py: accepted
  slow.py: TLE
`, Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := caseNames(p), "1 empty data/1 data/2 polygon/01"; got != want {
		t.Errorf("cases %s, want %s", got, want)
	}
	for i, want := range []string{"1 2\n|3\n", "|", "1 2\n|3\n", "2 2\n|4\n", "0 0\n|0\n"} {
		c := p.Cases()[i]
		if got := read(t, c.Input) + "|" + read(t, c.Answer); got != want {
			t.Errorf("%s: %q, want %q", c.Name, got, want)
		}
	}
	if got := p.Cases()[1].ValidatorArgs; !slices.Equal(got, []string{"float_tolerance", "1e-6", "case_sensitive"}) {
		t.Errorf("arguments %q", got)
	}
	if p.ShortName != "sum" || p.Names[""] != "Sum" || p.Limits.Time != 1500*time.Millisecond || p.Limits.TimeSource != "sum.yaml:4" || p.Limits.Memory != 256<<20 {
		t.Errorf("got %+v", p)
	}
	if len(p.Validators) != 1 || p.Validators[0].Name != "check.py" {
		t.Errorf("validators %+v", p.Validators)
	}
	if e, ok := p.Expect(filepath.Join(p.Dir, "slow.py")); !ok || e.Sources() != "sum.yaml:19" || len(e.Rules) != 1 {
		t.Errorf("Expect: %+v, %v", e, ok)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestSingleFileDefaults(t *testing.T) {
	p, err := lone(t, "tests: data/*.in\n", Options{})
	if err != nil {
		t.Fatal(err)
	}
	if p.Limits.Time != 2*time.Second || p.Limits.TimeSource != "default of evalx-1" || caseNames(p) != "data/1 data/2" || p.Kind != (Kind{}) {
		t.Errorf("got %+v", p)
	}
}

func TestSingleFileErrors(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"no tests", "name: x\n", "sum.yaml:1:1: problem has no tests"},
		{"empty list", "tests: []\n", "sum.yaml:1:1: problem has no tests"},
		{"no answer", "tests:\n  - input: 1\n", "sum.yaml:3:5: tests[0]: test has no answer"},
		{"no input", "tests:\n  - answer: 1\n", "sum.yaml:3:5: tests[0]: test has no input"},
		{"unknown key", "tests:\n  - inptu: 1\n    answer: 2\n", `sum.yaml:3: unknown key "inptu" in tests[0] (did you mean "input"?)`},
		{"unknown limit", "limits: {time: 1}\n", `sum.yaml:2: unknown key "time" in limits`},
		{"both", "tests:\n  - {files: data/*.in, input: 1, answer: 1}\n", "has files as well as name, input or answer"},
		{"no match", "tests: data/*.txt\n", `sum.yaml:2:8: tests: no file matches "data/*.txt"`},
		{"answer missing", "tests: odd/*\n", "sum.yaml:2:8: tests: test odd/3.in has no answer odd/3.ans beside it"},
		{"outside", "tests: ../*.in\n", `"../*.in" is not a path below the folder`},
		{"absolute", "tests: /etc/*\n", `"/etc/*" is not a path below the folder`},
		{"bad pattern", "tests: data/[\n", `"data/[" is not a valid pattern`},
		{"twice", "tests: [data/1.in, data/*.in]\n", "test data/1 is there twice"},
		{"bad name", "tests:\n  - {name: a/b, input: 1, answer: 1}\n", `"a/b" cannot be the name of a test`},
		{"no validator", "output_validator: chekc.py\ntests: data/*\n", "output_validator: there is no "},
		{"validator outside", "output_validator: ../x\ntests: data/*\n", `"../x" is not a path below`},
		{"verdict", "tests: data/*\nsubmissions: {sum.py: good}\n", `sum.yaml:3:23: sum.py: unknown verdict "good" (use AC, RTE`},
		{"no submission", "tests: data/*\nsubmissions: {s.py: AC}\n", "s.py: there is no "},
		{"zero time", "limits: {time_limit: 0}\ntests: data/*\n", "sum.yaml:2:22: time_limit: must be a number of seconds"},
		{"negative memory", "limits: {memory: -1}\ntests: data/*\n", "sum.yaml:2:18: memory: must be a number from 1"},
		{"tests is a map", "tests: {a: b}\n", "sum.yaml:2:8: tests: must be a list, not a map"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := lone(t, test.yaml, Options{})
			if text := explain(err); !strings.Contains(text, test.want) {
				t.Errorf("got %s\nwant %q in it", text, test.want)
			}
		})
	}
}

// A link out of the package is refused before anything is looked up behind it,
// and links that lead to each other do not keep evalx busy.
func TestSingleFilePatternsStayInside(t *testing.T) {
	dir := write(t, map[string]string{"a/1.in": "", "a/1.ans": ""})
	outside := write(t, map[string]string{"secret/1.in": "", "secret/1.ans": ""})
	for link, target := range map[string]string{"out": outside, "a/loop": "..", "a/again": ".."} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	deep := "a/" + strings.Repeat("*/a/", 30) + "*.in"
	for pattern, want := range map[string]string{
		"out/*/*": "symlink leaves the package", "*/*/*": "symlink leaves the package",
		deep: "package has more than",
	} {
		file := filepath.Join(dir, "x.yaml")
		if err := os.WriteFile(file, []byte("problem_format_version: evalx-1\ntests: '"+pattern+"'\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := Load(file, Options{Temp: t.TempDir()})
		if text := explain(err); !strings.Contains(text, want) || strings.Contains(text, "secret") {
			t.Errorf("%.20s: got %.300s\nwant %q in it", pattern, text, want)
		}
	}
}
