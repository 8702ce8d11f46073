package scoring_test

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// tree is a problem with the results of its test cases.
type tree struct {
	problem *problem.Problem
	results scoring.Results
}

// config changes the configuration of a group.
type config func(*problem.GroupConfig)

// members are what a group has in it: each a group, or a test case as its
// result, such as "AC", "WA", "AC 5" with a score.txt, "AC *0.5" with a
// score_multiplier.txt, or ".." if it has not run.
type members []any

// folder is a group to be.
type folder struct {
	name    string
	configs []config
	members members
}

func group(name string, m members, configs ...config) folder { return folder{name, configs, m} }

// build makes a problem of this format from the groups in data.
func build(t testing.TB, p problem.Problem, root []config, groups ...folder) tree {
	t.Helper()
	tr := tree{problem: &p}
	tr.results.Static = map[string]scoring.Result{}
	var all members
	for _, g := range groups {
		all = append(all, g)
	}
	p.Root = tr.group(t, "", folder{"", root, all}, problem.GroupConfig{})
	return tr
}

func (tr *tree) group(t testing.TB, above string, f folder, inherited problem.GroupConfig) *problem.Group {
	t.Helper()
	g := &problem.Group{Name: strings.TrimPrefix(above+"/"+f.name, "/")}
	if tr.problem.Format == problem.Legacy {
		g.Config = inherited
		if f.name == "" {
			g.Config = problem.GroupConfig{OnReject: "break", Grading: "default", AcceptScore: 1, Range: [2]float64{math.Inf(-1), math.Inf(1)}}
		}
	}
	for _, c := range f.configs {
		c(&g.Config)
	}
	for _, m := range f.members {
		switch m := m.(type) {
		case folder:
			sub := tr.group(t, g.Name, m, g.Config)
			g.Groups, g.Order = append(g.Groups, sub), append(g.Order, problem.Node{Group: sub})
		case string:
			if rest, ok := strings.CutPrefix(m, "static "); ok {
				tr.results.Static[g.Name] = result(t, rest)
				continue
			}
			c := &problem.Case{Name: g.Name + "/" + strconv.Itoa(len(g.Cases)+1)}
			g.Cases, g.Order = append(g.Cases, c), append(g.Order, problem.Node{Case: c})
			tr.results.Cases = append(tr.results.Cases, result(t, m))
		}
	}
	return g
}

// result reads what members say of a test case.
func result(t testing.TB, text string) scoring.Result {
	t.Helper()
	var r scoring.Result
	for i, word := range strings.Fields(text) {
		var err error
		switch {
		case word == "..":
		case i == 0:
			r.Verdict, err = verdict.Parse(word)
		case word[0] == '*':
			r.Multiplier = new(float64)
			*r.Multiplier, err = strconv.ParseFloat(word[1:], 64)
		default:
			r.Score = new(float64)
			*r.Score, err = strconv.ParseFloat(word, 64)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return r
}

// sheet scores the tree, without a custom grader.
func (tr tree) sheet(t testing.TB) scoring.Sheet {
	t.Helper()
	s, err := scoring.Score(tr.problem, tr.results, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// show writes an outcome such as "AC 37/100"; "-" is a best score that nobody
// knows.
func show(o scoring.Outcome) string {
	text := o.Verdict.String()
	if o.Score == nil {
		return text
	}
	best := "-"
	if o.Max != nil {
		best = scoring.Format(*o.Max)
	}
	return fmt.Sprintf("%s %s/%s", text, scoring.Format(*o.Score), best)
}

// cases lists the verdicts of the test cases, in order.
func cases(s scoring.Sheet) string {
	var codes []string
	for _, c := range s.Cases {
		codes = append(codes, c.Verdict.String())
	}
	return strings.Join(codes, " ")
}

func TestParseScore(t *testing.T) {
	for text, want := range map[string]float64{"1": 1, " 0.25\n": 0.25, "-3": -3, "1e2": 100, "0\n": 0} {
		if got, err := scoring.ParseScore(text); err != nil || got != want {
			t.Errorf("ParseScore(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "x", "1 2", "NaN", "inf", "-Inf", "1e999", strings.Repeat("1", 200), "0,5"} {
		if got, err := scoring.ParseScore(text); err == nil {
			t.Errorf("ParseScore(%q) = %v, want an error", text, got)
		}
	}
}

func TestFormat(t *testing.T) {
	for score, want := range map[float64]string{0: "0", 37: "37", 33.333333333: "33.333333", 0.1 + 0.2: "0.3", -1.5: "-1.5", math.Inf(1): "+Inf", 1e15: "1000000000000000"} {
		if got := scoring.Format(score); got != want {
			t.Errorf("Format(%v) = %q, want %q", score, got, want)
		}
	}
}

func TestPassFail(t *testing.T) {
	for _, test := range []struct {
		secret members
		want   string
	}{
		{members{"AC", "AC"}, "AC"},
		{members{"AC", "TLE", "WA"}, "TLE"},
		{members{"..", "WA"}, ".."},
		{members{"WA", ".."}, "WA"},
		{members{"WA", "SK", "SK"}, "WA"},
		{members{group("a", members{"AC"}), group("b", members{"RTE", "WA"})}, "RTE"},
		{members{"static WA", "RTE"}, "WA"},
		{members{"static AC", "AC"}, "AC"},
	} {
		tr := build(t, problem.Problem{Format: problem.F2025}, nil, group("sample", members{"AC"}), group("secret", test.secret, static(nil)))
		if !strings.HasPrefix(fmt.Sprint(test.secret[0]), "static") {
			tr.problem.Root.Groups[1].Config.Static = nil
		}
		if got := show(tr.sheet(t).Total); got != test.want {
			t.Errorf("%v: got %s, want %s", test.secret, got, test.want)
		}
	}
}

func static(score *float64) config {
	return func(c *problem.GroupConfig) { c.Static = &problem.StaticCase{Score: score} }
}

func number(x float64) *float64 { return &x }
