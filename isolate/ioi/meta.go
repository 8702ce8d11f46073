package ioi

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// meta is what isolate says about a run, see isolate(1), "META-FILES".
type meta struct {
	cpu, wall time.Duration
	maxRSS    int64  // bytes, of the largest process
	cgMemory  int64  // bytes, of the cgroup; 0 if not stated
	exited    bool   // code is set
	code      int    // exit code
	signal    int    // 0 if none
	killed    bool   // by isolate
	oom       bool   // by the kernel, for want of memory
	status    string // "", "RE", "SG" or "TO"
	message   string // isolate's, for people
}

// maxMeta is more bytes than any meta file has.
const maxMeta = 16 << 10

// parseMeta reads a meta file: lines of key:value. Keys that it does not know
// are skipped, since later versions may have more; a value that makes no sense
// is an error. So is the status XX, wherever it stands: the sandbox failed.
func parseMeta(text string) (meta, error) {
	var m meta
	if len(text) > maxMeta {
		return m, fmt.Errorf("meta file: %d bytes", len(text))
	}
	if text != "" && !strings.HasSuffix(text, "\n") {
		return m, errors.New("meta file: its last line is cut off")
	}
	failed := false
	for line := range strings.Lines(text) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ":")
		if !ok {
			return m, fmt.Errorf("meta file: %q is not key:value", line)
		}
		if err := m.set(key, value); err != nil {
			return m, fmt.Errorf("meta file: %s: %w", key, err)
		}
		failed = failed || m.status == "XX"
	}
	if failed {
		return m, fmt.Errorf("isolate failed: %s", m.message)
	}
	return m, nil
}

func (m *meta) set(key, value string) (err error) {
	switch key {
	case "time":
		m.cpu, err = seconds(value)
	case "time-wall":
		m.wall, err = seconds(value)
	case "max-rss":
		m.maxRSS, err = kibibytes(value)
	case "cg-mem":
		m.cgMemory, err = kibibytes(value)
	case "exitcode":
		m.exited = true
		m.code, err = within(value, 0, 255)
	case "exitsig":
		m.signal, err = within(value, 1, 64)
	case "killed":
		m.killed, err = true, one(value)
	case "cg-oom-killed":
		m.oom, err = true, one(value)
	case "status":
		m.status = value
		if value != "RE" && value != "SG" && value != "TO" && value != "XX" {
			err = fmt.Errorf("%q is unknown", value)
		}
	case "message":
		m.message = value
	}
	return err
}

// seconds reads seconds with three decimals.
func seconds(text string) (time.Duration, error) {
	whole, part, ok := strings.Cut(text, ".")
	s, err := strconv.ParseUint(whole, 10, 31)
	if err != nil || !ok || len(part) != 3 {
		return 0, fmt.Errorf("%q is not seconds with three decimals", text)
	}
	ms, err := strconv.ParseUint(part, 10, 10)
	if err != nil {
		return 0, fmt.Errorf("%q is not seconds with three decimals", text)
	}
	return time.Duration(s)*time.Second + time.Duration(ms)*time.Millisecond, nil
}

// kibibytes reads a number of KiB and returns bytes.
func kibibytes(text string) (int64, error) {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil || n < 0 || n > math.MaxInt64>>10 {
		return 0, fmt.Errorf("%q is not a size in KiB", text)
	}
	return n << 10, nil
}

func within(text string, low, high int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, fmt.Errorf("%q is not a number from %d to %d", text, low, high)
	}
	return n, nil
}

func one(text string) error {
	if text != "1" {
		return fmt.Errorf("%q is not 1", text)
	}
	return nil
}
