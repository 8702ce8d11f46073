package judge

import (
	"time"

	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/verdict"
)

// Version is the version of the events that this package makes. It grows when
// a field changes its meaning or goes; new fields and kinds may come without.
const Version = 1

// Kind says what an Event tells.
type Kind string

// The kinds of events, in the order in which they come.
const (
	Start     Kind = "start"     // what is judged, with what, and on how many test cases
	Compiling Kind = "compiling" // a program is about to be compiled
	Compiled  Kind = "compiled"  // it compiled, or with Verdict CE it did not; Message is what the compiler said
	Preparing Kind = "preparing" // a toolchain makes what Message says, once for this and later jobs
	Deriving  Kind = "deriving"  // reference submission Message runs, to find the time limit
	Limits    Kind = "limits"    // the limits that hold, and where the time limit comes from
	Running   Kind = "running"   // a test case has started
	Case      Kind = "case"      // a test case has its verdict; a later one for the same case replaces it
	Group     Kind = "group"     // a test group has its verdict and score, after all test cases
	Warning   Kind = "warning"   // Message is something that the user should know
	Finished  Kind = "finished"  // the end; Verdict is that of the submission, Message why there is none
)

// Event is one step of judging a submission: a line of JSON, a message in a
// queue, or a record to replay. Each kind sets the fields that it needs.
// Durations are in nanoseconds and sizes in bytes.
type Event struct {
	V    int       `json:"v"`
	Time time.Time `json:"time"`
	Kind Kind      `json:"kind"`

	// What is judged: on Start. Program is what Compiling and Compiled are
	// about, such as "submission sol.cpp" or "output validator check.cpp".
	Problem    string `json:"problem,omitempty"`
	Submission string `json:"submission,omitempty"`
	Language   string `json:"language,omitempty"` // language code
	Compiler   string `json:"compiler,omitempty"` // version of the compiler or interpreter
	Program    string `json:"program,omitempty"`

	// The sandbox: on Start. Weak, also on Finished, says which limits or
	// measurements are weaker than they should be.
	Sandbox string   `json:"sandbox,omitempty"`
	Cgroup  string   `json:"cgroup,omitempty"`
	Weak    []string `json:"weak,omitempty"`

	Cached bool `json:"cached,omitempty"` // on Compiled: in an earlier run; there was no Compiling

	FailFast bool `json:"fail_fast,omitempty"` // on Start: test cases behind the first failing one do not count

	// The limits of one test case: on Limits.
	TimeLimit       time.Duration `json:"time_limit_ns,omitempty"` // CPU time
	TimeLimitSource string        `json:"time_limit_source,omitempty"`
	MemoryLimit     int64         `json:"memory_limit_bytes,omitempty"`
	OutputLimit     int64         `json:"output_limit_bytes,omitempty"`

	// The test case: on Running and Case. Index counts from 1 to Total. Group is
	// the group of a test case, or the one that an event of kind Group is about.
	Group string `json:"group,omitempty"`
	Case  string `json:"case,omitempty"`
	Index int    `json:"index,omitempty"`
	Total int    `json:"total,omitempty"` // also on Start
	// Static says that it is a static validation test case: nothing runs but
	// the static validator of the problem, on the sources.
	Static bool `json:"static,omitempty"`

	// The result: on Case, and Verdict on Group, Compiled and Finished too.
	Verdict  verdict.Verdict `json:"verdict,omitempty"`
	CPU      time.Duration   `json:"cpu_ns,omitempty"`
	Beside   time.Duration   `json:"cpu_beside_ns,omitempty"` // on Case: it ran alone, because it had used this near the limit beside others
	Wall     time.Duration   `json:"wall_ns,omitempty"`
	Memory   int64           `json:"memory_bytes,omitempty"` // peak
	ExitCode int             `json:"exit_code,omitempty"`
	Signal   string          `json:"signal,omitempty"` // such as "SIGSEGV"
	Passes   int             `json:"passes,omitempty"` // on Case, of a problem whose validator talks to the submission or may want further passes: how many there were; CPU, Wall and Memory are the highest
	Diff     *check.Diff     `json:"diff,omitempty"`   // first difference found by the default output validator

	// The score, of a scoring problem: on Case, Group and Finished. Nil: it has
	// none. MaxScore is the best possible one; nil: nobody knows.
	Score    *float64 `json:"score,omitempty"`
	MaxScore *float64 `json:"max_score,omitempty"`

	// What the output validator wrote to score.txt and score_multiplier.txt: on
	// Case, of a scoring problem. Nil: nothing. They are no score yet.
	ValidatorScore      *float64 `json:"validator_score,omitempty"`
	ValidatorMultiplier *float64 `json:"validator_score_multiplier,omitempty"`

	Message string `json:"message,omitempty"` // for people; what it is depends on the kind
	Team    string `json:"team_message,omitempty"`
	Stderr  string `json:"stderr,omitempty"` // its last lines; with Verdict JE those of the validator
}

// Consumer is told every event, together with the report that the event is
// already part of. All calls come from one goroutine, in order. The report
// must not be kept or changed. After an error no more calls come, and judging
// stops with that error.
type Consumer interface {
	Event(e Event, r *Report) error
}
