package isolate

import (
	"fmt"
	"slices"
)

// Gap is something that a sandbox ought to promise and does not. A backend
// declares its gaps in Capabilities; the suites of isolatetest hold it to all
// the rest.
type Gap uint8

// The gaps, named after what the user does without.
const (
	GapView      Gap = iota + 1 // programs see the machine's files, users and processes
	GapNetwork                  // programs can reach the network
	GapHardening                // a second line of defence is missing: system calls are not refused, privileges not given up for good
	GapLeftovers                // processes or files of one run may be there in the next
	GapTree                     // limits on CPU time and memory are of the first process: children escape them
	GapSampled                  // CPU time and memory are sampled: what is short-lived, or no process's own, is missed
	GapShared                   // memory that processes share counts once for each of them
	GapPeak                     // peak memory is read now and then: a short peak of several processes together is missed
	GapProcesses                // the number of processes and threads is not limited exactly
	GapOpenFiles                // the number of open files is not limited
	GapDisk                     // bytes and number of files are not limited, each file's size is
	GapOutput                   // more output than allowed may be written before it is noticed
	GapDevices                  // programs can open those devices of the machine that everybody may open
	GapPinning                  // programs cannot be kept on given processors
)

// gapNames has the name of each gap and what it means for people.
var gapNames = [...]struct{ name, text string }{
	{"unknown", "unknown"},
	{"view", "programs see files, users and processes of this machine"},
	{"network", "programs can reach the network"},
	{"hardening", "a second line of defence is missing: system calls that few need are not refused, and privileges are not given up for good"},
	{"leftovers", "processes or files of one run may be there in the next"},
	{"tree", "limits on CPU time and memory are of the first process: its children escape them"},
	{"sampled", "CPU time and memory are sampled: what is short-lived, or belongs to no process, is missed"},
	{"shared", "memory that processes share, such as what a child has of its parent, counts once for each of them"},
	{"peak", "peak memory is read now and then: a short peak of several processes together is missed"},
	{"processes", "the number of processes and threads is not limited exactly"},
	{"open-files", "the number of open files is not limited"},
	{"disk", "space and number of files are not limited, only the size of each file is"},
	{"output", "more output than allowed may be written before it is noticed"},
	{"devices", "programs can open those devices of this machine that everybody may open"},
	{"pinning", "programs cannot be kept on given processors"},
}

// String returns the gap's name: a word for documents and logs.
func (g Gap) String() string { return gapNames[g.index()].name }

// Text says for people what the gap lets happen.
func (g Gap) Text() string { return gapNames[g.index()].text }

// MarshalText implements encoding.TextMarshaler by the name.
func (g Gap) MarshalText() ([]byte, error) { return []byte(g.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler. The error names a gap that
// is not known.
func (g *Gap) UnmarshalText(text []byte) error {
	for i, gap := range gapNames {
		if i > 0 && gap.name == string(text) {
			*g = Gap(i)
			return nil
		}
	}
	return fmt.Errorf("%q is not a gap", text)
}

func (g Gap) index() int {
	if int(g) < len(gapNames) {
		return int(g)
	}
	return 0
}

// Lacks tells whether the sandbox declares the gap.
func (c Capabilities) Lacks(g Gap) bool { return slices.Contains(c.Gaps, g) }
