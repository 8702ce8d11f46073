package judge

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/scoring"
	"github.com/evalx/evalx/judge/verdict"
)

// scored returns e, which is about a test case, with its score. What a
// validator may not write to its files for the score is a judge error.
func scored(e Event, out scoring.Outcome) Event {
	if out.Verdict == verdict.JudgeError && e.Verdict != verdict.JudgeError {
		e.Verdict, e.Message = verdict.JudgeError, strings.TrimRight(out.Message+"\n"+e.Message, "\n")
	}
	e.Score, e.MaxScore = out.Score, out.Max
	return e
}

// finish tells the verdicts and scores of the groups, and returns the event of
// kind Finished.
func (s *session) finish(ctx context.Context, sch *schedule) (Event, error) {
	sheet, err := sch.scorer.Score(sch.results, s.grader(ctx))
	if err != nil {
		return Event{Kind: Finished}, err
	}
	if len(sch.tests) < len(allTests(s.Problem)) { // the rest is not known, and so is any score
		return Event{Kind: Finished, Verdict: sch.firstFailing()}, nil
	}
	s.tellGroups(sheet)
	total := sheet.Total
	return Event{Kind: Finished, Verdict: total.Verdict, Score: total.Score, MaxScore: total.Max, Message: total.Message}, nil
}

// tellGroups tells the groups of a sheet, unless these are just sample and
// secret of a pass-fail problem, and what is wrong with the package.
func (s *session) tellGroups(sheet scoring.Sheet) {
	for _, words := range sheet.Findings {
		s.emit(Event{Kind: Warning, Message: words})
	}
	if !s.Problem.Kind.Scoring && len(sheet.Groups) == len(s.Problem.Root.Groups) {
		return
	}
	for _, g := range sheet.Groups {
		s.emit(Event{Kind: Group, Group: g.Group.Name, Verdict: g.Verdict, Score: g.Score, MaxScore: g.Max, Message: g.Message})
	}
}

// firstFailing is the verdict of the first test, in order, that is not
// accepted.
func (s *schedule) firstFailing() verdict.Verdict {
	for i, t := range s.tests {
		r := s.results.Static[t.group.Name]
		if t.Case != nil {
			r = s.results.Cases[t.place]
		}
		if out := s.outcome(i, r); out.Verdict != verdict.Accepted {
			return out.Verdict
		}
	}
	return verdict.Accepted
}

// Score works out the verdicts and scores of groups and of the submission from
// the Case events of Try, by their place in Problem.Cases, and those of
// TryStatic, by the name of their group. An event without a verdict is a test
// case that did not run. The error is a *PackageError if the grader of the
// package does not compile.
func (s *Session) Score(ctx context.Context, cases []Event, static map[string]Event, emit func(Event)) (scoring.Sheet, error) {
	with := s.stamped(emit)
	results := scoring.Results{Static: map[string]scoring.Result{}}
	for _, e := range cases {
		results.Cases = append(results.Cases, scoring.Result{Verdict: e.Verdict, Score: e.ValidatorScore, Multiplier: e.ValidatorMultiplier})
	}
	for name, e := range static {
		results.Static[name] = scoring.Result{Verdict: e.Verdict, Score: e.ValidatorScore, Multiplier: e.ValidatorMultiplier}
	}
	return scoring.Score(s.session.Problem, results, with.grader(ctx))
}

// grader returns the package's own grader (legacy version, "Graders"), which is
// compiled when it is first asked.
func (s *session) grader(ctx context.Context) scoring.Grader {
	return func(flags []string, children []scoring.Outcome) (scoring.Outcome, error) {
		if s.Problem.Grader == nil {
			return scoring.Outcome{Verdict: verdict.JudgeError, Message: "the group has grading: custom, but the package has no grader"}, nil
		}
		p, err := s.helper(ctx, &s.graderProgram, "grader", s.Problem.Grader)
		if err != nil {
			return scoring.Outcome{}, err
		}
		return s.runGrader(ctx, p, flags, children)
	}
}

// runGrader asks a grader for the outcome of a group.
func (s *session) runGrader(ctx context.Context, p *program, flags []string, children []scoring.Outcome) (scoring.Outcome, error) {
	at, err := s.Places.Take(ctx)
	if err != nil {
		return scoring.Outcome{}, err
	}
	defer at.Free()
	limits := s.Problem.Limits
	cmd := isolate.Cmd{
		Args: append(p.run[:len(p.run):len(p.run)], flags...), Env: p.env, Mounts: p.mounts, CPUs: at.CPUs,
		Limits: isolate.Limits{
			CPU: limits.ValidateTime, Wall: limits.ValidateTime + 5*time.Second, Memory: limits.ValidateMemory, Output: limits.ValidateOutput,
			Disk: writable, Inodes: 10_000, Processes: 256, OpenFiles: 1024,
		},
	}
	out, err := s.execute(ctx, cmd, strings.NewReader(scoring.GraderInput(children)))
	if err != nil {
		return scoring.Outcome{}, fmt.Errorf("run %s: %w", p.label, err)
	}
	words := ""
	if out.exit.Status != isolate.Exited || out.exit.Code != 0 {
		words = Describe(out.exit)
	}
	graded, err := scoring.ParseGrader(string(out.stdout))
	if words == "" && err == nil {
		return graded, nil
	}
	if words == "" {
		words = err.Error()
	}
	return scoring.Outcome{Verdict: verdict.JudgeError, Message: strings.TrimSpace(p.label + ": " + words + "\n" + tail(out.stderr))}, nil
}
