package problem

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

func defaultConfig() GroupConfig {
	return GroupConfig{
		OnReject:    "break",
		Grading:     "default",
		AcceptScore: 1,
		Range:       [2]float64{math.Inf(-1), math.Inf(1)},
	}
}

// defaults sets what 2025-09 does not hand down, for the folder called name.
func (l *loader) defaults(name string, s *settings) {
	c := &s.config
	c.MaxScore, c.Aggregation, c.RequirePass, c.Static = nil, "", nil, nil
	switch {
	case name == sample:
		s.fullFeedback = true
	case name == secret:
		hundred := 100.0
		c.MaxScore, c.Aggregation = &hundred, "sum"
	case name != "":
		c.Aggregation = "pass-fail"
	}
	if l.p.Grading == Legacy {
		c.MaxScore, c.Aggregation = nil, ""
	}
}

// legacyGroup reads the grader's keys of the legacy format.
func (l *loader) legacyGroup(y *groupYAML, c *GroupConfig) {
	word(y.OnReject, &c.OnReject, "break", "continue")
	word(y.Grading, &c.Grading, "default", "custom")
	if c.Grading == "custom" && l.p.Grader == nil {
		y.Grading.Errorf("put it into graders", "custom, but the package has no grader")
	}
	if y.GraderFlags.Exists() {
		c.GraderFlags = flagList(y.GraderFlags)
	}
	l.scores(y.AcceptScore, y.RejectScore, y.Range, c)
}

// scores reads the scores of a legacy group.
func (l *loader) scores(accept, reject, bounds yamldoc.Node, c *GroupConfig) {
	for _, n := range []yamldoc.Node{accept, reject, bounds} {
		if n.Exists() && !l.p.Kind.Scoring {
			n.As("score-in-pass-fail").Warnf("write type: scoring in problem.yaml", "only scoring problems have scores")
		}
	}
	if accept.Exists() {
		c.AcceptScore = accept.Float()
	}
	if reject.Exists() {
		c.RejectScore = reject.Float()
	}
	if bounds.Exists() {
		c.Range = scoreRange(bounds)
	}
}

// group2025 reads the scores of 2025-09 and 2023-07 for the group called name.
func (l *loader) group2025(name string, y *groupYAML, c *GroupConfig) {
	l.staticCase(y, c)
	nodes := []yamldoc.Node{y.Scoring.Score, y.MaxScore, y.Scoring.Aggregation, y.ScoreAggregation, y.Scoring.RequirePass, y.RequirePass}
	for _, n := range nodes {
		switch {
		case !n.Exists():
		case name == sample || name == "":
			n.As("misplaced-key").Warnf("", "key is for secret and its groups")
			return
		case !l.p.Kind.Scoring:
			n.As("score-in-pass-fail").Warnf("write type: scoring in problem.yaml", "only scoring problems have it")
		}
	}
	maxScore(y.Scoring.Score, c)
	maxScore(y.MaxScore, c)
	word(y.Scoring.Aggregation, &c.Aggregation, "pass-fail", "sum", "min")
	word(y.ScoreAggregation, &c.Aggregation, "pass-fail", "sum", "min")
	l.requirePass(name, y.Scoring.RequirePass, c)
	l.requirePass(name, y.RequirePass, c)
}

// maxScore reads the greatest score: a number, or "unbounded".
func maxScore(n yamldoc.Node, c *GroupConfig) {
	switch {
	case !n.Exists():
	case n.IsScalar() && n.Str() == "unbounded":
		c.MaxScore = nil
	default:
		c.MaxScore = notNegative(n)
	}
}

// notNegative reads a score that is not negative.
func notNegative(n yamldoc.Node) *float64 {
	value, ok := n.Number()
	if !ok {
		return nil
	}
	if value < 0 || value > 1e15 {
		n.Errorf("", "must be a number that is not negative")
	}
	return &value
}

// staticCase reads the static validation test case of a group, which is not
// inherited.
func (l *loader) staticCase(y *groupYAML, c *GroupConfig) {
	args := y.StaticArgs
	switch n := y.StaticValidation; {
	case n.IsMap():
		var draft struct {
			Args  yamldoc.Node `yaml:"args"`
			Score yamldoc.Node `yaml:"score"`
		}
		n.Decode(&draft)
		c.Static, args = &StaticCase{}, draft.Args
		if draft.Score.Exists() {
			c.Static.Score = notNegative(draft.Score)
		}
	case n.Exists() && n.Bool():
		c.Static = &StaticCase{}
	}
	if n := y.StaticScore; n.IsScalar() && n.Str() == "pass-fail" {
		c.Static = &StaticCase{}
	} else if n.Exists() {
		c.Static = &StaticCase{Score: notNegative(n)}
	}
	switch {
	case args.Exists() && c.Static == nil:
		args.Errorf("add static_validation_score", "arguments of the static validator without a static validation test case")
	case args.Exists():
		c.Static.Args = flagList(args)
	}
	if n := y.StaticScore; c.Static != nil && l.p.StaticValidator == nil {
		if !n.Exists() {
			n = y.StaticValidation
		}
		n.Errorf("put it into static_validator", "static validation test case, but the package has no static validator")
	}
}

// requirePass reads the names of groups; resolveRequired checks them when all
// groups are known.
func (l *loader) requirePass(name string, n yamldoc.Node, c *GroupConfig) {
	if !n.Exists() {
		return
	}
	c.RequirePass = nil
	for _, required := range flagList(n) {
		full := required
		if full != sample && full != secret && !strings.Contains(full, "/") {
			full = path.Join(secret, full)
			n.As("group-name").Warnf("write "+full, "%q is not the path of a group below data", required)
		}
		c.RequirePass = append(c.RequirePass, full)
		l.required = append(l.required, requirement{group: name, needs: full, at: Diagnostic{
			Severity: Error, Rule: "require-pass", File: n.File(), Line: n.Line(), Column: n.Column(),
		}})
	}
}

// requirement is one name in require_pass.
type requirement struct {
	group, needs string
	at           Diagnostic
}

// checkRequired refuses requirements that cannot be judged (2025-09, "Group
// dependencies").
func (l *loader) checkRequired() {
	groups := map[string]*Group{}
	for _, top := range l.p.Root.Groups {
		addGroups(groups, top)
	}
	for _, r := range l.required {
		d := r.at
		needed, ok := groups[r.needs]
		switch {
		case r.needs == sample && !ok: // no samples: they are passed
			continue
		case !ok:
			d.Message = fmt.Sprintf("require_pass: there is no group %q with test cases", r.needs)
			if near := yamldoc.Nearest(r.needs, sorted(groups)); near != "" {
				d.Hint = fmt.Sprintf("did you mean %q?", near)
			}
		case r.needs >= r.group:
			d.Message = fmt.Sprintf("require_pass: group %q is not judged before %q", r.needs, r.group)
		case r.needs != sample && needed.Config.Aggregation != "pass-fail" && l.p.Kind.Scoring:
			d.Message = fmt.Sprintf("require_pass: group %q does not have score_aggregation: pass-fail", r.needs)
		default:
			continue
		}
		l.add(d)
	}
}

// addGroups adds g and the groups below it to byName.
func addGroups(byName map[string]*Group, g *Group) {
	byName[g.Name] = g
	for _, sub := range g.Groups {
		addGroups(byName, sub)
	}
}

// checkScores refuses scores of 2025-09 that contradict each other ("Scoring
// problems").
func (l *loader) checkScores() {
	if l.p.Grading == Legacy || !l.p.Kind.Scoring {
		return
	}
	i := slices.IndexFunc(l.p.Root.Groups, func(g *Group) bool { return g.Name == secret })
	if i < 0 {
		return
	}
	all := l.p.Root.Groups[i]
	if l.draft {
		inferScores(all)
	}
	if len(all.Groups) > 0 && len(all.Cases) > 0 && !l.draft {
		l.errorf("data/secret", "mixed-groups", "move the test cases into a group", "scoring problem has test cases beside test groups")
	}
	for _, g := range append([]*Group{all}, all.Groups...) {
		file := path.Join("data", g.Name)
		c := g.Config
		switch {
		case c.Aggregation == "pass-fail" && c.MaxScore == nil:
			l.errorf(file, "max-score", "write it in "+groupFile, "group with score_aggregation: pass-fail has no max_score")
		case c.MaxScore == nil && all.Config.MaxScore != nil:
			l.errorf(file, "max-score", "write it in "+groupFile, "group has no max_score, and that of secret is %v", *all.Config.MaxScore)
		case all.Config.Aggregation == "pass-fail" && c.Aggregation != "pass-fail":
			l.errorf(file, "score-aggregation", "", "secret has score_aggregation: pass-fail, and the group %s", c.Aggregation)
		}
	}
}

// inferScores shares out what is left of a group's greatest score among what is
// in it and says none, as the drafts of 2023-07 do ("Maximum Score Inference").
func inferScores(g *Group) {
	if g.Config.MaxScore == nil || len(g.Order) == 0 {
		return
	}
	left, open := *g.Config.MaxScore, len(g.Cases)
	for _, sub := range g.Groups {
		if sub.Config.MaxScore != nil {
			left -= *sub.Config.MaxScore
		} else {
			open++
		}
	}
	for _, sub := range g.Groups {
		if sub.Config.MaxScore == nil {
			share := max(0, left)
			if g.Config.Aggregation != "min" {
				share /= float64(open)
			}
			sub.Config.MaxScore = &share
		}
		inferScores(sub)
	}
}

// word stores n in to if there is one, and it has to be one of allowed.
func word(n yamldoc.Node, to *string, allowed ...string) {
	if !n.Exists() {
		return
	}
	got := n.Str()
	if slices.Contains(allowed, got) {
		*to = got
		return
	}
	hint := ""
	if near := yamldoc.Nearest(got, allowed); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	n.Errorf(hint, "must be one of %s, not %q", strings.Join(allowed, ", "), got)
}

// scoreRange reads two numbers, in a string or a list.
func scoreRange(n yamldoc.Node) [2]float64 {
	words := flagList(n)
	var r [2]float64
	var err error
	for i := range min(len(words), 2) {
		if r[i], err = strconv.ParseFloat(words[i], 64); err != nil {
			break
		}
	}
	if len(words) != 2 || err != nil || !(r[0] <= r[1]) {
		n.Errorf("", "must be two numbers, the smaller first")
	}
	return r
}
