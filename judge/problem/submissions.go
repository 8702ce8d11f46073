package problem

import (
	"fmt"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
	"github.com/evalx/evalx/judge/verdict"
)

// submissions reads submissions/.
func (l *loader) submissions() {
	e, ok := l.folder("submissions")
	if !ok {
		return
	}
	rules := l.rules()
	for _, folder := range l.list(e) {
		if !folder.dir {
			if !ignorable(folder) {
				l.warnf(folder.rel, "move it to submissions/accepted or the like", "file is not in a folder that says what is expected")
			}
			continue
		}
		for _, sub := range l.list(folder) {
			if sub.dir || !ignorable(sub) {
				l.submission(rules, sub, path.Join(folder.name, sub.name))
			}
		}
	}
}

func (l *loader) submission(rules []rule, e entry, name string) {
	s := Submission{Program: l.program(e), Path: name, location: filepath.Join(l.root, filepath.FromSlash(e.rel))}
	if len(s.Files) == 0 {
		return
	}
	for _, r := range rules {
		if r.matches(name) && !r.apply(&s) {
			l.warnf(e.rel, "", "no verdict is permitted by both %s and %s; the former counts", s.Expect.Source, r.expect.Source)
		}
	}
	l.p.Submissions = append(l.p.Submissions, s)
}

// rule is what the name of a folder, or an entry of submissions.yaml, states
// of the submissions that match it.
type rule struct {
	pattern         *regexp.Regexp
	expect          Expectation
	language, entry string
}

// matches tells whether the rule is for the submission at name, or for a
// folder that it is in.
func (r *rule) matches(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if r.pattern.MatchString(name) {
			return true
		}
	}
	return false
}

// apply adds the rule to what other rules say of s. What is permitted has to
// be so by all of them; apply returns false if nothing is.
func (r *rule) apply(s *Submission) bool {
	e := &s.Expect
	permitted := both(e.Permitted, r.expect.Permitted)
	if len(permitted) == 0 && len(e.Permitted)+len(r.expect.Permitted) > 0 {
		return false
	}
	e.Permitted = permitted
	// Of two sets the smaller demands more. Expectation has one set only, so
	// of two that overlap in part the later one is dropped.
	if n := len(r.expect.Required); n > 0 && (len(e.Required) == 0 || n < len(e.Required)) {
		e.Required = r.expect.Required
	}
	if len(r.expect.Permitted)+len(r.expect.Required) > 0 || e.Source == "" {
		e.Source = r.expect.Source
	}
	if r.language != "" {
		s.Language = r.language
	}
	if r.entry != "" {
		s.Entry = r.entry
	}
	return true
}

// both returns what is in a and b, either of which is everything if empty.
func both(a, b []verdict.Verdict) []verdict.Verdict {
	if len(a) == 0 {
		return b
	}
	if len(b) == 0 {
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(v verdict.Verdict) bool { return !slices.Contains(b, v) })
}

// stating are the folders of submissions that state something.
var stating = [...]string{"accepted", "rejected", "wrong_answer", "time_limit_exceeded", "run_time_error", "brute_force"}

// rules returns the rules of the folders and those of submissions.yaml.
func (l *loader) rules() []rule {
	byName := map[string]*rule{}
	var list []*rule
	for _, name := range stating {
		r := &rule{pattern: glob(name), expect: expectation(l.p.Format, name)}
		byName[name], list = r, append(list, r)
	}
	if e, ok := l.file("submissions/submissions.yaml"); ok {
		list = append(list, l.submissionsYAML(e, byName)...)
	}
	rules := make([]rule, len(list))
	for i, r := range list {
		rules[i] = *r
	}
	return rules
}

// submissionsYAML reads the rules in submissions.yaml. Those with the name of
// a folder change the folder's own rule.
func (l *loader) submissionsYAML(e entry, byName map[string]*rule) (added []*rule) {
	doc, ok := l.document(e)
	if !ok || doc.Empty() {
		return nil
	}
	if l.p.Format == Legacy {
		doc.Root.Warnf("", "submissions.yaml belongs to format %s, this package is %s", F2025, Legacy)
	}
	for _, f := range doc.Root.Fields() {
		r, isFolder := byName[f.Key]
		if !isFolder {
			r = &rule{pattern: glob(f.Key)}
			added = append(added, r)
		}
		r.expect.Source = fmt.Sprintf("submissions/submissions.yaml:%d", f.Line)
		r.read(f.Value)
	}
	l.take(doc)
	return added
}

// ruleYAML is an entry of submissions.yaml. What it says of single test cases
// is under further keys, which are their names.
type ruleYAML struct {
	Language        string       `yaml:"language"`
	Entrypoint      string       `yaml:"entrypoint"`
	Permitted       yamldoc.Node `yaml:"permitted"`
	Required        yamldoc.Node `yaml:"required"`
	Authors         yamldoc.Node `yaml:"authors"`
	ModelSolution   yamldoc.Node `yaml:"model_solution"`
	Score           yamldoc.Node `yaml:"score"`
	Message         yamldoc.Node `yaml:"message"`
	UseForTimeLimit yamldoc.Node `yaml:"use_for_time_limit"`
}

// read reads what an entry says of all test cases.
func (r *rule) read(n yamldoc.Node) {
	var y ruleYAML
	n.DecodeSome(&y, func(f yamldoc.Field) bool {
		return f.Value.IsMap() && (strings.HasPrefix(f.Key, sample) || strings.HasPrefix(f.Key, secret) || strings.ContainsAny(f.Key, "*{/"))
	})
	r.language, r.entry = y.Language, y.Entrypoint
	if y.Permitted.Exists() {
		r.expect.Permitted = verdicts(y.Permitted)
	}
	if y.Required.Exists() {
		r.expect.Required = verdicts(y.Required)
	}
}

// verdicts reads a verdict or a list of them.
func verdicts(n yamldoc.Node) []verdict.Verdict {
	var list []verdict.Verdict
	for _, word := range flagList(n) {
		v, err := verdict.Parse(word)
		if err != nil || v.Fold() != v || v > verdict.RuntimeError {
			n.Errorf("use AC, WA, TLE or RTE", "unknown verdict %q", word)
			continue
		}
		list = append(list, v)
	}
	return list
}

// glob turns a pattern of submissions.yaml into a regular expression: "*" is
// anything but "/", and "{a,b}" is a or b.
func glob(pattern string) *regexp.Regexp {
	var re strings.Builder
	depth := 0
	for _, r := range pattern {
		switch {
		case r == '*':
			re.WriteString("[^/]*")
		case r == '{':
			depth++
			re.WriteString("(?:")
		case r == '}' && depth > 0:
			depth--
			re.WriteString(")")
		case r == ',' && depth > 0:
			re.WriteString("|")
		default:
			re.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	re.WriteString(strings.Repeat(")", depth))
	compiled, err := regexp.Compile("^(?:" + re.String() + ")$")
	if err != nil {
		// Braces nested beyond what regexp allows: it is nobody's name.
		return regexp.MustCompile("^" + regexp.QuoteMeta(pattern) + "$")
	}
	return compiled
}

// expectation returns what a folder of submissions states. The legacy format
// lets slow submissions be wrong and crashing ones anything besides.
func expectation(format Format, folder string) Expectation {
	const ac, wa, tle, rte = verdict.Accepted, verdict.WrongAnswer, verdict.TimeLimit, verdict.RuntimeError
	type list = []verdict.Verdict
	e := Expectation{Source: "submissions/" + folder}
	switch folder {
	case "accepted":
		e.Permitted = list{ac}
	case "wrong_answer":
		e.Permitted, e.Required = list{ac, wa}, list{wa}
	case "time_limit_exceeded":
		e.Permitted, e.Required = list{ac, tle}, list{tle}
		if format == Legacy {
			e.Permitted = list{ac, wa, tle}
		}
	case "run_time_error":
		e.Permitted, e.Required = list{ac, rte}, list{rte}
		if format == Legacy {
			e.Permitted = nil
		}
	case "rejected":
		e.Required = list{rte, tle, wa}
	case "brute_force":
		e.Permitted, e.Required = list{ac, rte, tle}, list{rte, tle}
	}
	return e
}
