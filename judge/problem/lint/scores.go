package lint

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
)

// scores looks at what the groups of a scoring problem say of their scores.
func (l *linter) scores() {
	switch {
	case !l.p.Kind.Scoring || l.p.Root == nil:
	case l.p.Grading == problem.Legacy:
		l.legacyScores()
	default:
		l.maxScores()
	}
}

const epsilon = 1e-6

// legacyScores compares what a submission gets that is accepted on every test
// case with the ranges. Where a program decides, nothing is known.
func (l *linter) legacyScores() {
	empty := func(w problem.Diagnostic) bool { return w.Rule == "empty-group" }
	if l.p.Kind.CustomScore || slices.ContainsFunc(l.p.Warnings, empty) { // whose test cases would count
		return
	}
	best, known := l.best(l.p.Root)
	lo, hi := l.p.Root.Config.Range[0], l.p.Root.Config.Range[1]
	if !known || l.p.Objective == problem.Minimize || math.IsInf(hi, 1) || best > hi+epsilon || best < lo-epsilon {
		return // what lies outside the range is noted already
	}
	if best < hi-epsilon {
		l.add("score-range", l.configOf(l.p.Root), 0, fmt.Sprintf("range goes to %g, but a submission that is accepted on every test case gets %g", hi, best), "")
	}
}

// best returns the score of g if every test case is accepted, and whether it
// is known.
func (l *linter) best(g *problem.Group) (score float64, known bool) {
	known = g.Config.Grading != "custom"
	var parts []float64
	for _, n := range g.Order {
		switch {
		case n.Case != nil:
			parts = append(parts, g.Config.AcceptScore)
		default:
			part, ok := l.best(n.Group)
			if g == l.p.Root && n.Group.Name == "sample" && slices.Contains(g.Config.GraderFlags, "ignore_sample") {
				continue
			}
			known = known && ok
			parts = append(parts, part)
		}
	}
	if !known || len(parts) == 0 { // tests that a script has yet to make, perhaps
		return 0, false
	}
	score = aggregate(g.Config.GraderFlags, parts)
	if r := g.Config.Range; score < r[0]-epsilon || score > r[1]+epsilon {
		l.add("score-range", l.configOf(g), 0, fmt.Sprintf("a submission that is accepted on every test case gets %g, which is outside the range %g %g", score, r[0], r[1]), "")
	}
	return score, true
}

// aggregate does what the default grader does with scores; of several modes
// the last counts.
func aggregate(flags []string, parts []float64) float64 {
	mode := "sum"
	for _, f := range flags {
		if slices.Contains([]string{"sum", "avg", "min", "max"}, f) {
			mode = f
		}
	}
	sum := 0.0
	for _, p := range parts {
		sum += p
	}
	switch mode {
	case "avg":
		return sum / float64(len(parts))
	case "min":
		return slices.Min(parts)
	case "max":
		return slices.Max(parts)
	}
	return sum
}

// configOf names the file in which the group is configured, or its folder.
func (l *linter) configOf(g *problem.Group) string {
	name := "testdata.yaml"
	if !l.legacy() {
		name = "test_group.yaml"
	}
	rel := strings.TrimSuffix("data/"+g.Name, "/")
	if l.exists(rel + "/" + name) {
		return rel + "/" + name
	}
	return rel
}

// maxScores looks at the greatest scores of 2025-09. The loader refuses those
// that are missing.
func (l *linter) maxScores() {
	for _, secret := range l.p.Root.Groups {
		if secret.Name != "secret" || len(secret.Groups) == 0 || len(secret.Cases) > 0 || secret.Config.MaxScore == nil {
			continue
		}
		var parts []float64
		for _, g := range secret.Groups {
			if g.Config.MaxScore != nil {
				parts = append(parts, *g.Config.MaxScore)
			}
		}
		if len(parts) == len(secret.Groups) {
			l.sumOfGroups(secret, parts)
		}
	}
}

// sumOfGroups compares the greatest score of secret with what its groups give.
func (l *linter) sumOfGroups(secret *problem.Group, parts []float64) {
	mode, want := secret.Config.Aggregation, *secret.Config.MaxScore
	if mode != "sum" && mode != "min" {
		return
	}
	got := aggregate([]string{mode}, parts)
	message := fmt.Sprintf("max_score of secret is %g, but the %s of its groups' is %g", want, map[string]string{"sum": "sum", "min": "least"}[mode], got)
	switch {
	case got > want+epsilon:
		l.add("max-score", l.configOf(secret), 0, message, "a score above max_score is a judge error")
	case got < want-epsilon:
		l.addAs(problem.Warning, "max-score", l.configOf(secret), 0, message, "nobody can get max_score")
	}
}
