package judge

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/evalx/evalx/judge/checktestdata"
	"github.com/evalx/evalx/judge/problem"
)

// parseGrammar reads a checktestdata program. Errors are *PackageError, which
// wrap the *checktestdata.SyntaxError if there is one.
func parseGrammar(label string, v problem.Program) (*checktestdata.Program, error) {
	path := filepath.Join(v.Dir, filepath.FromSlash(v.Files[0]))
	src, err := readAll(path, maxSource)
	if v.Origin != "" {
		path = v.Origin
	}
	if err != nil {
		return nil, &PackageError{Err: fmt.Errorf("%s: %w", label, err)}
	}
	p, err := checktestdata.Parse(src)
	var wrong *checktestdata.SyntaxError
	if errors.As(err, &wrong) {
		return nil, &PackageError{Err: fmt.Errorf("%s:%w", path, err), Advice: wrong.Hint}
	}
	return p, err
}

// mostInput is the most bytes of an input that checktestdata programs check:
// it is in memory as a whole.
const mostInput = 1 << 30

// checkInput lets a checktestdata program judge an input, in this process: it
// can do nothing but read it, and what it costs is bounded. Of the arguments
// it knows one of DOMjudge's program; the others are for other validators.
func (s *session) checkInput(ctx context.Context, p *checktestdata.Program, in Input) (InputResult, error) {
	data := in.Data
	if in.Path != "" {
		var err error
		if data, err = readAll(in.Path, mostInput); err != nil {
			return InputResult{}, fmt.Errorf("input: %w", err)
		}
	}
	loose := slices.Contains(in.Args, "--whitespace-ok") || slices.Contains(in.Args, "-w")
	timed, stop := context.WithTimeout(ctx, s.Problem.Limits.ValidateTime)
	defer stop()
	err := p.Check(timed, data, checktestdata.Options{LooseSpace: loose})
	var wrong *checktestdata.RunError
	switch {
	case err == nil:
		return InputResult{Valid: true}, nil
	case errors.As(err, &wrong):
		return InputResult{Fault: wrong.Error()}, nil
	case ctx.Err() == nil && timed.Err() != nil:
		return InputResult{Fault: fmt.Sprintf("it took longer than %s", s.Problem.Limits.ValidateTime)}, nil
	case ctx.Err() != nil:
		return InputResult{}, err
	}
	return InputResult{Message: err.Error()}, nil
}

// readAll reads a regular file of at most limit bytes.
func readAll(path string, limit int64) ([]byte, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err == nil && info.Size() > limit {
		err = fmt.Errorf("%s: larger than %d MiB", path, limit>>20)
	}
	if err != nil {
		return nil, err
	}
	data := make([]byte, info.Size())
	n, err := io.ReadFull(f, data)
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return data[:n], err
}
