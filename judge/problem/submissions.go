package problem

import (
	"cmp"
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
				l.warnf(folder.rel, "stray-file", "move it to submissions/accepted or the like", "file is not in a folder that says what is expected")
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

func (l *loader) submission(rules []*pattern, e entry, name string) {
	s := Submission{Program: l.program(e), Path: name, location: filepath.Join(l.root, filepath.FromSlash(e.rel))}
	if len(s.Files) == 0 {
		return
	}
	for _, r := range rules {
		if r.matches(name) {
			r.apply(&s)
		}
	}
	l.contradictions(e, s.Expect)
	l.p.Submissions = append(l.p.Submissions, s)
}

// contradictions warns of rules that permit no verdict together.
func (l *loader) contradictions(e entry, want Expectation) {
	var permitted []verdict.Verdict
	source := ""
	for _, r := range want.Rules {
		if r.Cases != "" || len(r.Permitted) == 0 {
			continue
		}
		if common := both(permitted, r.Permitted); len(common) > 0 {
			permitted, source = common, r.Source
			continue
		}
		l.warnf(e.rel, "contradiction", "", "no verdict is permitted by both %s and %s", source, r.Source)
		return
	}
}

// pattern is what the name of a folder, or an entry of submissions.yaml, states
// of the submissions that match it.
type pattern struct {
	glob            *regexp.Regexp
	rules           []Rule // the first one is about all test cases
	language, entry string
}

// matches tells whether the rule is for the submission at name, or for a
// folder that it is in.
func (p *pattern) matches(name string) bool {
	for ; name != "."; name = path.Dir(name) {
		if p.glob.MatchString(name) {
			return true
		}
	}
	return false
}

// apply adds what the pattern states to what is known of s.
func (p *pattern) apply(s *Submission) {
	for _, r := range p.rules {
		if !r.empty() {
			s.Expect.Rules = append(s.Expect.Rules, r)
		}
	}
	s.Language = cmp.Or(p.language, s.Language)
	s.Entry = cmp.Or(p.entry, s.Entry)
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

// rules returns what the folders state, and submissions.yaml.
func (l *loader) rules() []*pattern {
	byName := map[string]*pattern{}
	var list []*pattern
	for _, name := range stating {
		p := &pattern{glob: glob(name), rules: []Rule{folderRule(l.p.Format, name)}}
		byName[name], list = p, append(list, p)
	}
	if e, ok := l.file("submissions/submissions.yaml"); ok {
		list = append(list, l.submissionsYAML(e, byName)...)
	}
	return list
}

// submissionsYAML reads the rules in submissions.yaml. Those with the name of
// a folder change the folder's own rule.
func (l *loader) submissionsYAML(e entry, byName map[string]*pattern) (added []*pattern) {
	doc, ok := l.document(e)
	if !ok || doc.Empty() {
		return nil
	}
	if l.p.Format == Legacy {
		doc.Root.Warnf("", "submissions.yaml belongs to format %s, this package is %s", F2025, Legacy)
	}
	for _, f := range doc.Root.Fields() {
		p, isFolder := byName[f.Key]
		if !isFolder {
			p = &pattern{glob: glob(f.Key), rules: make([]Rule, 1)}
			added = append(added, p)
		}
		p.rules[0].Source = fmt.Sprintf("submissions/submissions.yaml:%d", f.Line)
		p.read(f.Value)
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
func (p *pattern) read(n yamldoc.Node) {
	var y ruleYAML
	n.DecodeSome(&y, func(f yamldoc.Field) bool {
		return f.Value.IsMap() && (strings.HasPrefix(f.Key, sample) || strings.HasPrefix(f.Key, secret) || strings.ContainsAny(f.Key, "*{/"))
	})
	p.language, p.entry = y.Language, y.Entrypoint
	r := &p.rules[0]
	if y.Permitted.Exists() {
		r.Permitted = verdicts(y.Permitted)
	}
	if y.Required.Exists() {
		r.Required = verdicts(y.Required)
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

// folderRule returns what a folder of submissions states. The legacy format
// lets slow submissions be wrong and crashing ones anything besides.
func folderRule(format Format, folder string) Rule {
	const ac, wa, tle, rte = verdict.Accepted, verdict.WrongAnswer, verdict.TimeLimit, verdict.RuntimeError
	type list = []verdict.Verdict
	r := Rule{Source: "submissions/" + folder}
	switch folder {
	case "accepted":
		r.Permitted = list{ac}
	case "wrong_answer":
		r.Permitted, r.Required = list{ac, wa}, list{wa}
	case "time_limit_exceeded":
		r.Permitted, r.Required = list{ac, tle}, list{tle}
		if format == Legacy {
			r.Permitted = list{ac, wa, tle}
		}
	case "run_time_error":
		r.Permitted, r.Required = list{ac, rte}, list{rte}
		if format == Legacy {
			r.Permitted = nil
		}
	case "rejected":
		r.Required = list{rte, tle, wa}
	case "brute_force":
		r.Permitted, r.Required = list{ac, rte, tle}, list{rte, tle}
	}
	return r
}
