package doctor

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// LookAt looks at a folder that evalx writes to, without making it: if it is
// not there, at the nearest one above it. A private one must not be writable
// to others.
func LookAt(use, path string, private bool, fix string) Folder {
	f := Folder{Use: use, Path: path, Fix: fix, Inodes: -1}
	there, info, err := nearest(path)
	switch {
	case err != nil:
		f.Err = err
	case !info.IsDir():
		f.Err = fmt.Errorf("%s is not a folder", there)
	case private && there == path && (info.Mode().Perm()&0o022 != 0 || !ours(info)):
		f.Err, f.Fix = fmt.Errorf("%s: others can write to it, so it is not used", path), fmt.Sprintf("chmod 700 %s, or: %s", path, fix)
	case !writable(there):
		f.Err = fmt.Errorf("%s: you cannot write there", there)
	default:
		f.Err = f.space(there)
	}
	return f
}

// nearest returns path, or what is nearest above it.
func nearest(path string) (string, fs.FileInfo, error) {
	for {
		info, err := os.Stat(path)
		if !errors.Is(err, fs.ErrNotExist) || path == filepath.Dir(path) {
			return path, info, err
		}
		path = filepath.Dir(path)
	}
}

func ours(info fs.FileInfo) bool {
	stat, ok := info.Sys().(*syscall.Stat_t)
	return ok && int(stat.Uid) == os.Geteuid()
}

// writable tries it out: permissions do not say all.
func writable(dir string) bool {
	f, err := os.CreateTemp(dir, ".evalx-doctor-*")
	if err != nil {
		return false
	}
	return errors.Join(f.Close(), os.Remove(f.Name())) == nil
}
