package archtest

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strconv"
	"strings"
)

// checkImports checks every import of one file.
func (s source) checkImports() []string {
	var breaches []string
	for _, spec := range s.file.Imports {
		if complaint := s.checkImport(spec); complaint != "" {
			breaches = append(breaches, s.breach(spec, "%s", complaint))
		}
	}
	return breaches
}

// checkImport returns what is wrong with one import, or "".
func (s source) checkImport(spec *ast.ImportSpec) string {
	target, err := strconv.Unquote(spec.Path.Value)
	if err != nil {
		return err.Error()
	}
	own, isOwn := strings.CutPrefix(target, module+"/")
	switch {
	case target == "C":
		return "imports C: evalx is built without cgo"
	case target == "unsafe" && !strings.HasSuffix(s.name, "_unsafe.go"):
		return "imports unsafe: only files named *_unsafe.go may"
	case isOwn:
		return s.checkArrow(own)
	case strings.Contains(strings.Split(target, "/")[0], "."):
		return s.checkThirdParty(target)
	}
	return ""
}

// checkArrow returns what is wrong with importing the package of evalx in the
// folder to. Tests may import what they like.
func (s source) checkArrow(to string) string {
	if s.test {
		return ""
	}
	from, to := home(s.dir), home(to)
	if from == to {
		return ""
	}
	for _, end := range []string{from, to} {
		if _, isLeaf := leaves[end]; row(end) < 0 && !isLeaf {
			return fmt.Sprintf("%s is not in the picture: see internal/archtest/rules.go", end)
		}
	}
	if users, isLeaf := leaves[to]; isLeaf {
		if !slices.Contains(users, from) {
			return fmt.Sprintf("%s imports %s, which is only for %q", from, to, users)
		}
		return ""
	}
	if _, isLeaf := leaves[from]; isLeaf {
		return fmt.Sprintf("%s imports %s: it is a leaf and imports nothing of evalx", from, to)
	}
	if row(from) >= row(to) {
		return fmt.Sprintf("%s imports %s: imports go down only, see docs/architecture.md", from, to)
	}
	return ""
}

// checkThirdParty returns what is wrong with importing a package of another
// module.
func (s source) checkThirdParty(target string) string {
	within := func(modulePath string) bool {
		return target == modulePath || strings.HasPrefix(target, modulePath+"/")
	}
	if s.test && slices.ContainsFunc(testOnly, within) {
		return ""
	}
	for modulePath, users := range thirdParty {
		if within(modulePath) {
			if slices.ContainsFunc(users, s.isIn) {
				return ""
			}
			return fmt.Sprintf("imports %s, which is only for %q", target, users)
		}
	}
	return fmt.Sprintf("imports %s, which is no dependency of evalx: see internal/archtest/rules.go and docs/dependencies.md", target)
}

// isIn tells whether the file is of the package pattern, such as "isolate" or
// "isolate/...".
func (s source) isIn(pattern string) bool {
	if parent, deep := strings.CutSuffix(pattern, "/..."); deep {
		return s.dir == parent || strings.HasPrefix(s.dir, parent+"/")
	}
	return s.dir == pattern
}

// home returns the entry of the picture or of the leaves that a folder belongs
// to: itself or its nearest parent that is one. If there is none, it is the
// folder itself.
func home(dir string) string {
	for at := dir; at != "."; at = path.Dir(at) {
		if _, isLeaf := leaves[at]; isLeaf || row(at) >= 0 {
			return at
		}
	}
	return dir
}

// row returns the row of the picture that has the entry, from 0 at the top, or
// -1.
func row(entry string) int {
	return slices.IndexFunc(picture, func(names []string) bool { return slices.Contains(names, entry) })
}
