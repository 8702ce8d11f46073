package report

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// groups lists the groups with their verdicts and scores: of a scoring problem,
// and of any if everything is wanted.
func (t *Text) groups(r *judge.Report) []string {
	scored := func(g judge.Event) bool { return g.Score != nil || g.MaxScore != nil }
	if !t.Verbose && !slices.ContainsFunc(r.Groups, scored) {
		return nil
	}
	widest := 0
	for _, g := range r.Groups {
		widest = max(widest, len(oneLine(g.Group)))
	}
	var lines []string
	for _, g := range r.Groups {
		pad := strings.Repeat(" ", max(0, 3-len(g.Verdict.String())))
		line := fmt.Sprintf("%-*s  %s%s  %s", widest, oneLine(g.Group), t.verdict(g.Verdict), pad, score(g.Score, g.MaxScore))
		if g.Verdict == verdict.JudgeError {
			line += oneLine(g.Message)
		}
		lines = append(lines, strings.TrimRight(line, " "))
	}
	if len(lines) > 0 {
		lines = append([]string{"groups:"}, lines...)
	}
	return lines
}

// score writes a score and the best possible one, such as "37 of 100".
func score(got, best *float64) string {
	switch {
	case got == nil:
		return ""
	case best == nil:
		return scoring.Format(*got)
	case *got > *best: // the least score is the best
		return fmt.Sprintf("%s, the best is %s", scoring.Format(*got), scoring.Format(*best))
	}
	return fmt.Sprintf("%s of %s", scoring.Format(*got), scoring.Format(*best))
}

// total is what the last line says besides the verdict.
func total(r *judge.Report) string {
	switch {
	case r.Score != nil:
		return ", score " + score(r.Score, r.MaxScore)
	case r.Verdict == verdict.JudgeError && r.Count(verdict.JudgeError) == 0: // not a test case, but the scoring
		why, _, _ := strings.Cut(r.Message, "\n")
		return ": " + oneLine(why)
	}
	return ""
}
