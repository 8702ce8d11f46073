package judge

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/judge/check"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

const (
	// killMargin lies between the time limit and the kill, so that the time
	// shown for a program that is too slow is clearly above the limit.
	killMargin = 100 * time.Millisecond
	// A program is idle if this much wall time passes without it reaching the
	// time limit: idleFactor times the limit, and a little for its start.
	idleFactor = 2
	idleMargin = time.Second
	// A program that counted as idle may have been starved by a busy machine:
	// if it waited for a processor for this part of the time that passed or,
	// where that is not known, used this part of the time limit. It runs again,
	// with idleFactor times patience, so that CPU time decides.
	waitedPart = 10
	busyPart   = 4
	patience   = 10
	// writable is what a program may write besides its output, in bytes: the
	// format does not bound it apart from the output limit, and run-time
	// systems keep files of their own.
	writable = 256 << 20
)

// examiner gives test cases their verdicts.
type examiner struct {
	*session
	built
	limit  time.Duration // a test case that uses more is too slow
	kill   time.Duration // when it is stopped: at the limit or later
	alone  bool          // it runs while no other one does
	doubts *doubts
}

func newExaminer(s *session, b built, limit Limit) *examiner {
	return &examiner{s, b, limit.Time, max(limit.Time, limit.Kill), limit.Alone, newDoubts(limit.Time, s.Band)}
}

// examine runs the submission on a test case and judges what it did. An error
// means that evalx failed.
func (x *examiner) examine(ctx context.Context, c *problem.Case) (Event, error) {
	if x.answers != nil {
		return x.examineAnswer(ctx, c)
	}
	out, err := x.runSurely(ctx, c)
	var start *isolate.StartError
	if errors.As(err, &start) && strings.HasPrefix(start.Program, isolate.ProgramDir+"/") {
		// What the submission made its compiler leave is no program.
		return Event{Verdict: verdict.RuntimeError, Message: "cannot be started: " + start.Errno.Error()}, nil
	}
	if err != nil {
		return Event{}, err
	}
	defer out.place.Free()
	e := Event{
		CPU: out.exit.CPU, Beside: out.beside, Wall: out.exit.Wall, Memory: out.exit.Memory,
		ExitCode: out.exit.Code, Signal: SignalName(out.exit.Signal), Stderr: tail(out.stderr),
	}
	if out.judged != nil {
		return out.result(e), nil
	}
	e.Verdict, e.Message = x.ending(out.exit)
	if e.Verdict == verdict.Accepted {
		err = x.compare(ctx, c, out.place.CPUs, out.stdout, &e)
	}
	return e, err
}

// ending judges how a program ended, in the order that decides when several
// things went wrong. Accepted means that the output decides.
func (x *examiner) ending(exit isolate.Exit) (verdict.Verdict, string) {
	limits := x.Problem.Limits
	switch {
	case exit.Status == isolate.MemoryLimit:
		return verdict.MemoryLimit, fmt.Sprintf("needed more than %d MiB", limits.Memory>>20)
	case exit.Status == isolate.OutputLimit:
		return verdict.OutputLimit, fmt.Sprintf("wrote more than %d KiB", limits.Output>>10)
	case exit.Status == isolate.TimeLimit || exit.CPU > x.limit:
		return verdict.TimeLimit, fmt.Sprintf("used %s of CPU time; the limit is %s", seconds(exit.CPU), seconds(x.limit))
	case exit.Status == isolate.WallLimit:
		return verdict.IdleLimit, fmt.Sprintf("used only %s of CPU time in %s", seconds(exit.CPU), seconds(exit.Wall))
	case exit.Status == isolate.Signaled || exit.Code != 0:
		return verdict.RuntimeError, Describe(exit)
	}
	return verdict.Accepted, ""
}

// seconds writes a duration as people compare them, to the millisecond.
func seconds(d time.Duration) string {
	return fmt.Sprintf("%.3f s", d.Seconds())
}

// runCase runs the submission on the input of a test case, or of the pass that
// f is about, for a wall time of at most factor times the time limit. Nothing
// else of the package is in its sight.
func (x *examiner) runCase(ctx context.Context, c *problem.Case, f *feedback, at *cores.Place, factor int) (outcome, error) {
	cmd, err := x.caseCommand(c, at, factor)
	if err != nil {
		return outcome{}, err
	}
	if f != nil && f.input != nil {
		return x.execute(ctx, cmd, bytes.NewReader(f.input))
	}
	input, err := openRegular(c.Input)
	if err != nil {
		return outcome{}, fmt.Errorf("input of %s: %w", c.Name, err)
	}
	defer input.Close()
	return x.execute(ctx, cmd, input)
}

// caseCommand is a run of the submission on a test case, but for its input.
func (x *examiner) caseCommand(c *problem.Case, at *cores.Place, factor int) (isolate.Cmd, error) {
	p := x.program
	dir, files, size, err := x.workingFolder(p, c)
	if err != nil {
		return isolate.Cmd{}, fmt.Errorf("files of %s: %w", c.Name, err)
	}
	limits := x.Problem.Limits
	return isolate.Cmd{
		Args: slices.Concat(p.run, c.Args), Env: p.env, Dir: dir, Mounts: p.mounts, Files: files, CPUs: at.CPUs,
		Limits: isolate.Limits{
			CPU: x.kill + killMargin, Wall: max(time.Duration(factor)*x.limit, x.kill+x.kill/4) + idleMargin, Memory: limits.Memory, Output: limits.Output,
			Disk: writable + size, Inodes: 10_000 + int64(len(files)), Processes: 256, OpenFiles: 1024,
		},
	}, nil
}

// workingFolder returns where a submission starts: in its own folder, which is
// read-only, unless the problem lets it write files or the test case adds some;
// then in a copy. See "Working directory" in the 2025-09 format.
func (s *session) workingFolder(p *program, c *problem.Case) (dir string, files []isolate.File, size int64, err error) {
	if !s.Problem.FileWriting && c.Files == "" {
		return isolate.ProgramDir, nil, 0, nil
	}
	for _, from := range []string{p.dir, c.Files} {
		more, n, err := folder(from)
		if err != nil {
			return "", nil, 0, err
		}
		files, size = append(files, more...), size+n
	}
	return isolate.WorkDir, files, size, nil
}

// compare lets the validators judge an output, on the processors that the run
// had: elsewhere they would disturb another one.
func (x *examiner) compare(ctx context.Context, c *problem.Case, cpus []int, output []byte, e *Event) error {
	if len(x.validators) == 0 {
		return x.compareDefault(c, output, e)
	}
	for _, v := range x.validators {
		if err := x.validate(ctx, v, c, cpus, output, x.newFeedback(), e); err != nil || e.Verdict != verdict.Accepted {
			return err
		}
	}
	return nil
}

func (x *examiner) compareDefault(c *problem.Case, output []byte, e *Event) error {
	opt, err := check.ParseFlags(c.ValidatorArgs, x.Problem.Format != problem.Legacy)
	if err != nil {
		e.Verdict, e.Message = verdict.JudgeError, err.Error()
		return nil
	}
	answer, err := os.ReadFile(c.Answer)
	if err != nil {
		return fmt.Errorf("answer of %s: %w", c.Name, err)
	}
	if e.Diff = check.Compare(answer, output, opt); e.Diff != nil {
		e.Verdict = verdict.WrongAnswer
	}
	return nil
}

// judgeError turns an error of evalx on one test case into its result.
func judgeError(err error) Event {
	message := err.Error()
	if errors.Is(err, isolate.ErrUnavailable) {
		message = "the sandbox is gone: " + message
	}
	return Event{Verdict: verdict.JudgeError, Message: message}
}
