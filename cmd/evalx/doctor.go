package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
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
is weaker than it could be) or a failure (nothing isolates programs here).
With --json each is an object on a line of its own.

Exit codes:
  0    all is well, or there are only notes
  1    there are warnings
  2    the command line is wrong
  5    nothing isolates programs on this machine, or evalx itself failed
  130  interrupted`,
		Args: arguments(),
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.Context()) },
	}
	f := cmd.Flags()
	f.StringVar(&o.Languages, "languages", "", "YAML `file` of languages to add or change")
	o.sandbox.addImage(f)
	f.BoolVar(&o.JSON, "json", false, "print one JSON object per line")
	f.BoolVar(&o.NoColor, "no-color", false, "print without colours, as with NO_COLOR set")
	return cmd
}

func (o *doctorOptions) run(ctx context.Context) error {
	findings := doctor.Examine(doctor.Machine{
		Root: os.DirFS("/"), OS: runtime.GOOS, User: os.Geteuid(), Sandboxes: o.trySandboxes(),
	})
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := o.print(findings); err != nil {
		return err
	}
	switch doctor.Worst(findings) {
	case doctor.Failure:
		return errNoIsolation
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
		box, err := b.open(o.sandbox, 1)
		if err == nil {
			t.Capabilities = box.Capabilities()
			err = box.Close()
		}
		t.Err = err
		tried = append(tried, t)
	}
	return tried
}

func (o *doctorOptions) print(findings []doctor.Finding) error {
	if o.JSON {
		encoder := json.NewEncoder(o.io.Out)
		for _, f := range findings {
			if err := encoder.Encode(f); err != nil {
				return err
			}
		}
		return nil
	}
	st := style.New(o.io.Out, o.io.OutColor && !o.NoColor)
	for _, f := range findings {
		word := fmt.Sprintf("%-8s", f.Severity)
		switch f.Severity {
		case doctor.OK:
			word = st.Good(word)
		case doctor.Warning:
			word = st.Warn(word)
		case doctor.Failure:
			word = st.Bad(word)
		}
		if _, err := fmt.Fprintf(o.io.Out, "%s %s\n", word, report.Clean(f.Found)); err != nil {
			return err
		}
	}
	return nil
}
