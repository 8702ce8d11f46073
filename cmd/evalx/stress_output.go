package main

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/internal/stress"
	"github.com/evalx/evalx/judge/check"
)

// stressOutput is what evalx stress prints.
type stressOutput struct {
	*stressOptions
	*workshop
	begin, told time.Time // when the looking began, and when its progress was last printed
	found       *stress.Result
	first       stress.Result // as it was found, before it was shrunk
	trials      int           // until it was found
	shrinking   int           // trials that made it smaller, or did not
	added       string        // the test case that was made of it, or ""
}

// tellEvery is how often progress is printed.
const tellEvery = 10 * time.Second

func (o *stressOutput) progress(done int) {
	if now := o.io().Now(); now.Sub(o.told) >= tellEvery {
		o.told = now
		o.say("%d inputs in %.0f s, nothing found", done, now.Sub(o.begin).Seconds())
	}
}

func (o *stressOutput) io() *streams { return o.stressOptions.io }

// nothing says that nothing was found.
func (o *stressOutput) nothing(ctx context.Context) error {
	took := o.io().Now().Sub(o.begin)
	if o.JSON {
		if err := o.json(); err != nil {
			return err
		}
	} else if _, err := fmt.Fprintf(o.io().Out, "nothing found: %d inputs in %.1f s, seed %d\n", o.trials, took.Seconds(), o.Seed); err != nil {
		return err
	}
	return context.Cause(ctx)
}

// print says what was found. The error decides the exit code.
func (o *stressOutput) print(ctx context.Context) error {
	var err error
	if o.JSON {
		err = o.json()
	} else {
		_, err = o.io().Out.Write([]byte(report.Clean(o.text())))
	}
	switch {
	case err != nil:
		return err
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case o.found.Culprit == stress.Submission:
		return errUnexpected
	case o.found.Culprit == stress.Validator:
		return errJudge
	}
	return errInvalid
}

func (o *stressOutput) text() string {
	r := o.found
	var out strings.Builder
	fmt.Fprintf(&out, "found: %s, with input %d of seed %d\n", r.Failure, r.Trial.Index, o.Seed)
	if why := o.why(); why != "" {
		fmt.Fprintf(&out, "%s\n", indent(cut(why, 10)))
	}
	fmt.Fprintf(&out, "generator: %s\n", o.command(*r))
	if o.shrinking > 0 && o.command(o.first) != o.command(*r) {
		fmt.Fprintf(&out, "made smaller with %d more inputs; found as: %s\n", o.shrinking, o.command(o.first))
	}
	if r.Input != nil {
		fmt.Fprintf(&out, "input, %d bytes:\n%s\n", len(r.Input), indent(cut(string(r.Input), 20)))
	}
	if len(r.Answer) > 0 {
		fmt.Fprintf(&out, "answer, %d bytes:\n%s\n", len(r.Answer), indent(cut(string(r.Answer), 10)))
	}
	if o.added != "" {
		fmt.Fprintf(&out, "added: data/%s.in and .ans\n", o.added)
	}
	return out.String()
}

// why is the reason for the failure.
func (o *stressOutput) why() string {
	if d := o.found.Event.Diff; d != nil {
		return d.String()
	}
	return strings.TrimSpace(o.found.Message + "\n" + o.found.Event.Stderr)
}

func (o *stressOutput) command(r stress.Result) string {
	return strings.Join(append([]string{o.Generator}, r.Args...), " ")
}

// cut shortens a text to some lines that are not too long.
func cut(text string, lines int) string {
	const wide = 100
	all := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	more := len(all) - lines
	all = all[:min(lines, len(all))]
	for i, line := range all {
		if r := []rune(line); len(r) > wide {
			all[i] = string(r[:wide]) + "…"
		}
	}
	if more > 0 {
		all = append(all, fmt.Sprintf("… (%d more lines)", more))
	}
	return strings.Join(all, "\n")
}

func indent(text string) string { return "  " + strings.ReplaceAll(text, "\n", "\n  ") }

// stressJSON is what --json prints; docs/generators.md explains it.
type stressJSON struct {
	Found   bool   `json:"found"`
	Seed    uint64 `json:"seed"`
	Inputs  int    `json:"inputs"`
	Shrink  int    `json:"shrink_inputs,omitempty"`
	Culprit string `json:"culprit,omitempty"`
	Name    string `json:"name,omitempty"`
	Verdict string `json:"verdict,omitempty"`
	Failure string `json:"failure,omitempty"`

	Message string      `json:"message,omitempty"`
	Diff    *check.Diff `json:"diff,omitempty"`

	Index      int               `json:"index,omitempty"`
	InputSeed  *int64            `json:"input_seed,omitempty"`
	Args       map[string]string `json:"args,omitempty"`
	Command    []string          `json:"command,omitempty"`
	FirstFound []string          `json:"found_command,omitempty"`
	Input      string            `json:"input,omitempty"`
	Answer     string            `json:"answer,omitempty"`
	Size       int               `json:"input_bytes,omitempty"`
	Added      string            `json:"added,omitempty"`
}

// mostJSON is how much of an input or answer is printed as JSON, in bytes.
const mostJSON = 64 << 10

func (o *stressOutput) json() error {
	out := stressJSON{Seed: o.Seed, Inputs: o.trials, Shrink: o.shrinking, Added: o.added}
	if r := o.found; r != nil {
		out.Found, out.Culprit, out.Name, out.Failure = true, string(r.Culprit), r.Name, r.Failure
		if r.Event.Verdict != 0 {
			out.Verdict = r.Event.Verdict.String()
		}
		out.Message, out.Diff, out.Index, out.InputSeed = r.Message, r.Event.Diff, r.Trial.Index, &r.Trial.Seed
		out.Args = map[string]string{}
		for i, p := range o.params {
			out.Args[p.Name] = p.Text(r.Trial.Values[i])
		}
		out.Command = append([]string{o.Generator}, r.Args...)
		if o.shrinking > 0 {
			out.FirstFound = append([]string{o.Generator}, o.first.Args...)
		}
		out.Input, out.Answer = string(r.Input[:min(len(r.Input), mostJSON)]), string(r.Answer[:min(len(r.Answer), mostJSON)])
		out.Size = len(r.Input)
	}
	return json.NewEncoder(o.io().Out).Encode(out)
}
