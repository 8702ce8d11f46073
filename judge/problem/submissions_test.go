package problem

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge/verdict"
)

func TestExpectations(t *testing.T) {
	for _, test := range []struct {
		format              Format
		folder, allow, need string
	}{
		{Legacy, "accepted", "[AC]", "[]"},
		{Legacy, "wrong_answer", "[AC WA]", "[WA]"},
		{Legacy, "time_limit_exceeded", "[AC WA TLE]", "[TLE]"},
		{F2025, "time_limit_exceeded", "[AC TLE]", "[TLE]"},
		{Legacy, "run_time_error", "[]", "[RTE]"},
		{Legacy, "brute_force", "[AC RTE TLE]", "[RTE TLE]"},
		{F2025, "run_time_error", "[AC RTE]", "[RTE]"},
		{F2025, "rejected", "[]", "[RTE TLE WA]"},
		{F2025, "brute_force", "[AC RTE TLE]", "[RTE TLE]"},
		{Legacy, "partially_accepted", "[]", "[]"},
		{Legacy, "whatever", "[]", "[]"},
	} {
		e := folderRule(test.format, test.folder)
		if allow, need := fmt.Sprint(e.Permitted), fmt.Sprint(e.Required); allow != test.allow || need != test.need {
			t.Errorf("%s %s: permitted %s, required %s; want %s, %s", test.format, test.folder, allow, need, test.allow, test.need)
		}
	}
}

func TestSubmissionsYAML(t *testing.T) {
	files := map[string]string{
		"problem.yaml": "problem_format_version: 2025-09\nname: x\n",
		"submissions/submissions.yaml": `
accepted/*.{py,cpp}:
  language: python3
  authors: A <a@b.c>
run_time_error/app:
  entrypoint: main.py
time_limit_exceeded:
  permitted: [AC, WA, TLE]
wrong_answer/*:
  permitted: [WA, RTE]
  model_solution: false
  secret/*-easy:
    required: [AC]
mixed:
  permitted: [AC, WA]
mixed/always.c:
  required: [WA]
mixed/never.c:
  permitted: [RTE]
`,
	}
	for _, name := range []string{
		"accepted/a.cpp", "accepted/a.c", "run_time_error/app/main.py", "time_limit_exceeded/t.c",
		"wrong_answer/w.c", "mixed/m.c", "mixed/always.c", "mixed/never.c", "free/f.c",
	} {
		files["submissions/"+name] = ""
	}
	p := load(t, with(files))
	var got []string
	for _, s := range p.Submissions {
		got = append(got, fmt.Sprint(s.Path, s.Expect.Permitted(), required(s.Expect), s.Language, s.Entry))
	}
	want := []string{
		"accepted/a.c[AC] []", "accepted/a.cpp[AC] []python3", "free/f.c[] []",
		"mixed/always.c[AC WA] [[WA]]", "mixed/m.c[AC WA] []", "mixed/never.c[] []",
		"run_time_error/app[AC RTE] [[RTE]]main.py", "time_limit_exceeded/t.c[AC WA TLE] [[TLE]]", "wrong_answer/w.c[WA] [[WA]]",
	}
	if got, want := strings.Join(got, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if s, ok := p.Find(filepath.Join(p.Dir, "submissions/run_time_error/app")); !ok || s.Entry != "main.py" {
		t.Errorf("Find: %+v, %v", s, ok)
	}
	if p.Submissions[3].Expect.Sources() != "submissions/submissions.yaml:14, submissions/submissions.yaml:16" {
		t.Errorf("source %q", p.Submissions[3].Expect.Sources())
	}
	text := fmt.Sprint(p.Warnings)
	for _, want := range []string{
		"submissions/mixed/never.c: no verdict is permitted by both submissions/submissions.yaml:14 and submissions/submissions.yaml:18",
		"submissions.yaml:13:5: secret/*-easy: no test case and no test group below data matches",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("warnings %s\nwant %s", text, want)
		}
	}
	if len(p.Warnings) != 2 {
		t.Errorf("warnings %s", text)
	}
}

func TestSubmissionsYAMLMistakes(t *testing.T) {
	for yaml, want := range map[string]string{
		"accepted: {permitted: [OK]}": `submissions/submissions.yaml:1:23: permitted: unknown verdict "OK" (use AC, WA, TLE or RTE)`,
		"accepted: {required: MLE}":   `unknown verdict "MLE"`,
		"accepted: [AC]":              "submissions.yaml:1:11: accepted: must be a map, not a list",
		"- x":                         "submissions.yaml:1:1: must be a map, not a list",
	} {
		refused(t, write(t, with(map[string]string{"submissions/submissions.yaml": yaml})), Options{}, want)
	}
	p := load(t, with(map[string]string{"submissions/submissions.yaml": "accepted: {permited: [AC]}"}))
	if text := fmt.Sprint(p.Warnings); !strings.Contains(text, `unknown key "permited" in accepted (did you mean "permitted"?)`) ||
		!strings.Contains(text, "submissions.yaml belongs to format 2025-09, this package is legacy") {
		t.Errorf("warnings %s", text)
	}
}

func TestGlob(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"accepted/*", "accepted/a.py", true},
		{"accepted/*", "accepted/a/b.py", false},
		{"accepted/*.{py,c*}", "accepted/x.cpp", true},
		{"accepted/{a,b{1,2}}.c", "accepted/b2.c", true},
		{"accepted/{a,b}.c", "accepted/ab.c", false},
		{"secret/*{ 4 , 5 }{ 2 }", "secret/142", true},
		{"a.c", "axc", false},
		{"a[bc]", "ab", false},
		{"secret/*{ 4 }{ 2, 3 }", "secret/43", true},
		{"{a,b", "b", true},
		{"a}", "a}", true},
		{strings.Repeat("{", 5000), "x", false},
	} {
		if got := glob(test.pattern).MatchString(test.name); got != test.want {
			t.Errorf("glob(%.20q) on %q: %v", test.pattern, test.name, got)
		}
	}
}

// required returns the sets of which each has to have a verdict of some case.
func required(e Expectation) (sets [][]verdict.Verdict) {
	for _, r := range e.Rules {
		if r.Cases == "" && len(r.Required) > 0 {
			sets = append(sets, r.Required)
		}
	}
	return sets
}
