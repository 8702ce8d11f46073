// Package problem reads problem packages: the legacy and the 2025-09 version
// of the problem package format, what stands between them in the wild, and
// evalx's own single-file packages.
package problem

import (
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
	ShortName string            // base name of the package folder or zip
	Names     map[string]string // title by language code; "" where the package names no language
	Kind      Kind

	Limits Limits
	// FileWriting says that submissions may write to their working folder.
	FileWriting bool
	Languages   []string // permitted language codes of the format; empty means all
	Root        *Group   // the data tree; Root.Groups are sample and secret as far as present

	// Validators are the custom output validators, all of which must accept.
	// Empty means the default output validator. Each test case carries its
	// own arguments.
	Validators []Program
	// Include maps a language code, or "default", to files that are added to
	// every submission in that language.
	Include     map[string]Program
	Submissions []Submission // the reference submissions of the package, in order of path
	// Constants are the values of {{name}} and {{name.variant}} in submissions,
	// validators and included files, by what is between the braces.
	Constants map[string]string

	Warnings []Diagnostic // what was accepted although the format does not allow it

	temp string // what Close removes, or ""
}

// Kind is what type of problem it is. The zero value is a pass-fail problem
// in which a submission runs once per test case.
type Kind struct {
	Scoring, Interactive, MultiPass, SubmitAnswer bool
}

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

// Group is a folder of the data tree.
type Group struct {
	Name   string // relative to data/, slash-separated; "" for the root
	Groups []*Group
	Cases  []*Case
	// Order is the groups and cases of this folder in the order in which they
	// are judged.
	Order []Node
	// Config is what the group says of its scoring; nothing reads it before
	// scoring problems are supported.
	Config GroupConfig
}

// Node is a group or a case; exactly one field is set.
type Node struct {
	Group *Group
	Case  *Case
}

// GroupConfig is the part of testdata.yaml or test_group.yaml that concerns
// scoring, after inheritance.
type GroupConfig struct {
	OnReject    string   // legacy: "break" or "continue"
	Grading     string   // legacy: "default" or "custom"
	GraderFlags []string // legacy
	AcceptScore float64  // legacy
	RejectScore float64  // legacy
	Range       [2]float64
	MaxScore    *float64 // 2025-09; nil is unbounded
	Aggregation string   // 2025-09: "pass-fail", "sum" or "min"
	RequirePass []string // 2025-09
}

// Case is one test case.
type Case struct {
	Name          string   // relative to data/, without .in, such as "secret/group1/03-big"
	Input         string   // absolute path of the input
	Answer        string   // absolute path of the answer
	ValidatorArgs []string // arguments of the output validator, problem-wide ones first
	Args          []string // 2025-09: command-line arguments of the submission
	Files         string   // 2025-09: absolute path of the case's .files folder, or ""
}

// Program is source code: a submission, a validator or included files.
type Program struct {
	Name     string   // base name of the file or folder
	Dir      string   // absolute folder that Files are relative to
	Files    []string // slash-separated, sorted
	Language string   // language code if the package names one, otherwise ""
	Entry    string   // entry point if the package names one, otherwise ""
}

// Submission is a reference submission of a package and what is expected of it.
type Submission struct {
	Program
	Path   string // relative to submissions/, such as "wrong_answer/off_by_one.cpp"
	Expect Expectation

	location string // absolute path in the package, for Problem.Expect
}

// Expectation is what is expected of a submission's verdicts, in the terms
// that verdict.Verdict.Fold leaves. The zero value expects nothing.
type Expectation struct {
	Permitted []verdict.Verdict // every test case's verdict is one of these; empty: any
	Required  []verdict.Verdict // at least one test case has one of these; empty: none required
	Source    string            // what states it, such as "submissions/wrong_answer"
}

// Severity ranks a Diagnostic.
type Severity string

// The severities.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Diagnostic is something to say about a file of a package.
type Diagnostic struct {
	Severity Severity
	File     string // as the user would name it
	Line     int    // from 1; 0 if it concerns the whole file
	Column   int    // from 1; 0 if unknown
	Message  string // lower-case, without a full stop
	Hint     string // what to do about it, or ""
}
