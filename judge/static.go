package judge

import (
	"cmp"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"sync"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// helper is a program of the package that is compiled when it is first needed.
type helper struct {
	sync.Mutex
	program *program
}

// helper returns the program h, compiled.
func (s *session) helper(ctx context.Context, h *helper, label string, p *problem.Program) (*program, error) {
	h.Lock()
	defer h.Unlock()
	if h.program != nil {
		return h.program, nil
	}
	built, err := s.buildHelper(ctx, label+" "+p.Name, *p)
	if err == nil {
		h.program = built
	}
	return built, err
}

// sources are the files of a submission that compiled, for static validators.
type sources struct {
	language string // code of the format
	entry    string // file, class or whatever the language starts a program by
	files    []isolate.File
}

// sourcesOf returns the sources of a submission, with what the problem
// includes. Where the language has no entry point, the first file is it.
func sourcesOf(src *source) (*sources, error) {
	pl, err := src.plan("")
	if err != nil {
		return nil, err
	}
	codes := src.toolchain.Language.Codes()
	return &sources{codes[len(codes)-1], cmp.Or(pl.recipe.Entry, src.code.Files[0]), pl.files}, nil
}

// test judges a submission on a test.
func (x *examiner) test(ctx context.Context, t test) (Event, error) {
	if t.Case != nil {
		return x.examine(ctx, t.Case)
	}
	at, err := x.Places.Take(ctx)
	if err != nil {
		return Event{}, err
	}
	defer at.Free()
	return x.validateSources(ctx, t.group.Config.Static, at.CPUs)
}

// TryStatic lets the static validator judge the sources of a submission that
// compiled, for the static validation test case of group g, as Run does. See
// Try for the errors.
func (s *Session) TryStatic(ctx context.Context, sub *Submission, g *problem.Group) (Event, error) {
	t := test{group: g, place: -1}
	x := &examiner{session: sub.session, built: built{program: sub.program, sources: sub.sources}}
	e, err := x.test(ctx, t)
	if err != nil && ctx.Err() != nil {
		return Event{}, ctx.Err()
	}
	if err != nil {
		e = judgeError(err)
	}
	e.V, e.Time, e.Kind, e.Submission = Version, s.session.Now(), Case, sub.Name
	return t.event(e), nil
}

// validateSources lets the static validator judge the sources of a submission
// (2025-09, "Static validator"). It starts in a folder that has them, and the
// compiled files beside them.
func (x *examiner) validateSources(ctx context.Context, test *problem.StaticCase, cpus []int) (Event, error) {
	if x.Problem.StaticValidator == nil {
		return Event{Verdict: verdict.JudgeError, Message: "the group has a static validation test case, but the package has no static validator"}, nil
	}
	v, err := x.helper(ctx, &x.staticProgram, "static validator", x.Problem.StaticValidator)
	if err != nil {
		return Event{}, err
	}
	compiled, size, err := folder(x.program.dir)
	if err != nil {
		return Event{}, err
	}
	const dir = "submission"
	f := x.newFeedback()
	files, _ := f.give()
	files = append(files, isolate.File{Path: dir, Mode: fs.ModeDir | 0o777})
	seen := map[string]bool{}
	for _, file := range slices.Concat(compiled, x.sources.files) {
		if !seen[file.Path] {
			seen[file.Path] = true
			file.Path = dir + "/" + file.Path
			files = append(files, file)
		}
	}
	limits := x.Problem.Limits
	out, err := x.execute(ctx, isolate.Cmd{
		Args: slices.Concat(v.run, []string{x.sources.language, x.sources.entry, isolate.WorkDir + "/" + feedbackDir + "/"}, test.Args),
		Env:  v.env, Dir: isolate.WorkDir + "/" + dir, Mounts: v.mounts, Files: files, CPUs: cpus,
		Limits: isolate.Limits{
			CPU: limits.ValidateTime, Wall: limits.ValidateTime + 5*time.Second, Memory: limits.ValidateMemory, Output: limits.ValidateOutput,
			Disk: writable + size + limits.Code, Inodes: 10_000 + int64(len(files)), Processes: 256, OpenFiles: 1024,
		},
		Collect: f.collect,
	}, nil)
	if err != nil {
		return Event{}, fmt.Errorf("run %s: %w", v.label, err)
	}
	e := Event{CPU: out.exit.CPU, Wall: out.exit.Wall, Memory: out.exit.Memory}
	x.judged(v, out, f, &e)
	return e, nil
}
