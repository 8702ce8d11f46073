package generate

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/evalx/evalx/internal/yamldoc"
)

// State is what a file of a package is compared with what its rule makes.
type State string

// The states.
const (
	Same    State = "up to date"
	New     State = "new"
	Changed State = "changed"
	Stray   State = "stray" // no rule makes it
)

// Store writes files into data/ of a package, and only those that change. Its
// methods may be called from several goroutines at once.
type Store struct {
	Root *os.Root // the folder of the package
	// Dry says to write nothing, only to tell what would change.
	Dry bool

	mu    sync.Mutex
	known map[string]bool // every file that was put, relative to data/
}

// put notes that a rule makes a file.
func (s *Store) put(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known == nil {
		s.known = map[string]bool{}
	}
	s.known[name] = true
}

// Put makes the file called name, relative to data/, have this content.
func (s *Store) Put(name string, data []byte) (State, error) {
	s.put(name)
	full := path.Join("data", name)
	info, err := s.Root.Lstat(full)
	state := New
	switch {
	case err == nil && info.IsDir():
		return "", fmt.Errorf("%s is a folder", full)
	case err == nil && info.Mode().IsRegular():
		state = Changed
		if same, err := s.has(full, data); same || err != nil {
			return Same, err
		}
	case err == nil: // a link is replaced, never followed
		state = Changed
	case !errors.Is(err, fs.ErrNotExist):
		return "", err
	}
	if s.Dry {
		return state, nil
	}
	return state, s.replace(full, func(temp string) error { return s.Root.WriteFile(temp, data, 0o644) })
}

// has tells whether a regular file has this content.
func (s *Store) has(name string, data []byte) (bool, error) {
	f, err := s.Root.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil || info.Size() != int64(len(data)) {
		return false, err
	}
	old, err := io.ReadAll(io.LimitReader(f, int64(len(data))+1))
	return bytes.Equal(old, data), err
}

// Has tells whether there is a file of this name, relative to data/, and notes
// that it is no stray.
func (s *Store) Has(name string) bool {
	_, err := s.Root.Lstat(path.Join("data", name))
	if err == nil {
		s.put(name)
	}
	return err == nil
}

// replace makes a file beside name and renames it: it is there as a whole or
// not at all.
func (s *Store) replace(name string, make func(temp string) error) error {
	if err := s.Root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}
	temp := path.Join(path.Dir(name), ".evalx-"+path.Base(name))
	if err := s.Root.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	err := make(temp)
	if err == nil {
		err = s.Root.Rename(temp, name)
	}
	if err != nil {
		s.Root.Remove(temp)
	}
	return err
}

// PutLink makes name, relative to data/, a link to target, which is relative
// to data/ as well. A file with the same content, as a checkout without links
// has it, is as good.
func (s *Store) PutLink(name, target string) (State, error) {
	s.put(name)
	full, to := path.Join("data", name), path.Join("data", target)
	state := New
	if _, err := s.Root.Lstat(full); err == nil {
		state = Changed
		old, err := s.Root.ReadFile(full)
		want, wantErr := s.Root.ReadFile(to)
		if err == nil && wantErr == nil && bytes.Equal(old, want) {
			return Same, nil
		}
	}
	if s.Dry {
		return state, nil
	}
	return state, s.replace(full, func(temp string) error { return s.Root.Symlink(relative(path.Dir(name), target), temp) })
}

// relative is the way from a folder to a file; both are relative to data/.
func relative(from, to string) string {
	a, b := strings.Split(from, "/"), strings.Split(to, "/")
	for len(a) > 0 && len(b) > 1 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	return strings.Repeat("../", len(a)) + strings.Join(b, "/")
}

// PutConfig makes a YAML file have this value. One that has it in other words
// stays as it is.
func (s *Store) PutConfig(name string, value yamldoc.Node) (State, error) {
	want, err := text(value)
	if err != nil {
		return "", err
	}
	if old, err := s.Root.ReadFile(path.Join("data", name)); err == nil {
		doc := yamldoc.Parse(name, old, yamldoc.Options{})
		if has, err := doc.Root.YAML(); err == nil && doc.Err() == nil && has == want {
			s.put(name)
			return Same, nil
		}
	}
	return s.Put(name, []byte(want))
}

// text is a value as YAML. A string is YAML already.
func text(value yamldoc.Node) (string, error) {
	if !value.IsScalar() {
		return value.YAML()
	}
	doc := yamldoc.Parse(File, []byte(value.Str()), yamldoc.Options{})
	if err := doc.Err(); err != nil {
		return "", err
	}
	return doc.Root.YAML()
}

// Strays returns the files of test cases in folders of data/ that were not put.
func (s *Store) Strays(folders []string) (strays []string, err error) {
	for _, folder := range folders {
		err := fs.WalkDir(s.Root.FS(), path.Join("data", folder), func(name string, d fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case d.IsDir() && (strings.HasPrefix(d.Name(), ".") || strings.HasSuffix(d.Name(), ".files")):
				return fs.SkipDir
			case d.IsDir() || strings.HasPrefix(d.Name(), ".") || !slices.ContainsFunc(textEndings, func(e string) bool { return strings.HasSuffix(name, e) }):
				return nil
			}
			rel := strings.TrimPrefix(name, "data/")
			// Interactions of samples are written by other tools.
			if base, ok := strings.CutSuffix(rel, ".interaction"); !s.known[rel] && !(ok && s.known[base+".in"]) {
				strays = append(strays, rel)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return strays, nil
}
