package scoring

import (
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// passFail finds the verdicts of a pass-fail problem: accepted is what is
// accepted everywhere ("Pass-fail problems"). Of several others, the first one
// in order counts.
func (s *scorer) passFail() {
	s.sheet.Total = s.inOrder(s.problem.Root, true)
}

// inOrder is the outcome of a group that has no score: the first one in it
// that is not accepted. A static validation test case goes before the others.
func (s *scorer) inOrder(g *problem.Group, root bool) Outcome {
	at := -1
	if !root {
		at = s.group(g)
	}
	var members []Outcome
	if g.Config.Static != nil {
		out := s.plain(s.results.Static[g.Name], staticName(g))
		s.sheet.Static[g.Name] = out
		members = append(members, out)
	}
	for _, node := range g.Order {
		if node.Group != nil {
			members = append(members, s.inOrder(node.Group, false))
			continue
		}
		out := s.plain(s.result(node.Case), node.Case.Name)
		s.sheet.Cases[s.place[node.Case]] = out
		members = append(members, out)
	}
	out := first(members)
	if at >= 0 {
		s.sheet.Groups[at].Outcome = out
	}
	return out
}

// plain is the outcome of a test case that has no score.
func (s *scorer) plain(r Result, name string) Outcome {
	out := Outcome{Verdict: r.Verdict}
	if r.Verdict == verdict.JudgeError {
		out.Message = judgeError(name)
	}
	return out
}

func judgeError(name string) string { return "there is a judge error on " + name }

// staticName names the static validation test case of a group for people.
func staticName(g *problem.Group) string { return "the sources (" + g.Name + ")" }

// first returns the verdict of the first of members that is not accepted.
func first(members []Outcome) Outcome {
	for _, o := range members {
		if o.Verdict != verdict.Accepted {
			return Outcome{Verdict: o.Verdict, Message: o.Message}
		}
	}
	return Outcome{Verdict: verdict.Accepted}
}
