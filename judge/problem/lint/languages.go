package lint

import (
	"fmt"
	"path"

	"github.com/evalx/evalx/judge/problem"
)

// includes looks at the folders of include, which are called by the codes of
// programming languages. The loader looks at those in problem.yaml.
func (l *linter) includes() {
	for _, name := range sortedKeys(l.p.Include) {
		near, ok := problem.LanguageCode(name)
		if ok || name == "default" && !l.legacy() {
			continue
		}
		hint := ""
		if near != "" {
			hint = fmt.Sprintf("did you mean %s?", near)
		}
		l.add("unknown-language", path.Join("include", name), 0, fmt.Sprintf("unknown language %q: the files are never used", name), hint)
	}
}
