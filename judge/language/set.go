package language

import (
	_ "embed" // languages.yaml
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

//go:embed languages.yaml
var builtin []byte

// Set is a set of languages by code.
type Set struct {
	languages []Language // in the order of the files
}

// Builtin returns the languages that evalx comes with.
func Builtin() (*Set, error) {
	s := &Set{}
	return s, s.Load("languages.yaml", builtin)
}

// Load adds the languages of a YAML file. For one that is known by its code
// already, the keys that are given replace the known ones. An error is a
// *yamldoc.Error with file and line of every mistake, and leaves s unchanged.
func (s *Set) Load(file string, data []byte) error {
	doc := yamldoc.Parse(file, data, yamldoc.Options{})
	var content struct {
		Languages yamldoc.Node `yaml:"languages"`
	}
	doc.Root.Decode(&content)
	result := &Set{languages: slices.Clone(s.languages)}
	if content.Languages.Exists() {
		for _, field := range content.Languages.Fields() {
			result.put(result.read(field.Key, field.Value))
		}
	}
	if err := doc.Err(); err != nil {
		return err
	}
	*s = *result
	return nil
}

func (s *Set) read(id string, node yamldoc.Node) Language {
	l, known := s.Get(id)
	var head struct {
		Like string `yaml:"like"`
	}
	for _, field := range node.Fields() {
		if field.Key == "like" {
			head.Like = field.Value.Str()
		}
	}
	if head.Like != "" && !known {
		base, ok := s.Get(head.Like)
		if !ok {
			node.Errorf("name a language that stands before it", "like: unknown language %q", head.Like)
		}
		l = base
	}
	l.ID = id
	node.Decode(&l)
	l.check(node)
	return l
}

// put replaces the language of the same code, or adds l at the end.
func (s *Set) put(l Language) {
	for i := range s.languages {
		if s.languages[i].ID == l.ID {
			s.languages[i] = l
			return
		}
	}
	s.languages = append(s.languages, l)
}

// All returns the languages in the order of the files they come from.
func (s *Set) All() []Language {
	return slices.Clone(s.languages)
}

// Get returns the language of a code such as "cpp".
func (s *Set) Get(id string) (Language, bool) {
	i := slices.IndexFunc(s.languages, func(l Language) bool { return l.ID == id })
	if i < 0 {
		return Language{}, false
	}
	return s.languages[i], true
}

// IDs returns the codes of all languages.
func (s *Set) IDs() []string {
	var ids []string
	for _, l := range s.languages {
		ids = append(ids, l.ID)
	}
	return ids
}

var (
	idPattern          = regexp.MustCompile(`^[a-z][a-z0-9_+-]*$`)
	placeholderPattern = regexp.MustCompile(`\{[a-z_]+\}`)
)

// check notes what is wrong with l, which was read from node.
func (l *Language) check(node yamldoc.Node) {
	if !idPattern.MatchString(l.ID) {
		node.Errorf("", "the code %q must be lower-case letters, digits, '_', '+' and '-'", l.ID)
	}
	if l.Name == "" {
		node.Errorf("add name: …", "has no name")
	}
	if len(l.Run) == 0 {
		node.Errorf("add run: [command, argument, …]", "does not say how to run a program")
	}
	for _, ext := range append(slices.Clone(l.Extensions), l.Headers...) {
		if !strings.HasPrefix(ext, ".") || len(ext) < 2 {
			node.Errorf("", "the extension %q must begin with a dot", ext)
		}
	}
	if l.Entry != "" && l.Entry != "file" && l.Entry != "java" && l.Entry != "kotlin" {
		node.Errorf("", "entry must be file, java or kotlin, not %q", l.Entry)
	}
	for _, pattern := range []string{l.MainPattern, l.Refuse.Pattern, l.PrepareFor} {
		if _, err := regexp.Compile(pattern); err != nil {
			node.Errorf("", "%v", err)
		}
	}
	l.checkPlaceholders(node)
}

func (l *Language) checkPlaceholders(node yamldoc.Node) {
	tools := slices.Collect(maps.Keys(l.Tools))
	inRecipe := slices.Concat(tools, placeholders())
	for _, list := range []struct {
		key   string
		texts []string
		known []string
	}{
		{"version", l.Version, tools},
		{"prepare", l.Prepare, inRecipe},
		{"compile", l.Compile, inRecipe},
		{"compile_env", l.CompileEnv, inRecipe},
		{"run", l.Run, inRecipe},
		{"run_env", l.RunEnv, inRecipe},
	} {
		for _, found := range placeholderPattern.FindAllString(strings.Join(list.texts, " "), -1) {
			if !slices.Contains(list.known, strings.Trim(found, "{}")) {
				node.Errorf("known are: "+strings.Join(list.known, ", "), "%s: unknown placeholder %s", list.key, found)
			}
		}
	}
	for tool := range l.Locate {
		if !slices.Contains(tools, tool) {
			node.Errorf("", "locate: there is no tool %q", tool)
		}
	}
}
