package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// runOptions is the command line of evalx run.
type runOptions struct {
	io   *streams
	File string
	Args []string // of the program

	Language    string
	Languages   string // file of the user's own languages
	TimeLimit   timeFlag
	WallLimit   timeFlag // 0: the default
	MemoryLimit memoryFlag
	OutputLimit sizeFlag
	Processes   int
	sandbox     *sandboxFlags
	cache       *cacheFlags

	ExitCode, Raw, JSON, Verbose, Quiet bool
}

// The limits of a program, where the command line does not say others.
const (
	runTime      = 10 * time.Second
	runWall      = time.Minute
	runMemory    = 2 << 30
	runOutput    = 64 << 20
	runProcesses = 256
)

func newRun(io *streams) *cobra.Command {
	o := &runOptions{
		io: io, TimeLimit: timeFlag(runTime), MemoryLimit: memoryFlag{runMemory}, OutputLimit: runOutput,
	}
	cmd := &cobra.Command{
		Use:   "run FILE [-- ARGUMENT...]",
		Short: "Compile and run one program in the sandbox",
		Long: `Compile and run one program in the sandbox, outside any problem.

FILE is a source file, or a folder of the files of one program. The program
gets evalx's standard input and the arguments behind --. What it writes is
passed on as it comes, and a last line on standard error sums up how it ended
and what it used.

The program reads from and writes to pipes, as when it is judged. So what it
prints may stay in its buffer until it flushes it or ends, also on a terminal.
On a terminal, escape sequences and other unprintable characters are shown as
\x1b and the like, unless --raw is given. The working folder has a copy of the
program's own files; it may write there, and all of it is gone after the run.

Exit codes:
  0    the program ended with exit code 0
  1    the program ended otherwise, broke a limit, or does not compile
  2    the command line or the source code is wrong, or a compiler is missing
  5    the sandbox or evalx itself failed
  130  interrupted
With --exit-code the program's own exit code is passed on: 128 and the number
of the signal that it died of, or 124 if it broke a limit.
` + sandboxHelp + cacheHelp,
		Example: `  evalx run sol.cpp < sample.in
  evalx run --time-limit 2 --memory-limit 256 Main.java
  evalx run --json gen.py -- 1000 7 > big.in`,
		Args: o.arguments,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := exclusive(cmd, "verbose quiet", "json quiet"); err != nil {
				return err
			}
			if err := o.validate(); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Language, "language", "l", "", "the `code` of the program's language; evalx languages lists them")
	f.StringVar(&o.Languages, "languages", "", "YAML `file` of languages to add or change")
	f.Var(&o.TimeLimit, "time-limit", "CPU time, such as 2, 0.5 or 500ms")
	f.Var(&o.WallLimit, "wall-limit", "time from start to end (default 1m0s; none while standard input is a terminal)")
	f.Var(&o.MemoryLimit, "memory-limit", "memory in MiB, or such as 512M or 2G")
	f.Var(&o.OutputLimit, "output-limit", "size of standard output, standard error and each file, in MiB, or such as 64K")
	f.IntVar(&o.Processes, "processes", runProcesses, "how many processes and threads at one time")
	f.BoolVar(&o.ExitCode, "exit-code", false, "pass on the program's exit code")
	f.BoolVar(&o.Raw, "raw", false, "write to a terminal what the program writes, escape sequences and all")
	f.BoolVar(&o.JSON, "json", false, "sum up in JSON, as the last line of standard error")
	f.BoolVarP(&o.Verbose, "verbose", "v", false, "say which sandbox was taken and why")
	f.BoolVarP(&o.Quiet, "quiet", "q", false, "print nothing but what the program writes, and errors")
	o.sandbox = newSandboxFlags(io, f)
	o.cache = newCacheFlags(io, f)
	return cmd
}

// arguments wants one file, and the arguments of the program behind --.
func (o *runOptions) arguments(cmd *cobra.Command, args []string) error {
	own := len(args)
	if dash := cmd.ArgsLenAtDash(); dash >= 0 {
		own = dash
	}
	switch {
	case own > 1:
		return &usageError{fmt.Errorf("%s takes 1 file (%d given)", cmd.CommandPath(), own), "the program's own arguments come behind --"}
	case own == 0 || args[0] == "":
		return &usageError{fmt.Errorf("%s: no file is given", cmd.CommandPath()), "usage: " + cmd.UseLine()}
	}
	o.File, o.Args = args[0], args[own:]
	return nil
}

func (o *runOptions) validate() error {
	if o.Processes < 1 {
		return &usageError{fmt.Errorf("--processes %d: must be at least 1", o.Processes), ""}
	}
	return o.sandbox.validate()
}

func (o *runOptions) run(ctx context.Context) error {
	code, err := judge.OpenSubmission(o.File)
	if err != nil {
		return err
	}
	code.Language = o.Language
	languages, err := loadLanguages(o.Languages)
	if err != nil {
		return err
	}
	temp, remove, err := tempFolder(o.io, o.io.Temp)
	if err != nil {
		return err
	}
	defer remove()
	box, err := o.sandbox.open(temp, 1, o.Verbose)
	if err != nil {
		return err
	}
	defer box.Close()
	cfg := engine(o.io, box, languages, temp)
	done, err := o.cache.open(&cfg, o.Quiet)
	if err != nil {
		return err
	}
	defer done()
	cfg.Consumers = []judge.Consumer{o}
	program, err := judge.Compile(ctx, code, o.compileLimits(), cfg)
	if err != nil {
		return o.notCompiled(err, box)
	}
	r, err := o.execute(ctx, box, program)
	if err != nil {
		return err
	}
	if err := o.sumUp(r); err != nil {
		return err
	}
	return o.outcome(r.exit)
}

// compileLimits are those of a problem that says nothing, with the memory that
// the program will have: a virtual machine is started with it.
func (o *runOptions) compileLimits() problem.Limits {
	l := problem.DefaultLimits()
	l.Code, l.Memory = 0, int64(o.MemoryLimit.sizeFlag)
	return l
}

// Event prints what the engine tells while it compiles.
func (o *runOptions) Event(e judge.Event, _ *judge.Report) error {
	line := ""
	switch {
	case e.Kind == judge.Warning:
		line = "evalx: warning: " + e.Message
	case e.Kind == judge.Preparing && !o.Quiet:
		line = "preparing " + e.Message + ", once for this and later programs"
	case e.Kind == judge.Compiled && (!o.Quiet || e.Verdict == verdict.CompileError):
		line = e.Message
	}
	if line == "" {
		return nil
	}
	st := style.New(o.io.Err, o.io.ErrColor)
	if e.Kind == judge.Preparing {
		line = st.Dim(line)
	}
	_, err := fmt.Fprintln(o.io.Err, report.Clean(line))
	return err
}

// wallLimit is the limit on the time from start to end. A person at a terminal
// may take all the time in the world.
func (o *runOptions) wallLimit() time.Duration {
	if o.io.InTerminal {
		return o.WallLimit.value()
	}
	return cmp.Or(o.WallLimit.value(), runWall)
}

var errTooMuch = errors.New("the program goes on after its output limit")

// execute runs the program with the streams of evalx.
func (o *runOptions) execute(ctx context.Context, box sandbox, program *judge.Program) (*ran, error) {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	cmd, err := program.Command(o.Args)
	if err != nil {
		return nil, err
	}
	cmd.Limits.CPU, cmd.Limits.Wall = o.TimeLimit.value(), o.wallLimit()
	cmd.Limits.Memory, cmd.Limits.Output = int64(o.MemoryLimit.sizeFlag), int64(o.OutputLimit)
	cmd.Limits.Processes = o.Processes
	if cmd.Stdin, err = feed(o.io.In); err != nil {
		return nil, err
	}
	defer cmd.Stdin.Close()
	// Most programs die when their pipe is closed; the others are stopped.
	full := func() { time.AfterFunc(time.Second, func() { stop(errTooMuch) }) }
	stdout, err := openTap("standard output", o.outlet(o.io.Out, o.io.OutTerminal), int64(o.OutputLimit), full, stop)
	if err != nil {
		return nil, err
	}
	stderr, err := openTap("standard error", o.outlet(o.io.Err, o.io.ErrTerminal), int64(o.OutputLimit), full, stop)
	if err != nil {
		return nil, errors.Join(err, stdout.finish(ctx))
	}
	cmd.Stdout, cmd.Stderr = stdout.Program, stderr.Program
	begin := o.io.Now()
	exit, err := box.Run(ctx, cmd)
	cmd.Stdin.Close() // whoever still copies to it may stop
	if errors.Is(err, errTooMuch) {
		exit, err = isolate.Exit{Wall: o.io.Now().Sub(begin)}, nil
	}
	if broken := errors.Join(stdout.finish(ctx), stderr.finish(ctx)); err == nil && !errors.Is(broken, errTooMuch) {
		err = broken
	}
	if (stdout.tooMuch || stderr.tooMuch) && exit.Status != isolate.MemoryLimit {
		exit.Status = isolate.OutputLimit
	}
	open := stderr.last != '\n' || o.io.OutTerminal && stdout.last != '\n'
	return &ran{exit: exit, program: program, capabilities: box.Capabilities(), openLine: open}, err
}

// outlet is where a stream of the program goes.
func (o *runOptions) outlet(out io.Writer, terminal bool) io.Writer {
	if terminal && !o.Raw {
		return &report.Cleaner{Out: out}
	}
	return out
}
