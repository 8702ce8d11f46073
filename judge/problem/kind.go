package problem

import (
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// kind reads type and validation. It tells whether the package has an output
// validator of its own, as far as problem.yaml says.
func (l *loader) kind(m *metadata) (custom bool) {
	l.types(m.Type)
	validation := strings.Fields(m.Validation.Str())
	for _, word := range validation {
		switch {
		case word == "custom":
			custom = true
		case word == "default":
		case word == "score":
			l.p.Kind.CustomScore = true
		case word == "interactive", word == "multi-pass":
			l.addKind(word)
		default:
			m.Validation.Errorf("use default, or custom with score or interactive", "unknown word %q", word)
		}
	}
	if n := m.Validation; l.p.Kind.CustomScore && !custom {
		n.Errorf("write validation: custom score", "score without custom")
	} else if l.p.Kind.CustomScore && !l.p.Kind.Scoring {
		n.As("score-in-pass-fail").Warnf("write type: scoring", "only scoring problems have scores")
	}
	if slices.Contains(validation, "multi-pass") && l.p.Format == Legacy {
		m.Validation.As("foreign-key").Warnf("", "multi-pass belongs to format %s, this package is %s", F2025, Legacy)
	}
	return custom
}

// types reads type: a word, or a list of words.
func (l *loader) types(n yamldoc.Node) {
	types := flagList(n)
	switch {
	case n.IsList() && l.p.Format == Legacy:
		n.As("foreign-key").Warnf("", "a list of types belongs to format %s, this package is %s", F2025, Legacy)
	case !n.IsList() && len(types) > 1:
		n.As("not-a-list").Warnf("write a list", "several types in one string")
	}
	for _, t := range types {
		if !l.addKind(t) {
			n.Errorf("use pass-fail, scoring, interactive, multi-pass or submit-answer", "unknown type %q", t)
		} else if l.p.Format == Legacy && t != "pass-fail" && t != "scoring" {
			n.As("foreign-key").Warnf("", "type %s belongs to format %s, this package is %s", t, F2025, Legacy)
		}
	}
	k := l.p.Kind
	if k.Scoring && slices.Contains(types, "pass-fail") || k.SubmitAnswer && (k.Interactive || k.MultiPass) {
		n.Errorf("", "these types exclude each other")
	}
}

// addKind records a type, or returns false if there is no such type.
func (l *loader) addKind(name string) bool {
	k := &l.p.Kind
	switch name {
	case "pass-fail":
	case "scoring":
		k.Scoring = true
	case "interactive":
		k.Interactive = true
	case "multi-pass":
		k.MultiPass = true
	case "submit-answer":
		k.SubmitAnswer = true
	default:
		return false
	}
	return true
}

// grading reads what problem.yaml says of scores, and returns what it hands
// down to the test groups.
func (l *loader) grading(y *gradingYAML) GroupConfig {
	c := defaultConfig()
	objective := string(Maximize)
	word(y.Objective, &objective, string(Maximize), string(Minimize))
	l.p.Objective = Objective(objective)
	onReject := ""
	word(y.OnReject, &onReject, "first_error", "worst_error", "grade", "break", "continue")
	switch onReject {
	case "first_error", "break":
		c.OnReject = "break"
	case "grade", "continue":
		c.OnReject = "continue"
	}
	for _, n := range []yamldoc.Node{y.AcceptScore, y.RejectScore, y.Range, y.OnReject} {
		if n.Exists() {
			n.As("old-key").Warnf("write it in data/"+legacyGroupFile, "key is older than format %s", Legacy)
		}
	}
	l.scores(y.AcceptScore, y.RejectScore, y.Range, &c)
	return c
}
