package main

import (
	"crypto/rand"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/verify"
)

// outputs are all the printers of one run. When one fails, the run stops.
type outputs struct {
	*verifyOptions
	begun   time.Time
	text    *report.Verify
	telling *report.Progress
	github  report.GitHub
	root    report.Root
	shown   int         // reports that were printed
	failed  error       // the first one of a printer
	stop    func(error) // ends the run
}

func (o *verifyOptions) newOutputs(stop func(error)) (*outputs, error) {
	root, err := o.root()
	if err != nil {
		return nil, err
	}
	errStyle := style.New(o.io.Err, o.io.ErrColor && !o.NoColor)
	return &outputs{
		verifyOptions: o, begun: o.io.Now(), root: root, stop: stop,
		text: &report.Verify{
			Out: o.io.Out, Style: style.New(o.io.Out, o.io.OutColor && !o.NoColor),
			Width: o.io.OutWidth, Verbose: o.Verbose, Quiet: o.Quiet,
		},
		telling: &report.Progress{
			Out: o.io.Err, Style: errStyle, Now: o.io.Now, Width: o.io.ErrWidth, Verbose: o.Verbose, Quiet: o.Quiet,
			Terminal: o.io.ErrTerminal && o.io.Env("CI") == "" && o.io.Env("TERM") != "dumb",
		},
		github: report.GitHub{Out: o.io.Out, Root: root, Token: "evalx-" + rand.Text()},
	}, nil
}

func (o *outputs) begin() error {
	if !o.GitHub {
		return nil
	}
	return o.github.Begin()
}

func (o *outputs) progress(p verify.Progress) { o.keep(o.telling.Tell(p)) }

// done prints the report of a package as soon as it is there.
func (o *outputs) done(r *verify.Report) {
	o.keep(o.telling.Clear())
	o.shown++
	if !o.JSON {
		o.keep(o.text.Report(r))
	}
}

// keep remembers the first error.
func (o *outputs) keep(err error) {
	if o.failed == nil && err != nil {
		o.failed = err
		o.stop(err)
	}
}

// end prints what there is to print at the end, also when err is not nil, and
// returns the error that decides the exit code.
func (o *outputs) end(reports []*verify.Report, err error) error {
	o.keep(o.telling.Clear())
	elapsed := o.io.Now().Sub(o.begun)
	if o.JSON {
		o.keep(report.WriteJSON(o.io.Out, o.document(reports, elapsed, err)))
	} else {
		for _, r := range reports[min(o.shown, len(reports)):] {
			o.keep(o.text.Report(r))
		}
		o.keep(o.text.Total(elapsed))
	}
	if o.GitHub {
		o.keep(o.github.End(reports))
		o.keep(appendSummary(o.io.Env("GITHUB_STEP_SUMMARY"), reports))
	}
	o.keep(o.files.write(reports, o.root, o.begun))
	if rank(err) >= 0 && o.failed != nil {
		return o.failed
	}
	return err
}

func (o *outputs) document(reports []*verify.Report, elapsed time.Duration, err error) report.Run {
	run := report.Run{V: verify.Version, Evalx: version(), Time: o.begun.UTC(), ExitCode: exitCode(err), Elapsed: elapsed, Packages: reports}
	if rank(err) < 0 {
		run.Error = err.Error()
	}
	return run
}
