//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"os"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// stdio is what a run is given as its three standard files. They are bare
// descriptors: the Go run-time would look at each os.File several times.
//
// What is a regular file for the caller, the program writes to a file in
// memory that is made for this run: a program can leave more on a file than
// its content (attributes, a mode, memory behind its end), which the next run
// would find, or stumble over. What it writes is charged to its cgroup for as
// long as it exists, so it is moved to the caller's file at the end; and
// caller and program never share an open file, whose offset and flags either
// could change under the other.
type stdio struct {
	fds   [3]int      // -1 is none
	ours  [2]int      // those of standard output and error that were made for the run; -1 if not
	moves [2]*os.File // where what stands in ours then belongs
}

// openStdio opens the standard files. Only regular files are replaced by our
// own: what is not one, such as a pipe, holds no memory to speak of. The
// result is the caller's to close even after an error.
func openStdio(cmd isolate.Cmd) (stdio, error) {
	std := stdio{fds: [3]int{-1, -1, -1}, ours: [2]int{-1, -1}}
	for i, given := range []*os.File{cmd.Stdin, cmd.Stdout, cmd.Stderr} {
		switch {
		case given == nil:
		case i == 2 && given == cmd.Stdout:
			std.fds[2] = std.fds[1]
		case i > 0 && isRegular(given):
			fd, err := unix.MemfdCreate("output", unix.MFD_CLOEXEC)
			if err != nil {
				return std, fmt.Errorf("make a file for output: %w", err)
			}
			std.fds[i], std.ours[i-1], std.moves[i-1] = fd, fd, given
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
func (s *stdio) deliver() error {
	var errs []error
	for i, fd := range s.ours {
		if fd >= 0 {
			errs = append(errs, move(s.moves[i], fd))
		}
	}
	return errors.Join(errs...)
}

// move appends from to to.
func move(to *os.File, from int) error {
	size, err := sizeOf(from)
	if err != nil {
		return err
	}
	for offset := int64(0); offset < size; {
		n, err := unix.Sendfile(int(to.Fd()), from, &offset, int(min(size-offset, 1<<30)))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return fmt.Errorf("copy output: %w", err)
		}
	}
	return nil
}

// tooLong tells whether the run wrote more than limit, if there is one.
func (s *stdio) tooLong(limit int64) bool {
	for _, fd := range s.ours {
		if fd < 0 || limit <= 0 {
			continue
		}
		if size, err := sizeOf(fd); err == nil && size > limit {
			return true
		}
	}
	return false
}

// replaced tells whether an output is a file that was made for the run.
func (s *stdio) replaced() bool { return s.ours[0] >= 0 || s.ours[1] >= 0 }

func sizeOf(fd int) (int64, error) {
	var stat unix.Stat_t
	err := unix.Fstat(fd, &stat)
	return stat.Size, err
}

func (s *stdio) close() {
	for _, fd := range s.ours {
		if fd >= 0 {
			unix.Close(fd)
		}
	}
}
