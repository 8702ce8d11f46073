package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var statementName = regexp.MustCompile(`^problem(\.([a-z]{2,3}(-[A-Z]{2})?))?\.(tex|md|pdf)$`)

// statements looks for the statements, and at the languages that they are in.
func (l *linter) statements() {
	folder := newStatement
	if l.legacy() || l.draft() && !l.exists(newStatement) {
		folder = legacyStatement
	}
	if !l.exists(folder) {
		if !l.exists(newStatement) && !l.exists(legacyStatement) && !l.domjudgeStatement() {
			l.add("missing-statement", "problem.yaml", 0, "package has no problem statement", "write "+folder+"/problem.en.tex")
		}
		return
	}
	var languages []string
	for _, f := range l.below(folder) {
		if f.dir() != folder || !strings.HasPrefix(f.name, "problem.") {
			continue
		}
		m := statementName.FindStringSubmatch(f.name)
		switch {
		case m == nil || l.legacy() && m[4] == "md":
			l.oddStatement(f)
			continue
		case m[2] == "" && !l.legacy():
			l.add("statement-name", f.rel, 0, "name of the statement does not say its language", "rename it to problem.en."+m[4])
			m[2] = "en"
		case m[2] == "":
			m[2] = "en"
		}
		if !slices.Contains(languages, m[2]) {
			languages = append(languages, m[2])
		}
	}
	if len(languages) == 0 {
		l.add("missing-statement", folder, 0, "folder has no problem statement", "write "+folder+"/problem.en.tex")
		return
	}
	l.nameLanguages(languages)
}

// domjudgeStatement tells whether there is a statement where DOMjudge looks.
func (l *linter) domjudgeStatement() bool {
	return l.exists("problem.pdf") || l.exists("problem.html") || l.exists("problem.txt")
}

// oddStatement notes a file that looks like a statement and is none. Markdown
// is none in the legacy format, though tools take it.
func (l *linter) oddStatement(f file) {
	for _, ext := range []string{".tex", ".md", ".pdf"} {
		if !strings.HasSuffix(f.name, ext) {
			continue
		}
		if statementName.MatchString(f.name) {
			return
		}
		l.add("statement-name", f.rel, 0, "file is no statement: its name is not problem.LANGUAGE"+ext, "use a language code such as en or pt-BR")
	}
}

// nameLanguages compares the languages of the names with those of statements.
func (l *linter) nameLanguages(languages []string) {
	names := l.p.Names
	if _, one := names[""]; one || len(names) == 0 {
		if len(names) > 0 && !l.legacy() && !(len(languages) == 1 && languages[0] == "en") {
			l.add("name-language", "problem.yaml", l.meta.Name.Line(), "name is for English only, but the statements are in "+listed(languages), "write a name for each language")
		}
		return
	}
	var missing, extra []string
	for _, language := range languages {
		if _, ok := names[language]; !ok {
			missing = append(missing, language)
		}
	}
	for language := range names {
		if !slices.Contains(languages, language) {
			extra = append(extra, language)
		}
	}
	slices.Sort(extra)
	if len(missing) > 0 {
		l.add("name-language", "problem.yaml", l.meta.Name.Line(), "there are statements but no names in "+listed(missing), "")
	}
	if len(extra) > 0 {
		l.add("name-language", "problem.yaml", l.meta.Name.Line(), fmt.Sprintf("there are names but no statements in %s", listed(extra)), "")
	}
}
