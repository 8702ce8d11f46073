// Package problem reads problem packages: the legacy and the 2025-09 version
// of the problem package format, what stands between them in the wild, and
// evalx's own single-file packages.
package problem

import (
	"regexp"
	"time"

	"github.com/evalx/evalx/judge/verdict"
)

// Format is the format that a package is written in.
type Format string

// The formats. Names of drafts (2023-07, 2023-07-draft) are read as F2025.
const (
	Legacy Format = "legacy"
	F2025  Format = "2025-09"
	Single Format = "evalx-1"
)

// Problem is one problem package, read and checked.
type Problem struct {
	Dir       string // absolute folder of the package (a temporary one if it came as a zip)
	File      string // absolute path of problem.yaml
	Format    Format
	Draft     bool              // Format is F2025, but the package is written in its draft of 2023-07
	ShortName string            // base name of the package folder or zip
	Names     map[string]string // title by language code; "" where the package names no language
	Kind      Kind
	// Grading is whose rules the results of test groups follow: Legacy, with
	// graders, or F2025. It differs from Format for drafts with graders only.
	Grading Format

	Limits Limits
	// FileWriting says that submissions may write to their working folder.
	FileWriting bool
	Languages   []string // permitted language codes of the format; empty means all
	Root        *Group   // the data tree; Root.Groups are sample and secret as far as present

	// Objective says which score is the best; only legacy packages minimise.
	Objective Objective

	// Validators are the custom output validators, all of which must accept.
	// Empty means the default output validator. Each test case carries its
	// own arguments.
	Validators []Program
	// InputValidators are programs, and sources with the ending .ctd
	// (checktestdata) or .viva (VIVA), all of which must accept every input.
	InputValidators []Program
	// StaticValidator judges the sources of a submission (2025-09); nil if
	// there is none.
	StaticValidator *Program
	// Grader aggregates the results of groups with GroupConfig.Grading
	// "custom" (legacy); nil if there is none.
	Grader *Program
	// Include maps a language code, or "default", to files that are added to
	// every submission in that language.
	Include     map[string]Program
	Submissions []Submission // the reference submissions of the package, in order of path
	// The test cases that check the validators, in order of their names: inputs
	// that an input validator has to reject, and outputs (Case.Output) that
	// the output validator has to reject or to accept. Submissions do not run
	// on them, and cases of InvalidInput have no answer.
	InvalidInput, InvalidOutput, ValidOutput []*Case
	// Constants are the values of {{name}} and {{name.variant}} in submissions,
	// validators and included files, by what is between the braces.
	Constants map[string]string

	Warnings []Diagnostic // what was accepted although the format does not allow it

	temp     string // what Close removes, or ""
	replaced string // the same, with programs into which constants were put
	shown    string // how the user named Dir
}

// Kind is what type of problem it is. The zero value is a pass-fail problem
// in which a submission runs once per test case.
type Kind struct {
	Scoring, Interactive, MultiPass, SubmitAnswer bool
	// CustomScore is legacy's "validation: custom score": the output validator
	// writes score.txt for what it accepts. In 2025-09 any may.
	CustomScore bool
}

// Objective is which of two scores is the better one.
type Objective string

// The objectives.
const (
	Maximize Objective = "max"
	Minimize Objective = "min"
)

// Limits are the limits of a problem. Sizes are in bytes. Every field but
// Time has a value after loading.
type Limits struct {
	Time           time.Duration // CPU time per test case; 0: derive it from the accepted submissions
	TimeSource     string        // where Time comes from, such as "problem.yaml:12" or ".timelimit"
	TimeResolution time.Duration // a derived limit is a multiple of it
	ACToLimit      float64       // slowest accepted submission × this ≤ limit
	LimitToTLE     float64       // limit × this ≤ fastest submission that must be too slow
	Memory         int64
	Output         int64
	Code           int64
	CompileTime    time.Duration
	CompileMemory  int64
	ValidateTime   time.Duration
	ValidateMemory int64
	ValidateOutput int64
	Passes         int // most passes of a multi-pass problem
}

// Group is a test group: in the legacy format each folder of the data tree, in
// 2025-09 sample, secret and the folders of secret that have a test_group.yaml.
type Group struct {
	Name   string // relative to data/, slash-separated; "" for the root
	Groups []*Group
	Cases  []*Case // with those of folders below that are no groups
	// Order is the groups and cases of this group in the order in which they
	// are judged.
	Order  []Node
	Config GroupConfig
	File   string // the group's own configuration file, as the user would name it, or ""
}

// Node is a group or a case; exactly one field is set.
type Node struct {
	Group *Group
	Case  *Case
}

// GroupConfig is the part of testdata.yaml or test_group.yaml that concerns
// results, after inheritance and with defaults. Fields of one version have
// their defaults in packages of the other.
type GroupConfig struct {
	// Legacy, "Test data groups": each key is inherited by the groups below.
	OnReject    string     // "break" (the default) or "continue"
	Grading     string     // "default" (the default) or "custom"
	GraderFlags []string   // words; arguments of the grader
	AcceptScore float64    // 1 if nothing is said
	RejectScore float64    // 0 if nothing is said
	Range       [2]float64 // least and greatest score, which may be infinite

	// 2025-09, "Test data configuration": nothing is inherited.
	MaxScore    *float64    // not negative; nil is unbounded
	Aggregation string      // "pass-fail", "sum" or "min"; "" in legacy and in sample
	RequirePass []string    // names of groups as Group.Name has them; sample may be missing, and is passed then
	Static      *StaticCase // the group's static validation test case, or nil
}

// StaticCase is a static validation test case: the static validator judges the
// sources of the submission (2025-09, "Static validation test cases").
type StaticCase struct {
	Score *float64 // greatest score; nil is pass-fail
	Args  []string // arguments of the static validator
}

// Case is one test case.
type Case struct {
	Name          string   // relative to data/, without .in, such as "secret/group1/03-big"
	Input         string   // absolute path of the input
	Answer        string   // absolute path of the answer, "" in Problem.InvalidInput
	Output        string   // absolute path of the .out file, or ""; see Problem.ValidOutput
	ValidatorArgs []string // arguments of the output validator, problem-wide ones first
	ArgsSource    string   // what states ValidatorArgs, such as "data/secret/testdata.yaml:3", or ""
	Args          []string // 2025-09: command-line arguments of the submission
	Files         string   // 2025-09: absolute path of the case's .files folder, or ""
	InputArgs     InputArgs

	FullFeedback bool   // 2025-09: may be shown to who fails on it; true in sample
	Hint         string // for who fails on it, or ""
	Description  string // for judges, or ""
}

// InputArgs are the arguments of input validators for one test case.
type InputArgs struct {
	All    []string            // for every validator, if ByName is nil
	ByName map[string][]string // by Program.Name; a validator that is not in it gets none
}

// For returns the arguments for the input validator called name. In 2025-09
// Case.Args follow them ("Input validators", "Invocation"); that is not done here.
func (a InputArgs) For(name string) []string {
	if a.ByName != nil {
		return a.ByName[name]
	}
	return a.All
}

// Program is source code: a submission, a validator or included files.
type Program struct {
	Name     string   // base name of the file or folder
	Dir      string   // absolute folder that Files are relative to
	Files    []string // slash-separated, sorted
	Language string   // language code if the package names one, otherwise ""
	Entry    string   // entry point if the package names one, otherwise ""
	Origin   string   // where it is in the package, slash-separated and relative to it, or ""
	// Testlib says that a validator is started, and ends, as testlib's programs
	// do, not as the problem package format says.
	Testlib bool
}

// Submission is a reference submission of a package and what is expected of it.
type Submission struct {
	Program
	Path   string // relative to submissions/, such as "wrong_answer/off_by_one.cpp"
	Expect Expectation

	location string // absolute path in the package, for Problem.Expect
}

// Expectation is what is expected of a submission: all rules have to hold. The
// zero value expects nothing.
type Expectation struct {
	Rules []Rule // as they are stated: the folder's first
}

// Rule is one statement about the results of a submission, in the terms that
// verdict.Verdict.Fold leaves. An empty field states nothing.
type Rule struct {
	Source    string            // what states it, such as "submissions/wrong_answer" or "submissions/submissions.yaml:12"
	Cases     string            // glob of the groups and test cases, relative to data/, that it is about; "": all of them, and the submission
	Permitted []verdict.Verdict // every test case's verdict is one of these
	Required  []verdict.Verdict // at least one test case has one of these
	Score     *[2]float64       // least and greatest score of the group or the submission
	Message   string            // some test case's judgemessage.txt has this in it
	Verdict   []verdict.Verdict // the submission's own verdict is one of these; if so, Permitted and Required do not count
	Partial   bool              // accepted, but not with the best score (legacy partially_accepted)
	TimeLimit TimeLimitUse

	glob *regexp.Regexp // compiled Cases, or nil
}

// TimeLimitUse says how the runs that a Rule is about bound the time limit
// (2025-09, "Timelimit inference"). The zero value leaves it to Permitted and
// Required.
type TimeLimitUse string

// The uses.
const (
	NoTimeLimit    TimeLimitUse = "false"
	LowerTimeLimit TimeLimitUse = "lower" // must be fast enough
	UpperTimeLimit TimeLimitUse = "upper" // must be too slow
)

// Severity ranks a Diagnostic.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note" // worth knowing, though it may well be meant
)

// Diagnostic is something to say about a file of a package.
type Diagnostic struct {
	Severity Severity
	File     string // as the user would name it
	Line     int    // from 1; 0 if it concerns the whole file
	Column   int    // from 1; 0 if unknown
	Message  string // lower-case, without a full stop
	Hint     string // what to do about it, or ""
	Rule     string // stable name of what was broken, such as "missing-answer", or ""
}
