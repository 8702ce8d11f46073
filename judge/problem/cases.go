package problem

import (
	"io"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// The folders with test cases for the validators.
const (
	invalidInput  = "invalid_input"
	invalidOutput = "invalid_output"
	validOutput   = "valid_output"
)

// child is a folder, or a test case: then it has the base name of the case, and
// the entry of its input.
type child struct {
	entry
	base   string
	beside map[string]entry // what is in the same folder, by name
}

// children returns the folders and test cases among the entries of a folder, in
// order of their names.
func (w *dataWalk) children(entries []entry) []child {
	byName := map[string]entry{}
	for _, e := range entries {
		byName[e.name] = e
	}
	w.sameButForCase(entries)
	taken := map[string]bool{}
	var list []child
	for _, e := range entries {
		base, isInput := strings.CutSuffix(e.name, ".in")
		owner, isFiles := strings.CutSuffix(e.name, ".files")
		switch {
		case e.dir && isFiles && isFile(byName, owner+".in"):
			continue
		case e.dir:
			base = e.name
		case !isInput:
			w.orphan(e, byName)
			continue
		}
		if taken[base] {
			w.errorf(e.rel, "name-clash", "rename one", "a folder and a test case have the same name")
		}
		taken[base] = true
		list = append(list, child{entry: e, base: base, beside: byName})
	}
	slices.SortFunc(list, func(a, b child) int { return strings.Compare(a.base, b.base) })
	return list
}

func isFile(byName map[string]entry, name string) bool {
	e, ok := byName[name]
	return ok && !e.dir
}

// orphan warns of an answer without an input.
func (w *dataWalk) orphan(e entry, byName map[string]entry) {
	base, ok := strings.CutSuffix(e.name, ".ans")
	if !ok || e.dir || isFile(byName, base+".in") || isFile(byName, base+".interaction") {
		return
	}
	w.warnf(e.rel, "missing-input", "", "answer has no input %s.in, it is ignored", base)
}

// sameButForCase warns of names that other file systems take for one.
func (w *dataWalk) sameButForCase(entries []entry) {
	seen := map[string]string{}
	for _, e := range entries {
		lower := strings.ToLower(e.name)
		if other, ok := seen[lower]; ok {
			w.warnf(e.rel, "case-clash", "", "name differs from %s in upper and lower case only", other)
		}
		seen[lower] = e.name
	}
}

var caseName = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$`)

// addCase adds the test case n, in the folder called dir, to g.
func (w *dataWalk) addCase(g *Group, dir string, n child, s settings) {
	answer, ok := n.beside[n.base+".ans"]
	if !ok && w.opt.NoData {
		return
	}
	if !ok || answer.dir {
		w.errorf(n.rel, "missing-answer", "", "test has no answer %s.ans beside it", n.base)
		return
	}
	c := w.testCase(dir, n, s)
	c.Answer = answer.abs
	w.readable(answer)
	if out, ok := n.beside[n.base+".out"]; ok && !out.dir && w.p.Format == F2025 {
		c.Output = out.abs
	}
	g.Cases = append(g.Cases, c)
	g.Order = append(g.Order, Node{Case: c})
}

// testCase reads a test case, but for its answer.
func (w *dataWalk) testCase(dir string, n child, s settings) *Case {
	if !caseName.MatchString(n.base) {
		w.warnf(n.rel, "bad-name", "use letters, digits, _, . and -", "format does not allow the name %q for a test", n.base)
	}
	w.readable(n.entry)
	c := &Case{Name: path.Join(dir, n.base), Input: n.abs}
	if config, ok := n.beside[n.base+".yaml"]; ok && !config.dir {
		w.caseConfig(config, &s, c)
	}
	if w.p.Format == Legacy {
		c.Hint, c.Description = w.text(n, ".hint", c.Hint), w.text(n, ".desc", c.Description)
	}
	c.Args, c.InputArgs, c.FullFeedback = s.args, s.inputArgs, s.fullFeedback
	c.ValidatorArgs, c.ArgsSource = w.validatorArgs(s)
	if files, ok := n.beside[n.base+".files"]; ok && files.dir {
		c.Files = files.abs
		w.tree(files) // notes what cannot be used
	}
	return c
}

// maxAnnotation is the most bytes that are read of a hint or description.
const maxAnnotation = 64 << 10

// text returns the legacy annotation of a test case with the given ending, or
// other if there is none.
func (w *dataWalk) text(n child, ending, other string) string {
	e, ok := n.beside[n.base+ending]
	if !ok || e.dir {
		return other
	}
	f, err := os.Open(e.abs)
	if err != nil {
		return other // readers of test data do not depend on it
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxAnnotation))
	if err != nil {
		return other
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(data), "\uFFFD"))
}

// validatorCases reads the test cases that are there to check the validators.
func (w *dataWalk) validatorCases(entries []entry, top settings) {
	for _, kind := range []struct {
		name string
		to   *[]*Case
	}{{invalidInput, &w.p.InvalidInput}, {invalidOutput, &w.p.InvalidOutput}, {validOutput, &w.p.ValidOutput}} {
		for _, e := range entries {
			if e.dir && e.name == kind.name {
				w.validatorCasesIn(kind.to, e, kind.name, top)
			}
		}
	}
}

// validatorCasesIn adds the test cases of the folder e, called name below data.
func (w *dataWalk) validatorCasesIn(to *[]*Case, e entry, name string, s settings) {
	if !w.enter(e, w.above) {
		return
	}
	defer delete(w.above, e.abs)
	entries := w.list(e)
	w.folderConfig(name, entries, &s)
	for _, n := range w.children(entries) {
		if n.dir {
			w.validatorCasesIn(to, n.entry, name+"/"+n.name, s)
			continue
		}
		c := w.testCase(name, n, s)
		if strings.HasPrefix(name, invalidInput) || w.hasOutput(c, n) {
			*to = append(*to, c)
		}
	}
}

// hasOutput adds the answer and the output to a test case for output
// validators; it notes if one is missing.
func (w *dataWalk) hasOutput(c *Case, n child) bool {
	for _, file := range []struct {
		ending, rule, what string
		to                 *string
	}{{".ans", "missing-answer", "answer", &c.Answer}, {".out", "missing-output", "output", &c.Output}} {
		e, ok := n.beside[n.base+file.ending]
		if !ok || e.dir {
			w.warnf(n.rel, file.rule, "", "test has no %s %s%s beside it, it is not used", file.what, n.base, file.ending)
			return false
		}
		w.readable(e)
		*file.to = e.abs
	}
	return true
}
