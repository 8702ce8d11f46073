package stress

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/evalx/evalx/judge/problem"
)

func TestTarget(t *testing.T) {
	p := &problem.Problem{Dir: t.TempDir(), Format: problem.F2025}
	group := filepath.Join(p.Dir, "data", "secret", "group1")
	if err := errors.Join(os.MkdirAll(group, 0o755), os.WriteFile(filepath.Join(group, "old.ans"), nil, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"", "x", "secret", "secret/", "../x", "secret/../x", "secret/a b", "secret/-x", "secret/x.in", "data/secret/x", "secret/group2/x", "secret/group1/old", "/secret/x"} {
		if _, err := NewTarget(p, name); err == nil {
			t.Errorf("%q is taken", name)
		}
	}
	target, err := NewTarget(p, "secret/group1/new")
	if err != nil {
		t.Fatal(err)
	}
	if err := target.Write(Result{Input: []byte("1\n"), Answer: []byte("2\n")}); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(filepath.Join(group, "new.in")); err != nil || string(data) != "1\n" {
		t.Errorf("%q, %v", data, err)
	}
	// Somebody else may have been faster: what is there stays.
	if err := target.Write(Result{Input: []byte("3\n")}); !errors.Is(err, os.ErrExist) {
		t.Errorf("%v", err)
	}
	if data, err := os.ReadFile(filepath.Join(group, "new.ans")); err != nil || string(data) != "2\n" {
		t.Errorf("%q, %v", data, err)
	}
	if entries, err := os.ReadDir(group); err != nil || len(entries) != 3 {
		t.Errorf("%v, %v", entries, err)
	}
	if _, err := NewTarget(&problem.Problem{Format: problem.Single}, "secret/x"); err == nil {
		t.Error("a single file is taken")
	}
}
