package lint

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/evalx/evalx/judge/problem"
)

// base returns a package of the version in which nothing is to be found.
func base(version string) map[string]string {
	files := map[string]string{
		"data/sample/1.in": "1\n", "data/sample/1.ans": "2\n",
		"data/secret/2.in": "2\n", "data/secret/2.ans": "3\n",
		"input_validators/check.py":        "print(42)\n",
		"submissions/accepted/a.py":        "print(1)\n",
		"submissions/wrong_answer/wrong.c": "int main() {}\n",
	}
	if version == "2025-09" {
		files["problem.yaml"] = "problem_format_version: 2025-09\nname: Sum\nuuid: 8e4b4e0c-98ac-4b8e-9c6d-5d3b4a2f1e00\ncredits: A B\nlicense: cc by-sa\n"
		files["statement/problem.en.tex"] = "Add.\n"
		return files
	}
	files["problem.yaml"] = "name: Sum\nauthor: A B\nlicense: cc by-sa\n"
	files["problem_statement/problem.en.tex"] = "Add.\n"
	return files
}

// build makes a package in a temporary folder: base, changed by those files of
// the archive whose path begins with prefix. "(none)" is no file, "-> x" a
// symlink, a text in quotes is unquoted, and one that begins with #! makes the
// file executable. "(large)" is a hole of 101 MiB.
func build(t *testing.T, a *txtar.Archive, version, prefix, folder string) string {
	t.Helper()
	files := base(version)
	for _, f := range a.Files {
		if rel, ok := strings.CutPrefix(f.Name, prefix+"/"); ok {
			files[rel] = string(f.Data)
		}
	}
	dir := filepath.Join(t.TempDir(), folder)
	for rel, text := range files {
		if err := write(filepath.Join(dir, rel), text); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func write(path, text string) error {
	if text == "(none)\n" {
		return nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	if target, ok := strings.CutPrefix(text, "-> "); ok {
		return os.Symlink(strings.TrimSpace(target), path)
	}
	if text == "(large)\n" {
		return errors.Join(os.WriteFile(path, nil, 0o644), os.Truncate(path, 101<<20))
	}
	if quoted, err := strconv.Unquote(strings.TrimSpace(text)); err == nil {
		text = quoted
	}
	mode := os.FileMode(0o644)
	if strings.HasPrefix(text, "#!") {
		mode = 0o755
	}
	return os.WriteFile(path, []byte(text), mode)
}

// findings returns what Check and, if they have one of its rules, the loader
// say of the package at dir, as "severity rule file:line".
func findings(t *testing.T, dir string) []string {
	t.Helper()
	p, err := problem.Load(dir, problem.Options{Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	var list []string
	for _, d := range Check(context.Background(), p) {
		rel, err := filepath.Rel(dir, d.File)
		if err != nil || d.Message == "" {
			t.Errorf("%+v", d)
		}
		line := ""
		if d.Line > 0 {
			line = ":" + strconv.Itoa(d.Line)
		}
		list = append(list, fmt.Sprintf("%s %s %s%s", d.Severity, d.Rule, filepath.ToSlash(rel), line))
	}
	slices.Sort(list)
	return list
}

func TestBase(t *testing.T) {
	for _, version := range []string{"legacy", "2025-09"} {
		if got := findings(t, build(t, &txtar.Archive{}, version, "", "pkg")); len(got) > 0 {
			t.Errorf("%s: %q", version, got)
		}
	}
}

// TestRules looks at testdata/<rule>.txtar: of the tree below bad the findings
// are those in the comment, of the tree below good there are none.
func TestRules(t *testing.T) {
	for _, rule := range Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			a, err := txtar.ParseFile(filepath.Join("testdata", rule.ID+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			want := strings.Split(strings.TrimSpace(string(a.Comment)), "\n")
			version, folder := "legacy", "pkg"
			if name, ok := strings.CutPrefix(want[0], "folder: "); ok {
				folder, want = name, want[1:]
			}
			if want[0] == "2025-09" {
				version, want = want[0], want[1:]
			}
			slices.Sort(want)
			if got := findings(t, build(t, a, version, "bad", folder)); !slices.Equal(got, want) {
				t.Errorf("bad: found\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if !slices.ContainsFunc(want, func(w string) bool { return strings.HasPrefix(w, string(rule.Severity)+" "+rule.ID+" ") }) {
				t.Errorf("no %s %s is wanted", rule.Severity, rule.ID)
			}
			if got := findings(t, build(t, a, version, "good", "pkg")); len(got) > 0 {
				t.Errorf("good: found %q", got)
			}
		})
	}
}

// TestExamples holds that nothing is wrong with the examples of the repository.
func TestExamples(t *testing.T) {
	dirs, err := filepath.Glob("../../../problems/*")
	if err != nil || len(dirs) == 0 {
		t.Fatal(dirs, err)
	}
	for _, dir := range dirs {
		p, err := problem.Load(dir, problem.Options{Temp: t.TempDir()})
		if err != nil {
			t.Error(err)
			continue
		}
		for _, d := range append(p.Warnings, Check(context.Background(), p)...) {
			t.Errorf("%s %s: %s", d.Severity, d.Rule, d)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
}

// TestNotTwice holds that what the loader says of a file is not said again.
func TestNotTwice(t *testing.T) {
	a := &txtar.Archive{Files: []txtar.File{
		{Name: "x/problem_statement/b.png", Data: []byte("-> nowhere\n")},
		{Name: "x/input_validators/check/lib.h", Data: []byte("-> nowhere\n")},
		{Name: "x/input_validators/check/check.cpp", Data: []byte("\n")},
	}}
	dir := build(t, a, "legacy", "x", "pkg")
	p, err := problem.Load(dir, problem.Options{Temp: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	count := map[string]int{}
	for _, d := range append(p.Warnings, Check(context.Background(), p)...) {
		count[d.Rule+" "+filepath.Base(d.File)]++
	}
	if len(count) != 2 || count["bad-symlink b.png"] != 1 || count["bad-symlink lib.h"] != 1 {
		t.Errorf("found %v", count)
	}
}
