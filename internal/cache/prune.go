package cache

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"
)

const (
	pruneEvery = 10 * time.Minute // at most so often the cache looks at its own size
	abandoned  = time.Hour        // then what is unfinished is nobody's any more
	prunedName = "pruned"         // when that was last
)

// Usage is how much of something is in a cache.
type Usage struct {
	Entries int   `json:"entries"`
	Bytes   int64 `json:"bytes"`
}

func (u Usage) plus(bytes int64) Usage { return Usage{u.Entries + 1, u.Bytes + bytes} }

// entry is a file or folder of the cache.
type entry struct {
	kind, path string
	bytes      int64
	used       time.Time
}

func (e entry) isFolder() bool { return strings.HasSuffix(e.path, folderSuffix) }

// Size returns how much of each kind there is.
func (l *Local) Size() (map[string]Usage, error) {
	entries, err := l.entries()
	sizes := map[string]Usage{}
	for _, e := range entries {
		sizes[e.kind] = sizes[e.kind].plus(e.bytes)
	}
	return sizes, err
}

// Prune removes the entries that were last used before a time, and then those
// not used for longest until at most most bytes are left. Folders in use by a
// process stay. It returns what it removed.
func (l *Local) Prune(before time.Time, most int64) (Usage, error) {
	entries, err := l.entries()
	var total int64
	for _, e := range entries {
		total += e.bytes
	}
	slices.SortFunc(entries, func(a, b entry) int { return cmp.Or(a.used.Compare(b.used), cmp.Compare(a.path, b.path)) })
	var removed Usage
	for _, e := range entries {
		if !e.used.Before(before) && total <= most {
			break
		}
		gone, err2 := l.remove(e)
		err = errors.Join(err, err2)
		if gone {
			total, removed = total-e.bytes, removed.plus(e.bytes)
		}
	}
	return removed, err
}

// pruneNowAndThen keeps the cache to its size, roughly.
func (l *Local) pruneNowAndThen() error {
	if l.most == 0 {
		return nil
	}
	mark, now := filepath.Join(l.dir, prunedName), l.now()
	if info, err := os.Lstat(mark); err == nil && now.Sub(info.ModTime()) < pruneEvery {
		return nil
	}
	if err := os.WriteFile(mark, nil, 0o600); err != nil {
		return err
	}
	_, err := l.Prune(time.Time{}, l.most)
	return errors.Join(err, os.Chtimes(mark, now, now))
}

// remove removes an entry, and tells whether it did.
func (l *Local) remove(e entry) (bool, error) {
	if !e.isFolder() {
		err := os.Remove(e.path)
		return err == nil, ignoreMissing(err)
	}
	lock, err := os.OpenFile(strings.TrimSuffix(e.path, folderSuffix)+lockSuffix, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return false, err
	}
	defer lock.Close()
	if !flock(lock, syscall.LOCK_EX) {
		return false, nil
	}
	err = os.RemoveAll(e.path)
	return err == nil, err
}

// entries returns all entries, and removes what processes that were killed
// left unfinished.
func (l *Local) entries() ([]entry, error) {
	var all []entry
	folders, err := os.ReadDir(l.dir)
	for _, folder := range folders {
		if !folder.IsDir() || !kinds.MatchString(folder.Name()) {
			continue
		}
		names, err2 := os.ReadDir(filepath.Join(l.dir, folder.Name()))
		err = errors.Join(err, err2)
		for _, name := range names {
			e, err2 := l.entry(folder.Name(), name)
			err = errors.Join(err, ignoreMissing(err2))
			if e.path != "" {
				all = append(all, e)
			}
		}
	}
	return all, err
}

// entry looks at one file or folder; what is no entry has no path.
func (l *Local) entry(kind string, name fs.DirEntry) (entry, error) {
	path := filepath.Join(l.dir, kind, name.Name())
	info, err := name.Info()
	switch {
	case err != nil || strings.HasSuffix(path, lockSuffix):
		return entry{}, err
	case strings.HasPrefix(name.Name(), unfinished):
		if l.now().Sub(info.ModTime()) > abandoned {
			err = os.RemoveAll(path)
		}
		return entry{}, err
	}
	e := entry{kind: kind, path: path, bytes: info.Size(), used: info.ModTime()}
	if info.IsDir() {
		e.bytes, err = folderSize(path)
	}
	return e, err
}

func folderSize(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil {
			return ignoreMissing(err)
		}
		if info, err := entry.Info(); err == nil && !entry.IsDir() {
			bytes += info.Size()
		}
		return nil
	})
	return bytes, err
}

// ignoreMissing drops the error of something that another process removed.
func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
