//go:build !linux

package none

import (
	"runtime"
	"syscall"
	"time"

	"github.com/evalx/evalx/isolate"
)

// dieTogether does nothing: there is no such request of the kernel.
func dieTogether(*syscall.SysProcAttr) {}

// peak returns the largest resident memory in bytes; see getrusage(2) of each.
func peak(usage *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" {
		return usage.Maxrss
	}
	return usage.Maxrss << 10
}

// limitProcess does nothing: there is no prlimit(2).
func limitProcess(int, isolate.Limits) {}

// usage knows nothing before the process has ended.
func usage(int) (time.Duration, int64) { return 0, 0 }

func waited(int) time.Duration { return 0 }
