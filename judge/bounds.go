package judge

import (
	"slices"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// BoundsBelow tells whether rule makes the runs that it is about bound the time
// limit from below: they must be fast enough. In the legacy format that is so
// for what must be accepted, in 2025-09 for all that may not be too slow unless
// it says otherwise ("Timelimit inference").
func BoundsBelow(rule problem.Rule, format problem.Format) bool {
	switch {
	case rule.TimeLimit != "":
		return rule.TimeLimit == problem.LowerTimeLimit
	case format == problem.Legacy:
		return len(rule.Permitted) == 1 && rule.Permitted[0] == verdict.Accepted
	}
	return len(rule.Permitted) > 0 && !slices.Contains(rule.Permitted, verdict.TimeLimit)
}

// BoundsAbove tells whether rule makes the slowest of the runs that it is about
// bound the time limit from above: one of them must be too slow.
func BoundsAbove(rule problem.Rule) bool {
	if rule.TimeLimit != "" {
		return rule.TimeLimit == problem.UpperTimeLimit
	}
	return len(rule.Required) == 1 && rule.Required[0] == verdict.TimeLimit
}
