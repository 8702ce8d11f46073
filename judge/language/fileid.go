package language

import (
	"fmt"
	"os"
	"syscall"
)

// FileID names what a file is, as far as that shows without reading it: its
// inode, size, mode, and times of modification and of change (inode(7)). The
// last is the one that nobody can set: cp -p and touch do not deceive it.
func FileID(info os.FileInfo) string {
	var inode uint64
	var changed syscall.Timespec
	if stat, ok := info.Sys().(*syscall.Stat_t); ok {
		inode, changed = stat.Ino, changeTime(stat)
	}
	return fmt.Sprintf("%d %d %d %d %o", inode, info.Size(), info.ModTime().UnixNano(), changed.Nano(), info.Mode())
}
