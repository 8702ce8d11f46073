package problem

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"unicode"
	"unicode/utf8"
)

// maxFiles is how many files and folders of a package are looked at, so that
// a handful of symlinked folders cannot keep evalx busy for ever.
const maxFiles = 100_000

// maxFileSize is the most bytes of a file of a package. Inputs and answers are
// held in memory while their test case runs, and a file that is nothing but a
// hole can be of any size for free.
const maxFileSize = 1 << 30

// entry is a file or folder of a package, after symlinks are followed.
type entry struct {
	name string // base name
	rel  string // in the package, slash-separated, as reached
	abs  string // free of symlinks
	dir  bool   // otherwise a regular file
}

// lookup returns the entry at rel, or false if there is none or it cannot be
// used, which is noted.
func (l *loader) lookup(rel string) (entry, bool) {
	path := filepath.Join(l.root, filepath.FromSlash(rel))
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return entry{}, false
	}
	if err != nil {
		l.errorf(rel, "unreadable", "", "%s", reason(err))
		return entry{}, false
	}
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		l.errorf(rel, "unreadable", "", "%s", reason(err))
		return entry{}, false
	}
	if !within(l.root, dir) && !l.inRepository(rel, dir) {
		l.errorf(rel, "bad-symlink", "copy the file into the package", "symlink leaves the package: it points to %s", dir)
		return entry{}, false
	}
	return l.entry(dir, rel, info.Mode())
}

// folder returns the entry at rel if there is a folder.
func (l *loader) folder(rel string) (entry, bool) {
	e, ok := l.lookup(rel)
	if ok && !e.dir {
		l.errorf(rel, "not-a-folder", "", "must be a folder")
		return entry{}, false
	}
	return e, ok
}

// file returns the entry at rel if there is a regular file.
func (l *loader) file(rel string) (entry, bool) {
	e, ok := l.lookup(rel)
	if ok && e.dir {
		l.errorf(rel, "not-a-file", "", "must be a file, not a folder")
		return entry{}, false
	}
	return e, ok
}

// entry follows the symlink that rel may be, and notes what cannot be used.
// dir is the real folder that it is in.
func (l *loader) entry(dir, rel string, mode fs.FileMode) (entry, bool) {
	e := entry{name: path.Base(rel), rel: rel, abs: filepath.Join(dir, path.Base(rel))}
	if mode&fs.ModeSymlink != 0 {
		link := e.abs
		var err error
		if e.abs, err = filepath.EvalSymlinks(link); err != nil {
			l.brokenLink(rel, link, err)
			return e, false
		}
		if !within(l.root, e.abs) && !l.inRepository(rel, e.abs) {
			l.errorf(rel, "bad-symlink", "copy the file into the package", "symlink leaves the package: it points to %s", e.abs)
			return e, false
		}
		info, err := os.Stat(e.abs)
		if err != nil {
			l.errorf(rel, "unreadable", "", "%s", reason(err))
			return e, false
		}
		mode = info.Mode()
	}
	e.dir = mode.IsDir()
	if e.dir {
		return e, true
	}
	if !mode.IsRegular() {
		l.errorf(rel, "not-a-file", "", "neither a regular file nor a folder, but a %s", kind(mode))
		return e, false
	}
	return e, l.fits(e)
}

// inRepository tells whether the real path abs, outside of the package, is in
// the git repository that the package is a part of: repositories of contests
// have headers that several packages share. Who has the package has the file.
func (l *loader) inRepository(rel, abs string) bool {
	if l.p.temp != "" {
		return false // unpacked
	}
	for dir := filepath.Dir(l.root); ; dir = filepath.Dir(dir) {
		if _, err := os.Lstat(filepath.Join(dir, ".git")); err == nil {
			if !within(dir, abs) || within(filepath.Join(dir, ".git"), abs) {
				return false
			}
			l.warnf(rel, "bad-symlink", "copy the file into the package", "symlink leaves the package, although not its git repository")
			return true
		}
		if dir == filepath.Dir(dir) {
			return false
		}
	}
}

// fits tells whether a file is small enough to be read, and notes if not.
func (l *loader) fits(e entry) bool {
	info, err := os.Stat(e.abs)
	if err == nil && info.Size() > maxFileSize {
		l.errorf(e.rel, "file-size", "", "file of %d MiB is too large: at most %d are read", info.Size()>>20, maxFileSize>>20)
		return false
	}
	return true // what cannot be looked at is noted when it is opened
}

func (l *loader) brokenLink(rel, link string, err error) {
	target, _ := os.Readlink(link)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		l.errorf(rel, "bad-symlink", "", "symlink points to %s, which does not exist", target)
	case strings.Contains(err.Error(), "too many links"), errors.Is(err, syscall.ELOOP):
		l.errorf(rel, "bad-symlink", "", "symlink points to itself, by way of %s", target)
	default:
		l.errorf(rel, "bad-symlink", "", "symlink to %s cannot be followed: %s", target, reason(err))
	}
}

func kind(mode fs.FileMode) string {
	switch {
	case mode&fs.ModeNamedPipe != 0:
		return "named pipe"
	case mode&fs.ModeSocket != 0:
		return "socket"
	case mode&fs.ModeDevice != 0:
		return "device"
	}
	return "special file"
}

// within tells whether the real path abs is root or below it.
func within(root, abs string) bool {
	rel, err := filepath.Rel(root, abs)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
}

// list returns what is in the folder e, in byte order of names, without
// hidden files and what can not be used.
func (l *loader) list(e entry) []entry {
	return l.listOnly(e, func(string) bool { return true })
}

// listOnly is list for those names that are wanted; what is wrong with others
// is not noted.
func (l *loader) listOnly(e entry, wanted func(name string) bool) []entry {
	found, err := os.ReadDir(e.abs)
	if err != nil {
		l.errorf(e.rel, "unreadable", "", "%s", reason(err))
		return nil
	}
	var entries []entry
	for _, f := range found {
		if strings.HasPrefix(f.Name(), ".") || f.Name() == "__MACOSX" || f.Name() == "__pycache__" || !wanted(f.Name()) {
			continue
		}
		if l.ctx.Err() != nil {
			return nil // nothing of the package is used any more
		}
		if l.files++; l.files > maxFiles {
			if l.files == maxFiles+1 {
				l.errorf(e.rel, "bad-symlink", "look for symlinks to folders", "package has more than %d files", maxFiles)
			}
			return nil
		}
		rel := path.Join(e.rel, f.Name())
		if !utf8.ValidString(f.Name()) || strings.ContainsFunc(f.Name(), unicode.IsControl) {
			l.errorf(e.rel, "bad-name", "rename it", "file name %q is not printable", f.Name())
			continue
		}
		if sub, ok := l.entry(e.abs, rel, f.Type()); ok {
			entries = append(entries, sub)
		}
	}
	return entries
}

// glob returns the entries whose path matches pattern, a valid one of
// path.Match. Unlike fs.Glob it never looks into a folder outside the package.
func (l *loader) glob(pattern string) []entry {
	found := []entry{{rel: ".", abs: l.root, dir: true}}
	for part := range strings.SplitSeq(pattern, "/") {
		var next []entry
		for _, e := range found {
			if e.dir {
				next = append(next, l.globIn(e, part)...)
			}
		}
		found = next
	}
	return found
}

// globIn returns the entries in the folder e whose name matches part.
func (l *loader) globIn(e entry, part string) []entry {
	if !strings.ContainsAny(part, `*?[\`) {
		// From e, not by its path from the root: with symlinks to folders that
		// may be long, and there may be many of them.
		info, err := os.Lstat(filepath.Join(e.abs, part))
		if err != nil {
			if !errors.Is(err, fs.ErrNotExist) {
				l.errorf(path.Join(e.rel, part), "unreadable", "", "%s", reason(err))
			}
			return nil
		}
		if sub, ok := l.entry(e.abs, path.Join(e.rel, part), info.Mode()); ok {
			return []entry{sub}
		}
		return nil
	}
	return l.listOnly(e, func(name string) bool {
		ok, _ := path.Match(part, name)
		return ok
	})
}

// readable notes if e cannot be opened.
func (l *loader) readable(e entry) {
	f, err := os.Open(e.abs)
	if err != nil {
		l.errorf(e.rel, "unreadable", "", "%s", reason(err))
		return
	}
	f.Close()
}

// tree returns the files below the folder e, relative to it and sorted.
func (l *loader) tree(e entry) []string {
	return l.treeBelow(e, "", map[string]bool{})
}

func (l *loader) treeBelow(e entry, prefix string, above map[string]bool) []string {
	if !l.enter(e, above) {
		return nil
	}
	defer delete(above, e.abs)
	var files []string
	for _, sub := range l.list(e) {
		name := path.Join(prefix, sub.name)
		if sub.dir {
			files = append(files, l.treeBelow(sub, name, above)...)
			continue
		}
		files = append(files, name)
	}
	return files
}

// maxDepth is how deep folders of a package may be nested.
const maxDepth = 40

// enter adds the folder e to those that are above the current one, or notes
// that it is already there.
func (l *loader) enter(e entry, above map[string]bool) bool {
	if above[e.abs] {
		l.errorf(e.rel, "bad-symlink", "", "symlink to a folder that it is in itself")
		return false
	}
	if len(above) >= maxDepth {
		l.errorf(e.rel, "too-deep", "", "folders are nested more than %d deep", maxDepth)
		return false
	}
	above[e.abs] = true
	return true
}

// reason returns the cause of an error of the operating system, without the
// path that the message names anyway.
func reason(err error) string {
	var pathErr *fs.PathError
	if errors.As(err, &pathErr) {
		err = pathErr.Err
	}
	if errors.Is(err, fs.ErrNotExist) {
		return "no such file or folder"
	}
	return err.Error()
}
