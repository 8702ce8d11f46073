//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
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
func collect(box int, give isolate.Collect) error {
	root, err := openBeneath(box, ".", unix.O_DIRECTORY)
	if err != nil {
		return fmt.Errorf("collect: %w", err)
	}
	defer root.Close()
	return collectFolder(root, "", 0, give)
}

func collectFolder(dir *os.File, prefix string, depth int, give isolate.Collect) error {
	names, err := dir.Readdirnames(-1)
	if err != nil || depth > maxDepth {
		return nil
	}
	slices.Sort(names)
	for _, name := range names {
		if err := collectEntry(dir, name, path.Join(prefix, name), depth, give); err != nil {
			return err
		}
	}
	return nil
}

func collectEntry(dir *os.File, name, full string, depth int, give isolate.Collect) error {
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
		return collectFolder(sub, full, depth+1, give)
	case unix.S_IFREG:
		f, err := openBeneath(int(dir.Fd()), name, unix.O_NONBLOCK)
		if err != nil {
			return nil
		}
		defer f.Close()
		return give(full, fs.FileMode(stat.Mode&0o777), stat.Size, f)
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
