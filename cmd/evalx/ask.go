package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/scaffold"
)

// dialog asks questions at a terminal.
type dialog struct {
	io    *streams
	lines chan string // what the user types; closed at its end
}

// newDialog begins to read what the user types. The reading goes on until the
// end of the process: nothing can wake it up.
func newDialog(s *streams) *dialog {
	d := &dialog{io: s, lines: make(chan string)}
	go func() {
		defer close(d.lines)
		// More than that on one line is no answer.
		for scan := bufio.NewScanner(io.LimitReader(s.In, 1<<16)); scan.Scan(); {
			d.lines <- scan.Text()
		}
	}()
	return d
}

// tries is how often a question is asked.
const tries = 5

// ask asks until the answer pleases check. An empty answer is fallback.
func (d *dialog) ask(ctx context.Context, question, fallback string, check func(string) error) (string, error) {
	for range tries {
		fmt.Fprintf(d.io.Err, "%s [%s]: ", question, report.Clean(fallback))
		select {
		case <-ctx.Done():
			fmt.Fprintln(d.io.Err)
			return "", context.Cause(ctx)
		case line, ok := <-d.lines:
			if !ok {
				fmt.Fprintln(d.io.Err)
				return "", &usageError{errors.New("no answer"), "answer, or give flags: `evalx new --help`"}
			}
			answer := strings.TrimSpace(line)
			if answer == "" {
				answer = fallback
			}
			err := check(answer)
			if err == nil {
				return answer, nil
			}
			fmt.Fprintf(d.io.Err, "  %s\n", report.Clean(err.Error()))
		}
	}
	return "", &usageError{fmt.Errorf("no good answer in %d tries", tries), "give flags instead: `evalx new --help`"}
}

// oneOf accepts the known answers.
func oneOf(known []string) func(string) error {
	return func(answer string) error {
		if slices.Contains(known, answer) {
			return nil
		}
		return fmt.Errorf("one of: %s", strings.Join(known, ", "))
	}
}

// ask asks for all that flags can say.
func (o *newOptions) ask(ctx context.Context) (err error) {
	d := newDialog(o.io)
	line := func(what string) func(string) error {
		return func(answer string) error { return scaffold.CheckLine(what, answer) }
	}
	if o.Title, err = d.ask(ctx, "Title", o.Title, line("title")); err != nil {
		return err
	}
	if o.Author, err = d.ask(ctx, "Author", o.Author, line("author")); err != nil {
		return err
	}
	if o.Format, err = d.ask(ctx, "Format: "+strings.Join(scaffold.Formats(), " or "), o.Format, oneOf(scaffold.Formats())); err != nil {
		return err
	}
	words := func(answer string) []string {
		return strings.FieldsFunc(answer, func(r rune) bool { return r == ' ' || r == ',' })
	}
	types, err := d.ask(ctx, "Type: "+o.knownTypes(), scaffold.Types()[0], func(answer string) error {
		return scaffold.CheckTypes(o.Format, words(answer))
	})
	if err != nil {
		return err
	}
	o.Types = words(types)
	o.Language, err = d.ask(ctx, "Language of the programs: "+strings.Join(scaffold.Languages(), " or "), o.Language, oneOf(scaffold.Languages()))
	return err
}

// knownTypes are those of the format, in words.
func (o *newOptions) knownTypes() string {
	known := slices.DeleteFunc(scaffold.Types(), func(t string) bool {
		return scaffold.CheckTypes(o.Format, []string{t}) != nil
	})
	return strings.Join(known, ", ") + "; or several"
}
