package judge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// Tool is a program that makes something for a package, such as a generator
// of inputs, compiled.
type Tool struct {
	label   string
	program *program
}

// Tool compiles a program by its own scripts build and run, or by its
// language. label is what people know it by, such as "generator gen.py". A
// *PackageError says that it does not compile; the other errors are those of
// Run.
func (s *Session) Tool(ctx context.Context, label string, p problem.Program, emit func(Event)) (*Tool, error) {
	built, err := s.stamped(emit).buildHelper(ctx, label, p)
	if err != nil {
		return nil, err
	}
	return &Tool{label, built}, nil
}

// ToolRun is what a Tool is run with.
type ToolRun struct {
	Args []string
	Time time.Duration // CPU time that it may use
	Keep func(path string) bool
}

// ToolResult is what a Tool left.
type ToolResult struct {
	Output  []byte            // its standard output
	Files   map[string][]byte // those of its working folder that ToolRun.Keep wanted, by path
	Message string            // the end of its standard error
	Fault   string            // how it ended, if not with exit code 0; otherwise ""
}

// The most that a Tool may write, in bytes, to standard output or to one file,
// and altogether.
const (
	mostMade = 256 << 20
	mostDisk = 1 << 30
)

// RunTool runs a Tool in the sandbox, in an empty folder that it may write to.
// What it does wrong is no error.
func (s *Session) RunTool(ctx context.Context, t *Tool, run ToolRun) (ToolResult, error) {
	at, err := s.session.Places.Take(ctx)
	if err != nil {
		return ToolResult{}, err
	}
	defer at.Free()
	r := ToolResult{Files: map[string][]byte{}}
	limits := s.session.Problem.Limits
	out, err := s.session.execute(ctx, isolate.Cmd{
		Args: slices.Concat(t.program.run, run.Args), Env: t.program.env, Mounts: t.program.mounts, CPUs: at.CPUs,
		Limits: isolate.Limits{
			CPU: run.Time, Wall: 2*run.Time + 5*time.Second, Memory: limits.ValidateMemory, Output: mostMade,
			Disk: mostDisk, Inodes: 10_000, Processes: 256, OpenFiles: 1024,
		},
		Collect: func(path string, _ fs.FileMode, _ int64, content io.Reader) (err error) {
			if run.Keep != nil && run.Keep(path) {
				r.Files[path], err = io.ReadAll(io.LimitReader(content, mostMade))
			}
			return err
		},
	}, bytes.NewReader(nil))
	if err != nil && ctx.Err() != nil {
		return r, ctx.Err()
	}
	if err != nil {
		return r, fmt.Errorf("run %s: %w", t.label, err)
	}
	r.Output, r.Message = out.stdout, tail(out.stderr)
	if out.exit.Status != isolate.Exited || out.exit.Code != 0 {
		r.Fault = Describe(out.exit)
	}
	return r, nil
}

// Answer runs a submission that compiled on the input of a test case and
// returns what it wrote: of a reference, the answer. The verdict is AC if it
// ended as it should; the output is not judged. Errors are those of Try.
func (s *Session) Answer(ctx context.Context, sub *Submission, c *problem.Case, limit time.Duration) (output []byte, e Event, err error) {
	at, err := s.session.Places.Take(ctx)
	if err != nil {
		return nil, e, err
	}
	defer at.Free()
	x := newExaminer(sub.session, built{program: sub.program}, Limit{Time: limit})
	out, err := x.runCase(ctx, c, nil, at, idleFactor*patience)
	if err != nil && ctx.Err() != nil {
		return nil, e, ctx.Err()
	}
	e = Event{V: Version, Time: s.session.Now(), Kind: Case, Submission: sub.Name, Case: c.Name, CPU: out.exit.CPU, Wall: out.exit.Wall, Memory: out.exit.Memory}
	if err != nil {
		e.Verdict, e.Message = verdict.JudgeError, err.Error()
		return nil, e, nil
	}
	e.Verdict, e.Message = x.ending(out.exit)
	e.Stderr = tail(out.stderr)
	return out.stdout, e, nil
}

// TimeLimit returns the time limit of the problem and where it comes from. If
// the package states none, the accepted submissions run, and emit is told of
// Deriving. Errors are those of Run.
func (s *Session) TimeLimit(ctx context.Context, emit func(Event)) (limit time.Duration, source string, err error) {
	return s.stamped(emit).timeLimit(ctx)
}
