package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/verify"
)

// verifyOptions is the command line of evalx verify.
type verifyOptions struct {
	io    *streams
	Paths []string

	Jobs         int // 0: as many as make sense on this machine
	Band         percentFlag
	Languages    string // file of the user's own languages
	TimeLimit    timeFlag
	ChangedSince string // revision; "" for all packages
	Fresh        bool
	Strict       bool
	Lint         bool
	sandbox      *sandboxFlags
	cache        *cacheFlags
	files        outputFiles
	GitHub       bool

	JSON, Verbose, Quiet, NoColor bool
}

// verifyExitHelp stands in the help of evalx verify.
const verifyExitHelp = `
Exit codes:
  0    all as expected; warnings may have been found
  1    a submission is not as expected
  2    the command line is wrong
  3    a package is invalid, or something else than a submission is wrong in it
  4    no package was found
  5    the sandbox, a validator or evalx itself failed, or this machine lacks a
       compiler without which nothing can be judged
  130  interrupted
Of several packages the worst decides: 130 goes before 5, 5 before 3, and 3
before 1.`

func newVerify(io *streams) *cobra.Command {
	o := &verifyOptions{io: io, Band: defaultBand}
	cmd := &cobra.Command{
		Use:   "verify [PACKAGE|FOLDER]...",
		Short: "Check problem packages and all their submissions",
		Long: `Check problem packages and all their submissions.

PACKAGE is a package folder, its problem.yaml, or a zip of it. A FOLDER is
searched for packages. Without either, the current folder is meant.

It looks at the files of a package, has the validators judge its test data,
runs every submission on every test case, compares that with what the package
expects of it, and explains the time limit. Printed are a table of submissions
by groups of test data, how far the time limit is from the submissions on both
sides, and what was found, the errors first; the last line is the sum. ` + mark + `
stands where something is not as expected.

Results are kept with the content of what they depend on, so that a second run
repeats only what changed; --fresh runs all submissions again.

With --changed-since only packages are verified in which a file differs from
where HEAD and the revision parted, committed or not; if there is none, the
exit code is 0.
` + placesHelp + `
` + sandboxHelp + cacheHelp + `
  GITHUB_STEP_SUMMARY the file that --github appends a summary to
  GITHUB_WORKSPACE    the folder that file names are relative to for --github
` + verifyExitHelp,
		Example: `  evalx verify problems/hello
  evalx verify --junit evalx.xml --sarif evalx.sarif problems
  evalx verify --github --changed-since origin/main`,
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Paths = args
			if len(args) == 0 {
				o.Paths = []string{"."}
			}
			if err := exclusive(cmd, "json verbose", "json quiet", "json github", "verbose quiet", "fresh lint"); err != nil {
				return err
			}
			if o.Jobs < 1 && cmd.Flags().Changed("jobs") {
				return &usageError{fmt.Errorf("--jobs %d: must be at least 1", o.Jobs), ""}
			}
			if o.ChangedSince == "" && cmd.Flags().Changed("changed-since") {
				return &usageError{errors.New("--changed-since is empty"), "give a revision of git, such as origin/main"}
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
	f.StringVar(&o.Languages, "languages", "", "YAML `file` of languages to add or change")
	f.Var(&o.TimeLimit, "time-limit", "CPU time per test case, such as 2, 0.5 or 500ms, instead of the packages'")
	f.StringVar(&o.ChangedSince, "changed-since", "", "verify only packages touched since this `revision` of git, such as origin/main")
	f.BoolVar(&o.Fresh, "fresh", false, "run all submissions, whatever is known from earlier runs")
	f.BoolVar(&o.Lint, "lint", false, "look at the files of the packages only, and run nothing")
	f.BoolVar(&o.Strict, "strict", false, "take for an error what a format does not allow, and what cannot be checked on this machine")
	o.sandbox = newSandboxFlags(io, f)
	o.cache = newCacheFlags(io, f)
	f.BoolVar(&o.JSON, "json", false, "print one JSON document instead, see docs/verify.md")
	f.StringVar(&o.files.JUnit, "junit", "", "write a JUnit report to this `file`")
	f.StringVar(&o.files.SARIF, "sarif", "", "write what was found in the files of packages to this `file`, as SARIF 2.1.0")
	f.BoolVar(&o.GitHub, "github", false, "print annotations for GitHub Actions as well, and write the summary of the job")
	f.BoolVarP(&o.Verbose, "verbose", "v", false, "print each step, all groups and findings, and what went wrong in each run")
	f.BoolVarP(&o.Quiet, "quiet", "q", false, "print only one line for each package")
	f.BoolVar(&o.NoColor, "no-color", false, "print without colours, as with NO_COLOR set")
	return cmd
}

// mark is what the printers put where something is not as expected.
const mark = "✗"

func (o *verifyOptions) validate() error {
	for _, path := range o.Paths {
		if path == "" {
			return &usageError{errors.New("PACKAGE is empty"), "give the path of a package or folder"}
		}
		if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
			return &usageError{fmt.Errorf("%s: no such file or folder", path), "give the path of a package, or of a folder with packages in it"}
		}
	}
	if err := o.files.validate(); err != nil {
		return err
	}
	return o.sandbox.validate()
}

func (o *verifyOptions) run(ctx context.Context) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	out, err := o.newOutputs(stop)
	if err != nil {
		return err
	}
	packages, err := verify.Find(ctx, o.Paths)
	if err != nil {
		return err
	}
	if o.ChangedSince != "" {
		if packages, err = o.changed(ctx, packages); err != nil {
			return err
		}
	}
	if err := out.begin(); err != nil {
		return err
	}
	reports, err := o.verify(ctx, packages, out)
	if err == nil {
		err = worst(reports)
	}
	return out.end(reports, err)
}

// verify verifies packages. The reports are what was known when an error came.
func (o *verifyOptions) verify(ctx context.Context, packages []verify.Package, out *outputs) ([]*verify.Report, error) {
	if len(packages) == 0 {
		return nil, nil
	}
	self, err := o.io.build()
	if err != nil {
		return nil, err
	}
	cfg := verify.Config{
		Version: self, Fresh: o.Fresh, Strict: o.Strict, LintOnly: o.Lint, TimeLimit: o.TimeLimit.value(),
		Progress: out.progress, Done: out.done,
	}
	temp, remove, err := tempFolder(o.io, o.io.Temp)
	if err != nil {
		return nil, err
	}
	defer remove()
	cfg.Engine.Temp, cfg.Engine.Now = temp, o.io.Now
	if !o.Lint {
		done, err := o.engine(&cfg, temp)
		if err != nil {
			return nil, err
		}
		defer done()
	}
	reports, err := verify.RunAll(ctx, packages, cfg)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	return reports, err
}

// engine opens what submissions run in, until the function that it returns is
// called.
func (o *verifyOptions) engine(cfg *verify.Config, temp string) (done func(), err error) {
	languages, err := loadLanguages(o.Languages)
	if err != nil {
		return nil, err
	}
	at, err := planPlaces(o.Jobs)
	if err != nil {
		return nil, err
	}
	// Two runs for a job: a test case of an interactive problem needs them.
	box, err := o.sandbox.open(temp, 2*at.plan.Jobs, o.Verbose)
	if err != nil {
		return nil, err
	}
	if err := at.settle(box.Capabilities()); err != nil {
		box.Close()
		return nil, err
	}
	if o.Verbose {
		at.explain(o.io)
	}
	cfg.Engine = engine(o.io, box, languages, temp)
	cfg.Engine.Jobs, cfg.Engine.Places, cfg.Engine.Band = at.plan.Jobs, at.pool, o.Band.part()
	closeCache, err := o.cache.open(&cfg.Engine, o.Quiet)
	if err != nil {
		at.free()
		box.Close()
		return nil, err
	}
	return func() {
		closeCache()
		at.free()
		box.Close()
	}, nil
}

// worst turns the reports into the error that decides the exit code.
func worst(reports []*verify.Report) error {
	var found error
	for _, r := range reports {
		if err := outcome(r); rank(err) > rank(found) {
			found = err
		}
	}
	return found
}

// rank orders the errors that outcome returns.
func rank(err error) int {
	for i, e := range []error{nil, errUnexpected, errInvalid, errJudge, errInterrupted} {
		if err == e {
			return i
		}
	}
	return -1
}

func outcome(r *verify.Report) error {
	switch r.Outcome {
	case verify.Clean, verify.Warned:
		return nil
	case verify.Invalid:
		return errInvalid
	case verify.Failed:
		return errJudge
	case verify.Interrupted:
		return errInterrupted
	}
	for _, f := range r.Findings {
		if f.Severity == problem.Error && f.Submission == "" {
			return errInvalid
		}
	}
	return errUnexpected
}
