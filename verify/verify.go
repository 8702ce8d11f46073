// Package verify is the engine of evalx verify: it checks a problem package as
// a whole. It looks at the package's files, lets the validators judge the test
// data, runs every submission of the package on every test case, compares that
// with what is expected of it, and explains the time limit.
//
// What comes out is a Report for each package: plain data, the same whatever
// order things ran in, for printers to show. Progress tells what happens
// meanwhile.
package verify

import (
	"errors"
	"fmt"
	"time"

	"github.com/evalx/evalx/judge"
)

// Package is a package to verify.
type Package struct {
	Path string // a folder, a problem.yaml, a zip or a single-file package, as the user named it
}

// Config is what to verify with.
type Config struct {
	// Engine is what to judge with. Its Consumers and FailFast are not used.
	// LookUp and Store keep the results of runs, too.
	Engine judge.Config
	// Fresh ignores the results of runs that are kept; compiled programs are
	// used all the same.
	Fresh bool
	// Strict makes errors of what could not be checked: a submission whose
	// compiler this machine does not have, an unsupported validator. It also
	// makes the loader refuse what it otherwise accepts with a warning.
	Strict bool
	// LintOnly looks at the files of the package and runs nothing.
	LintOnly bool
	// TimeLimit is a time limit that counts instead of the package's own; 0:
	// the package's.
	TimeLimit time.Duration
	// Version is that of evalx: results that another one made are not used.
	Version string
	// Progress is told what happens, from one goroutine, in order; it may be
	// nil.
	Progress func(Progress)
	// Done is given the report of each package, in the order of the packages,
	// as soon as it is complete; it may be nil. It is called from the goroutine
	// that Progress is called from.
	Done func(*Report)
}

// Validate names the first field that makes no sense.
func (c Config) Validate() error {
	if c.TimeLimit < 0 {
		return fmt.Errorf("TimeLimit: %v is negative", c.TimeLimit)
	}
	if c.LintOnly {
		return nil
	}
	if err := c.Engine.Validate(); err != nil {
		return fmt.Errorf("Engine.%w", err)
	}
	return nil
}

// ErrNoPackages is wrapped by the error of Find when there is no package where
// it was told to look.
var ErrNoPackages = errors.New("no problem package found")

// Step says what a Progress is about.
type Step string

// The steps of verifying a package, in the order in which they begin. They
// overlap: programs are compiled while others run.
const (
	Loading    Step = "loading"    // the package is read and its files are looked at
	Compiling  Step = "compiling"  // Event is Compiling or Compiled of judge
	Validating Step = "validating" // the validators look at Event.Case
	Running    Step = "running"    // Event is Running or Case of judge: Submission on Case
	Warning    Step = "warning"    // Event.Message is something that the user should know of this machine
	Complete   Step = "complete"   // the report of the package is complete
)

// Progress is something that happens while packages are verified.
type Progress struct {
	V       int    `json:"v"`       // Version
	Package string `json:"package"` // as the user named it
	Step    Step   `json:"step"`
	// Done of Total pieces of work (a program to compile, an input to
	// validate, a submission to run on a test case) of this package are done,
	// those that are cached or shared included. Total grows while the work
	// becomes known.
	Done  int `json:"done"`
	Total int `json:"total"`
	// Event is what the engine says: Problem and Submission are set where they
	// are known. Cached is set on a Case that did not run.
	Event judge.Event `json:"event"`
}
