package judge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
)

// most files that a submission may have; a folder with more is a mistake.
const maxFiles = 1000

// OpenSubmission makes a Program of a source file, or of a folder with all
// files below it but hidden ones. Errors are *SubmissionError.
func OpenSubmission(name string) (problem.Program, error) {
	path, err := filepath.Abs(name)
	if err != nil {
		return problem.Program{}, &SubmissionError{Err: err}
	}
	info, err := os.Stat(path)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err
		}
		return problem.Program{}, &SubmissionError{Err: fmt.Errorf("submission %s: %w", name, err), Advice: "give the path of a source file or of a folder of source files"}
	}
	program := problem.Program{Name: filepath.Base(path), Dir: path}
	if !info.IsDir() {
		if info.Size() > maxSource {
			return problem.Program{}, &SubmissionError{Err: tooLarge(name, info.Size())}
		}
		program.Dir, program.Files = filepath.Dir(path), []string{program.Name}
		return program, nil
	}
	program.Files, err = listFiles(path)
	if err == nil && len(program.Files) == 0 {
		err = fmt.Errorf("submission %s: the folder has no files", name)
	}
	if err != nil {
		return problem.Program{}, &SubmissionError{Err: err}
	}
	return program, nil
}

// listFiles returns the files below dir that are not hidden, sorted.
func listFiles(dir string) ([]string, error) {
	var files []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(entry.Name(), ".") && path != dir && entry.IsDir():
			return fs.SkipDir
		case strings.HasPrefix(entry.Name(), ".") || entry.IsDir():
			return nil
		case len(files) == maxFiles:
			return fmt.Errorf("%s: more than %d files", dir, maxFiles)
		}
		if entry.Type()&fs.ModeSymlink != 0 {
			if err := staysIn(dir, path); err != nil {
				return err
			}
		}
		if info, err := os.Stat(path); err == nil && info.Size() > maxSource {
			return tooLarge(path, info.Size())
		}
		rel, err := filepath.Rel(dir, path)
		files = append(files, filepath.ToSlash(rel))
		return err
	})
	slices.Sort(files)
	return files, err
}

// maxSource is the most bytes of a source file, whatever the problem allows:
// to find out the language of one, evalx reads it.
const maxSource = 64 << 20

func tooLarge(name string, size int64) error {
	return fmt.Errorf("submission %s: a file of %d MiB is too large for source code", name, size>>20)
}

// staysIn refuses a symbolic link that leads out of dir: the folder may have
// been unpacked from somewhere, and what it names would end up in messages.
func staysIn(dir, link string) error {
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks(link)
	if err != nil {
		return err
	}
	if rel, err := filepath.Rel(real, target); err != nil || !filepath.IsLocal(rel) {
		return fmt.Errorf("%s: symbolic link leaves the submission's folder", link)
	}
	return nil
}

// source is a program whose compiler is found.
type source struct {
	label     string // for people, such as "submission sol.cpp"
	code      language.Source
	toolchain *language.Toolchain
	packaged  bool // it is part of the problem package
}

// fault says whose fault an error in the source code is.
func (src *source) fault(err error) error {
	if src.packaged {
		return &PackageError{Err: err}
	}
	return &SubmissionError{Err: err}
}

// prepareSubmission checks a submission, finds its compiler and the files that
// the problem includes.
func (s *session) prepareSubmission(ctx context.Context, p problem.Program) (*source, error) {
	lang, err := s.detect(p)
	if err == nil {
		err = language.CheckFiles(lang, p.Dir, p.Files, s.Problem.Limits.Code)
	}
	if err != nil {
		return nil, submissionError(p, err)
	}
	if allowed := s.Problem.Languages; len(allowed) > 0 && !slices.ContainsFunc(lang.Codes(), func(code string) bool { return slices.Contains(allowed, code) }) {
		return nil, &SubmissionError{Err: fmt.Errorf("%s: the problem does not allow %s, only %s", p.Name, lang.Name, strings.Join(allowed, ", "))}
	}
	toolchain, err := s.toolchain(ctx, lang)
	if err != nil {
		return nil, err
	}
	include := s.include(lang)
	limits := s.Problem.Limits
	code := language.Source{
		Dir: p.Dir, Files: p.Files, Entry: p.Entry, IncludeDir: include.Dir, Include: include.Files,
		Memory: limits.Memory, CompileMemory: limits.CompileMemory,
	}
	return &source{label: submissionPrefix + p.Name, code: code, toolchain: toolchain}, nil
}

// submissionError makes sure that an error of the source code names it.
func submissionError(p problem.Program, err error) error {
	var source *language.SourceError
	if errors.As(err, &source) && source.File == "" {
		err = fmt.Errorf("%s: %w", p.Name, err)
	}
	return &SubmissionError{Err: err}
}

// include returns the files that the problem adds to submissions in lang.
func (s *session) include(lang language.Language) problem.Program {
	for _, code := range append(lang.Codes(), "default") {
		if include, ok := s.Problem.Include[code]; ok {
			return include
		}
	}
	return problem.Program{}
}

// submissionPrefix begins the label of a submission; the rest is its name.
const submissionPrefix = "submission "

func (s *session) detect(p problem.Program) (language.Language, error) {
	if p.Language == "" {
		return s.Languages.Detect(p.Dir, p.Files)
	}
	lang, ok := s.Languages.Get(p.Language)
	if !ok {
		return lang, &SubmissionError{
			Err:    fmt.Errorf("unknown language %q", p.Language),
			Advice: "known are " + strings.Join(s.Languages.IDs(), ", "),
		}
	}
	return lang, nil
}

// openRegular opens a file for reading, and never waits for the other end of
// a pipe.
func openRegular(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, fmt.Errorf("%s: not a regular file", path)
	}
	return f, nil
}

// writeFile writes a file that everyone may read, replacing an older one. Of
// mode only whether it is executable counts.
func writeFile(target string, mode fs.FileMode, content io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	if err := os.Remove(target); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	perm := fs.FileMode(0o644)
	if mode&0o111 != 0 {
		perm = 0o755
	}
	out, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_EXCL, perm)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, content); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// found is a toolchain, or why there is none.
type found struct {
	toolchain *language.Toolchain
	err       error
	warmed    warmed
}

// toolchain finds the compiler of a language, once per session.
func (s *session) toolchain(ctx context.Context, lang language.Language) (*language.Toolchain, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.found[lang.ID]
	if f == nil {
		f = &found{}
		f.toolchain, f.err = s.Finder.Find(ctx, lang)
		s.found[lang.ID] = f
	}
	return f.toolchain, f.err
}
