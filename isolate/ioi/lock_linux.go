package ioi

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// lockPrefix begins the name of each lock file; the number of the box follows.
const lockPrefix = "evalx-isolate-"

// errTaken says that somebody else holds the lock.
var errTaken = errors.New("the box is taken")

// lockDir is a folder that is the same one for every user of the machine, and
// whose files go with the next start of the machine.
func lockDir() string {
	for _, dir := range []string{"/run/lock", "/dev/shm"} {
		if info, err := os.Stat(dir); err == nil && info.Mode()&(fs.ModeSticky|0o777) == fs.ModeSticky|0o777 {
			return dir
		}
	}
	return "/tmp"
}

// lock is the lock file of a box. As long as the box may have something in
// it, the file says which isolate made it: when evalx dies, the kernel lets
// go of the lock, and the next evalx finds what is to be cleaned up.
type lock struct{ file *os.File }

// lockBox takes the lock of a box, or returns errTaken.
func lockBox(dir string, id int) (*lock, error) {
	path := filepath.Join(dir, lockPrefix+strconv.Itoa(id))
	for {
		f, err := openLock(path)
		if err != nil {
			return nil, err
		}
		err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if err == nil && samePlace(f, path) {
			return &lock{f}, nil
		}
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, errTaken
		}
		if err != nil {
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
	}
}

// openLock opens or makes the file. They are two steps because the kernel
// does not let O_CREAT open another user's file in a folder such as this one,
// see fs.protected_regular in proc_sys_fs(5). What is not a file of this very
// user takes the box, whatever it is: others could write into it whose box it
// is, and have us clean up a stranger's.
func openLock(path string) (*os.File, error) {
	const flags = os.O_RDWR | unix.O_NOFOLLOW | unix.O_NONBLOCK
	f, err := os.OpenFile(path, flags, 0)
	if errors.Is(err, fs.ErrNotExist) {
		f, err = os.OpenFile(path, flags|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			return nil, errTaken
		}
		if err != nil {
			return nil, fmt.Errorf("lock file: %w", err)
		}
		return f, nil
	}
	if err != nil {
		return nil, errTaken
	}
	if !onlyOurs(f) {
		f.Close()
		return nil, errTaken
	}
	return f, nil
}

// onlyOurs tells whether a file is a regular one of this user that nobody else
// can write to, and has no other name.
func onlyOurs(f *os.File) bool {
	var stat unix.Stat_t
	err := unix.Fstat(int(f.Fd()), &stat)
	return err == nil && stat.Mode&unix.S_IFMT == unix.S_IFREG && stat.Mode&0o022 == 0 &&
		int(stat.Uid) == os.Geteuid() && stat.Nlink == 1
}

// samePlace tells whether the file is still the one at path: who held the
// lock before may have removed it.
func samePlace(f *os.File, path string) bool {
	a, err := f.Stat()
	if err != nil {
		return false
	}
	b, err := os.Lstat(path)
	return err == nil && os.SameFile(a, b)
}

// owner returns what was noted by note, or "".
func (l *lock) owner() string {
	text, _ := io.ReadAll(io.NewSectionReader(l.file, 0, 4096))
	return strings.TrimSpace(string(text))
}

// note says whose box it is.
func (l *lock) note(owner string) error {
	if err := l.file.Truncate(0); err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	if _, err := l.file.WriteAt([]byte(owner+"\n"), 0); err != nil {
		return fmt.Errorf("lock file: %w", err)
	}
	return nil
}

// release lets go of the lock. The file stays if the box may have something
// in it.
func (l *lock) release(empty bool) {
	if empty {
		os.Remove(l.file.Name())
	}
	l.file.Close()
}
