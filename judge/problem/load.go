package problem

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// Options say how to load a package. The zero value is useful.
type Options struct {
	Strict bool      // refuse what is otherwise accepted with a warning
	Temp   string    // folder for unpacked zips and inline tests; "" is the system's
	Zip    ZipLimits // zero fields mean the default
	// NoData accepts a package whose test cases, or their answers, are missing:
	// generators will make them.
	NoData bool
}

// InvalidError says that a package cannot be judged because of what is in it.
type InvalidError struct {
	Diagnostics []Diagnostic // at least one, in the order in which they were found
}

// maxShown is how many diagnostics Error prints.
const maxShown = 20

// Error returns one line per diagnostic. The hint of a single one is left to
// Hint.
func (e *InvalidError) Error() string {
	if len(e.Diagnostics) == 1 {
		d := e.Diagnostics[0]
		d.Hint = ""
		return d.String()
	}
	var lines []string
	for i, d := range e.Diagnostics {
		if i == maxShown {
			lines = append(lines, fmt.Sprintf("… and %d more", len(e.Diagnostics)-maxShown))
			break
		}
		lines = append(lines, d.String())
	}
	return strings.Join(lines, "\n")
}

// Hint returns what to do about a single diagnostic, or "".
func (e *InvalidError) Hint() string {
	if len(e.Diagnostics) == 1 {
		return e.Diagnostics[0].Hint
	}
	return ""
}

// String returns "file:line:column: message (hint)", without what is unknown.
func (d Diagnostic) String() string {
	return yamldoc.Note{File: d.File, Line: d.Line, Column: d.Column, Message: d.Message, Hint: d.Hint}.String()
}

func invalid(file, hint, format string, args ...any) error {
	return &InvalidError{Diagnostics: []Diagnostic{{
		Severity: Error, File: file, Message: fmt.Sprintf(format, args...), Hint: hint, Rule: "not-a-package",
	}}}
}

// Load reads the package at path: its folder, its problem.yaml, a zip of it
// (.zip or .kpp), or a single-file package under any name that ends in .yaml.
// The error is an *InvalidError if the package is at fault, and of another
// type if evalx or the machine is.
//
// The caller closes the Problem when nothing reads its files any more.
func Load(path string, opt Options) (*Problem, error) {
	return LoadContext(context.Background(), path, opt)
}

// LoadContext is Load that ends, with an error that wraps that of ctx, soon
// after ctx does.
func LoadContext(ctx context.Context, path string, opt Options) (*Problem, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(abs)
	if err != nil {
		return nil, invalid(path, "", "%s", reason(err))
	}
	l := &loader{ctx: ctx, opt: opt, p: &Problem{ShortName: filepath.Base(abs)}, shown: path}
	err = l.open(abs, path, info)
	if ctx.Err() != nil {
		err = fmt.Errorf("load %s: %w", path, context.Cause(ctx))
	}
	if err != nil {
		if closeErr := l.p.Close(); closeErr != nil {
			err = errors.Join(err, closeErr)
		}
		return nil, err
	}
	return l.p, nil
}

// Close removes what Load wrote to Options.Temp. It may be called twice.
func (p *Problem) Close() error {
	var errs []error
	for _, dir := range []*string{&p.temp, &p.replaced} {
		if *dir != "" {
			errs = append(errs, os.RemoveAll(*dir))
			*dir = ""
		}
	}
	return errors.Join(errs...)
}

// Show returns how the user would name the file at rel, slash-separated, in
// the package.
func (p *Problem) Show(rel string) string {
	return filepath.Join(p.shown, filepath.FromSlash(rel))
}

// Cases returns all test cases in the order in which they are judged.
func (p *Problem) Cases() []*Case {
	if p.Root == nil {
		return nil
	}
	return p.Root.AllCases()
}

// AllCases returns the test cases of g and of all groups below it, in the
// order in which they are judged.
func (g *Group) AllCases() []*Case {
	var cases []*Case
	for _, n := range g.Order {
		if n.Case != nil {
			cases = append(cases, n.Case)
			continue
		}
		cases = append(cases, n.Group.AllCases()...)
	}
	return cases
}

// Expect returns what is expected of the file or folder at path, and whether
// it is one of the package's submissions.
func (p *Problem) Expect(path string) (Expectation, bool) {
	s, ok := p.Find(path)
	return s.Expect, ok
}

// Find returns the submission of the package that is the file or folder at
// path, if it is one.
func (p *Problem) Find(path string) (Submission, bool) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Submission{}, false
	}
	// The folder's symlinks are followed as those of Problem.Dir are, but not
	// that of the submission: one file may be in two folders of submissions.
	if dir, err := filepath.EvalSymlinks(filepath.Dir(abs)); err == nil {
		abs = filepath.Join(dir, filepath.Base(abs))
	}
	i := slices.IndexFunc(p.Submissions, func(s Submission) bool { return s.location == abs })
	if i < 0 {
		return Submission{}, false
	}
	return p.Submissions[i], true
}

// loader is one call of Load.
type loader struct {
	ctx    context.Context
	opt    Options
	p      *Problem
	root   string // absolute folder of the package, free of symlinks
	shown  string // how the user named it
	draft  bool   // a draft of 2025-09, in which some names were still the legacy ones
	errors []Diagnostic
	files  int // visited so far

	required []requirement // by require_pass
	lenient  bool          // what is wrong now keeps nobody from judging: errors are warnings
}

// open finds out what kind of package it is and reads it.
func (l *loader) open(abs, path string, info os.FileInfo) error {
	switch {
	case info.IsDir():
		return l.openFolder(abs)
	case !info.Mode().IsRegular():
		return invalid(path, "", "not a regular file")
	case isYAML(abs):
		return l.openYAML(abs, path)
	case isZip(abs):
		return l.openZip(abs, path)
	}
	return invalid(path, "name a package folder, its problem.yaml, or a zip of it", "not a problem package")
}

// openYAML reads the package whose YAML file the user named. If that is a
// symlink, the package is where the file is.
func (l *loader) openYAML(abs, path string) error {
	real, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return invalid(path, "", "%s", reason(err))
	}
	if l.shown = filepath.Dir(path); filepath.Base(real) != filepath.Base(abs) {
		l.shown = filepath.Dir(real)
	}
	if err := l.setRoot(filepath.Dir(real)); err != nil {
		return err
	}
	l.p.ShortName = filepath.Base(filepath.Dir(abs))
	return l.finish(l.readYAML(filepath.Base(real)))
}

func isYAML(name string) bool {
	ext := strings.ToLower(filepath.Ext(name))
	return ext == ".yaml" || ext == ".yml"
}

func (l *loader) setRoot(abs string) error {
	root, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return invalid(l.shown, "", "%s", reason(err))
	}
	l.root, l.p.Dir = root, root
	return nil
}

func (l *loader) openFolder(abs string) error {
	if err := l.setRoot(abs); err != nil {
		return err
	}
	if _, err := os.Lstat(filepath.Join(l.root, problemYAML)); err != nil {
		hint := ""
		if near, _ := filepath.Glob(filepath.Join(escapeGlob(l.root), "*", problemYAML)); len(near) > 0 {
			hint = fmt.Sprintf("did you mean %s?", filepath.Join(l.shown, filepath.Base(filepath.Dir(near[0]))))
		}
		return invalid(l.shown, hint, "not a problem package: it has no %s", problemYAML)
	}
	return l.finish(l.readYAML(problemYAML))
}

// escapeGlob makes a path match itself only.
func escapeGlob(path string) string {
	return strings.NewReplacer("*", `\*`, "?", `\?`, "[", `\[`, `\`, `\\`).Replace(path)
}

// finish turns what was noted into the result of Load.
func (l *loader) finish(err error) error {
	l.p.shown = l.shown
	if err != nil {
		return err
	}
	if l.opt.Strict {
		for _, w := range l.p.Warnings {
			w.Severity = Error
			l.errors = append(l.errors, w)
		}
	}
	if len(l.errors) > 0 {
		return &InvalidError{Diagnostics: l.errors}
	}
	return nil
}

// show returns how the user would name the file at rel in the package.
func (l *loader) show(rel string) string {
	return filepath.Join(l.shown, filepath.FromSlash(rel))
}

// errorf notes an error about the file at rel. rule is the name of what was
// broken, for Diagnostic.Rule; hint may be empty.
func (l *loader) errorf(rel, rule, hint, format string, args ...any) {
	l.add(Diagnostic{Severity: Error, File: l.show(rel), Message: fmt.Sprintf(format, args...), Hint: hint, Rule: rule})
}

// warnf is errorf for a warning.
func (l *loader) warnf(rel, rule, hint, format string, args ...any) {
	l.add(Diagnostic{Severity: Warning, File: l.show(rel), Message: fmt.Sprintf(format, args...), Hint: hint, Rule: rule})
}

// maxDiagnostics bounds what a hostile package makes evalx remember.
const maxDiagnostics = 1000

func (l *loader) add(d Diagnostic) {
	list := &l.errors
	if l.lenient {
		d.Severity = Warning
	}
	if d.Severity == Warning {
		list = &l.p.Warnings
	}
	if len(*list) < maxDiagnostics && !slices.Contains(*list, d) {
		*list = append(*list, d)
	}
}

// document reads the YAML file e of a package folder, in which unknown keys
// are warnings; ok is false if there was an error. Whoever reads from the
// document calls take afterwards.
func (l *loader) document(e entry) (doc *yamldoc.Doc, ok bool) {
	return l.parse(e, yamldoc.Options{Lenient: true})
}

func (l *loader) parse(e entry, opt yamldoc.Options) (doc *yamldoc.Doc, ok bool) {
	doc, err := yamldoc.ReadFile(e.abs, l.show(e.rel), opt)
	if err != nil {
		l.errorf(e.rel, "unreadable", "", "%s", reason(err))
		return nil, false
	}
	if doc.Err() != nil {
		l.take(doc)
		return nil, false
	}
	doc.YAML11 = l.p.Format == Legacy
	return doc, true
}

// take adds what was noted about doc to what was noted about the package.
func (l *loader) take(doc *yamldoc.Doc) {
	for _, list := range []struct {
		severity Severity
		notes    []yamldoc.Note
	}{{Error, doc.Errors}, {Warning, doc.Warnings}} {
		for _, n := range list.notes {
			l.add(Diagnostic{Severity: list.severity, File: n.File, Line: n.Line, Column: n.Column, Message: n.Message, Hint: n.Hint, Rule: cmp.Or(n.Rule, "invalid-value")})
		}
	}
}

// sorted returns the keys of m in order.
func sorted[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
