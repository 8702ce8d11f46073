// Package lint looks for mistakes in problem packages without running
// anything, and makes the broken inputs that input validators should reject.
package lint

import (
	"cmp"
	"context"
	"fmt"
	"hash/maphash"
	"slices"

	"github.com/evalx/evalx/judge/problem"
)

// maxDiagnostics bounds what a hostile package makes evalx remember.
const maxDiagnostics = 1000

// Check looks at the package p, which was loaded, and returns what is wrong
// or odd about it, in order of files and lines, besides what the loader noted
// in p.Warnings. It reads every test case once. If ctx ends, it returns what
// it has found so far.
func Check(ctx context.Context, p *problem.Problem) []problem.Diagnostic {
	l := &linter{ctx: ctx, p: p, contents: map[string]*content{}, seed: maphash.MakeSeed()}
	if p.Format != problem.Single {
		l.walk()
		l.readMeta()
		l.structure()
		l.names()
		l.programs()
		l.expectations()
		l.statements()
		l.metadata()
		l.constants()
		l.samples()
		l.scores()
	}
	l.texts()
	l.tests()
	slices.SortStableFunc(l.found, func(a, b problem.Diagnostic) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return l.found
}

// linter is one call of Check.
type linter struct {
	ctx      context.Context
	p        *problem.Problem
	files    []file // of the package folder, in order of rel
	meta     metadata
	contents map[string]*content // what was read, by absolute path
	seed     maphash.Seed        // of content.sum
	found    []problem.Diagnostic
}

// legacy tells whether the package is in the legacy format.
func (l *linter) legacy() bool { return l.p.Format == problem.Legacy }

// add notes that a rule is broken at line, or 0, of the file at rel.
func (l *linter) add(rule, rel string, line int, message, hint string) {
	l.addAs(severityOf(rule), rule, rel, line, message, hint)
}

// addAs is add for a rule that is not always as grave as Rules says. What the
// loader has noted of the same file is not repeated.
func (l *linter) addAs(s problem.Severity, rule, rel string, line int, message, hint string) {
	d := problem.Diagnostic{Severity: s, Rule: rule, File: l.p.Show(rel), Line: line, Message: message, Hint: hint}
	noted := slices.ContainsFunc(l.p.Warnings, func(w problem.Diagnostic) bool { return w.Rule == rule && w.File == d.File })
	if len(l.found) < maxDiagnostics && !noted && !slices.Contains(l.found, d) {
		l.found = append(l.found, d)
	}
}

// maxEach is how many files are named one by one where many break a rule in
// the same way.
const maxEach = 3

// addMany notes that all files break a rule in the same way: once for each of
// a few, once for all of many.
func (l *linter) addMany(s problem.Severity, rule string, files []string, message, hint string) {
	if len(files) <= maxEach {
		for _, rel := range files {
			l.addAs(s, rule, rel, 0, message, hint)
		}
		return
	}
	l.addAs(s, rule, files[0], 0, fmt.Sprintf("%s; so do %d other files", message, len(files)-1), hint)
}
