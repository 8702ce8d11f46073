package collect

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"

	"golang.org/x/sys/unix"
)

// maxDepth bounds what an inode limit does not: depth costs stack here.
const maxDepth = 64

// ErrTooMuch is wrapped by the error of a collection that was stopped because
// there was more than it may hand out.
var ErrTooMuch = errors.New("more files than the run had space for")

// Files hands the regular files below the open folder box to give, by their
// path relative to it, in lexical order. What cannot be read is dropped like
// links and special files, for it is the program's own doing.
//
// Sparse files and hard links make much of little, so what is handed out is
// bounded by the space that the run had: beyond bytes or files, it stops with
// ErrTooMuch.
func Files(box int, give func(path string, mode fs.FileMode, size int64, content io.Reader) error, bytes, files int64) error {
	root, err := openBeneath(box, ".", unix.O_DIRECTORY)
	if err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	defer root.Close()
	c := collector{give: give, bytes: bytes, files: files}
	return c.folder(root, "", 0)
}

// collector is one walk; bytes and files are what it may still hand out.
type collector struct {
	give         func(path string, mode fs.FileMode, size int64, content io.Reader) error
	bytes, files int64
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
		if c.bytes, c.files = c.bytes-stat.Size, c.files-1; c.bytes < 0 || c.files < 0 {
			return ErrTooMuch
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
