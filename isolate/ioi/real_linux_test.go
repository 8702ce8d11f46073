package ioi

import (
	"os"
	"slices"
	"testing"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
)

// realVariable names the isolate binary that the suites are run with. There is
// none on most machines: `make test-isolate` insists on it.
const realVariable = "EVALX_TEST_ISOLATE"

// emulatedVariable says, if set, that the processor is emulated.
const emulatedVariable = "EVALX_TEST_EMULATED"

// modes are the two ways of using isolate, with the gaps that are known.
var modes = []struct {
	name     string
	noCgroup bool
	gaps     []isolate.Gap
}{
	{"cgroup", false, []isolate.Gap{isolate.GapHardening, isolate.GapDisk, isolate.GapPinning}},
	{"sampled", true, []isolate.Gap{isolate.GapHardening, isolate.GapSampled, isolate.GapDisk, isolate.GapPinning}},
}

// inModes runs a suite of tests with the real isolate.
func inModes(t *testing.T, suite func(*testing.T, isolatetest.Backend)) {
	path := os.Getenv(realVariable)
	if path == "" {
		t.Skipf("%s does not name an isolate binary; see CONTRIBUTING.md", realVariable)
	}
	for _, m := range modes {
		t.Run(m.name, func(t *testing.T) {
			gaps := slices.Clone(m.gaps)
			if os.Geteuid() != 0 { // who may neither make devices nor look into other users' processes
				gaps = append(gaps, isolate.GapDevices)
				if m.noCgroup {
					gaps = append(gaps, isolate.GapShared)
				}
				slices.Sort(gaps)
			}
			b := isolatetest.Backend{Gaps: gaps, Emulated: os.Getenv(emulatedVariable) != "", Open: func(t testing.TB, workers int) isolatetest.Sandbox {
				t.Helper()
				sandbox, err := Open(Config{Path: path, Workers: workers, Temp: t.TempDir(), NoCgroup: m.noCgroup})
				if err != nil {
					t.Fatal(err)
				}
				return sandbox
			}}
			sandbox := b.Open(t, 1)
			c := sandbox.Capabilities()
			sandbox.Close()
			if !m.noCgroup && c.Cgroup == "" {
				t.Skipf("this isolate has no cgroup here: %q", c.Weak)
			}
			t.Logf("%s, cgroup %q", path, c.Cgroup)
			suite(t, b)
		})
	}
}

func TestRealConformance(t *testing.T) { inModes(t, isolatetest.Conformance) }

func TestRealAttacks(t *testing.T) { inModes(t, isolatetest.Attacks) }

// TestRealAsOrdinaryUser needs the binary to be setuid root.
func TestRealAsOrdinaryUser(t *testing.T) {
	path := os.Getenv(realVariable)
	if path == "" {
		t.Skipf("%s does not name an isolate binary; see CONTRIBUTING.md", realVariable)
	}
	isolatetest.AsOrdinaryUser(t, "^TestReal(Conformance|Attacks)$", realVariable+"="+path)
}
