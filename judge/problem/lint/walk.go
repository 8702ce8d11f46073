package lint

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// file is a file or folder in the package's folder. Symlinks are not followed.
type file struct {
	rel  string // slash-separated
	name string // base name
	mode fs.FileMode
	size int64
}

// maxFiles and maxDepth bound the walk as they bound the loader.
const (
	maxFiles = 100_000
	maxDepth = 40
)

// walk lists what is in the package's folder, except for what is in hidden
// folders and those of tools.
func (l *linter) walk() {
	// What cannot be read is not looked at: the loader notes what matters.
	_ = filepath.WalkDir(l.p.Dir, func(abs string, d fs.DirEntry, err error) error {
		if l.ctx.Err() != nil || len(l.files) >= maxFiles {
			return filepath.SkipAll
		}
		rel, relErr := filepath.Rel(l.p.Dir, abs)
		if err != nil || relErr != nil || rel == "." {
			return nil
		}
		f := file{rel: filepath.ToSlash(rel), name: d.Name(), mode: d.Type()}
		if info, err := d.Info(); err == nil {
			f.mode, f.size = info.Mode(), info.Size()
		}
		l.files = append(l.files, f)
		if d.IsDir() && (skipped(f.name) || strings.Count(f.rel, "/") >= maxDepth) {
			return fs.SkipDir
		}
		return nil
	})
}

// skipped tells whether a folder is none of the author's.
func skipped(name string) bool {
	return strings.HasPrefix(name, ".") || name == "__MACOSX" || name == "__pycache__"
}

// hidden tells whether f is hidden, or is below what is.
func (f file) hidden() bool {
	return strings.HasPrefix(f.rel, ".") || strings.Contains(f.rel, "/.")
}

// top returns the first part of the path.
func (f file) top() string {
	top, _, _ := strings.Cut(f.rel, "/")
	return top
}

// dir returns the folder that f is in, "." for the package's.
func (f file) dir() string { return path.Dir(f.rel) }

// below returns the files and folders whose first part is one of tops.
func (l *linter) below(tops ...string) []file {
	var found []file
	for _, f := range l.files {
		for _, top := range tops {
			if f.top() == top && f.rel != top {
				found = append(found, f)
			}
		}
	}
	return found
}

// exists tells whether there is a file or folder at rel.
func (l *linter) exists(rel string) bool {
	_, err := os.Lstat(l.abs(rel))
	return err == nil
}

func (l *linter) abs(rel string) string {
	return filepath.Join(l.p.Dir, filepath.FromSlash(rel))
}

// maxSource is the most bytes of a source or statement that is searched.
const maxSource = 1 << 20

// read returns the text of a small file, or nil.
func (l *linter) read(rel string) []byte {
	info, err := os.Stat(l.abs(rel))
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxSource {
		return nil
	}
	text, err := os.ReadFile(l.abs(rel))
	if err != nil {
		return nil // whoever needs the file says so
	}
	return text
}
