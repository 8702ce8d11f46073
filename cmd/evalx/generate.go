package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/generate"
	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge"
)

// generateOptions is the command line of evalx generate.
type generateOptions struct {
	io      *streams
	Package string
	Check   bool
	DryRun  bool
	Only    []string
	NoCheck bool // of inputs
	tools   *workshopFlags
}

func newGenerate(io *streams) *cobra.Command {
	o := &generateOptions{io: io}
	cmd := &cobra.Command{
		Use:   "generate PACKAGE",
		Short: "Make the test data of a package by its generators",
		Long: `Make the test data of a package by its generators.

What to make stands in generators/generators.yaml, in the format of BAPCtools;
docs/generators.md says what of it is understood. Generators run in the sandbox
and with seeds that follow from their arguments, the input validators have to
accept what they print, and the solution writes the answers. Only files that
differ are written; files that no rule makes are named and left alone.

With --check nothing is written, and exit code 1 says that some file is not as
the generators make it.
` + sandboxHelp + cacheHelp + `

Exit codes:
  0    the data is made; --check: it is up to date
  1    --check: it is not
  2    the command line is wrong, or a compiler is missing
  3    the package, its generators.yaml or one of its generators is wrong
  4    the package declares no generators
  5    the sandbox or evalx itself failed
  130  interrupted; every file is either as it was or as it should be`,
		Example: `  evalx generate mypackage
  evalx generate --check mypackage
  evalx generate --only 'secret/*-random*' mypackage`,
		Args: arguments("PACKAGE"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Package = args[0]
			if err := exclusive(cmd, "check dry-run"); err != nil {
				return err
			}
			for _, glob := range o.Only {
				if _, err := path.Match(glob, ""); err != nil || glob == "" {
					return &usageError{fmt.Errorf("--only %q: not a glob", glob), "quote it, such as --only 'secret/*-big'"}
				}
			}
			if err := o.tools.validate(cmd.Flags()); err != nil {
				return err
			}
			return o.run(cmd.Context())
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.Check, "check", false, "write nothing and say what would change")
	f.BoolVarP(&o.DryRun, "dry-run", "n", false, "run nothing and print the test cases with their commands")
	f.StringArrayVar(&o.Only, "only", nil, "make only the test cases whose `name` or group matches this glob (may be repeated)")
	f.BoolVar(&o.NoCheck, "no-validate", false, "do not run the input validators")
	o.tools = newWorkshopFlags(io, f)
	o.tools.noData = true
	return cmd
}

func (o *generateOptions) run(ctx context.Context) error {
	dir, err := o.folder()
	if err != nil {
		return err
	}
	w, err := o.tools.open(dir)
	defer w.close()
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(w.problem.Dir)
	if err != nil {
		return err
	}
	defer root.Close()
	plan, err := o.plan(w, root)
	if err != nil {
		return err
	}
	if o.DryRun {
		return o.list(plan)
	}
	out := &generated{generateOptions: o, counts: map[generate.State]int{}}
	maker := &generate.Maker{Session: w.session, Problem: w.problem, Plan: plan, Root: root, Temp: w.temp, Emit: w.emit, Unchecked: o.NoCheck}
	store := &generate.Store{Root: root, Dry: o.Check}
	err = generate.Run(ctx, maker, store, w.jobs, o.selected, generate.Progress{File: out.file, Fail: out.fail, Warn: w.warn})
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err == nil && len(o.Only) == 0 && out.failed == 0 {
		err = out.strays(store, plan.Roots)
	}
	return errors.Join(out.end(), err)
}

// folder is that of the package, which has to have a generators.yaml.
func (o *generateOptions) folder() (string, error) {
	dir := o.Package
	if filepath.Base(dir) == "problem.yaml" {
		dir = filepath.Dir(dir)
	}
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", &usageError{fmt.Errorf("%s is not the folder of a package", o.Package), "unpack it first if it is a zip"}
	}
	_, err := os.Stat(filepath.Join(dir, filepath.FromSlash(generate.File)))
	if !errors.Is(err, fs.ErrNotExist) {
		return dir, err
	}
	advice := "docs/generators.md has an example of one"
	if _, err := os.Stat(filepath.Join(dir, "data", "generator.sh")); err == nil {
		advice = "data/generator.sh is a shell script that may do anything to your files, which evalx does not run: read it, and run it yourself"
	}
	return "", &advised{fmt.Errorf("%s: %w: there is no %s", dir, judge.ErrNoCases, generate.File), advice}
}

// plan reads generators.yaml.
func (o *generateOptions) plan(w *workshop, root *os.Root) (*generate.Plan, error) {
	data, err := root.ReadFile(generate.File)
	if err != nil {
		return nil, err
	}
	plan, err := generate.Parse(data, w.problem.Constants)
	if err != nil {
		return nil, &judge.PackageError{Err: err}
	}
	for _, note := range plan.Warnings {
		w.warn(note.String())
	}
	fallback := ""
	if accepted := acceptedOf(w.problem); len(accepted) > 0 {
		fallback = accepted[0].Origin
	}
	if plan.Default(fallback) {
		w.warn(generate.File + ": names no solution; answers are written by " + fallback)
	}
	return plan, nil
}

// selected tells whether --only asks for a test case.
func (o *generateOptions) selected(name string) bool {
	return len(o.Only) == 0 || slices.ContainsFunc(o.Only, func(glob string) bool {
		for at := name; at != "."; at = path.Dir(at) {
			if ok, err := path.Match(glob, at); ok && err == nil {
				return true
			}
		}
		return false
	})
}

// list prints what would be made.
func (o *generateOptions) list(plan *generate.Plan) error {
	var out strings.Builder
	for _, r := range plan.Rules {
		if !o.selected(r.Path) {
			continue
		}
		how := "as it stands in " + fmt.Sprintf("%s:%d", generate.File, r.Line)
		switch {
		case r.Generator != "":
			how = strings.Join(append([]string{r.Generator}, r.ArgsFor(0)...), " ")
		case r.Copy != "":
			how = "copy of generators/" + r.Copy
		}
		fmt.Fprintf(&out, "%s: %s\n", r.Path, how)
	}
	_, err := o.io.Out.Write([]byte(report.Clean(out.String())))
	return err
}

// generated is what evalx generate prints.
type generated struct {
	*generateOptions
	counts map[generate.State]int
	failed int
	err    error // of writing
}

func (g *generated) file(name string, state generate.State) {
	g.counts[state]++
	if state != generate.Same {
		g.print("%-8s data/%s\n", state, name)
	}
}

func (g *generated) print(format string, args ...any) {
	if _, err := fmt.Fprint(g.io.Out, report.Clean(fmt.Sprintf(format, args...))); err != nil && g.err == nil {
		g.err = err
	}
}

func (g *generated) fail(err *generate.RuleError) {
	g.failed++
	fmt.Fprintf(g.io.Err, "evalx: error: %s\n", report.Clean(strings.TrimSpace(err.Error())))
}

// strays names the files that no rule makes.
func (g *generated) strays(store *generate.Store, roots []string) error {
	names, err := store.Strays(roots)
	for _, name := range names {
		g.file(name, generate.Stray)
	}
	return err
}

// end prints the sum. The error decides the exit code.
func (g *generated) end() error {
	states := []generate.State{generate.Same, generate.New, generate.Changed, generate.Stray}
	var parts []string
	different := 0
	for i, s := range states {
		if n := g.counts[s]; n > 0 || i == 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, s))
		}
		if i > 0 {
			different += g.counts[s]
		}
	}
	if g.failed > 0 {
		parts = append(parts, fmt.Sprintf("%d test cases failed", g.failed))
	}
	g.print("files: %s\n", strings.Join(parts, ", "))
	switch {
	case g.err != nil:
		return g.err
	case g.failed > 0:
		return errInvalid
	case g.Check && different > 0:
		return errUnexpected
	}
	return nil
}
