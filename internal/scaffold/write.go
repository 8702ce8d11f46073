package scaffold

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// ErrExists is wrapped by the error of Write where something is in the way.
var ErrExists = errors.New("exists")

// Write makes the folder dir with the files in it, all of them or, with an
// error, nothing: what is made before ctx is done is removed again. The folder
// above dir has to be there; dir itself may be there if it is empty.
func Write(ctx context.Context, dir string, files []File) error {
	parent := filepath.Dir(dir)
	temp, err := os.MkdirTemp(parent, ".evalx-new-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temp) // is dir by then, if all went well
	for _, f := range files {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		name := filepath.Join(temp, filepath.FromSlash(f.Path))
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, f.Data, 0o644)); err != nil {
			return err
		}
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return err
	}
	// Not os.Rename, which refuses to replace an empty folder. rename(2)
	// replaces that and no other, in one step.
	err = syscall.Rename(temp, dir)
	switch {
	case errors.Is(err, syscall.ENOTEMPTY), errors.Is(err, syscall.EEXIST), errors.Is(err, syscall.ENOTDIR):
		return fmt.Errorf("%s %w", dir, ErrExists)
	case err != nil:
		return &fs.PathError{Op: "make", Path: dir, Err: err}
	}
	return nil
}
