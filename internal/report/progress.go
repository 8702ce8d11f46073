package report

import (
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/style"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

const (
	redraw    = 100 * time.Millisecond // least time between two counter lines on a terminal
	heartbeat = 30 * time.Second       // time between two lines elsewhere
)

// Progress tells people what evalx verify is doing: on a terminal in one line
// that is written over and over, elsewhere in a line now and then.
type Progress struct {
	Out      io.Writer
	Style    style.Style
	Now      func() time.Time
	Terminal bool // Out is one
	Width    int  // of the terminal
	Verbose  bool // a line for each program and each run
	Quiet    bool // warnings only

	shown bool      // the counter line is there
	last  time.Time // when a line was written
	begun map[string]bool
}

// Tell prints what p is about.
func (t *Progress) Tell(p verify.Progress) error {
	switch {
	case p.Step == verify.Warning:
		return t.line("evalx: " + t.Style.Warn("warning:") + " " + Clean(p.Event.Message))
	case t.Quiet:
		return nil
	case t.Verbose:
		if line := detailed(p); line != "" {
			return t.line(t.Style.Dim(oneLine(line)))
		}
		return nil
	case t.Terminal:
		return t.counter(p)
	}
	return t.now(p)
}

// line prints a line above the counter.
func (t *Progress) line(text string) error {
	if err := t.Clear(); err != nil {
		return err
	}
	_, err := fmt.Fprintln(t.Out, text)
	return err
}

// Clear takes the counter away, so that something else can be printed.
func (t *Progress) Clear() error {
	if !t.shown {
		return nil
	}
	t.shown = false
	_, err := fmt.Fprint(t.Out, "\r\x1b[K")
	return err
}

// counter writes the line anew, but not all the time.
func (t *Progress) counter(p verify.Progress) error {
	now := t.Now()
	if t.shown && now.Sub(t.last) < redraw || p.Step == verify.Complete {
		return nil
	}
	t.shown, t.last = true, now
	text := counted(p)
	if what := doing(p); what != "" {
		text += ": " + what
	}
	_, err := fmt.Fprint(t.Out, "\r\x1b[K"+t.Style.Dim(cut(oneLine(text), t.Width-1)))
	return err
}

// now prints where the work stands: when it begins with a package, and once in
// a while.
func (t *Progress) now(p verify.Progress) error {
	if t.begun == nil {
		t.begun = map[string]bool{}
	}
	now := t.Now()
	switch {
	case p.Step == verify.Complete:
		return nil
	case !t.begun[p.Package]:
		t.begun[p.Package], t.last = true, now
		return t.line(t.Style.Dim(oneLine("verifying " + p.Package)))
	case now.Sub(t.last) < heartbeat:
		return nil
	}
	t.last = now
	return t.line(t.Style.Dim(oneLine(counted(p))))
}

func counted(p verify.Progress) string {
	if p.Total == 0 {
		return "verifying " + p.Package
	}
	return fmt.Sprintf("verifying %s: %d of %d", p.Package, p.Done, p.Total)
}

// doing is what goes on right now.
func doing(p verify.Progress) string {
	e := p.Event
	switch p.Step {
	case verify.Compiling:
		return "compiling " + e.Program
	case verify.Validating:
		return "validating " + e.Case
	case verify.Running:
		return e.Submission + " on " + e.Case
	}
	return ""
}

// detailed is the line for one step, or nothing.
func detailed(p verify.Progress) string {
	e := p.Event
	switch {
	case p.Step == verify.Loading:
		return "verifying " + p.Package
	case p.Step == verify.Compiling && e.Kind == judge.Compiled && e.Verdict != verdict.Accepted:
		return e.Program + ": does not compile"
	case p.Step == verify.Compiling && e.Kind == judge.Compiled && e.Cached:
		return e.Program + ": compiled (cached)"
	case p.Step == verify.Compiling && e.Kind == judge.Compiled:
		return e.Program + ": compiled in " + seconds(e.Wall)
	case p.Step == verify.Running && e.Kind == judge.Case:
		text := fmt.Sprintf("%s on %s: %s, %s", e.Submission, e.Case, e.Verdict, seconds(e.CPU))
		if e.Cached {
			text += " (cached)"
		}
		return text
	}
	return ""
}

// cut shortens a line to so many columns.
func cut(text string, width int) string {
	if width <= 0 || style.Width(text) <= width {
		return text
	}
	var out strings.Builder
	for _, r := range text {
		if style.Width(out.String()+string(r)) > width-1 {
			break
		}
		out.WriteRune(r)
	}
	return out.String() + "…"
}
