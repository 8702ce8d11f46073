package scoring

import (
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// inOrder is the outcome of a group that has no score ("Pass-fail problems"):
// the first one in it that is not accepted. A static validation test case goes
// before the others.
func (s *walk) inOrder(g *problem.Group, root bool) Outcome {
	at := -1
	if !root {
		at = s.group(g)
	}
	members := s.validated(g)
	for _, node := range g.Order {
		if node.Group != nil {
			members = append(members, s.inOrder(node.Group, false))
			continue
		}
		members = append(members, s.judged(node.Case))
	}
	out := first(members)
	if at >= 0 {
		s.sheet.Groups[at].Outcome = out
	}
	return out
}

// first returns the verdict of the first of members that is not accepted.
func first(members []Outcome) Outcome {
	for _, o := range members {
		if o.Verdict != verdict.Accepted {
			return Outcome{Verdict: o.Verdict, Message: o.Message}
		}
	}
	return Outcome{Verdict: verdict.Accepted}
}
