// Package cache keeps small results between runs, each under a key that names
// by content all that it depends on, so that no entry ever becomes wrong.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Local is a cache in a folder of this machine. It may be used by several
// processes at once.
type Local struct {
	// Dir is the folder, made when something is first put. A folder that
	// others can write to is not used: they could decide verdicts.
	Dir string
}

const most = 1 << 20 // bytes of an entry; a larger one is not ours

// Get returns what was put under key. An entry that is damaged, or that
// cannot be trusted, is not there.
func (l Local) Get(key string) ([]byte, bool) {
	if l.trusted() != nil {
		return nil, false
	}
	path := l.path(key)
	if info, err := os.Lstat(path); err != nil || !info.Mode().IsRegular() || info.Size() > most {
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
	return data, true
}

// Put stores data under key. Readers see the old entry or the new one.
func (l Local) Put(key string, data []byte) error {
	if err := os.MkdirAll(l.Dir, 0o700); err != nil {
		return err
	}
	if err := l.trusted(); err != nil {
		return err
	}
	f, err := os.CreateTemp(l.Dir, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // fails after the renaming, as it should
	_, err = fmt.Fprintf(f, "%s\n%s", checksum(key, data), data)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), l.path(key))
}

// trusted returns an error if others can write to the folder.
func (l Local) trusted() error {
	info, err := os.Lstat(l.Dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s: %w: not a folder", l.Dir, fs.ErrInvalid)
	}
	if info.Mode().Perm()&0o022 != 0 || !ours(info) {
		return fmt.Errorf("%s: others can write to the folder; make it yours alone: chmod 700 %s", l.Dir, l.Dir)
	}
	return nil
}

func (l Local) path(key string) string {
	sum := sha256.Sum256([]byte(key))
	return filepath.Join(l.Dir, hex.EncodeToString(sum[:]))
}

func checksum(key string, data []byte) string {
	sum := sha256.Sum256(append([]byte(key+"\n"), data...))
	return hex.EncodeToString(sum[:])
}
