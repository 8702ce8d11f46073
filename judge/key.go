package judge

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/evalx/evalx/judge/problem"
)

// caseKey hashes what Session.CaseKey names.
func caseKey(d *digests, c *problem.Case) (string, error) {
	files, _, err := folder(c.Files)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q\n%q\n%d\n", c.Args, c.ValidatorArgs, len(files))
	paths := []string{c.Input, c.Answer}
	for _, f := range files {
		fmt.Fprintf(h, "%q %o\n", f.Path, f.Mode)
		paths = append(paths, f.Source)
	}
	if err := d.of(h, paths); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// key names the program and what it runs with by content; "" if that cannot be
// told.
func (p *program) key() (string, error) {
	if p.stamp == "" {
		return "", nil
	}
	h := sha256.New()
	fmt.Fprintf(h, "%q\n%q\n%s\n", p.run, p.env, p.stamp)
	err := filepath.WalkDir(p.dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		rel, err := filepath.Rel(p.dir, path)
		if err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		content := sha256.New()
		_, err = io.Copy(content, f)
		fmt.Fprintf(h, "%q %x\n", rel, content.Sum(nil))
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

// validatorsKey names the output validators with their limits by content; "" if
// that cannot be told.
func (s *session) validatorsKey(programs []*program) (string, error) {
	h := sha256.New()
	l := s.Problem.Limits
	fmt.Fprintln(h, "validators 1", s.Problem.Format, l.ValidateTime, l.ValidateMemory, l.ValidateOutput, l.Passes)
	for _, p := range programs {
		key, err := p.key()
		if key == "" || err != nil {
			return "", err
		}
		fmt.Fprintln(h, key)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
