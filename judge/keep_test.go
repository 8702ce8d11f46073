package judge_test

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
	"github.com/evalx/evalx/judge/problem"
)

// memory is a cache for one test.
type memory struct {
	mu      sync.Mutex
	entries map[string][]byte
	folders map[string]string
	base    string
}

func newMemory(t *testing.T) *memory {
	return &memory{entries: map[string][]byte{}, folders: map[string]string{}, base: t.TempDir()}
}

func (m *memory) folder(key string, fill func(dir string) error) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if dir, ok := m.folders[key]; ok {
		return dir, nil
	}
	dir := filepath.Join(m.base, fmt.Sprint(len(m.folders)))
	if err := errors.Join(os.Mkdir(dir, 0o755), fill(dir)); err != nil {
		return "", err
	}
	m.folders[key] = dir
	return dir, nil
}

// count returns how many entries there are of a kind.
func (m *memory) count(kind string) int {
	n := 0
	for key := range m.entries {
		if strings.HasPrefix(key, kind+" ") {
			n++
		}
	}
	return n
}

func (m *memory) lookUp(key string) ([]byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	data, ok := m.entries[key]
	return data, ok
}

func (m *memory) store(key string, data []byte) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.entries[key] = data
	return nil
}

// use lets cfg keep things in m.
func (m *memory) use(cfg *judge.Config) {
	cfg.LookUp, cfg.Store, cfg.Folder = m.lookUp, m.store, m.folder
}

// compilers says of each program how it came to be, such as "a.c compiled".
type compilers struct{ lines []string }

func (c *compilers) Event(e judge.Event, _ *judge.Report) error {
	name := e.Program[strings.LastIndexByte(e.Program, ' ')+1:]
	switch {
	case e.Kind == judge.Preparing:
		c.lines = append(c.lines, "prepared")
	case e.Kind == judge.Compiling:
		c.lines = append(c.lines, name+" compiling")
	case e.Kind == judge.Compiled && e.Cached:
		c.lines = append(c.lines, name+" cached")
	case e.Kind == judge.Warning:
		c.lines = append(c.lines, "warning")
	}
	return nil
}

// compiles judges and returns what was compiled, and the verdict.
func compiles(t *testing.T, p *problem.Problem, s problem.Program, cfg judge.Config) string {
	t.Helper()
	var c compilers
	cfg.Consumers = []judge.Consumer{&c}
	r := run(t, p, s, cfg)
	return strings.Join(append(slices.Sorted(slices.Values(c.lines)), r.Verdict.String()), ", ")
}

const sumInC = `#include <stdio.h>
int main() { long a, b; scanf("%ld %ld", &a, &b); printf("%ld\n", a + b); }
`

const checkInC = `#include <stdlib.h>
int main() { return 42; }
`

// TestProgramsAreCompiledOnce changes one thing at a time, and wants exactly
// what depends on it to be compiled anew.
func TestProgramsAreCompiledOnce(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Jobs = 1
	m := newMemory(t)
	m.use(&cfg)
	packaged := files{"problem.yaml": custom, "output_validators/check.c": checkInC, "include/c/lib.h": "\n"}.with(sumData)
	include := `#include "lib.h"` + "\n" + sumInC
	p, s := load(t, packaged), source(t, "a.c", include)
	const anew, old = "a.c compiling, check.c compiling, AC", "a.c cached, check.c cached, AC"
	for _, step := range []struct {
		name, want string
		p          *problem.Problem
		s          problem.Program
		change     func(*judge.Config)
	}{
		{name: "first", want: anew},
		{name: "again", want: old},
		{name: "in another place", want: old, p: load(t, packaged), s: source(t, "a.c", include)},
		{name: "other source", want: "a.c compiling, check.c cached, AC", s: source(t, "a.c", include+"\n")},
		{name: "other name", want: "b.c compiling, check.c cached, AC", s: source(t, "b.c", include)},
		{name: "other included file", want: "a.c compiling, check.c cached, AC", p: load(t, files{"include/c/lib.h": "\n\n"}.over(packaged))},
		{name: "other validator", want: "a.c cached, check.c compiling, AC", p: load(t, files{"output_validators/check.c": checkInC + "\n"}.over(packaged))},
		{name: "other limits", want: anew, p: load(t, files{"problem.yaml": custom + "limits: {compilation_time: 30}\n"}.over(packaged))},
		{name: "other flags", want: anew, change: func(c *judge.Config) {
			c.Languages = changed(t, `languages: {c: {compile: ["{compiler}", -O1, -o, program, "{sources}"]}}`)
		}},
		{name: "nothing kept", want: anew, change: func(c *judge.Config) { c.LookUp, c.Store = nil, nil }},
		{name: "all damaged", want: anew, change: func(*judge.Config) {
			for key := range m.entries {
				m.entries[key] = []byte(`{"files":[{"path":"../../x","size":1}]}` + "\nx")
			}
		}},
		{name: "mended", want: old},
	} {
		t.Run(step.name, func(t *testing.T) {
			cfg := cfg
			if step.change != nil {
				step.change(&cfg)
			}
			if step.p == nil {
				step.p = p
			}
			if step.s.Name == "" {
				step.s = s
			}
			if got := compiles(t, step.p, step.s, cfg); got != step.want {
				t.Errorf("got  %s\nwant %s", got, step.want)
			}
		})
	}
}

// over returns f with what it lacks from base.
func (f files) over(base files) files {
	all := maps.Clone(base)
	maps.Copy(all, f)
	return all
}

func changed(t *testing.T, yaml string) *language.Set {
	t.Helper()
	set, err := language.Builtin()
	if err == nil {
		err = set.Load("test.yaml", []byte(yaml))
	}
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestCompileErrorsAndWhatScriptsMakeAreNotKept(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Jobs = 1
	m := newMemory(t)
	m.use(&cfg)
	p := load(t, files{
		"problem.yaml":                  custom,
		"output_validators/check/build": "#!/bin/sh\nexit 0\n",
		"output_validators/check/run":   "#!/bin/sh\nexit 42\n",
	}.with(sumData))
	for range 2 {
		if got := compiles(t, p, source(t, "a.c", "int main() { oops }\n"), cfg); got != "a.c compiling, check compiling, CE" {
			t.Errorf("got %s", got)
		}
	}
	if n := m.count("program"); n > 0 {
		t.Errorf("%d programs are kept", n)
	}
}

func TestWhatTheCompilerSaidIsKept(t *testing.T) {
	cfg := config(t, openNative(t))
	newMemory(t).use(&cfg)
	p, s := load(t, sumData), source(t, "a.c", "#warning mind the gap\n"+sumInC)
	for range 2 {
		said := ""
		cfg.Consumers = []judge.Consumer{&recorder{t: t, notify: func(e judge.Event) {
			if e.Kind == judge.Compiled {
				said = e.Message
			}
		}}}
		run(t, p, s, cfg)
		if !strings.Contains(said, "mind the gap") {
			t.Errorf("the compiler said %q", said)
		}
	}
}

func TestCacheThatCannotBeWrittenOnlyWarns(t *testing.T) {
	cfg := config(t, openNative(t))
	full := errors.New("no space left on device")
	cfg.LookUp = func(string) ([]byte, bool) { return nil, false }
	cfg.Store = func(string, []byte) error { return full }
	cfg.Folder = func(string, func(string) error) (string, error) { return "", full }
	cfg.Languages = changed(t, preparing)
	if got := compiles(t, load(t, sumData), source(t, "a.x", "echo 3\n"), cfg); got != "a.x compiling, warning, AC" {
		t.Errorf("got %s", got)
	}
	cfg.Languages = changed(t, strings.Replace(preparing, "prepare_for: gain", "", 1))
	if got := compiles(t, load(t, sumData), source(t, "a.x", "echo 3\n"), cfg); got != "a.x compiling, warning, warning, AC" {
		t.Errorf("got %s", got)
	}
}

// preparing is a language whose compile step fails with what was prepared, if
// the program says so.
const preparing = `
languages:
  x:
    name: X
    extensions: [.x]
    tools: {sh: [sh]}
    prepare: ["{sh}", -c, "echo exit 0 > made"]
    prepare_for: gain
    compile: ["{sh}", -c, "if test -e {warm}/made; then grep -v broken $0; else grep '' $0; fi > program", "{main}"]
    run: ["{sh}", /prog/program]
    produces: [program]
`

func TestPreparingWaitsUntilItIsWantedTwice(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Jobs, cfg.Languages = 1, changed(t, preparing)
	m := newMemory(t)
	m.use(&cfg)
	p := load(t, sumData)
	for i, step := range []struct{ code, want string }{
		{"echo 3\n", "a.x compiling, AC"},
		{"echo 3 #\n", "a.x compiling, AC"},
		{"gain=1; echo 3\n", "a.x compiling, AC"},
		{"gain=1; echo 3\n", "a.x cached, AC"},
		{"gain=2; echo 3\n", "a.x compiling, prepared, AC"},
		{"gain=3; echo 3\n", "a.x compiling, AC"},
		// With what was prepared the compiler finds nothing to print.
		{"gain=4; echo 3 # broken\n", "a.x compiling, a.x compiling, AC"},
		{"echo 3 # broken\n", "a.x compiling, AC"},
	} {
		if got := compiles(t, p, source(t, "a.x", step.code), cfg); got != step.want {
			t.Errorf("step %d: got %s, want %s", i, got, step.want)
		}
	}
	if len(m.folders) != 1 {
		t.Errorf("%d folders were prepared", len(m.folders))
	}
}

func TestPreparingThatFailsIsNotTriedAgain(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Jobs, cfg.Languages = 1, changed(t, strings.Replace(preparing, "echo exit 0 > made", "echo > made; exit 1", 1))
	m := newMemory(t)
	m.use(&cfg)
	for i, want := range []string{"a.x compiling, AC", "a.x compiling, prepared, warning, AC", "a.x compiling, AC"} {
		code := fmt.Sprintf("gain=%d; echo 3\n", i)
		if got := compiles(t, load(t, sumData), source(t, "a.x", code), cfg); got != want {
			t.Errorf("run %d: got %s, want %s", i, got, want)
		}
	}
}

func TestPreparingThatCannotBeKeptIsTriedTheNextDay(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Jobs, cfg.Languages = 1, changed(t, preparing)
	newMemory(t).use(&cfg)
	cfg.Folder = func(_ string, fill func(string) error) (string, error) {
		return "", errors.Join(fill(t.TempDir()), errors.New("no space left on device"))
	}
	now := time.Now()
	cfg.Now = func() time.Time { return now }
	for i, want := range []string{"a.x compiling, AC", "a.x compiling, prepared, warning, AC", "a.x compiling, AC", "a.x compiling, prepared, warning, AC"} {
		if i == 3 {
			now = now.Add(25 * time.Hour)
		}
		code := fmt.Sprintf("gain=%d; echo 3\n", i)
		if got := compiles(t, load(t, sumData), source(t, "a.x", code), cfg); got != want {
			t.Errorf("run %d: got %s, want %s", i, got, want)
		}
	}
}

// TestSourceThatChangesMeanwhile: what is kept is what was compiled, not what
// lies there by then.
func TestSourceThatChangesMeanwhile(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Jobs, cfg.Languages = 1, changed(t, strings.Replace(preparing, "if test", "sleep 1; if test", 1))
	newMemory(t).use(&cfg)
	p, s := load(t, sumData), source(t, "a.x", "echo 3\n")
	path := filepath.Join(s.Dir, "a.x")
	done := make(chan error)
	go func() {
		time.Sleep(500 * time.Millisecond)
		done <- os.WriteFile(path, []byte("echo 4\n"), 0o644)
	}()
	first := compiles(t, p, s, cfg)
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	second := compiles(t, p, s, cfg)
	if first != "a.x compiling, AC" || second != "a.x compiling, WA" {
		t.Errorf("got %s and then %s", first, second)
	}
}

// TestContentIsReadOncePerChange: what is remembered of files must not hide
// that one has changed.
func TestContentIsReadOncePerChange(t *testing.T) {
	cfg := config(t, openNone(t))
	m := newMemory(t)
	m.use(&cfg)
	p := load(t, files{".timelimit": "", "submissions/accepted/a.sh": "echo 3\n", "data/secret/2.in": "x\n", "data/secret/2.ans": "3\n"}.with(sumData))
	input, old := filepath.Join(p.Dir, "data", "secret", "2.in"), time.Now().Add(-time.Hour)
	for i, step := range []struct {
		content string
		time    time.Time
		want    int
	}{
		{"a", old, 1}, // remembered
		{"a", old, 1},
		{"b", old.Add(time.Second), 2}, // changed, and remembered
		{"c", time.Now(), 3},           // too young to be remembered
		{"a", old, 3},
	} {
		if err := errors.Join(os.WriteFile(input, []byte(step.content), 0o644), os.Chtimes(input, step.time, step.time)); err != nil {
			t.Fatal(err)
		}
		run(t, p, source(t, "main.sh", "echo 3\n"), cfg)
		if n := m.count("limit"); n != step.want {
			t.Errorf("step %d: %d limits, want %d", i, n, step.want)
		}
	}
	remembered := string(m.entries["digests 2\n"+p.Dir])
	if !strings.Contains(remembered, "2.in") || strings.Contains(remembered, "a.sh") {
		t.Errorf("remembered: %s", remembered)
	}
}

func TestProgramWithAStrangeNameIsNotKept(t *testing.T) {
	cfg := config(t, openNative(t))
	cfg.Languages = changed(t, strings.NewReplacer(`> program"`, `> $(printf 'p\\377')"`, "/prog/program", "-c, 'sh /prog/p*'", "produces: [program]", "").Replace(preparing))
	m := newMemory(t)
	m.use(&cfg)
	for range 2 {
		if got := compiles(t, load(t, sumData), source(t, "a.x", "echo 3\n"), cfg); got != "a.x compiling, AC" {
			t.Errorf("got %s", got)
		}
	}
	if n := m.count("program"); n > 0 {
		t.Errorf("%d programs are kept", n)
	}
}
