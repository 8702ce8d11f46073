package judge

import (
	"context"
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
	fmt.Fprintf(h, "%q\n%q\n%s\n%v\n", p.run, p.env, p.stamp, p.testlib)
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
	fmt.Fprintln(h, "validators 2", s.Problem.Format, s.Problem.Kind, l.ValidateTime, l.ValidateMemory, l.ValidateOutput, l.Passes)
	for _, p := range programs {
		key, err := p.key()
		if key == "" || err != nil {
			return "", err
		}
		fmt.Fprintln(h, key, p.testlib)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// InputValidator compiles an input validator, which ValidateInput does
// otherwise, and returns a name of it and of all that decides how it judges, by
// content; "" if that cannot be told. Errors are those of ValidateInput.
func (s *Session) InputValidator(ctx context.Context, v problem.Program, emit func(Event)) (key string, err error) {
	made, err := s.stamped(emit).inputValidator(ctx, v)
	if err == nil {
		err = made.err
	}
	if err != nil {
		return "", err
	}
	h := sha256.New()
	l := s.session.Problem.Limits
	fmt.Fprintln(h, "input validator 1", v.Testlib, l.ValidateTime, l.ValidateMemory, l.ValidateOutput)
	if made.program == nil { // what runs in this process is named by its source
		for _, name := range v.Files {
			data, err := os.ReadFile(filepath.Join(v.Dir, filepath.FromSlash(name)))
			if err != nil {
				return "", err
			}
			fmt.Fprintf(h, "%q %x\n", name, sha256.Sum256(data))
		}
		return hex.EncodeToString(h.Sum(nil)), nil
	}
	program, err := made.program.key()
	if program == "" || err != nil {
		return "", err
	}
	fmt.Fprintln(h, program)
	return hex.EncodeToString(h.Sum(nil)), nil
}

// InputKey names an input and the arguments by content.
func (s *Session) InputKey(in Input) (string, error) {
	h := sha256.New()
	fmt.Fprintf(h, "%q\n", in.Args)
	files, _, err := folder(in.Files)
	if err != nil {
		return "", err
	}
	var paths []string
	for _, f := range files {
		fmt.Fprintf(h, "%q %o\n", f.Path, f.Mode)
		paths = append(paths, f.Source)
	}
	if in.Path == "" {
		fmt.Fprintf(h, "%x\n", sha256.Sum256(in.Data))
	} else {
		paths = append(paths, in.Path)
	}
	if err := s.session.digest(h, paths); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

// OutputKey names the output of a file, as the output of a submission on a test
// case, by content.
func (s *Session) OutputKey(c *problem.Case, path string) (string, error) {
	key, err := s.CaseKey(c)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, key)
	err = s.session.digest(h, []string{path})
	return hex.EncodeToString(h.Sum(nil)), err
}

// digest writes a line with the content of each file, by name, to w.
func (s *session) digest(w io.Writer, paths []string) error {
	s.names.Lock()
	defer s.names.Unlock()
	if s.names.digests == nil {
		s.names.digests = s.digests()
	}
	return s.names.digests.of(w, paths)
}
