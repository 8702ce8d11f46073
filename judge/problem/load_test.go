package problem

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// write makes the files of a package in a temporary folder and returns it. A
// text that starts with "-> " is the target of a symlink.
func write(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "pkg")
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			err = os.Symlink(target, path)
		} else {
			err = os.WriteFile(path, []byte(text), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// load reads what write makes, and fails unless it is valid.
func load(t *testing.T, files map[string]string) *Problem {
	t.Helper()
	p, err := Load(write(t, files), Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Close() })
	return p
}

// with returns a small valid legacy package with other files added; a nil
// text takes a file away.
func with(files map[string]string) map[string]string {
	all := map[string]string{"problem.yaml": "name: x\n", "data/secret/1.in": "1\n", "data/secret/1.ans": "1\n"}
	for name, text := range files {
		all[name] = text
	}
	return all
}

func caseNames(p *Problem) string {
	var names []string
	for _, c := range p.Cases() {
		names = append(names, c.Name)
	}
	return strings.Join(names, " ")
}

func TestLegacyPackage(t *testing.T) {
	p := load(t, map[string]string{
		"problem.yaml":      "name: Sum\nvalidator_flags: float_tolerance 1e-6\nlimits:\n  memory: 64\n  time_multiplier: 3\n",
		"data/secret/10.in": "", "data/secret/10.ans": "",
		"data/secret/2.in": "", "data/secret/2.ans": "",
		"data/secret/10-a/1.in": "", "data/secret/10-a/1.ans": "",
		"data/secret/10-a/testdata.yaml": "output_validator_flags: case_sensitive\n",
		"data/sample/1.in":               "", "data/sample/1.ans": "",
		"submissions/accepted/a.cpp":            "",
		"submissions/wrong_answer/w/main.py":    "",
		"submissions/wrong_answer/w/lib/sub.py": "",
		"submissions/other/o.c":                 "",
	})
	if p.Format != Legacy || p.ShortName != "pkg" || p.Names[""] != "Sum" || len(p.Warnings) > 0 {
		t.Errorf("got %+v", p)
	}
	if got, want := caseNames(p), "sample/1 secret/10 secret/10-a/1 secret/2"; got != want {
		t.Errorf("cases %s, want %s", got, want)
	}
	if got := p.Cases()[2].ValidatorArgs; !slices.Equal(got, []string{"float_tolerance", "1e-6", "case_sensitive"}) {
		t.Errorf("arguments in the group: %q", got)
	}
	if got := p.Cases()[3].ValidatorArgs; !slices.Equal(got, []string{"float_tolerance", "1e-6"}) {
		t.Errorf("arguments beside the group: %q", got)
	}
	if l := p.Limits; l.Memory != 64<<20 || l.ACToLimit != 3 || l.LimitToTLE != 2 || l.Time != 0 || l.CompileTime != time.Minute {
		t.Errorf("limits %+v", l)
	}
	var paths []string
	for _, s := range p.Submissions {
		paths = append(paths, s.Path)
	}
	if got, want := strings.Join(paths, " "), "accepted/a.cpp other/o.c wrong_answer/w"; got != want {
		t.Errorf("submissions %s, want %s", got, want)
	}
	if got := p.Submissions[2].Files; !slices.Equal(got, []string{"lib/sub.py", "main.py"}) {
		t.Errorf("files of the folder: %q", got)
	}
	if e, ok := p.Expect(filepath.Join(p.Dir, "submissions/wrong_answer/w/")); !ok || e.Sources() != "submissions/wrong_answer" {
		t.Errorf("Expect: %+v, %v", e, ok)
	}
	if _, ok := p.Expect(p.File); ok {
		t.Error("problem.yaml is a submission")
	}
}

func TestProblemYAMLOfAPackage(t *testing.T) {
	dir := write(t, with(nil))
	p, err := Load(filepath.Join(dir, "problem.yaml"), Options{})
	if err != nil || caseNames(p) != "secret/1" {
		t.Fatal(p, err)
	}
}

func TestInvalidErrorIsReadable(t *testing.T) {
	one := Diagnostic{File: "p.yaml", Line: 2, Message: "wrong", Hint: "right it"}
	single := &InvalidError{Diagnostics: []Diagnostic{one}}
	if single.Error() != "p.yaml:2: wrong" || single.Hint() != "right it" {
		t.Errorf("one: %s, hint %s", single, single.Hint())
	}
	double := &InvalidError{Diagnostics: []Diagnostic{one, one}}
	if double.Error() != "p.yaml:2: wrong (right it)\np.yaml:2: wrong (right it)" || double.Hint() != "" {
		t.Errorf("two: %s, hint %s", double, double.Hint())
	}
	many := &InvalidError{Diagnostics: make([]Diagnostic, maxShown+5)}
	if lines := strings.Split(many.Error(), "\n"); len(lines) != maxShown+1 || lines[maxShown] != "… and 5 more" {
		t.Errorf("many: %s", many)
	}
}

func TestValidatorsOfLegacyPackages(t *testing.T) {
	for _, test := range []struct {
		name  string
		files []string
		want  string // program: files, ...
	}{
		{"folder", []string{"v/a.cpp", "v/b.h"}, "v: a.cpp b.h"},
		{"file", []string{"v.py", "README.md", "v.exe", ".v.swp", "old.py.bak"}, "v.py: v.py"},
		{"two", []string{"a.cpp", "b.py", "lib.h"}, "a.cpp: a.cpp lib.h, b.py: b.py lib.h"},
		{"scripts", []string{"build", "run", "src/x.c"}, "output_validators: build run src/x.c"},
		{"file and folder", []string{"a.c", "b/b.c"}, "a.c: a.c, b: b.c"},
	} {
		t.Run(test.name, func(t *testing.T) {
			files := with(map[string]string{"problem.yaml": "validation: custom\n", "output_validators/compiled": "\x7fELF\x02"})
			for _, name := range test.files {
				files["output_validators/"+name] = ""
			}
			if test.name == "scripts" {
				delete(files, "output_validators/compiled")
			}
			var got []string
			for _, v := range load(t, files).Validators {
				got = append(got, v.Name+": "+strings.Join(v.Files, " "))
			}
			if got := strings.Join(got, ", "); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
