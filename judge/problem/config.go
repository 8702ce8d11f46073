package problem

import (
	"fmt"

	"github.com/evalx/evalx/internal/yamldoc"
)

// settings are what a folder of test data hands down to the groups and cases
// below it.
type settings struct {
	config       GroupConfig
	outputArgs   []string
	source       string // what states outputArgs, or ""
	args         []string
	inputArgs    InputArgs
	fullFeedback bool
}

// groupYAML is testdata.yaml or test_group.yaml, in any version.
type groupYAML struct {
	OnReject    yamldoc.Node `yaml:"on_reject"`
	Grading     yamldoc.Node `yaml:"grading"`
	GraderFlags yamldoc.Node `yaml:"grader_flags"`
	InputFlags  yamldoc.Node `yaml:"input_validator_flags"`
	OutputFlags yamldoc.Node `yaml:"output_validator_flags"`
	AcceptScore yamldoc.Node `yaml:"accept_score"`
	RejectScore yamldoc.Node `yaml:"reject_score"`
	Range       yamldoc.Node `yaml:"range"`

	MaxScore         yamldoc.Node `yaml:"max_score"`
	ScoreAggregation yamldoc.Node `yaml:"score_aggregation"`
	StaticScore      yamldoc.Node `yaml:"static_validation_score"`
	StaticArgs       yamldoc.Node `yaml:"static_validator_args"`
	RequirePass      yamldoc.Node `yaml:"require_pass"`
	Scoring          scoringYAML  `yaml:"scoring"`           // 2023-07
	StaticValidation yamldoc.Node `yaml:"static_validation"` // 2023-07
	Hint             yamldoc.Node `yaml:"hint"`              // 2023-07
	Description      yamldoc.Node `yaml:"description"`       // 2023-07

	Args                 yamldoc.Node `yaml:"args"`
	InputArgs            yamldoc.Node `yaml:"input_validator_args"`
	OutputArgs           yamldoc.Node `yaml:"output_validator_args"`
	InputVisualizerArgs  yamldoc.Node `yaml:"input_visualizer_args"`
	OutputVisualizerArgs yamldoc.Node `yaml:"output_visualizer_args"`
	FullFeedback         yamldoc.Node `yaml:"full_feedback"`
}

// scoringYAML is what 2023-07 nests.
type scoringYAML struct {
	Score       yamldoc.Node `yaml:"score"`
	Aggregation yamldoc.Node `yaml:"aggregation"`
	RequirePass yamldoc.Node `yaml:"require-pass"`
}

// caseYAML is <case>.yaml.
type caseYAML struct {
	Args                 yamldoc.Node `yaml:"args"`
	InputArgs            yamldoc.Node `yaml:"input_validator_args"`
	OutputArgs           yamldoc.Node `yaml:"output_validator_args"`
	InputVisualizerArgs  yamldoc.Node `yaml:"input_visualizer_args"`
	OutputVisualizerArgs yamldoc.Node `yaml:"output_visualizer_args"`
	FullFeedback         yamldoc.Node `yaml:"full_feedback"`
	Hint                 yamldoc.Node `yaml:"hint"`
	Description          yamldoc.Node `yaml:"description"`
}

const (
	legacyGroupFile = "testdata.yaml"
	groupFile       = "test_group.yaml"
)

// draft2023 stands for the drafts of 2025-09 in the tables of keys.
const draft2023 Format = "2023-07"

// groupKeys says which keys of a group's file belong to one version only.
var groupKeys = map[string]Format{
	"on_reject": Legacy, "grading": Legacy, "grader_flags": Legacy, "accept_score": Legacy, "reject_score": Legacy, "range": Legacy,
	"input_validator_flags": Legacy, "output_validator_flags": Legacy,
	"max_score": F2025, "score_aggregation": F2025, "require_pass": F2025, "static_validation_score": F2025, "static_validator_args": F2025,
	"args": F2025, "input_validator_args": F2025, "output_validator_args": F2025, "input_visualizer_args": F2025, "output_visualizer_args": F2025,
	"full_feedback": F2025,
	"scoring":       draft2023, "static_validation": draft2023, "hint": draft2023, "description": draft2023,
}

// findGroupFile returns the configuration among the entries of a folder.
func (l *loader) findGroupFile(entries []entry) (e entry, ok bool) {
	own, other := groupFile, legacyGroupFile
	if l.p.Format == Legacy {
		own, other = other, own
	}
	found := map[string]entry{}
	for _, e := range entries {
		if !e.dir && (e.name == own || e.name == other) {
			found[e.name] = e
		}
	}
	e, ok = found[own]
	stranger, both := found[other]
	switch {
	case both && ok:
		l.warnf(stranger.rel, "duplicate-config", "", "file is ignored, because there is %s", own)
	case both && !l.draft:
		l.warnf(stranger.rel, "foreign-name", "", "file is called %s in format %s", own, l.p.Format)
		return stranger, true
	case both:
		return stranger, true
	}
	return e, ok
}

// folderConfig adds to s what the folder of test data called name has by
// default, and what its file among entries says. It returns the path of that
// file, as the user would name it, or "".
func (l *loader) folderConfig(name string, entries []entry, s *settings) string {
	l.defaults(name, s)
	e, ok := l.findGroupFile(entries)
	if !ok {
		return ""
	}
	file := l.show(e.rel)
	doc, ok := l.documentWithConstants(e)
	if !ok || doc.Empty() {
		return file
	}
	var y groupYAML
	doc.Root.Decode(&y)
	l.foreignKeys(doc.Root, groupKeys)
	l.legacyGroup(&y, &s.config)
	l.group2025(name, &y, &s.config)
	l.submissionArgs(y.Args, s)
	l.inputArgs(y.InputFlags, s)
	l.inputArgs(y.InputArgs, s)
	l.outputFlags(y.OutputFlags, s)
	l.outputArgs(y.OutputArgs, s)
	checkLists(y.StaticArgs, y.InputVisualizerArgs, y.OutputVisualizerArgs)
	if y.FullFeedback.Exists() {
		s.fullFeedback = y.FullFeedback.Bool()
	}
	l.take(doc)
	return file
}

// foreignKeys warns of the keys that belong to another version.
func (l *loader) foreignKeys(n yamldoc.Node, versions map[string]Format) {
	if !n.IsMap() {
		return
	}
	for _, f := range n.Fields() {
		version, ok := versions[f.Key]
		if !ok || version == l.p.Format || version == l.p.Grading || version == draft2023 && l.draft {
			continue
		}
		l.add(Diagnostic{
			Severity: Warning, Rule: "foreign-key", File: n.File(), Line: f.Line,
			Message: fmt.Sprintf("key %q belongs to format %s, this package is %s", f.Key, version, l.p.Format),
		})
	}
}

// caseConfig adds to s and c what the file of one test case says.
func (l *loader) caseConfig(e entry, s *settings, c *Case) {
	doc, ok := l.document(e)
	if !ok || doc.Empty() {
		return
	}
	var y caseYAML
	doc.Root.Decode(&y)
	if l.p.Format == Legacy {
		doc.Root.As("foreign-name").Warnf("", "a file for one test case belongs to format %s, this package is %s", F2025, Legacy)
	}
	l.submissionArgs(y.Args, s)
	l.inputArgs(y.InputArgs, s)
	l.outputArgs(y.OutputArgs, s)
	checkLists(y.InputVisualizerArgs, y.OutputVisualizerArgs)
	if y.FullFeedback.Exists() {
		s.fullFeedback = y.FullFeedback.Bool()
	}
	c.Hint, c.Description = y.Hint.Str(), y.Description.Str()
	l.take(doc)
}
