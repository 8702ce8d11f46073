package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"path"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/evalx/evalx/internal/stress"
	"github.com/evalx/evalx/judge/problem"
)

// stressOptions is the command line of evalx stress.
type stressOptions struct {
	io      *streams
	Package string

	Generator string
	Params    []string
	Against   []string
	Reference string
	Like      string
	Seed      uint64
	Count     int
	Time      timeFlag
	TimeLimit timeFlag
	Add       string
	NoShrink  bool
	JSON      bool
	tools     *workshopFlags

	params []stress.Param
	words  []string // of Generator, less the program
}

func newStress(io *streams) *cobra.Command {
	o := &stressOptions{io: io}
	cmd := &cobra.Command{
		Use:   "stress PACKAGE --generator COMMAND",
		Short: "Look for an input on which a submission fails",
		Long: `Look for an input on which a submission fails.

A generator of the package makes inputs, again and again, with another seed and
other parameters each time. Input validators have to accept each of them, the
reference, which is the first accepted submission, writes the answer, and the
submissions are judged as evalx judge does, until one fails. Then the parameters
are lowered as long as it fails in the same way, for a small input.

COMMAND is a program in generators/ or anywhere else, and its arguments with
{seed} and the parameters in them, such as 'gen.py {seed} -n {n} {kind}'.
Without arguments they are the seed and the parameters in their order. The
generator prints the input, or writes testcase.in, and for the same arguments
always the same one. --arg gives a parameter:
  --arg n=1..1000         a whole number, lowered towards 0 or what is next to it
  --arg kind=path|random  one of some words, the first being the simplest
  --arg k=5               always the same

Interactive and multi-pass problems have no answers: the answer file is empty.
The same --seed makes the same inputs, with any --jobs.
` + sandboxHelp + cacheHelp + `

Exit codes:
  0    nothing was found
  1    an input was found on which a submission fails
  2    the command line or a submission is wrong, or a compiler is missing
  3    the package is invalid, or a generator, validator or reference fails
  5    the sandbox, the output validator or evalx itself failed
  130  interrupted; what was found until then is printed`,
		Example: `  evalx stress mypackage --generator gen.py --arg n=1..100
  evalx stress mypackage --generator 'gen.py {seed} {n}' --arg n=1..1e5 --against wrong_answer/greedy.cpp
  evalx stress mypackage --generator gen.py --arg n=1..9 --against new.py --add secret/42-found`,
		Args: arguments("PACKAGE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Package = args[0]
			if err := o.validate(cmd.Flags()); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.StringVarP(&o.Generator, "generator", "g", "", "the `command` that makes an input")
	f.StringArrayVarP(&o.Params, "arg", "a", nil, "a `parameter` of the generator, such as n=1..100 (may be repeated)")
	f.StringArrayVar(&o.Against, "against", nil, "the `submission` to test, a path or a name in submissions/ (may be repeated; default all accepted ones but the reference)")
	f.StringVar(&o.Reference, "reference", "", "the `submission` that writes the answers (default the first accepted one)")
	f.StringVar(&o.Like, "like", "", "the test `case` or group whose arguments of validators are used (default that of --add, or the first secret one)")
	f.Uint64Var(&o.Seed, "seed", 0, "the `number` that decides all inputs (default another one each time)")
	f.IntVar(&o.Count, "count", 0, "the largest `number` of inputs (default as many as --time allows)")
	f.Var(&o.Time, "time", "how long to look for an input (default 60, or forever with --count)")
	f.Var(&o.TimeLimit, "time-limit", "CPU time per input, such as 2, 0.5 or 500ms, instead of the package's")
	f.StringVar(&o.Add, "add", "", "write the input found and its answer into the package, as test case `name`, such as secret/42-found")
	f.BoolVar(&o.NoShrink, "no-shrink", false, "take the first input found as it is")
	f.BoolVar(&o.JSON, "json", false, "print one JSON object instead, see docs/generators.md")
	o.tools = newWorkshopFlags(io, f)
	return cmd
}

func (o *stressOptions) validate(f *pflag.FlagSet) (err error) {
	words := strings.Fields(o.Generator)
	if len(words) == 0 {
		return &usageError{errors.New("--generator is missing"), "name the program that makes inputs, such as --generator gen.py"}
	}
	o.Generator, o.words = words[0], words[1:]
	for _, text := range o.Params {
		p, err := stress.ParseParam(text)
		if err != nil {
			return &usageError{fmt.Errorf("--arg %w", err), "such as --arg n=1..100 or --arg kind=path|star"}
		}
		for _, other := range o.params {
			if other.Name == p.Name {
				return &usageError{fmt.Errorf("--arg %s is given twice", p.Name), ""}
			}
		}
		o.params = append(o.params, p)
	}
	if _, err := stress.NewCommand(o.words, o.params); err != nil {
		return &usageError{fmt.Errorf("--generator: %w", err), "placeholders are {seed} and the names given with --arg"}
	}
	if o.Count < 1 && f.Changed("count") {
		return &usageError{fmt.Errorf("--count %d: must be at least 1", o.Count), ""}
	}
	if !f.Changed("seed") {
		o.Seed = uint64(rand.Uint32()) // short enough to type
	}
	if o.Time == 0 && o.Count == 0 {
		o.Time = timeFlag(time.Minute)
	}
	return o.tools.validate(f)
}

// errTime says that the time for looking is over.
var errTime = errors.New("the time is over")

func (o *stressOptions) run(ctx context.Context) error {
	w, err := o.tools.open(o.Package)
	defer w.close()
	if err != nil {
		return err
	}
	add, err := o.target(w.problem)
	if err != nil {
		return err
	}
	bench, err := o.bench(ctx, w)
	if err != nil {
		return err
	}
	out := &stressOutput{stressOptions: o, workshop: w, begin: o.io.Now(), told: o.io.Now()}
	if err := o.hunt(ctx, bench, out); err != nil {
		return err
	}
	if out.found == nil {
		return out.nothing(ctx)
	}
	if add != nil && out.found.Culprit == stress.Submission {
		if err := add.Write(*out.found); err != nil {
			return err
		}
		out.added = add.Name
	}
	return out.print(ctx)
}

// hunt looks for a failing input and shrinks it.
func (o *stressOptions) hunt(ctx context.Context, bench *stress.Bench, out *stressOutput) (err error) {
	h := stress.Hunt{Params: o.params, Seed: o.Seed, Jobs: out.jobs, Count: o.Count, Tell: out.progress}
	within := ctx
	if o.Time > 0 {
		var stop func()
		within, stop = context.WithTimeoutCause(ctx, o.Time.value(), errTime)
		defer stop()
	}
	out.found, out.trials, err = h.Find(within, bench.Try)
	if err != nil && !errors.Is(err, errTime) && ctx.Err() == nil {
		return err
	}
	if out.found == nil || o.NoShrink || ctx.Err() != nil {
		return nil
	}
	out.first = *out.found
	out.say("found: %s; looking for a smaller input", out.found.Failure)
	within, stop := context.WithTimeoutCause(ctx, shrinkTime, errTime)
	defer stop()
	h.Tell = nil
	best, tries, err := h.Shrink(within, *out.found, shrinkTrials, bench.Try)
	out.found, out.shrinking = &best, tries
	return err
}

// What shrinking may cost.
const (
	shrinkTime   = time.Minute
	shrinkTrials = 1000
)

// bench compiles everything.
func (o *stressOptions) bench(ctx context.Context, w *workshop) (*stress.Bench, error) {
	p := w.problem
	b := &stress.Bench{Session: w.session, Problem: p, Params: o.params, Temp: w.temp}
	var err error
	if b.Args, err = stress.NewCommand(o.words, o.params); err != nil {
		return nil, err
	}
	if b.Like, err = o.like(p); err != nil {
		return nil, err
	}
	generator, err := stress.FindGenerator(p.Dir, o.Generator)
	if err != nil {
		return nil, &usageError{err, "give a name in generators/ or a path"}
	}
	if b.Generator, err = w.session.Tool(ctx, "generator "+generator.Name, generator, w.emit); err != nil {
		return nil, err
	}
	if len(p.InputValidators) == 0 {
		w.warn("the package has no input validators: no input is checked")
	}
	if err := o.submissions(ctx, w, b); err != nil {
		return nil, err
	}
	if b.Limit = o.TimeLimit.value(); b.Limit > 0 {
		return b, nil
	}
	limit, source, err := w.session.TimeLimit(ctx, w.emit)
	w.say("time limit %g s (%s)", limit.Seconds(), source)
	b.Limit = limit
	return b, err
}

// submissions compiles the reference, where there has to be one, and those to
// test.
func (o *stressOptions) submissions(ctx context.Context, w *workshop, b *stress.Bench) error {
	reference, against, err := o.choose(w)
	if err != nil {
		return err
	}
	if reference != nil {
		if b.Reference, err = w.compile(ctx, *reference); err != nil {
			return err
		}
		w.say("reference: %s", reference.Name)
	}
	for _, p := range against {
		sub, err := w.compile(ctx, p)
		if err != nil {
			return err
		}
		b.Against = append(b.Against, sub)
	}
	return nil
}

// choose finds the reference, nil for a problem without answers, and the
// submissions to test.
func (o *stressOptions) choose(w *workshop) (reference *problem.Program, against []problem.Program, err error) {
	accepted := acceptedOf(w.problem)
	k := w.problem.Kind
	if k.SubmitAnswer {
		return nil, nil, &usageError{errors.New("submissions to submit-answer problems are no programs"), "judge their answers with evalx judge"}
	}
	if !k.Interactive && !k.MultiPass {
		switch {
		case o.Reference != "":
			p, err := w.submission(o.Reference)
			if err != nil {
				return nil, nil, err
			}
			reference = &p
		case len(accepted) == 0:
			return nil, nil, &usageError{errors.New("the package has no accepted submission"), "name one that writes the answers with --reference"}
		default:
			reference, accepted = &accepted[0], accepted[1:]
		}
	} else if o.Reference != "" {
		return nil, nil, &usageError{errors.New("--reference: interactive and multi-pass problems have no answers"), "leave it out"}
	}
	for _, name := range o.Against {
		p, err := w.submission(name)
		if err != nil {
			return nil, nil, err
		}
		against = append(against, p)
	}
	if len(against) == 0 {
		against = accepted
	}
	if len(against) == 0 {
		return nil, nil, &usageError{errors.New("there is no submission to test besides the reference"), "name one with --against"}
	}
	return reference, against, nil
}

// acceptedOf returns the submissions in accepted/.
func acceptedOf(p *problem.Problem) (accepted []problem.Program) {
	for _, s := range p.Submissions {
		if path.Dir(s.Path) == "accepted" {
			accepted = append(accepted, s.Program)
		}
	}
	return accepted
}

// like finds the test case whose arguments hold for generated ones.
func (o *stressOptions) like(p *problem.Problem) (*problem.Case, error) {
	name := o.Like
	if name == "" {
		name = path.Dir(o.Add)
	}
	if name == "." {
		name = "secret"
	}
	for _, c := range p.Cases() {
		if c.Name == name || strings.HasPrefix(c.Name, name+"/") {
			return c, nil
		}
	}
	if cases := p.Cases(); o.Like == "" && o.Add == "" && len(cases) > 0 {
		return cases[0], nil
	}
	return nil, &usageError{fmt.Errorf("there is no test case or group %s", name), "name one of the package, such as secret"}
}

// target checks where to add the input found, before it is looked for.
func (o *stressOptions) target(p *problem.Problem) (*stress.Target, error) {
	if o.Add == "" {
		return nil, nil
	}
	t, err := stress.NewTarget(p, o.Add)
	if err != nil {
		return nil, &usageError{fmt.Errorf("--add %s: %w", o.Add, err), "give the name of a new test case, such as secret/42-found"}
	}
	return t, nil
}
