package scoring

import (
	"fmt"
	"math"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// The ways in which a group of 2025-09 aggregates scores.
const (
	passFail = "pass-fail"
	sum      = "sum"
	least    = "min"
)

// scoring scores a scoring problem of 2025-09 ("Scoring problems"): samples
// have no score, and that of the submission is the one of secret. The verdict
// is that of the first test case in order that is not accepted, and a judge
// error anywhere leaves no score.
func (s *walk) scoring() {
	failed := map[string]bool{} // groups in which something was not accepted
	var parts []Outcome
	var secret Outcome
	for _, g := range s.problem.Root.Groups {
		if g.Name == "sample" {
			sample := s.inOrder(g, false)
			failed[g.Name] = rejected(sample.Verdict)
			parts = append(parts, sample)
			continue
		}
		secret = s.unit(g, g.Config.MaxScore, failed)
		parts = append(parts, secret)
	}
	s.sheet.Total = worstPart(parts)
	if v := s.sheet.Total.Verdict; v != verdict.Pending && v != verdict.JudgeError {
		s.sheet.Total.Score = secret.Score
	}
	s.sheet.Total.Max = secret.Max
}

// worstPart is the verdict of what consists of parts: Pending if something is,
// a judge error if there is one, and otherwise that of the first part that ran
// and was not accepted.
func worstPart(parts []Outcome) Outcome {
	for _, v := range []verdict.Verdict{verdict.Pending, verdict.JudgeError} {
		for _, o := range parts {
			if o.Verdict == v {
				return Outcome{Verdict: v, Message: o.Message}
			}
		}
	}
	skipped := verdict.Accepted
	for _, o := range parts {
		if rejected(o.Verdict) {
			return Outcome{Verdict: o.Verdict}
		}
		if o.Verdict == verdict.Skipped {
			skipped = verdict.Skipped
		}
	}
	return Outcome{Verdict: skipped}
}

// unit scores secret or a test data group in it, of which the best possible
// score is limit; nil: it is unbounded.
func (s *walk) unit(g *problem.Group, limit *float64, failed map[string]bool) Outcome {
	zero := 0.0
	open := false
	for _, name := range g.Config.RequirePass {
		passed, known := s.passed(name, failed)
		if known && !passed {
			at := len(s.sheet.Groups)
			s.skip(g)
			out := Outcome{Verdict: verdict.Skipped, Score: &zero, Max: limit}
			s.sheet.Groups[at].Outcome = out
			failed[g.Name] = true
			return out
		}
		open = open || !known
	}
	at := s.group(g)
	members := s.members(g, limit, failed)
	for _, o := range members {
		failed[g.Name] = failed[g.Name] || rejected(o.Verdict) || o.Verdict == verdict.Skipped
	}
	out := worstPart(members)
	out.Max = limit
	switch {
	case open:
		out.Verdict = verdict.Pending
	case out.Verdict != verdict.Pending && out.Verdict != verdict.JudgeError:
		s.total(g, members, &out)
	}
	s.sheet.Groups[at].Outcome = out
	return out
}

// passed tells whether a submission is accepted on everything in the group
// called name, if that is known already.
func (s *walk) passed(name string, failed map[string]bool) (passed, known bool) {
	if failed[name] {
		return false, true
	}
	for _, o := range s.sheet.Groups {
		if o.Group.Name == name {
			return o.Verdict == verdict.Accepted, o.Verdict != verdict.Pending
		}
	}
	return false, true // nothing of that name comes before
}

// members are the outcomes of what is in a unit.
func (s *walk) members(g *problem.Group, limit *float64, failed map[string]bool) []Outcome {
	members := s.validated(g)
	share := shares(g, limit)
	for _, node := range g.Order {
		if node.Group == nil {
			members = append(members, s.judged(node.Case))
			continue
		}
		max := node.Group.Config.MaxScore
		if max == nil {
			max = share
		}
		members = append(members, s.unit(node.Group, max, failed))
	}
	return members
}

// aggregation is how a unit aggregates scores.
func aggregation(g *problem.Group) string {
	switch {
	case g.Config.Aggregation != "":
		return g.Config.Aggregation
	case g.Name == "secret":
		return sum
	}
	return passFail
}

// shares is the best possible score of each test case in g, and of each group
// in it that states none (which only the drafts of 2023-07 allow): what is left
// of limit, in equal parts.
func shares(g *problem.Group, limit *float64) *float64 {
	if limit == nil || aggregation(g) == least {
		return limit
	}
	left, parts := *limit, 0
	if static := g.Config.Static; static != nil {
		left -= value(static.Score)
	}
	for _, node := range g.Order {
		if node.Group != nil && node.Group.Config.MaxScore != nil {
			left -= *node.Group.Config.MaxScore
			continue
		}
		parts++
	}
	share := math.Max(0, left) / math.Max(1, float64(parts))
	return &share
}

// total aggregates the scores of the members of a unit, all of which ran as
// far as they may.
func (s *walk) total(g *problem.Group, members []Outcome, out *Outcome) {
	score := 0.0
	switch aggregation(g) {
	case passFail:
		if out.Verdict == verdict.Accepted {
			score = value(out.Max)
		}
	case least:
		score = math.Inf(1)
		for _, o := range members {
			if o.Score != nil || o.Verdict != verdict.Accepted {
				score = math.Min(score, value(o.Score))
			}
		}
		if math.IsInf(score, 1) {
			score = 0
		}
	default:
		for _, o := range members {
			score += value(o.Score)
		}
	}
	if out.Max != nil && near(score, *out.Max) {
		score = *out.Max // thirds of a score do not add up
	}
	if !finite(score) {
		*out = Outcome{Verdict: verdict.JudgeError, Max: out.Max, Message: "the scores in " + g.Name + " add up to more than a number can be"}
		return
	}
	if out.Max != nil && score > *out.Max {
		*out = Outcome{Verdict: verdict.JudgeError, Max: out.Max, Message: fmt.Sprintf("%s has the score %s, more than its max_score %s", g.Name, Format(score), Format(*out.Max))}
		return
	}
	out.Score = &score
}

func near(a, b float64) bool { return math.Abs(a-b) <= 1e-9*math.Max(1, math.Abs(b)) }

// tested scores a test case ("Scoring test cases"). In a draft of 2023-07,
// score.txt is what score_multiplier.txt is in 2025-09.
func (by rule) tested(r Result, draft bool) Outcome {
	how, limit := by.how, by.limit
	if draft && limit != nil && r.Multiplier == nil {
		r.Score, r.Multiplier = nil, r.Score
	}
	if why := fault(r, how, limit); why != "" {
		return Outcome{Verdict: verdict.JudgeError, Message: "validator on " + by.name + ": " + why}
	}
	out := Outcome{Verdict: r.Verdict}
	if how == passFail {
		return out
	}
	score := 0.0
	switch {
	case r.Verdict != verdict.Accepted:
	case r.Multiplier != nil:
		score = *r.Multiplier * *limit
	case r.Score != nil:
		score = *r.Score
	case limit != nil:
		score = *limit
	}
	out.Score, out.Max = &score, limit
	return out
}

// fault says what is wrong with the files that a validator wrote, in the words
// of the specification's list of judge errors, or "".
func fault(r Result, how string, limit *float64) string {
	wrote := r.Score != nil || r.Multiplier != nil
	switch {
	case r.Score != nil && r.Multiplier != nil:
		return "it wrote both score.txt and score_multiplier.txt"
	case wrote && r.Verdict == verdict.WrongAnswer:
		return "it wrote a score for what it does not accept"
	case r.Verdict != verdict.Accepted:
		return ""
	case wrote && how == passFail:
		return "it wrote a score in a group with pass-fail aggregation"
	case limit == nil && r.Multiplier != nil:
		return "it wrote score_multiplier.txt, but the score is unbounded"
	case how != passFail && limit == nil && r.Score == nil:
		return "it wrote no score.txt, but the score is unbounded"
	case r.Multiplier != nil && !(*r.Multiplier >= 0 && *r.Multiplier <= 1):
		return fmt.Sprintf("its score_multiplier.txt says %v, which is not from 0 to 1", *r.Multiplier)
	case r.Score != nil && !(*r.Score >= 0):
		return fmt.Sprintf("its score.txt says %v, which is negative", *r.Score)
	case r.Score != nil && limit != nil && *r.Score > *limit && !near(*r.Score, *limit):
		return fmt.Sprintf("its score.txt says %v, more than the best possible score of %s", *r.Score, Format(*limit))
	}
	return ""
}
