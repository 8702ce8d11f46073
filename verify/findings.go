package verify

import (
	"cmp"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Rules of findings that are looked for by name.
const (
	ruleJudgeError = "judge-error"
	ruleNoCompiler = "missing-compiler" // this machine lacks what a package cannot be verified without
)

// find notes a finding. The caller holds w.mu, or is the only one at work.
func (w *work) find(f Finding) { w.findings = append(w.findings, f) }

// diagnose notes what the loader or lint has found.
func (w *work) diagnose(list []problem.Diagnostic) {
	for _, d := range list {
		w.find(Finding{
			Severity: d.Severity, Rule: cmp.Or(d.Rule, "package"), File: d.File, Line: d.Line, Column: d.Column, Message: d.Message, Hint: d.Hint,
		})
	}
}

// file names a file of the package as the user would.
func (w *work) file(name string) string {
	info := w.path
	single := w.problem != nil && w.problem.Format == problem.Single
	if single { // its programs lie beside it
		name = strings.TrimPrefix(name, "submissions/")
	}
	if base := filepath.Base(info); base == "problem.yaml" || single && slices.Contains([]string{".yaml", ".yml"}, filepath.Ext(base)) {
		info = filepath.Dir(info)
	}
	return filepath.ToSlash(filepath.Join(info, filepath.FromSlash(name)))
}

// sortFindings sorts by severity, and then as people read a package.
func sortFindings(list []Finding) {
	rank := func(f Finding) int {
		return slices.Index([]problem.Severity{problem.Error, problem.Warning, problem.Note}, f.Severity)
	}
	slices.SortStableFunc(list, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(rank(a), rank(b)), strings.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column),
			strings.Compare(a.Rule, b.Rule), strings.Compare(a.Case, b.Case), strings.Compare(a.Message, b.Message),
		)
	})
}

// judgeSubmission compares a submission with what is expected of it, and notes
// what it finds.
func (w *work) judgeSubmission(s *Submission, stopped bool) {
	at := slices.IndexFunc(w.subs, func(sub *sub) bool { return sub.Path == s.Path })
	sub := w.subs[at]
	file := w.file(path.Join("submissions", s.Path))
	if s.NotRun != "" {
		w.notRun(sub, s, file)
		return
	}
	if s.Verdict == verdict.Pending {
		return // stopped, or the package is invalid
	}
	w.judgeErrors(s, sub.judged.Message, file)
	mismatches := w.mismatches(sub, s)
	if len(mismatches) == 0 {
		s.AsExpected = true
		w.sensitive(sub, s, file)
		return
	}
	s.Why = mismatches[0].Reason
	w.mark(s, mismatches)
	if s.Verdict == verdict.JudgeError {
		return
	}
	f := Finding{Severity: problem.Error, Rule: "unexpected-verdict", File: file, Submission: s.Path, Case: mismatches[0].Case}
	f.Message = fmt.Sprintf("gets %s: %s", s.Verdict, s.Why)
	if more := len(mismatches) - 1; more > 0 {
		f.Message += fmt.Sprintf(" (and %d more)", more)
	}
	if s.Verdict == verdict.CompileError {
		f.Rule, f.Hint = "compile-error", s.CompileLog
	}
	w.find(f)
}

// notRun notes why there is no result on a submission.
func (w *work) notRun(sub *sub, s *Submission, file string) {
	f := Finding{Severity: problem.Warning, Rule: "not-run", File: file, Submission: s.Path, Message: "not run: " + s.NotRun}
	switch {
	case sub.refused != nil:
		f.Severity, f.Rule, f.Message, f.Hint = problem.Error, "invalid-submission", sub.refused.Message, sub.refused.Hint
	case sub.notRun == "":
		return // for want of a time limit, which is said elsewhere
	case w.Strict:
		f.Severity = problem.Error
	}
	w.find(f)
}

// judgeErrors notes the failures of validators and of evalx, one for each
// message, and that of scoring a group if no test case has one.
func (w *work) judgeErrors(s *Submission, message, file string) {
	seen := map[string]bool{}
	for _, c := range s.Cases {
		if c.Verdict == verdict.JudgeError && !seen[c.Message] {
			seen[c.Message] = true
			w.find(Finding{
				Severity: problem.Error, Rule: ruleJudgeError, File: file, Submission: s.Path, Case: c.Case,
				Message: fmt.Sprintf("judge error on %s: %s", c.Case, c.Message),
			})
		}
	}
	if len(seen) == 0 && s.Verdict == verdict.JudgeError {
		w.find(Finding{Severity: problem.Error, Rule: ruleJudgeError, File: file, Submission: s.Path, Message: "judge error: " + message})
	}
}

// mismatches compares a submission with what is expected of it.
func (w *work) mismatches(sub *sub, s *Submission) []judge.Mismatch {
	if s.Verdict == verdict.CompileError {
		return (&judge.Report{Verdict: s.Verdict}).Mismatches(sub.Expect)
	}
	return sub.judged.Mismatches(sub.Expect)
}

// mark marks where a submission is not as expected.
func (w *work) mark(s *Submission, mismatches []judge.Mismatch) {
	for _, m := range mismatches {
		for i := range s.Cases {
			if c := &s.Cases[i]; c.Case == m.Case && c.Unexpected == "" {
				c.Unexpected = m.Reason
				w.markGroups(s, c.Case)
			}
		}
		for i := range s.Groups {
			if g := &s.Groups[i]; m.Group != "" && g.Name == m.Group {
				g.Unexpected = true
			}
		}
	}
}

// markGroups marks the group of a test case.
func (w *work) markGroups(s *Submission, name string) {
	for i := range s.Groups {
		g := &s.Groups[i]
		g.Unexpected = g.Unexpected || strings.HasPrefix(name, g.Name+"/")
	}
}
