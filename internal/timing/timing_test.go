package timing

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/evalx/evalx/isolate/cores"
	"github.com/evalx/evalx/isolate/native"
)

const parent = "EVALX_TEST_PARENT"

func TestMain(m *testing.M) {
	native.Main()
	if os.Getenv(parent) != "" {
		beParent()
	}
	os.Exit(m.Run())
}

func TestQuantiles(t *testing.T) {
	var values []time.Duration
	for i := range 101 {
		values = append(values, time.Duration(i*37%101)) // 0 to 100, shuffled
	}
	if got, want := QuantilesOf(values), (Quantiles{5, 50, 95}); got != want || got.Spread() != 1.8 {
		t.Errorf("got %+v, spread %v, want %+v, 1.8", got, got.Spread(), want)
	}
	if got := QuantilesOf([]time.Duration{0}); got.Spread() != 0 {
		t.Errorf("spread of nothing is %v", got.Spread())
	}
}

func TestStolen(t *testing.T) {
	machine := func(line string) times {
		return readTimes(fstest.MapFS{"proc/stat": {Data: []byte(line + "\nintr 5\n")}})
	}
	before := machine("cpu  100 0 50 800 0 0 0 50 40 0")
	if before != (times{1000, 50}) {
		t.Errorf("read %+v", before)
	}
	if got := machine("cpu  150 0 50 800 0 0 0 100 80 0").stolenSince(before); got != 0.5 {
		t.Errorf("stolen is %v, want 0.5", got)
	}
	if got := readTimes(fstest.MapFS{}).stolenSince(times{}); got != 0 {
		t.Errorf("stolen of an unknown machine is %v", got)
	}
}

// What is measured is a program of about 0.1 s, and the figures make sense.
func TestMeasure(t *testing.T) {
	sandbox, err := native.Open(native.Config{Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	cpus, err := cores.Allowed()
	if err != nil {
		t.Fatal(err)
	}
	r, err := Measure(t.Context(), Config{
		Sandbox: sandbox, Places: cores.NewPool(2, cpus), Load: runtime.NumCPU(), Repeats: 4, Root: os.DirFS("/"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(r.Series) != 3 {
		t.Fatalf("%d series", len(r.Series))
	}
	for i, want := range []string{Alone, Beside, Loaded} {
		s := r.Series[i]
		if s.Situation != want || s.Runs != 4 || s.CPU.P5 > s.CPU.P50 || s.CPU.P50 > s.CPU.P95 || s.Wall.P50 < s.CPU.P5 {
			t.Errorf("series %d: %+v", i, s)
		}
		if s.CPU.P50 < 50*time.Millisecond || s.CPU.P50 > 400*time.Millisecond {
			t.Errorf("%s: the program uses %v, want about %v", want, s.CPU.P50, target)
		}
	}
}

func TestMeasureCanBeInterrupted(t *testing.T) {
	sandbox, err := native.Open(native.Config{Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer sandbox.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = Measure(ctx, Config{Sandbox: sandbox, Places: cores.NewPool(1, nil), Load: 1, Repeats: 1000, Root: os.DirFS("/")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want %v", err, context.DeadlineExceeded)
	}
}

// beParent starts busy processes and is killed.
func beParent() {
	if _, err := Busy(2); err != nil {
		panic(err)
	}
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {}
}

// The processes that keep a machine busy end with the one that started them,
// however that ends.
func TestBusyProcessesEnd(t *testing.T) {
	stop, err := Busy(2)
	if err != nil {
		t.Fatal(err)
	}
	if found := spinners(t, os.Getpid()); len(found) != 2 {
		t.Errorf("busy processes: %v, want 2", found)
	}
	stop()
	if found := spinners(t, os.Getpid()); len(found) != 0 {
		t.Errorf("busy processes were not stopped: %v", found)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), parent+"=1")
	cmd.Run()
	for deadline := time.Now().Add(20 * time.Second); len(spinners(t, cmd.Process.Pid)) > 0; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("busy processes outlive their parent: %v", spinners(t, cmd.Process.Pid))
		}
	}
}

// spinners lists the busy processes that a process has started.
func spinners(t *testing.T, by int) (pids []int) {
	t.Helper()
	entries, err := os.ReadDir("/proc")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		line, err := os.ReadFile("/proc/" + e.Name() + "/cmdline")
		if pid, notPid := strconv.Atoi(e.Name()); notPid == nil && err == nil && strings.Contains(string(line), fmt.Sprintf(spin, by)) {
			pids = append(pids, pid)
		}
	}
	return pids
}
