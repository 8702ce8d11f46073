//go:build linux && (amd64 || arm64)

package native

import (
	"testing"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
)

// backend names the gaps that are known: none, without cgroups two, and with
// those of an old kernel one.
func backend(t *testing.T) isolatetest.Backend {
	b := isolatetest.Backend{Open: func(t testing.TB, workers int) isolatetest.Sandbox {
		t.Helper()
		sandbox, err := Open(Config{Workers: workers})
		if err != nil {
			t.Fatal(err)
		}
		return sandbox
	}}
	sandbox := b.Open(t, 1)
	defer sandbox.Close()
	if native := sandbox.(*Sandbox); native.groups.polled {
		b.Gaps = []isolate.Gap{isolate.GapPeak}
	} else if native.groups.version == "" {
		b.Gaps = []isolate.Gap{isolate.GapSampled, isolate.GapProcesses}
	}
	return b
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
