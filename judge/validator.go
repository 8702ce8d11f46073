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

// The files that a validator finds in its working folder.
const (
	inputFile   = "input.in"
	answerFile  = "answer.ans"
	feedbackDir = "feedback"
)

// validate lets one validator judge an output, and puts its verdict and words
// into e. It runs as the problem package format says in "Output validators",
// in the sandbox as well: it is code from the network, and it reads what
// untrusted code wrote.
func (s *session) validate(ctx context.Context, v *program, c *problem.Case, cpus []int, output []byte, e *Event) error {
	limits := s.Problem.Limits
	feedback := map[string]string{}
	cmd := isolate.Cmd{
		Args: slices.Concat(v.run, []string{
			isolate.WorkDir + "/" + inputFile, isolate.WorkDir + "/" + answerFile, isolate.WorkDir + "/" + feedbackDir + "/",
		}, c.ValidatorArgs),
		Env: v.env, Mounts: v.mounts, CPUs: cpus,
		Files: []isolate.File{
			{Path: inputFile, Mode: 0o444, Source: c.Input},
			{Path: answerFile, Mode: 0o444, Source: c.Answer},
			{Path: feedbackDir, Mode: fs.ModeDir | 0o777},
		},
		Limits: isolate.Limits{
			CPU: limits.ValidateTime, Wall: limits.ValidateTime + 5*time.Second, Memory: limits.ValidateMemory, Output: limits.ValidateOutput,
			Disk: writable + fileSize(c.Input) + fileSize(c.Answer), Inodes: 10_000, Processes: 256, OpenFiles: 1024,
		},
		Collect: func(path string, _ fs.FileMode, _ int64, content io.Reader) error {
			return readFeedback(feedback, path, content)
		},
	}
	out, err := s.execute(ctx, cmd, bytes.NewReader(output))
	if err != nil {
		return fmt.Errorf("run %s: %w", v.label, err)
	}
	e.Verdict, e.Message = s.validatorWord(out.exit)
	if e.Verdict == verdict.JudgeError {
		e.Message, e.Stderr = v.label+": "+e.Message, tail(out.stderr)
	}
	e.Message = strings.TrimLeft(e.Message+"\n"+feedback["judgemessage.txt"], "\n")
	e.Team = feedback["teammessage.txt"]
	return nil
}

// validatorWord reads how a validator ended.
func (s *session) validatorWord(exit isolate.Exit) (verdict.Verdict, string) {
	limits := s.Problem.Limits
	switch exit.Status {
	case isolate.Exited, isolate.Signaled:
		return check.ParseValidator(exit.Code, exit.Signal)
	case isolate.TimeLimit, isolate.WallLimit:
		return verdict.JudgeError, fmt.Sprintf("it took longer than %s", limits.ValidateTime)
	case isolate.MemoryLimit:
		return verdict.JudgeError, fmt.Sprintf("it needed more than %d MiB", limits.ValidateMemory>>20)
	}
	return verdict.JudgeError, fmt.Sprintf("it wrote more than %d KiB", limits.ValidateOutput>>10)
}

const maxFeedback = 4 << 10 // bytes kept of one feedback file

// readFeedback keeps the feedback files that are for people.
func readFeedback(feedback map[string]string, path string, content io.Reader) error {
	name, ok := strings.CutPrefix(path, feedbackDir+"/")
	if !ok || name != "judgemessage.txt" && name != "teammessage.txt" {
		return nil
	}
	data, err := io.ReadAll(io.LimitReader(content, maxFeedback))
	feedback[name] = strings.TrimSpace(strings.ToValidUTF8(string(data), "\uFFFD"))
	return err
}

func fileSize(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}
