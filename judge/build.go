package judge

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
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
}

// built is everything that test cases need; program is nil if the submission
// does not compile.
type built struct {
	program    *program
	validators []*program
}

// buildAll compiles the submission and the output validators at one time.
func (s *session) buildAll(ctx context.Context, submission *source) (built, error) {
	out := built{validators: make([]*program, len(s.Problem.Validators))}
	errs := make([]error, len(out.validators)+1)
	var wait sync.WaitGroup
	for i, v := range s.Problem.Validators {
		wait.Add(1)
		go func() {
			defer wait.Done()
			out.validators[i], errs[i] = s.buildValidator(ctx, v)
		}()
	}
	out.program, _, errs[len(errs)-1] = s.build(ctx, submission)
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return built{}, err
		}
	}
	return out, nil
}

// plan is how a program is compiled and run.
type plan struct {
	label  string
	files  []isolate.File
	recipe language.Recipe
	dirs   []string // of the toolchain
	warm   string   // what the toolchain has prepared, or ""
}

// build compiles src. The program is nil if that failed by the program's
// fault; words is what the compiler said.
func (s *session) build(ctx context.Context, src *source) (p *program, words string, err error) {
	warm, err := s.warm(ctx, src.toolchain)
	if err != nil {
		return nil, "", err
	}
	pl, err := src.plan(warm)
	if err != nil {
		return nil, "", &SubmissionError{Err: fmt.Errorf("%s: %w", src.label, err)}
	}
	return s.compile(ctx, pl)
}

// plan makes the plan for src, with what its toolchain has prepared.
func (src *source) plan(warm string) (plan, error) {
	src.code.Warm = warm != ""
	recipe, err := src.toolchain.Recipe(src.code)
	var files []isolate.File
	for _, f := range recipe.Files {
		files = append(files, isolate.File{Path: f.Path, Mode: 0o644, Source: f.Source, Data: f.Data})
	}
	return plan{label: src.label, files: files, recipe: recipe, dirs: src.toolchain.Dirs, warm: warm}, err
}

func (s *session) compile(ctx context.Context, pl plan) (*program, string, error) {
	dir, err := os.MkdirTemp(s.Temp, "program-*")
	if err == nil {
		err = os.Chmod(dir, 0o755) // the sandboxed user must read it
	}
	if err != nil {
		return nil, "", fmt.Errorf("make a folder for a program: %w", err)
	}
	mounts := sameMounts(pl.dirs)
	p := &program{
		label: pl.label, dir: dir, run: pl.recipe.Run, env: pl.recipe.RunEnv,
		mounts: append(slices.Clone(mounts), isolate.Mount{Source: dir, Target: isolate.ProgramDir}),
	}
	if len(pl.files) > 1 || len(pl.recipe.Compile) == 0 {
		// The format wants a program to find its own files in its working
		// folder; those of one file hardly look for themselves.
		if err := copyFiles(dir, pl.files); err != nil {
			return nil, "", err
		}
	}
	if len(pl.recipe.Compile) == 0 {
		return p, "", nil
	}
	if pl.warm != "" {
		mounts = append(mounts, isolate.Mount{Source: pl.warm, Target: language.WarmDir})
	}
	s.emit(Event{Kind: Compiling, Program: pl.label})
	out, err := s.execute(ctx, isolate.Cmd{
		Args: pl.recipe.Compile, Env: pl.recipe.Env, Mounts: mounts, Files: pl.files,
		Limits: s.compileLimits(), Collect: keeper(dir, pl.recipe.Produces),
	}, nil)
	if err != nil {
		return nil, "", fmt.Errorf("compile %s: %w", pl.label, err)
	}
	e := Event{Kind: Compiled, Program: pl.label, Verdict: verdict.Accepted, CPU: out.exit.CPU, Wall: out.exit.Wall, Memory: out.exit.Memory}
	e.Message = language.Shorten(string(out.stderr) + string(out.stdout))
	if out.exit.Status != isolate.Exited || out.exit.Code != 0 {
		e.Verdict, p = verdict.CompileError, nil
		if e.Message == "" || out.exit.Status != isolate.Exited {
			e.Message = strings.TrimLeft(e.Message+"\n"+s.compileFailure(out.exit), "\n")
		}
	}
	s.emit(e)
	return p, e.Message, nil
}

// copyFiles puts the files of a program that needs no compiler into dir.
func copyFiles(dir string, files []isolate.File) error {
	for _, f := range files {
		if err := copySource(filepath.Join(dir, filepath.FromSlash(f.Path)), f); err != nil {
			return fmt.Errorf("copy source code: %w", err)
		}
	}
	return nil
}

func copySource(target string, f isolate.File) error {
	if f.Source == "" {
		return writeFile(target, f.Mode, bytes.NewReader(f.Data))
	}
	in, err := openRegular(f.Source)
	if err != nil {
		return err
	}
	defer in.Close()
	return writeFile(target, f.Mode, in)
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

// keeper keeps the files that a compiler left, in the folder dir of the host.
// The folder is fresh and only evalx writes to it, so that no link can lead
// out of it.
func keeper(dir string, produces []string) isolate.Collect {
	return func(path string, mode fs.FileMode, _ int64, content io.Reader) error {
		if !filepath.IsLocal(path) || !wanted(path, produces) {
			return nil
		}
		return writeFile(filepath.Join(dir, filepath.FromSlash(path)), mode, content)
	}
}

func wanted(path string, produces []string) bool {
	if len(produces) == 0 {
		return true
	}
	ok, err := matchAny(produces, path)
	return ok && err == nil
}
