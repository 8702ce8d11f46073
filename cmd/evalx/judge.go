package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// judgeOptions is the command line of evalx judge.
type judgeOptions struct {
	io                  *streams
	Submission, Problem string

	Jobs        int // 0: as many as make sense on this machine
	Band        percentFlag
	Only        []string
	Language    string
	Languages   string // file of the user's own languages
	TimeLimit   timeFlag
	MemoryLimit memoryFlag
	FailFast    bool
	KeepGoing   bool // the opposite of FailFast, and the default
	Expect      verdictsFlag
	sandbox     *sandboxFlags
	cache       *cacheFlags
	Strict      bool

	JSON, Verbose, Quiet, NoColor bool
}

func newJudge(io *streams) *cobra.Command {
	o := &judgeOptions{io: io, Band: defaultBand}
	cmd := &cobra.Command{
		Use:   "judge SUBMISSION PROBLEM",
		Short: "Judge a submission on a problem package",
		Long: `Judge a submission on a problem package.

SUBMISSION is a source file, or a folder of the files of one program. PROBLEM
is a package folder, its problem.yaml, or a zip of it.

Each test case that fails is printed with its verdict, CPU time, memory and the
first difference; the last line is the verdict of the submission: that of the
first failing test case in the order of their names. All test cases run unless
--fail-fast is given.

Of a problem with scores, the groups and their scores follow, and the score
stands behind the verdict. A submission to a submit-answer problem is a folder
with a file for each test case, called as that and with the ending .out.

A submission that lies in the submissions/ folder of the package is expected to
do what its folder says; any other is expected to be accepted with full score.
` + placesHelp + `

A test case that uses more CPU time than the limit, or nearly as much, runs
again while no other one does, and that run decides: beside others a program
takes longer. When three of them in a row changed nothing, the others that
are too slow, or that are not, are believed as they are.
` + sandboxHelp + cacheHelp + "\n" + exitHelp,
		Example: `  evalx judge sol.cpp problems/hello
  evalx judge --only 'sample/*' --verbose sol.py problem.yaml
  evalx judge --json --time-limit 2 Main.java hello.zip`,
		Args: arguments("SUBMISSION", "PROBLEM"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Submission, o.Problem = args[0], args[1]
			if err := exclusive(cmd, "fail-fast keep-going", "json verbose", "json quiet", "verbose quiet"); err != nil {
				return err
			}
			if o.Jobs < 1 && cmd.Flags().Changed("jobs") {
				return &usageError{fmt.Errorf("--jobs %d: must be at least 1", o.Jobs), ""}
			}
			if err := o.validate(); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.IntVarP(&o.Jobs, "jobs", "j", 0, "the `number` of test cases that run at one time (default one for each core, from 4 cores on less one)")
	f.Var(&o.Band, "rerun-band", "run a test case again, alone, that uses more than the time limit less this `percentage` of it; 0 for never")
	f.StringArrayVar(&o.Only, "only", nil, "judge only the test cases whose `name` or group matches this glob, such as 'sample/*' (may be repeated)")
	f.StringVarP(&o.Language, "language", "l", "", "the `code` of the submission's language; evalx languages lists them")
	f.StringVar(&o.Languages, "languages", "", "YAML `file` of languages to add or change")
	f.Var(&o.TimeLimit, "time-limit", "CPU time per test case, such as 2, 0.5 or 500ms, instead of the package's")
	f.Var(&o.MemoryLimit, "memory-limit", "memory per test case in MiB, or such as 512M or 2G, instead of the package's")
	f.BoolVar(&o.FailFast, "fail-fast", false, "skip the test cases behind the first failing one")
	f.BoolVar(&o.KeepGoing, "keep-going", true, "run all test cases (the default)")
	f.Var(&o.Expect, "expect", "the `verdict` to expect, such as AC, or several, such as WA,TLE")
	o.sandbox = newSandboxFlags(io, f)
	o.cache = newCacheFlags(io, f)
	f.BoolVar(&o.Strict, "strict", false, "refuse a package with anything that its format does not allow")
	f.BoolVar(&o.JSON, "json", false, "print events as lines of JSON, see docs/events.md")
	f.BoolVarP(&o.Verbose, "verbose", "v", false, "print every test case, and what programs wrote to standard error")
	f.BoolVarP(&o.Quiet, "quiet", "q", false, "print only the verdict")
	f.BoolVar(&o.NoColor, "no-color", false, "print without colours, as with NO_COLOR set")
	return cmd
}

// exclusive refuses flags that contradict each other. A pair is two names with
// a space between them.
func exclusive(cmd *cobra.Command, pairs ...string) error {
	for _, pair := range pairs {
		one, other, _ := strings.Cut(pair, " ")
		if cmd.Flags().Changed(one) && cmd.Flags().Changed(other) {
			return &usageError{fmt.Errorf("--%s and --%s exclude each other", one, other), "give one of them"}
		}
	}
	return nil
}

func (o *judgeOptions) validate() error {
	for name, value := range map[string]string{"SUBMISSION": o.Submission, "PROBLEM": o.Problem} {
		if value == "" {
			return &usageError{fmt.Errorf("%s is empty", name), "give the path of a file or folder"}
		}
	}
	for _, glob := range o.Only {
		if glob == "" {
			return &usageError{errors.New("--only is empty"), "give a glob, such as --only 'sample/*'"}
		}
		if _, err := filepath.Match(glob, ""); err != nil {
			return &usageError{fmt.Errorf("--only %q: not a glob: %w", glob, err), "quote it, such as --only 'secret/*-big'"}
		}
	}
	return o.sandbox.validate()
}

func (o *judgeOptions) run(ctx context.Context) error {
	submission, err := judge.OpenSubmission(o.Submission)
	if err != nil {
		return err
	}
	submission.Language = o.Language
	temp, remove, err := tempFolder(o.io, o.io.Temp)
	if err != nil {
		return err
	}
	defer remove()
	p, err := problem.LoadContext(ctx, o.Problem, problem.Options{Strict: o.Strict, Temp: temp})
	if err != nil {
		return err
	}
	defer p.Close()
	if known, ok := p.Find(o.Submission); ok { // the package may say more than the names of files, and has constants put in
		submission = known.Program
		submission.Language = cmp.Or(o.Language, known.Language)
	}
	o.warn(p)
	o.override(&p.Limits)
	languages, err := loadLanguages(o.Languages)
	if err != nil {
		return err
	}
	at, err := planPlaces(o.Jobs)
	if err != nil {
		return err
	}
	sandbox, err := o.sandbox.open(temp, at.plan.Jobs*judge.RunsAtOnce(p), o.Verbose)
	if err != nil {
		return err
	}
	defer sandbox.Close()
	if err := at.settle(sandbox.Capabilities()); err != nil {
		return err
	}
	defer at.free()
	if o.Verbose {
		at.explain(o.io)
	}
	want := o.expectation(p)
	cfg := engine(o.io, sandbox, languages, temp)
	done, err := o.cache.open(&cfg, o.Quiet)
	if err != nil {
		return err
	}
	defer done()
	cfg.Jobs, cfg.Places, cfg.Band = at.plan.Jobs, at.pool, o.Band.part()
	cfg.FailFast = o.FailFast || !o.KeepGoing
	cfg.Consumers = []judge.Consumer{o.printer(want)}
	r, err := judge.Run(ctx, judge.Job{Problem: p, Submission: submission, Only: o.Only}, cfg)
	if err != nil {
		return err
	}
	return want.check(r)
}

// warn prints what is wrong with the package but was accepted.
func (o *judgeOptions) warn(p *problem.Problem) {
	if o.Quiet {
		return
	}
	for _, w := range p.Warnings {
		fmt.Fprintf(o.io.Err, "evalx: warning: %s\n", report.Clean(strings.ReplaceAll(w.String(), "\n", `\n`)))
	}
}

func (o *judgeOptions) override(l *problem.Limits) {
	if o.TimeLimit > 0 {
		l.Time, l.TimeSource = o.TimeLimit.value(), "--time-limit"
	}
	if size := o.MemoryLimit.sizeFlag; size > 0 {
		l.Memory = int64(size)
	}
}

func (o *judgeOptions) printer(want expectation) judge.Consumer {
	if o.JSON {
		return report.JSON{Out: o.io.Out}
	}
	return &report.Text{
		Out: o.io.Out, Err: o.io.Err,
		Style:    style.New(o.io.Out, o.io.OutColor && !o.NoColor),
		ErrStyle: style.New(o.io.Err, o.io.ErrColor && !o.NoColor),
		Verbose:  o.Verbose, Quiet: o.Quiet, Expected: want.line,
	}
}

// expectation is what the submission is expected to get.
type expectation struct {
	verdicts []verdict.Verdict    // stated by --expect, or AC; empty: folder decides
	folder   *problem.Expectation // stated by the package
	stated   bool                 // by --expect
}

func (o *judgeOptions) expectation(p *problem.Problem) expectation {
	if len(o.Expect) > 0 {
		return expectation{verdicts: o.Expect, stated: true}
	}
	if e, ok := p.Expect(o.Submission); ok {
		return expectation{folder: &e}
	}
	return expectation{verdicts: []verdict.Verdict{verdict.Accepted}}
}

// meets returns nil if the report is as expected, and otherwise in what not.
func (e expectation) meets(r *judge.Report) error {
	if e.folder != nil {
		return r.Meets(*e.folder)
	}
	if !e.stated && r.Verdict == verdict.Accepted && !r.Full() {
		return errors.New("accepted, but without the full score")
	}
	for _, v := range e.verdicts {
		if v == r.Verdict || v == r.Verdict.Fold() {
			return nil
		}
	}
	return fmt.Errorf("expected %s", (*verdictsFlag)(&e.verdicts))
}

// line says whether the report is as expected, if that is not plain.
func (e expectation) line(r *judge.Report) string {
	if e.folder == nil && !e.stated && (r.Verdict != verdict.Accepted || r.Full()) {
		return ""
	}
	if err := e.meets(r); err != nil {
		return "not as expected: " + err.Error()
	}
	switch {
	case e.folder == nil:
		return "as expected"
	case e.folder.Empty():
		return "the package expects nothing of it"
	}
	return "as expected by " + e.folder.Sources()
}

// check turns the report into the error that decides the exit code.
func (e expectation) check(r *judge.Report) error {
	if e.meets(r) == nil {
		return nil
	}
	if r.Verdict == verdict.JudgeError {
		return errJudge
	}
	return errUnexpected
}
