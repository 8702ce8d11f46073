package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/scaffold"
)

// newOptions is the command line of evalx new.
type newOptions struct {
	io  *streams
	Dir string
	Yes bool
	scaffold.Options
}

func newNew(io *streams) *cobra.Command {
	o := &newOptions{io: io}
	cmd := &cobra.Command{
		Use:   "new DIR",
		Short: "Make a new problem package",
		Long: `Make a new problem package.

DIR is a folder that is not there yet, or is empty; its name is the short name
of the problem, of lower-case letters and digits. The package is a small and
complete one of the format and type that you want: statement, problem.yaml,
sample and secret test cases, validators, a generator, and submissions that are
accepted, wrong and too slow. ` + "`evalx verify DIR`" + ` has nothing to say against it.
Change it bit by bit: docs/authors.md shows how.

On a terminal, and without any of these flags, it asks; press Enter for what
stands in brackets.

Types: pass-fail or scoring, and besides interactive, multi-pass, or both, or
submit-answer, whose submissions are folders of answers. The legacy format has
neither multi-pass nor submit-answer problems.

Exit codes:
  0    the package is made
  2    the command line is wrong, or DIR is there and not empty
  5    evalx itself failed
  130  interrupted; nothing is left`,
		Example: `  evalx new guess
  evalx new guess --type interactive
  evalx new islands --type scoring --format legacy --language cpp --name 'Islands'`,
		Args: arguments("DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Dir = args[0]
			return o.run(cmd.Context(), o.io.InTerminal && !o.Yes && !anyChanged(cmd, "format", "type", "name", "author", "language"))
		},
	}
	f := cmd.Flags()
	f.StringVar(&o.Format, "format", scaffold.F2025, "the `version` of the package format: "+strings.Join(scaffold.Formats(), " or "))
	f.StringSliceVar(&o.Types, "type", nil, "the `type` of problem, or several with commas between them (default pass-fail)")
	f.StringVar(&o.Title, "name", "", "the `title` of the problem (default the name of DIR)")
	f.StringVar(&o.Author, "author", "", "who made the problem (default the `name` of the user)")
	f.StringVar(&o.Language, "language", scaffold.Languages()[0], "the `language` of submissions, validators and generator: "+strings.Join(scaffold.Languages(), " or "))
	f.BoolVarP(&o.Yes, "yes", "y", false, "ask nothing")
	return cmd
}

func anyChanged(cmd *cobra.Command, names ...string) bool {
	return slices.ContainsFunc(names, cmd.Flags().Changed)
}

func (o *newOptions) run(ctx context.Context, ask bool) error {
	dir, err := o.target()
	if err != nil {
		return err
	}
	if o.Title == "" {
		o.Title = strings.ToUpper(o.ShortName[:1]) + o.ShortName[1:]
	}
	if o.Author == "" {
		o.Author = cmp.Or(o.io.Env("USER"), "the author of "+o.Title)
	}
	if ask {
		if err := o.ask(ctx); err != nil {
			return err
		}
	}
	o.UUID = scaffold.NewUUID()
	files, err := scaffold.Files(o.Options)
	if err != nil {
		return &usageError{err, "`evalx new --help` says what can be made"}
	}
	if err := scaffold.Write(ctx, dir, files); err != nil {
		if errors.Is(err, scaffold.ErrExists) {
			return &usageError{fmt.Errorf("%s is there and not an empty folder", o.Dir), "name another one; nothing was changed"}
		}
		return err
	}
	return o.tell(files)
}

// target is the absolute folder to make, checked before anything is asked.
func (o *newOptions) target() (string, error) {
	dir, err := filepath.Abs(o.Dir)
	if err != nil {
		return "", err
	}
	o.ShortName = filepath.Base(dir)
	if err := scaffold.CheckShortName(o.ShortName); err != nil {
		advice := "such as evalx new hello"
		if better := scaffold.SuggestShortName(o.ShortName); better != "" {
			advice = "such as evalx new " + filepath.Join(filepath.Dir(o.Dir), better)
		}
		return "", &usageError{err, advice}
	}
	if info, err := os.Stat(filepath.Dir(dir)); errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return "", &usageError{fmt.Errorf("%s is not a folder", filepath.Dir(dir)), "make it first: mkdir -p " + filepath.Dir(dir)}
	}
	if here, err := os.Getwd(); err == nil && here == dir {
		return "", &usageError{errors.New("DIR is the folder that you are in"), "go one up: cd .. && evalx new " + o.ShortName}
	}
	switch entries, err := os.ReadDir(dir); {
	case errors.Is(err, fs.ErrNotExist):
		return dir, nil
	case err != nil:
		return "", &usageError{err, "name a folder that is not there yet"}
	case len(entries) > 0:
		return "", &usageError{fmt.Errorf("%s is there and not empty", o.Dir), "name another one; nothing was changed"}
	}
	return dir, nil
}

// purposes says of the parts of a package, by the start of their paths, what
// they are for. The first that fits counts.
var purposes = [][2]string{
	{"problem.yaml", "name, type and limits"},
	{"statement/", "the statement"},
	{"problem_statement/", "the statement"},
	{"data/sample/", "test cases that everybody sees"},
	{"data/secret/", "test cases"},
	{"data/invalid_input/", "inputs that the input validator has to refuse"},
	{"input_validators/", "says which inputs are right"},
	{"output_validator", "judges what a submission does"},
	{"generators/", "makes random inputs, for evalx stress"},
	{"submissions/", "solutions, in folders that say what becomes of them"},
}

// tell prints what was made and what to do next.
func (o *newOptions) tell(files []scaffold.File) error {
	var out strings.Builder
	kind := strings.Join(o.Types, ", ")
	if kind == "" {
		kind = "pass-fail"
	}
	fmt.Fprintf(&out, "made %s: %s, format %s, %d files\n", report.Clean(o.Dir), kind, o.Format, len(files))
	for _, p := range purposes {
		for _, f := range files {
			if strings.HasPrefix(f.Path, p[0]) {
				folder := p[0]
				if i := strings.LastIndex(f.Path, "/"); i >= 0 && !strings.HasSuffix(folder, "/") {
					folder = f.Path[:i+1]
				}
				fmt.Fprintf(&out, "  %-20s %s\n", folder, p[1])
				break
			}
		}
	}
	fmt.Fprintf(&out, "next:\n  evalx verify %s\n", report.Clean(o.Dir))
	_, err := o.io.Out.Write([]byte(out.String()))
	return err
}
