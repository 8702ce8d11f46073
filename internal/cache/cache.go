// Package cache keeps results between runs, each under a key that names by
// content all that it depends on, so that no entry ever becomes wrong.
//
// The first word of a key, lower-case letters, is the kind of the entry, such
// as "program". It names the folder that the entry lies in.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// Local is a cache in a folder of this machine. It may be used by several
// goroutines and by several processes at once.
type Local struct {
	dir  string // real path, which only this user can change
	most int64
	now  func() time.Time

	mu    sync.Mutex
	locks map[string]*os.File // of the folders that this process uses, by path
}

// mostEntry is the most bytes of an entry.
const mostEntry = 128 << 20

// touchAfter is how old the mark of an entry's last use may become before it
// is renewed: most uses write nothing.
const touchAfter = time.Hour

// Open opens the cache in dir, which is made if it is not there. What has not
// been used for longest is removed now and then to keep it to most bytes; 0
// means any number. A folder that anybody else could change, or replace, is
// refused: they could decide verdicts.
func Open(dir string, most int64, now func() time.Time) (*Local, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if err := trusted(dir); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	// Again, for now all of it is there; and then only its real path is used,
	// so that no link on the way can be turned to another place.
	if err := trusted(dir); err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(dir)
	return &Local{dir: real, most: most, now: now, locks: map[string]*os.File{}}, err
}

// Close lets go of the folders that Folder has returned.
func (l *Local) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for path, lock := range l.locks {
		lock.Close()
		delete(l.locks, path)
	}
	return nil
}

// Dir returns the real path of the cache.
func (l *Local) Dir() string { return l.dir }

// Limit returns how many bytes the cache keeps to, 0 if to none.
func (l *Local) Limit() int64 { return l.most }

// Get returns what was put under key. An entry that is damaged is not there.
func (l *Local) Get(key string) ([]byte, bool) {
	path, err := l.path(key)
	if err != nil {
		return nil, false
	}
	info, err := os.Lstat(path)
	if err != nil || !info.Mode().IsRegular() || info.Size() > mostEntry || !private(info) {
		return nil, false
	}
	entry, err := os.ReadFile(path)
	if err != nil {
		return nil, false
	}
	sum, data, ok := bytes.Cut(entry, []byte("\n"))
	if !ok || string(sum) != checksum(key, data) {
		return nil, false
	}
	l.touch(path, info)
	return data, true
}

// touch notes that an entry has been used.
func (l *Local) touch(path string, info os.FileInfo) {
	if now := l.now(); now.Sub(info.ModTime()) > touchAfter {
		_ = os.Chtimes(path, now, now) // a cache that is read-only is as good
	}
}

// Put stores data under key. Readers see the old entry or the new one.
func (l *Local) Put(key string, data []byte) error {
	path, err := l.path(key)
	if err != nil {
		return err
	}
	if len(data) > mostEntry-2*sha256.Size-1 {
		return fmt.Errorf("an entry of %d MiB is too large for the cache", len(data)>>20)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), unfinished+"*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the renaming, as it should
	_, err = f.WriteString(checksum(key, data) + "\n")
	if err == nil {
		_, err = f.Write(data)
	}
	now := l.now()
	if err := errors.Join(err, f.Close(), os.Chtimes(f.Name(), now, now)); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return l.pruneNowAndThen()
}

// kinds are what keys may begin with.
var kinds = regexp.MustCompile(`^[a-z]+$`)

func (l *Local) path(key string) (string, error) {
	kind, _, _ := strings.Cut(key, " ")
	if !kinds.MatchString(kind) {
		return "", fmt.Errorf("cache: the key %.20q does not begin with a kind", key)
	}
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(l.dir, kind, hex.EncodeToString(sum[:])), nil
}

func checksum(key string, data []byte) string {
	h := sha256.New()
	h.Write([]byte(key + "\n"))
	h.Write(data)
	return hex.EncodeToString(h.Sum(nil))
}
