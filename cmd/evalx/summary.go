package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge"
)

// ran is a run of a program.
type ran struct {
	exit         isolate.Exit
	program      *judge.Program // nil if it does not compile
	capabilities isolate.Capabilities
	openLine     bool // the last line that it wrote has no end
}

// programExit passes on the exit code of a program.
type programExit int

// Error says what the code is; it is not printed.
func (e programExit) Error() string { return fmt.Sprintf("the program's exit code is %d", int(e)) }

// limitExit is the exit code of a program that broke a limit, as with
// timeout(1).
const limitExit = 124

// outcome turns the end of the program into the error that decides the exit
// code.
func (o *runOptions) outcome(exit isolate.Exit) error {
	if exit.Status == isolate.Exited && exit.Code == 0 {
		return nil
	}
	if !o.ExitCode {
		return errUnexpected
	}
	switch exit.Status {
	case isolate.Exited:
		return programExit(exit.Code)
	case isolate.Signaled:
		return programExit(128 + int(exit.Signal))
	}
	return programExit(limitExit)
}

// notCompiled sums up a program that does not compile, and passes on any
// other error.
func (o *runOptions) notCompiled(err error, box sandbox) error {
	if !errors.Is(err, judge.ErrCompile) {
		return err
	}
	if err := o.sumUp(&ran{capabilities: box.Capabilities()}); err != nil {
		return err
	}
	return errUnexpected
}

// sumUp prints the last line.
func (o *runOptions) sumUp(r *ran) error {
	if o.Quiet {
		return nil
	}
	line := "evalx: " + o.inWords(r)
	if o.JSON {
		data, err := json.Marshal(r.summary())
		if err != nil {
			return err
		}
		line = string(data)
	}
	if r.openLine {
		line = "\n" + line
	}
	_, err := fmt.Fprintln(o.io.Err, line)
	return err
}

// inWords is the summary for people.
func (o *runOptions) inWords(r *ran) string {
	if r.program == nil {
		return "compile error"
	}
	box := "sandbox " + r.capabilities.Backend
	if r.capabilities.Backend != sandboxNone && len(r.capabilities.Weak) > 0 {
		box += ", weaker than it should be (evalx doctor says why)"
	}
	parts := []string{o.ending(r.exit), "CPU " + duration(r.exit.CPU), "wall " + duration(r.exit.Wall), fmt.Sprintf("memory %.1f MiB", float64(r.exit.Memory)/(1<<20)), box}
	if r.exit.CPU == 0 { // it did not die of its closed pipe: what it used went with it
		parts = []string{parts[0], parts[2], box}
	}
	return report.Clean(strings.Join(parts, " · "))
}

// ending says how the program ended.
func (o *runOptions) ending(exit isolate.Exit) string {
	switch exit.Status {
	case isolate.TimeLimit:
		return fmt.Sprintf("stopped at the time limit of %v", o.TimeLimit.value())
	case isolate.WallLimit:
		return fmt.Sprintf("stopped at the wall limit of %v", o.wallLimit())
	case isolate.MemoryLimit:
		return fmt.Sprintf("stopped at the memory limit of %s", &o.MemoryLimit)
	case isolate.OutputLimit:
		return fmt.Sprintf("stopped at the output limit of %s", &o.OutputLimit)
	case isolate.Exited:
		return fmt.Sprintf("exited %d", exit.Code)
	}
	return judge.Describe(exit)
}

// duration writes a time as people read it: to the millisecond below a second.
func duration(d time.Duration) string {
	if d < time.Second {
		return fmt.Sprintf("%d ms", d.Round(time.Millisecond).Milliseconds())
	}
	return fmt.Sprintf("%.2f s", d.Seconds())
}

// summary is the last line of evalx run --json. Durations are in nanoseconds.
type summary struct {
	V        int           `json:"v"`
	Status   string        `json:"status"` // "exited", "signaled", "time limit", …, "compile error"
	ExitCode int           `json:"exit_code"`
	Signal   string        `json:"signal,omitempty"`
	CPU      time.Duration `json:"cpu_ns"`
	Wall     time.Duration `json:"wall_ns"`
	Memory   int64         `json:"memory_bytes"`
	Language string        `json:"language,omitempty"`
	Compiler string        `json:"compiler,omitempty"`
	Sandbox  string        `json:"sandbox"`
	Cgroup   string        `json:"cgroup,omitempty"`
	Gaps     []isolate.Gap `json:"gaps,omitempty"`
	Weak     []string      `json:"weak,omitempty"`
}

func (r *ran) summary() summary {
	s := summary{
		V: judge.Version, Status: r.exit.Status.String(), ExitCode: r.exit.Code, Signal: judge.SignalName(r.exit.Signal),
		CPU: r.exit.CPU, Wall: r.exit.Wall, Memory: r.exit.Memory,
		Sandbox: r.capabilities.Backend, Cgroup: r.capabilities.Cgroup, Gaps: r.capabilities.Gaps, Weak: r.capabilities.Weak,
	}
	if r.program == nil {
		s.Status = "compile error"
		return s
	}
	s.Language, s.Compiler = r.program.Language, r.program.Compiler
	return s
}
