package main

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"

	"github.com/evalx/evalx/internal/doctor"
	"github.com/evalx/evalx/internal/timing"
	"github.com/evalx/evalx/isolate/cores"
)

// How many runs evalx doctor --timing makes in each situation.
const timingRepeats = 50

// What it takes for well measured: how far CPU times of one program may be
// apart, how much more others may make it use, and how much a hypervisor may
// take away.
const (
	mostSpread  = 0.10
	mostSlower  = 0.05
	mostStolen  = 0.01
	quietAdvice = "the findings above say what harms it; judge on a machine that does nothing else"
)

// measureTimes measures in the strongest sandbox that works. There is nothing
// to find where none does.
func (o *doctorOptions) measureTimes(ctx context.Context) ([]doctor.Finding, error) {
	at, err := planPlaces(0)
	if err != nil {
		return nil, err
	}
	for _, b := range backends() {
		box, err := b.open(o.sandbox, o.io.Temp, at.plan.Jobs)
		if err != nil {
			continue
		}
		defer box.Close()
		fmt.Fprintf(o.io.Err, "evalx: measuring CPU times in the %s sandbox; this takes 15 seconds or more\n", b.name)
		r, err := timing.Measure(ctx, timing.Config{
			Sandbox: box, Places: cores.NewPool(at.plan.Jobs, at.plan.Runs), Load: runtime.NumCPU(), Repeats: timingRepeats, Root: os.DirFS("/"),
		})
		if err != nil {
			return nil, fmt.Errorf("measure CPU times: %w", err)
		}
		return timesFound(r), nil
	}
	return nil, nil
}

// timesFound says what measurements mean.
func timesFound(r timing.Report) []doctor.Finding {
	var findings []doctor.Finding
	alone := r.Series[0].CPU.P50
	for _, s := range r.Series {
		slower := float64(s.CPU.P50)/float64(alone) - 1
		f := doctor.Finding{Area: doctor.Measurement, Check: "timing-" + s.Situation, Figures: s}
		f.Found = fmt.Sprintf("%s, a program uses %.1f to %.1f ms of CPU time (spread %.0f %%), and %.1f ms pass", situations()[s.Situation],
			1e3*s.CPU.P5.Seconds(), 1e3*s.CPU.P95.Seconds(), 100*s.CPU.Spread(), 1e3*s.Wall.P50.Seconds())
		if s.Situation != timing.Alone {
			f.Found += fmt.Sprintf("; in the middle %+.1f %% more CPU time than alone", 100*slower)
		}
		if s.CPU.Spread() > mostSpread || slower > mostSlower {
			f.Severity, f.Fix = doctor.Warning, quietAdvice
			if s.Situation == timing.Beside {
				f.Fix = "judge with fewer --jobs than processors, or with --jobs 1"
			}
		}
		findings = append(findings, f)
	}
	if r.Stolen > mostStolen {
		findings = append(findings, doctor.Finding{
			Area: doctor.Measurement, Check: "timing-stolen", Severity: doctor.Warning, Figures: r.Stolen,
			Found: fmt.Sprintf("meanwhile the hypervisor took away %.1f %% of the processors' time", 100*r.Stolen),
			Fix:   "use a virtual machine with processors of its own",
		})
	}
	return findings
}

// situations are those of internal/timing in words.
func situations() map[string]string {
	return map[string]string{timing.Alone: "alone", timing.Beside: "beside others", timing.Loaded: "on a busy machine"}
}

// insert puts findings behind the others of their area.
func insert(all, more []doctor.Finding) []doctor.Finding {
	at := len(all)
	for i, f := range all {
		if len(more) > 0 && f.Area == more[0].Area {
			at = i + 1
		}
	}
	return slices.Insert(all, at, more...)
}
