package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// weak is the line that evalx prints where it may make no cgroup, such as for
// an ordinary user in a container; the README shows none.
var weak = regexp.MustCompile(`(?m)^weaker than it should be: .*\n`)

// step is one command of a document and the output that the document shows.
type step struct {
	line    int
	command string
	want    []string // lines; "..." stands for anything, alone on a line for any lines
}

// TestREADME runs the commands in the console blocks of the README, and then
// those of docs/ci.md, in the order in which they stand there, and compares
// what they print.
func TestREADME(t *testing.T) {
	env := isolatedEnv(t)
	for _, name := range []string{"README.md", "docs/ci.md"} {
		runDocument(t, env, name)
	}
}

// runDocument runs the commands of one document.
func runDocument(t *testing.T, env []string, name string) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", name))
	if err != nil {
		t.Fatal(err)
	}
	steps, status := consoleSteps(string(data)), 0
	if len(steps) == 0 {
		t.Fatalf("%s has no console block", name)
	}
	for _, s := range steps {
		var output string
		output, status = runStep(t, env, s, status)
		output = weak.ReplaceAllString(output, "")
		if !wantPattern(s.want).MatchString(output) {
			t.Errorf("%s:%d: $ %s\nprints:\n%s\nthe document says:\n%s",
				name, s.line, s.command, output, strings.Join(s.want, "\n"))
		}
	}
}

// consoleSteps returns the commands in the fenced blocks marked "console".
func consoleSteps(markdown string) []step {
	var steps []step
	inside := false
	for i, line := range strings.Split(markdown, "\n") {
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && isCommand:
			steps = append(steps, step{line: i + 1, command: command})
		case inside && len(steps) > 0:
			last := &steps[len(steps)-1]
			last.want = append(last.want, line)
		}
	}
	return steps
}

// runStep runs one command from the root of the repository as a shell would
// after a command that exited with status.
func runStep(t *testing.T, env []string, s step, status int) (output string, exit int) {
	t.Helper()
	cmd := exec.Command("bash", "-c", fmt.Sprintf("(exit %d)\n%s", status, s.command))
	cmd.Dir, cmd.Env = filepath.Join("..", ".."), env
	combined, err := cmd.CombinedOutput()
	var exitErr *exec.ExitError
	if err != nil && !errors.As(err, &exitErr) {
		t.Fatalf("README.md:%d: %v", s.line, err)
	}
	return string(combined), cmd.ProcessState.ExitCode()
}

// varying is what differs from run to run and from machine to machine in what
// evalx prints, each with the pattern that stands for it.
var varying = []struct{ shown, pattern *regexp.Regexp }{
	{regexp.MustCompile(`[0-9]+(\.[0-9]+)+[^\s)]*`), regexp.MustCompile(`[0-9][^\s)]*`)}, // times and versions
	{regexp.MustCompile(`[0-9]+ ms`), regexp.MustCompile(`[0-9.]+ m?s`)},
	{regexp.MustCompile(`sandbox native$`), regexp.MustCompile(`sandbox native.*`)},
	{regexp.MustCompile(`ok +native works.*`), regexp.MustCompile(`(ok|warning)\s+native works.*`)},
	{regexp.MustCompile(`[0-9]+ MiB`), regexp.MustCompile(`[0-9.]+ MiB`)},
	{regexp.MustCompile(`native with cgroup v2`), regexp.MustCompile(`native.*`)},
	{regexp.MustCompile(`slowest \S+:`), regexp.MustCompile(`slowest \S+:`)},
	{regexp.MustCompile(`\.\.\.`), regexp.MustCompile(`.*`)},
}

// wantPattern matches what a document shows: what varies may differ, also in
// the number of spaces that it leaves, and "..." is anything.
func wantPattern(lines []string) *regexp.Regexp {
	var pattern strings.Builder
	pattern.WriteString(`\A`)
	for _, line := range lines {
		if line == "..." {
			pattern.WriteString(`(?:.*\n)*?`)
			continue
		}
		pattern.WriteString(spaces.ReplaceAllString(linePattern(line), ` +`) + `\n`)
	}
	pattern.WriteString(`\z`)
	return regexp.MustCompile(pattern.String())
}

var spaces = regexp.MustCompile(` +`)

// linePattern quotes a line but for what varies in it.
func linePattern(line string) string {
	first, found := []int{len(line), len(line)}, ""
	for _, v := range varying {
		if at := v.shown.FindStringIndex(line); at != nil && at[0] < first[0] {
			first, found = at, v.pattern.String()
		}
	}
	if found == "" {
		return regexp.QuoteMeta(line)
	}
	return regexp.QuoteMeta(line[:first[0]]) + found + linePattern(line[first[1]:])
}

// TestWantPattern shows what the README test lets pass.
func TestWantPattern(t *testing.T) {
	for _, test := range []struct {
		want, output string
		match        bool
	}{
		{"a  b", "a b\n", true},
		{"a b", "a c\n", false},
		{"a b", "a b\nc\n", false},
		{"cpu ... ms", "cpu 12 ms\n", true},
		{"0.002 s   9 MiB  x", "0.013 s 10.2 MiB  x\n", true},
		{"0.002 s", "none s\n", false},
		{"g++ 12.2.0-14", "g++ 14.2\n", true},
		{"8 test cases", "7 test cases\n", false},
		{"a\n...\nd", "a\nb\nc\nd\n", true},
		{"a\n...\nd", "a\nd\n", true},
		{"a\n...\nd", "a\nb\n", false},
		{"a.b", "axb\n", false},
	} {
		if got := wantPattern(strings.Split(test.want, "\n")).MatchString(test.output); got != test.match {
			t.Errorf("%q matches %q: %v, want %v", test.want, test.output, got, test.match)
		}
	}
}

// TestLinks follows every link of our documents to a file of the repository,
// and every mention of a document in the source.
func TestLinks(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)\)`)
	mention := regexp.MustCompile(`\bdocs/[a-z0-9.-]+\.(?:md|json)\b`)
	for _, glob := range []string{"*.md", "docs/*.md", "cmd/*/*.go", "judge/*/*.go", "judge/*/*.yaml", "isolate/*/*.go", "internal/*/*.go"} {
		files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(glob)))
		if err != nil || len(files) == 0 {
			t.Fatalf("%s matches no file: %v", glob, err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, target := range mention.FindAllString(string(data), -1) {
				wantFile(t, file, filepath.Join("..", "..", target))
			}
			if filepath.Ext(file) == ".md" {
				for _, match := range link.FindAllStringSubmatch(string(data), -1) {
					wantFile(t, file, filepath.Join(filepath.Dir(file), match[1]))
				}
			}
		}
	}
}

func wantFile(t *testing.T, mentioning, path string) {
	t.Helper()
	if _, err := os.Stat(path); err != nil {
		t.Errorf("%s points to %s, which is not there", mentioning, path)
	}
}
