package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

const (
	tempPattern = "evalx-*"
	lockName    = "lock"
	// unlocked is how long a folder may be without its lock: its process has
	// just made it.
	unlocked = time.Minute
)

// tempFolder makes a folder for this process below parent, which remove
// removes. Folders that killed processes left there are removed first. A
// folder belongs to a living process as long as its lock file is locked: the
// kernel unlocks it whatever the process dies of.
func tempFolder(io *streams, parent string) (dir string, remove func(), err error) {
	removeStale(io, parent)
	dir, err = os.MkdirTemp(parent, tempPattern)
	if err != nil {
		return "", nil, &advised{fmt.Errorf("make a temporary folder: %w", err), "set TMPDIR to a folder that you can write to, on a disk with free space"}
	}
	lock, err := os.Create(filepath.Join(dir, lockName))
	if err == nil {
		err = flock(lock)
	}
	if err != nil {
		os.RemoveAll(dir)
		return "", nil, fmt.Errorf("lock the temporary folder: %w", err)
	}
	return dir, func() {
		os.RemoveAll(dir)
		lock.Close()
	}, nil
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
		if err != nil || !info.IsDir() || io.Now().Sub(info.ModTime()) < unlocked {
			continue
		}
		if stat, ok := info.Sys().(*syscall.Stat_t); !ok || int(stat.Uid) != os.Geteuid() {
			continue
		}
		removeUnlocked(dir)
	}
}

func removeUnlocked(dir string) {
	lock, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return // not one of ours
	}
	defer lock.Close()
	if flock(lock) == nil {
		os.RemoveAll(dir)
	}
}
