package judge

import (
	"strings"
	"time"

	"github.com/evalx/evalx/judge/verdict"
)

// Report is what is known of judging a submission: the sum of its events.
type Report struct {
	Start    Event   // the Start event; its Kind is empty as long as there is none
	Compile  Event   // the Compiled event of the submission
	Limits   Event   // the Limits event
	Cases    []Event // the last Running or Case event of each test case; before, one without a Kind
	Groups   []Event // the Group events, each group before those in it
	Warnings []string
	Finished bool
	Verdict  verdict.Verdict // of the submission; Pending if it was not found
	Score    *float64        // of the submission; nil: it has none
	MaxScore *float64        // the best possible score; nil: nobody knows
	Message  string          // if Finished with a Verdict of Pending: why
	Elapsed  time.Duration   // from the first event to the last one

	begin time.Time
}

// Apply adds an event to the report. It is the only way by which a report
// comes about.
func (r *Report) Apply(e Event) {
	if r.begin.IsZero() {
		r.begin = e.Time
	}
	r.Elapsed = e.Time.Sub(r.begin)
	switch e.Kind {
	case Start:
		r.Start, r.Cases = e, make([]Event, e.Total)
	case Compiled:
		if strings.HasPrefix(e.Program, submissionPrefix) {
			r.Compile = e
		}
	case Limits:
		r.Limits = e
	case Running, Case:
		if e.Index >= 1 && e.Index <= len(r.Cases) {
			r.Cases[e.Index-1] = e
		}
	case Group:
		r.Groups = append(r.Groups, e)
	case Warning:
		r.Warnings = append(r.Warnings, e.Message)
	case Finished:
		r.Finished, r.Verdict, r.Message = true, e.Verdict, e.Message
		r.Score, r.MaxScore = e.Score, e.MaxScore
	}
}

// Full tells whether the submission is accepted with the best possible score,
// or with any where there is none or nobody knows it.
func (r *Report) Full() bool {
	return r.Verdict == verdict.Accepted && (r.Score == nil || r.MaxScore == nil || *r.Score == *r.MaxScore)
}

// Count returns how many test cases have verdict v.
func (r *Report) Count(v verdict.Verdict) int {
	n := 0
	for _, c := range r.Cases {
		if c.Verdict == v {
			n++
		}
	}
	return n
}

// Slowest returns the test case that used the most CPU time, the first one of
// several; false if none has run.
func (r *Report) Slowest() (Event, bool) {
	var slowest Event
	for _, c := range r.Cases {
		ran := c.Verdict != verdict.Pending && c.Verdict != verdict.Skipped
		if ran && (slowest.Kind == "" || c.CPU > slowest.CPU) {
			slowest = c
		}
	}
	return slowest, slowest.Kind != ""
}
