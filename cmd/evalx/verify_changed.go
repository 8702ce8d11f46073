package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evalx/evalx/internal/changes"
	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/verify"
)

// changed returns those packages that were touched since the revision.
func (o *verifyOptions) changed(ctx context.Context, packages []verify.Package) ([]verify.Package, error) {
	var touched []verify.Package
	sets := map[string]*changes.Set{}
	for _, p := range packages {
		dir, err := folderOf(p.Path)
		if err != nil {
			return nil, err
		}
		repository := repositoryAt(dir)
		set, ok := sets[repository]
		if !ok {
			if set, err = o.changesAt(ctx, dir); err != nil {
				return nil, err
			}
			sets[repository] = set
		}
		yes, err := set.Touches(packageFolder(p.Path))
		if err != nil {
			return nil, err
		}
		if yes {
			touched = append(touched, p)
		}
	}
	if !o.Quiet || len(touched) == 0 {
		fmt.Fprintf(o.io.Err, "evalx: %d of %d packages changed since %s\n", len(touched), len(packages), report.Clean(o.ChangedSince))
	}
	return touched, nil
}

// changesAt asks git what changed around dir.
func (o *verifyOptions) changesAt(ctx context.Context, dir string) (*changes.Set, error) {
	set, err := changes.Git{Env: o.io.Environ}.Since(ctx, dir, o.ChangedSince)
	var refused *changes.Error
	switch {
	case errors.As(err, &refused):
		return nil, &usageError{fmt.Errorf("--changed-since: %w", err), refused.Hint()}
	case err != nil:
		return nil, err
	}
	if set.Warning != "" && !o.Quiet {
		fmt.Fprintf(o.io.Err, "evalx: warning: %s\n", report.Clean(set.Warning))
	}
	return set, nil
}

// folderOf is the real folder that a package is or lies in.
func folderOf(path string) (string, error) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return "", err
	}
	if real, err = filepath.Abs(real); err != nil {
		return "", err
	}
	if info, err := os.Stat(real); err == nil && info.IsDir() {
		return real, nil
	}
	return filepath.Dir(real), nil
}

// packageFolder is what has to be touched for a package to be: its folder, also
// where its problem.yaml is named, or the zip.
func packageFolder(path string) string {
	switch filepath.Ext(path) {
	case ".yaml", ".yml":
		return filepath.Dir(path)
	}
	return path
}
