package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// buildHelper compiles a program of the package that judges, such as an output
// validator: by its own scripts build and run if it has them, otherwise by its
// language. label is what people know it by.
func (s *session) buildHelper(ctx context.Context, label string, p problem.Program) (*program, error) {
	build, run := executable(filepath.Join(p.Dir, "build")), executable(filepath.Join(p.Dir, "run"))
	var v *program
	var words string
	var err error
	if slices.Contains(p.Files, "build") && build || slices.Contains(p.Files, "run") && run {
		v, words, err = s.buildByScripts(ctx, plan{label: label, files: scriptFiles(p), recipe: scripts(build), stamp: "scripts\n" + language.Installed()})
	} else {
		var src *source
		if src, err = s.validatorSource(ctx, label, p); err == nil {
			v, words, err = s.build(ctx, src)
		}
	}
	if v != nil {
		v.testlib = p.Testlib
	}
	if err == nil && v == nil {
		err = &PackageError{Err: fmt.Errorf("%s does not compile:\n%s", label, words), Advice: "it lies in " + p.Dir}
	}
	return v, err
}

// validatorSource finds the compiler of a validator.
func (s *session) validatorSource(ctx context.Context, label string, p problem.Program) (*source, error) {
	lang, err := s.detect(p)
	if err != nil {
		// Not wrapped: its advice is for submissions.
		return nil, &PackageError{
			Err:    fmt.Errorf("%s: %v", label, err),
			Advice: "a validator is in a language that evalx languages lists, or has scripts called build and run",
		}
	}
	toolchain, err := s.toolchain(ctx, lang)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", label, err)
	}
	limits := s.Problem.Limits
	code := language.Source{
		Dir: p.Dir, Files: p.Files, Entry: p.Entry, Memory: limits.ValidateMemory, CompileMemory: limits.CompileMemory,
	}
	return &source{label: label, code: code, toolchain: toolchain, packaged: true}, nil
}

// buildByScripts runs the script build, if there is one. What came of it is
// not kept: nobody knows what it depends on.
func (s *session) buildByScripts(ctx context.Context, pl plan) (p *program, words string, err error) {
	if len(pl.recipe.Compile) == 0 {
		p, err := s.place(pl)
		return p, "", err
	}
	p, e, _, err := s.compile(ctx, pl)
	if err == nil {
		s.emit(e)
	}
	return p, e.Message, err
}

// scriptFiles returns the files of a program, executable where they are.
func scriptFiles(p problem.Program) []isolate.File {
	var files []isolate.File
	for _, name := range p.Files {
		f := isolate.File{Path: name, Mode: 0o644, Source: filepath.Join(p.Dir, filepath.FromSlash(name))}
		if executable(f.Source) {
			f.Mode = 0o755
		}
		files = append(files, f)
	}
	return files
}

// scripts is the recipe of a program that brings its own scripts (problem
// package format, "Programs").
func scripts(build bool) language.Recipe {
	env := []string{"PATH=/usr/local/bin:/usr/bin:/bin", "HOME=" + isolate.WorkDir, "LANG=C.UTF-8"}
	recipe := language.Recipe{Run: []string{isolate.ProgramDir + "/run"}, Env: env, RunEnv: env}
	if build {
		recipe.Compile = []string{isolate.WorkDir + "/build"}
	}
	return recipe
}

// validate lets one validator judge an output, and puts its verdict and words
// into e. It runs as the problem package format says in "Output validators",
// in the sandbox as well: it is code from the network, and it reads what
// untrusted code wrote.
func (s *session) validate(ctx context.Context, v *program, c *problem.Case, cpus []int, output []byte, f *feedback, e *Event) error {
	cmd := s.validatorCommand(v, c, cpus, f, outputFile)
	stdin := output
	if v.testlib {
		cmd.Files = append(cmd.Files, isolate.File{Path: outputFile, Mode: 0o444, Data: output})
		cmd.Limits.Disk += int64(len(output))
		stdin = nil
	}
	out, err := s.execute(ctx, cmd, bytes.NewReader(stdin))
	if err != nil {
		return fmt.Errorf("run %s: %w", v.label, err)
	}
	s.judged(v, out, f, e)
	return nil
}

// validatorCommand is a run of a validator, but for what it reads. output is as
// in validatorArgs.
func (s *session) validatorCommand(v *program, c *problem.Case, cpus []int, f *feedback, output string) isolate.Cmd {
	limits := s.Problem.Limits
	files, size := f.give()
	input := isolate.File{Path: inputFile, Mode: 0o444, Source: c.Input}
	if f.input != nil {
		input.Source, input.Data = "", f.input
	}
	files = append(files, input, isolate.File{Path: answerFile, Mode: 0o444, Source: c.Answer})
	return isolate.Cmd{
		Args: slices.Concat(v.run, v.validatorArgs(output), c.ValidatorArgs),
		Env:  v.env, Mounts: v.mounts, CPUs: cpus, Files: files,
		Limits: isolate.Limits{
			CPU: limits.ValidateTime, Wall: limits.ValidateTime + validatorIdle, Memory: limits.ValidateMemory, Output: limits.ValidateOutput,
			Disk:   writable + fileSize(c.Input) + fileSize(c.Answer) + size + int64(len(f.input)),
			Inodes: 10_000 + int64(len(files)), Processes: 256, OpenFiles: 1024,
		},
		Collect: f.collect,
	}
}

// validatorIdle is how much longer than its time limit a validator may take
// that sleeps.
const validatorIdle = 5 * time.Second

// validatorArgs are the arguments of every output validator; output is where
// one written with testlib finds the output, or leaves what it wants to say of
// an interaction.
func (p *program) validatorArgs(output string) []string {
	in := func(name string) string { return isolate.WorkDir + "/" + name }
	if p.testlib {
		return []string{in(inputFile), in(output), in(answerFile)}
	}
	return []string{in(inputFile), in(answerFile), in(feedbackDir) + "/"}
}

// judged puts the verdict and the words of a validator into e.
func (s *session) judged(v *program, out outcome, f *feedback, e *Event) {
	var score *float64
	e.Verdict, score, e.Message = s.validatorWord(v, out)
	if f.tooMuch() && e.Verdict != verdict.JudgeError {
		e.Verdict, e.Message = verdict.JudgeError, fmt.Sprintf("it left more than %d KiB in its feedback folder", f.limit>>10)
	}
	if err := s.scores(f, score, e); err != nil && e.Verdict != verdict.JudgeError {
		e.Verdict, e.Message = verdict.JudgeError, err.Error()
	}
	e.Stderr = ""
	if e.Verdict == verdict.JudgeError {
		e.Message, e.Stderr = v.label+": "+e.Message, tail(out.stderr)
	}
	e.Message = strings.TrimSpace(e.Message + "\n" + f.texts[judgeMessage])
	e.Team = f.texts[teamMessage]
}

// scores puts the scores that a validator gives into e, of a scoring problem.
func (s *session) scores(f *feedback, said *float64, e *Event) (err error) {
	if !s.Problem.Kind.Scoring {
		if said != nil {
			return errors.New("it gave points, and the problem is none with scoring")
		}
		return nil
	}
	if e.ValidatorScore, err = f.score(scoreFile); err != nil {
		return err
	}
	if said != nil {
		e.ValidatorScore = said
	}
	e.ValidatorMultiplier, err = f.score(multiplierFile)
	return err
}

// validatorWord reads how a validator ended. score is what it gave, if it is
// testlib's way to say so.
func (s *session) validatorWord(v *program, out outcome) (said verdict.Verdict, score *float64, message string) {
	limits := s.Problem.Limits
	switch exit := out.exit; exit.Status {
	case isolate.Exited, isolate.Signaled:
		if v.testlib {
			return check.ParseTestlib(exit.Code, exit.Signal, string(out.stderr))
		}
		said, message = check.ParseValidator(exit.Code, exit.Signal)
		return said, nil, message
	case isolate.TimeLimit, isolate.WallLimit:
		message = fmt.Sprintf("it took longer than %s", limits.ValidateTime)
	case isolate.MemoryLimit:
		message = fmt.Sprintf("it needed more than %d MiB", limits.ValidateMemory>>20)
	default:
		message = fmt.Sprintf("it wrote more than %d KiB", limits.ValidateOutput>>10)
	}
	return verdict.JudgeError, nil, message
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
