package scoring_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

var (
	legacyScoring  = problem.Problem{Format: problem.Legacy, Kind: problem.Kind{Scoring: true, CustomScore: true}, Objective: problem.Maximize}
	legacyPassFail = problem.Problem{Format: problem.Legacy, Objective: problem.Maximize}
	goOn           = config(func(c *problem.GroupConfig) { c.OnReject = "continue" })
	stop           = config(func(c *problem.GroupConfig) { c.OnReject = "break" })
	byGrader       = config(func(c *problem.GroupConfig) { c.Grading = "custom" })
)

func flags(words string) config {
	return func(c *problem.GroupConfig) { c.GraderFlags = strings.Fields(words) }
}

func scores(accept, reject float64) config {
	return func(c *problem.GroupConfig) { c.AcceptScore, c.RejectScore = accept, reject }
}

func within(from, to float64) config {
	return func(c *problem.GroupConfig) { c.Range = [2]float64{from, to} }
}

// What the default grader makes of a group.
func TestDefaultGrader(t *testing.T) {
	for _, test := range []struct {
		flags  string
		secret members
		want   string
	}{
		{"", members{"AC", "AC"}, "AC 2/-"},
		{"", members{"AC", "AC 5", "AC 0.5"}, "AC 6.5/-"},
		{"", members{"WA", "OLE", "TLE", "MLE", "RTE"}, "RTE"},
		{"", members{"WA", "OLE", "TLE", "MLE"}, "MLE"},
		{"", members{"WA", "OLE", "ILE"}, "ILE"},
		{"", members{"WA", "ILE", "TLE"}, "TLE"},
		{"", members{"WA", "OLE"}, "OLE"},
		{"worst_error", members{"WA", "RTE"}, "RTE"},
		{"no_errors", members{"WA", "RTE"}, "RTE"},
		{"", members{"AC", "JE"}, "JE"},
		{"first_error", members{"AC", "WA", "RTE"}, "WA"},
		{"first_error", members{"AC", "AC"}, "AC 2/-"},
		{"first_error", members{"WA", "JE"}, "JE"},
		{"always_accept", members{"WA", "RTE"}, "AC 0/-"},
		{"always_accept", members{"AC 3", "RTE"}, "AC 3/-"},
		{"always_accept", members{"AC", "JE"}, "JE"},
		{"accept_if_any_accepted", members{"WA", "AC 4"}, "AC 4/-"},
		{"accept_if_any_accepted", members{"WA", "RTE"}, "RTE"},
		{"first_error accept_if_any_accepted", members{"WA", "RTE"}, "WA"},
		{"avg", members{"AC 1", "AC 0", "AC 0"}, "AC 0.333333/-"},
		{"min", members{"AC 5", "AC 3", "AC 4"}, "AC 3/-"},
		{"max", members{"AC 3", "AC 5", "AC 4"}, "AC 5/-"},
		{"min max", members{"AC 3", "AC 5"}, "AC 5/-"},
		{"max min", members{"AC 3", "AC 5"}, "AC 3/-"},
		{"avg sum", members{"AC 3", "AC 5"}, "AC 8/-"},
		{"always_accept first_error", members{"AC", "WA"}, "WA"},
		{"worst_error first_error worst_error", members{"WA", "TLE"}, "TLE"},
		{"unknown words", members{"AC", "AC"}, "AC 2/-"},
		{"", members{"..", "AC"}, ".."},
		{"always_accept", members{"WA", ".."}, ".."},
		{"", members{"WA", "SK"}, "WA"},
		{"max", members{"AC -3", "AC -5"}, "AC -3/-"},
	} {
		tr := build(t, legacyScoring, []config{goOn}, group("secret", test.secret, flags(test.flags)))
		if got := show(tr.sheet(t).Total); got != test.want {
			t.Errorf("%q of %v: got %s, want %s", test.flags, test.secret, got, test.want)
		}
	}
}

// The typical package of a Swedish olympiad.
func olympiad(t *testing.T, sample, one, two, three members) tree {
	return build(t, legacyScoring, []config{goOn, within(0, 100), flags("ignore_sample")},
		group("sample", sample, scores(0, 0), within(0, 0), flags("")),
		group("secret", members{
			group("group1", one, stop, scores(10, 0), within(0, 10), flags("min")),
			group("group2", two, stop, scores(40, 0), within(0, 40), flags("min")),
			group("group3", three, stop, scores(50, 0), within(0, 50), flags("min")),
		}, flags("first_error accept_if_any_accepted")))
}

func TestOlympiad(t *testing.T) {
	ac := members{"AC", "AC"}
	for _, test := range []struct {
		name                    string
		sample, one, two, three members
		want, cases, groups     string
	}{
		{"full", ac, ac, ac, ac, "AC 100/100", "AC AC AC AC AC AC AC AC", "AC 0/0, AC 100/100, AC 10/10, AC 40/40, AC 50/50"},
		{"partial", ac, ac, members{"WA", "AC"}, members{"AC", "TLE"}, "AC 10/100", "AC AC AC AC WA SK AC TLE", "AC 0/0, AC 10/100, AC 10/10, WA 0/40, TLE 0/50"},
		{"nothing", ac, members{"WA", "WA"}, members{"RTE", "AC"}, members{"TLE", "AC"}, "WA", "AC AC WA SK RTE SK TLE SK", "AC 0/0, WA 0/100, WA 0/10, RTE 0/40, TLE 0/50"},
		{"sample is ignored", members{"WA", "AC"}, ac, ac, ac, "AC 100/100", "WA AC AC AC AC AC AC AC", "WA 0/0, AC 100/100, AC 10/10, AC 40/40, AC 50/50"},
		{"judge error", ac, ac, members{"JE", "AC"}, ac, "JE", "AC AC AC AC JE SK AC AC", "AC 0/0, JE, AC 10/10, JE, AC 50/50"},
		{"not yet", ac, members{"..", "WA"}, members{"WA", ".."}, ac, "..", "AC AC .. WA WA SK AC AC", "AC 0/0, .., .., WA 0/40, AC 50/50"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := olympiad(t, test.sample, test.one, test.two, test.three).sheet(t)
			var groups []string
			for _, g := range s.Groups {
				groups = append(groups, show(g.Outcome))
			}
			if show(s.Total) != test.want || cases(s) != test.cases || strings.Join(groups, ", ") != test.groups {
				t.Errorf("got %s; %s; %v", show(s.Total), cases(s), groups)
			}
			if len(s.Findings) > 0 {
				t.Errorf("findings %q", s.Findings)
			}
		})
	}
}

// With on_reject: break, nothing behind the first failing member of a group
// counts, whatever is known of it.
func TestBreak(t *testing.T) {
	for _, test := range []struct {
		name        string
		root        config
		sample      members
		secret      members
		how         config
		want, cases string
	}{
		{"in a group", goOn, members{"AC"}, members{"AC", "WA", "RTE"}, stop, "WA", "AC AC WA SK"},
		{"goes on", goOn, members{"AC"}, members{"AC", "WA", "RTE"}, goOn, "RTE", "AC AC WA RTE"},
		{"at the root", stop, members{"WA"}, members{"AC", "AC"}, goOn, "WA", "WA SK SK"},
		{"a group that accepts", goOn, members{"AC"}, members{group("a", members{"WA", "AC"}, flags("always_accept")), "AC"}, stop, "AC 2/-", "AC WA SK AC"},
		{"a group in a group", goOn, members{"AC"}, members{group("a", members{"AC"}), group("b", members{"WA", "AC"}), group("c", members{"AC"})}, stop, "WA", "AC AC WA SK SK"},
		{"before what is open", goOn, members{"AC"}, members{"..", "WA", ".."}, stop, "..", "AC .. WA SK"},
	} {
		tr := build(t, legacyScoring, []config{test.root}, group("sample", test.sample), group("secret", test.secret, test.how))
		s := tr.sheet(t)
		if show(s.Total) != test.want || cases(s) != test.cases {
			t.Errorf("%s: got %s with %s, want %s with %s", test.name, show(s.Total), cases(s), test.want, test.cases)
		}
	}
}

// A pass-fail problem has the same verdicts, and all of its test cases are of
// interest.
func TestLegacyPassFail(t *testing.T) {
	for _, test := range []struct {
		root        []config
		secret      members
		how         []config
		want, cases string
	}{
		{nil, members{"AC", "WA", "RTE"}, nil, "WA", "AC AC WA RTE"},
		{nil, members{group("a", members{"AC", "TLE"}), group("b", members{"RTE"})}, nil, "TLE", "AC AC TLE RTE"},
		{[]config{goOn}, members{"AC", "WA", "RTE"}, nil, "RTE", "AC AC WA RTE"},
		{[]config{goOn}, members{"AC", "WA", "RTE"}, []config{flags("first_error")}, "WA", "AC AC WA RTE"},
		{[]config{goOn, flags("always_accept")}, members{"AC", "WA"}, nil, "AC", "AC AC WA"},
		{nil, members{"AC", "AC"}, nil, "AC", "AC AC AC"},
		{nil, members{"AC 3", "AC"}, []config{byGrader}, "AC", "AC AC AC"}, // graders are for scoring problems
	} {
		s := build(t, legacyPassFail, test.root, group("sample", members{"AC"}), group("secret", test.secret, test.how...)).sheet(t)
		if show(s.Total) != test.want || cases(s) != test.cases {
			t.Errorf("%v: got %s with %s, want %s with %s", test.secret, show(s.Total), cases(s), test.want, test.cases)
		}
	}
}

func TestScoresOfCases(t *testing.T) {
	for _, test := range []struct {
		name    string
		secret  members
		configs []config
		want    string
		finding string
	}{
		{"accept_score and reject_score", members{"AC", "WA"}, []config{scores(7, 2), flags("always_accept")}, "AC 9/-", ""},
		{"score.txt goes before accept_score", members{"AC 3", "AC"}, []config{scores(7, 2)}, "AC 10/-", ""},
		{"a score of what is not accepted", members{"WA 3"}, []config{scores(7, 2), flags("always_accept")}, "AC 2/-", "which does not count: on secret/1 (1 in all)"},
		{"a multiplier means nothing", members{"AC *0.5"}, []config{scores(7, 2)}, "AC 7/-", ""},
		{"above the range", members{"AC 11"}, []config{within(0, 10)}, "AC 11/-", "secret has the score 11, outside of its range from 0 to 10"},
		{"below the range", members{"AC -1"}, []config{within(0, math.Inf(1))}, "AC -1/-", "secret has the score -1, outside of its range from 0 to +Inf"},
	} {
		s := build(t, legacyScoring, []config{goOn}, group("secret", test.secret, test.configs...)).sheet(t)
		if got := show(s.Total); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
		if got := strings.Join(s.Findings, "; "); test.finding == "" && got != "" || !strings.Contains(got, test.finding) {
			t.Errorf("%s: findings %q, want %q", test.name, got, test.finding)
		}
	}
}

func TestScoreThatIsNotAnnounced(t *testing.T) {
	p := legacyScoring
	p.Kind.CustomScore = false
	for _, test := range []struct {
		format problem.Format
		secret members
		want   string
		told   bool
	}{
		{problem.Legacy, members{"AC 3"}, "AC 3/-", true},
		{problem.Legacy, members{"AC"}, "AC 1/1", false},
		{problem.F2025, members{"AC 3"}, "AC 3/-", false}, // a draft of 2023-07 with graders
	} {
		p.Format, p.Grading = test.format, problem.Legacy
		free := within(math.Inf(-1), math.Inf(1))
		s := build(t, p, []config{free}, group("secret", test.secret, scores(1, 0), free)).sheet(t)
		if got := show(s.Total); got != test.want || len(s.Findings) > 0 != test.told {
			t.Errorf("%s, %v: got %s and %q, want %s", test.format, test.secret, got, s.Findings, test.want)
		}
	}
}

func TestObjectiveMin(t *testing.T) {
	p := legacyScoring
	p.Objective = problem.Minimize
	s := build(t, p, []config{goOn, within(3, 50)}, group("secret", members{"AC 3", "AC 9"})).sheet(t)
	if got := show(s.Total); got != "AC 12/3" {
		t.Errorf("got %s", got)
	}
}

func TestThirdsAddUp(t *testing.T) {
	third := scores(100.0/3, 0)
	s := build(t, legacyScoring, []config{goOn, within(0, 100)}, group("secret", members{
		group("a", members{"AC"}, third), group("b", members{"AC"}, third), group("c", members{"AC"}, third),
	})).sheet(t)
	if *s.Total.Score == 100 || scoring.Format(*s.Total.Score) != "99.999999" {
		t.Errorf("got %v: six decimals of a third add up to less", *s.Total.Score)
	}
	s = build(t, legacyScoring, []config{goOn, within(0, 100)}, group("secret", members{"AC", "AC", "AC"}, third)).sheet(t)
	if *s.Total.Score != 100 {
		t.Errorf("got %v", *s.Total.Score)
	}
}

func TestCustomGrader(t *testing.T) {
	var asked []string
	answers := map[string]scoring.Outcome{
		"plain": {Verdict: verdict.Accepted, Score: number(42)},
		"fails": {Verdict: verdict.JudgeError, Score: number(1), Message: "no"},
		"wrong": {Verdict: verdict.WrongAnswer, Score: number(3)},
	}
	broken := errors.New("the sandbox is gone")
	grade := func(flags []string, children []scoring.Outcome) (scoring.Outcome, error) {
		asked = append(asked, scoring.GraderInput(children))
		if flags[0] == "error" {
			return scoring.Outcome{}, broken
		}
		return answers[flags[0]], nil
	}
	for _, test := range []struct {
		flags  string
		secret members
		want   string
		input  string
	}{
		{"plain", members{"AC 3", "WA", "MLE", "ILE", group("a", members{"AC 0.25", "AC 1"}, goOn, flags("min"), config(func(c *problem.GroupConfig) { c.Grading = "default" }))}, "AC 42/-", "AC 3\nWA 0\nRTE 0\nTLE 0\nAC 0.25\n"},
		{"plain", members{"AC", "JE"}, "JE", ""},
		{"plain", members{"AC", ".."}, "..", ""},
		{"fails", members{"AC"}, "JE", "AC 1\n"},
		{"wrong", members{"AC"}, "WA", "AC 1\n"},
	} {
		asked = nil
		tr := build(t, legacyScoring, []config{goOn}, group("secret", test.secret, byGrader, flags(test.flags)))
		s, err := scoring.Score(tr.problem, tr.results, grade)
		if err != nil || show(s.Total) != test.want || strings.Join(asked, "|") != test.input {
			t.Errorf("%s: got %s, %v and asked %q, want %s and %q", test.flags, show(s.Total), err, asked, test.want, test.input)
		}
		if open := tr.sheet(t); show(open.Total) != ".." && test.want != "JE" {
			t.Errorf("%s: got %s without a grader", test.flags, show(open.Total))
		}
	}
	tr := build(t, legacyScoring, []config{goOn}, group("secret", members{"AC"}, byGrader, flags("error")))
	if _, err := scoring.Score(tr.problem, tr.results, grade); !errors.Is(err, broken) {
		t.Errorf("got %v, want %v", err, broken)
	}
}

func TestParseGrader(t *testing.T) {
	for output, want := range map[string]string{
		"AC 12\n": "AC 12/-", "WA 0": "WA 0/-", "RTE  1.5 \n": "RTE 1.5/-", "AC -3": "AC -3/-", "JE 0\n": "JE 0/-", "AC 5e-05\n": "AC 0.00005/-",
		"": "", "AC": "", "12": "", "PE 3": "", "AC 1\nAC 2\n": "", "AC x": "", "AC 1.2.3": "", "AC .": "", "AC inf": "", "\xff\xfe": "",
	} {
		o, err := scoring.ParseGrader(output)
		if want == "" && err == nil || want != "" && (err != nil || show(o) != want) {
			t.Errorf("ParseGrader(%q) = %s, %v; want %q", output, show(o), err, want)
		}
	}
}
