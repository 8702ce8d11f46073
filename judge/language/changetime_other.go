//go:build !linux

package language

import "syscall"

func changeTime(stat *syscall.Stat_t) syscall.Timespec { return stat.Ctimespec }
