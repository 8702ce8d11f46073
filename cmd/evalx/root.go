package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// run runs the command line args and returns the exit code.
func run(args []string, io *streams) int {
	ctx, stop := interruptible()
	defer stop()
	started := false
	root := newRoot(io)
	root.SetArgs(args)
	root.PersistentPreRun = func(*cobra.Command, []string) { started = true }
	err := root.ExecuteContext(ctx)
	if err != nil && !started {
		err = asUsage(err)
	}
	if err != nil {
		tell(io, err)
	}
	return exitCode(err)
}

// patience is how long a first signal has before a second one counts: a
// terminal and timeout(1) may send the same one twice.
const patience = time.Second

// interruptible returns a context that the first signal to stop ends, with
// errInterrupted as its cause. A second one, later, ends the process at once.
func interruptible() (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	// A closed standard output is reported as an error of writing to it. Not
	// ignored: programs that we start would inherit that.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	go func() {
		if _, ok := <-signals; !ok {
			return
		}
		cancel(errInterrupted)
		first := time.Now()
		for range signals {
			if time.Since(first) > patience {
				os.Exit(exitInterrupted)
			}
		}
	}()
	return ctx, func() {
		signal.Stop(signals)
		close(signals)
		cancel(nil)
	}
}

func newRoot(io *streams) *cobra.Command {
	root := &cobra.Command{
		Use:   "evalx",
		Short: "Judge programs on problem packages",
		Long: `evalx judges programs on problem packages of programming contests: it
compiles a submission, runs it on every test case in a sandbox, and compares
what it prints with the answers.
` + exitHelp,
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		Args:          cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	root.SetIn(io.In)
	root.SetOut(io.Out)
	root.SetErr(io.Err)
	root.SetVersionTemplate("evalx {{.Version}}\n")
	root.SetFlagErrorFunc(unknownFlag)
	root.AddCommand(newJudge(io), newVerify(io), newRun(io), newDoctor(io), newLanguages(io), newVersion(io), newAgent(io), newCache(io), newNew(io), newStress(io), newGenerate(io))
	return root
}

func unknownCommand(cmd *cobra.Command, name string) error {
	advice := fmt.Sprintf("`%s --help` lists the commands", cmd.CommandPath())
	var names []string
	for _, c := range cmd.Commands() {
		names = append(names, c.Name())
	}
	if near := nearest(name, names); near != "" {
		advice = fmt.Sprintf("did you mean `%s %s`?", cmd.CommandPath(), near)
	}
	return &usageError{fmt.Errorf("unknown command %q", name), advice}
}

// unknownFlag adds to an error of the flag parser what flag may be meant.
func unknownFlag(cmd *cobra.Command, err error) error {
	advice := fmt.Sprintf("`%s --help` lists the flags", cmd.CommandPath())
	if name, ok := strings.CutPrefix(err.Error(), "unknown flag: --"); ok {
		var names []string
		cmd.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
		if near := nearest(name, names); near != "" {
			advice = fmt.Sprintf("did you mean --%s?", near)
		}
	}
	if text, _, ok := strings.Cut(err.Error(), ": strconv."); ok {
		err = fmt.Errorf("%s: not a whole number", text)
	}
	return &usageError{err, advice}
}

// asUsage marks an error that came up before a command began.
func asUsage(err error) error {
	var usage *usageError
	if errors.As(err, &usage) {
		return err
	}
	return &usageError{err, "`evalx --help` says how to use it"}
}

// arguments wants as many arguments as names.
func arguments(names ...string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) == len(names) {
			return nil
		}
		return &usageError{
			fmt.Errorf("%s takes %s (%d given)", cmd.CommandPath(), strings.Join(append([]string{fmt.Sprint(len(names), " arguments")}, names...), " "), len(args)),
			"usage: " + cmd.UseLine(),
		}
	}
}

// nearest returns the known word that differs least from word, or nothing if
// all differ much.
func nearest(word string, known []string) string {
	best, least := "", len(word)/3+2
	for _, k := range known {
		if d := distance(word, k); d < least {
			best, least = k, d
		}
	}
	return best
}

// distance is the number of letters to insert, remove or replace (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := corner
			if a[i] != b[j] {
				cost++
			}
			corner = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
