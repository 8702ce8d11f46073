package problem

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

// settings are what a test group hands down to the groups and cases below it.
type settings struct {
	group      GroupConfig
	outputArgs []string
	args       []string
}

func defaultConfig() GroupConfig {
	return GroupConfig{
		OnReject:    "break",
		Grading:     "default",
		AcceptScore: 1,
		Range:       [2]float64{math.Inf(-1), math.Inf(1)},
	}
}

// groupYAML is testdata.yaml or test_group.yaml, in any version.
type groupYAML struct {
	OnReject            yamldoc.Node `yaml:"on_reject"`
	Grading             yamldoc.Node `yaml:"grading"`
	GraderFlags         yamldoc.Node `yaml:"grader_flags"`
	InputValidatorFlags yamldoc.Node `yaml:"input_validator_flags"`
	OutputFlags         yamldoc.Node `yaml:"output_validator_flags"`
	AcceptScore         yamldoc.Node `yaml:"accept_score"`
	RejectScore         yamldoc.Node `yaml:"reject_score"`
	Range               yamldoc.Node `yaml:"range"`

	MaxScore         yamldoc.Node `yaml:"max_score"`
	ScoreAggregation yamldoc.Node `yaml:"score_aggregation"`
	StaticScore      yamldoc.Node `yaml:"static_validation_score"`
	RequirePass      yamldoc.Node `yaml:"require_pass"`
	Scoring          scoringYAML  `yaml:"scoring"`           // 2023-07
	StaticValidation yamldoc.Node `yaml:"static_validation"` // 2023-07

	Args                 yamldoc.Node `yaml:"args"`
	InputValidatorArgs   yamldoc.Node `yaml:"input_validator_args"`
	OutputArgs           yamldoc.Node `yaml:"output_validator_args"`
	StaticValidatorArgs  yamldoc.Node `yaml:"static_validator_args"`
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
	InputValidatorArgs   yamldoc.Node `yaml:"input_validator_args"`
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

// groupFile reads the configuration among the entries of a folder into s. It
// tells whether there is one.
func (l *loader) groupFile(entries []entry, s *settings) bool {
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
	e, ok := found[own]
	if stranger, both := found[other]; both && ok {
		l.warnf(stranger.rel, "duplicate-config", "", "file is ignored, because there is %s", own)
	} else if both {
		if !l.draft {
			l.warnf(stranger.rel, "foreign-name", "", "file is called %s in format %s", own, l.p.Format)
		}
		e, ok = stranger, true
	}
	if ok {
		l.readGroup(e, s)
	}
	return ok
}

func (l *loader) readGroup(e entry, s *settings) {
	doc, ok := l.document(e)
	if !ok || doc.Empty() {
		return
	}
	var y groupYAML
	doc.Root.Decode(&y)
	l.legacyGroup(&y, &s.group)
	group2025(&y, &s.group)
	if y.Args.Exists() {
		s.args = argList(y.Args)
	}
	l.outputArgs(y.OutputFlags, y.OutputArgs, s)
	l.take(doc)
}

// legacyGroup reads the grader's keys of the legacy format.
func (l *loader) legacyGroup(y *groupYAML, c *GroupConfig) {
	word(y.OnReject, &c.OnReject, "break", "continue")
	word(y.Grading, &c.Grading, "default", "custom")
	if y.GraderFlags.Exists() {
		c.GraderFlags = flagList(y.GraderFlags)
	}
	if y.AcceptScore.Exists() {
		c.AcceptScore = y.AcceptScore.Float()
	}
	if y.RejectScore.Exists() {
		c.RejectScore = y.RejectScore.Float()
	}
	if y.Range.Exists() {
		c.Range = scoreRange(y.Range)
	}
}

// group2025 reads the scores of 2025-09 and 2023-07. They are not inherited.
func group2025(y *groupYAML, c *GroupConfig) {
	c.MaxScore, c.Aggregation, c.RequirePass = nil, "", nil
	for _, score := range []yamldoc.Node{y.Scoring.Score, y.MaxScore} {
		if score.Exists() && !(score.IsScalar() && score.Str() == "unbounded") {
			value := score.Float()
			c.MaxScore = &value
		}
	}
	word(y.Scoring.Aggregation, &c.Aggregation, "pass-fail", "sum", "min")
	word(y.ScoreAggregation, &c.Aggregation, "pass-fail", "sum", "min")
	for _, pass := range []yamldoc.Node{y.Scoring.RequirePass, y.RequirePass} {
		if pass.Exists() {
			c.RequirePass = flagList(pass)
		}
	}
}

// word stores n in to if there is one, and it has to be one of allowed.
func word(n yamldoc.Node, to *string, allowed ...string) {
	if !n.Exists() {
		return
	}
	got := n.Str()
	for _, w := range allowed {
		if got == w {
			*to = w
			return
		}
	}
	n.Errorf("", "must be one of %s, not %q", strings.Join(allowed, ", "), got)
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

// outputArgs reads the arguments of the output validator: flags is the legacy
// string, args the list of 2025-09.
func (l *loader) outputArgs(flags, args yamldoc.Node, s *settings) {
	if flags.Exists() {
		if l.p.Format != Legacy {
			flags.Warnf("", "key belongs to format %s, this package is %s", Legacy, l.p.Format)
		}
		if flags.IsMap() {
			flags = l.onlyValidator(flags)
		}
		s.outputArgs = flagList(flags)
	}
	if args.Exists() {
		if l.p.Format == Legacy {
			args.Warnf("", "key belongs to format %s, this package is %s", F2025, Legacy)
		}
		s.outputArgs = argList(args)
	}
}

// onlyValidator picks the flags of the package's one validator out of a map
// from the names of validators to flags.
func (l *loader) onlyValidator(flags yamldoc.Node) yamldoc.Node {
	for _, f := range flags.Fields() {
		if len(l.p.Validators) == 1 && f.Key == l.p.Validators[0].Name {
			return f.Value
		}
	}
	flags.Errorf("write one string of flags for all", "map from validators to flags does not name the package's only output validator")
	return yamldoc.Node{}
}

// argList reads a list of arguments; a string is split at spaces.
func argList(n yamldoc.Node) []string {
	if n.IsScalar() {
		n.Warnf(fmt.Sprintf("write [%s]", strings.Join(strings.Fields(n.Str()), ", ")), "arguments are not a list")
	}
	return flagList(n)
}

// caseFile reads the configuration of one test case into s.
func (l *loader) caseFile(e entry, s *settings) {
	doc, ok := l.document(e)
	if !ok || doc.Empty() {
		return
	}
	var y caseYAML
	doc.Root.Decode(&y)
	if y.Args.Exists() {
		s.args = argList(y.Args)
	}
	l.outputArgs(yamldoc.Node{}, y.OutputArgs, s)
	l.take(doc)
}
