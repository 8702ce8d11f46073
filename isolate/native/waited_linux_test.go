//go:build linux && (amd64 || arm64)

package native

import (
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
)

// A program that is busy but gets no processor is told from one that sleeps.
// The first one has to share its processor with nine others.
func TestWaitedTellsStarvedFromIdle(t *testing.T) {
	s := openSandbox(t, 10)
	limits := isolate.Limits{Wall: time.Second, Processes: 5}
	for range 9 {
		go func() {
			cmd := shell("while :; do :; done")
			cmd.CPUs, cmd.Limits = s.cpus[:1], isolate.Limits{Wall: 3 * time.Second}
			s.Run(t.Context(), cmd)
		}()
	}
	time.Sleep(500 * time.Millisecond) // until they all run
	for script, starved := range map[string]bool{"while :; do :; done": true, "sleep 100": false} {
		cmd := shell(script)
		cmd.CPUs, cmd.Limits = s.cpus[:1], limits
		exit, err := s.Run(t.Context(), cmd)
		if err != nil || exit.Status != isolate.WallLimit {
			t.Fatalf("%s: %+v, %v", script, exit, err)
		}
		if got := exit.Waited > exit.Wall/2; got != starved {
			t.Errorf("%s: waited %v of %v, used %v", script, exit.Waited, exit.Wall, exit.CPU)
		}
	}
}
