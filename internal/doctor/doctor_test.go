package doctor

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/evalx/evalx/isolate"
)

var update = flag.Bool("update", false, "rewrite what the recorded machines are expected to give")

// TestRecordedMachines examines the files of other machines. The section want
// of each archive has the findings, a line each.
func TestRecordedMachines(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(paths) == 0 {
		t.Fatal("no recorded machines", err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			for _, f := range Examine(recorded(t, archive)) {
				if f.Area == Isolation || f.Area == Measurement {
					fmt.Fprintf(&got, "%s %s %s: %s\n", f.Severity, f.Area, f.Check, f.Found)
				}
			}
			want := &archive.Files[len(archive.Files)-1]
			if *update {
				want.Data = []byte(got.String())
				if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if want.Name != "want" || string(want.Data) != got.String() {
				t.Errorf("got:\n%s\n%s:\n%s", got.String(), want.Name, want.Data)
			}
		})
	}
}

// recorded makes a machine of an archive, whose comment has its numbers.
func recorded(t *testing.T, archive *txtar.Archive) Machine {
	t.Helper()
	m := Machine{OS: "linux"}
	for line := range strings.Lines(string(archive.Comment)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ": ")
		n, err := strconv.Atoi(value)
		switch {
		case name == "user" && err == nil:
			m.User = n
		case name == "cpus" && err == nil:
			m.CPUs = n
		}
	}
	root := fstest.MapFS{}
	for _, f := range archive.Files {
		root[f.Name] = &fstest.MapFile{Data: f.Data}
	}
	m.Root = root
	return m
}

func TestSandboxes(t *testing.T) {
	gone := fmt.Errorf("%w: no kernel\nfor it", isolate.ErrUnavailable)
	works := Sandbox{Name: "native", Capabilities: isolate.Capabilities{Cgroup: "v2"}}
	weak := Sandbox{Name: "native", Capabilities: isolate.Capabilities{Gaps: []isolate.Gap{isolate.GapSampled}, Weak: []string{"ask for cgroups"}}}
	missing := func(name string) Sandbox { return Sandbox{Name: name, Err: gone, Fix: "get one"} }
	for _, test := range []struct {
		os        string
		sandboxes []Sandbox
		want      []Severity
		first     string
	}{
		{"linux", []Sandbox{works, missing("docker")}, []Severity{OK, Note}, "native works, with cgroup v2"},
		{"linux", []Sandbox{weak, missing("docker")}, []Severity{Warning, Note}, "native works; " + isolate.GapSampled.Text()},
		{"linux", []Sandbox{missing("native"), {Name: "docker"}}, []Severity{Warning, OK}, "native: no kernel for it"},
		{"linux", []Sandbox{missing("native"), missing("docker")}, []Severity{Failure, Failure}, "native: no kernel for it"},
		{"darwin", []Sandbox{missing("native"), {Name: "docker"}}, []Severity{Note, OK}, "native: no kernel for it"},
	} {
		findings := Machine{OS: test.os, Root: fstest.MapFS{}, Sandboxes: test.sandboxes}.sandboxes()
		for i, f := range findings {
			if f.Severity != test.want[i] {
				t.Errorf("%s: %v, want %v", f.Found, f.Severity, test.want[i])
			}
		}
		if findings[0].Found != test.first {
			t.Errorf("%q, want %q", findings[0].Found, test.first)
		}
	}
}

func TestFolders(t *testing.T) {
	for _, test := range []struct {
		folder Folder
		want   Severity
	}{
		{Folder{Free: 2 << 30, Inodes: 1e6}, OK},
		{Folder{Free: 2 << 30, Inodes: -1}, OK},
		{Folder{Free: 2 << 30, Inodes: 7}, Warning},
		{Folder{Free: 2 << 20, Inodes: 1e6}, Warning},
		{Folder{Free: 2 << 30, Inodes: 1e6, NoExec: true}, Warning},
		{Folder{Err: errors.New("gone")}, Warning},
	} {
		findings := Machine{Folders: []Folder{test.folder}}.folders()
		if findings[0].Severity != test.want {
			t.Errorf("%+v: %v, want %v", test.folder, findings[0], test.want)
		}
	}
}

func TestLookAt(t *testing.T) {
	dir := t.TempDir()
	if f := LookAt("cache", filepath.Join(dir, "not", "there"), true, ""); f.Err != nil || f.Free == 0 {
		t.Errorf("a folder that is not made yet: %+v", f)
	}
	if left, _ := os.ReadDir(dir); len(left) > 0 {
		t.Errorf("left %v", left)
	}
	if err := os.Chmod(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	if f := LookAt("cache", dir, true, ""); f.Err == nil || !strings.Contains(f.Fix, "chmod 700") {
		t.Errorf("a private folder that others can write to: %+v", f)
	}
	if f := LookAt("temporary files", dir, false, ""); f.Err != nil {
		t.Errorf("a shared one: %v", f.Err)
	}
	if f := LookAt("temporary files", "/proc/self", false, "elsewhere"); f.Err == nil {
		t.Error("nobody can write to /proc/self")
	}
	file := filepath.Join(dir, "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if f := LookAt("cache", file, true, ""); f.Err == nil {
		t.Error("a file is no folder")
	}
}

func TestSystem(t *testing.T) {
	for release, want := range map[string]string{
		"PRETTY_NAME=\"Debian GNU/Linux 12\"\nID=debian\n":   "debian",
		"ID_LIKE=\"rhel centos fedora\"\nID=\"almalinux\"\n": "fedora",
		"ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n":          "debian",
		"ID=arch\n":   "arch",
		"ID=gentoo\n": "",
		"":            "",
	} {
		m := Machine{OS: "linux", Root: fstest.MapFS{"etc/os-release": {Data: []byte(release)}}}
		if got := m.System(); got != want {
			t.Errorf("%q: %q, want %q", release, got, want)
		}
	}
}

func TestLanguages(t *testing.T) {
	m := Machine{
		OS: "darwin", Root: fstest.MapFS{},
		Languages: []Language{{Name: "C", Version: "12"}, {Name: "D", Missing: "install it"}, {Name: "E", Broken: "E: crashes", Missing: "mend it"}},
	}
	var got []string
	for _, f := range Examine(m) {
		got = append(got, fmt.Sprintf("%s: %s", f.Severity, f.Found))
	}
	want := "ok: C 12, note: D is not installed, warning: E: crashes"
	if strings.Join(got, ", ") != want {
		t.Errorf("got %q\nwant %q", got, want)
	}
	if Worst(Examine(m)) != Warning || Worst(nil) != OK {
		t.Error("Worst is wrong")
	}
	if m.Languages = m.Languages[1:]; Worst(Examine(m)) != Failure {
		t.Error("no language works, and that is no failure")
	}
}
