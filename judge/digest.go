package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/evalx/evalx/judge/language"
)

// digests names files by content, and remembers the names between runs: test
// data is large, and hardly ever changes.
type digests struct {
	known   map[string]digest // by path
	used    map[string]digest
	changed bool
	now     time.Time
}

// digest is the name of a file's content, as long as the file is the same.
type digest struct {
	File string `json:"file"` // see language.FileID
	Sum  string `json:"sum"`
}

// settled is how old a file must be to be remembered: one that changes again
// within the same tick of the file system's clock has the same times. Some
// file systems tick every two seconds.
const settled = 5 * time.Second

// digests returns the digests that are remembered for the files of the
// problem.
func (s *session) digests() *digests {
	d := &digests{known: map[string]digest{}, used: map[string]digest{}, now: s.Now()}
	if s.LookUp != nil {
		if data, ok := s.LookUp(s.digestsKey()); ok && json.Unmarshal(data, &d.known) != nil {
			d.known = map[string]digest{}
		}
	}
	return d
}

func (s *session) digestsKey() string { return "digests 2\n" + s.Problem.Dir }

// remember stores the digests for the next run, if there is something new.
func (s *session) remember(d *digests) {
	if s.Store == nil || !d.changed {
		return
	}
	if data, err := json.Marshal(d.used); err == nil {
		_ = s.Store(s.digestsKey(), data) // the next run reads the files again
	}
}

// of writes a line with the content of each file, by name, to w.
func (d *digests) of(w io.Writer, paths []string) error {
	for _, path := range paths {
		sum, err := d.sum(path)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, sum)
	}
	return nil
}

func (d *digests) sum(path string) (string, error) {
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	id := language.FileID(info)
	for _, digests := range []map[string]digest{d.used, d.known} {
		if known, ok := digests[path]; ok && known.File == id {
			d.used[path] = known
			return known.Sum, nil
		}
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	sum := hex.EncodeToString(h.Sum(nil))
	if d.now.Sub(info.ModTime()) > settled {
		d.used[path], d.changed = digest{id, sum}, true
	}
	return sum, nil
}
