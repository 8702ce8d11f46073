package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/doctor"
	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/style"
)

// doctorOptions is the command line of evalx doctor.
type doctorOptions struct {
	io            *streams
	Languages     string
	sandbox       *sandboxFlags
	Timing        bool
	JSON, NoColor bool
}

func newDoctor(io *streams) *cobra.Command {
	o := &doctorOptions{io: io, sandbox: &sandboxFlags{io: io}}
	cmd := &cobra.Command{
		Use:   "doctor",
		Short: "Say what isolation, measurement and languages this machine gives",
		Long: `Say what isolation, what quality of measurement and which languages this
machine gives, with a fix for each gap.

Each finding is ok, a note (good to know), a warning (isolation or measurement
is weaker than it could be) or a failure (nothing isolates programs here, or
no language works).
With --json each is an object on a line of its own.

With --timing one and the same program is run many times, alone, beside others,
and with other processes on the machine, to see how far its CPU times are apart.

Exit codes:
  0    all is well, or there are only notes
  1    there are warnings
  2    the command line is wrong
  5    this machine cannot judge, or evalx itself failed
  130  interrupted`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Languages, "languages", "", "YAML `file` of languages to add or change")
	o.sandbox.addImage(f)
	f.BoolVar(&o.Timing, "timing", false, "measure how exact CPU times are on this machine")
	f.BoolVar(&o.JSON, "json", false, "print one JSON object per line")
	f.BoolVar(&o.NoColor, "no-color", false, "print without colours, as with NO_COLOR set")
	return cmd
}

func (o *doctorOptions) run(ctx context.Context) error {
	machine := doctor.Machine{Root: os.DirFS("/"), OS: runtime.GOOS, User: os.Geteuid(), CPUs: runtime.NumCPU()}
	languages, err := o.findLanguages(ctx, machine.System())
	if err != nil {
		return err
	}
	machine.Sandboxes, machine.Folders, machine.Languages = o.trySandboxes(), o.folders(), languages
	findings := doctor.Examine(machine)
	if o.Timing && ctx.Err() == nil {
		times, err := o.measureTimes(ctx)
		if err != nil {
			return err
		}
		findings = insert(findings, times)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := o.print(findings); err != nil {
		return err
	}
	switch doctor.Worst(findings) {
	case doctor.Failure:
		return errCannotJudge
	case doctor.Warning:
		return errUnexpected
	}
	return nil
}

// trySandboxes opens every kind of sandbox that isolates, one after the other.
func (o *doctorOptions) trySandboxes() []doctor.Sandbox {
	var tried []doctor.Sandbox
	for _, b := range backends() {
		t := doctor.Sandbox{Name: b.name}
		box, err := b.open(o.sandbox, o.io.Temp, 1)
		if err == nil {
			t.Capabilities = box.Capabilities()
			err = box.Close()
		}
		if t.Err = err; err != nil {
			t.Fix = oneLine(adviceOf(err))
		}
		tried = append(tried, t)
	}
	return tried
}

func (o *doctorOptions) folders() []doctor.Folder {
	cache := doctor.Folder{Use: "cache", Err: fmt.Errorf("there is no folder for it"), Fix: "set HOME or XDG_CACHE_HOME"}
	if o.io.Cache != "" {
		cache = doctor.LookAt("cache", filepath.Join(o.io.Cache, "evalx"), true, "set XDG_CACHE_HOME to a folder on another disk")
	}
	temp := doctor.LookAt("temporary files", o.io.Temp, false, "set TMPDIR to a folder on another disk")
	return []doctor.Folder{temp, cache}
}

// findLanguages looks for all languages. What is missing comes with how to
// install it on this system, as language recipes call it.
func (o *doctorOptions) findLanguages(ctx context.Context, system string) ([]doctor.Language, error) {
	set, err := loadLanguages(o.Languages)
	if err != nil {
		return nil, err
	}
	var all []doctor.Language
	for _, row := range probeAll(ctx, finder(o.io), set) {
		l := doctor.Language{ID: row.ID, Name: row.Name, Version: row.Version, Missing: row.Hint}
		if known, ok := set.Get(row.ID); ok && row.Hint != "" && known.InstallOn(system) != "" {
			l.Missing = known.InstallOn(system)
		}
		if row.broken != nil {
			l.Broken, l.Missing = oneLine(row.broken.Error()), oneLine(adviceOf(row.broken))
		}
		all = append(all, l)
	}
	return all, nil
}

func (o *doctorOptions) print(findings []doctor.Finding) error {
	var out bytes.Buffer // one write, as in languages
	if o.JSON {
		encoder := json.NewEncoder(&out)
		for _, f := range findings {
			if err := encoder.Encode(f); err != nil {
				return err
			}
		}
	} else {
		o.printText(&out, findings)
	}
	_, err := o.io.Out.Write(out.Bytes())
	return err
}

// printText prints findings under the names of their areas.
func (o *doctorOptions) printText(out *bytes.Buffer, findings []doctor.Finding) {
	st := style.New(o.io.Out, o.io.OutColor && !o.NoColor)
	paint := map[doctor.Severity]func(string) string{doctor.OK: st.Good, doctor.Note: st.Dim, doctor.Warning: st.Warn, doctor.Failure: st.Bad}
	area, count := doctor.Area(""), map[doctor.Severity]int{}
	for _, f := range findings {
		if f.Area != area {
			area = f.Area
			fmt.Fprintln(out, area)
		}
		count[f.Severity]++
		fmt.Fprintf(out, "  %s  %s\n", paint[f.Severity](fmt.Sprintf("%-7s", f.Severity)), report.Clean(f.Found))
		if f.Fix != "" {
			fmt.Fprintf(out, "           %s\n", st.Dim("fix: "+report.Clean(f.Fix)))
		}
	}
	fmt.Fprintln(out, conclusion(count))
}

// conclusion says in one line what the findings mean.
func conclusion(count map[doctor.Severity]int) string {
	text := "this machine judges"
	if count[doctor.Failure] > 0 {
		text = "this machine cannot judge"
	}
	return fmt.Sprintf("%s: %d ok, %d notes, %d warnings", text, count[doctor.OK], count[doctor.Note], count[doctor.Warning])
}
