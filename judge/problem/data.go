package problem

import (
	"slices"
	"strings"
)

// Names of the two test groups that are judged.
const (
	sample = "sample"
	secret = "secret"
)

// data reads the tree of test data. flags are the arguments that every output
// validator gets on every test case, source is what states them.
func (l *loader) data(root GroupConfig, flags []string, source string) {
	l.p.Root = &Group{Config: root}
	e, ok := l.folder("data")
	if !ok && l.opt.NoData {
		return
	}
	if !ok {
		hint := "tests are in data/sample and data/secret"
		if len(l.p.Submissions) == 0 && l.p.Format == Legacy {
			hint += "; for tests inside the file write problem_format_version: " + string(Single)
		}
		l.errorf("data", "no-tests", hint, "package has no tests")
		return
	}
	top := settings{config: root}
	entries := l.list(e)
	if l.draft && l.gradesAsLegacy(entries) {
		l.p.Grading = Legacy
	}
	l.p.Root.File = l.folderConfig("", entries, &top)
	if l.p.Root.File != "" && l.p.Grading != Legacy && !l.draft {
		l.add(Diagnostic{
			Severity: Warning, Rule: "misplaced-config", File: l.p.Root.File,
			Message: "file is for sample, secret and the groups in secret", Hint: "move it to data/secret",
		})
	}
	l.p.Root.Config = top.config
	w := dataWalk{loader: l, flags: flags, source: source, above: map[string]bool{e.abs: true}}
	for _, sub := range entries {
		if sub.dir && (sub.name == sample || sub.name == secret) {
			w.addGroup(l.p.Root, sub, sub.name, top)
		}
	}
	w.validatorCases(entries, top)
	l.strangers(entries)
	l.checkRequired()
	l.checkScores()
	if len(l.p.Cases()) == 0 && !l.opt.NoData {
		l.errorf("data", "no-tests", "tests are pairs of .in and .ans files in data/sample and data/secret", "package has no tests")
	}
}

// strangers warns of what lies directly in data and is not judged.
func (l *loader) strangers(entries []entry) {
	known := []string{sample, secret, invalidInput, invalidOutput, validOutput}
	for _, e := range entries {
		switch {
		case e.dir && !slices.Contains(known, e.name):
			l.warnf(e.rel, "stray-folder", "test groups belong into data/secret", "folder is neither sample nor secret, its tests are not judged")
		case !e.dir && strings.HasSuffix(e.name, ".in"):
			l.warnf(e.rel, "stray-test", "move it to data/secret", "test is neither in sample nor in secret, it is not judged")
		}
	}
}

// gradesAsLegacy tells whether a package of a draft configures legacy graders,
// as those do that were made for tools which know the draft's problem.yaml only.
func (l *loader) gradesAsLegacy(entries []entry) bool {
	configs := slices.Clone(entries)
	for _, e := range entries {
		if e.dir && (e.name == sample || e.name == secret) {
			for _, sub := range l.list(e) {
				if configs = append(configs, sub); sub.dir && e.name == secret {
					configs = append(configs, l.list(sub)...)
				}
			}
		}
	}
	for _, e := range configs {
		if !e.dir && e.name == legacyGroupFile && l.hasLegacyKeys(e) {
			return true
		}
	}
	return false
}

// hasLegacyKeys tells whether e has keys of legacy graders.
func (l *loader) hasLegacyKeys(e entry) bool {
	doc, ok := l.document(e)
	if !ok || !doc.Root.IsMap() {
		return false
	}
	for _, f := range doc.Root.Fields() {
		if groupKeys[f.Key] == Legacy && !strings.HasSuffix(f.Key, "_flags") || f.Key == "grader_flags" {
			return true
		}
	}
	return false
}

// dataWalk is a walk through the test data.
type dataWalk struct {
	*loader
	flags  []string
	source string          // what states flags
	above  map[string]bool // real folders above the current one
}

// addGroup reads the folder e, which is the group called name, and adds it to
// parent if it has test cases, or a static one.
func (w *dataWalk) addGroup(parent *Group, e entry, name string, s settings) {
	if !w.enter(e, w.above) {
		return
	}
	defer delete(w.above, e.abs)
	entries := w.list(e)
	file := w.folderConfig(name, entries, &s)
	g := &Group{Name: name, Config: s.config, File: file}
	w.fill(g, entries, s)
	if len(g.Order) == 0 && g.Config.Static == nil {
		if file != "" || name == secret {
			w.warnf(e.rel, "empty-group", "", "test group has no test cases")
		}
		return
	}
	parent.Groups = append(parent.Groups, g)
	parent.Order = append(parent.Order, Node{Group: g})
}

// fill adds the cases and groups among entries to g, in order of their names.
func (w *dataWalk) fill(g *Group, entries []entry, s settings) {
	isGroup := w.groupsIn(g, entries)
	for _, n := range w.children(entries) {
		switch {
		case !n.dir:
			w.addCase(g, g.Name, n, s)
		case isGroup:
			w.addGroup(g, n.entry, g.Name+"/"+n.name, s)
		default:
			w.addFolder(g, n.entry, g.Name+"/"+n.name, s)
		}
	}
	if !isGroup {
		slices.SortFunc(g.Cases, func(a, b *Case) int { return strings.Compare(a.Name, b.Name) })
		g.Order = nil
		for _, c := range g.Cases {
			g.Order = append(g.Order, Node{Case: c})
		}
	}
}

// groupsIn tells whether the folders in g are test groups. In the legacy format
// and in drafts all are; in 2025-09 those in secret, if one has a test_group.yaml
// ("Test data groups").
func (w *dataWalk) groupsIn(g *Group, entries []entry) bool {
	if w.p.Format == Legacy || w.draft {
		return true
	}
	if g.Name != secret {
		return false
	}
	var plain []entry
	found := false
	for _, e := range entries {
		if !e.dir || strings.HasSuffix(e.name, ".files") {
			continue
		}
		if w.hasGroupFile(e) {
			found = true
		} else {
			plain = append(plain, e)
		}
	}
	if found {
		for _, e := range plain {
			w.warnf(e.rel, "missing-group-file", "add "+groupFile+", which may be empty", "folder beside test groups is no test group itself; it is taken for one")
		}
		if w.p.Kind.Scoring {
			return true // checkScores says more
		}
		if i := slices.IndexFunc(entries, func(e entry) bool { return !e.dir && strings.HasSuffix(e.name, ".in") }); i >= 0 {
			w.warnf(entries[i].rel, "mixed-groups", "move it into a group", "test case beside test groups")
		}
	}
	return found
}

func (w *dataWalk) hasGroupFile(e entry) bool {
	for _, name := range []string{groupFile, legacyGroupFile} {
		if sub, ok := w.lookup(e.rel + "/" + name); ok && !sub.dir {
			return true
		}
	}
	return false
}

// addFolder adds the cases of a folder that is no group to g.
func (w *dataWalk) addFolder(g *Group, e entry, name string, s settings) {
	if !w.enter(e, w.above) {
		return
	}
	defer delete(w.above, e.abs)
	entries := w.list(e)
	scores := s.config
	if file := w.folderConfig(name, entries, &s); file != "" {
		w.add(Diagnostic{
			Severity: Warning, Rule: "nested-group", File: file, Message: "test groups are folders in data/secret and have no groups in them",
			Hint: "only its arguments are used",
		})
	}
	s.config = scores
	for _, n := range w.children(entries) {
		if n.dir {
			w.addFolder(g, n.entry, name+"/"+n.name, s)
			continue
		}
		w.addCase(g, name, n, s)
	}
}
