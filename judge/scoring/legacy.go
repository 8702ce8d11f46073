package scoring

import (
	"math"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// legacy scores by the tree of groups that the legacy version has: each group
// is graded from what is directly in it ("Test data groups", "Graders").
func (s *walk) legacy() {
	s.sheet.Total = s.grown(s.problem.Root, true)
	if s.scored && !s.problem.Kind.CustomScore && s.problem.Format == problem.Legacy {
		// Problemtools calls that a judge error, DOMjudge takes the score.
		s.finding("the output validator writes scores, which count, but problem.yaml does not say validation: custom score")
	}
	if n := len(s.stray); n > 0 {
		s.finding("the output validator wrote a score for output that it does not accept, which does not count: on %s (%d in all)", s.stray[0], n)
	}
	if t := &s.sheet.Total; t.Verdict != verdict.Accepted {
		t.Score = nil // "For non-Accepted verdicts the score will always be ignored."
	}
}

// grown is the outcome of a group. What is in it runs in order; with on_reject:
// break only the part up to the first that is not accepted counts. Of a scoring
// problem the rest is skipped; of others people want to know it all. A group is
// Pending if something that counts is.
func (s *walk) grown(g *problem.Group, root bool) Outcome {
	at := -1
	if !root {
		at = s.group(g)
	}
	var children []Outcome
	pending, stopped := false, false
	for _, node := range g.Order {
		if stopped && s.problem.Kind.Scoring {
			s.skipNode(node)
			continue
		}
		child := s.child(g, node)
		if stopped || child.Verdict == verdict.Skipped { // the caller does not want it to run
			continue
		}
		children = append(children, child)
		pending = pending || child.Verdict == verdict.Pending
		stopped = rejected(child.Verdict) && g.Config.OnReject == "break"
	}
	out := s.graded(g, root, children, pending)
	if at >= 0 {
		s.sheet.Groups[at].Outcome = out
	}
	return out
}

// child is the outcome of what is directly in g.
func (s *walk) child(g *problem.Group, node problem.Node) Outcome {
	if node.Group != nil {
		return s.grown(node.Group, false)
	}
	out := s.judged(node.Case)
	if at := s.place[node.Case]; at < len(s.results.Cases) && s.results.Cases[at].Score != nil && s.problem.Kind.Scoring {
		switch {
		case rejected(out.Verdict):
			s.stray = append(s.stray, node.Case.Name)
		case out.Verdict == verdict.Accepted:
			s.scored = true
		}
	}
	return out
}

// legacy scores a test case: by what the validator wrote, if it accepts, and
// otherwise by accept_score or reject_score ("Graders", "Input").
func (by rule) legacy(r Result) Outcome {
	score := by.group.RejectScore
	if r.Verdict == verdict.Accepted {
		score = by.group.AcceptScore
		if r.Score != nil {
			score = *r.Score
		}
	}
	return Outcome{Verdict: r.Verdict, Score: &score}
}

// graded is the outcome of a group from those of what ran in it.
func (s *walk) graded(g *problem.Group, root bool, children []Outcome, pending bool) Outcome {
	out := Outcome{Verdict: verdict.Skipped}
	switch {
	case pending:
		out.Verdict = verdict.Pending
	case len(children) > 0:
		out = s.aggregate(g, root, children)
	}
	if s.problem.Kind.Scoring {
		if out.Max = s.best(g.Config); out.Max == nil && root {
			out.Max = s.full(g, root)
		}
		s.inRange(g, out)
	}
	return out
}

// aggregate grades a group in which something ran, and all of that to its end.
func (s *walk) aggregate(g *problem.Group, root bool, children []Outcome) Outcome {
	for _, child := range children {
		if child.Verdict == verdict.JudgeError {
			return Outcome{Verdict: verdict.JudgeError, Message: child.Message}
		}
	}
	if g.Config.Grading == "custom" && s.problem.Kind.Scoring {
		return s.custom(g, children)
	}
	flags := parseFlags(g.Config.GraderFlags)
	if root && flags.ignoreSample {
		children = children[len(children)-1:] // sample goes before secret
	}
	out := Outcome{Verdict: flags.verdictOf(children)}
	if !s.problem.Kind.Scoring {
		return out
	}
	score := flags.scoreOf(children)
	if !finite(score) {
		return Outcome{Verdict: verdict.JudgeError, Message: "the scores in " + nameOf(g) + " add up to more than a number can be"}
	}
	out.Score = &score
	return out
}

func finite(x float64) bool { return !math.IsInf(x, 0) && !math.IsNaN(x) }

// nameOf names a group for people.
func nameOf(g *problem.Group) string {
	if g.Name == "" {
		return "all test data"
	}
	return g.Name
}

// custom lets the grader of the package grade.
func (s *walk) custom(g *problem.Group, children []Outcome) Outcome {
	if s.grade == nil || s.err != nil {
		return Outcome{Verdict: verdict.Pending}
	}
	out, err := s.grade(g.Config.GraderFlags, children)
	if err != nil {
		s.err = err
		return Outcome{Verdict: verdict.Pending}
	}
	if out.Verdict == verdict.JudgeError {
		out.Score = nil
	}
	return out
}

// best is the best score of a group, if its range says that.
func (s *walk) best(c problem.GroupConfig) *float64 {
	best := c.Range[1]
	if s.problem.Objective == problem.Minimize {
		best = c.Range[0]
	}
	if math.IsInf(best, 0) {
		return nil
	}
	return &best
}

// full is the score of a group of which everything is accepted, where no range
// states the best one; nil if that depends on a validator or a grader, or is
// not the best.
func (s *walk) full(g *problem.Group, root bool) *float64 {
	c := g.Config
	if s.problem.Kind.CustomScore || s.scored || s.problem.Objective == problem.Minimize || c.Grading == "custom" || len(g.Order) == 0 {
		return nil
	}
	var children []Outcome
	for _, node := range g.Order {
		score := &c.AcceptScore
		if node.Group != nil {
			if score = s.best(node.Group.Config); score == nil {
				score = s.full(node.Group, false)
			}
		} else if c.AcceptScore < c.RejectScore {
			return nil
		}
		if score == nil {
			return nil
		}
		children = append(children, Outcome{Score: score})
	}
	flags := parseFlags(c.GraderFlags)
	if root && flags.ignoreSample {
		children = children[len(children)-1:]
	}
	if total := flags.scoreOf(children); finite(total) {
		return &total
	}
	return nil
}

// inRange notes a score that is out of the group's range.
func (s *walk) inRange(g *problem.Group, out Outcome) {
	r := g.Config.Range
	if out.Score == nil || *out.Score >= r[0] && *out.Score <= r[1] {
		return
	}
	s.finding("%s has the score %s, outside of its range from %s to %s", nameOf(g), Format(*out.Score), Format(r[0]), Format(r[1]))
}
