package judge

import (
	"slices"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// BoundsBelow tells whether a submission of which want is expected has to be
// fast enough on c, so that it bounds the time limit from below. Where a rule
// says use_for_time_limit, what others imply does not count.
func BoundsBelow(want problem.Expectation, format problem.Format, c *problem.Case) bool {
	implied, stated := false, false
	for _, r := range want.Rules {
		switch bounds := boundsBelow(r, format); {
		case !r.About(c.Name):
		case r.TimeLimit != "" && bounds:
			return true
		default:
			implied, stated = implied || bounds, stated || r.TimeLimit != ""
		}
	}
	return implied && !stated
}

// boundsBelow tells whether rule makes the runs that it is about bound the time
// limit from below. In the legacy format that is so for what must be accepted,
// in 2025-09 for all that may not be too slow unless it says otherwise
// ("Timelimit inference").
func boundsBelow(rule problem.Rule, format problem.Format) bool {
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
