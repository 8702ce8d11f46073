//go:build linux && (amd64 || arm64)

package native

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// A meter bounds and measures what a worker's runs use. There is one for each
// of cgroup v1, cgroup v2, and neither.
type meter interface {
	// start prepares for a run with these limits. On cgroup v2 it returns the
	// descriptor of the folder that the run is to be born in, otherwise -1.
	start(l isolate.Limits) (int, error)
	// read returns what the run has used so far.
	read() (usage, error)
	// finish returns what the run used, after all its processes are dead.
	finish(r *reply) (usage, error)
	// close removes what the meter made. The worker is dead by then.
	close() error
}

// usage is what a run has used.
type usage struct {
	cpu    time.Duration
	memory int64 // peak, bytes
	oom    bool  // a process was, or must be, killed for want of memory
}

// controlFile is a cgroup file that is kept open: opening it costs more than
// reading it.
type controlFile struct {
	fd   int
	path string
}

func openControl(dir, name string, flags int) (controlFile, error) {
	path := filepath.Join(dir, name)
	fd, err := unix.Open(path, flags|unix.O_CLOEXEC, 0)
	if err != nil {
		return controlFile{}, fmt.Errorf("open %s: %w", path, err)
	}
	return controlFile{fd, path}, nil
}

func (f controlFile) write(value string) error {
	// Lowering a limit reclaims memory, which takes long enough to be interrupted.
	err := ignoringEINTR(func() error {
		_, err := unix.Pwrite(f.fd, []byte(value), 0)
		return err
	})
	if err != nil {
		return fmt.Errorf("write %q to %s: %w", value, f.path, err)
	}
	return nil
}

func (f controlFile) contents(buf []byte) ([]byte, error) {
	var n int
	err := ignoringEINTR(func() (err error) {
		n, err = unix.Pread(f.fd, buf, 0)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.path, err)
	}
	return buf[:n], nil
}

// number reads a file that holds one number.
func (f controlFile) number() (int64, error) {
	var buf [32]byte
	data, err := f.contents(buf[:])
	if err != nil {
		return 0, err
	}
	n, err := strconv.ParseInt(string(bytes.TrimSpace(data)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", f.path, err)
	}
	return n, nil
}

// field reads the number behind name in a file of "name number" lines.
func (f controlFile) field(name string) (int64, error) {
	var buf [1024]byte
	data, err := f.contents(buf[:])
	if err != nil {
		return 0, err
	}
	for line := range bytes.Lines(data) {
		key, value, _ := bytes.Cut(bytes.TrimSpace(line), []byte(" "))
		if string(key) == name {
			return strconv.ParseInt(string(value), 10, 64)
		}
	}
	return 0, fmt.Errorf("%s has no %s", f.path, name)
}

func (f controlFile) close() {
	if f.path != "" {
		unix.Close(f.fd)
	}
}

// removeCgroup removes an empty cgroup. The kernel may still be busy with its
// last process for a moment.
func removeCgroup(dir string) error {
	var err error
	for try := range 50 {
		if err = os.Remove(dir); err == nil || os.IsNotExist(err) {
			return nil
		}
		time.Sleep(time.Duration(try) * time.Millisecond)
	}
	return fmt.Errorf("remove cgroup: %w", err)
}
