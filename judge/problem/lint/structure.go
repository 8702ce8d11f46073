package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
	"github.com/evalx/evalx/judge/problem"
)

// Folders of the package whose name differs between the versions.
const (
	legacyStatement = "problem_statement"
	newStatement    = "statement"
)

// foreign maps folders of one version to what the other one calls them. The
// loader looks at those with programs.
func (l *linter) foreign() map[string]string {
	if l.legacy() {
		return map[string]string{newStatement: legacyStatement}
	}
	return map[string]string{legacyStatement: newStatement}
}

// readByJudges are the folders and files of a package that mean something.
// output_validators and output_validator are both read in either version.
func (l *linter) readByJudges() []string {
	names := []string{
		"problem.yaml", "data", "submissions", "attachments", "include", "input_validators",
		"input_format_validators", "output_validators", "output_validator", "graders", "domjudge-problem.ini", "generators",
	}
	if l.legacy() {
		return append(names, legacyStatement)
	}
	return append(names, newStatement, "solution", "static_validator", "input_visualizer", "output_visualizer")
}

// structure looks at what lies in the package's folder and in data.
func (l *linter) structure() {
	var unread []string
	for _, f := range l.files {
		if f.dir() == "." && !f.hidden() && !junkName(f.name) {
			if l.topLevel(f) {
				unread = append(unread, f.rel)
			}
		}
	}
	if len(unread) > 0 {
		message := "nothing reads " + listed(unread)
		l.add("unread-file", unread[0], 0, message, "")
	}
	l.data()
}

// listed joins at most eight names.
func listed(names []string) string {
	if len(names) > 8 {
		return strings.Join(names[:8], ", ") + fmt.Sprintf(" and %d more", len(names)-8)
	}
	return strings.Join(names, ", ")
}

// topLevel looks at a file or folder of the package's folder. It returns true
// if nothing reads it and it has no name that says why it is there.
func (l *linter) topLevel(f file) bool {
	known := l.readByJudges()
	if slices.Contains(known, f.name) {
		return false
	}
	if other, ok := l.foreign()[f.name]; ok {
		l.foreignFolder(f, other)
		return false
	}
	switch f.name {
	case "testdata.yaml", "test_group.yaml":
		l.add("misspelt-name", f.rel, 0, "file is not read here", "move it into data or one of its folders")
		return false
	case "submissions.yaml":
		l.add("misspelt-name", f.rel, 0, "file is not read here", "move it into submissions")
		return false
	}
	if near := yamldoc.Nearest(f.name, known); near != "" && near != "generators" && !informative(f.name) && !l.exists(near) {
		l.add("misspelt-name", f.rel, 0, "nothing reads "+f.name, fmt.Sprintf("did you mean %s?", near))
		return false
	}
	return !informative(f.name)
}

// foreignFolder notes a folder that is called other in the package's version.
func (l *linter) foreignFolder(f file, other string) {
	if l.exists(other) {
		l.add("foreign-name", f.rel, 0, fmt.Sprintf("folder is ignored, because there is %s", other), "")
		return
	}
	l.add("foreign-name", f.rel, 0, fmt.Sprintf("folder is called %s in format %s", other, l.p.Format), "rename it")
}

// informative tells whether a name says that the file is for people, or for
// tools of authors.
func informative(name string) bool {
	lower := strings.ToLower(name)
	stem, _, _ := strings.Cut(lower, ".")
	switch stem {
	case "readme", "license", "licence", "copying", "changelog", "makefile", "notes", "todo",
		"generators", "generator", "solution", "solutions", "problem":
		return true
	}
	return path.Ext(lower) == ".md"
}

// Suffixes of the files of a test case; those of two parts come first.
func suffixes() []string {
	return []string{
		".in.statement", ".ans.statement", ".in.download", ".ans.download",
		".in", ".ans", ".out", ".interaction", ".yaml", ".hint", ".desc", ".files", ".png", ".jpg", ".jpeg", ".svg",
	}
}

func isImage(suffix string) bool {
	return slices.Contains([]string{".png", ".jpg", ".jpeg", ".svg"}, suffix)
}

// split parts the name of a file into that of its test case and its suffix,
// which is "" if no file of a test case has it.
func split(name string) (base, suffix string) {
	for _, s := range suffixes() {
		if base, ok := strings.CutSuffix(name, s); ok && base != "" {
			return base, s
		}
	}
	return name, ""
}

// data looks at the files beside the test cases.
func (l *linter) data() {
	inputs := map[string]bool{} // by path
	for _, f := range l.files {
		if base, suffix := split(f.name); suffix == ".in" || suffix == ".interaction" || suffix == ".in.statement" {
			inputs[path.Join(f.dir(), base)] = true
		}
	}
	var unread []string
	for _, f := range l.below("data") {
		part := strings.Split(f.rel, "/")
		switch {
		case f.hidden() || junkName(f.name) || f.mode.IsDir() || inFiles(part):
		case len(part) == 2:
			l.configName(f)
		case slices.Contains([]string{"sample", "secret", "invalid_input", "invalid_output", "valid_output"}, part[1]):
			if l.testFile(f, inputs) {
				unread = append(unread, f.rel)
			}
		}
	}
	l.addMany(problem.Note, "unread-file", unread, "nothing reads the file", "")
}

// inFiles tells whether a path leads into the .files folder of a test case.
func inFiles(part []string) bool {
	return slices.ContainsFunc(part[:len(part)-1], func(p string) bool { return strings.HasSuffix(p, ".files") })
}

// configName notes a name that is nearly that of a group's configuration.
func (l *linter) configName(f file) bool {
	names := []string{"testdata.yaml", "test_group.yaml"}
	if slices.Contains(names, f.name) {
		return false
	}
	want := names[0]
	if !l.legacy() {
		want = names[1]
	}
	ext := path.Ext(f.name)
	near := yamldoc.Nearest(strings.TrimSuffix(f.name, ext), []string{"testdata", "test_group", "test_data", "testgroup"})
	if near == "" || ext != ".yaml" && ext != ".yml" {
		return false
	}
	l.add("misspelt-name", f.rel, 0, "nothing reads "+f.name, fmt.Sprintf("did you mean %s?", want))
	return true
}

// testFile looks at a file in a test group. It returns true if nothing reads
// it.
func (l *linter) testFile(f file, inputs map[string]bool) bool {
	if f.name == "testdata.yaml" || f.name == "test_group.yaml" || informative(f.name) {
		return false
	}
	base, suffix := split(f.name)
	switch {
	case suffix == ".in" || suffix == ".ans" || suffix == ".interaction": // the loader says what it takes
		return false
	case suffix != "" && inputs[path.Join(f.dir(), base)]: // or a sample that is only shown
		return false
	case suffix == ".yaml" && l.configName(f):
		return false
	case suffix == "" || isImage(suffix):
		return !l.nearSuffix(f)
	}
	l.add("orphan-file", f.rel, 0, fmt.Sprintf("there is no test case %s that it belongs to", base+".in"), "")
	return false
}

// nearSuffix notes a suffix that is nearly that of an input or an answer.
func (l *linter) nearSuffix(f file) bool {
	ext := path.Ext(f.name)
	want, ok := map[string]string{
		".in": ".in", ".inp": ".in", ".input": ".in", ".ans": ".ans", ".answer": ".ans", ".interactive": ".interaction",
	}[strings.ToLower(ext)]
	if ok {
		l.add("misspelt-name", f.rel, 0, "nothing reads files ending in "+ext, "did you mean "+want+"?")
	}
	return ok
}
