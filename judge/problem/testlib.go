package problem

import (
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

var (
	includesTestlib = regexp.MustCompile(`(?m)^\s*#\s*include\s*["<](?:[^">]*/)?testlib\.h[">]`)
	// kattisExit is how a testlib.h, or who compiles it, says that programs end
	// as the problem package format wants: with 42 for accepted.
	kattisExit = regexp.MustCompile(`\bOK_EXIT_CODE[\s=]*\(?\s*42\b`)
)

// testlib finds out which validators are testlib's. stated is what problem.yaml
// says of all of them.
func (l *loader) testlib(stated yamldoc.Node) {
	for _, list := range [][]Program{l.p.Validators, l.p.InputValidators} {
		for i := range list {
			if p := &list[i]; stated.Exists() {
				p.Testlib = stated.Bool()
			} else {
				p.Testlib = usesTestlib(p)
			}
		}
	}
}

// usesTestlib tells whether a C or C++ program includes testlib.h, and neither
// a script of its own starts it nor the header is one that was changed to end
// as the package format wants.
func usesTestlib(p *Program) bool {
	if slices.Contains(p.Files, "build") || slices.Contains(p.Files, "run") {
		return false
	}
	found := false
	for _, name := range p.Files {
		if !isC(name) {
			continue
		}
		text, err := readText(filepath.Join(p.Dir, filepath.FromSlash(name)))
		if err != nil {
			return false // whoever compiles it says so
		}
		if kattisExit.Match(text) {
			return false
		}
		found = found || path.Base(name) != "testlib.h" && includesTestlib.Match(text)
	}
	return found
}

func isC(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".c", ".cc", ".cpp", ".cxx", ".c++":
		return true
	}
	return isHeader(name)
}
