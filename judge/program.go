package judge

import (
	"context"
	"errors"
	"slices"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/problem"
)

// ErrCompile is returned by Compile for a program that does not compile.
var ErrCompile = errors.New("compile error")

// Program is a compiled program, outside any problem.
type Program struct {
	Language string // code of its language, such as "cpp"
	Compiler string // version of the compiler or interpreter
	program  *program
}

// Compile compiles a program outside any problem, in the sandbox of cfg. Of
// limits the ones of code, compiler and memory matter. The program is in
// cfg.Temp and can be run as long as that is there. Consumers are told of
// Preparing, Warning, Compiling and Compiled, the last of which has what the
// compiler said, also with the error ErrCompile. The other errors are those of
// Run.
func Compile(ctx context.Context, code problem.Program, limits problem.Limits, cfg Config) (*Program, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	d := dispatch(cfg.Consumers, cfg.Now, stop)
	s := newSession(&problem.Problem{Limits: limits}, cfg).telling(d.emit)
	p, err := s.compileAlone(ctx, code)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if _, consumerErr := d.close(); err == nil {
		err = consumerErr
	}
	return p, err
}

func (s *session) compileAlone(ctx context.Context, code problem.Program) (*Program, error) {
	src, err := s.prepareSubmission(ctx, code)
	if err != nil {
		return nil, err
	}
	built, _, err := s.build(ctx, src)
	if err == nil && built == nil {
		err = ErrCompile
	}
	if err != nil {
		return nil, err
	}
	return &Program{src.toolchain.Language.ID, src.toolchain.Version, built}, nil
}

// Command returns the command that runs the program with arguments, in a
// working folder that has its files and that it may write to. Of the limits,
// those of the working folder are set; the others are the caller's to set.
func (p *Program) Command(args []string) (isolate.Cmd, error) {
	files, size, err := folder(p.program.dir)
	return isolate.Cmd{
		Args: slices.Concat(p.program.run, args), Env: p.program.env, Mounts: p.program.mounts, Files: files,
		Limits: isolate.Limits{Disk: writable + size, Inodes: 10_000 + int64(len(files)), OpenFiles: 1024},
	}, err
}
