package timing

import (
	"fmt"
	"os"
	"os/exec"
)

// spin keeps a processor busy for as long as the process %d lives, which
// started it, so that nothing is left should evalx be killed. It ends after
// some ten minutes of work in any case: the number may be given to another
// process. ($PPID would not do: the parent may die before the shell asks.)
const spin = `n=0
while [ $n -lt 100000 ] && kill -0 %d 2>/dev/null; do
	n=$((n+1)) i=0
	while [ $i -lt 20000 ]; do i=$((i+1)); done
done`

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
		p := exec.Command("/bin/sh", "-c", fmt.Sprintf(spin, os.Getpid()))
		if err := p.Start(); err != nil {
			stop()
			return nil, fmt.Errorf("keep the machine busy: %w", err)
		}
		started = append(started, p)
	}
	return stop, nil
}
