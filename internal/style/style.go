// Package style colours words for a terminal.
package style

import (
	"io"

	"github.com/charmbracelet/lipgloss"
	"github.com/mattn/go-isatty"
	"github.com/muesli/termenv"
)

// Style colours words. The zero value leaves them as they are.
type Style struct{ renderer *lipgloss.Renderer }

// New returns a Style that colours if color is set.
func New(w io.Writer, color bool) Style {
	if !color {
		return Style{}
	}
	// The profile and the background are stated, so that nothing asks the
	// terminal and waits for its answer.
	r := lipgloss.NewRenderer(w)
	r.SetColorProfile(termenv.ANSI)
	r.SetHasDarkBackground(true)
	return Style{r}
}

// Good is for what is as it should be.
func (s Style) Good(text string) string { return s.paint("2", true, text) }

// Bad is for failures.
func (s Style) Bad(text string) string { return s.paint("1", true, text) }

// Warn is for what needs attention.
func (s Style) Warn(text string) string { return s.paint("3", true, text) }

// Dim is for what matters less.
func (s Style) Dim(text string) string { return s.paint("8", false, text) }

func (s Style) paint(color string, bold bool, text string) string {
	if s.renderer == nil {
		return text
	}
	return s.renderer.NewStyle().Foreground(lipgloss.Color(color)).Bold(bold).Render(text)
}

// Terminal tells whether a stream, which may be anything, is a terminal.
func Terminal(stream any) bool {
	f, ok := stream.(interface{ Fd() uintptr })
	return ok && isatty.IsTerminal(f.Fd())
}

// Wanted tells whether w is a terminal that shows colours, and neither the
// environment variable NO_COLOR (https://no-color.org) nor TERM speaks against
// it. It asks the terminal nothing.
func Wanted(w io.Writer) bool {
	out := termenv.NewOutput(w)
	return !out.EnvNoColor() && out.ColorProfile() != termenv.Ascii
}
