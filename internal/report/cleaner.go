package report

import (
	"io"
	"unicode/utf8"
)

// Cleaner is a writer that passes on what Clean makes of a stream of text. It
// leaves the carriage return of a Windows line ending as it is. Flush has to
// be called at the end.
type Cleaner struct {
	Out  io.Writer
	rest []byte // the beginning of a character, or of a line ending
}

// Write cleans data and passes it on, but for a character that is not complete.
func (c *Cleaner) Write(data []byte) (int, error) {
	text := append(c.rest, data...)
	n := complete(text)
	c.rest = append([]byte(nil), text[n:]...)
	if _, err := io.WriteString(c.Out, cleanLines(string(text[:n]))); err != nil {
		return 0, err
	}
	return len(data), nil
}

// Flush passes on what is left.
func (c *Cleaner) Flush() error {
	text := Clean(string(c.rest))
	c.rest = nil
	_, err := io.WriteString(c.Out, text)
	return err
}

// complete returns how many bytes of text form whole characters.
func complete(text []byte) int {
	for back := 1; back <= min(len(text), utf8.UTFMax); back++ {
		at := len(text) - back
		switch {
		case back == 1 && text[at] == '\r':
			return at
		case utf8.RuneStart(text[at]):
			if utf8.FullRune(text[at:]) {
				return len(text)
			}
			return at
		}
	}
	return len(text)
}
