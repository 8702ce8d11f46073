package generate

import (
	"crypto/sha512"
	"errors"
	"fmt"
	"math/big"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// cases reads a test case, or the several that count makes of it.
func (p *parser) cases(at, name string, f yamldoc.Field, from inherited, list bool) (rules []*Rule) {
	n := f.Value
	values, err := counts(n)
	if err != nil {
		n.Errorf("such as count: 3, count: [1, 5] or count: 1..=3", "count: %v", err)
		return nil
	}
	counted := len(values) > 0
	if !counted {
		values = []int{1}
	}
	for _, value := range values {
		full := name
		if list {
			full = withNumber(p.next, p.total, name)
			p.next++
		}
		if counted {
			full += "-" + padded(value, values)
		}
		if r := p.rule(at, full, f, from, value, counted); r != nil {
			rules = append(rules, r)
		}
	}
	p.Rules = append(p.Rules, rules...)
	return rules
}

// padded writes a value of count as wide as the widest, if there are no gaps
// between them.
func padded(value int, values []int) string {
	width := 0
	if slices.Max(values)-slices.Min(values) == len(values)-1 {
		for _, v := range values {
			width = max(width, len(strconv.Itoa(v)))
		}
	}
	return fmt.Sprintf("%0*d", width, value)
}

// mostCount is how many test cases count may make.
const mostCount = 100

var countRange = regexp.MustCompile(`^(-?[0-9]{1,9})\.\.=(-?[0-9]{1,9})$`)

// counts reads count, nil if there is none.
func counts(n yamldoc.Node) (values []int, err error) {
	f, ok := field(n, "count")
	switch {
	case !ok:
		return nil, nil
	case f.Value.IsList():
		for _, item := range f.Value.List() {
			value, err := strconv.Atoi(item.Str())
			if err != nil || slices.Contains(values, value) {
				return nil, errors.New("must be different whole numbers")
			}
			values = append(values, value)
		}
	case !f.Value.IsScalar():
		return nil, errors.New("must be a number, a list of numbers or a range")
	default:
		low, high := 1, 0
		if m := countRange.FindStringSubmatch(f.Value.Str()); m != nil {
			low, _ = strconv.Atoi(m[1])
			high, _ = strconv.Atoi(m[2])
		} else if high, err = strconv.Atoi(f.Value.Str()); err != nil {
			return nil, errors.New("must be a number, a list of numbers or a range")
		}
		for v := low; v <= high && len(values) <= mostCount; v++ {
			values = append(values, v)
		}
	}
	if len(values) < 1 || len(values) > mostCount {
		return nil, fmt.Errorf("must make between 1 and %d test cases", mostCount)
	}
	return values, nil
}

// caseName is what the files and folders of a package may be called.
var caseName = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9_.-]{0,250}$`)

// checkName takes the path of a test case or group.
func (p *parser) checkName(at, name string, f yamldoc.Field) bool {
	full := path.Join(at, name)
	switch {
	case name == "":
		f.Value.Errorf("write data as a list, to number test cases, or give it a name", "test case in %s without a name", at)
	case !caseName.MatchString(name) || name == "test_group":
		f.Value.Errorf("use letters, digits, _ . and -", "%q cannot be the name of a test case or group", name)
	case p.used[full]:
		f.Value.Errorf("", "there are two test cases or groups %s", full)
	default:
		p.used[full] = true
		return true
	}
	return false
}

// rule reads what makes one test case.
func (p *parser) rule(at, name string, f yamldoc.Field, from inherited, value int, counted bool) *Rule {
	if !p.checkName(at, name, f) {
		return nil
	}
	r := &Rule{
		Path: path.Join(at, name), Line: f.Line,
		Texts: map[string]string{}, Links: map[string]string{}, Match: map[string][]*Match{},
	}
	var command yamldoc.Node
	switch {
	case !f.Value.Exists():
		r.Kept = true
		f.Value.Warnf("write generate, copy or in", "nothing is said of how test case %s is made: its files stay as they are", r.Path)
	case f.Value.IsScalar():
		command = f.Value
	default:
		for _, key := range f.Value.Fields() {
			switch {
			case p.inherit(key, &from), key.Key == "count":
			case key.Key == "generate":
				command = key.Value
			case key.Key == "copy":
				r.Copy = p.copyPath(key.Value)
			case key.Key == "match":
				p.match(r, key.Value)
			case key.Key == "yaml":
				p.Configs[r.Path+".yaml"] = key.Value
			case slices.Contains(bare(textEndings), key.Key):
				p.text(r, key)
			default:
				key.Value.Errorf("", "key of a test case that is not supported")
			}
		}
	}
	r.Solution, r.Retries = from.solution, from.retries
	if command.Exists() {
		p.command(r, command, from, value, counted)
	}
	return r
}

// copyPath reads the path of files to copy.
func (p *parser) copyPath(n yamldoc.Node) string {
	name := n.Str()
	if !local(name) {
		n.Errorf("", "must be a path below generators/")
		return ""
	}
	return strings.TrimSuffix(name, ".in")
}

// text reads a file that stands in generators.yaml, or the link to one.
func (p *parser) text(r *Rule, f yamldoc.Field) {
	ending := "." + f.Key
	if link, ok := field(f.Value, "link"); ok {
		target := "." + link.Value.Str()
		if !slices.Contains(textEndings, target) || target == ending {
			link.Value.Errorf("such as in or ans", "must be the ending of another file")
		}
		r.Links[ending] = target
		return
	}
	text := f.Value.Str()
	if text != "" && !strings.HasSuffix(text, "\n") {
		text += "\n"
	}
	r.Texts[ending] = text
}

// match reads what files have to look like: of the input, or by ending.
func (p *parser) match(r *Rule, n yamldoc.Node) {
	if !n.IsMap() {
		p.patterns(r, ".in", n)
		return
	}
	for _, f := range n.Fields() {
		if f.Key != "in" && f.Key != "ans" {
			f.Value.Errorf("use in or ans", "files with this ending are not matched")
		}
		p.patterns(r, "."+f.Key, f.Value)
	}
}

func (p *parser) patterns(r *Rule, ending string, n yamldoc.Node) {
	items := []yamldoc.Node{n}
	if n.IsList() {
		items = n.List()
	}
	for _, item := range items {
		pattern, err := regexp.Compile("(?ms)" + item.Str())
		if err != nil {
			item.Warnf("", "pattern is not supported and not looked for: %v", err)
			continue
		}
		r.Match[ending] = append(r.Match[ending], &Match{pattern, item.Line()})
	}
}

var (
	seedHole     = regexp.MustCompile(`\{seed(:[0-9]+)?\}`)
	constantHole = regexp.MustCompile(`\{\{([^{}]*)\}\}`)
)

// command reads how a generator is called.
func (p *parser) command(r *Rule, n yamldoc.Node, from inherited, value int, counted bool) {
	text := constantHole.ReplaceAllStringFunc(n.Str(), func(hole string) string {
		if constant, ok := p.constants[hole[2:len(hole)-2]]; ok {
			return constant
		}
		return hole
	})
	if counted {
		text = strings.ReplaceAll(text, "{count}", strconv.Itoa(value))
	}
	words, err := splitWords(text)
	switch {
	case err != nil:
		n.Errorf("", "%v", err)
		return
	case len(words) == 0:
		n.Errorf("", "there is no generator in it")
		return
	case len(words) == 1 && strings.HasSuffix(words[0], ".in"): // an old way to say copy
		r.Copy = p.copyPath(n)
		return
	case !local(words[0]):
		n.Errorf("", "generator %q is not in generators/", words[0])
	case len(seedHole.FindAllString(text, -1)) > 1:
		n.Errorf("", "{seed} stands there more than once")
	}
	r.Generator = words[0]
	for _, word := range words[1:] {
		r.Args = append(r.Args, strings.ReplaceAll(word, "{name}", "testcase"))
	}
	salt := from.salt
	if value != 1 {
		salt += fmt.Sprintf(":%d", value-1)
	}
	r.Seed = seedOf(salt + strings.TrimSpace(text))
}

// seedOf is BAPCtools' seed of a command.
func seedOf(text string) int64 {
	sum := sha512.Sum512([]byte(text))
	n := new(big.Int).SetBytes(sum[:])
	return n.Mod(n, big.NewInt(1<<31)).Int64()
}

// ArgsFor returns the arguments of the generator for a try, counted from 0.
func (r *Rule) ArgsFor(try int) []string {
	args := slices.Clone(r.Args)
	for i := range args {
		args[i] = seedHole.ReplaceAllString(args[i], strconv.FormatInt((r.Seed+int64(try))%(1<<31), 10))
	}
	return args
}

// splitWords splits a command as a POSIX shell does, without expanding
// anything.
func splitWords(text string) (words []string, err error) {
	var word strings.Builder
	inside, quote := false, rune(0)
	runes := []rune(text)
	for i := 0; i < len(runes); i++ {
		c := runes[i]
		switch {
		case c == '\\' && quote != '\'':
			if i++; i == len(runes) {
				return nil, errors.New("ends in a backslash")
			}
			if quote == '"' && !strings.ContainsRune("\"\\", runes[i]) {
				word.WriteRune(c)
			}
			word.WriteRune(runes[i])
			inside = true
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote, inside = c, true
		case quote == 0 && strings.ContainsRune(" \t\r\n", c):
			if inside {
				words = append(words, word.String())
			}
			word.Reset()
			inside = false
		default:
			word.WriteRune(c)
			inside = true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("%c is not closed", quote)
	}
	if inside {
		words = append(words, word.String())
	}
	return words, nil
}
