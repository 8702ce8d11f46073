//go:build !linux

package isolate

import (
	"io"
	"os"
)

// Input copies r into an unlinked temporary file and returns it, ready to be
// read from its start.
func Input(r io.Reader) (*os.File, error) {
	f, err := Output()
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return nil, err
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

// Output returns an empty unlinked temporary file, for a program to write to.
// Read it with ReadAt: the program shares its offset.
func Output() (*os.File, error) {
	f, err := os.CreateTemp("", "evalx-")
	if err != nil {
		return nil, err
	}
	return f, os.Remove(f.Name())
}
