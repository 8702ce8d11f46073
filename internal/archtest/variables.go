package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// checkVariables finds package-level variables that are state rather than
// constants that Go has no constant for. Such a constant is set where it is
// declared (or by go:embed), to a literal or by one of the functions in the
// table constants; nothing in its package assigns to it or takes its address;
// and unless it is an error, other packages cannot reach it.
func checkVariables(sources []source) []string {
	var breaches []string
	changed := map[string]map[string]bool{} // by folder, then by name
	for _, s := range sources {
		if changed[s.dir] == nil {
			changed[s.dir] = map[string]bool{}
		}
		collectChanged(s.file, changed[s.dir])
	}
	for _, s := range sources {
		if s.test {
			continue
		}
		for _, spec := range variables(s.file) {
			for i, name := range spec.Names {
				if complaint := checkVariable(spec, i, changed[s.dir][name.Name]); complaint != "" {
					breaches = append(breaches, s.breach(name, "variable %s %s", name.Name, complaint))
				}
			}
		}
	}
	return breaches
}

// variables returns the package-level variables of a file that no go:embed
// sets.
func variables(file *ast.File) []*ast.ValueSpec {
	var specs []*ast.ValueSpec
	for _, decl := range file.Decls {
		if group, ok := decl.(*ast.GenDecl); ok && group.Tok == token.VAR && !embedded(group.Doc) {
			for _, spec := range group.Specs {
				if value := spec.(*ast.ValueSpec); !embedded(value.Doc) {
					specs = append(specs, value)
				}
			}
		}
	}
	return specs
}

func embedded(doc *ast.CommentGroup) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		return strings.HasPrefix(c.Text, "//go:embed ")
	})
}

// checkVariable returns what is wrong with the i-th name of spec, or "".
func checkVariable(spec *ast.ValueSpec, i int, changed bool) string {
	name := spec.Names[i]
	switch {
	case name.Name == "_":
		return ""
	case changed:
		return "is changed: pass state in instead of keeping it in the package"
	case len(spec.Values) != len(spec.Names):
		return "has no value of its own: pass state in instead of keeping it in the package"
	case !isConstant(spec.Values[i]):
		return fmt.Sprintf("is neither a literal nor made by one of %q", constants)
	case name.IsExported() && !strings.HasPrefix(name.Name, "Err"):
		return "can be changed by other packages: make it a function"
	}
	return ""
}

func isConstant(value ast.Expr) bool {
	switch value := value.(type) {
	case *ast.CompositeLit:
		return true
	case *ast.CallExpr:
		switch fun := value.Fun.(type) {
		case *ast.ArrayType: // a conversion such as []byte("text")
			return true
		case *ast.SelectorExpr:
			if pkg, ok := fun.X.(*ast.Ident); ok {
				return slices.Contains(constants, pkg.Name+"."+fun.Sel.Name)
			}
		}
	}
	return false
}

// collectChanged adds to names what the file assigns to or takes the address
// of. It does not tell a variable from another of the same name in an inner
// scope: rename the inner one.
func collectChanged(file *ast.File, names map[string]bool) {
	add := func(target ast.Expr) {
		if name := root(target); name != "" {
			names[name] = true
		}
	}
	ast.Inspect(file, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.AssignStmt:
			if node.Tok != token.DEFINE {
				for _, target := range node.Lhs {
					add(target)
				}
			}
		case *ast.IncDecStmt:
			add(node.X)
		case *ast.UnaryExpr:
			if node.Op == token.AND {
				add(node.X)
			}
		case *ast.CallExpr:
			if isDelete(node) {
				add(node.Args[0])
			}
		}
		return true
	})
}

func isDelete(call *ast.CallExpr) bool {
	fun, ok := call.Fun.(*ast.Ident)
	return ok && (fun.Name == "delete" || fun.Name == "clear") && len(call.Args) > 0
}

// root returns the variable that an expression such as x, x.f or x[i].f is
// part of, or "".
func root(expr ast.Expr) string {
	switch expr := expr.(type) {
	case *ast.Ident:
		return expr.Name
	case *ast.SelectorExpr:
		return root(expr.X)
	case *ast.IndexExpr:
		return root(expr.X)
	case *ast.ParenExpr:
		return root(expr.X)
	}
	return ""
}
