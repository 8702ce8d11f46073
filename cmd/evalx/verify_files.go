package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/verify"
)

// outputFiles are the files that evalx verify writes; "" for none.
type outputFiles struct{ JUnit, SARIF string }

// validate finds before hours of work what could not be written after them.
func (f outputFiles) validate() error {
	for name, path := range map[string]string{"junit": f.JUnit, "sarif": f.SARIF} {
		if path == "" {
			continue
		}
		if path == "-" {
			return &usageError{fmt.Errorf("--%s -: standard output has the results already", name), "name a file; --json prints to standard output"}
		}
		info, err := os.Stat(filepath.Dir(path))
		if err == nil && !info.IsDir() {
			err = errors.New("not a folder")
		}
		if err != nil {
			return &usageError{fmt.Errorf("--%s %s: %w", name, path, err), "make the folder first"}
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return &usageError{fmt.Errorf("--%s %s: is a folder", name, path), "name a file"}
		}
	}
	return nil
}

// write writes the files, each as a whole or not at all.
func (f outputFiles) write(reports []*verify.Report, root report.Root, begun time.Time) error {
	var failed []error
	if f.JUnit != "" {
		failed = append(failed, writeWhole(f.JUnit, func(w io.Writer) error { return report.WriteJUnit(w, reports, begun) }))
	}
	if f.SARIF != "" {
		failed = append(failed, writeWhole(f.SARIF, func(w io.Writer) error { return report.WriteSARIF(w, reports, root, version()) }))
	}
	return errors.Join(failed...)
}

// writeWhole writes a file under another name and gives it its own when it is
// complete. Devices and pipes are written to as they are.
func writeWhole(path string, write func(io.Writer) error) error {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return writeTo(path, os.O_WRONLY, write)
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".evalx-*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(temp.Name())
	err = errors.Join(write(temp), temp.Chmod(0o644), temp.Close())
	if err == nil {
		err = os.Rename(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func writeTo(path string, flags int, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, flags, 0o644)
	if err != nil {
		return err
	}
	if err := errors.Join(write(f), f.Close()); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// appendSummary adds to the summary of a job of GitHub Actions.
func appendSummary(path string, reports []*verify.Report) error {
	if path == "" {
		return nil
	}
	return writeTo(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, func(w io.Writer) error { return report.WriteMarkdown(w, reports) })
}

// root finds the repository that annotations and SARIF name files in: the
// workspace of the job, or else the folder with .git around the current one,
// or else the current one.
func (o *verifyOptions) root() (report.Root, error) {
	dir, err := os.Getwd()
	if err != nil {
		return report.Root{}, fmt.Errorf("find the current folder: %w", err)
	}
	workspace := ""
	if o.GitHub {
		workspace = o.io.Env("GITHUB_WORKSPACE")
	}
	return report.Root{Repository: cmp.Or(workspace, repositoryAt(dir), dir), Dir: dir}, nil
}

// repositoryAt returns the nearest folder, from dir upwards, that has .git in
// it; "" if there is none.
func repositoryAt(dir string) string {
	for {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); !errors.Is(err, fs.ErrNotExist) {
			return dir
		}
		up := filepath.Dir(dir)
		if up == dir {
			return ""
		}
		dir = up
	}
}
