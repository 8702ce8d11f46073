package verify

import (
	"archive/zip"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// metadata is the file that makes a folder a package.
const metadata = "problem.yaml"

// Bounds on what is searched.
const (
	mostDepth    = 12     // folders below each other
	mostPackages = 50_000 // packages found
)

// Find returns the packages at paths, in the order of the paths and of the
// names below them. A path is a package itself, or a folder that is searched
// for packages: folders with a problem.yaml, and zips with one. What lies
// inside a package is not searched, nor are folders whose name begins with a
// dot and links. With nothing found the error wraps ErrNoPackages.
func Find(ctx context.Context, paths []string) ([]Package, error) {
	var found []Package
	for _, p := range paths {
		before := len(found)
		info, err := os.Stat(p)
		if err != nil || !info.IsDir() || isPackage(p) {
			found = append(found, Package{Path: p}) // reading it says what is wrong
			continue
		}
		if err := search(ctx, p, 0, &found); err != nil {
			return nil, err
		}
		if len(found) == before {
			return nil, fmt.Errorf("%w in %s", ErrNoPackages, p)
		}
	}
	if len(found) == 0 {
		return nil, ErrNoPackages
	}
	return found, nil
}

// search adds the packages below a folder to found.
func search(ctx context.Context, dir string, depth int, found *[]Package) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if depth > mostDepth || len(*found) > mostPackages {
		return nil
	}
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrPermission) && depth > 0 {
		return nil
	}
	if err != nil {
		return fmt.Errorf("look for packages: %w", err)
	}
	for _, e := range entries {
		at := filepath.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir() && isPackage(at), e.Type().IsRegular() && isZip(at) && !unpacked(at):
			*found = append(*found, Package{Path: at})
		case e.IsDir():
			if err := search(ctx, at, depth+1, found); err != nil {
				return err
			}
		}
	}
	return nil
}

func isPackage(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, metadata))
	return err == nil && info.Mode().IsRegular()
}

// unpacked tells whether the package in a zip lies beside it: the zip is made
// of that.
func unpacked(zipped string) bool {
	return isPackage(strings.TrimSuffix(zipped, filepath.Ext(zipped)))
}

// isZip tells whether a file is a zip with a package.
func isZip(file string) bool {
	if ext := strings.ToLower(filepath.Ext(file)); ext != ".zip" && ext != ".kpp" {
		return false
	}
	z, err := zip.OpenReader(file)
	if err != nil {
		return false
	}
	defer z.Close()
	for _, f := range z.File {
		if path.Base(f.Name) == metadata && strings.Count(path.Clean(f.Name), "/") <= 1 {
			return true
		}
	}
	return false
}
