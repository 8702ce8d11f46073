package judge

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// answers is a submission to a submit-answer problem: files with the answers to
// the test cases.
type answers struct {
	dir   string
	files []string // slash-separated, relative to dir
}

func answersOf(p problem.Program) *answers { return &answers{p.Dir, p.Files} }

// answering returns p as a submission that needs no compiler.
func (s *session) answering(p problem.Program) (*Submission, error) {
	a := answersOf(p)
	key, err := a.key()
	if err != nil {
		return nil, &SubmissionError{Err: err}
	}
	return &Submission{Name: p.Name, OK: true, Key: key, session: s, answers: a}, nil
}

// key names the answers by content.
func (a *answers) key() (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, "answers")
	for _, name := range a.files {
		f, err := openRegular(a.path(name))
		if err != nil {
			return "", err
		}
		content := sha256.New()
		_, err = io.Copy(content, f)
		f.Close()
		if err != nil {
			return "", err
		}
		fmt.Fprintf(h, "%q %x\n", name, content.Sum(nil))
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (a *answers) path(name string) string { return filepath.Join(a.dir, filepath.FromSlash(name)) }

// answerEndings are what may follow the name of a test case in that of the file
// with its answer. The format does not say.
var answerEndings = [...]string{".out", ".ans", ".txt", ""}

// to returns the name of the file with the answer to a test case: its name, or
// the part of that behind secret/, with one of the endings. If there are
// several, the first of these counts. A submission of one file answers a
// problem of one test case.
func (a *answers) to(c *problem.Case, only bool) (string, bool) {
	if only && len(a.files) == 1 {
		return a.files[0], true
	}
	for _, base := range []string{c.Name, strings.TrimPrefix(c.Name, "secret/")} {
		for _, ending := range answerEndings {
			if slices.Contains(a.files, base+ending) {
				return base + ending, true
			}
		}
	}
	return "", false
}

// examineAnswer lets the validators judge the answer to a test case.
func (x *examiner) examineAnswer(ctx context.Context, c *problem.Case) (Event, error) {
	name, ok := x.answers.to(c, len(x.Problem.Cases()) == 1)
	if !ok {
		want := strings.TrimPrefix(c.Name, "secret/") + answerEndings[0]
		return Event{Verdict: verdict.WrongAnswer, Message: "there is no answer: the submission has no file " + path.Clean(want)}, nil
	}
	f, err := openRegular(x.answers.path(name))
	if err != nil {
		return Event{}, fmt.Errorf("answer %s: %w", name, err)
	}
	defer f.Close()
	most := x.Problem.Limits.Output
	output, err := io.ReadAll(io.LimitReader(f, most+1))
	if err != nil {
		return Event{}, fmt.Errorf("answer %s: %w", name, err)
	}
	if int64(len(output)) > most {
		return Event{Verdict: verdict.OutputLimit, Message: fmt.Sprintf("%s has more than %d KiB", name, most>>10)}, nil
	}
	at, err := x.Places.Take(ctx)
	if err != nil {
		return Event{}, err
	}
	defer at.Free()
	e := Event{Verdict: verdict.Accepted}
	err = x.compare(ctx, c, at.CPUs, output, &e)
	return e, err
}
