package verify_test

import (
	"slices"
	"testing"

	"github.com/evalx/evalx/verify"
)

// A submission that waits instead of computing is too slow for any limit: its
// CPU time bounds none.
func TestIdle(t *testing.T) {
	dir := double.with(files{
		"problem.yaml":                          "problem_format_version: 2025-09\nname: {en: Double}\nuuid: 36a1c1a6-6b7d-4a3f-9dd2-0ecb8e0f1111\nlimits: {time_limit: 0.2, time_resolution: 0.1}\n",
		"submissions/time_limit_exceeded/no.sh": "sleep 100\n",
	}).write(t, "double")
	r := run(t, dir, verify.Config{Engine: engine(t, "")})
	if got := found(r); slices.ContainsFunc(got, func(f string) bool { return f == "warning no-time-limit-fits" || f == "warning time-limit-loose" }) {
		t.Errorf("findings %v", r.Findings)
	}
	if r.TimeLimit == nil || r.TimeLimit.Fastest != nil {
		t.Errorf("time limit %+v", r.TimeLimit)
	}
}
