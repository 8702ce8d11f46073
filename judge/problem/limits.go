package problem

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/yamldoc"
)

// limitsYAML is limits in problem.yaml, in any version. Times are in seconds.
type limitsYAML struct {
	TimeLimit        yamldoc.Node `yaml:"time_limit"`
	TimeMultiplier   yamldoc.Node `yaml:"time_multiplier"`
	TimeSafetyMargin yamldoc.Node `yaml:"time_safety_margin"`
	TimeMultipliers  yamldoc.Node `yaml:"time_multipliers"` // timesYAML
	TimeResolution   yamldoc.Node `yaml:"time_resolution"`
	Memory           yamldoc.Node `yaml:"memory"`             // MiB
	Output           yamldoc.Node `yaml:"output"`             // MiB
	Code             yamldoc.Node `yaml:"code"`               // KiB
	CompileTime      yamldoc.Node `yaml:"compilation_time"`   // s
	CompileMemory    yamldoc.Node `yaml:"compilation_memory"` // MiB
	ValidateTime     yamldoc.Node `yaml:"validation_time"`    // s
	ValidateMemory   yamldoc.Node `yaml:"validation_memory"`  // MiB
	ValidateOutput   yamldoc.Node `yaml:"validation_output"`  // MiB
	ValidationPasses yamldoc.Node `yaml:"validation_passes"`
	GeneratorTime    yamldoc.Node `yaml:"generator_time"`  // BAPCtools, of no effect here
	VisualizerTime   yamldoc.Node `yaml:"visualizer_time"` // BAPCtools, of no effect here
}

type timesYAML struct {
	ACToTimeLimit  yamldoc.Node `yaml:"ac_to_time_limit"`
	TimeLimitToTLE yamldoc.Node `yaml:"time_limit_to_tle"`
}

const (
	kib = 1 << 10
	mib = 1 << 20
)

// defaultLimits are the limits of a package that says nothing. The sizes and
// times are those that both versions of the format propose.
func defaultLimits(format Format) Limits {
	limits := Limits{
		TimeResolution: time.Second,
		ACToLimit:      2,
		LimitToTLE:     1.5,
		Memory:         2048 * mib,
		Output:         8 * mib,
		Code:           128 * kib,
		CompileTime:    60 * time.Second,
		CompileMemory:  2048 * mib,
		ValidateTime:   60 * time.Second,
		ValidateMemory: 2048 * mib,
		ValidateOutput: 8 * mib,
		Passes:         2,
	}
	if format == Legacy {
		limits.ACToLimit, limits.LimitToTLE = 5, 2
	}
	return limits
}

// DefaultLimits are the limits of a program outside any problem: those of a
// package of the newest format that says nothing.
func DefaultLimits() Limits { return defaultLimits(F2025) }

// limits reads the limits of problem.yaml.
func (l *loader) limits(y *limitsYAML) {
	l.p.Limits = defaultLimits(l.p.Format)
	limits := &l.p.Limits
	if seconds(y.TimeLimit, &limits.Time); limits.Time > 0 {
		limits.TimeSource = fmt.Sprintf("%s:%d", filepath.Base(l.p.File), y.TimeLimit.Line())
	}
	factor(y.TimeMultiplier, &limits.ACToLimit)
	factor(y.TimeSafetyMargin, &limits.LimitToTLE)
	l.multipliers(y.TimeMultipliers)
	seconds(y.TimeResolution, &limits.TimeResolution)
	size(y.Memory, mib, &limits.Memory)
	size(y.Output, mib, &limits.Output)
	size(y.Code, kib, &limits.Code)
	seconds(y.CompileTime, &limits.CompileTime)
	size(y.CompileMemory, mib, &limits.CompileMemory)
	seconds(y.ValidateTime, &limits.ValidateTime)
	size(y.ValidateMemory, mib, &limits.ValidateMemory)
	size(y.ValidateOutput, mib, &limits.ValidateOutput)
	if n := y.ValidationPasses; n.Exists() {
		if limits.Passes = int(n.Int()); limits.Passes < 2 || limits.Passes > 1_000_000 {
			n.Errorf("", "must be at least 2")
		}
	}
}

// multipliers reads time_multipliers. In a legacy package it is an unknown key,
// which somebody may have written for time_multiplier.
func (l *loader) multipliers(n yamldoc.Node) {
	if l.p.Format == Legacy && !n.IsMap() {
		if n.Exists() {
			n.As("unknown-key").Warnf(`did you mean "time_multiplier"?`, "ignored, because it is not a map")
		}
		return
	}
	var y timesYAML
	n.Decode(&y)
	factor(y.ACToTimeLimit, &l.p.Limits.ACToLimit)
	factor(y.TimeLimitToTLE, &l.p.Limits.LimitToTLE)
}

// maxSeconds is the longest time that a package may ask for: a day.
const maxSeconds = 24 * 60 * 60

// seconds stores n in to, if there is one.
func seconds(n yamldoc.Node, to *time.Duration) {
	s, ok := n.Number()
	if !ok {
		return
	}
	if !(s >= 0.001 && s <= maxSeconds) {
		n.Errorf("", "must be a number of seconds from 0.001 to %d", maxSeconds)
		return
	}
	*to = time.Duration(math.Round(s*1e6)) * time.Microsecond
}

// size stores n in to in bytes, if there is one.
func size(n yamldoc.Node, unit float64, to *int64) {
	s, ok := n.Number()
	if !ok {
		return
	}
	if !(s > 0 && s <= 1<<24) {
		n.Errorf("", "must be a number from 1 to %d", 1<<24)
		return
	}
	*to = max(1, int64(s*unit))
}

// factor stores n in to, if there is one.
func factor(n yamldoc.Node, to *float64) {
	f, ok := n.Number()
	if !ok {
		return
	}
	if !(f >= 1 && f <= 1e6) {
		n.Errorf("", "must be a number of at least 1")
		return
	}
	*to = f
}

// timeFiles reads the time limit from the files of DOMjudge, in which many
// legacy packages have it. problem.yaml goes first, then .timelimit.
func (l *loader) timeFiles() {
	for _, source := range []struct {
		name string
		find func(string) (value string, line int)
	}{
		{".timelimit", func(text string) (string, int) { return strings.TrimSpace(text), 1 }},
		{"domjudge-problem.ini", iniTimeLimit},
	} {
		e, ok := l.file(source.name)
		if !ok {
			continue
		}
		text, err := os.ReadFile(e.abs)
		if err != nil {
			l.errorf(source.name, "unreadable", "", "%s", reason(err))
			continue
		}
		if value, line := source.find(string(text)); value != "" {
			l.timeFile(source.name, line, value)
		}
	}
}

func (l *loader) timeFile(name string, line int, value string) {
	d := Diagnostic{Severity: Warning, Rule: "time-limit-file", File: l.show(name), Line: line, Message: "time limit is not in problem.yaml", Hint: "write it there as limits: {time_limit: …}"}
	s, err := strconv.ParseFloat(value, 64)
	if err != nil || !(s >= 0.001 && s <= maxSeconds) {
		d.Severity, d.Message, d.Hint = Error, fmt.Sprintf("time limit %.40q is not a number of seconds from 0.001 to %d", value, maxSeconds), ""
		l.add(d)
		return
	}
	limits := &l.p.Limits
	found := time.Duration(math.Round(s*1e6)) * time.Microsecond
	switch {
	case limits.Time == 0:
		limits.Time, limits.TimeSource = found, fmt.Sprintf("%s:%d", name, line)
	case limits.Time != found:
		d.Message = fmt.Sprintf("time limit %v differs from that of %s, which is used", found, limits.TimeSource)
		d.Hint = ""
	}
	l.add(d)
}

// iniTimeLimit finds timelimit in the text of domjudge-problem.ini.
func iniTimeLimit(text string) (value string, line int) {
	for i, row := range strings.Split(text, "\n") {
		key, value, found := strings.Cut(row, "=")
		if found && strings.TrimSpace(key) == "timelimit" {
			return strings.Trim(strings.TrimSpace(value), `"'`), i + 1
		}
	}
	return "", 0
}
