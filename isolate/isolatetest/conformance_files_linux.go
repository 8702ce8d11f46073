package isolatetest

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/evalx/evalx/isolate"
)

func fileChecks() []check {
	return []check{
		{"given files", nil, checkFiles},
		{"given files belong to the program", nil, checkOwnFiles},
		{"mounts", needs(isolate.GapView), checkMounts},
		{"collect", nil, checkCollect},
		{"collect nothing", nil, checkCollectNothing},
		{"collect stops on error", nil, checkCollectError},
		{"fresh folder", nil, checkFresh},
	}
}

func checkFiles(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	source := filepath.Join(t.TempDir(), "source")
	if err := os.WriteFile(source, []byte("from the host"), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := s.command("list", ".")
	cmd.Files = []isolate.File{
		{Path: "a", Mode: 0o644, Data: []byte("A")},
		{Path: "deep/er/b", Mode: 0o755, Data: []byte("BB")},
		{Path: "copied", Mode: 0o600, Source: source},
		{Path: "folder", Mode: fs.ModeDir | 0o755},
		{Path: "empty", Mode: 0o444},
	}
	r := run(t, sandbox, cmd)
	lines := strings.Split(strings.TrimSpace(r.stdout), "\n")
	for _, want := range []string{"./a 644 1", "./deep/er/b 755 2", "./copied 600 13", "./empty 444 0"} {
		if !slices.Contains(lines, want) {
			t.Errorf("no %q in %v", want, r)
		}
	}
	if len(lines) != 8 { // with ., folder, deep, deep/er
		t.Errorf("%d entries: %v", len(lines), r)
	}
	cmd = s.command("print", "copied")
	cmd.Files = []isolate.File{{Path: "copied", Mode: 0o600, Source: source}}
	if r := run(t, sandbox, cmd); r.stdout != "from the host" {
		t.Errorf("copied file: %v", r)
	}
}

func checkOwnFiles(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	cmd := s.command("change", "deep/f")
	cmd.Files = []isolate.File{{Path: "deep/f", Mode: 0o644, Data: []byte("given")}}
	var got []string
	cmd.Collect = collector(&got)
	if r := run(t, sandbox, cmd); r.Code != 0 || !slices.Equal(got, []string{"deep/f 644 7 changed"}) {
		t.Errorf("collected %q: %v", got, r)
	}
}

func checkMounts(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	private := filepath.Join(t.TempDir(), "private") // as a home folder may be
	if err := os.MkdirAll(filepath.Join(private, "tool"), 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(private, "tool", "file")
	if err := os.WriteFile(file, []byte("of the host"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(private, 0o700); err != nil {
		t.Fatal(err)
	}
	mount := isolate.Mount{Source: filepath.Join(private, "tool"), Target: "/some/where/else"}
	for _, args := range [][]string{{"print", "/some/where/else/file"}, {"change", "/some/where/else/file"}} {
		cmd := s.command(args...)
		cmd.Mounts = append(cmd.Mounts, mount)
		r := run(t, sandbox, cmd)
		if args[0] == "print" && r.stdout != "of the host" || args[0] == "change" && r.Code != 1 {
			t.Errorf("%q: %v", args, r)
		}
	}
	if data, err := os.ReadFile(file); string(data) != "of the host" {
		t.Errorf("the host's file is now %q, %v", data, err)
	}
	if r := run(t, sandbox, s.command("print", "/some/where/else/file")); r.Code != 1 {
		t.Errorf("the mount is still there in the next run: %v", r)
	}
}

// collector notes "path mode size content" of each file.
func collector(into *[]string) isolate.Collect {
	return func(path string, mode fs.FileMode, size int64, content io.Reader) error {
		data, err := io.ReadAll(content)
		*into = append(*into, fmt.Sprintf("%s %o %d %s", path, mode, size, data))
		return err
	}
}

func checkCollect(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	cmd := s.command("leave")
	cmd.Files = []isolate.File{{Path: "given", Mode: 0o640, Data: []byte("G")}}
	var got []string
	cmd.Collect = collector(&got)
	r := run(t, sandbox, cmd)
	want := []string{"a 600 0 ", "b 644 3 bee", "given 640 1 G", "sub/d 444 3 dee", "sub/deeper/c 755 3 sea", "z 644 2 ee"}
	if r.Code != 0 || !slices.Equal(got, want) {
		t.Errorf("collected %q, want %q: %v", got, want, r)
	}
}

func checkCollectNothing(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	cmd := s.command("calm")
	var got []string
	cmd.Collect = collector(&got)
	if r := run(t, sandbox, cmd); r.stdout != "calm\n" || len(got) != 0 {
		t.Errorf("collected %q: %v", got, r)
	}
}

func checkCollectError(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	failure := errors.New("no more")
	calls := 0
	cmd := s.command("leave")
	cmd.Collect = func(string, fs.FileMode, int64, io.Reader) error {
		calls++
		return failure
	}
	if r, err := try(t, t.Context(), sandbox, cmd); !errors.Is(err, failure) || calls != 1 {
		t.Errorf("error %v after %d calls: %v", err, calls, r)
	}
	s.calm(t, sandbox)
}

func checkFresh(t *testing.T, s *suite, sandbox isolate.Sandbox) {
	for range 4 {
		cmd := s.command("leave")
		cmd.Files = []isolate.File{{Path: "given", Mode: 0o644}}
		if r := run(t, sandbox, cmd); r.Code != 0 {
			t.Errorf("leaving files: %v", r)
		}
		if r := run(t, sandbox, s.command("list", ".")); strings.Count(r.stdout, "\n") != 1 {
			t.Errorf("the folder is not fresh: %v", r)
		}
	}
}
