package cores

import "slices"

// Plan says where runs and where evalx itself are to be.
type Plan struct {
	// Jobs is how many runs there may be at one time, at least 1.
	Jobs int
	// Runs has the processors that a run may have for itself, the best ones
	// first. Where there are fewer than Jobs, runs share processors and are
	// better not pinned.
	Runs []int
	// All has every processor of cores.
	All []int
}

// spare is the number of cores from which on one is left to evalx: with fewer
// it would cost too much of the speed.
const spare = 4

// Make plans for this many runs at one time, or with jobs 0 for as many as
// make sense: one for each core, but one less where there are 4 or more, so
// that evalx, the validators' input and output, and the rest of the machine do
// not disturb what is measured. On a machine with cores of two kinds runs have
// the fast ones only, because a time limit means something else on each kind.
// most, if it is not 0, bounds what jobs 0 means.
//
// Each run gets a core of its own as long as there are enough; beyond that the
// other processors of the same cores are used.
func Make(cores []Core, jobs, most int) Plan {
	p := Plan{Jobs: jobs}
	fast := slices.DeleteFunc(slices.Clone(cores), func(c Core) bool { return !c.Fast })
	for sibling, more := 0, true; more; sibling++ {
		more = false
		for _, c := range fast {
			if sibling < len(c.CPUs) {
				p.Runs = append(p.Runs, c.CPUs[sibling])
				more = true
			}
		}
	}
	for _, c := range cores {
		p.All = append(p.All, c.CPUs...)
	}
	slices.Sort(p.All)
	if jobs == 0 {
		p.Jobs = len(fast)
		if len(fast) == len(cores) && len(cores) >= spare {
			p.Jobs--
		}
		if most > 0 {
			p.Jobs = min(p.Jobs, most)
		}
		p.Jobs = max(p.Jobs, 1)
	}
	return p
}

// Rest returns the processors of those cores that have none of the given ones:
// where evalx itself is to be while runs are on these. It may be empty.
func Rest(cores []Core, runs []int) (rest []int) {
	for _, c := range cores {
		taken := slices.ContainsFunc(c.CPUs, func(cpu int) bool { return slices.Contains(runs, cpu) })
		if !taken {
			rest = append(rest, c.CPUs...)
		}
	}
	return rest
}
