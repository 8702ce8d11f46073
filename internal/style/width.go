package style

import (
	"github.com/charmbracelet/lipgloss"
	"github.com/charmbracelet/x/term"
)

// Width returns how many columns of a terminal text takes: two for a wide
// letter, none for one that joins the letter before it, none for colours.
func Width(text string) int { return lipgloss.Width(text) }

// Columns returns how wide the terminal is that a stream writes to; 0 if it is
// none, or does not say.
func Columns(stream any) int {
	f, ok := stream.(interface{ Fd() uintptr })
	if !ok || !Terminal(stream) {
		return 0
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil {
		return 0
	}
	return max(width, 0)
}
