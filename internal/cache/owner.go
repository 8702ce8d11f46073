package cache

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// trusted returns an error if anybody but this user and root could change dir,
// or put something else in its place: every folder on the way to it, and every
// link, must belong to one of the two and be writable for nobody else. In a
// folder with the sticky bit, such as /tmp, others cannot touch what is ours.
// What does not exist yet is fine.
func trusted(dir string) error {
	if info, err := os.Lstat(dir); err == nil {
		if !info.IsDir() {
			return fmt.Errorf("%s: %w: it is not a folder", dir, fs.ErrInvalid)
		}
		if !ours(info) {
			return fmt.Errorf("%s: it belongs to user %d, and you are user %d", dir, owner(info), os.Geteuid())
		}
		if !private(info) {
			return fmt.Errorf("%s: others can write to it: chmod 700 %[1]s", dir)
		}
	}
	return TrustedWay(dir)
}

// TrustedWay returns an error if anybody but this user and root could put
// something else in the place of what this user makes in dir, which must be an
// absolute path. In a folder with the sticky bit, such as /tmp, they cannot.
func TrustedWay(dir string) error {
	if err := trustedWay(dir); err != nil {
		return err
	}
	real, err := filepath.EvalSymlinks(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return trustedWay(real)
}

// trustedWay checks each part of a path on its own.
func trustedWay(path string) error {
	for part := path; ; part = filepath.Dir(part) {
		info, err := os.Lstat(part)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return err
		case !ours(info) && owner(info) != 0:
			return fmt.Errorf("%s: it belongs to user %d, who could change what is below it", part, owner(info))
		case info.Mode()&fs.ModeSymlink == 0 && info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0:
			return fmt.Errorf("%s: others can write to it, and so change what is below it: chmod go-w %[1]s", part)
		}
		if part == filepath.Dir(part) {
			return nil
		}
	}
}

// private tells whether a file belongs to this user and nobody else can write
// to it.
func private(info fs.FileInfo) bool {
	return ours(info) && info.Mode().Perm()&0o022 == 0
}

// ours tells whether a file belongs to the user of this process.
func ours(info fs.FileInfo) bool { return owner(info) == os.Geteuid() }

// owner returns the number of the user that a file belongs to, -1 if that
// cannot be told.
func owner(info fs.FileInfo) int {
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(stat.Uid)
	}
	return -1
}
