package none

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/evalx/evalx/isolate"
)

// copyIn puts files below the folder box.
func copyIn(box string, files []isolate.File) error {
	for _, f := range files {
		if err := copyFile(filepath.Join(box, filepath.FromSlash(f.Path)), f); err != nil {
			return fmt.Errorf("copy %s into the working folder: %w", f.Path, err)
		}
	}
	return nil
}

func copyFile(target string, f isolate.File) error {
	if f.Mode.IsDir() {
		return os.MkdirAll(target, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	var content io.Reader = bytes.NewReader(f.Data)
	if f.Source != "" {
		in, err := os.Open(f.Source)
		if err != nil {
			return err
		}
		defer in.Close()
		content = in
	}
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, content)
	// Chmod, because the mode that a file is made with is cut by the umask.
	return errors.Join(err, out.Chmod(f.Mode.Perm()), out.Close())
}

// collect hands every regular file below box to take.
func collect(box string, take isolate.Collect) error {
	return filepath.WalkDir(box, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		// Not following links and not blocking on a pipe: a process that
		// outlived the run may have replaced the file.
		f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
		if err != nil {
			return err
		}
		defer f.Close()
		info, err := f.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return err
		}
		name, err := filepath.Rel(box, path)
		if err != nil {
			return err
		}
		return take(filepath.ToSlash(name), info.Mode().Perm(), info.Size(), f)
	})
}

// removeAll removes a folder, also if the program made parts of it read-only.
func removeAll(dir string) {
	if os.RemoveAll(dir) == nil {
		return
	}
	filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	os.RemoveAll(dir)
}
