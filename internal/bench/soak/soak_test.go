//go:build linux && (amd64 || arm64)

package main

import (
	"os"
	"strings"
	"testing"

	"github.com/evalx/evalx/isolate/native"
)

func TestMain(m *testing.M) {
	native.Main()
	os.Exit(m.Run())
}

// A short soak; make soak runs fifty times as many.
func TestNothingGrows(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	var out strings.Builder
	if err := soak(&out, 200); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
}
