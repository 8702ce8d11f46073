package cores

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const confined = "EVALX_TEST_CONFINE"

// The test is run in a process of its own, which stays where it was put.
func TestConfine(t *testing.T) {
	cpus, err := Allowed()
	if err != nil || len(cpus) == 0 {
		t.Fatalf("allowed are %v, %v", cpus, err)
	}
	if os.Getenv(confined) == "" {
		cmd := exec.Command(os.Args[0], "-test.run=^TestConfine$", "-test.v")
		cmd.Env = append(os.Environ(), confined+"=1")
		if out, err := cmd.CombinedOutput(); err != nil || !strings.Contains(string(out), "PASS: TestConfine") {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	last := cpus[len(cpus)-1:]
	if err := Confine(last); err != nil {
		t.Fatal(err)
	}
	if got, err := Allowed(); err != nil || !slices.Equal(got, last) {
		t.Errorf("this thread may use %v, %v; want %v", got, err, last)
	}
	out, err := exec.Command("sh", "-c", "cat /proc/$PPID/task/*/status; cat /proc/self/status").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		if list, ok := strings.CutPrefix(line, "Cpus_allowed_list:"); ok && !slices.Equal(parse(strings.TrimSpace(list)), last) {
			t.Errorf("a thread or child may use %s, want %v", strings.TrimSpace(list), last)
		}
	}
	if err := Confine([]int{mostCPUs - 1}); err == nil {
		t.Error("a processor that there is not: no error")
	}
}

func TestClaimsExcludeEachOther(t *testing.T) {
	base := 2000 + 10*os.Getpid() // no processors: nobody else has them
	cpus := []int{base, base + 1, base + 2}
	first, release := Claim(cpus, 2)
	if !slices.Equal(first, cpus[:2]) {
		t.Fatalf("claimed %v", first)
	}
	if second, _ := Claim(cpus, 2); second != nil {
		t.Errorf("claimed %v although one is free", second)
	}
	third, release3 := Claim(cpus, 1)
	if !slices.Equal(third, cpus[2:]) {
		t.Errorf("claimed %v, want the free one", third)
	}
	release()
	release3()
	again, release := Claim(cpus, 3)
	defer release()
	if !slices.Equal(again, cpus) {
		t.Errorf("claimed %v after all were released", again)
	}
}
