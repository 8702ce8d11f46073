package verify

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/evalx/evalx/judge/checktestdata"
	"github.com/evalx/evalx/judge/problem"
)

// findOdd finds what is hardly meant in a validator in checktestdata.
func (w *work) findOdd(v problem.Program) {
	if len(v.Files) != 1 || filepath.Ext(v.Files[0]) != ".ctd" {
		return
	}
	src, err := os.ReadFile(filepath.Join(v.Dir, filepath.FromSlash(v.Files[0])))
	if err != nil {
		return // the validator has been read: it is an error elsewhere if it cannot be
	}
	p, err := checktestdata.Parse(src)
	if err != nil {
		return // likewise
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, odd := range p.Warnings {
		w.find(Finding{
			Severity: problem.Warning, Rule: "odd-checktestdata", File: w.file(v.Origin),
			Line: odd.Line, Column: odd.Column, Message: odd.Message, Hint: odd.Hint,
		})
	}
}

// locate gives a finding the line of a mistake in checktestdata.
func locate(f *Finding, err error) {
	var wrong *checktestdata.SyntaxError
	if errors.As(err, &wrong) {
		f.Line, f.Column, f.Message = wrong.Line, wrong.Column, wrong.Message
	}
}
