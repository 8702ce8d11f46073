// Package judge judges a submission on a problem: it compiles, runs every
// test case, compares, and tells all of it as a stream of events.
package judge

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Job is what to judge.
type Job struct {
	Problem    *problem.Problem
	Submission problem.Program
	Only       []string // globs of which a test case's name must match one, as path.Match has them; empty: all
}

// Finder finds the toolchain of a language. The error is a *language.Missing or
// a *language.Broken where there is none that works.
type Finder interface {
	Find(ctx context.Context, l language.Language) (*language.Toolchain, error)
}

// Config is what to judge with.
type Config struct {
	Sandbox      isolate.Sandbox
	Capabilities isolate.Capabilities
	Languages    *language.Set
	Finder       Finder      // a language.Finder, or a sandbox that has toolchains of its own
	Jobs         int         // test cases that run at one time
	Places       *cores.Pool // where they run; nil: anywhere, Jobs at one time
	Band         float64     // part of the time limit, 0 to 1: a test case that uses more than all but this part of it runs again alone; 0: none does
	FailFast     bool        // skip every test case behind the first one, in order, that is not accepted
	Temp         string      // folder for a folder that Run makes and removes
	Consumers    []Consumer
	Now          func() time.Time

	// LookUp and Store keep derived time limits between runs. Both may be nil.
	LookUp func(key string) (data []byte, ok bool)
	Store  func(key string, data []byte) error
	// Folder returns a folder of this machine that holds what fill put into it
	// once for this key. It may be nil.
	Folder func(key string, fill func(dir string) error) (dir string, err error)
}

// Validate names the first field that makes no sense.
func (c Config) Validate() error {
	switch {
	case c.Sandbox == nil:
		return errors.New("Sandbox: missing")
	case c.Languages == nil:
		return errors.New("Languages: missing")
	case c.Jobs < 1:
		return fmt.Errorf("Jobs: %d is less than 1", c.Jobs)
	case !(c.Band >= 0 && c.Band <= 1):
		return fmt.Errorf("Band: %v is not between 0 and 1", c.Band)
	case c.Temp == "":
		return errors.New("Temp: missing")
	case c.Now == nil:
		return errors.New("Now: missing")
	}
	return nil
}

// Run judges job and returns what came out. A submission that fails is no
// error. With an error, the report has what was known until then: a
// *PackageError or *SubmissionError names bad input, ErrNoCases an empty
// selection, context.Canceled an interruption; anything else is a failure of
// evalx or of the machine.
func Run(ctx context.Context, job Job, cfg Config) (*Report, error) {
	open, err := Open(job.Problem, cfg)
	if err != nil {
		return &Report{}, err
	}
	defer open.Close()
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	d := dispatch(cfg.Consumers, cfg.Now, stop)
	finished, err := open.session.telling(d.emit).judge(ctx, job)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	finished.Kind, finished.Weak = Finished, cfg.Capabilities.Weak
	if err != nil {
		finished.Message = err.Error()
	}
	d.emit(finished)
	report, consumerErr := d.close()
	if err == nil {
		err = consumerErr
	}
	return report, err
}

// judge does all the work, and returns the event of kind Finished. Whatever it
// returns, none of its goroutines run on.
func (s *session) judge(ctx context.Context, job Job) (Event, error) {
	if err := supported(s.Problem); err != nil {
		return Event{}, err
	}
	tests, err := selectTests(s.Problem, job.Only)
	if err != nil {
		return Event{}, err
	}
	if err := checkFlags(s.Problem, tests); err != nil {
		return Event{}, err
	}
	start := Event{
		Kind: Start, Problem: s.Problem.ShortName, Submission: job.Submission.Name, Total: len(tests),
		FailFast: s.FailFast, Sandbox: s.Capabilities.Backend, Cgroup: s.Capabilities.Cgroup, Weak: s.Capabilities.Weak,
	}
	if s.Problem.Kind.SubmitAnswer {
		s.emit(start)
		validators, err := s.outputValidators(ctx)
		if err != nil {
			return Event{}, err
		}
		return s.runTests(ctx, tests, newExaminer(s, built{validators: validators, answers: answersOf(job.Submission)}, Limit{}))
	}
	src, err := s.prepareSubmission(ctx, job.Submission)
	if err != nil {
		return Event{}, err
	}
	start.Language, start.Compiler = src.toolchain.Language.ID, src.toolchain.Version
	s.emit(start)
	built, err := s.buildAll(ctx, src)
	switch {
	case err != nil:
		return Event{}, err
	case built.program == nil:
		return Event{Verdict: verdict.CompileError}, nil
	}
	limit, err := s.limits(ctx)
	if err != nil {
		return Event{}, err
	}
	return s.runTests(ctx, tests, newExaminer(s, built, limit))
}

// limits finds the limits of a test case and tells them.
func (s *session) limits(ctx context.Context) (Limit, error) {
	limit, source, err := s.timeLimit(ctx)
	if err != nil {
		return Limit{}, err
	}
	limits := s.Problem.Limits
	s.emit(Event{
		Kind: Limits, TimeLimit: limit, TimeLimitSource: source,
		MemoryLimit: limits.Memory, OutputLimit: limits.Output,
	})
	return Limit{Time: limit}, nil
}

// RunsAtOnce is how many runs a test case of the problem needs at one time: the
// sandbox of a Config must allow that many for each of its jobs.
func RunsAtOnce(p *problem.Problem) int {
	if p.Kind.Interactive {
		return 2
	}
	return 1
}

// supported refuses problems whose validator has to talk to the submission, or
// to ask for passes, and cannot.
func supported(p *problem.Problem) error {
	if !p.Kind.Interactive && !p.Kind.MultiPass {
		return nil
	}
	kind := "a multi-pass"
	if p.Kind.Interactive {
		kind = "an interactive"
	}
	switch n := len(p.Validators); {
	case n == 0:
		return &PackageError{
			Err:    fmt.Errorf("%s: %s problem needs an output validator of its own", p.File, kind),
			Advice: "put one into the folder output_validator; in the legacy format, output_validators",
		}
	case n > 1 && !p.Kind.Interactive, n > 1 && interactorOf(p.Validators) < 0:
		return &PackageError{
			Err:    fmt.Errorf("%s: %s problem has one output validator, and this one has %d", p.File, kind, n),
			Advice: "of testlib's programs there may be an interactor, with that word in its name, and checkers of what it writes to its output file",
		}
	}
	return nil
}

// interactorOf returns which of several validators talks to the submission,
// the others being for what it leaves: -1 if that is not plain.
func interactorOf(validators []problem.Program) int {
	if len(validators) == 1 {
		return 0
	}
	if slices.ContainsFunc(validators, func(v problem.Program) bool { return !v.Testlib }) {
		return -1
	}
	return slices.IndexFunc(validators, func(v problem.Program) bool { return strings.Contains(strings.ToLower(v.Name), "interact") })
}
