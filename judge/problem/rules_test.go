package problem

import (
	"fmt"
	"strings"
	"testing"
)

// stated writes the rules of the submissions, one a line.
func stated(p *Problem) string {
	var lines []string
	for _, s := range p.Submissions {
		for _, r := range s.Expect.Rules {
			text := s.Path + " by " + strings.TrimPrefix(r.Source, "submissions/") + ":"
			if r.Cases != "" {
				text += " on " + r.Cases
			}
			if r.Score != nil {
				text += fmt.Sprint(" score ", *r.Score)
			}
			if r.Message != "" {
				text += " says " + r.Message
			}
			if r.Partial {
				text += " partial"
			}
			text = fmt.Sprintf("%s %v %v %v %s", text, r.Permitted, r.Required, r.Verdict, r.TimeLimit)
			lines = append(lines, strings.TrimSpace(text))
		}
	}
	return strings.Join(lines, "\n")
}

func TestRulesOfCases(t *testing.T) {
	p := load(t, merge(cases("sample/1", "secret/1-easy", "secret/g/2"), map[string]string{
		"problem.yaml": head2025 + "type: scoring\n",
		"submissions/submissions.yaml": `accepted:
  use_for_time_limit: false
mixed:
  permitted: [AC, WA, TLE]
  required: [WA, TLE]
  score: [10, 20.5]
  message: off by one
  model_solution: no
mixed/{a,b}.c:
  required: [TLE, RTE]
  score: 7
  sample:
    permitted: [AC]
  "{sample,secret}/*-easy":
    use_for_time_limit: lower
  secret/g:
    use_for_time_limit: upper
    score: 0
    message: never
`,
		"submissions/accepted/s.c": "", "submissions/mixed/a.c": "", "submissions/mixed/c.c": "",
	}))
	want := `accepted/s.c by submissions.yaml:1: [AC] [] [] false
mixed/a.c by submissions.yaml:3: score [10 20.5] says off by one [AC WA TLE] [WA TLE] []
mixed/a.c by submissions.yaml:9: score [7 7] [] [TLE RTE] []
mixed/a.c by submissions.yaml:12: on sample [AC] [] []
mixed/a.c by submissions.yaml:14: on {sample,secret}/*-easy [AC WA RTE] [] [] lower
mixed/a.c by submissions.yaml:16: on secret/g score [0 0] says never [] [] [] upper
mixed/a.c by submissions.yaml:16: on secret/g [] [TLE] [] false
mixed/c.c by submissions.yaml:3: score [10 20.5] says off by one [AC WA TLE] [WA TLE] []`
	if got := stated(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	rules := p.Submissions[1].Expect.Rules
	if easy := rules[3]; !easy.About("secret/1-easy") || easy.About("secret/g/2") || easy.Names("secret") {
		t.Errorf("rule for %s", easy.Cases)
	}
	if g := rules[4]; !g.About("secret/g/2") || !g.Names("secret/g") || g.Names("secret/g/2") {
		t.Errorf("rule for %s", g.Cases)
	}
	if text := fmt.Sprint(p.Warnings); len(p.Warnings) != 1 || !strings.Contains(text, `submissions.yaml:8:19: model_solution: "no" is not a boolean`) {
		t.Errorf("warnings %s", text)
	}
}

func TestRuleMistakes(t *testing.T) {
	for yaml, want := range map[string]string{
		"a: {score: [1]}":                                  "score: must be a number, or a list of two",
		"a: {score: [2, 1]}":                               "score: no score is between 2 and 1",
		"a: {use_for_time_limit: low}":                     `use_for_time_limit: unknown word "low" (use true, false, lower or upper)`,
		"a: {permitted: [AC], use_for_time_limit: upper}":  "upper contradicts permitted",
		"a: {required: [TLE], use_for_time_limit: lower}":  "lower contradicts what is permitted or required",
		"a: {permitted: [TLE], use_for_time_limit: lower}": "lower contradicts what is permitted or required",
		"a: {permitted: []}":                               "permitted: no verdict can be in an empty list",
		"a: {sample: {permitted: [XX]}}":                   `submissions.yaml:1:25: permitted: unknown verdict "XX"`,
	} {
		files := with(map[string]string{"problem.yaml": head2025 + "type: scoring\n", "submissions/submissions.yaml": yaml, "submissions/a/a.c": ""})
		refused(t, write(t, files), Options{}, want)
	}
	many := "a:\n"
	for i := range maxRules + 1 {
		many += fmt.Sprintf("  secret/%d: {permitted: [AC]}\n", i)
	}
	refused(t, write(t, with(map[string]string{"problem.yaml": head2025, "submissions/submissions.yaml": many})), Options{}, "more than 2000 patterns")
	for yaml, want := range map[string]string{
		"b/*: {permitted: [AC]}":           `submissions.yaml:1: no submission matches "b/*"`,
		"a: {secret/2: {permitted: [AC]}}": "submissions.yaml:1:15: secret/2: no test case and no test group below data matches",
		"a: {permited: [AC]}":              `unknown key "permited" in a (did you mean "permitted"?)`,
		"a: {secret: {permited: [AC]}}":    `unknown key "permited" in secret (did you mean "permitted"?)`,
		"a: {score: 5}":                    "score: only scoring problems have scores",
		"a: {language: pyton3}":            `unknown language "pyton3" (did you mean "python3"?)`,
		"a: {permitted: AC}":               "permitted: verdicts are not a list (write [AC])",
		"a: {secret: {permitted: [AC]}}\na/a.c: {secret: {permitted: [WA]}}": "submissions/a/a.c: no verdict is permitted by both submissions/submissions.yaml:1 and submissions/submissions.yaml:2",
	} {
		p := load(t, with(map[string]string{"problem.yaml": head2025, "submissions/submissions.yaml": yaml, "submissions/a/a.c": ""}))
		if text := fmt.Sprint(p.Warnings); !strings.Contains(text, want) {
			t.Errorf("%s: warnings %s, want %s", yaml, text, want)
		}
	}
}

func TestLegacyFolders(t *testing.T) {
	p := load(t, with(map[string]string{
		"problem.yaml":                        "type: scoring\n",
		"submissions/accepted/a.c":            "// @EXPECTED_RESULTS@: WRONG-ANSWER\n//  @expected_score@: 60 \n",
		"submissions/compiler_error/a.c":      "x\n\n/* @EXPECTED_RESULTS@: COMPILER-ERROR */",
		"submissions/compiler_error/c.c":      "# @EXPECTED_RESULTS@: correct, slow",
		"submissions/compiler_error/b.c":      "/*\n@EXPECTED_RESULTS@: compiler-error, Run_Time_Error\r\n*/",
		"submissions/mixed/d/a.c":             "",
		"submissions/mixed/d/b.c":             "@EXPECTED_RESULTS@: NO-OUTPUT,TIMELIMIT,WRONG-ANSWER",
		"submissions/mixed/manual.c":          "@EXPECTED_RESULTS@: CHECK-MANUALLY",
		"submissions/mixed/two.c":             "@EXPECTED_RESULTS@: CORRECT\n@EXPECTED_RESULTS@: CORRECT",
		"submissions/partially_accepted/p.c":  "",
		"submissions/run_time_error/r.c":      "",
		"submissions/time_limit_exceeded/t.c": "",
		"submissions/wrong_answer/w.c":        "",
	}))
	want := `accepted/a.c by accepted: [AC] [] [AC]
compiler_error/a.c by compiler_error/a.c:3: [] [] [CE]
compiler_error/b.c by compiler_error/b.c:2: [] [] [CE RTE]
mixed/d by mixed/d/b.c:1: [] [] [WA TLE]
partially_accepted/p.c by partially_accepted: partial [] [] [AC]
run_time_error/r.c by run_time_error: [] [RTE] [RTE]
time_limit_exceeded/t.c by time_limit_exceeded: [AC WA TLE] [TLE] [TLE]
wrong_answer/w.c by wrong_answer: [AC WA] [WA] [WA]`
	if got := stated(p); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	text := fmt.Sprint(p.Warnings)
	for _, want := range []string{
		`submissions/compiler_error/c.c:1: unknown verdict "SLOW"`,
		"submissions/mixed/two.c:1: file has more than one @EXPECTED_RESULTS@, none counts",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("warnings %s\nwant %s", text, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	p := load(t, with(map[string]string{"problem.yaml": head2025 + "languages:\n- cpp\n- jaba\n"}))
	if text := fmt.Sprint(p.Warnings); !strings.Contains(text, `problem.yaml:5:3: languages[1]: unknown language "jaba" (did you mean "java"?)`) || len(p.Languages) != 2 {
		t.Errorf("%v, warnings %s", p.Languages, text)
	}
}
