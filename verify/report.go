package verify

import (
	"time"

	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Version is the version of Report and Progress. It grows when a field changes
// its meaning or goes; new fields may come without.
const Version = 1

// Report is what is known of one package. Durations are in nanoseconds of CPU
// time unless they say otherwise, sizes in bytes. Everything but Elapsed, and
// the times that were measured, is the same however the work was spread over
// the machine.
type Report struct {
	V       int            `json:"v"`
	Package string         `json:"package"` // as the user named it, or where it was found
	Problem string         `json:"problem"` // short name: base name of the folder or zip
	Name    string         `json:"name,omitempty"`
	Format  problem.Format `json:"format,omitempty"` // empty if it could not be told
	Types   []string       `json:"types,omitempty"`  // such as "scoring" and "interactive", as 2025-09 names them

	Outcome Outcome `json:"outcome"`

	// Groups are the groups of test data in order, parents before children;
	// those with test cases of their own are the columns of the matrix.
	Groups      []Group      `json:"groups"`
	Data        Data         `json:"data"`
	TimeLimit   *TimeLimit   `json:"time_limit,omitempty"` // nil if no submission was run
	Submissions []Submission `json:"submissions"`          // in the order of their paths
	Findings    []Finding    `json:"findings"`             // errors first, then by file, line and rule
	Counts      Counts       `json:"counts"`

	MemoryLimit int64         `json:"memory_limit_bytes,omitempty"`
	OutputLimit int64         `json:"output_limit_bytes,omitempty"`
	Sandbox     string        `json:"sandbox,omitempty"`
	Weak        []string      `json:"weak,omitempty"` // which limits or measurements of the sandbox are weaker than they should be
	Elapsed     time.Duration `json:"elapsed_ns"`     // wall time
}

// Outcome is what verifying a package came to: what a command makes its exit
// code of.
type Outcome string

// The outcomes, from the best to the worst.
const (
	Clean       Outcome = "clean"       // nothing was found
	Warned      Outcome = "warnings"    // there are findings, and all are warnings
	Unexpected  Outcome = "unexpected"  // some finding is an error
	Invalid     Outcome = "invalid"     // the package cannot be judged with: nothing was run
	Failed      Outcome = "failed"      // the sandbox, a validator or evalx failed, or this machine lacks a compiler that everything needs
	Interrupted Outcome = "interrupted" // it was stopped; the report is of what was known then
)

// Group is a group of test data.
type Group struct {
	Name     string   `json:"name"`                // relative to data/, such as "secret/group1"; "" in a single-file package
	Depth    int      `json:"depth"`               // 0 for sample and secret
	Cases    int      `json:"cases"`               // test cases of its own, without those of groups below
	MaxScore *float64 `json:"max_score,omitempty"` // scoring problems: nil is unbounded
}

// Data counts what the validators looked at.
type Data struct {
	Cases         int `json:"cases"`          // test cases of sample and secret
	Distinct      int `json:"distinct"`       // of these, how many differ in what a submission sees and how it is judged
	Inputs        int `json:"inputs"`         // inputs that input validators accepted or should have
	InvalidInputs int `json:"invalid_inputs"` // inputs that must be rejected, of data/invalid_input
	Mutations     int `json:"mutations"`      // inputs made worse by evalx, which must be rejected
	Answers       int `json:"answers"`        // answers that the output validator looked at as if they were output
	ValidOutputs  int `json:"valid_outputs"`
	BadOutputs    int `json:"invalid_outputs"`
}

// Counts says how much work there was: runs of a submission on a test case.
type Counts struct {
	Runs     int           `json:"runs"`     // all that the report has results of
	Ran      int           `json:"ran"`      // those that ran now
	Cached   int           `json:"cached"`   // those that ran earlier
	Shared   int           `json:"shared"`   // those whose test case has the content of another one that did run
	Programs int           `json:"programs"` // programs that were started now, compilers and validators included
	CPU      time.Duration `json:"cpu_ns"`   // what the submissions used now
}

// Submission is one submission and what came of it.
type Submission struct {
	Path     string `json:"path"`               // relative to submissions/, such as "accepted/sol.cpp"
	Language string `json:"language,omitempty"` // language code; empty if unknown
	Compiler string `json:"compiler,omitempty"` // version of the compiler or interpreter

	Expected Expected `json:"expected"`
	// NotRun says why there is no result, such as that its compiler is not on
	// this machine; empty if it was judged.
	NotRun string `json:"not_run,omitempty"`
	// Verdict is Pending if it was not judged or not to the end.
	Verdict    verdict.Verdict `json:"verdict"`
	Score      *float64        `json:"score,omitempty"` // of scoring problems
	AsExpected bool            `json:"as_expected"`
	Why        string          `json:"why,omitempty"`          // why it is not as expected
	CompileLog string          `json:"compile_log,omitempty"`  // what the compiler said
	Slowest    *Timing         `json:"slowest,omitempty"`      // the run that took longest
	Closest    *Timing         `json:"closest,omitempty"`      // the run nearest to the time limit if it is too close to it
	Groups     []GroupResult   `json:"groups,omitempty"`       // one for each of Report.Groups
	Cases      []Cell          `json:"cases,omitempty"`        // one for each test case, in the order of judging
	CPU        time.Duration   `json:"cpu_total_ns,omitempty"` // of all its runs, cached ones included
	Cached     bool            `json:"cached"`                 // no program of it was started
}

// Expected is what the package expects of a submission.
type Expected struct {
	Permitted []verdict.Verdict `json:"permitted,omitempty"` // empty: any
	Required  []verdict.Verdict `json:"required,omitempty"`  // empty: none
	Score     []float64         `json:"score,omitempty"`     // lowest and highest
	Source    string            `json:"source,omitempty"`    // what states it, such as "submissions/accepted"
	// Rules is in how many places more is expected of single groups or cases.
	Rules int `json:"rules,omitempty"`
}

// Timing is one run of a submission on a test case: a time with its origin.
type Timing struct {
	Submission string        `json:"submission"` // path
	Case       string        `json:"case"`
	CPU        time.Duration `json:"cpu_ns"`
	Stopped    bool          `json:"stopped,omitempty"` // it was stopped then: it would take longer
}

// GroupResult is the result of a submission on a group of test data, those
// below it included.
type GroupResult struct {
	Name       string          `json:"name"`
	Verdict    verdict.Verdict `json:"verdict"` // Pending if not known
	Score      *float64        `json:"score,omitempty"`
	Slowest    time.Duration   `json:"slowest_ns"`
	First      string          `json:"first,omitempty"` // the test case that decides the verdict, if that is not AC
	Accepted   int             `json:"accepted"`        // test cases that are accepted
	Cases      int             `json:"cases"`           // test cases that have a verdict
	Unexpected bool            `json:"unexpected"`      // here it is that it is not as expected
}

// Cell is the result of a submission on a test case.
type Cell struct {
	Case     string          `json:"case"`
	Group    int             `json:"group"`   // index in Report.Groups
	Verdict  verdict.Verdict `json:"verdict"` // Pending if it did not run
	Score    *float64        `json:"score,omitempty"`
	CPU      time.Duration   `json:"cpu_ns"`
	Wall     time.Duration   `json:"wall_ns"`
	Memory   int64           `json:"memory_bytes"`
	ExitCode int             `json:"exit_code,omitempty"`
	Signal   string          `json:"signal,omitempty"`
	Stopped  bool            `json:"stopped,omitempty"` // it ran until it was stopped for its time
	Cached   bool            `json:"cached,omitempty"`  // it ran earlier
	SameAs   string          `json:"same_as,omitempty"` // the test case with the same content that did run
	Message  string          `json:"message,omitempty"`
	Team     string          `json:"team_message,omitempty"`
	Stderr   string          `json:"stderr,omitempty"`
	Diff     *check.Diff     `json:"diff,omitempty"`
	// Unexpected says what about this result is not as expected; empty if
	// nothing is.
	Unexpected string `json:"unexpected,omitempty"`
}

// Finding is something to say about a package.
type Finding struct {
	Severity problem.Severity `json:"severity"`
	Rule     string           `json:"rule"`             // stable id in kebab case, such as "missing-answer"
	File     string           `json:"file,omitempty"`   // as the user would name it
	Line     int              `json:"line,omitempty"`   // from 1; 0 if it concerns the whole file
	Column   int              `json:"column,omitempty"` // from 1; 0 if unknown
	Message  string           `json:"message"`          // lower-case, without a full stop; may have several lines
	Hint     string           `json:"hint,omitempty"`   // what to do about it
	// Submission and Case say what it is about, if it is about a run.
	Submission string `json:"submission,omitempty"`
	Case       string `json:"case,omitempty"`
}

// String returns "file:line:column: message (hint)", without what is unknown.
func (f Finding) String() string {
	return problem.Diagnostic{File: f.File, Line: f.Line, Column: f.Column, Message: f.Message, Hint: f.Hint}.String()
}

// Count returns how many findings have severity s.
func (r *Report) Count(s problem.Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == s {
			n++
		}
	}
	return n
}
