package lint

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
)

// "General requirements" of both versions.
var (
	packageName = regexp.MustCompile(`^[a-z0-9]+$`)
	fileName    = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,254}$`)
)

// largeFile is the size that no file should exceed, by 2025-09.
const largeFile = 100 << 20

// names looks at every file's name, kind and size, whatever it is for.
func (l *linter) names() {
	if name := strings.TrimSuffix(strings.TrimSuffix(l.p.ShortName, ".zip"), ".kpp"); !packageName.MatchString(name) {
		l.add("package-name", "", 0, fmt.Sprintf("folder of the package is called %q", l.p.ShortName), "use lower-case letters and digits only")
	}
	var compiled, edited []string
	lower := map[string]string{} // paths, by what a file system that ignores case makes of them
	known := l.readByJudges()
	for _, f := range l.files {
		switch {
		case f.mode&fs.ModeSymlink != 0:
			l.symlink(f)
		case f.mode.IsRegular() && f.size > largeFile:
			l.add("large-file", f.rel, 0, fmt.Sprintf("file is %d MiB large", f.size>>20), "no file should be larger than 100 MiB")
		}
		switch {
		case editorName(f.name):
			edited = append(edited, f.rel)
		case l.compiled(f):
			compiled = append(compiled, f.rel)
		case junkName(f.name):
			l.addAs(problem.Note, "leftover", f.rel, 0, f.name+" is no part of the package", "remove it")
		}
		if junkName(f.name) || editorName(f.name) || f.hidden() {
			continue
		}
		if slices.Contains(known, f.top()) && f.top() != "generators" {
			l.allowedName(f)
		}
		key := strings.ToLower(f.rel)
		// The loader looks at the test groups.
		if other, ok := lower[key]; ok && f.top() != "data" {
			l.add("case-clash", f.rel, 0, fmt.Sprintf("name differs from %s in upper and lower case only", path.Base(other)), "rename one: on some systems they are one file")
		}
		lower[key] = f.rel
	}
	l.addMany(problem.Warning, "leftover", edited, "an editor or a tool left this file", "remove it")
	l.addMany(problem.Warning, "compiled-file", compiled, "file is a compiled program, not source", "remove it: evalx compiles the sources itself")
}

// allowedName looks at the name of a file where judges look. The loader looks
// at those of test cases.
func (l *linter) allowedName(f file) {
	if _, suffix := split(f.name); f.top() == "data" && suffix != "" {
		return
	}
	if !fileName.MatchString(f.name) {
		l.add("bad-name", f.rel, 0, fmt.Sprintf("the format does not allow the name %q, judges may ignore the file", f.name), "use letters, digits, _, . and -")
	}
}

// symlink notes a symlink that leads nowhere or out of the package. Where the
// loader looks it is an error of the package.
func (l *linter) symlink(f file) {
	target, _ := os.Readlink(l.abs(f.rel))
	real, err := filepath.EvalSymlinks(l.abs(f.rel))
	if err != nil {
		l.add("bad-symlink", f.rel, 0, fmt.Sprintf("symlink to %q leads nowhere", target), "")
		return
	}
	if rel, err := filepath.Rel(l.p.Dir, real); err != nil || rel == ".." || strings.HasPrefix(rel, "../") {
		l.add("bad-symlink", f.rel, 0, fmt.Sprintf("symlink to %q leaves the package", target), "copy the file into the package")
	}
}

// junkName tells whether the name is one of what file managers and tools make.
func junkName(name string) bool {
	return slices.Contains([]string{".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX", "__pycache__"}, name)
}

// editorName tells whether the name is one of what editors and patch make.
func editorName(name string) bool {
	return strings.HasSuffix(name, "~") || strings.HasPrefix(name, "#") && strings.HasSuffix(name, "#") ||
		slices.Contains([]string{".swp", ".swo", ".orig", ".rej", ".bak"}, path.Ext(name))
}

// holdsPrograms tells whether f lies where the package has its programs.
func (l *linter) holdsPrograms(f file) bool {
	return f.top() != f.rel && slices.Contains([]string{
		"submissions", "include", "input_validators", "input_format_validators", "output_validators",
		"output_validator", "static_validator", "graders",
	}, f.top())
}

// compiled tells whether a compiler made f. A program that is given as a
// binary called run is meant to be one.
func (l *linter) compiled(f file) bool {
	if !f.mode.IsRegular() || !l.holdsPrograms(f) {
		return false
	}
	switch strings.ToLower(path.Ext(f.name)) {
	case ".class", ".pyc", ".o", ".obj", ".exe", ".beam", ".hi":
		return true
	}
	if f.name == "run" {
		return false
	}
	in, err := os.Open(l.abs(f.rel))
	if err != nil {
		return false
	}
	defer in.Close()
	var magic [4]byte
	if _, err := io.ReadFull(in, magic[:]); err != nil {
		return false
	}
	return slices.Contains([]string{"\x7fELF", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"}, string(magic[:]))
}
