package timing

import (
	"fmt"
	"os/exec"
)

// spin keeps a processor busy for as long as the process that started it
// lives, so that nothing is left should evalx be killed.
const spin = `while kill -0 $PPID 2>/dev/null; do i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; done`

// Busy starts n processes outside any sandbox that do nothing but use the
// processors. stop ends them.
func Busy(n int) (stop func(), err error) {
	var started []*exec.Cmd
	stop = func() {
		for _, p := range started {
			p.Process.Kill()
			p.Wait()
		}
	}
	for range n {
		p := exec.Command("/bin/sh", "-c", spin)
		if err := p.Start(); err != nil {
			stop()
			return nil, fmt.Errorf("keep the machine busy: %w", err)
		}
		started = append(started, p)
	}
	return stop, nil
}
