package isolate

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// pipeSize is how much a pipe between two programs holds: as much as most
// machines let everybody have, see fs.pipe-max-size in pipe(7).
const pipeSize = 1 << 20

// Pipe returns a pipe for joining two programs. keep is a second end for
// writing, which is not to be given away: as long as it is open the reader
// sees no end. Left tells whether all others are closed. keep is nil where the
// system cannot tell.
func Pipe() (read, write, keep *os.File, err error) {
	read, write, err = os.Pipe()
	if err != nil {
		return nil, nil, nil, fmt.Errorf("pipe: %w", err)
	}
	if keep, err = secondEnd(write); err != nil {
		return nil, nil, nil, errors.Join(err, read.Close(), write.Close())
	}
	return read, write, keep, nil
}

// secondEnd opens the pipe once more, and locks the end that there was: such a
// lock, see flock(2), lasts until every copy of that end is closed.
func secondEnd(write *os.File) (keep *os.File, err error) {
	raw, err := write.SyscallConn()
	if err != nil {
		return nil, err
	}
	control := raw.Control(func(fd uintptr) {
		// A user who has many pipes may have no more large ones: 64 KiB do as well.
		_, _ = unix.FcntlInt(fd, unix.F_SETPIPE_SZ, pipeSize)
		if err = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			err = fmt.Errorf("lock a pipe: %w", err)
			return
		}
		keep, err = os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", fd), os.O_WRONLY|unix.O_NONBLOCK, 0)
	})
	return keep, errors.Join(err, control)
}

// Left tells whether every end for writing but keep is closed.
func Left(keep *os.File) bool {
	left := false
	if raw, err := keep.SyscallConn(); err == nil {
		_ = raw.Control(func(fd uintptr) { left = unix.Flock(int(fd), unix.LOCK_EX|unix.LOCK_NB) == nil })
	}
	return left
}
