package timing

import (
	"io/fs"
	"strconv"
	"strings"
)

// times are what the processors have spent since the machine started, in ticks.
type times struct{ total, stolen float64 }

// readTimes reads the first line of /proc/stat, see proc(5): its eighth number
// is the time that a hypervisor gave to others while this machine wanted it.
// The numbers behind are part of others. root is the root of the file system.
func readTimes(root fs.FS) (t times) {
	data, err := fs.ReadFile(root, "proc/stat")
	if err != nil {
		return t
	}
	line, _, _ := strings.Cut(string(data), "\n")
	for i, field := range strings.Fields(line) {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil || i > 8 {
			continue
		}
		t.total += n
		if i == 8 {
			t.stolen = n
		}
	}
	return t
}

// stolenSince returns which part of the processors' time was stolen between
// two readings, 0 if that is not known.
func (t times) stolenSince(before times) float64 {
	if t.total <= before.total {
		return 0
	}
	return (t.stolen - before.stolen) / (t.total - before.total)
}
