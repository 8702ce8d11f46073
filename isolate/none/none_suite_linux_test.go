package none

import (
	"testing"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
)

// TestConformance checks what plain processes can promise. The attack suite is
// not for this backend: it holds nothing back.
func TestConformance(t *testing.T) {
	isolatetest.Conformance(t, isolatetest.Backend{
		Open: func(t testing.TB, _ int) isolatetest.Sandbox {
			t.Helper()
			sandbox, err := Open(t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			return sandbox
		},
		Gaps: []isolate.Gap{
			isolate.GapView, isolate.GapNetwork, isolate.GapHardening, isolate.GapLeftovers, isolate.GapTree, isolate.GapSampled,
			isolate.GapProcesses, isolate.GapOpenFiles, isolate.GapDisk, isolate.GapOutput, isolate.GapDevices, isolate.GapPinning,
		},
	})
}
