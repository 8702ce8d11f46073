package problem

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// Names of the two test groups that are judged.
const (
	sample = "sample"
	secret = "secret"
)

// data reads the tree of test data. flags are the arguments that every output
// validator gets on every test case.
func (l *loader) data(flags []string) {
	l.p.Root = &Group{Config: defaultConfig()}
	e, ok := l.folder("data")
	if !ok {
		hint := "tests are in data/sample and data/secret"
		if len(l.p.Submissions) == 0 && l.p.Format == Legacy {
			hint += "; for tests inside the file write problem_format_version: " + string(Single)
		}
		l.errorf("data", "no-tests", hint, "package has no tests")
		return
	}
	top := settings{group: l.p.Root.Config}
	entries := l.list(e)
	l.groupFile(entries, &top)
	l.p.Root.Config = top.group
	w := dataWalk{loader: l, flags: flags, above: map[string]bool{e.abs: true}}
	for _, name := range []string{sample, secret} {
		for _, sub := range entries {
			if sub.dir && sub.name == name {
				w.addGroup(l.p.Root, sub, name, top)
			}
		}
	}
	l.strangers(entries)
	if len(l.p.Cases()) == 0 {
		l.errorf("data", "no-tests", "tests are pairs of .in and .ans files in data/sample and data/secret", "package has no tests")
	}
}

// strangers warns of what lies directly in data and is not judged.
func (l *loader) strangers(entries []entry) {
	for _, e := range entries {
		switch {
		case e.dir:
			known := []string{sample, secret, "invalid_input", "invalid_output", "invalid_answers", "valid_output"}
			if !slices.Contains(known, e.name) {
				l.warnf(e.rel, "stray-folder", "test groups belong into data/secret", "folder is neither sample nor secret, its tests are not judged")
			}
		case strings.HasSuffix(e.name, ".in"):
			l.warnf(e.rel, "stray-test", "move it to data/secret", "test is neither in sample nor in secret, it is not judged")
		}
	}
}

// dataWalk is a walk through the test data.
type dataWalk struct {
	*loader
	flags []string
	above map[string]bool // real folders above the current one
}

// addGroup reads the folder e and adds it to parent if it has test cases.
func (w *dataWalk) addGroup(parent *Group, e entry, name string, s settings) {
	if !w.enter(e, w.above) {
		return
	}
	defer delete(w.above, e.abs)
	entries := w.list(e)
	hasFile := w.groupFile(entries, &s)
	g := &Group{Name: name, Config: s.group}
	w.fill(g, entries, s)
	if len(g.Order) == 0 {
		if hasFile || name == secret {
			w.warnf(e.rel, "empty-group", "", "test group has no test cases")
		}
		return
	}
	parent.Groups = append(parent.Groups, g)
	parent.Order = append(parent.Order, Node{Group: g})
}

// fill adds the cases and groups among entries to g, in order of their names.
func (w *dataWalk) fill(g *Group, entries []entry, s settings) {
	byName := map[string]entry{}
	for _, e := range entries {
		byName[e.name] = e
	}
	w.sameButForCase(g, entries)
	names := map[string]bool{} // true: a test case
	add := func(e entry, name string) {
		if _, taken := names[name]; taken {
			w.errorf(e.rel, "name-clash", "rename one", "a folder and a test case have the same name")
		}
		names[name] = !e.dir
	}
	for _, e := range entries {
		base, isInput := strings.CutSuffix(e.name, ".in")
		owner, isFiles := strings.CutSuffix(e.name, ".files")
		_, owned := byName[owner+".in"]
		switch {
		case e.dir && isFiles && owned:
		case e.dir:
			add(e, e.name)
		case isInput:
			add(e, base)
		case strings.HasSuffix(e.name, ".ans"):
			w.orphan(e, byName)
		}
	}
	for _, name := range sorted(names) {
		if names[name] {
			w.addCase(g, name, byName, s)
			continue
		}
		w.addGroup(g, byName[name], path.Join(g.Name, name), s)
	}
}

// orphan warns of an answer without an input.
func (w *dataWalk) orphan(e entry, byName map[string]entry) {
	base := strings.TrimSuffix(e.name, ".ans")
	if _, ok := byName[base+".in"]; ok {
		return
	}
	if _, ok := byName[base+".interaction"]; ok {
		return
	}
	w.warnf(e.rel, "missing-input", "", "answer has no input %s.in, it is ignored", base)
}

var caseName = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$`)

// addCase adds the test case called name to g.
func (w *dataWalk) addCase(g *Group, name string, byName map[string]entry, s settings) {
	input := byName[name+".in"]
	answer, ok := byName[name+".ans"]
	if !ok || answer.dir {
		w.errorf(input.rel, "missing-answer", "", "test has no answer %s.ans beside it", name)
		return
	}
	if !caseName.MatchString(name) {
		w.warnf(input.rel, "bad-name", "use letters, digits, _, . and -", "format does not allow the name %q for a test", name)
	}
	w.readable(input)
	w.readable(answer)
	if config, ok := byName[name+".yaml"]; ok && !config.dir {
		w.caseFile(config, &s)
	}
	c := &Case{
		Name:          path.Join(g.Name, name),
		Input:         input.abs,
		Answer:        answer.abs,
		ValidatorArgs: slices.Concat(w.flags, s.outputArgs),
		Args:          s.args,
	}
	if files, ok := byName[name+".files"]; ok && files.dir {
		c.Files = files.abs
		w.tree(files) // notes what cannot be used
	}
	g.Cases = append(g.Cases, c)
	g.Order = append(g.Order, Node{Case: c})
}

// sameButForCase warns of names that other file systems take for one.
func (w *dataWalk) sameButForCase(g *Group, entries []entry) {
	seen := map[string]string{}
	for _, e := range entries {
		lower := strings.ToLower(e.name)
		if other, ok := seen[lower]; ok {
			w.warnf(e.rel, "case-clash", "", "name differs from %s in upper and lower case only", other)
		}
		seen[lower] = e.name
	}
}
