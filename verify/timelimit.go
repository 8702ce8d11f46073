package verify

import "time"

// TimeLimit is the time limit of a package, and how it stands to its
// submissions. See "limits" in both versions of the format, and "Time limit"
// of 2025-09 in "Submissions".
type TimeLimit struct {
	Limit  time.Duration `json:"limit_ns"`
	Source string        `json:"source"` // such as "problem.yaml:12", or how it was derived
	Stated bool          `json:"stated"` // by the package or the user, not derived

	// Slowest is the slowest run of those submissions that must be fast
	// enough; nil if there is none. Fastest is of those that must be too slow:
	// of each the slowest run, and of these the fastest.
	Slowest *Timing `json:"slowest,omitempty"`
	Fastest *Timing `json:"fastest,omitempty"`

	// What the format wants: Slowest × Lower ≤ Limit, and Limit × Upper ≤
	// Fastest.
	Lower float64 `json:"lower_multiplier"`
	Upper float64 `json:"upper_multiplier"`
	// What there is: Limit / Slowest and Fastest / Limit; 0 without such a
	// run. With Fastest.Stopped the second is at least this.
	LowerMargin float64 `json:"lower_margin"`
	UpperMargin float64 `json:"upper_margin"`
	// Least and Most are the limits that the package's multipliers allow,
	// Least a multiple of Resolution; 0 without such a run. None does if Most
	// is less than Least, and neither is 0.
	Least      time.Duration `json:"least_ns"`
	Most       time.Duration `json:"most_ns"`
	Resolution time.Duration `json:"resolution_ns"`
	// Kill is when a run was stopped at the latest, so that one run tells by
	// how much it was too slow.
	Kill time.Duration `json:"kill_ns"`
}
