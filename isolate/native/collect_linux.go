//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// Bounds on what is collected from a working folder, which its inode limit
// does not give: depth costs stack here.
const maxDepth = 64

// collect hands the regular files below the folder box to give. The folder was
// written by untrusted code, all of it dead by now: every step is relative to
// an open folder, resolves no links and opens nothing but what lstat said is
// a regular file or a folder; see openat2(2). What cannot be read is dropped
// like links and special files, for it is the program's own doing.
//
// Sparse files and hard links make much of little, so what is handed out is
// bounded by the space that the run had; beyond it collect stops with
// errTooMuch.
func collect(box int, give isolate.Collect, size space) error {
	root, err := openBeneath(box, ".", unix.O_DIRECTORY)
	if err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	defer root.Close()
	c := collector{give: give, left: size}
	return c.folder(root, "", 0)
}

var errTooMuch = errors.New("more files than the run had space for")

// collector is one walk; left is how much it may still hand out.
type collector struct {
	give isolate.Collect
	left space
}

func (c *collector) folder(dir *os.File, prefix string, depth int) error {
	names, err := dir.Readdirnames(-1)
	if err != nil || depth > maxDepth {
		return nil
	}
	slices.Sort(names)
	for _, name := range names {
		if err := c.entry(dir, name, path.Join(prefix, name), depth); err != nil {
			return err
		}
	}
	return nil
}

func (c *collector) entry(dir *os.File, name, full string, depth int) error {
	var stat unix.Stat_t
	if err := unix.Fstatat(int(dir.Fd()), name, &stat, unix.AT_SYMLINK_NOFOLLOW); err != nil {
		return nil
	}
	switch stat.Mode & unix.S_IFMT {
	case unix.S_IFDIR:
		sub, err := openBeneath(int(dir.Fd()), name, unix.O_DIRECTORY)
		if err != nil {
			return nil
		}
		defer sub.Close()
		return c.folder(sub, full, depth+1)
	case unix.S_IFREG:
		f, err := openBeneath(int(dir.Fd()), name, unix.O_NONBLOCK)
		if err != nil {
			return nil
		}
		defer f.Close()
		if c.left.Bytes, c.left.Inodes = c.left.Bytes-stat.Size, c.left.Inodes-1; c.left.Bytes < 0 || c.left.Inodes < 0 {
			return errTooMuch
		}
		return c.give(full, fs.FileMode(stat.Mode&0o777), stat.Size, io.LimitReader(f, stat.Size))
	}
	return nil
}

func openBeneath(dir int, name string, flags uint64) (*os.File, error) {
	how := unix.OpenHow{
		Flags:   unix.O_RDONLY | unix.O_CLOEXEC | unix.O_NOFOLLOW | flags,
		Resolve: unix.RESOLVE_BENEATH | unix.RESOLVE_NO_SYMLINKS | unix.RESOLVE_NO_MAGICLINKS | unix.RESOLVE_NO_XDEV,
	}
	for {
		fd, err := unix.Openat2(dir, name, &how)
		if errors.Is(err, unix.EINTR) || errors.Is(err, unix.EAGAIN) {
			continue
		}
		if err != nil {
			return nil, err
		}
		return os.NewFile(uintptr(fd), name), nil
	}
}
