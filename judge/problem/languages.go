package problem

import (
	"fmt"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// languageCodes are the codes of the format ("Languages", appendix), and those
// of further languages that evalx has.
var languageCodes = [...]string{
	"ada", "algol68", "apl", "bash", "c", "cgmp", "cobol", "cpp", "cppgmp", "crystal", "csharp", "d", "dart", "elixir", "erlang", "forth",
	"fortran", "fsharp", "gerbil", "go", "haskell", "java", "javaalgs4", "javascript", "julia", "kotlin", "lisp", "lua", "modula2", "nim",
	"objectivec", "ocaml", "octave", "odin", "pascal", "perl", "php", "prolog", "pypy3", "python2", "python3", "python3numpy", "r", "racket", "ruby",
	"rust", "scala", "simula", "smalltalk", "snobol", "sql", "swift", "typescript", "visualbasic", "zig",
}

// languages reads the permitted languages: "all" or a list.
func languages(n yamldoc.Node) []string {
	if !n.IsList() {
		list := n.Str()
		if list == "" || list == "all" {
			return nil
		}
		n.As("not-a-list").Warnf("write a list", "languages are not a list")
		for _, code := range strings.Fields(list) {
			checkLanguage(n, code)
		}
		return strings.Fields(list)
	}
	for _, item := range n.List() {
		checkLanguage(item, item.Str())
	}
	return n.Strings()
}

// checkLanguage warns of a code that no language has. It is not refused: a
// newer version of the format may have it.
func checkLanguage(n yamldoc.Node, code string) {
	near, ok := LanguageCode(code)
	if code == "" || ok {
		return
	}
	hint := ""
	if near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	n.As("unknown-language").Warnf(hint, "unknown language %q", code)
}

// LanguageCode tells whether code is one of a programming language; if not,
// near is the code that was probably meant, or "".
func LanguageCode(code string) (near string, ok bool) {
	switch strings.ToLower(code) {
	case "c++", "cc", "cxx":
		return "cpp", false
	case "python", "py":
		return "python3", false
	case "pypy":
		return "pypy3", false
	case "c#", "cs":
		return "csharp", false
	case "js", "node":
		return "javascript", false
	}
	if slices.Contains(languageCodes[:], code) {
		return code, true
	}
	if len(code) < 3 {
		return "", false
	}
	return yamldoc.Nearest(code, languageCodes[:]), false
}
