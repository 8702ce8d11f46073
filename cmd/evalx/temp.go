package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/evalx/evalx/internal/cache"
)

const (
	tempPattern = "evalx-*"
	lockName    = "lock"
	// bare is how long a folder may be without a lock file: its process has
	// just made it.
	bare = time.Minute
)

// tempFolder makes a folder for this process below parent, which remove
// removes. Folders that killed processes left there are removed first. A
// folder belongs to a living process as long as its lock file is locked: the
// kernel unlocks it whatever the process dies of. A parent in which others
// could put another folder in its place is refused: they would decide what is
// judged.
func tempFolder(io *streams, parent string) (dir string, remove func(), err error) {
	if parent, err = filepath.Abs(parent); err != nil {
		return "", nil, err
	}
	if err := cache.TrustedWay(parent); err != nil {
		return "", nil, &advised{fmt.Errorf("make a temporary folder: %w", err), "set TMPDIR to a folder of your own"}
	}
	removeStale(io, parent)
	dir, err = os.MkdirTemp(parent, tempPattern)
	if err != nil {
		return "", nil, &advised{fmt.Errorf("make a temporary folder: %w", err), "set TMPDIR to a folder that you can write to, on a disk with free space"}
	}
	lock, err := lockFolder(dir)
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("lock the temporary folder: %w", err)
	}
	return dir, func() {
		removeFolder(dir)
		lock.Close()
	}, nil
}

// removeFolder removes a folder, its lock last: who is killed meanwhile leaves
// one that the next process knows for what it is.
func removeFolder(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.Name() != lockName {
			os.RemoveAll(filepath.Join(dir, e.Name()))
		}
	}
	os.RemoveAll(dir)
}

// lockFolder gives a folder its lock. The file is locked before it gets its
// name, so that one which is not locked is that of a dead process.
func lockFolder(dir string) (*os.File, error) {
	nameless := filepath.Join(dir, "new-"+lockName)
	lock, err := os.Create(nameless)
	if err != nil {
		return nil, err
	}
	if err := errors.Join(flock(lock), os.Rename(nameless, filepath.Join(dir, lockName))); err != nil {
		lock.Close()
		return nil, err
	}
	return lock, nil
}

func flock(f *os.File) error {
	for {
		err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if !errors.Is(err, syscall.EINTR) {
			return err
		}
	}
}

// removeStale removes the folders of dead processes of the same user.
func removeStale(io *streams, parent string) {
	dirs, err := filepath.Glob(filepath.Join(parent, tempPattern))
	if err != nil {
		return
	}
	for _, dir := range dirs {
		info, err := os.Lstat(dir)
		if err != nil || !info.IsDir() {
			continue
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) != os.Geteuid() {
			continue
		}
		if abandoned(dir, io.Now().Sub(info.ModTime())) {
			removeFolder(dir)
		}
	}
}

// abandoned tells whether a folder of this age is one of ours whose process is
// dead.
func abandoned(dir string, age time.Duration) bool {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return age > bare && neverLocked(dir)
	}
	defer lock.Close()
	return flock(lock) == nil
}

// neverLocked tells whether a folder is as lockFolder leaves it when its
// process is killed meanwhile.
func neverLocked(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && (len(entries) == 0 || len(entries) == 1 && entries[0].Name() == "new-"+lockName)
}
