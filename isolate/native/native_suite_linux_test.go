//go:build linux && (amd64 || arm64)

package native

import (
	"testing"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
)

func backend(t *testing.T) isolatetest.Backend {
	sandbox, err := Open(Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	return isolatetest.Backend{
		Open: func(t testing.TB, workers int) isolate.Sandbox {
			t.Helper()
			sandbox, err := Open(Config{Workers: workers})
			if err != nil {
				t.Fatal(err)
			}
			return sandbox
		},
		Isolated: true,
		Cgroup:   sandbox.Capabilities().Cgroup != "",
	}
}

func TestConformance(t *testing.T) {
	isolatetest.Conformance(t, backend(t))
}

func TestAttacks(t *testing.T) {
	isolatetest.Attacks(t, backend(t))
}

// TestAsOrdinaryUser repeats both suites without the rights of root.
func TestAsOrdinaryUser(t *testing.T) {
	isolatetest.AsOrdinaryUser(t, "^(TestConformance|TestAttacks)$")
}
