package generate

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// parser reads a generators.yaml.
type parser struct {
	*Plan
	doc       *yamldoc.Doc
	constants map[string]string
	total     int // test cases with a number
	next      int // the next number
	used      map[string]bool
	keys      map[string][]node // what include may name
}

// node is a test case, which may be several of them, or a group.
type node struct {
	rules []*Rule
	group bool
}

// inherited is what a group hands down.
type inherited struct {
	solution string
	salt     string
	retries  int
}

// Parse reads a generators.yaml. constants are those of the package. The
// error is a *yamldoc.Error.
func Parse(data []byte, constants map[string]string) (*Plan, error) {
	p := &parser{
		Plan: &Plan{Configs: map[string]yamldoc.Node{}, Programs: map[string][]string{}},
		doc:  yamldoc.Parse(File, data, yamldoc.Options{}), constants: constants,
		next: 1, used: map[string]bool{}, keys: map[string][]node{},
	}
	if !p.doc.Root.IsMap() {
		p.doc.Root.Errorf("", "must be a map with the key data")
		if err := p.doc.Err(); err != nil {
			return nil, err
		}
	}
	p.total = countNumbered(p.doc.Root)
	p.group("", "", p.doc.Root, 0, inherited{retries: 1})
	p.Warnings = p.doc.Warnings
	return p.Plan, p.doc.Err()
}

// field returns the value of a key of a map.
func field(n yamldoc.Node, key string) (yamldoc.Field, bool) {
	if n.IsMap() {
		for _, f := range n.Fields() {
			if f.Key == key {
				return f, true
			}
		}
	}
	return yamldoc.Field{}, false
}

// isCase tells whether a value is that of a test case.
func isCase(n yamldoc.Node) bool {
	if !n.IsMap() {
		return !n.IsList()
	}
	for _, key := range append([]string{"copy", "generate", "count", "match", "yaml"}, bare(textEndings)...) {
		if _, ok := field(n, key); ok {
			return true
		}
	}
	return false
}

// bare returns endings without their dots, which are keys.
func bare(endings []string) (keys []string) {
	for _, e := range endings {
		keys = append(keys, e[1:])
	}
	return keys
}

// countNumbered counts the test cases that get a number: those in lists.
func countNumbered(group yamldoc.Node) (n int) {
	data, _ := field(group, "data")
	elements := []yamldoc.Node{data.Value}
	if data.Value.IsList() {
		elements = data.Value.List()
	}
	for _, element := range elements {
		if !element.IsMap() {
			continue
		}
		for _, f := range element.Fields() {
			switch {
			case !isCase(f.Value):
				n += countNumbered(f.Value)
			case data.Value.IsList():
				values, _ := counts(f.Value)
				n += max(1, len(values))
			}
		}
	}
	return n
}

// ignoredKeys have no effect here, and need none.
var ignoredKeys = []string{"version", "gitignore_generated", "parallel", "visualizer"}

// group reads a group. at is its path, key the word that include knows it by.
func (p *parser) group(at, key string, n yamldoc.Node, line int, from inherited) []*Rule {
	var made []*Rule
	var data, include yamldoc.Field
	for _, f := range n.Fields() {
		switch {
		case p.inherit(f, &from):
		case f.Key == "data":
			data = f
		case f.Key == "include":
			include = f
		case f.Key == "test_group.yaml" || f.Key == "testdata.yaml":
			if f.Value.Exists() {
				p.Configs[path.Join(at, f.Key)] = f.Value
			}
		case f.Key == "generators" && at == "":
			p.programs(f.Value)
		case slices.Contains(ignoredKeys, f.Key):
		default:
			f.Value.Warnf("", "key of a group that evalx does not know; it has no effect")
		}
	}
	if include.Value.Exists() {
		made = p.includes(at, include.Value)
	}
	switch {
	case data.Value.IsList() && at == "":
		data.Value.Errorf("", "must be a map with sample and secret, not a list")
	case data.Value.IsList():
		made = append(made, p.numbered(at, data.Value, from)...)
	case data.Value.IsMap() && at == "":
		made = p.roots(data.Value, from)
	case data.Value.Exists():
		fields := data.Value.Fields()
		slices.SortStableFunc(fields, func(a, b yamldoc.Field) int { return strings.Compare(a.Key, b.Key) })
		for _, f := range fields {
			made = append(made, p.child(at, f.Key, f.Key, f, from, false)...)
		}
	}
	if key != "" {
		p.keys[key] = append(p.keys[key], node{made, true})
	}
	return made
}

// inherit reads the keys that groups and test cases share.
func (p *parser) inherit(f yamldoc.Field, to *inherited) bool {
	switch f.Key {
	case "solution":
		to.solution, p.saysSolution = "", true
		if f.Value.Exists() {
			to.solution = p.program(f.Value)
		}
	case "random_salt":
		to.salt = f.Value.Str()
	case "retries":
		to.retries = int(f.Value.Int())
		if to.retries < 1 || to.retries > 1000 {
			f.Value.Errorf("", "must be between 1 and 1000")
			to.retries = 1
		}
	default:
		return false
	}
	return true
}

// program reads the path of a solution.
func (p *parser) program(n yamldoc.Node) string {
	name, ok := strings.CutPrefix(n.Str(), "/")
	switch {
	case strings.ContainsAny(name, " \t\n"):
		n.Errorf("", "arguments of a solution are not supported")
	case !ok || !local(name):
		n.Errorf("such as /submissions/accepted/solution.py", "must be a path that begins at the package")
	}
	return name
}

// local tells whether a slash-separated path stays below where it begins.
func local(name string) bool {
	return name != "" && path.Clean("/"+name) == "/"+strings.TrimSuffix(name, "/")
}

// roots reads the folders of data/.
func (p *parser) roots(n yamldoc.Node, from inherited) (made []*Rule) {
	known := map[string]yamldoc.Field{}
	for _, f := range n.Fields() {
		if !slices.Contains(roots, f.Key) {
			f.Value.Errorf("known are "+strings.Join(roots[:6], ", "), "there is no such folder in data/")
		}
		known[f.Key] = f
	}
	for _, name := range roots {
		if f, ok := known[name]; ok {
			p.Roots = append(p.Roots, name)
			if f.Value.Exists() {
				made = append(made, p.group(name, name, f.Value, f.Line, from)...)
			}
		}
	}
	return made
}

// numbered reads a list of test cases and groups, which get numbers.
func (p *parser) numbered(at string, n yamldoc.Node, from inherited) (made []*Rule) {
	groups, group := 0, 0
	for _, element := range n.List() {
		for _, f := range element.Fields() {
			if !isCase(f.Value) {
				groups++
			}
		}
	}
	for _, element := range n.List() {
		fields := element.Fields()
		if len(fields) != 1 {
			element.Errorf("put a dash before each", "must be a map with one key, not %d", len(fields))
			continue
		}
		f := fields[0]
		if f.Key == "~" || f.Key == "null" {
			f.Key = ""
		}
		name := f.Key
		if !isCase(f.Value) {
			group++
			name = withNumber(group, groups, f.Key)
		}
		made = append(made, p.child(at, f.Key, name, f, from, true)...)
	}
	return made
}

// withNumber puts a number of so many before a name.
func withNumber(i, of int, name string) string {
	number := fmt.Sprintf("%0*d", len(fmt.Sprint(of)), i)
	if name == "" {
		return number
	}
	return number + "-" + name
}

// child reads a test case or group of a group. name is that of a group, or of
// a test case before it gets a number, as those of lists do.
func (p *parser) child(at, key, name string, f yamldoc.Field, from inherited, list bool) []*Rule {
	if !isCase(f.Value) {
		if p.checkName(at, name, f) {
			return p.group(path.Join(at, name), key, f.Value, f.Line, from)
		}
		return nil
	}
	rules := p.cases(at, name, f, from, list)
	if key != "" {
		p.keys[key] = append(p.keys[key], node{rules: rules})
	}
	return rules
}

// includes reads the test cases of elsewhere that a group has as well.
func (p *parser) includes(at string, n yamldoc.Node) (made []*Rule) {
	for _, item := range n.List() {
		found := p.keys[item.Str()]
		if len(found) != 1 {
			hint := "name one that stands further up, by its key"
			if len(found) > 1 {
				hint = "give it a key that no other has"
			}
			item.Errorf(hint, "%q names %d test cases or groups", item.Str(), len(found))
			continue
		}
		for _, r := range found[0].rules {
			name := path.Join(at, path.Base(r.Path))
			if p.used[name] {
				continue // included twice
			}
			p.used[name] = true
			p.Links = append(p.Links, Link{name, r})
			made = append(made, r)
		}
	}
	return made
}

// programs reads which files generators are made of.
func (p *parser) programs(n yamldoc.Node) {
	for _, f := range n.Fields() {
		files := f.Value.Strings()
		for _, name := range files {
			if !local(name) {
				f.Value.Errorf("", "%q is not a path below generators/", name)
			}
		}
		if len(files) == 0 || !local(f.Key) {
			f.Value.Errorf("", "must be a list of files in generators/")
			continue
		}
		p.Programs[f.Key] = files
	}
}
