package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"text/template"
)

// Below templates/ there is a folder for every problem, in it folders for the
// kinds of package that take its files, and in those the files, which are
// templates of text/template between <% and %>. The name of the second folder
// is "every", or words with + between them that all have to be in kinds.
//
//go:embed templates
var templates embed.FS

// File is one file of a new package.
type File struct {
	Path string // slash-separated, relative to the package
	Data []byte
}

// Files returns the files of a new package, in order of their paths.
func Files(o Options) ([]File, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	var files []File
	for _, problem := range []string{"every", o.problem()} {
		err := fs.WalkDir(templates, path.Join("templates", problem), func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			parts := strings.SplitN(name, "/", 4) // templates, the problem, the kinds, the file
			if !o.takes(parts[2]) {
				return nil
			}
			data, err := o.render(name)
			files = append(files, File{o.place(parts[3]), data})
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("template: %w", err)
		}
	}
	slices.SortFunc(files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return files, nil
}

func (o Options) is(kind string) bool { return slices.Contains(o.Types, kind) }

// problem is the example that a package of these types starts from.
func (o Options) problem() string {
	switch {
	case o.is("submit-answer"):
		return "answers"
	case o.is("interactive"):
		return "guess"
	case o.is("multi-pass"):
		return "code"
	}
	return "divisors"
}

// takes tells whether a package takes the files of a folder of templates.
func (o Options) takes(folder string) bool {
	if folder == "every" {
		return true
	}
	kinds := []string{o.Format, o.Language, "pass-fail", "one-pass"}
	if o.is("scoring") {
		kinds[2] = "scoring"
	}
	if o.is("multi-pass") {
		kinds[3] = "multi-pass"
	}
	for _, word := range strings.Split(folder, "+") {
		if !slices.Contains(kinds, word) {
			return false
		}
	}
	return true
}

// place gives the folder of output validators the name that it has in the
// format.
func (o Options) place(name string) string {
	if rest, ok := strings.CutPrefix(name, "OUT/"); ok {
		if o.Format == Legacy {
			return "output_validators/" + rest
		}
		return "output_validator/" + rest
	}
	return name
}

// render returns the text of a template.
func (o Options) render(name string) ([]byte, error) {
	text, err := fs.ReadFile(templates, name)
	if err != nil {
		return nil, err
	}
	t, err := template.New(name).Delims("<%", "%>").Funcs(template.FuncMap{"quote": quoteYAML, "tex": quoteTeX}).Parse(string(text))
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = t.Execute(&out, o.words())
	return out.Bytes(), err
}

// words are what templates may say.
type words struct {
	Title, Author      string
	UUID               string
	Types              string // the value of type in problem.yaml
	Validation         string // the value of validation in a legacy problem.yaml, or ""
	GroupFile          string // name of the configuration of groups
	Ext                string // ending of the programs, without a dot
	Legacy             bool
	Scoring, MultiPass bool
	SubmitAnswer       bool
}

func (o Options) words() words {
	w := words{
		Title: o.Title, Author: o.Author, UUID: o.UUID, GroupFile: "test_group.yaml", Ext: "py",
		Legacy: o.Format == Legacy, Scoring: o.is("scoring"), MultiPass: o.is("multi-pass"),
		SubmitAnswer: o.is("submit-answer"),
	}
	if o.Language == "cpp" {
		w.Ext = "cpp"
	}
	types := o.Types
	if w.Legacy {
		w.GroupFile = "testdata.yaml"
		types = slices.DeleteFunc(slices.Clone(types), func(t string) bool { return t == "interactive" })
		if o.is("interactive") {
			w.Validation = "custom interactive"
			if w.Scoring {
				w.Validation += " score"
			}
		}
	}
	switch len(types) {
	case 0:
		w.Types = "pass-fail"
	case 1:
		w.Types = types[0]
	default:
		w.Types = "[" + strings.Join(types, ", ") + "]"
	}
	return w
}

// quoteYAML writes a title as a string of YAML; all of its characters can be
// printed.
func quoteYAML(title string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(title) + `"`
}

// quoteTeX writes a title so that LaTeX prints it as it is.
func quoteTeX(title string) string {
	return strings.NewReplacer(
		`\`, `\textbackslash{}`, "{", `\{`, "}", `\}`, "$", `\$`, "&", `\&`, "#", `\#`,
		"%", `\%`, "_", `\_`, "^", `\textasciicircum{}`, "~", `\textasciitilde{}`,
	).Replace(title)
}
