package lint

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// languageCodes are those of appendix/languages.md of the format.
const languageCodes = "ada algol68 apl bash c cgmp cobol cpp cppgmp crystal csharp d dart elixir erlang forth fortran " +
	"fsharp gerbil go haskell java javaalgs4 javascript julia kotlin lisp lua modula2 nim objectivec ocaml octave odin " +
	"pascal perl php prolog python2 python3 python3numpy racket ruby rust scala simula smalltalk snobol swift " +
	"typescript visualbasic zig"

// languages looks at the codes of programming languages in problem.yaml, and
// at the folders of include that are called by them.
func (l *linter) languages() {
	if l.meta.Languages.IsList() {
		for _, n := range l.meta.Languages.List() {
			if n.IsScalar() {
				l.language(n.Str(), "problem.yaml", n.Line())
			}
		}
	}
	for name := range l.p.Include {
		if name != "default" || l.legacy() {
			l.language(name, path.Join("include", name), 0)
		}
	}
}

func (l *linter) language(code, rel string, line int) {
	codes := strings.Fields(languageCodes)
	if slices.Contains(codes, code) {
		return
	}
	hint := ""
	if near := nearLanguage(code, codes); near != "" {
		hint = fmt.Sprintf("did you mean %s?", near)
	}
	l.add("unknown-language", rel, line, fmt.Sprintf("the format knows no language %q", code), hint)
}

// nearLanguage returns the code of the language that was probably meant.
func nearLanguage(code string, codes []string) string {
	switch strings.ToLower(code) {
	case "c++", "cc", "cxx":
		return "cpp"
	case "python", "py", "pypy":
		return "python3"
	case "c#", "cs":
		return "csharp"
	case "js", "node":
		return "javascript"
	}
	if len(code) < 3 {
		return ""
	}
	return yamldoc.Nearest(code, codes)
}
