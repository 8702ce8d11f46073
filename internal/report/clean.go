package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text that comes from a program or a package fit for a terminal:
// everything but printable characters, newlines and tabs is written as an
// escape such as \x1b or \u202e, so that it can neither steer the terminal
// nor turn the direction of what stands around it.
func Clean(text string) string {
	var out strings.Builder
	for text != "" {
		r, size := utf8.DecodeRuneInString(text)
		switch {
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&out, `\x%02x`, text[0])
		case r == '\n' || r == '\t' || unicode.IsPrint(r):
			out.WriteString(text[:size])
		case r < utf8.RuneSelf:
			fmt.Fprintf(&out, `\x%02x`, r)
		case r > 0xffff:
			fmt.Fprintf(&out, `\U%08x`, r)
		default:
			fmt.Fprintf(&out, `\u%04x`, r)
		}
		text = text[size:]
	}
	return out.String()
}

// cleanLines cleans text and keeps the line endings of Windows.
func cleanLines(text string) string {
	lines := strings.Split(text, "\r\n")
	for i, line := range lines {
		lines[i] = Clean(line)
	}
	return strings.Join(lines, "\r\n")
}

// oneLine cleans text and puts a space for every newline or tab.
func oneLine(text string) string {
	return Clean(strings.Join(strings.Fields(text), " "))
}
