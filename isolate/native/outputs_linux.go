//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"os"

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

// stdio opens what a run is given as its three standard files; nil means none.
// Only regular files are replaced by our own: what is not one, such as a pipe,
// holds no memory to speak of. The files are the caller's to close.
func (o *outputs) stdio(cmd isolate.Cmd) (files [3]*os.File, err error) {
	for i, given := range []*os.File{cmd.Stdin, cmd.Stdout, cmd.Stderr} {
		switch {
		case given == nil:
			continue
		case i == 2 && given == cmd.Stdout:
			files[i], err = reopen(files[1])
		case i > 0 && isRegular(given):
			// A fresh description: a program may have changed the flags of the last.
			files[i], err = os.OpenFile(fmt.Sprintf("/proc/self/fd/%d", o[i-1].Fd()), os.O_RDWR, 0)
		default:
			files[i], err = reopen(given)
		}
		if err != nil {
			closeFiles(files)
			return files, fmt.Errorf("open standard files: %w", err)
		}
	}
	return files, nil
}

// reopen duplicates the descriptor; the description stays shared.
func reopen(f *os.File) (*os.File, error) { return dupFile(int(f.Fd())) }

func isRegular(f *os.File) bool {
	info, err := f.Stat()
	return err == nil && info.Mode().IsRegular()
}

func closeFiles(files [3]*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

// deliver moves what was written to the caller's files. Nobody writes any more.
func (o *outputs) deliver(cmd isolate.Cmd) error {
	var errs []error
	for i, to := range []*os.File{cmd.Stdout, cmd.Stderr} {
		if to != nil && isRegular(to) {
			errs = append(errs, move(to, o[i]))
		}
	}
	return errors.Join(errs...)
}

// move appends from to to and empties it.
func move(to, from *os.File) error {
	info, err := from.Stat()
	if err != nil || info.Size() == 0 {
		return err
	}
	for offset := int64(0); offset < info.Size(); {
		n, err := unix.Sendfile(int(to.Fd()), int(from.Fd()), &offset, int(min(info.Size()-offset, 1<<30)))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil || n == 0 {
			return fmt.Errorf("copy output: %w", err)
		}
	}
	return from.Truncate(0)
}

// tooLong tells whether the run wrote more than it may.
func (o *outputs) tooLong(cmd isolate.Cmd) bool {
	for _, f := range o {
		if info, err := f.Stat(); err == nil && cmd.Limits.Output > 0 && info.Size() > cmd.Limits.Output {
			return true
		}
	}
	return false
}

func (o *outputs) close() {
	for _, f := range o {
		if f != nil {
			f.Close()
		}
	}
}
