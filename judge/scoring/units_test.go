package scoring_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

var scored = problem.Problem{Format: problem.F2025, Kind: problem.Kind{Scoring: true}}

// how sets the aggregation of a group and its greatest score; below 0 it is
// unbounded.
func how(aggregation string, max float64) config {
	return func(c *problem.GroupConfig) {
		c.Aggregation, c.MaxScore = aggregation, nil
		if max >= 0 {
			c.MaxScore = &max
		}
	}
}

func after(names ...string) config {
	return func(c *problem.GroupConfig) { c.RequirePass = names }
}

// Test cases directly in secret.
func TestScoresInSecret(t *testing.T) {
	for _, test := range []struct {
		name        string
		aggregation string
		max         float64
		secret      members
		want        string
		why         string // of a judge error
	}{
		{"all", "sum", 100, members{"AC", "AC", "AC"}, "AC 100/100", ""},
		{"some", "sum", 100, members{"AC", "WA", "AC", "AC"}, "WA 75/100", ""},
		{"the default is sum", "", 100, members{"AC", "WA"}, "WA 50/100", ""},
		{"none", "sum", 100, members{"RTE", "WA"}, "RTE 0/100", ""},
		{"not yet", "sum", 100, members{"WA", ".."}, "..", ""},
		{"multiplier", "sum", 100, members{"AC *0.5", "AC", "AC *0", "AC *1"}, "AC 62.5/100", ""},
		{"score", "sum", 100, members{"AC 10", "AC"}, "AC 60/100", ""},
		{"greatest score", "sum", 100, members{"AC 50", "AC"}, "AC 100/100", ""},
		{"score above the share", "sum", 100, members{"AC 50.1", "AC"}, "JE", "more than the best possible score of 50"},
		{"negative score", "sum", 100, members{"AC -1"}, "JE", "negative"},
		{"multiplier above 1", "sum", 100, members{"AC *1.01"}, "JE", "not from 0 to 1"},
		{"negative multiplier", "sum", 100, members{"AC *-0.1"}, "JE", "not from 0 to 1"},
		{"both files", "sum", 100, members{"AC *1 5"}, "JE", "both"},
		{"a score with WA", "sum", 100, members{"WA 0"}, "JE", "does not accept"},
		{"a multiplier with WA", "sum", 100, members{"AC", "WA *0"}, "JE", "does not accept"},
		{"of an earlier pass, before TLE", "sum", 100, members{"TLE 3"}, "TLE 0/100", ""},
		{"judge error", "sum", 100, members{"WA", "JE"}, "JE", "secret/2"},
		{"min", "min", 100, members{"AC", "AC *0.25", "AC 30"}, "AC 25/100", ""},
		{"min with a failure", "min", 100, members{"AC", "WA"}, "WA 0/100", ""},
		{"min, all", "min", 100, members{"AC", "AC"}, "AC 100/100", ""},
		{"pass-fail", "pass-fail", 100, members{"AC", "AC"}, "AC 100/100", ""},
		{"pass-fail with a failure", "pass-fail", 100, members{"AC", "WA"}, "WA 0/100", ""},
		{"pass-fail with a score", "pass-fail", 100, members{"AC 1"}, "JE", "pass-fail"},
		{"pass-fail with a multiplier", "pass-fail", 100, members{"AC *1"}, "JE", "pass-fail"},
		{"unbounded", "sum", -1, members{"AC 1000", "AC 0.5", "WA"}, "WA 1000.5/-", ""},
		{"unbounded min", "min", -1, members{"AC 1000", "AC 0.5"}, "AC 0.5/-", ""},
		{"unbounded without a score", "sum", -1, members{"AC"}, "JE", "no score.txt"},
		{"unbounded with a multiplier", "sum", -1, members{"AC *1"}, "JE", "unbounded"},
		{"zero", "sum", 0, members{"AC", "AC"}, "AC 0/0", ""},
		{"thirds add up", "sum", 1, members{"AC", "AC", "AC", "AC", "AC", "AC", "AC"}, "AC 1/1", ""},
		{"skipped behind the first failing one", "sum", 90, members{"AC", "WA", "SK"}, "WA 30/90", ""},
		{"min, skipped", "min", 90, members{"AC", "WA", "SK"}, "WA 0/90", ""},
	} {
		s := build(t, scored, nil, group("sample", members{"AC 7 *3"}), group("secret", test.secret, how(test.aggregation, test.max))).sheet(t)
		if got := show(s.Total); got != test.want || !strings.Contains(s.Total.Message, test.why) {
			t.Errorf("%s: got %s %q, want %s %q", test.name, got, s.Total.Message, test.want, test.why)
		}
		if exact := s.Total.Score; exact != nil && strings.HasPrefix(test.name, "thirds") && *exact != *s.Total.Max {
			t.Errorf("%s: got %v", test.name, *exact)
		}
		if o := s.Cases[0]; o.Verdict != verdict.Accepted || o.Score != nil {
			t.Errorf("%s: the sample has %s", test.name, show(o))
		}
	}
}

func TestScoresOfGroups(t *testing.T) {
	ac := members{"AC", "AC"}
	for _, test := range []struct {
		name   string
		sample members
		secret folder
		want   string
		groups string
	}{
		{"sum of pass-fail groups", ac, group("secret", members{
			group("a", ac, how("pass-fail", 30)), group("b", members{"AC", "WA"}, how("pass-fail", 70)),
		}, how("sum", 100)), "WA 30/100", "AC; WA 30/100; AC 30/30; WA 0/70"},
		{"pass-fail is the default in groups", ac, group("secret", members{
			group("a", ac, how("", 30)), group("b", ac, how("", 70)),
		}, how("sum", 100)), "AC 100/100", "AC; AC 100/100; AC 30/30; AC 70/70"},
		{"sum and min", ac, group("secret", members{
			group("a", members{"AC", "WA"}, how("sum", 30)), group("b", members{"AC *0.5", "AC"}, how("min", 70)),
		}, how("sum", 100)), "WA 50/100", "AC; WA 50/100; WA 15/30; AC 35/70"},
		{"min of groups", ac, group("secret", members{
			group("a", ac, how("pass-fail", 50)), group("b", members{"AC", "WA"}, how("sum", 50)),
		}, how("min", 50)), "WA 25/50", "AC; WA 25/50; AC 50/50; WA 25/50"},
		{"pass-fail of groups", ac, group("secret", members{
			group("a", ac, how("pass-fail", 10)), group("b", members{"AC", "WA"}, how("pass-fail", 10)),
		}, how("pass-fail", 50)), "WA 0/50", "AC; WA 0/50; AC 10/10; WA 0/10"},
		{"all of pass-fail", ac, group("secret", members{group("a", ac, how("pass-fail", 10))}, how("pass-fail", 50)), "AC 50/50", "AC; AC 50/50; AC 10/10"},
		{"too much", ac, group("secret", members{
			group("a", ac, how("pass-fail", 60)), group("b", ac, how("pass-fail", 60)),
		}, how("sum", 100)), "JE", "AC; JE; AC 60/60; AC 60/60"},
		{"a sample that fails", members{"AC", "WA"}, group("secret", members{group("a", ac, how("pass-fail", 10))}, how("sum", 10)), "WA 10/10", "WA; AC 10/10; AC 10/10"},
		{"no sample", nil, group("secret", members{group("a", ac, how("pass-fail", 10))}, how("sum", 10)), "AC 10/10", "AC; AC 10/10; AC 10/10"},
		{"unbounded", ac, group("secret", members{
			group("a", members{"AC 12", "AC 30"}, how("sum", -1)), group("b", ac, how("pass-fail", 5)),
		}, how("sum", -1)), "AC 47/-", "AC; AC 47/-; AC 42/-; AC 5/5"},
		{"judge error in a group", ac, group("secret", members{
			group("a", members{"WA"}, how("pass-fail", 50)), group("b", members{"JE"}, how("sum", 50)),
		}, how("sum", 100)), "JE", "AC; JE; WA 0/50; JE"},
		{"judge error in sample", members{"JE"}, group("secret", ac, how("sum", 100)), "JE", "JE; AC 100/100"},
		{"2023-07: what is left is shared", ac, group("secret", members{
			group("a", ac, how("pass-fail", 40)), group("b", ac, how("sum", -1)), group("c", members{"WA", "AC"}, how("sum", -1)),
		}, how("sum", 100)), "WA 85/100", "AC; WA 85/100; AC 40/40; AC 30/30; WA 15/30"},
	} {
		s := build(t, scored, nil, group("sample", test.sample), test.secret).sheet(t)
		if show(s.Total) != test.want || groups(s) != test.groups {
			t.Errorf("%s: got %s with %s, want %s with %s", test.name, show(s.Total), groups(s), test.want, test.groups)
		}
	}
}

func groups(s scoring.Sheet) string {
	var all []string
	for _, g := range s.Groups {
		all = append(all, show(g.Outcome))
	}
	return strings.Join(all, "; ")
}

func TestRequirePass(t *testing.T) {
	b := group("b", members{"AC", "AC"}, how("pass-fail", 60), after("secret/a"))
	c := group("c", members{"AC"}, how("sum", 10), after("sample", "secret/b"))
	for _, test := range []struct {
		sample, a    members
		secret       []config
		want, groups string
		cases        string
	}{
		{members{"AC"}, members{"AC"}, nil, "AC 100/100", "AC; AC 100/100; AC 30/30; AC 60/60; AC 10/10", "AC AC AC AC AC"},
		{members{"AC"}, members{"WA"}, nil, "WA 0/100", "AC; WA 0/100; WA 0/30; SK 0/60; SK 0/10", "AC WA SK SK SK"},
		{members{"TLE"}, members{"AC"}, nil, "TLE 90/100", "TLE; SK 90/100; AC 30/30; AC 60/60; SK 0/10", "TLE AC AC AC SK"},
		{members{"TLE"}, members{"AC"}, []config{after("sample")}, "TLE 0/100", "TLE; SK 0/100; SK; SK; SK", "TLE SK SK SK SK"},
		{members{"AC"}, members{".."}, nil, "..", "AC; ..; ..; ..; ..", "AC .. AC AC AC"},
		{members{"AC"}, members{"..", "WA"}, nil, "..", "AC; ..; ..; SK 0/60; SK 0/10", "AC .. WA SK SK SK"},
		{members{".."}, members{"AC"}, nil, "..", "..; ..; AC 30/30; AC 60/60; ..", ".. AC AC AC AC"},
	} {
		secret := group("secret", members{group("a", test.a, how("pass-fail", 30)), b, c}, append(test.secret, how("sum", 100))...)
		s := build(t, scored, nil, group("sample", test.sample), secret).sheet(t)
		if show(s.Total) != test.want || groups(s) != test.groups || cases(s) != test.cases {
			t.Errorf("%v %v: got %s with %s and %s", test.sample, test.a, show(s.Total), groups(s), cases(s))
		}
	}
}

// A group that requires one which does not exist, or comes later, is not run.
func TestRequireWhatIsNotThere(t *testing.T) {
	for _, name := range []string{"secret/b", "a", ""} {
		s := build(t, scored, nil, group("secret", members{
			group("a", members{"AC"}, how("pass-fail", 50), after(name)), group("b", members{"AC"}, how("pass-fail", 50)),
		}, how("sum", 100))).sheet(t)
		if got := show(s.Total); got != "SK 50/100" {
			t.Errorf("%q: got %s", name, got)
		}
	}
}

func TestStaticValidation(t *testing.T) {
	for _, test := range []struct {
		name   string
		how    config
		score  *float64
		static string
		cases  members
		want   string
	}{
		{"sum", how("sum", 100), number(20), "AC", members{"AC", "WA"}, "WA 60/100"},
		{"sum, all", how("sum", 100), number(20), "AC", members{"AC", "AC", "AC"}, "AC 100/100"},
		{"sum, fails", how("sum", 100), number(20), "WA", members{"AC", "AC"}, "WA 80/100"},
		{"sum, its own score", how("sum", 100), number(20), "AC 7", members{"AC"}, "AC 87/100"},
		{"sum, its multiplier", how("sum", 100), number(20), "AC *0.5", members{"AC"}, "AC 90/100"},
		{"sum, above its score", how("sum", 100), number(20), "AC 21", members{"AC"}, "JE"},
		{"sum, its score with WA", how("sum", 100), number(20), "WA 1", members{"AC"}, "JE"},
		{"nothing else", how("sum", 100), number(100), "AC", nil, "AC 100/100"},
		{"min", how("min", 100), number(20), "AC", members{"AC"}, "AC 20/100"},
		{"min, fails", how("min", 100), number(20), "WA", members{"AC"}, "WA 0/100"},
		{"pass-fail", how("pass-fail", 100), nil, "AC", members{"AC"}, "AC 100/100"},
		{"pass-fail, fails", how("pass-fail", 100), nil, "WA", members{"AC"}, "WA 0/100"},
		{"pass-fail, with a score", how("pass-fail", 100), nil, "AC 1", members{"AC"}, "JE"},
		{"no score in sum", how("sum", 100), nil, "AC", members{"AC"}, "AC 100/100"},
		{"no score in min", how("min", 100), nil, "AC", members{"AC"}, "AC 100/100"},
		{"no score in min, fails", how("min", 100), nil, "WA", members{"AC"}, "WA 0/100"},
		{"unbounded", how("sum", -1), number(5), "AC", members{"AC 2"}, "AC 7/-"},
		{"not yet", how("sum", 100), number(20), "..", members{"AC"}, ".."},
		{"judge error", how("sum", 100), number(20), "JE", members{"AC"}, "JE"},
	} {
		secret := append(members{"static " + test.static}, test.cases...)
		s := build(t, scored, nil, group("secret", secret, test.how, static(test.score))).sheet(t)
		if got := show(s.Total); got != test.want {
			t.Errorf("%s: got %s (%s), want %s", test.name, got, s.Total.Message, test.want)
		}
		if o := s.Static["secret"]; fmt.Sprint(o.Verdict) != strings.Fields(test.static)[0] && o.Verdict != verdict.JudgeError {
			t.Errorf("%s: the static one has %s", test.name, show(o))
		}
	}
}

// A group that is not run has its static validation skipped, too.
func TestStaticValidationIsSkipped(t *testing.T) {
	s := build(t, scored, nil, group("sample", members{"WA"}), group("secret", members{"static AC", "AC"}, how("sum", 100), static(number(10)), after("sample"))).sheet(t)
	if got := s.Static["secret"]; got.Verdict != verdict.Skipped || show(s.Total) != "WA 0/100" {
		t.Errorf("got %s, total %s", show(got), show(s.Total))
	}
}

// In the drafts of 2023-07, score.txt is a multiplier.
func TestDraftScores(t *testing.T) {
	p := scored
	p.Draft = true
	for _, test := range []struct {
		max    float64
		secret members
		want   string
	}{
		{100, members{"AC 0.5", "AC"}, "AC 75/100"},
		{100, members{"AC 2"}, "JE"},
		{100, members{"AC *0.5"}, "AC 50/100"},
		{-1, members{"AC 200"}, "AC 200/-"},
	} {
		if got := show(build(t, p, nil, group("secret", test.secret, how("sum", test.max))).sheet(t).Total); got != test.want {
			t.Errorf("%v: got %s, want %s", test.secret, got, test.want)
		}
	}
}
