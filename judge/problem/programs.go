package problem

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// validators finds the output validators. custom and stated are what
// problem.yaml says of validation.
func (l *loader) validators(custom, stated bool) {
	found := l.validatorPrograms()
	k := l.p.Kind
	if l.p.Format == F2025 || k.Interactive || k.MultiPass {
		// There, a validator is custom by being there.
		custom = custom || len(found) > 0
	}
	switch {
	case custom && len(found) == 0:
		l.errorf(problemYAML, "missing-output-validator", "put it into "+l.validatorFolder(), "problem needs a custom output validator, but the package has none")
	case custom:
		l.p.Validators = found
	case len(found) > 0 && stated:
		l.warnf(l.validatorFolder(), "unused-output-validator", "write validation: custom", "output validator is not used: problem.yaml says validation: default")
	case len(found) > 0:
		l.warnf(l.validatorFolder(), "unused-output-validator", "write validation: custom", "output validator is not used: problem.yaml does not say validation: custom")
	case k.Interactive || k.MultiPass:
		l.errorf(problemYAML, "missing-output-validator", "put it into "+l.validatorFolder(), "interactive or multi-pass problem has no output validator")
	}
}

// inputValidators finds the input validators. Whoever only judges does not need
// them.
func (l *loader) inputValidators() {
	l.lenient = true
	for _, name := range []string{"input_validators", "input_format_validators"} {
		if e, ok := l.folder(name); ok {
			if name != "input_validators" && l.p.Format != Legacy {
				l.warnf(name, "foreign-name", "rename it", "folder is called input_validators")
			}
			l.p.InputValidators = append(l.p.InputValidators, l.several(e)...)
		}
	}
	l.lenient = false
}

// otherPrograms finds input validators, the static validator and the grader.
func (l *loader) otherPrograms() {
	l.inputValidators()
	if e, ok := l.folder("static_validator"); ok {
		if l.p.Format == Legacy {
			l.warnf(e.rel, "foreign-name", "", "static validators belong to format %s, this package is %s", F2025, Legacy)
		}
		if found := l.one(e); len(found) > 0 {
			l.p.StaticValidator = &found[0]
		}
	}
	if e, ok := l.folder("graders"); ok {
		if l.p.Format == F2025 && !l.draft {
			l.warnf(e.rel, "foreign-name", "", "graders belong to format %s, this package is %s", Legacy, F2025)
		}
		found := l.several(e)
		if len(found) > 1 {
			l.errorf(e.rel, "several-graders", "", "has %d programs; there is one grader", len(found))
		}
		if len(found) > 0 {
			l.p.Grader = &found[0]
		}
	}
}

func (l *loader) validatorFolder() string {
	if l.p.Format == Legacy {
		return "output_validators"
	}
	return "output_validator"
}

// validatorPrograms looks into both folders; the one of the package's own
// version goes first.
func (l *loader) validatorPrograms() []Program {
	folders := []string{"output_validators", "output_validator"}
	if l.p.Format != Legacy {
		slices.Reverse(folders)
	}
	for i, name := range folders {
		e, ok := l.folder(name)
		if !ok {
			continue
		}
		found := l.several(e)
		if name == "output_validator" {
			found = l.one(e)
		}
		if len(found) == 0 {
			continue
		}
		if i > 0 {
			l.warnf(name, "foreign-name", "", "folder is called %s in format %s", folders[0], l.p.Format)
		}
		return found
	}
	return nil
}

// one reads a folder that is one program or holds one in a folder.
func (l *loader) one(e entry) []Program {
	var folders, files []entry
	for _, sub := range l.list(e) {
		switch {
		case sub.dir:
			folders = append(folders, sub)
		case !ignorable(sub):
			files = append(files, sub)
		}
	}
	switch {
	case len(files) > 0:
		p := l.program(e)
		if len(files) == 1 && len(folders) == 0 {
			p = l.program(files[0])
		}
		return []Program{p}
	case len(folders) > 1:
		l.errorf(e.rel, "several-output-validators", "", "has %d programs; format %s has one output validator", len(folders), F2025)
	case len(folders) == 1:
		return []Program{l.program(folders[0])}
	}
	return nil
}

// several reads a folder in which every folder and every source file is a
// program. Headers belong to each of the files, and a folder with a build or
// run script is one program.
func (l *loader) several(e entry) []Program {
	var programs []Program
	var headers []string
	for _, sub := range l.list(e) {
		switch {
		case sub.dir:
			programs = append(programs, l.program(sub))
		case sub.name == "build" || sub.name == "run":
			return []Program{l.program(e)}
		case isHeader(sub.name):
			headers = append(headers, sub.name)
		case !ignorable(sub):
			programs = append(programs, l.program(sub))
		}
	}
	for i := range programs {
		if p := &programs[i]; p.Dir == e.abs {
			p.Files = append(p.Files, headers...)
			slices.Sort(p.Files)
		}
	}
	return programs
}

func isHeader(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".h", ".hh", ".hpp", ".hxx", ".h++":
		return true
	}
	return false
}

// ignorable tells whether a file that lies beside programs is none: notes,
// and what a compiler left.
func ignorable(e entry) bool {
	name := strings.ToLower(e.name)
	switch path.Ext(name) {
	case ".md", ".txt", ".o", ".obj", ".exe", ".bin", ".out", ".class", ".pyc", ".yaml", ".orig", ".swp", ".bak":
		return true
	case "":
		return strings.HasPrefix(name, "readme") || name == "makefile" || name == "tested" || name == "license" || compiled(e.abs)
	}
	return strings.HasPrefix(name, "readme.")
}

// compiled tells whether a file is an executable of Linux or macOS.
func compiled(abs string) bool {
	f, err := os.Open(abs)
	if err != nil {
		return false // whoever wants to read it says so
	}
	defer f.Close()
	var magic [4]byte
	if _, err := io.ReadFull(f, magic[:]); err != nil {
		return false
	}
	return slices.Contains([]string{"\x7fELF", "\xcf\xfa\xed\xfe", "\xca\xfe\xba\xbe"}, string(magic[:]))
}

// program reads the file or folder e.
func (l *loader) program(e entry) Program {
	if !e.dir {
		// The folder that the file is reached in, not the one that a symlink
		// points to: its name counts.
		dir, err := filepath.EvalSymlinks(filepath.Join(l.root, filepath.FromSlash(path.Dir(e.rel))))
		if err != nil {
			l.errorf(e.rel, "unreadable", "", "%s", reason(err))
		}
		return Program{Name: e.name, Dir: dir, Files: []string{e.name}, Origin: e.rel}
	}
	p := Program{Name: e.name, Dir: e.abs, Files: l.tree(e), Origin: e.rel}
	if len(p.Files) == 0 {
		l.warnf(e.rel, "empty-program", "", "program has no files")
	}
	return p
}

// include reads include/<language>/.
func (l *loader) include() {
	e, ok := l.folder("include")
	if !ok {
		return
	}
	l.p.Include = map[string]Program{}
	for _, sub := range l.list(e) {
		if !sub.dir {
			l.warnf(sub.rel, "stray-file", "put it into a folder with the name of a language", "file is not included anywhere")
			continue
		}
		l.p.Include[sub.name] = l.program(sub)
	}
}
