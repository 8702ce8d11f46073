package docker

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/isolatetest"
)

// testImage names the image that the tests start containers of. They need an
// engine, which make test-docker provides.
const testImage = "EVALX_DOCKER_IMAGE"

// testAgent names a build of evalx for the containers, where there is no Go to
// build it.
const testAgent = "EVALX_DOCKER_AGENT"

// engineConfig is for the engine that the environment names, with evalx as it
// is now.
func engineConfig(t testing.TB) Config {
	t.Helper()
	image := os.Getenv(testImage)
	if image == "" {
		t.Skipf("%s names no image: make test-docker runs this test", testImage)
	}
	if agent := os.Getenv(testAgent); agent != "" {
		return Config{Image: image, Agent: agent, Env: os.Getenv}
	}
	agent := filepath.Join(t.TempDir(), "evalx")
	build := exec.Command("go", "build", "-o", agent, "github.com/evalx/evalx/cmd/evalx")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("build the agent: %v\n%s", err, out)
	}
	return Config{Image: image, Agent: agent, Env: os.Getenv}
}

func backend(t *testing.T) isolatetest.Backend {
	t.Helper()
	cfg := engineConfig(t)
	open := func(t testing.TB, workers int) isolatetest.Sandbox {
		t.Helper()
		with := cfg
		with.Workers = workers
		sandbox, err := Open(with)
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
	return isolatetest.Backend{Open: open, Gaps: gaps}
}

func TestEngineConformance(t *testing.T) { isolatetest.Conformance(t, backend(t)) }

func TestEngineAttacks(t *testing.T) { isolatetest.Attacks(t, backend(t)) }

// victimAgent names the agent for the process that TestEngineKilled kills.
const victimAgent = "EVALX_TEST_VICTIM"

// runVictim opens a sandbox and waits to be killed in the middle of a run.
func runVictim() {
	sandbox, err := Open(Config{Workers: 2, Image: os.Getenv(testImage), Agent: os.Getenv(victimAgent), Env: os.Getenv})
	fmt.Println(err)
	if err == nil {
		sandbox.Run(context.Background(), isolate.Cmd{Args: []string{"/bin/sleep", "60"}})
	}
}

// TestEngineKilled: when evalx is killed its containers end by themselves, and
// one that it had not started yet goes when evalx is next used.
func TestEngineKilled(t *testing.T) {
	cfg := engineConfig(t)
	cfg.Workers = 1
	victim := exec.Command("/proc/self/exe")
	victim.Env = append(os.Environ(), victimAgent+"="+cfg.Agent)
	said, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(said).ReadString('\n'); line != "<nil>\n" {
		t.Fatalf("the victim says %q, %v", line, err)
	}
	engine, err := newEngine(t.Context(), os.Getenv)
	if err != nil {
		t.Fatal(err)
	}
	left := func(states ...string) (found []container) {
		t.Helper()
		list, err := engine.labelled(t.Context(), ownerLabel+"="+strconv.Itoa(victim.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(list, func(c container) bool { return !slices.Contains(states, c.State) })
	}
	if len(left("running")) == 0 {
		t.Fatal("no container before")
	}
	victim.Process.Kill()
	victim.Wait()
	for end := time.Now().Add(20 * time.Second); len(left("running", "removing", "exited")) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("containers run on: %v", left("running", "removing", "exited"))
		}
	}
	sandbox, err := Open(cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	if list := left("created", "running", "removing", "exited"); len(list) > 0 {
		t.Errorf("containers are left: %v", list)
	}
}

// BenchmarkEngineRun is the cost of one run of a program that does nothing.
func BenchmarkEngineRun(b *testing.B) {
	cfg := engineConfig(b)
	cfg.Workers = 1
	sandbox, err := Open(cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer sandbox.Close()
	for b.Loop() {
		exit, err := sandbox.Run(b.Context(), isolate.Cmd{Args: []string{"/bin/true"}})
		if err != nil || exit.Code != 0 {
			b.Fatal(exit, err)
		}
	}
}
