package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"github.com/evalx/evalx/isolate"
	"github.com/evalx/evalx/isolate/cores"
)

// placesHelp says in the help of a command what it does with the machine's
// processors.
const placesHelp = `
Each running test case has a processor core of its own, and where there are
four or more cores one is left to evalx. On a machine with fast and slow cores
test cases run on the fast ones.`

// places are the processors of this machine that evalx may use, and how many
// test cases run on them at one time.
type places struct {
	cores []cores.Core
	plan  cores.Plan
	pool  *cores.Pool
	own   []int  // processors that evalx itself stays on; empty: all
	why   string // if test cases are not pinned, why not
	free  func()
}

// planPlaces makes the plan for so many test cases at one time, or with jobs 0
// for as many as make sense here.
func planPlaces(jobs int) (*places, error) {
	allowed, err := cores.Allowed()
	if err != nil {
		return nil, err
	}
	p := &places{cores: cores.List(os.DirFS("/"), allowed), free: func() {}}
	// What Go uses knows of a cgroup's quota of CPU time as well.
	p.plan = cores.Make(p.cores, jobs, runtime.GOMAXPROCS(0))
	return p, nil
}

// settle claims the processors of the plan and keeps evalx itself off them. The
// sandbox must have been opened before: it looks at where evalx may be.
func (p *places) settle(c isolate.Capabilities) error {
	claimed := p.claim(c)
	p.pool = cores.NewPool(p.plan.Jobs, claimed)
	if len(claimed) == 0 {
		return nil
	}
	p.own = cores.Rest(p.cores, claimed)
	if len(p.own) == 0 {
		return nil
	}
	return cores.Confine(p.own)
}

func (p *places) claim(c isolate.Capabilities) (claimed []int) {
	switch {
	case c.Lacks(isolate.GapPinning):
		p.why = "the sandbox cannot"
	case len(p.plan.Runs) < p.plan.Jobs:
		p.why = fmt.Sprintf("there are only %d processors", len(p.plan.Runs))
	default:
		if claimed, p.free = cores.Claim(p.plan.Runs, p.plan.Jobs); claimed == nil {
			p.why = "other processes of evalx use the processors"
		}
	}
	return claimed
}

// explain says where test cases run.
func (p *places) explain(io *streams) {
	text := fmt.Sprintf("%d at one time", p.plan.Jobs)
	switch {
	case p.why != "":
		text += ", not pinned to processors: " + p.why
	case len(p.own) > 0:
		text += ", each on a processor of its own; evalx itself on " + listed(p.own)
	default:
		text += ", each on a processor of its own"
	}
	fmt.Fprintf(io.Err, "evalx: test cases: %s\n", text)
}

// listed writes numbers with commas between them.
func listed(numbers []int) string {
	return strings.ReplaceAll(strings.Trim(fmt.Sprint(numbers), "[]"), " ", ", ")
}
