package cache

import (
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// Names in the cache.
const (
	unfinished   = "new-" // begins the name of what is being written
	folderSuffix = ".d"   // ends the name of an entry that is a folder
	lockSuffix   = ".lock"
	contentName  = "content"
	listName     = "list"
)

// Folder returns the folder that is kept under key. If there is none, or it is
// damaged, fill is given an empty one to put files into, which is kept if it
// returns no error. The caller must not change what is in it; until Close,
// nobody removes it. While another process fills it, Folder does not wait and
// returns "", without an error: it is worth time and nothing else.
func (l *Local) Folder(key string, fill func(dir string) error) (string, error) {
	path, err := l.path(key)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	lock, err := l.lock(path)
	if lock == nil || err != nil {
		return "", err
	}
	dir := filepath.Join(path+folderSuffix, contentName)
	if whole(path + folderSuffix) {
		if info, err := os.Lstat(path + folderSuffix); err == nil {
			l.touch(path+folderSuffix, info)
		}
		return dir, nil
	}
	if !flock(lock, syscall.LOCK_EX) {
		return "", nil
	}
	defer flock(lock, syscall.LOCK_SH)
	if err := l.fill(path+folderSuffix, fill); err != nil {
		return "", err
	}
	_ = l.pruneNowAndThen() // the folder is there all the same
	return dir, nil
}

// lock takes a shared lock, which keeps an entry from being removed. It
// returns nil if the entry is being made or removed.
func (l *Local) lock(path string) (*os.File, error) {
	if lock := l.locks[path]; lock != nil {
		return lock, nil
	}
	lock, err := os.OpenFile(path+lockSuffix, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	if !flock(lock, syscall.LOCK_SH) {
		return nil, lock.Close()
	}
	l.locks[path] = lock
	return lock, nil
}

// flock takes or changes a lock without waiting, and tells whether it could.
// The kernel lets go of it when the process ends, whatever it dies of.
func flock(f *os.File, how int) bool {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err == nil
		}
	}
}

// fill makes the entry: the content, and beside it the list of what is in it.
func (l *Local) fill(path string, fill func(dir string) error) error {
	fresh, err := os.MkdirTemp(filepath.Dir(path), unfinished+"*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(fresh) // fails after the renaming, as it should
	content := filepath.Join(fresh, contentName)
	if err := os.Mkdir(content, 0o755); err != nil {
		return err
	}
	if err := fill(content); err != nil {
		return err
	}
	files, err := list(content)
	if err == nil {
		err = os.WriteFile(filepath.Join(fresh, listName), []byte(files), 0o600)
	}
	if err == nil {
		err = os.RemoveAll(path) // a damaged one
	}
	if err != nil {
		return err
	}
	return os.Rename(fresh, path)
}

// whole tells whether an entry is there and all that is in it is as it was
// made, and still nobody else's.
func whole(path string) bool {
	want, err := os.ReadFile(filepath.Join(path, listName))
	if err != nil {
		return false
	}
	got, err := list(filepath.Join(path, contentName))
	return err == nil && got == string(want)
}

// list describes all that is below dir. The checksum is meant to notice
// accidents; against other people there are the permissions.
func list(dir string) (string, error) {
	var lines strings.Builder
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		switch {
		case err != nil:
			return err
		case !private(info):
			return fmt.Errorf("%s: others can write to it", path)
		case info.IsDir():
			fmt.Fprintf(&lines, "%q %o\n", path[len(dir):], info.Mode())
			return nil
		case !info.Mode().IsRegular():
			return fmt.Errorf("%s: %w: not a file", path, fs.ErrInvalid)
		}
		sum, err := sumFile(path)
		fmt.Fprintf(&lines, "%q %o %d %08x\n", path[len(dir):], info.Mode(), info.Size(), sum)
		return err
	})
	return lines.String(), err
}

func sumFile(path string) (uint32, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	_, err = io.CopyBuffer(onlyWriter{sum}, f, make([]byte, 256<<10))
	return sum.Sum32(), err
}

// onlyWriter hides what else a writer can do, so that io.CopyBuffer uses its
// buffer.
type onlyWriter struct{ io.Writer }
