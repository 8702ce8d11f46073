package ioi

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

// recorded reads a meta file that the real isolate wrote: 1.10.1 and 2.6, on
// Linux 6.18 with cgroup v1 and on Linux 6.1 with cgroup v2.
func recorded(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "meta", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestRecordedMetaFiles(t *testing.T) {
	limits := isolate.Limits{CPU: 10 * time.Second, Wall: 20 * time.Second, Memory: 32 << 20, Output: 1 << 10}
	ms := time.Millisecond
	for name, want := range map[string]isolate.Exit{
		"v1-ok":            {Status: isolate.Exited, CPU: ms, Wall: ms, Memory: 1116 << 10},
		"v1-code":          {Status: isolate.Exited, Code: 42, CPU: 2 * ms, Wall: 20 * ms, Memory: 1456 << 10},
		"v1-signal":        {Status: isolate.Signaled, Signal: syscall.SIGSEGV, CPU: 2 * ms, Wall: 8 * ms, Memory: 1636 << 10},
		"v1-cpu":           {Status: isolate.TimeLimit, Signal: syscall.SIGKILL, CPU: 222 * ms, Wall: 501 * ms, Memory: 1508 << 10},
		"v1-wall":          {Status: isolate.WallLimit, Signal: syscall.SIGKILL, CPU: 2 * ms, Wall: 304 * ms, Memory: 1432 << 10},
		"v1-output":        {Status: isolate.OutputLimit, Signal: syscall.SIGXFSZ, CPU: 3 * ms, Wall: 4 * ms, Memory: 1476 << 10},
		"v1-terminated":    {Status: isolate.Signaled, Signal: syscall.SIGKILL, CPU: 3 * ms, Wall: 396 * ms, Memory: 1432 << 10},
		"v1-missing":       {Status: isolate.Exited, Code: 127, Memory: 1516 << 10},
		"v1-cg-ok":         {Status: isolate.Exited, CPU: ms, Wall: 13 * ms, Memory: 256 << 10},
		"v1-cg-memory":     {Status: isolate.MemoryLimit, Signal: syscall.SIGKILL, CPU: 17 * ms, Wall: 27 * ms, Memory: 20000 << 10},
		"v1-cg-terminated": {Status: isolate.Signaled, Signal: syscall.SIGKILL, CPU: 2 * ms, Wall: 396 * ms, Memory: 400 << 10},
		"v2-ok":            {Status: isolate.Exited, CPU: 2 * ms, Memory: 1420 << 10},
		"v2-code":          {Status: isolate.Exited, Code: 42, CPU: ms, Wall: 7 * ms, Memory: 1636 << 10},
		"v2-signal":        {Status: isolate.Signaled, Signal: syscall.SIGSEGV, CPU: ms, Wall: 5 * ms, Memory: 1580 << 10},
		"v2-cpu":           {Status: isolate.TimeLimit, Signal: syscall.SIGKILL, CPU: 237 * ms, Wall: 504 * ms, Memory: 1564 << 10},
		"v2-wall":          {Status: isolate.WallLimit, Signal: syscall.SIGKILL, CPU: 3 * ms, Wall: 300 * ms, Memory: 1628 << 10},
		"v2-output":        {Status: isolate.OutputLimit, Signal: syscall.SIGXFSZ, CPU: 2 * ms, Wall: 7 * ms, Memory: 1460 << 10},
		"v2-terminated":    {Status: isolate.Signaled, Signal: syscall.SIGKILL, CPU: 2 * ms, Wall: 400 * ms, Memory: 1436 << 10},
		"v2-missing":       {Status: isolate.Exited, Code: 127, Memory: 1512 << 10},
		"v2-cg-ok":         {Status: isolate.Exited, CPU: 131 * ms, Wall: 187 * ms, Memory: 344 << 10},
		"v2-cg-memory":     {Status: isolate.MemoryLimit, Signal: syscall.SIGKILL, CPU: 3051 * ms, Wall: 3343 * ms, Memory: 20000 << 10},
		"v2-cg-cpu":        {Status: isolate.TimeLimit, Signal: syscall.SIGKILL, CPU: 595 * ms, Wall: 655 * ms, Memory: 576 << 10},
	} {
		m, err := parseMeta(recorded(t, name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if got := m.exit(limits, noticed{}); got != want {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	for _, name := range []string{"v1-refused", "v2-refused"} {
		if m, err := parseMeta(recorded(t, name)); err == nil || !strings.Contains(err.Error(), "isolate failed: Cannot mount /nonesuch on x") {
			t.Errorf("%s: %+v, %v", name, m, err)
		}
	}
}

// What evalx saw itself decides where isolate was only told to stop.
func TestNoticedFromOutside(t *testing.T) {
	limits := isolate.Limits{CPU: time.Second, Memory: 32 << 20, Output: 1 << 10}
	for _, test := range []struct {
		name   string
		meta   string
		seen   noticed
		status isolate.Status
	}{
		{"CPU of children", "v1-terminated", noticed{killed: isolate.TimeLimit}, isolate.TimeLimit},
		{"memory of children", "v2-terminated", noticed{killed: isolate.MemoryLimit}, isolate.MemoryLimit},
		{"CPU, then the end", "v1-ok", noticed{used: usage{cpu: 2 * time.Second}}, isolate.TimeLimit},
		{"memory, then the end", "v2-code", noticed{used: usage{memory: 64 << 20}}, isolate.MemoryLimit},
		{"much output, then the end", "v1-ok", noticed{tooLong: true}, isolate.OutputLimit},
		{"much output and a failure", "v1-code", noticed{tooLong: true}, isolate.OutputLimit},
		{"much output and a crash", "v1-signal", noticed{tooLong: true}, isolate.OutputLimit},
		{"much output and no end", "v1-terminated", noticed{killed: isolate.OutputLimit}, isolate.OutputLimit},
		{"much output and the CPU limit", "v1-cpu", noticed{tooLong: true}, isolate.OutputLimit},
		{"much output and the wall limit", "v2-wall", noticed{tooLong: true}, isolate.OutputLimit},
		{"much output and memory", "v1-cg-memory", noticed{tooLong: true}, isolate.MemoryLimit},
		{"pages that processes share", "v1-cg-ok", noticed{used: usage{memory: 64 << 20}}, isolate.Exited},
	} {
		m, err := parseMeta(recorded(t, test.meta))
		if err != nil {
			t.Fatal(err)
		}
		if got := m.exit(limits, test.seen); got.Status != test.status {
			t.Errorf("%s: got %v, want %v", test.name, got.Status, test.status)
		}
	}
}

func TestBadMetaFiles(t *testing.T) {
	for text, want := range map[string]string{
		"time":                               "cut off",
		"time\n":                             "not key:value",
		"time:1\n":                           "time: \"1\" is not seconds",
		"time:-1.000\n":                      "not seconds",
		"time:1.5\n":                         "not seconds",
		"time:1e9.000\n":                     "not seconds",
		"time-wall:x.000\n":                  "time-wall",
		"max-rss:-1\n":                       "not a size",
		"cg-mem:9223372036854775807\n":       "not a size",
		"exitcode:256\n":                     "0 to 255",
		"exitsig:0\n":                        "1 to 64",
		"killed:yes\n":                       "not 1",
		"cg-oom-killed:2\n":                  "not 1",
		"status:OK\n":                        "unknown",
		"status:XX\nmessage:no\nstatus:RE\n": "isolate failed: no",
		"status:TO\nstatus:XX\nmessage:no\n": "isolate failed: no",
		strings.Repeat("a:b\n", 5000):        "20000 bytes",
	} {
		if m, err := parseMeta(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.40q: %+v, %v; want %q", text, m, err, want)
		}
	}
	if m, err := parseMeta("later-key:1\ntime:3.250\n"); err != nil || m.cpu != 3250*time.Millisecond {
		t.Errorf("a key of a later version: %+v, %v", m, err)
	}
}

func FuzzMeta(f *testing.F) {
	names, err := filepath.Glob("testdata/meta/*")
	if err != nil || len(names) == 0 {
		f.Fatal("no meta files: ", err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	limits := isolate.Limits{CPU: time.Second, Wall: time.Second, Memory: 1 << 20, Output: 1 << 20}
	f.Fuzz(func(t *testing.T, text string) {
		m, err := parseMeta(text)
		if err != nil {
			return
		}
		e := m.exit(limits, noticed{})
		if e.Status < isolate.MemoryLimit || e.Status > isolate.Exited {
			t.Errorf("status %d", e.Status)
		}
		if e.CPU < 0 || e.Wall < 0 || e.Memory < 0 || e.Code < 0 || e.Code > 255 || e.Signal < 0 || e.Signal > 64 {
			t.Errorf("%+v", e)
		}
		if strings.HasPrefix(text, "status:XX\n") {
			t.Error("a failure of the sandbox went unnoticed")
		}
	})
}
