// Package report prints what the engine tells: as text for people, and as
// lines of JSON.
package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

// Text prints a run for people: results to Out, and to Err what only matters
// while it goes on. Test cases are printed in their order, whichever ends
// first.
type Text struct {
	Out, Err io.Writer
	Style    style.Style // for Out
	ErrStyle style.Style // for Err
	Verbose  bool        // every test case, and all that is known of it
	Quiet    bool        // only the verdict

	// Expected says in one line whether the verdict is what was expected, or
	// nothing.
	Expected func(*judge.Report) string

	next   int  // index of the next test case to print
	failed bool // one was printed that is not accepted
}

// Event prints what e is about.
func (t *Text) Event(e judge.Event, r *judge.Report) error {
	switch e.Kind {
	case judge.Warning:
		_, err := fmt.Fprintf(t.Err, "evalx: %s %s\n", t.ErrStyle.Warn("warning:"), Clean(e.Message))
		return err
	case judge.Finished:
		return t.finish(r)
	}
	if t.Quiet {
		return nil
	}
	switch e.Kind {
	case judge.Start, judge.Preparing, judge.Deriving, judge.Limits:
		return t.progress(e)
	case judge.Compiled:
		return t.compiled(e)
	case judge.Case:
		return t.cases(r, false)
	}
	return nil
}

func (t *Text) progress(e judge.Event) error {
	line := ""
	switch e.Kind {
	case judge.Start:
		line = fmt.Sprintf("judging %s%s on %s: %s, sandbox %s", e.Submission, compiler(e), e.Problem, plural(e.Total, "test case"), sandbox(e))
	case judge.Preparing:
		line = "preparing " + e.Message + ", once for this and later programs"
	case judge.Compiled:
		line = e.Program + ": compiled in " + seconds(e.Wall)
		if e.Verdict != verdict.Accepted {
			line = e.Program + ": does not compile"
		} else if e.Cached {
			line = e.Program + ": compiled (cached)"
		}
	case judge.Deriving:
		line = "deriving the time limit: running submissions/" + e.Message
	case judge.Limits:
		line = fmt.Sprintf("time limit %s (%s), memory limit %s", limit(e.TimeLimit), e.TimeLimitSource, size(e.MemoryLimit))
	}
	_, err := fmt.Fprintln(t.Err, t.ErrStyle.Dim(oneLine(line)))
	return err
}

func compiler(e judge.Event) string {
	switch {
	case e.Language == "":
		return "" // the submission consists of answers
	case e.Compiler == "":
		return " (" + e.Language + ")"
	}
	return " (" + e.Language + ", " + e.Compiler + ")"
}

func sandbox(e judge.Event) string {
	if e.Cgroup == "" {
		return e.Sandbox
	}
	return e.Sandbox + " with cgroup " + e.Cgroup
}

// compiled prints what a compiler said, if it matters.
func (t *Text) compiled(e judge.Event) error {
	if t.Verbose {
		if err := t.progress(e); err != nil {
			return err
		}
	}
	failed := e.Verdict == verdict.CompileError
	isSubmission := strings.HasPrefix(e.Program, "submission ")
	if e.Message == "" || !t.Verbose && !(failed && isSubmission) {
		return nil
	}
	_, err := fmt.Fprintf(t.Out, "%s\n%s\n", oneLine(e.Program)+":", Clean(e.Message))
	return err
}

// cases prints the test cases that are judged, as far as they are the next
// ones; with rest also those behind one that has no verdict.
func (t *Text) cases(r *judge.Report, rest bool) error {
	for ; t.next < len(r.Cases); t.next++ {
		c := r.Cases[t.next]
		if c.Kind != judge.Case {
			if rest {
				continue
			}
			return nil
		}
		skipped := c.Verdict == verdict.Skipped || t.failed && r.Start.FailFast
		if skipped || c.Verdict == verdict.Accepted && !t.Verbose {
			continue
		}
		t.failed = t.failed || c.Verdict != verdict.Accepted
		if err := t.oneCase(c); err != nil {
			return err
		}
	}
	return nil
}

// oneCase prints a test case in one line, and below it the last words of a
// program that died.
func (t *Text) oneCase(c judge.Event) error {
	why := c.Message
	if c.Diff != nil {
		why = c.Diff.String()
	}
	if !t.Verbose {
		why = oneLine(why)
	}
	first, more, _ := strings.Cut(Clean(why), "\n")
	if c.Beside > 0 {
		first = strings.TrimLeft(fmt.Sprintf("%s (measured alone; beside others %s)", first, seconds(c.Beside)), " ")
	}
	pad := strings.Repeat(" ", max(0, 3-len(c.Verdict.String())))
	line := fmt.Sprintf("%-24s %s%s  %9s %6.1f MiB  %s", oneLine(c.Case), t.verdict(c.Verdict), pad, seconds(c.CPU), float64(c.Memory)/(1<<20), first)
	_, err := fmt.Fprintf(t.Out, "%s\n%s", strings.TrimRight(line, " "), indent(more))
	if err == nil && c.Team != "" && t.Verbose {
		_, err = fmt.Fprint(t.Out, indent("for the team: "+Clean(c.Team)))
	}
	died := c.Verdict == verdict.RuntimeError || c.Verdict == verdict.JudgeError
	if err == nil && (died || t.Verbose) {
		_, err = fmt.Fprint(t.Out, indent(lastLines(Clean(c.Stderr), t.Verbose)))
	}
	return err
}

func (t *Text) verdict(v verdict.Verdict) string {
	switch v {
	case verdict.Accepted:
		return t.Style.Good(v.String())
	case verdict.JudgeError, verdict.Pending, verdict.Skipped:
		return t.Style.Warn(v.String())
	}
	return t.Style.Bad(v.String())
}

// finish prints the summary and, at the very end, the verdict.
func (t *Text) finish(r *judge.Report) error {
	if r.Start.Kind == "" {
		return nil // the error says it all
	}
	var lines []string
	if !t.Quiet {
		if err := t.cases(r, true); err != nil {
			return err
		}
		lines = t.summary(r)
	}
	if r.Verdict == verdict.Pending {
		why, _, _ := strings.Cut(r.Message, "\n") // the error has the rest
		lines = append(lines, "no verdict: "+oneLine(why))
	} else {
		lines = append(lines, t.verdict(r.Verdict)+" "+r.Verdict.Text()+total(r))
	}
	_, err := fmt.Fprintln(t.Out, strings.Join(lines, "\n"))
	return err
}

func (t *Text) summary(r *judge.Report) []string {
	lines := t.groups(r)
	if line := counts(r); line != "" {
		lines = append(lines, line)
	}
	if c, ok := r.Slowest(); ok && r.Limits.Kind != "" {
		lines = append(lines, fmt.Sprintf("slowest %s: %s of %s (%s)", oneLine(c.Case), seconds(c.CPU), limit(r.Limits.TimeLimit), oneLine(r.Limits.TimeLimitSource)))
	}
	if len(r.Start.Weak) > 0 {
		lines = append(lines, "weaker than it should be: "+oneLine(strings.Join(r.Start.Weak, "; ")))
	}
	if t.Expected != nil && r.Verdict != verdict.Pending {
		if line := t.Expected(r); line != "" {
			lines = append(lines, oneLine(line))
		}
	}
	return lines
}

// counts says how many test cases have which verdict.
func counts(r *judge.Report) string {
	var parts []string
	for v := verdict.Accepted; v <= verdict.Skipped; v++ {
		if n := r.Count(v); n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, v.Text()))
		}
	}
	if n := r.Count(verdict.Pending); n > 0 && len(parts) > 0 {
		parts = append(parts, fmt.Sprintf("%d not judged", n))
	}
	if len(parts) == 0 {
		return ""
	}
	return plural(len(r.Cases), "test case") + ": " + strings.Join(parts, ", ")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f s", d.Seconds()) }

// limit writes a limit without needless digits, such as Seconds has for 1.39 s.
func limit(d time.Duration) string { return fmt.Sprintf("%g s", float64(d)/float64(time.Second)) }

func size(bytes int64) string {
	if bytes >= 1<<30 && bytes%(1<<30) == 0 {
		return fmt.Sprintf("%d GiB", bytes>>30)
	}
	if bytes%(1<<20) == 0 {
		return fmt.Sprintf("%d MiB", bytes>>20)
	}
	return fmt.Sprintf("%.1f MiB", float64(bytes)/(1<<20))
}

const mostLines = 5 // of a dead program's standard error

// lastLines cuts text to its last few lines unless all are wanted.
func lastLines(text string, all bool) string {
	lines := strings.Split(text, "\n")
	if all || len(lines) <= mostLines {
		return text
	}
	return "…\n" + strings.Join(lines[len(lines)-mostLines:], "\n")
}

// indent sets text off from the lines of test cases; it is cleaned already.
func indent(text string) string {
	if text == "" {
		return ""
	}
	return "    | " + strings.ReplaceAll(text, "\n", "\n    | ") + "\n"
}
