package judge

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Mismatch is one thing about a report that is not as expected.
type Mismatch struct {
	Case   string // the test case that it is about, or ""
	Group  string // the group that it is about, or ""
	Source string // what states what is expected, such as "submissions/submissions.yaml:12"
	Reason string // in words, with Source
}

// Meets returns nil if the report is what want expects, and otherwise an
// error that says in what it is not. Test cases that did not run count for
// nothing.
func (r *Report) Meets(want problem.Expectation) error {
	if found := r.Mismatches(want); len(found) > 0 {
		return errors.New(found[0].Reason)
	}
	return nil
}

// Mismatches returns everything about the report that is not what want
// expects. Test cases that did not run count for nothing.
func (r *Report) Mismatches(want problem.Expectation) []Mismatch {
	if r.Verdict == verdict.Pending || r.Verdict == verdict.JudgeError {
		return []Mismatch{{Reason: "there is no verdict on the submission, but " + r.Verdict.Text()}}
	}
	var found []Mismatch
	for _, rule := range want.Rules {
		found = append(found, r.mismatches(rule)...)
	}
	return found
}

// mismatches checks one rule.
func (r *Report) mismatches(rule problem.Rule) []Mismatch {
	if r.Verdict == verdict.CompileError {
		if slices.Contains(rule.Required, verdict.CompileError) {
			return nil
		}
		return []Mismatch{{Source: rule.Source, Reason: rule.Source + " expects that it compiles"}}
	}
	var found []Mismatch
	met := len(rule.Required) == 0
	for _, c := range r.Cases {
		if c.Verdict == verdict.Pending || c.Verdict == verdict.Skipped || !rule.About(c.Case) {
			continue
		}
		v := c.Verdict.Fold()
		if len(rule.Permitted) > 0 && !slices.Contains(rule.Permitted, v) {
			found = append(found, Mismatch{Case: c.Case, Source: rule.Source, Reason: fmt.Sprintf("%s does not permit %s on %s", rule.Source, c.Verdict, c.Case)})
		}
		met = met || slices.Contains(rule.Required, v)
	}
	if !met {
		found = append(found, Mismatch{Source: rule.Source, Reason: fmt.Sprintf("%s requires %s on some test case", rule.Source, join(rule.Required))})
	}
	return found
}

func join(verdicts []verdict.Verdict) string {
	var codes []string
	for _, v := range verdicts {
		codes = append(codes, v.String())
	}
	return strings.Join(codes, " or ")
}
