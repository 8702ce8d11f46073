//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// Where the writable folders are. /tmp and /dev/shm are links into it.
const writableRoot = "/w"

// writable is the tmpfs that holds the writable folders of a run.
type writable struct {
	owner int // of the folders, inside
	box   int // descriptor of the working folder
	null  int // descriptor of /dev/null
	clean [len(writableFolders)]unix.Stat_t
	free  uint64 // inodes free when it was fresh
}

// writableFolders are its folders; the program may write to all but the first.
var writableFolders = [...]string{writableRoot, isolate.WorkDir, writableRoot + "/tmp", writableRoot + "/shm"}

func newWritable(rootless bool) (*writable, error) {
	null, err := unix.Open("/dev/null", unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open /dev/null: %w", err)
	}
	w := &writable{box: -1, null: null}
	if rootless {
		w.owner = insideID
	}
	return w, nil
}

// refresh makes the writable folders as they are at the start of a run.
func (w *writable) refresh(size space) error {
	if w.box >= 0 {
		unix.Close(w.box)
		w.box = -1
		if err := unmount(writableRoot); err != nil {
			return err
		}
	}
	// Some inodes are the three folders and the root.
	if err := mountTmpfs(writableRoot, space{size.Bytes, size.Inodes + 4}, "0755"); err != nil {
		return err
	}
	return w.fill()
}

func (w *writable) fill() (err error) {
	for _, dir := range writableFolders[1:] {
		if err := unix.Mkdir(dir, 0o777); err != nil {
			return fmt.Errorf("mkdir %s: %w", dir, err)
		}
		// The sticky bit and an owner that is not the program, where there is
		// one, keep it from changing the folder itself.
		if err := unix.Chmod(dir, 0o1777); err != nil {
			return fmt.Errorf("chmod %s: %w", dir, err)
		}
	}
	for i, dir := range writableFolders {
		if err := unix.Lstat(dir, &w.clean[i]); err != nil {
			return fmt.Errorf("stat %s: %w", dir, err)
		}
	}
	if w.box, err = unix.Open(isolate.WorkDir, unix.O_DIRECTORY|unix.O_RDONLY|unix.O_CLOEXEC, 0); err != nil {
		return fmt.Errorf("open %s: %w", isolate.WorkDir, err)
	}
	w.free, err = freeInodes()
	return err
}

// untouched tells whether no trace of a run is left: no file exists, and the
// folders are as they were. The spawner asks it after a run; nothing else uses
// w then, for evalx waits for the answer. Whatever changes a folder (entries that came and
// went, mode, owner, extended attributes) changes its ctime.
func (w *writable) untouched() bool {
	if free, err := freeInodes(); err != nil || free != w.free {
		return false
	}
	for i, dir := range writableFolders {
		var now unix.Stat_t
		if err := unix.Lstat(dir, &now); err != nil {
			return false
		}
		if now != w.clean[i] {
			return false
		}
		// An attribute set within the clock tick of the mount does not show.
		if n, err := unix.Llistxattr(dir, nil); err != nil || n != 0 {
			return false
		}
	}
	return true
}

func freeInodes() (uint64, error) {
	var stat unix.Statfs_t
	err := unix.Statfs(writableRoot, &stat)
	return stat.Ffree, err
}

// put makes a file or folder below the working folder. Nothing runs now, and
// the folder is fresh, so there are no links to be led astray by.
func (w *writable) put(name string, mode fs.FileMode, fds []int) error {
	target := filepath.Join(isolate.WorkDir, name)
	parent := filepath.Dir(target)
	if err := w.makeFolders(parent); err != nil {
		return err
	}
	if mode.IsDir() {
		return w.makeFolders(target)
	}
	if len(fds) != 1 {
		return errors.New("no content for " + name)
	}
	to, err := os.OpenFile(target, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode.Perm())
	if err != nil {
		return err
	}
	defer to.Close()
	if err := unix.Fchmod(int(to.Fd()), uint32(mode.Perm())); err != nil {
		return fmt.Errorf("chmod %s: %w", name, err)
	}
	from, err := dupFile(fds[0])
	if err != nil {
		return err
	}
	defer from.Close()
	if _, err := io.Copy(to, from); err != nil {
		return fmt.Errorf("copy %s: %w", name, err)
	}
	return w.giveAway(int(to.Fd()))
}

func (w *writable) makeFolders(dir string) error {
	if dir == isolate.WorkDir {
		return nil
	}
	if err := w.makeFolders(filepath.Dir(dir)); err != nil {
		return err
	}
	err := unix.Mkdir(dir, 0o777)
	if errors.Is(err, unix.EEXIST) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("mkdir %s: %w", dir, err)
	}
	return unix.Chmod(dir, 0o777)
}

// giveAway makes a file the program's own, so that it may change its mode.
func (w *writable) giveAway(fd int) error {
	if w.owner == insideID {
		return nil
	}
	return unix.Fchown(fd, insideID, insideID)
}

func dupFile(fd int) (*os.File, error) {
	dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("dup: %w", err)
	}
	return os.NewFile(uintptr(dup), "content"), nil
}
