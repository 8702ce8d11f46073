package docker

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
)

// testImage is the image that the tests start containers of. They need an
// engine, which `make test-docker` provides.
const testImage = "EVALX_DOCKER_IMAGE"

func backend(t *testing.T) isolatetest.Backend {
	t.Helper()
	image := os.Getenv(testImage)
	if image == "" {
		t.Skipf("%s names no image: make test-docker runs this test", testImage)
	}
	agent := filepath.Join(t.TempDir(), "evalx")
	build := exec.Command("go", "build", "-o", agent, "github.com/evalx/evalx/cmd/evalx")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the agent: %v\n%s", err, out)
	}
	open := func(t testing.TB, workers int) *Sandbox {
		t.Helper()
		sandbox, err := Open(Config{Workers: workers, Image: image, Agent: agent, Env: os.Getenv})
		if err != nil {
			t.Fatal(err)
		}
		return sandbox
	}
	sandbox := open(t, 1)
	defer sandbox.Close()
	t.Logf("%+v", sandbox.Capabilities())
	var gaps []isolate.Gap // those of the native sandbox, where the engine keeps cgroups from it
	if sandbox.Capabilities().Cgroup == "" {
		gaps = []isolate.Gap{isolate.GapSampled, isolate.GapProcesses}
	}
	return isolatetest.Backend{
		Open: func(t testing.TB, workers int) isolatetest.Sandbox { return open(t, workers) },
		Gaps: gaps,
	}
}

func TestConformance(t *testing.T) { isolatetest.Conformance(t, backend(t)) }

func TestAttacks(t *testing.T) { isolatetest.Attacks(t, backend(t)) }
