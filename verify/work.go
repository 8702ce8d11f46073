package verify

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/problem/lint"
)

// work is the verifying of one package.
type work struct {
	Config
	pool   *pool
	tell   *teller
	index  int
	path   string
	report *Report

	problem  *problem.Problem
	session  *judge.Session
	programs *counter
	stop     context.CancelCauseFunc
	cases    []*problem.Case // in the order of judging
	keys     []string        // judge.Session.CaseKey of each
	first    []int           // of each, the index of the first one with the same key
	groups   []int           // of each, the index of its group in the report
	helpers  string          // names the static validator and the grader
	timings  timings

	inputs     []input
	validating []*inputValidator
	outputs    []*output
	answers    *checks // of outputs; nil before the validators are compiled

	jobs        sync.WaitGroup
	done, total atomic.Int64

	mu         sync.Mutex
	findings   []Finding
	invalid    bool // nothing can be judged with this package
	subs       []*sub
	validators string // their key
	ready      bool   // the output validators are compiled
	limit      limits
}

// run verifies the package and completes its report. An error means that evalx
// or the machine failed, or that ctx ended.
func (w *work) run(ctx context.Context) (err error) {
	started, outside := w.now(), ctx
	ctx, w.stop = context.WithCancelCause(ctx)
	defer w.stop(nil)
	temp, err := os.MkdirTemp(w.Engine.Temp, "verify-*")
	if err == nil {
		defer os.RemoveAll(temp)
		err = w.load(ctx, temp)
	}
	if w.problem != nil {
		defer w.problem.Close()
		if err == nil && !w.invalid && !w.LintOnly {
			err = w.judge(ctx, temp)
		}
	}
	if err == nil {
		err = context.Cause(ctx)
	}
	w.assemble(err, interrupted(outside, err))
	w.report.Elapsed = w.now().Sub(started)
	w.say(Complete, judge.Event{})
	return err
}

// now is the time, also where there is no engine.
func (w *work) now() time.Time {
	if w.Engine.Now == nil {
		return time.Time{}
	}
	return w.Engine.Now()
}

// load reads the package and looks at its files.
func (w *work) load(ctx context.Context, temp string) error {
	w.say(Loading, judge.Event{})
	p, err := problem.LoadContext(ctx, w.path, problem.Options{Strict: w.Strict, Temp: temp})
	var broken *problem.InvalidError
	if errors.As(err, &broken) {
		w.invalid = true
		w.diagnose(broken.Diagnostics)
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", w.path, err)
	}
	w.problem = p
	w.diagnose(p.Warnings)
	w.diagnose(lint.Check(ctx, p))
	if w.TimeLimit > 0 {
		p.Limits.Time, p.Limits.TimeSource = w.TimeLimit, "--time-limit"
	}
	w.describe()
	return nil
}

// judge runs everything that has to be run.
func (w *work) judge(ctx context.Context, temp string) error {
	cfg := w.Engine
	cfg.Temp, cfg.Consumers, cfg.FailFast = temp, nil, false
	w.programs = &counter{Sandbox: cfg.Sandbox}
	cfg.Sandbox = w.programs
	s, err := judge.Open(w.problem, cfg)
	if err != nil {
		return err
	}
	defer s.Close()
	w.session = s
	if err := w.nameCases(); err != nil {
		return err
	}
	w.timings = w.loadTimings()
	if err := w.begin(ctx); err != nil {
		return err
	}
	w.jobs.Wait()
	err = w.score(ctx)
	w.keepAll()
	return err
}

// nameCases finds out which test cases are the same.
func (w *work) nameCases() error {
	first := map[string]int{}
	for i, c := range w.cases {
		key, err := w.session.CaseKey(c)
		if err != nil {
			return fmt.Errorf("test case %s: %w", c.Name, err)
		}
		if w.problem.Kind.SubmitAnswer { // there the name decides which answer is judged
			key += " " + c.Name
		}
		if _, ok := first[key]; !ok {
			first[key] = i
		}
		w.keys, w.first = append(w.keys, key), append(w.first, first[key])
	}
	w.report.Data.Distinct = len(first)
	key, err := helpersKey(w.problem)
	w.helpers = key
	return err
}

// begin queues the compile steps. What they make queues the rest.
func (w *work) begin(ctx context.Context) error {
	for i, s := range w.problem.Submissions {
		w.subs = append(w.subs, newSub(w, i, s))
	}
	w.beginLimit()
	w.add(job{class: compileClass, expected: time.Hour}, func() { w.compileValidators(ctx) })
	for _, s := range w.subs {
		w.add(job{class: compileClass}, func() { w.compile(ctx, s) })
	}
	w.collectOutputs()
	return w.beginInputs(ctx)
}

// add queues a job of this package.
func (w *work) add(j job, do func()) {
	w.jobs.Add(1)
	w.total.Add(1)
	j.pack, j.do = w.index, func() {
		defer w.jobs.Done()
		do()
		w.done.Add(1)
	}
	w.pool.add(j)
}

// fail ends the work on this package, and on all others, for an error that is
// not the package's.
func (w *work) fail(ctx context.Context, err error) {
	if !interrupted(ctx, err) {
		w.stop(err)
	}
}

// say tells what happens.
func (w *work) say(step Step, e judge.Event) {
	if w.problem != nil {
		e.Problem = w.problem.ShortName
	}
	w.tell.progress(Progress{Package: w.path, Step: step, Done: int(w.done.Load()), Total: int(w.total.Load()), Event: e})
}

// hear returns what tells the events of compiling a program.
func (w *work) hear(submission string) func(judge.Event) {
	return func(e judge.Event) {
		e.Submission = submission
		step := Compiling
		if e.Kind == judge.Warning {
			step = Warning
		}
		w.say(step, e)
	}
}

// compileValidators compiles the output validators. Without them no
// submission can be judged.
func (w *work) compileValidators(ctx context.Context) {
	at, err := w.place(ctx)
	if err != nil {
		return
	}
	key, err := w.session.Validators(ctx, w.hear(""))
	at()
	var broken *judge.PackageError
	w.mu.Lock()
	defer w.mu.Unlock()
	switch {
	case errors.As(err, &broken):
		w.invalid = true
		w.find(Finding{Severity: problem.Error, Rule: "output-validator-broken", File: w.file(w.validatorOrigin()), Message: broken.Error(), Hint: broken.Hint()})
	case err != nil && missing(err) != "":
		w.invalid = true
		w.find(Finding{Severity: problem.Error, Rule: ruleNoCompiler, File: w.file(w.validatorOrigin()), Message: err.Error(), Hint: "the output validator needs it: install it; evalx languages says what works here"})
	case err != nil:
		w.fail(ctx, err)
	default:
		w.validators, w.ready = key, true
		w.release(ctx)
		w.checkOutputs(ctx)
	}
}

func (w *work) validatorOrigin() string {
	for _, v := range w.problem.Validators {
		return v.Origin
	}
	return ""
}

// place takes a place to run at, for a compiler: beside a run that is measured
// nothing else may run there.
func (w *work) place(ctx context.Context) (free func(), err error) {
	at, err := w.Engine.Places.Take(ctx)
	if err != nil {
		return nil, err
	}
	return at.Free, nil
}

// counter counts the programs that a sandbox starts.
type counter struct {
	isolate.Sandbox
	started atomic.Int64
}

// Run runs cmd.
func (c *counter) Run(ctx context.Context, cmd isolate.Cmd) (isolate.Exit, error) {
	c.started.Add(1)
	return c.Sandbox.Run(ctx, cmd)
}
