package judge

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
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
// expects, in the order of its rules. Test cases that did not run count for
// nothing.
func (r *Report) Mismatches(want problem.Expectation) []Mismatch {
	if r.Verdict == verdict.Pending || r.Verdict == verdict.JudgeError {
		return []Mismatch{{Reason: "there is no verdict on the submission, but " + r.Verdict.Text()}}
	}
	var found []Mismatch
	for _, rule := range want.Rules {
		if r.Verdict == verdict.CompileError {
			found = append(found, compileError(rule)...)
			continue
		}
		found = append(found, r.verdicts(rule)...)
		found = append(found, r.message(rule)...)
		found = append(found, r.scores(rule)...)
	}
	return found
}

// compileError checks a rule for a submission that does not compile. Every
// rule about verdicts or scores wants that it does, unless it says CE.
func compileError(rule problem.Rule) []Mismatch {
	if slices.Contains(rule.Verdict, verdict.CompileError) || slices.Contains(rule.Required, verdict.CompileError) {
		return nil
	}
	return []Mismatch{{Source: rule.Source, Reason: rule.Source + " expects that it compiles"}}
}

// verdicts checks the verdict of the submission, and if that is not what the
// rule wants, those of the test cases.
func (r *Report) verdicts(rule problem.Rule) []Mismatch {
	if r.Verdict.In(rule.Verdict) {
		return nil
	}
	found := append(r.permitted(rule), r.required(rule)...)
	if len(found) > 0 || len(rule.Verdict) == 0 || r.byCases(rule) {
		return found
	}
	return []Mismatch{{Source: rule.Source, Reason: fmt.Sprintf("%s expects %s of the submission, which gets %s", rule.Source, join(rule.Verdict), r.Verdict)}}
}

// byCases tells whether it is enough that the test cases are as the rule wants:
// a submission that is too slow on one may be wrong on an earlier one, but one
// that has to fail may not be accepted as a whole.
func (r *Report) byCases(rule problem.Rule) bool {
	return len(rule.Required) > 0 && r.Verdict != verdict.Accepted && (len(rule.Permitted) == 0 || r.Verdict.In(rule.Permitted))
}

// ran calls do with every test case that has run and that the rule is about.
func (r *Report) ran(rule problem.Rule, do func(Event)) {
	for _, c := range r.Cases {
		if c.Verdict != verdict.Pending && c.Verdict != verdict.Skipped && rule.About(c.Case) {
			do(c)
		}
	}
}

func (r *Report) permitted(rule problem.Rule) (found []Mismatch) {
	if len(rule.Permitted) == 0 {
		return nil
	}
	r.ran(rule, func(c Event) {
		if !c.Verdict.In(rule.Permitted) {
			found = append(found, Mismatch{Case: c.Case, Source: rule.Source, Reason: fmt.Sprintf("%s does not permit %s on %s", rule.Source, c.Verdict, c.Case)})
		}
	})
	return found
}

func (r *Report) required(rule problem.Rule) []Mismatch {
	met := len(rule.Required) == 0
	r.ran(rule, func(c Event) { met = met || c.Verdict.In(rule.Required) })
	if met {
		return nil
	}
	return []Mismatch{{Group: rule.Cases, Source: rule.Source, Reason: fmt.Sprintf("%s requires %s on some test case%s", rule.Source, join(rule.Required), of(rule))}}
}

// message checks the words of the validator.
func (r *Report) message(rule problem.Rule) []Mismatch {
	met := rule.Message == ""
	r.ran(rule, func(c Event) { met = met || strings.Contains(c.Message, rule.Message) })
	if met {
		return nil
	}
	return []Mismatch{{Group: rule.Cases, Source: rule.Source, Reason: fmt.Sprintf("%s requires the judge message %q on some test case%s", rule.Source, rule.Message, of(rule))}}
}

// of says which test cases the rule is about, if not all.
func of(rule problem.Rule) string {
	if rule.Cases == "" {
		return ""
	}
	return " of " + rule.Cases
}

// scores checks the scores of the submission, or of the groups and test cases
// that the rule names.
func (r *Report) scores(rule problem.Rule) (found []Mismatch) {
	if rule.Partial && r.Score != nil && r.MaxScore != nil && near(*r.Score, *r.MaxScore) {
		found = append(found, Mismatch{Source: rule.Source, Reason: fmt.Sprintf("%s expects less than the best score, which is %s", rule.Source, number(*r.MaxScore))})
	}
	if rule.Score == nil {
		return found
	}
	if rule.Cases == "" {
		return append(found, score(rule, "", "the submission", r.Verdict, r.Score)...)
	}
	for _, g := range r.Groups {
		if rule.Names(g.Group) {
			found = append(found, score(rule, g.Group, g.Group, g.Verdict, g.Score)...)
		}
	}
	for _, c := range r.Cases {
		if rule.Names(c.Case) {
			for _, m := range score(rule, "", c.Case, c.Verdict, c.Score) {
				m.Case = c.Case
				found = append(found, m)
			}
		}
	}
	return found
}

// score checks the score of what is called name.
func score(rule problem.Rule, group, name string, v verdict.Verdict, got *float64) []Mismatch {
	want := number(rule.Score[0])
	if rule.Score[0] != rule.Score[1] {
		want += " to " + number(rule.Score[1])
	}
	m := Mismatch{Group: group, Source: rule.Source}
	switch {
	case got == nil && v != verdict.Accepted && v != verdict.Pending:
		got = new(float64) // what fails has no points
	case got == nil:
		m.Reason = fmt.Sprintf("%s expects the score %s of %s, which has none", rule.Source, want, name)
		return []Mismatch{m}
	}
	if *got > rule.Score[0] && *got < rule.Score[1] || near(*got, rule.Score[0]) || near(*got, rule.Score[1]) {
		return nil
	}
	m.Reason = fmt.Sprintf("%s expects the score %s of %s, which has %s", rule.Source, want, name, number(*got))
	return []Mismatch{m}
}

// near tells whether two scores are equal but for how they were added up.
func near(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-9*max(1, math.Abs(a), math.Abs(b))
}

func number(x float64) string { return strconv.FormatFloat(math.Round(x*1e9)/1e9, 'f', -1, 64) }

func join(verdicts []verdict.Verdict) string {
	var codes []string
	for _, v := range verdicts {
		codes = append(codes, v.String())
	}
	return strings.Join(codes, " or ")
}
