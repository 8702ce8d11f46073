package archtest

import (
	"fmt"
	"go/ast"
	"slices"
)

// checkDocs finds packages and exported names without a doc comment. Commands
// export nothing: there only the package is looked at.
func checkDocs(sources []source) []string {
	var breaches, packages []string
	documented := map[string]bool{}
	for _, s := range sources {
		if s.test {
			continue
		}
		packages = append(packages, s.dir)
		documented[s.dir] = documented[s.dir] || s.file.Doc != nil
		if s.file.Name.Name != "main" {
			breaches = append(breaches, s.checkNames()...)
		}
	}
	slices.Sort(packages)
	for _, dir := range slices.Compact(packages) {
		if !documented[dir] {
			breaches = append(breaches, fmt.Sprintf("%s: no package comment in any file", dir))
		}
	}
	return breaches
}

// checkNames finds the exported names of one file that have no comment.
func (s source) checkNames() []string {
	var breaches []string
	missing := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		isDoc := func(c *ast.CommentGroup) bool { return c != nil }
		if name.IsExported() && !slices.ContainsFunc(docs, isDoc) {
			breaches = append(breaches, s.breach(name, "%s is exported and has no doc comment", name.Name))
		}
	}
	for _, decl := range s.file.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil || receiverExported(decl.Recv) {
				missing(decl.Name, decl.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					missing(spec.Name, spec.Doc, decl.Doc)
				case *ast.ValueSpec:
					for _, name := range spec.Names {
						missing(name, spec.Doc, spec.Comment, decl.Doc)
					}
				}
			}
		}
	}
	return breaches
}

func receiverExported(recv *ast.FieldList) bool {
	t := recv.List[0].Type
	for {
		switch inner := t.(type) {
		case *ast.StarExpr:
			t = inner.X
		case *ast.IndexExpr:
			t = inner.X
		case *ast.Ident:
			return inner.IsExported()
		default:
			return false
		}
	}
}
