package archtest

import (
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// TestRepository is the rule: evalx itself has no breach.
func TestRepository(t *testing.T) {
	repository := os.DirFS("../..")
	breaches, err := Check(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, breach := range breaches {
		t.Error(breach)
	}
	sources, err := parse(repository)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(sources, func(s source) bool { return s.name == "judge/verdict/verdict.go" }) {
		t.Errorf("only %d files were looked at, and judge/verdict/verdict.go is not among them", len(sources))
	}
}

// TestModule keeps what would break other people's builds out of go.mod.
func TestModule(t *testing.T) {
	data, err := os.ReadFile("../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(data), "\n")
	for _, want := range []string{"module " + module, "go 1.25.0", "ignore ./problems"} {
		if !slices.Contains(lines, want) {
			t.Errorf("go.mod has no line %q", want)
		}
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "replace") || strings.HasPrefix(line, "toolchain") {
			t.Errorf("go.mod: %q: go install would refuse or ignore it", line)
		}
	}
}

// TestCheck shows each rule a file that keeps it and a file that breaks it.
func TestCheck(t *testing.T) {
	const doc = "// Package p is here.\npackage p\n"
	for _, test := range []struct {
		name, file, text string
		want             string // part of the only breach; empty: none
	}{
		{"down", "judge/a.go", doc + `import _ "github.com/evalx/evalx/judge/verdict"`, ""},
		{"up", "judge/verdict/a.go", doc + `import _ "github.com/evalx/evalx/judge"`, "imports go down only"},
		{"sideways", "hints/a.go", doc + `import _ "github.com/evalx/evalx/internal/report"`, "imports go down only"},
		{"backend", "judge/a.go", doc + `import _ "github.com/evalx/evalx/isolate/native"`, "imports go down only"},
		{"child", "internal/queue/redisqueue/a.go", doc + `import _ "github.com/evalx/evalx/internal/queue"`, ""},
		{"child up", "internal/queue/redisqueue/a.go", doc + `import _ "github.com/evalx/evalx/internal/server"`, "imports go down only"},
		{"unknown package", "misc/a.go", doc + `import _ "github.com/evalx/evalx/judge"`, "misc is not in the picture"},
		{"leaf", "judge/problem/a.go", doc + `import _ "github.com/evalx/evalx/internal/yamldoc"`, ""},
		{"leaf of others", "judge/a.go", doc + `import _ "github.com/evalx/evalx/internal/yamldoc"`, "only for"},
		{"leaf imports", "internal/yamldoc/a.go", doc + `import _ "github.com/evalx/evalx/judge/verdict"`, "it is a leaf"},
		{"test", "judge/verdict/a_test.go", doc + `import _ "github.com/evalx/evalx/judge"`, ""},
		{"dependency", "internal/yamldoc/a.go", doc + `import _ "gopkg.in/yaml.v3"`, ""},
		{"dependency below", "isolate/native/cgroup/a.go", doc + `import _ "golang.org/x/sys/unix"`, ""},
		{"dependency elsewhere", "judge/problem/a.go", doc + `import _ "gopkg.in/yaml.v3"`, "only for"},
		{"dependency in a test", "judge/problem/a_test.go", doc + `import _ "gopkg.in/yaml.v3"`, "only for"},
		{"test dependency", "judge/a_test.go", doc + `import _ "github.com/rogpeppe/go-internal/testscript"`, ""},
		{"test dependency elsewhere", "judge/a.go", doc + `import _ "github.com/rogpeppe/go-internal/testscript"`, "no dependency"},
		{"new dependency", "judge/a.go", doc + `import _ "example.com/left/pad"`, "no dependency"},
		{"similar dependency", "internal/yamldoc/a.go", doc + `import _ "gopkg.in/yaml.v3x"`, "no dependency"},
		{"cgo", "judge/a.go", doc + `import "C"`, "without cgo"},
		{"unsafe", "judge/a_unsafe.go", doc + `import _ "unsafe"`, ""},
		{"unsafe elsewhere", "judge/a.go", doc + `import _ "unsafe"`, "imports unsafe"},
		{"long", "judge/a.go", doc + strings.Repeat("\n", maxLines), "452 lines, at most 450"},
		{"example", "problems/x/submissions/accepted/a.go", "package main\nvar x int", ""},

		{"table", "judge/a.go", doc + `var table = map[string]int{"a": 1}`, ""},
		{"sentinel", "judge/a.go", doc + "// ErrX is one.\nvar ErrX = errors.New(\"x\")", ""},
		{"embed", "judge/a.go", doc + "//go:embed x.yaml\nvar data []byte", ""},
		{"assertion", "judge/a.go", doc + "var _ error = (*e)(nil)", ""},
		{"state", "judge/a.go", doc + "var counter int", "variable counter has no value"},
		{"pointer", "judge/a.go", doc + "var shared = &state{}", "variable shared is neither"},
		{"call", "judge/a.go", doc + "var home = os.Getenv(\"HOME\")", "variable home is neither"},
		{"exported table", "judge/a.go", doc + "// Table is one.\nvar Table = []int{1}", "changed by other packages"},
		{"assigned", "judge/a.go", doc + "var table = []int{1}\nfunc f() { table[0] = 2 }", "variable table is changed"},
		{"address taken", "judge/a.go", doc + "var table = [1]int{1}\nfunc f() { g(&table) }", "variable table is changed"},
		{"deleted from", "judge/a.go", doc + "var table = map[int]int{}\nfunc f() { delete(table, 1) }", "variable table is changed"},
		{"test state", "judge/a_test.go", doc + "var update bool", ""},

		{"no package comment", "judge/a.go", "package p", "judge: no package comment"},
		{"no comment", "judge/a.go", doc + "func F() {}", "F is exported and has no doc comment"},
		{"method", "judge/a.go", doc + "// T is one.\ntype T int\nfunc (t *T) M() {}", "M is exported"},
		{"method of unexported", "judge/a.go", doc + "type t int\nfunc (t) M() {}", ""},
		{"constants", "judge/a.go", doc + "// The ones.\nconst (\n\tA = 1\n\tB = 2\n)", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			breaches, err := Check(fstest.MapFS{test.file: {Data: []byte(test.text)}})
			if err != nil {
				t.Fatal(err)
			}
			got := strings.Join(breaches, "\n")
			if test.want == "" && got != "" || len(breaches) > 1 || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want one breach with %q", got, test.want)
			}
		})
	}
}

// TestCheckRefusesBrokenSource: a file that does not parse is not skipped.
func TestCheckRefusesBrokenSource(t *testing.T) {
	if _, err := Check(fstest.MapFS{"judge/a.go": {Data: []byte("package")}}); err == nil {
		t.Error("no error for a file that does not parse")
	}
}
