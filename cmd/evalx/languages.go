package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge/language"
)

// languagesOptions is the command line of evalx languages.
type languagesOptions struct {
	io        *streams
	Languages string
	JSON      bool
}

func newLanguages(io *streams) *cobra.Command {
	o := &languagesOptions{io: io}
	cmd := &cobra.Command{
		Use:   "languages",
		Short: "List the languages, with the versions found or what to install",
		Long: `List the languages that evalx knows, each with the version of the compiler or
interpreter that PATH finds, or with what to install.
` + shortExitHelp,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	cmd.Flags().StringVar(&o.Languages, "languages", "", "YAML `file` of languages to add or change")
	cmd.Flags().BoolVar(&o.JSON, "json", false, "print one JSON object per line")
	return cmd
}

// languageRow is a language as it is printed; the tags are those of --json.
type languageRow struct {
	ID         string   `json:"id"`
	Name       string   `json:"name"`
	Extensions []string `json:"extensions"`
	Version    string   `json:"version,omitempty"` // empty if it is missing
	Hint       string   `json:"hint,omitempty"`    // what to do if it is missing

	broken error // why it does not run although it is there
}

func (o *languagesOptions) run(ctx context.Context) error {
	set, err := loadLanguages(o.Languages)
	if err != nil {
		return err
	}
	rows := probeAll(ctx, finder(o.io), set)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if o.JSON {
		return o.printJSON(rows)
	}
	return o.printTable(rows)
}

// probeAll looks for the toolchains of all languages at one time.
func probeAll(ctx context.Context, f language.Finder, set *language.Set) []languageRow {
	rows := make([]languageRow, len(set.All()))
	var wait sync.WaitGroup
	for i, l := range set.All() {
		wait.Go(func() { rows[i] = probe(ctx, f, l) })
	}
	wait.Wait()
	return rows
}

func probe(ctx context.Context, f language.Finder, l language.Language) languageRow {
	row := languageRow{ID: l.ID, Name: l.Name, Extensions: l.Extensions}
	toolchain, err := f.Find(ctx, l)
	if err == nil {
		row.Version = toolchain.Version
		return row
	}
	row.Hint = hint(err)
	var missing *language.Missing
	if !errors.As(err, &missing) {
		row.Hint, row.broken = err.Error(), err
	}
	return row
}

func (o *languagesOptions) printJSON(rows []languageRow) error {
	encoder := json.NewEncoder(o.io.Out)
	for _, row := range rows {
		if err := encoder.Encode(row); err != nil {
			return err
		}
	}
	return nil
}

func (o *languagesOptions) printTable(rows []languageRow) error {
	// One write, so that a reader that wants only the first lines, such as
	// head, gets them without an error for the rest.
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tLANGUAGE\tEXTENSIONS\tVERSION")
	for _, row := range rows {
		version := row.Version
		switch {
		case row.Hint != "":
			version = "missing: " + row.Hint
		case version == "":
			version = "found" // a language of the user's own, without a version command
		}
		line := strings.Join([]string{row.ID, row.Name, strings.Join(row.Extensions, " "), version}, "\t")
		fmt.Fprintln(w, report.Clean(line))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := o.io.Out.Write(table.Bytes())
	return err
}

// loadLanguages returns the languages that evalx comes with and those of the
// user's file, if one is named.
func loadLanguages(file string) (*language.Set, error) {
	set, err := language.Builtin()
	if err != nil || file == "" {
		return set, err
	}
	data, err := readRegular(file)
	if err == nil {
		err = set.Load(file, data)
	}
	if err != nil {
		return nil, &usageError{fmt.Errorf("languages: %w", err), "docs/languages.md describes the file"}
	}
	return set, nil
}

// mostLanguages is the most bytes of a file of languages.
const mostLanguages = 1 << 20

// readRegular reads a file, but not a pipe or device, which might not end.
func readRegular(file string) ([]byte, error) {
	info, err := os.Stat(file)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular() || info.Size() > mostLanguages:
		return nil, fmt.Errorf("%s: not a regular file of at most %d KiB", file, mostLanguages>>10)
	}
	return os.ReadFile(file)
}

// finder looks for compilers on this machine.
func finder(io *streams) language.Finder {
	return language.Finder{Path: io.Env("PATH"), Env: io.Env, Output: output}
}

// output runs a command such as `g++ --version`.
func output(ctx context.Context, argv []string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, argv[0], argv[1:]...)
	cmd.WaitDelay = time.Second
	defer dieTogether(cmd)()
	out, err := cmd.CombinedOutput()
	if errors.Is(err, exec.ErrWaitDelay) {
		err = nil // it ended well, and a child of its own keeps the pipe
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		err = errors.New("no answer in 20 seconds")
	}
	return out, err
}
