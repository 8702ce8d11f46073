//go:build unix

package problem

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestInvalidPackages holds that bad input gets an InvalidError that names the
// place, and never a panic.
func TestInvalidPackages(t *testing.T) {
	const v2025 = "problem_format_version: 2025-09\nname: x\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"version", map[string]string{"problem.yaml": "problem_format_version: 2030-01\n"}, `problem.yaml:1:25: problem_format_version: unknown version "2030-01" (use legacy, 2025-09 or evalx-1)`},
		{"YAML", map[string]string{"problem.yaml": "name: x\nlimits: [\n"}, "problem.yaml:"},
		{"list", map[string]string{"problem.yaml": "- x\n"}, "problem.yaml:1:1: must be a map, not a list"},
		{"duplicate key", map[string]string{"problem.yaml": "problem_format_version: evalx-1\nname: x\nname: y\n"}, `problem.yaml:3:1: key "name" is given twice, first on line 2`},
		{"latin1", map[string]string{"problem.yaml": "name: \xe5\n"}, "problem.yaml:1: file is not UTF-8"},
		{"binary", map[string]string{"problem.yaml": "name\x00"}, "problem.yaml:1: file has a NUL byte"},
		{"limits", map[string]string{"problem.yaml": "limits:\n  memory: lots\n"}, `problem.yaml:2:11: memory: must be a number, not "lots"`},
		{"infinite", map[string]string{"problem.yaml": v2025 + "limits: {time_limit: .inf}\n"}, "time_limit: must be a number of seconds"},
		{"multiplier", map[string]string{"problem.yaml": "limits: {time_multiplier: 0.5}\n"}, "time_multiplier: must be a number of at least 1"},
		{"type", map[string]string{"problem.yaml": "type: fun\n"}, `problem.yaml:1:7: type: unknown type "fun"`},
		{"types", map[string]string{"problem.yaml": v2025 + "type: [pass-fail, scoring]\n"}, "these types exclude each other"},
		{"validation", map[string]string{"problem.yaml": "validation: costum\n"}, `problem.yaml:1:13: validation: unknown word "costum"`},
		{"no validator", map[string]string{"problem.yaml": "validation: custom\n"}, "problem needs a custom output validator, but the package has none (put it into output_validators)"},
		{"two validators", map[string]string{"problem.yaml": v2025, "output_validator/a/x.py": "", "output_validator/b/x.py": ""}, "output_validator: has 2 programs"},
		{"no answer", map[string]string{"data/secret/2.in": ""}, "data/secret/2.in: test has no answer 2.ans beside it"},
		{"folder and test", map[string]string{"data/secret/1/1.in": "", "data/secret/1/1.ans": ""}, "1.in: a folder and a test case have the same name"},
		{"group file", map[string]string{"data/secret/testdata.yaml": "on_reject: stop\n"}, "data/secret/testdata.yaml:1:12: on_reject: must be one of break, continue"},
		{"range", map[string]string{"data/secret/testdata.yaml": "range: 5\n"}, "testdata.yaml:1:8: range: must be two numbers"},
		{"time file", map[string]string{".timelimit": "fast"}, `.timelimit:1: time limit "fast" is not a number`},
		{"link out", map[string]string{"data/secret/2.in": "-> /etc/passwd"}, "data/secret/2.in: symlink leaves the package: it points to /etc/passwd"},
		{"link to parent", map[string]string{"submissions/accepted/all": "-> ../../.."}, "submissions/accepted/all: symlink leaves the package"},
		{"validator link", map[string]string{"output_validators/v/v.h": "-> /etc/passwd", "problem.yaml": "validation: custom"}, "output_validators/v/v.h: symlink leaves the package"},
		{"problem.yaml link", map[string]string{"problem.yaml": "-> /etc/passwd"}, "problem.yaml: symlink leaves the package"},
		{"dangling", map[string]string{"data/secret/2.in": "-> 3.in"}, "data/secret/2.in: symlink points to 3.in, which does not exist"},
		{"loop", map[string]string{"data/secret/2.in": "-> 2.ans", "data/secret/2.ans": "-> 2.in"}, "data/secret/2.in: symlink points to itself, by way of 2.ans"},
		{"folder loop", map[string]string{"data/secret/again": "-> ../secret"}, "data/secret/again: symlink to a folder that it is in itself"},
		{"parent loop", map[string]string{"submissions/accepted/a/up": "-> .."}, "a/up/a: symlink to a folder that it is in itself"},
		{"data is a file", map[string]string{"data/secret/1.in": "", "include": "x"}, "include: must be a folder"},
		{"control character", map[string]string{"data/secret/\x1b[31m.in": ""}, `data/secret: file name "\x1b[31m.in" is not printable`},
		{"not UTF-8 name", map[string]string{"data/secret/\xff.in": ""}, `file name "\xff.in" is not printable`},
		{"deep", map[string]string{"data/secret/" + strings.Repeat("d/", 50) + "1.in": ""}, "folders are nested more than 40 deep"},
	} {
		t.Run(test.name, func(t *testing.T) {
			refused(t, write(t, with(test.files)), Options{}, test.want)
		})
	}
}

func TestNotAPackage(t *testing.T) {
	dir := write(t, map[string]string{
		"hello/problem.yaml": "name: x\n", "empty/x": "", "other.yaml": "name: x\n", "notes.txt": "x",
		"sample/problem.yaml": "", "sample/data/sample/x.txt": "",
	})
	for _, test := range []struct{ path, want string }{
		{"missing", "missing: no such file or folder"},
		{"missing.zip", "missing.zip: no such file or folder"},
		{"", "not a problem package: it has no problem.yaml (did you mean " + filepath.Join(dir, "hello") + "?)"},
		{"empty", "empty: not a problem package: it has no problem.yaml"},
		{"hello", "hello/data: package has no tests (tests are in data/sample and data/secret; for tests inside the file"},
		{"sample", "sample/data: package has no tests"},
		{"other.yaml", "other.yaml:1:1: a package's file is called problem.yaml"},
		{"notes.txt", "notes.txt: not a problem package (name a package folder"},
	} {
		t.Run(test.path, func(t *testing.T) {
			refused(t, filepath.Join(dir, test.path), Options{}, test.want)
		})
	}
}

func TestSpecialFiles(t *testing.T) {
	for name, want := range map[string]string{
		"data/secret/2.in":          "data/secret/2.in: neither a regular file nor a folder, but a named pipe",
		"data/secret/testdata.yaml": "testdata.yaml: neither a regular file",
		".timelimit":                ".timelimit: neither a regular file",
		"submissions/accepted/a.c":  "submissions/accepted/a.c: neither a regular file",
	} {
		dir := write(t, with(map[string]string{"submissions/accepted/b.c": ""}))
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o644); err != nil {
			t.Fatal(err)
		}
		refused(t, dir, Options{}, want)
	}
	refused(t, "/dev/null", Options{}, "/dev/null: not a regular file")
}

func TestUnreadableFiles(t *testing.T) {
	if os.Geteuid() == 0 {
		// Root reads everything, so the check itself is called for an error
		// that root gets too.
		dir := write(t, with(nil))
		l := &loader{p: &Problem{}, root: dir, shown: dir}
		l.readable(entry{rel: "data/secret/2.in", abs: filepath.Join(dir, "gone")})
		if len(l.errors) != 1 || l.errors[0].File != filepath.Join(dir, "data/secret/2.in") {
			t.Errorf("got %v", l.errors)
		}
		return
	}
	dir := write(t, with(nil))
	if err := os.Chmod(filepath.Join(dir, "data/secret/1.ans"), 0); err != nil {
		t.Fatal(err)
	}
	refused(t, dir, Options{}, "data/secret/1.ans: permission denied")
}

func TestLinksInsideThePackage(t *testing.T) {
	p := load(t, with(map[string]string{
		"data/secret/g1/1.in": "x", "data/secret/g1/1.ans": "y",
		"data/secret/g2/1.in": "-> ../g1/1.in", "data/secret/g2/1.ans": "-> ../g1/1.ans",
		"data/secret/g3":                "-> g1",
		"submissions/accepted/a.py":     "",
		"submissions/wrong_answer/a.py": "-> ../accepted/a.py",
	}))
	if got, want := caseNames(p), "secret/1 secret/g1/1 secret/g2/1 secret/g3/1"; got != want {
		t.Errorf("cases %s, want %s", got, want)
	}
	if p.Cases()[1].Input != p.Cases()[3].Input || len(p.Warnings) > 0 {
		t.Errorf("got %+v, %v", p.Cases()[3], p.Warnings)
	}
	for _, folder := range []string{"accepted", "wrong_answer"} {
		if e, ok := p.Expect(filepath.Join(p.Dir, "submissions", folder, "a.py")); !ok || e.Sources() != "submissions/"+folder {
			t.Errorf("%s: %+v, %v", folder, e, ok)
		}
	}
}
