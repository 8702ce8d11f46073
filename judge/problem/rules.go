package problem

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
	"github.com/evalx/evalx/judge/verdict"
)

// pattern is what the name of a folder, or an entry of submissions.yaml, states
// of the submissions that match it.
type pattern struct {
	glob            *regexp.Regexp
	rules           []Rule // the first one is about all test cases
	language, entry string
	used            bool // a submission matches
	key             yamldoc.Field
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

// rules returns what the folders state, and submissions.yaml.
func (l *loader) rules() []*pattern {
	byName := map[string]*pattern{}
	var list []*pattern
	for _, name := range stating {
		p := &pattern{glob: glob(name), rules: []Rule{folderRule(l.p.Grading, name)}, used: true}
		byName[name], list = p, append(list, p)
	}
	if e, ok := l.file("submissions/submissions.yaml"); ok {
		list = append(list, l.submissionsYAML(e, byName)...)
	}
	return list
}

// maxRules is how many patterns submissions.yaml may have, those of test cases
// included: each is tried on each submission and test case.
const maxRules = 2000

// submissionsYAML reads the rules in submissions.yaml. Those with the name of
// a folder change the folder's own rule.
func (l *loader) submissionsYAML(e entry, byName map[string]*pattern) (added []*pattern) {
	doc, ok := l.document(e)
	if !ok || doc.Empty() {
		return nil
	}
	if l.p.Format == Legacy {
		doc.Root.As("foreign-name").Warnf("", "submissions.yaml belongs to format %s, this package is %s", F2025, Legacy)
	}
	total := 0
	for _, f := range doc.Root.Fields() {
		p, isFolder := byName[f.Key]
		if !isFolder {
			p = &pattern{glob: glob(f.Key), rules: make([]Rule, 1)}
			added = append(added, p)
		}
		p.key = f
		p.rules[0].Source = fmt.Sprintf("submissions/submissions.yaml:%d", f.Line)
		l.readPattern(p, f.Value)
		if total += len(p.rules); total > maxRules {
			f.Value.Errorf("", "more than %d patterns", maxRules)
			break
		}
	}
	l.take(doc)
	return added
}

// unused warns of entries of submissions.yaml that match nothing.
func (l *loader) unused(rules []*pattern) {
	for _, p := range rules {
		if !p.used {
			l.add(Diagnostic{
				Severity: Warning, Rule: "no-match", File: p.key.Value.File(), Line: p.key.Line,
				Message: fmt.Sprintf("no submission matches %q", p.key.Key),
			})
		}
	}
}

// ruleYAML is an entry of submissions.yaml. What it says of single test cases
// is under further keys, which are globs of their names.
type ruleYAML struct {
	Language        string       `yaml:"language"`
	Entrypoint      string       `yaml:"entrypoint"`
	Authors         yamldoc.Node `yaml:"authors"`
	ModelSolution   bool         `yaml:"model_solution"`
	Permitted       yamldoc.Node `yaml:"permitted"`
	Required        yamldoc.Node `yaml:"required"`
	Score           yamldoc.Node `yaml:"score"`
	Message         yamldoc.Node `yaml:"message"`
	UseForTimeLimit yamldoc.Node `yaml:"use_for_time_limit"`
}

// caseRuleYAML is what an entry says of the test cases that match a glob.
type caseRuleYAML struct {
	Permitted       yamldoc.Node `yaml:"permitted"`
	Required        yamldoc.Node `yaml:"required"`
	Score           yamldoc.Node `yaml:"score"`
	Message         yamldoc.Node `yaml:"message"`
	UseForTimeLimit yamldoc.Node `yaml:"use_for_time_limit"`
}

// readPattern reads an entry of submissions.yaml.
func (l *loader) readPattern(p *pattern, n yamldoc.Node) {
	var y ruleYAML
	var globs []yamldoc.Field
	n.DecodeSome(&y, func(f yamldoc.Field) bool {
		if f.Value.IsMap() && isCaseGlob(f.Key) {
			globs = append(globs, f)
			return true
		}
		return false
	})
	if p.language, p.entry = y.Language, y.Entrypoint; p.language != "" {
		checkLanguage(n, p.language)
	}
	l.readRule(&p.rules, 0, caseRuleYAML{y.Permitted, y.Required, y.Score, y.Message, y.UseForTimeLimit})
	for _, f := range globs {
		var y caseRuleYAML
		f.Value.Decode(&y)
		p.rules = append(p.rules, Rule{
			Source: fmt.Sprintf("submissions/submissions.yaml:%d", f.Line), Cases: f.Key, glob: glob(f.Key),
		})
		l.readRule(&p.rules, len(p.rules)-1, y)
		if !l.hasNode(f.Key) {
			f.Value.As("no-match").Warnf("", "no test case and no test group below data matches")
		}
	}
}

// isCaseGlob tells whether a key is a glob of test cases: their names begin
// with the folder that they are in.
func isCaseGlob(key string) bool {
	return key == sample || key == secret || strings.ContainsAny(key, "*{/")
}

// hasNode tells whether the glob matches a group or test case.
func (l *loader) hasNode(key string) bool {
	p := pattern{glob: glob(key)}
	return slices.ContainsFunc(l.p.Cases(), func(c *Case) bool { return p.matches(c.Name) })
}

// readRule reads what is stated of verdicts and scores into rules[at].
func (l *loader) readRule(rules *[]Rule, at int, y caseRuleYAML) {
	r := &(*rules)[at]
	if y.Permitted.Exists() {
		r.Permitted, r.Verdict = verdicts(y.Permitted), nil
	}
	if y.Required.Exists() {
		r.Required, r.Verdict = verdicts(y.Required), nil
	}
	if y.Score.Exists() {
		r.Score = score(y.Score)
		if !l.p.Kind.Scoring {
			y.Score.As("score-in-pass-fail").Warnf("", "only scoring problems have scores")
		}
	}
	if y.Message.Exists() {
		r.Message = y.Message.Str()
	}
	if n := y.UseForTimeLimit; n.Exists() {
		timeLimitUse(n, r)
		if r.TimeLimit == UpperTimeLimit && !slices.Equal(r.Required, []verdict.Verdict{verdict.TimeLimit}) {
			must := Rule{Source: r.Source, Cases: r.Cases, glob: r.glob, Required: []verdict.Verdict{verdict.TimeLimit}, TimeLimit: NoTimeLimit}
			*rules = append(*rules, must)
		}
	}
}

// timeLimitUse reads use_for_time_limit. "lower" also permits all but TLE;
// "upper" requires TLE, for which the caller adds a rule.
func timeLimitUse(n yamldoc.Node, r *Rule) {
	const tle = verdict.TimeLimit
	switch word := n.Str(); strings.ToLower(word) {
	case "true", "yes", "on":
	case "false", "no", "off":
		r.TimeLimit = NoTimeLimit
	case "lower":
		r.TimeLimit = LowerTimeLimit
		r.Permitted = both(r.Permitted, []verdict.Verdict{verdict.Accepted, verdict.WrongAnswer, verdict.RuntimeError})
		if slices.Equal(r.Required, []verdict.Verdict{tle}) || len(r.Permitted) == 0 {
			n.Errorf("", "lower contradicts what is permitted or required: the submission has to be too slow")
		}
	case "upper":
		r.TimeLimit = UpperTimeLimit
		if len(r.Permitted) > 0 && !slices.Contains(r.Permitted, tle) {
			n.Errorf("", "upper contradicts permitted, which does not have TLE")
		}
	default:
		n.Errorf("use true, false, lower or upper", "unknown word %q", word)
	}
}

// score reads a number, or a list of the least and the greatest one.
func score(n yamldoc.Node) *[2]float64 {
	if !n.IsList() {
		value := n.Float()
		return &[2]float64{value, value}
	}
	list := n.List()
	if len(list) != 2 {
		n.Errorf("", "must be a number, or a list of two")
		return nil
	}
	bounds := [2]float64{list[0].Float(), list[1].Float()}
	if bounds[0] > bounds[1] {
		n.Errorf("write the smaller one first", "no score is between %v and %v", bounds[0], bounds[1])
	}
	return &bounds
}

// verdicts reads a verdict or a list of them.
func verdicts(n yamldoc.Node) []verdict.Verdict {
	if n.IsScalar() {
		n.As("not-a-list").Warnf("write ["+n.Str()+"]", "verdicts are not a list")
	}
	var list []verdict.Verdict
	words := flagList(n)
	for _, word := range words {
		v, err := verdict.Parse(word)
		if err != nil || v.Fold() != v || v > verdict.RuntimeError {
			n.Errorf("use AC, WA, TLE or RTE", "unknown verdict %q", word)
			continue
		}
		list = append(list, v)
	}
	if len(words) == 0 {
		n.Errorf("name AC, WA, TLE or RTE", "no verdict can be in an empty list")
	}
	return list
}

// glob turns a pattern of submissions.yaml into a regular expression: "*" is
// anything but "/", and "{a,b}" is a or b, with or without spaces.
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
		case r == ' ' && depth > 0: // no name has one; other tools allow it
		case r == ',' && depth > 0:
			re.WriteString("|")
		case r == ' ' && depth > 0: // no name has one: it is for the reader's eye
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
