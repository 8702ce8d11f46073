// Package archtest holds the source of evalx to its architecture: which
// package may import which, and the house rules that a parser can check. The
// rules themselves are the tables in rules.go; a test applies them to the
// repository.
package archtest

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// module is the import path that all of our packages share.
const module = "github.com/evalx/evalx"

// source is one parsed Go file.
type source struct {
	name string // path from the root of the repository
	dir  string // the package: the folder of the file
	test bool
	file *ast.File
	fset *token.FileSet
	size int // lines
}

// Check returns one line for each breach of the rules in the Go files below
// the root of fsys, sorted by file. An error means that the files could not
// be read or parsed.
func Check(fsys fs.FS) ([]string, error) {
	sources, err := parse(fsys)
	if err != nil {
		return nil, err
	}
	var breaches []string
	for _, s := range sources {
		breaches = append(breaches, s.checkSize()...)
		breaches = append(breaches, s.checkImports()...)
	}
	breaches = append(breaches, checkVariables(sources)...)
	breaches = append(breaches, checkDocs(sources)...)
	slices.Sort(breaches)
	return breaches, nil
}

// parse reads every Go file but those that belong to other modules, to test
// data or to example packages.
func parse(fsys fs.FS) ([]source, error) {
	var sources []source
	err := fs.WalkDir(fsys, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if skipped(name) {
				return fs.SkipDir
			}
			return nil
		}
		if path.Ext(name) != ".go" {
			return nil
		}
		s, err := parseFile(fsys, name)
		sources = append(sources, s)
		return err
	})
	return sources, err
}

func skipped(dir string) bool {
	base := path.Base(dir)
	return dir == "problems" || dir == "tools" || base == "testdata" || base != "." && strings.HasPrefix(base, ".")
}

func parseFile(fsys fs.FS, name string) (source, error) {
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return source{}, err
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	return source{
		name: name,
		dir:  path.Dir(name),
		test: strings.HasSuffix(name, "_test.go"),
		file: file,
		fset: fset,
		size: bytes.Count(data, []byte("\n")),
	}, err
}

// breach says what is wrong at a node of the file.
func (s source) breach(node ast.Node, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: %s", s.name, s.fset.Position(node.Pos()).Line, fmt.Sprintf(format, args...))
}

func (s source) checkSize() []string {
	if s.size <= maxLines {
		return nil
	}
	return []string{fmt.Sprintf("%s: %d lines, at most %d: split it by what its parts are about", s.name, s.size, maxLines)}
}
