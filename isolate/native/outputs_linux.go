//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// outputs are the two files in memory that a worker's programs write their
// standard output and error to. What a program writes is charged to its
// cgroup for as long as it exists, so it is moved to the caller's files and
// dropped at the end of the run; and caller and program never share an open
// file, whose offset and flags either could change under the other.
type outputs [2]*os.File

func newOutputs() (o outputs, err error) {
	for i := range o {
		if o[i], err = isolate.Output(); err != nil {
			return o, err
		}
	}
	return o, nil
}

// stdio is what a run is given as its three standard files. They are bare
// descriptors: the Go run-time would look at each os.File several times.
type stdio struct {
	fds    [3]int      // -1 is none
	opened []int       // those of them that are to be closed after the run
	moves  [2]*os.File // where what stands in outputs then belongs; nil if nothing will
}

// stdio opens the standard files. Only regular files are replaced by our own:
// what is not one, such as a pipe, holds no memory to speak of. What is opened
// is the caller's to close even after an error.
func (o *outputs) stdio(cmd isolate.Cmd) (std stdio, err error) {
	for i, given := range []*os.File{cmd.Stdin, cmd.Stdout, cmd.Stderr} {
		switch {
		case given == nil:
			std.fds[i] = -1
		case i == 2 && given == cmd.Stdout:
			std.fds[2] = std.fds[1]
		case i > 0 && isRegular(given):
			// A fresh description: a program may have changed the flags of the last.
			std.fds[i], err = unix.Open("/proc/self/fd/"+strconv.Itoa(int(o[i-1].Fd())), unix.O_RDWR|unix.O_CLOEXEC, 0)
			if err != nil {
				return std, fmt.Errorf("open standard files: %w", err)
			}
			std.opened = append(std.opened, std.fds[i])
			std.moves[i-1] = given
		default:
			std.fds[i] = int(given.Fd())
		}
	}
	return std, nil
}

func isRegular(f *os.File) bool {
	var stat unix.Stat_t
	return unix.Fstat(int(f.Fd()), &stat) == nil && stat.Mode&unix.S_IFMT == unix.S_IFREG
}

// deliver moves what was written to where it belongs. Nobody writes any more.
func (o *outputs) deliver(std stdio) error {
	var errs []error
	for i, to := range std.moves {
		if to != nil {
			errs = append(errs, move(to, o[i]))
		}
	}
	return errors.Join(errs...)
}

// move appends from to to and empties it.
func move(to, from *os.File) error {
	size, err := sizeOf(from)
	if err != nil || size == 0 {
		return err
	}
	for offset := int64(0); offset < size; {
		n, err := unix.Sendfile(int(to.Fd()), int(from.Fd()), &offset, int(min(size-offset, 1<<30)))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return fmt.Errorf("copy output: %w", err)
		}
	}
	return from.Truncate(0)
}

// tooLong tells whether the run wrote more than limit, if there is one.
func (o *outputs) tooLong(std stdio, limit int64) bool {
	for i, to := range std.moves {
		if to == nil || limit <= 0 {
			continue
		}
		if size, err := sizeOf(o[i]); err == nil && size > limit {
			return true
		}
	}
	return false
}

func sizeOf(f *os.File) (int64, error) {
	var stat unix.Stat_t
	err := unix.Fstat(int(f.Fd()), &stat)
	return stat.Size, err
}

func (o *outputs) close() {
	for _, f := range o {
		if f != nil {
			f.Close()
		}
	}
}
