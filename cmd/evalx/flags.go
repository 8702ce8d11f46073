package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/evalx/evalx/judge/verdict"
)

// timeFlag is a duration that may be given as a plain number of seconds.
type timeFlag time.Duration

func (f *timeFlag) value() time.Duration { return time.Duration(*f) }

// Type names the flag's value in the help.
func (f *timeFlag) Type() string { return "seconds" }

// String returns the duration, "" if it is not set.
func (f *timeFlag) String() string {
	if *f == 0 {
		return ""
	}
	return f.value().String()
}

// Set reads a number of seconds, or a duration with its unit.
func (f *timeFlag) Set(text string) error {
	d, err := time.ParseDuration(text)
	if err != nil {
		d, err = time.ParseDuration(text + "s")
	}
	if err != nil || d < time.Millisecond || d > 24*time.Hour {
		return errors.New("not a time between 1ms and 24h, such as 2, 0.5 or 500ms")
	}
	*f = timeFlag(d)
	return nil
}

// sizeFlag is a number of bytes, given in MiB or with a unit.
type sizeFlag int64

// Less memory than leastMemory does not even start a program.
const leastMemory, mostSize = 4 << 20, 1 << 40

// Type names the flag's value in the help.
func (f *sizeFlag) Type() string { return "MiB" }

// String returns the size in MiB, "" if it is not set.
func (f *sizeFlag) String() string {
	switch {
	case *f == 0:
		return ""
	case *f%(1<<20) == 0:
		return fmt.Sprint(int64(*f)>>20, "M")
	}
	return fmt.Sprint(int64(*f)>>10, "K")
}

// Set reads a number of MiB, or of what the unit K, M or G says.
func (f *sizeFlag) Set(text string) error {
	n, ok := parseSize(text)
	if !ok || n > mostSize {
		return errors.New("not a size of at most 1024G, such as 256 (MiB), 64K, 512M or 2G")
	}
	*f = sizeFlag(n)
	return nil
}

// memoryFlag is a sizeFlag for memory.
type memoryFlag struct{ sizeFlag }

// Set reads what a sizeFlag reads, as long as a program can start with it.
func (f *memoryFlag) Set(text string) error {
	if n, ok := parseSize(text); !ok || n < leastMemory || n > mostSize {
		return errors.New("not a size between 4M and 1024G, such as 256 (MiB), 512M or 2G")
	}
	return f.sizeFlag.Set(text)
}

// parseSize returns a number of bytes.
func parseSize(text string) (size int64, ok bool) {
	digits := strings.TrimRight(strings.ToUpper(text), "IB")
	shift := 20
	for unit, s := range map[string]int{"K": 10, "M": 20, "G": 30} {
		if rest, ok := strings.CutSuffix(digits, unit); ok {
			digits, shift = rest, s
			break
		}
	}
	n, err := strconv.ParseInt(digits, 10, 32)
	return n << shift, err == nil && n > 0
}

// percentFlag is a part of something, in percent from 0 to 100.
type percentFlag float64

// defaultBand is the default of --rerun-band: as much as the CPU time of one
// and the same program may spread, see docs/benchmarks.md.
const defaultBand percentFlag = 10

func (f *percentFlag) part() float64 { return float64(*f) / 100 }

// Type names the flag's value in the help.
func (f *percentFlag) Type() string { return "percentage" }

// String returns the percentage as Set reads it.
func (f *percentFlag) String() string { return fmt.Sprintf("%g%%", float64(*f)) }

// Set reads a number, which may have a percent sign.
func (f *percentFlag) Set(text string) error {
	n, err := strconv.ParseFloat(strings.TrimSuffix(text, "%"), 64)
	if err != nil || !(n >= 0 && n <= 100) {
		return errors.New("not a percentage between 0 and 100, such as 10 or 10%")
	}
	*f = percentFlag(n)
	return nil
}

// verdictsFlag is a list of verdicts.
type verdictsFlag []verdict.Verdict

// Type names the flag's value in the help.
func (f *verdictsFlag) Type() string { return "verdict" }

// String returns the codes of the verdicts.
func (f *verdictsFlag) String() string {
	var codes []string
	for _, v := range *f {
		codes = append(codes, v.String())
	}
	return strings.Join(codes, " or ")
}

// Set reads codes with commas between them.
func (f *verdictsFlag) Set(text string) error {
	var all []verdict.Verdict
	for _, code := range strings.Split(text, ",") {
		v, err := verdict.Parse(strings.ToUpper(strings.TrimSpace(code)))
		if err != nil {
			return fmt.Errorf("%w: known are AC, WA, TLE, ILE, MLE, RTE, OLE, CE and JE", err)
		}
		all = append(all, v)
	}
	*f = all
	return nil
}

// ageFlag is a duration that may be given in days.
type ageFlag time.Duration

// Type names the flag's value in the help.
func (f *ageFlag) Type() string { return "age" }

// String returns the age, "" if it is not set.
func (f *ageFlag) String() string {
	if *f == 0 {
		return ""
	}
	return time.Duration(*f).String()
}

// Set reads a number of days such as 30d, or a duration with its unit.
func (f *ageFlag) Set(text string) error {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n uint64
		n, err = strconv.ParseUint(days, 10, 16)
		d = time.Duration(n) * 24 * time.Hour
	}
	if err != nil || d <= 0 {
		return errors.New("not an age such as 30d, 12h or 90m")
	}
	*f = ageFlag(d)
	return nil
}
