package scoring_test

import (
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// dice makes problems and results that nobody would think of.
type dice struct{ *rand.Rand }

func pick[T any](d dice, all ...T) T { return all[d.IntN(len(all))] }

func (d dice) problem() *problem.Problem {
	p := &problem.Problem{
		Format: pick(d, problem.Legacy, problem.F2025, problem.Single), Draft: d.IntN(8) == 0,
		Kind: problem.Kind{Scoring: d.IntN(5) > 0, CustomScore: d.IntN(2) == 0}, Objective: pick(d, problem.Maximize, problem.Minimize),
		Root: &problem.Group{Config: d.config()},
	}
	for _, name := range []string{"sample", "secret"} {
		d.fill(p.Root, d.group(name, 2))
	}
	return p
}

func (d dice) group(name string, depth int) *problem.Group {
	g := &problem.Group{Name: name, Config: d.config()}
	for i := range d.IntN(5) {
		if depth > 0 && d.IntN(2) == 0 {
			d.fill(g, d.group(name+"/"+string(rune('a'+i)), depth-1))
			continue
		}
		g.Cases = append(g.Cases, &problem.Case{Name: name + "/1"})
		g.Order = append(g.Order, problem.Node{Case: g.Cases[len(g.Cases)-1]})
	}
	return g
}

func (d dice) fill(g, sub *problem.Group) {
	g.Groups, g.Order = append(g.Groups, sub), append(g.Order, problem.Node{Group: sub})
}

func (d dice) config() problem.GroupConfig {
	c := problem.GroupConfig{
		OnReject: pick(d, "break", "continue"), Grading: pick(d, "default", "default", "custom"),
		AcceptScore: d.number(), RejectScore: d.number(), Range: [2]float64{math.Inf(-1), pick(d, math.Inf(1), d.number())},
		Aggregation: pick(d, "", "sum", "min", "pass-fail"),
	}
	for range d.IntN(4) {
		c.GraderFlags = append(c.GraderFlags, pick(d, "worst_error", "first_error", "always_accept", "sum", "avg", "min", "max", "ignore_sample", "accept_if_any_accepted", "x"))
	}
	if d.IntN(3) > 0 {
		c.MaxScore = number(math.Abs(d.number()))
	}
	if d.IntN(3) == 0 {
		c.RequirePass = []string{pick(d, "sample", "secret", "secret/a", "secret/b", "nowhere")}
	}
	if d.IntN(4) == 0 {
		c.Static = &problem.StaticCase{}
		if d.IntN(2) == 0 {
			c.Static.Score = number(math.Abs(d.number()))
		}
	}
	return c
}

func (d dice) number() float64 {
	return pick(d, 0, 1, 10, 100, -5, 0.1, 100.0/3, 1e300, math.MaxFloat64, d.Float64())
}

func (d dice) result(open bool) scoring.Result {
	r := scoring.Result{Verdict: pick(d, verdict.Accepted, verdict.Accepted, verdict.Accepted, verdict.WrongAnswer, verdict.TimeLimit, verdict.JudgeError)}
	if open && d.IntN(3) == 0 {
		return scoring.Result{}
	}
	if d.IntN(4) == 0 {
		r.Score = number(d.number())
	}
	if d.IntN(4) == 0 {
		r.Multiplier = number(d.number())
	}
	return r
}

func (d dice) results(p *problem.Problem, open bool) scoring.Results {
	r := scoring.Results{Static: map[string]scoring.Result{}}
	for range p.Cases() {
		r.Cases = append(r.Cases, d.result(open))
	}
	var walk func(*problem.Group)
	walk = func(g *problem.Group) {
		if g.Config.Static != nil {
			r.Static[g.Name] = d.result(open)
		}
		for _, sub := range g.Groups {
			walk(sub)
		}
	}
	walk(p.Root)
	return r
}

// worsened is what d makes of the results that the sheet calls needless.
func (d dice) worsened(s scoring.Sheet, r scoring.Results) scoring.Results {
	other := scoring.Results{Static: map[string]scoring.Result{}}
	for i, result := range r.Cases {
		if s.Cases[i].Verdict == verdict.Skipped {
			result = d.result(true)
		}
		other.Cases = append(other.Cases, result)
	}
	for name, result := range r.Static {
		if s.Static[name].Verdict == verdict.Skipped {
			result = d.result(true)
		}
		other.Static[name] = result
	}
	return other
}

// completed is r with a result for all that is open in it.
func (d dice) completed(r scoring.Results) scoring.Results {
	all := scoring.Results{Static: map[string]scoring.Result{}}
	for _, result := range r.Cases {
		if result.Verdict == verdict.Pending {
			result = d.result(false)
		}
		all.Cases = append(all.Cases, result)
	}
	for name, result := range r.Static {
		if result.Verdict == verdict.Pending {
			result = d.result(false)
		}
		all.Static[name] = result
	}
	return all
}

// checked scores, and holds the outcome against what is always true.
func checked(t *testing.T, p *problem.Problem, r scoring.Results) scoring.Sheet {
	t.Helper()
	grade := func(_ []string, children []scoring.Outcome) (scoring.Outcome, error) {
		for _, c := range children {
			if c.Verdict == verdict.JudgeError || c.Verdict == verdict.Pending || c.Verdict == verdict.Skipped {
				t.Errorf("the grader is asked about %v", c.Verdict)
			}
		}
		return scoring.Outcome{Verdict: children[0].Verdict, Score: number(float64(len(children)))}, nil
	}
	s, err := scoring.Score(p, r, grade)
	if err != nil || len(s.Cases) != len(r.Cases) {
		t.Fatalf("error %v, %d test cases of %d", err, len(s.Cases), len(r.Cases))
	}
	again, err := scoring.Score(p, r, grade)
	if err != nil || !reflect.DeepEqual(s, again) {
		t.Errorf("the same results, another outcome: %+v, %+v, %v", s, again, err)
	}
	for _, o := range s.Groups {
		inBounds(t, p, o.Outcome)
	}
	inBounds(t, p, s.Total)
	return s
}

func inBounds(t *testing.T, p *problem.Problem, o scoring.Outcome) {
	t.Helper()
	none := o.Verdict == verdict.JudgeError || o.Verdict == verdict.Pending || !p.Kind.Scoring
	if none && o.Score != nil {
		t.Errorf("a score with %v in a problem of kind %+v", o.Verdict, p.Kind)
	}
	if o.Score == nil {
		return
	}
	if math.IsInf(*o.Score, 0) || math.IsNaN(*o.Score) {
		t.Errorf("score %v", *o.Score) // JSON has no such number
	}
	if p.Format == problem.Legacy {
		return
	}
	if !(*o.Score >= 0) || o.Max != nil && *o.Score > *o.Max {
		t.Errorf("score %v of %v", *o.Score, o.Max)
	}
}

// TestProperties holds random problems against what is always true. Above all:
// what need not run cannot matter, and stays so whatever becomes known, so that
// it is of no concern which test cases happen to run before others.
func TestProperties(t *testing.T) {
	for seed := range uint64(5_000) {
		properties(t, seed)
		if t.Failed() {
			t.Fatalf("seed %d", seed)
		}
	}
}

func FuzzProperties(f *testing.F) {
	f.Add(uint64(1))
	f.Fuzz(properties)
}

func properties(t *testing.T, seed uint64) {
	d := dice{rand.New(rand.NewPCG(seed, 0))}
	p := d.problem()
	partial := d.results(p, true)
	before := checked(t, p, partial)
	full := d.completed(partial)
	after := checked(t, p, full)
	for i, o := range before.Cases {
		if o.Verdict == verdict.Skipped && after.Cases[i].Verdict != verdict.Skipped {
			t.Errorf("test case %d need not run, and later has %v", i, after.Cases[i].Verdict)
		}
	}
	if before.Total.Verdict != verdict.Pending && !reflect.DeepEqual(before.Total, after.Total) {
		t.Errorf("the outcome was %+v and is %+v", before.Total, after.Total)
	}
	other := checked(t, p, d.worsened(after, full))
	if !reflect.DeepEqual(other.Total, after.Total) || !reflect.DeepEqual(other.Groups, after.Groups) {
		t.Errorf("what need not run changes %+v to %+v", after.Total, other.Total)
	}
}
