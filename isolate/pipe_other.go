//go:build !linux

package isolate

import "os"

// Pipe returns a pipe for joining two programs. keep is nil: it is not known
// here when all ends for writing are closed.
func Pipe() (read, write, keep *os.File, err error) {
	read, write, err = os.Pipe()
	return read, write, nil, err
}

// Left tells whether every end for writing but keep is closed.
func Left(*os.File) bool { return false }
