package lint

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

var (
	braces  = regexp.MustCompile(`\{\{([a-zA-Z_][a-zA-Z0-9_]*(?:\.[a-zA-Z0-9_]+)?)\}\}`)
	command = regexp.MustCompile(`\\constant\{([^{}\n]+)\}`)
)

// constants compares the constants of problem.yaml with where they are used.
func (l *linter) constants() {
	if l.legacy() {
		return
	}
	used := map[string]bool{}
	for _, f := range l.files {
		if l.ctx.Err() != nil {
			return
		}
		if f.mode.IsRegular() && !f.hidden() && l.mayUseConstants(f) {
			l.uses(f, used)
		}
	}
	if !l.meta.Constants.IsMap() {
		return
	}
	for _, c := range l.meta.Constants.Fields() {
		if !used[c.Key] {
			l.add("unused-constant", "problem.yaml", c.Line, fmt.Sprintf("constant %q is used nowhere", c.Key), "write {{"+c.Key+"}} where it belongs")
		}
	}
}

// mayUseConstants tells whether f is one of the files that 2025-09 replaces
// constants in, or a statement in LaTeX, which has a command for them.
func (l *linter) mayUseConstants(f file) bool {
	switch f.top() {
	case newStatement:
		return path.Ext(f.name) == ".md" || path.Ext(f.name) == ".tex"
	case "data":
		return f.name == "test_group.yaml"
	case "input_visualizer", "output_visualizer":
		return true
	}
	return l.holdsPrograms(f)
}

// uses adds the constants that f uses, and notes those that are not defined.
func (l *linter) uses(f file, used map[string]bool) {
	text := l.read(f.rel)
	pattern := braces
	if path.Ext(f.name) == ".tex" {
		pattern = command
	}
	for _, m := range pattern.FindAllSubmatchIndex(text, -1) {
		name := string(text[m[2]:m[3]])
		base, _, _ := strings.Cut(name, ".")
		used[base] = true
		if _, ok := l.p.Constants[name]; ok || !l.meansConstant(f, name) {
			continue
		}
		line := 1 + bytes.Count(text[:m[0]], []byte("\n"))
		hint := "define it in problem.yaml"
		if near := yamldoc.Nearest(name, sortedKeys(l.p.Constants)); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		l.add("undefined-constant", f.rel, line, fmt.Sprintf("constant %q is not defined", name), hint)
	}
}

// meansConstant tells whether the name between braces was surely meant to be a
// constant. In source code {{name}} is also something else, such as a list of
// one list in C++.
func (l *linter) meansConstant(f file, name string) bool {
	switch path.Ext(f.name) {
	case ".tex":
		return true
	case ".md":
		return len(l.p.Constants) > 0 && len(name) > 1 && !slices.Contains([]string{"nextsample", "remainingsamples"}, name)
	}
	return len(name) > 3 && yamldoc.Nearest(name, sortedKeys(l.p.Constants)) != ""
}
