package judge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/checktestdata"
	"github.com/evalx/evalx/judge/problem"
)

// Input is what an input validator judges.
type Input struct {
	Path  string   // file with the input
	Data  []byte   // the input itself, if Path is ""
	Args  []string // arguments of the validator
	Files string   // folder whose files the validator finds in its working folder, or ""
}

// CaseInput returns the input of a test case as an input validator gets it
// (problem package format, "Input validators", "Invocation").
func CaseInput(v problem.Program, c *problem.Case) Input {
	return Input{Path: c.Input, Args: slices.Concat(c.InputArgs.For(v.Name), c.Args), Files: c.Files}
}

// InputResult is what an input validator says of an input.
type InputResult struct {
	Valid bool
	// Message is why it is not valid, or what the validator wrote although it
	// is, in the validator's words, or "".
	Message string
	// Fault is what is wrong with the validator, which ended as no validator
	// should, such as killed or too slow; Valid is false then. Otherwise "".
	Fault string
}

// ValidateInput lets an input validator judge an input, and tells emit of the
// compilation of the validator, which happens once. A checktestdata program
// (.ctd) runs in this process, any other one in the sandbox. Errors are those
// of Run; a *PackageError means that no input can be judged by this validator.
func (s *Session) ValidateInput(ctx context.Context, v problem.Program, in Input, emit func(Event)) (InputResult, error) {
	with := s.stamped(emit)
	validator, err := with.inputValidator(ctx, v)
	if err == nil {
		err = validator.err
	}
	if err != nil {
		return InputResult{}, err
	}
	at, err := with.Places.Take(ctx)
	if err != nil {
		return InputResult{}, err
	}
	defer at.Free()
	var r InputResult
	if validator.grammar != nil {
		r, err = with.checkInput(ctx, validator.grammar, in)
	} else {
		r, err = with.validateInput(ctx, validator.program, v, in, at.CPUs)
	}
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return r, err
}

// inputValidators are the compiled input validators of a session, by folder
// and name.
type inputValidators struct {
	sync.Mutex
	made map[string]*inputValidator
}

// inputValidator is a compiled input validator: one of the fields but done is
// set.
type inputValidator struct {
	sync.Mutex
	done    bool
	program *program
	grammar *checktestdata.Program
	err     error
}

// inputValidator compiles an input validator, once for the session. The error
// is that of ctx.
func (s *session) inputValidator(ctx context.Context, p problem.Program) (*inputValidator, error) {
	v := s.inputs.of(p)
	v.Lock()
	defer v.Unlock()
	if v.done {
		return v, nil
	}
	label := "input validator " + p.Name
	switch ending(p) {
	case ".ctd":
		v.grammar, v.err = parseGrammar(label, p)
	case ".viva":
		v.err = &PackageError{
			Err:    fmt.Errorf("%s: programs in VIVA are not supported", label),
			Advice: "write it in checktestdata (.ctd) or in a programming language",
		}
	default:
		v.program, v.err = s.buildHelper(ctx, label, p)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	v.done = true
	return v, nil
}

func (all *inputValidators) of(p problem.Program) *inputValidator {
	all.Lock()
	defer all.Unlock()
	key := p.Dir + "\x00" + p.Name
	if all.made == nil {
		all.made = map[string]*inputValidator{}
	}
	if all.made[key] == nil {
		all.made[key] = &inputValidator{}
	}
	return all.made[key]
}

// ending returns the ending of a validator's only file, or "" if it has more.
func ending(p problem.Program) string {
	if len(p.Files) != 1 {
		return ""
	}
	return strings.ToLower(path.Ext(p.Files[0]))
}

func (in Input) open() (io.ReadCloser, error) {
	if in.Path == "" {
		return io.NopCloser(bytes.NewReader(in.Data)), nil
	}
	return openRegular(in.Path)
}

// validateInput runs a compiled input validator in the sandbox.
func (s *session) validateInput(ctx context.Context, v *program, p problem.Program, in Input, cpus []int) (InputResult, error) {
	input, err := in.open()
	if err != nil {
		return InputResult{}, fmt.Errorf("input: %w", err)
	}
	defer input.Close()
	files, size, err := folder(in.Files)
	if err != nil {
		return InputResult{}, fmt.Errorf("files of a test case: %w", err)
	}
	limits := s.Problem.Limits
	out, err := s.execute(ctx, isolate.Cmd{
		Args: slices.Concat(v.run, in.Args), Env: v.env, Mounts: v.mounts, Files: files, CPUs: cpus,
		Limits: isolate.Limits{
			CPU: limits.ValidateTime, Wall: limits.ValidateTime + 5*time.Second, Memory: limits.ValidateMemory, Output: limits.ValidateOutput,
			Disk: writable + size, Inodes: 10_000 + int64(len(files)), Processes: 256, OpenFiles: 1024,
		},
	}, input)
	if err != nil {
		return InputResult{}, fmt.Errorf("run %s: %w", v.label, err)
	}
	r := s.inputWord(out.exit, p.Testlib)
	r.Message = strings.TrimSpace(tail(out.stderr) + "\n" + tail(out.stdout))
	return r, nil
}

// Exit codes by which input validators accept: as the problem package format
// says, and as those written with testlib do. Any other code rejects.
const (
	exitValid = 42
	testlibOK = 0
)

// inputWord reads how an input validator ended.
func (s *session) inputWord(exit isolate.Exit, testlib bool) InputResult {
	limits := s.Problem.Limits
	switch exit.Status {
	case isolate.Exited:
		return inputCode(exit.Code, testlib)
	case isolate.Signaled:
		return InputResult{Fault: Describe(exit)}
	case isolate.TimeLimit, isolate.WallLimit:
		return InputResult{Fault: fmt.Sprintf("it took longer than %s", limits.ValidateTime)}
	case isolate.MemoryLimit:
		return InputResult{Fault: fmt.Sprintf("it needed more than %d MiB", limits.ValidateMemory>>20)}
	}
	return InputResult{Fault: fmt.Sprintf("it wrote more than %d KiB", limits.ValidateOutput>>10)}
}

// inputCode reads the exit code of an input validator.
func inputCode(code int, testlib bool) InputResult {
	switch {
	case testlib:
		return InputResult{Valid: code == testlibOK}
	case code == 0:
		return InputResult{Fault: fmt.Sprintf("it exited with code 0; it must exit with %d to accept", exitValid)}
	}
	return InputResult{Valid: code == exitValid}
}
