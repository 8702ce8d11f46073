package judge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// grouped makes test cases of the words that each tells the submission, such as
// "secret/a/1".
func grouped(words map[string]string) files {
	f := files{}
	for name, word := range words {
		f["data/"+name+".in"], f["data/"+name+".ans"] = word+"\n", "yes\n"
	}
	return f
}

// scores lists the groups with verdict and score, then the total.
func scores(r *judge.Report) string {
	var all []string
	for _, g := range append(r.Groups, judge.Event{Group: "total", Verdict: r.Verdict, Score: r.Score}) {
		text := g.Group + " " + g.Verdict.String()
		if g.Score != nil {
			text += " " + scoring.Format(*g.Score)
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

var legacyGroups = files{
	"problem.yaml":                "name: Test\ntype: scoring\n",
	"data/testdata.yaml":          "on_reject: continue\ngrader_flags: ignore_sample\nrange: 0 100\n",
	"data/sample/testdata.yaml":   "grader_flags: sum\n",
	"data/secret/testdata.yaml":   "grader_flags: first_error accept_if_any_accepted\n",
	"data/secret/a/testdata.yaml": "on_reject: break\naccept_score: 40\ngrader_flags: min\n",
	"data/secret/b/testdata.yaml": "on_reject: break\naccept_score: 60\ngrader_flags: min\n",
}.with(grouped(map[string]string{
	"sample/1": "right", "secret/a/1": "right", "secret/a/2": "nap right",
	"secret/b/1": "nap nap wrong", "secret/b/2": "crash", "secret/b/3": "right",
}))

const meta2025 = "problem_format_version: 2025-09\nname: X\nuuid: 5fa2ff5d-8a5a-4a2e-9a2a-2d1f7c0c9b11\nlimits: {time_limit: 10}\n"

var newGroups = files{
	"problem.yaml":                  meta2025 + "type: scoring\n",
	"data/secret/a/test_group.yaml": "max_score: 30\n",
	"data/secret/b/test_group.yaml": "max_score: 50\nscore_aggregation: sum\n",
	"data/secret/c/test_group.yaml": "max_score: 20\nrequire_pass: secret/a\n",
}.with(grouped(map[string]string{
	"sample/1": "right", "secret/a/1": "nap nap wrong", "secret/a/2": "right",
	"secret/b/1": "right", "secret/b/2": "crash", "secret/c/1": "right", "secret/c/2": "kill",
}))

// What breaks a group off, and what is not run for want of another group, does
// not depend on what ran first.
func TestScoresDoNotDependOnJobs(t *testing.T) {
	s := source(t, "main.sh", obedient)
	sandbox := openNative(t)
	for _, test := range []struct {
		name         string
		data         files
		failFast     bool
		cases, score string
	}{
		{"legacy", legacyGroups, false, "AC AC AC WA SK SK = AC", "sample AC 1, secret AC 40, secret/a AC 40, secret/b WA 0, total AC 40"},
		{"legacy, fail-fast", legacyGroups, true, "AC AC AC WA SK SK = AC", "sample AC 1, secret AC 40, secret/a AC 40, secret/b WA 0, total AC 40"},
		{"2025-09", newGroups, false, "AC WA AC AC RTE SK SK = WA", "sample AC, secret WA 25, secret/a WA 0, secret/b RTE 25, secret/c SK 0, total WA 25"},
		{"2025-09, fail-fast", newGroups, true, "AC WA SK SK SK SK SK = WA", "sample AC, secret WA 0, secret/a WA 0, secret/b SK 0, secret/c SK 0, total WA 0"},
	} {
		p := load(t, test.data)
		for _, jobs := range []int{1, 2, 8} {
			cfg := config(t, sandbox)
			cfg.Jobs, cfg.FailFast = jobs, test.failFast
			r := run(t, p, s, cfg)
			if verdicts(r) != test.cases || scores(r) != test.score {
				t.Errorf("%s, jobs %d: got %s and %s, want %s and %s", test.name, jobs, verdicts(r), scores(r), test.cases, test.score)
			}
		}
	}
}

// The score of some of the test cases is no score.
func TestOnlyHasNoScore(t *testing.T) {
	job := judge.Job{Problem: load(t, legacyGroups), Submission: source(t, "main.sh", obedient), Only: []string{"secret/b"}}
	r, err := judge.Run(context.Background(), job, config(t, openNative(t)))
	if err != nil || verdicts(r) != "WA RTE AC = WA" || scores(r) != "total WA" {
		t.Errorf("got %s and %s, %v", verdicts(r), scores(r), err)
	}
}

// Of a pass-fail problem all test cases run, and the legacy rules choose the
// verdict.
func TestLegacyRulesOfPassFail(t *testing.T) {
	data := files{"data/secret/testdata.yaml": "on_reject: continue\n", "data/testdata.yaml": "on_reject: continue\n"}.with(commands("right", "wrong", "crash"))
	for grader, want := range map[string]string{"": "AC WA RTE = RTE", "grader_flags: first_error\n": "AC WA RTE = WA"} {
		p := load(t, data.with(files{"data/secret/testdata.yaml": "on_reject: continue\n" + grader}))
		if r := run(t, p, source(t, "main.sh", obedient), config(t, openNative(t))); verdicts(r) != want || len(r.Groups) > 0 {
			t.Errorf("%q: got %s with groups %s, want %s", grader, verdicts(r), scores(r), want)
		}
	}
}

func TestCustomGrader(t *testing.T) {
	for _, test := range []struct{ name, code, want, words string }{
		{"counts", "import sys\nlines = sys.stdin.read().split()\nprint('AC', lines.count('AC') * int(sys.argv[1]))\n", "sample AC 1, secret AC 21, total AC 22", ""},
		{"crashes", "import sys\nprint('AC 3')\nsys.exit('no idea')\n", "sample AC 1, secret JE, total JE", "exit code 1\nno idea"},
		{"babbles", "print('all is well')\n", "sample AC 1, secret JE, total JE", "which is not a verdict and a score"},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, files{
				"problem.yaml": "name: X\ntype: scoring\n", "graders/grade.py": test.code,
				"data/testdata.yaml":        "on_reject: continue\n",
				"data/secret/testdata.yaml": "grading: custom\ngrader_flags: '7'\n",
			}.with(grouped(map[string]string{"sample/1": "right", "secret/1": "right", "secret/2": "wrong", "secret/3": "right", "secret/4": "right"})))
			r := run(t, p, source(t, "main.sh", obedient), config(t, openNative(t)))
			if scores(r) != test.want || !strings.Contains(r.Message, test.words) {
				t.Errorf("got %s, %q; want %s, %q", scores(r), r.Message, test.want, test.words)
			}
		})
	}
}

func TestStaticValidator(t *testing.T) {
	data := files{
		"problem.yaml":                meta2025 + "type: scoring\nlanguages: [bash, cpp]\n",
		"data/secret/test_group.yaml": "static_validation_score: 20\nstatic_validator_args: [one, two words]\n",
		"static_validator/v.py": `
import os, sys
language, entry, feedback, *rest = sys.argv[1:]
code = open(entry).read()
open(feedback + "judgemessage.txt", "w").write(repr((language, entry, rest, sorted(os.listdir(".")))))
sys.exit(1 if "crash the validator" in code else 43 if "forbidden" in code else 42)
`}.with(commands("right", "right"))
	for _, test := range []struct{ name, code, want, words string }{
		{"main.sh", obedient, "AC AC AC = AC, secret AC 100, total AC 100", "('bash', 'main.sh', ['one', 'two words'], ['main.sh'])"},
		{"main.sh", "# forbidden\n" + obedient, "WA AC AC = WA, secret WA 80, total WA 80", "main.sh"},
		{"main.sh", "# crash the validator\n" + obedient, "JE AC AC = JE, secret JE, total JE", "static validator v.py: the output validator exited with code 1"},
		{"main.cpp", "#include <cstdio>\nint main() { puts(\"yes\"); }\n", "AC AC AC = AC, secret AC 100, total AC 100", "'main.cpp'"},
	} {
		p := load(t, data)
		s := source(t, test.name, test.code)
		cfg := config(t, openNative(t))
		r := run(t, p, s, cfg)
		if got := verdicts(r) + ", " + scores(r); got != test.want || !strings.Contains(r.Cases[0].Message, test.words) {
			t.Errorf("%.20q: got %s, %q; want %s, %q", test.code, got, r.Cases[0].Message, test.want, test.words)
		}
		if got := tried(t, p, s, cfg); got != r.Verdict.String() {
			t.Errorf("%.20q: the session says %s, Run %s", test.code, got, r.Verdict)
		}
	}
}

// tried judges a submission by way of a Session and returns its verdict.
func tried(t *testing.T, p *problem.Problem, s problem.Program, cfg judge.Config) string {
	t.Helper()
	ctx, nobody := context.Background(), func(judge.Event) {}
	session, err := judge.Open(p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	sub, err := session.Compile(ctx, s, nobody)
	if err != nil || !sub.OK {
		t.Fatal(err)
	}
	var cases []judge.Event
	for _, c := range p.Cases() {
		e, err := session.Try(ctx, sub, c, judge.Limit{Time: p.Limits.Time})
		if err != nil {
			t.Fatal(err)
		}
		cases = append(cases, e)
	}
	static := map[string]judge.Event{}
	for _, g := range p.Root.Groups {
		if g.Config.Static == nil {
			continue
		}
		e, err := session.TryStatic(ctx, sub, g)
		if err != nil || !e.Static || e.Group != g.Name {
			t.Fatalf("got %+v, %v", e, err)
		}
		static[g.Name] = e
	}
	sheet, err := session.Score(ctx, cases, static, nobody)
	if err != nil {
		t.Fatal(err)
	}
	return sheet.Total.Verdict.String()
}

func TestSubmitAnswer(t *testing.T) {
	p := load(t, files{"problem.yaml": "problem_format_version: 2025-09\nname: X\nuuid: 5fa2ff5d-8a5a-4a2e-9a2a-2d1f7c0c9b11\ntype: submit-answer\nlimits: {output: 1}\n"}.with(grouped(map[string]string{
		"sample/1": "x", "secret/a": "x", "secret/deep/b": "x",
	})))
	all := files{"sample/1.out": "yes\n", "a.ans": "yes\n", "deep/b": "yes\n"}
	for _, test := range []struct {
		answers     files
		want, words string
	}{
		{all, "AC AC AC = AC", ""},
		{files{"sample/1.txt": "yes\n", "secret/a.out": "yes\n", "secret/deep/b.ans": "yes\n", "other": "?"}, "AC AC AC = AC", ""},
		{files{"sample/1.out": "yes\n", "deep/b.out": "no\n"}, "AC WA WA = WA", "the submission has no file a.out"},
		{all.with(files{"a.ans": strings.Repeat("yes\n", 300_000)}), "AC OLE AC = OLE", "a.ans has more than 1024 KiB"},
	} {
		s, err := judge.OpenSubmission(folder(t, test.answers))
		if err != nil {
			t.Fatal(err)
		}
		cfg := config(t, openNone(t))
		r := run(t, p, s, cfg)
		if verdicts(r) != test.want || !strings.Contains(r.Cases[1].Message, test.words) {
			t.Errorf("got %s, %q; want %s, %q", verdicts(r), r.Cases[1].Message, test.want, test.words)
		}
		if got := tried(t, p, s, cfg); got != r.Verdict.String() {
			t.Errorf("the session says %s, Run %s", got, r.Verdict)
		}
	}
	only := load(t, files{"problem.yaml": "problem_format_version: 2025-09\nname: X\nuuid: 5fa2ff5d-8a5a-4a2e-9a2a-2d1f7c0c9b11\ntype: submit-answer\n"}.with(grouped(map[string]string{"secret/a": "x"})))
	if r := run(t, only, source(t, "whatever", "yes\n"), config(t, openNone(t))); r.Verdict != verdict.Accepted {
		t.Errorf("one file for one test case: got %s", fmt.Sprint(verdicts(r)))
	}
}
