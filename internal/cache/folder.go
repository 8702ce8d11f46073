package cache

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
)

// Folder returns the folder that is kept under key. If there is none, fill is
// given an empty one to put files into, which is kept if it returns no error.
// The caller must not change what is in it. Where the cache cannot be used,
// the folder is "", without an error: it is worth time and nothing else.
func (l Local) Folder(key string, fill func(dir string) error) (string, error) {
	if err := os.MkdirAll(l.Dir, 0o700); err != nil || l.trusted() != nil {
		return "", nil
	}
	sum := sha256.Sum256([]byte(key))
	dir := filepath.Join(l.Dir, hex.EncodeToString(sum[:])+".d")
	if _, err := os.Stat(dir); err == nil {
		return dir, nil
	}
	fresh, err := os.MkdirTemp(l.Dir, "new-*")
	if err != nil {
		return "", nil
	}
	if err := fill(fresh); err != nil {
		return "", errors.Join(err, os.RemoveAll(fresh))
	}
	// Whoever comes first wins; both have the same.
	if err := os.Rename(fresh, dir); err != nil {
		os.RemoveAll(fresh)
	}
	if _, err := os.Stat(dir); err != nil {
		return "", nil
	}
	return dir, nil
}
