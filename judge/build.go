package judge

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/verdict"
)

// program is a compiled program, ready to run.
type program struct {
	label  string
	dir    string   // host folder of its files
	run    []string // argv
	env    []string
	mounts []isolate.Mount

	testlib bool   // a validator that is started, and ends, as testlib's do
	stamp   string // names what it needs to run besides its files; "": nobody can tell
}

// built is everything that test cases need; program is nil if the submission
// does not compile.
type built struct {
	program    *program
	sources    *sources // of the program
	answers    *answers // of a submit-answer problem, instead of a program
	validators []*program
}

// buildAll compiles the submission and the output validators at one time.
func (s *session) buildAll(ctx context.Context, submission *source) (out built, err error) {
	validators := make(chan error, 1)
	go func() {
		var err error
		out.validators, err = s.outputValidators(ctx)
		validators <- err
	}()
	out.program, _, err = s.build(ctx, submission)
	if err == nil {
		out.sources, err = sourcesOf(submission)
	}
	if failed := <-validators; failed != nil {
		err = failed
	}
	return out, err
}

// outputValidators compiles the problem's own output validators, once for the
// session.
func (s *session) outputValidators(ctx context.Context) ([]*program, error) {
	s.validators.Lock()
	defer s.validators.Unlock()
	if s.validators.programs != nil {
		return s.validators.programs, nil
	}
	programs := make([]*program, len(s.Problem.Validators))
	errs := make([]error, len(programs))
	var wait sync.WaitGroup
	for i, v := range s.Problem.Validators {
		wait.Go(func() { programs[i], errs[i] = s.buildHelper(ctx, "output validator "+v.Name, v) })
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	s.validators.programs = programs
	return programs, nil
}

// plan is how a program is compiled and run.
type plan struct {
	label  string
	files  []isolate.File
	recipe language.Recipe
	dirs   []string // of the toolchain
	warm   string   // what the toolchain has prepared, or ""
	stamp  string   // of the program that comes of it
}

// build compiles src, unless what came of that is kept. The program is nil if
// it does not compile; words is what the compiler said.
func (s *session) build(ctx context.Context, src *source) (p *program, words string, err error) {
	plain, err := src.plan("")
	if err != nil {
		return nil, "", src.fault(fmt.Errorf("%s: %w", src.label, err))
	}
	if len(plain.recipe.Compile) == 0 {
		p, err := s.place(plain)
		return p, "", err
	}
	key, err := s.snapshot(src, &plain)
	if err != nil {
		return nil, "", err
	}
	if p, words, ok := s.restore(key, plain); ok {
		return p, words, nil
	}
	warmed, err := s.warmPlan(ctx, src, plain)
	if err != nil {
		return nil, "", err
	}
	p, e, kept, err := s.compile(ctx, warmed)
	if err == nil && p == nil && warmed.warm != "" && src.toolchain.Language.PrepareFor != "" {
		// A precompiled header must never decide what compiles.
		p, e, kept, err = s.compile(ctx, plain)
	}
	if err != nil {
		return nil, "", err
	}
	s.emit(e)
	if p != nil {
		s.store(key, p.dir, kept, e)
	}
	return p, e.Message, nil
}

// plan makes the plan for src, with what its toolchain has prepared.
func (src *source) plan(warm string) (plan, error) {
	src.code.Warm = warm != ""
	recipe, err := src.toolchain.Recipe(src.code)
	var files []isolate.File
	for _, f := range recipe.Files {
		files = append(files, isolate.File{Path: f.Path, Mode: 0o644, Source: f.Source, Data: f.Data})
	}
	pl := plan{label: src.label, files: files, recipe: recipe, dirs: src.toolchain.Dirs, warm: warm}
	if t := src.toolchain; t.Stamp != "" {
		pl.stamp = fmt.Sprintf("%s\n%s\n%s", t.Language.ID, t.Version, t.Stamp)
	}
	return pl, err
}

// warmPlan is plain with what the toolchain has prepared, if src gains from
// that.
func (s *session) warmPlan(ctx context.Context, src *source, plain plan) (plan, error) {
	warm, err := s.warm(ctx, src)
	if warm == "" || err != nil {
		return plain, err
	}
	pl, err := src.plan(warm)
	pl.files = plain.files // the same, and already snapshots
	return pl, err
}

// place makes the folder of a program, with the files that it has before it
// is compiled.
func (s *session) place(pl plan) (*program, error) {
	dir, err := s.folder("program-*")
	if err != nil {
		return nil, err
	}
	p := &program{
		label: pl.label, dir: dir, run: pl.recipe.Run, env: pl.recipe.RunEnv, stamp: pl.stamp,
		mounts: append(sameMounts(pl.dirs), isolate.Mount{Source: dir, Target: isolate.ProgramDir}),
	}
	if len(pl.files) > 1 || len(pl.recipe.Compile) == 0 {
		// The format wants a program to find its own files in its working
		// folder; those of one file hardly look for themselves.
		return p, copyFiles(dir, pl.files)
	}
	return p, nil
}

// folder makes a folder that the sandboxed user may read.
func (s *session) folder(pattern string) (string, error) {
	dir, err := os.MkdirTemp(s.Temp, pattern)
	if err == nil {
		err = os.Chmod(dir, 0o755)
	}
	if err != nil {
		return "", fmt.Errorf("make a folder for a program: %w", err)
	}
	return dir, nil
}

// compile runs the compile step. It returns the event that tells of its end,
// and which files of the program's folder the step made.
func (s *session) compile(ctx context.Context, pl plan) (p *program, e Event, kept []string, err error) {
	if p, err = s.place(pl); err != nil {
		return nil, e, nil, err
	}
	mounts := sameMounts(pl.dirs)
	if pl.warm != "" {
		mounts = append(mounts, isolate.Mount{Source: pl.warm, Target: language.WarmDir})
	}
	s.emit(Event{Kind: Compiling, Program: pl.label})
	out, err := s.execute(ctx, isolate.Cmd{
		Args: pl.recipe.Compile, Env: pl.recipe.Env, Mounts: mounts, Files: pl.files,
		Limits: s.compileLimits(), Collect: keeper(p.dir, pl.recipe.Produces, &kept),
	}, nil)
	if err != nil {
		return nil, e, nil, fmt.Errorf("compile %s: %w", pl.label, err)
	}
	e = Event{Kind: Compiled, Program: pl.label, Verdict: verdict.Accepted, CPU: out.exit.CPU, Wall: out.exit.Wall, Memory: out.exit.Memory}
	e.Message = language.Shorten(string(out.stderr) + string(out.stdout))
	if out.exit.Status != isolate.Exited || out.exit.Code != 0 {
		e.Verdict, p = verdict.CompileError, nil
		if e.Message == "" || out.exit.Status != isolate.Exited {
			e.Message = strings.TrimLeft(e.Message+"\n"+s.compileFailure(out.exit), "\n")
		}
	}
	return p, e, kept, nil
}

// compileLimits bounds a compiler. What it writes is bounded generously:
// static binaries and the caches of compilers are large.
func (s *session) compileLimits() isolate.Limits {
	l := s.Problem.Limits
	return isolate.Limits{
		CPU: l.CompileTime, Wall: 2*l.CompileTime + 10*time.Second, Memory: l.CompileMemory,
		Output: 256 << 20, Disk: 1 << 30, Inodes: 50_000, Processes: 512, OpenFiles: 4096,
	}
}

func (s *session) compileFailure(exit isolate.Exit) string {
	switch exit.Status {
	case isolate.TimeLimit, isolate.WallLimit:
		return fmt.Sprintf("the compiler was stopped: it took longer than %s", s.Problem.Limits.CompileTime)
	case isolate.MemoryLimit:
		return fmt.Sprintf("the compiler was stopped: it needed more than %d MiB of memory", s.Problem.Limits.CompileMemory>>20)
	case isolate.Exited:
		return fmt.Sprintf("the compiler ended with exit code %d", exit.Code)
	}
	return "the compiler was stopped: " + Describe(exit)
}

// sameMounts shows folders of the host at their own paths.
func sameMounts(dirs []string) (mounts []isolate.Mount) {
	for _, d := range dirs {
		mounts = append(mounts, isolate.Mount{Source: d, Target: d})
	}
	return mounts
}
