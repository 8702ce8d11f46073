package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// dieTogether has the kernel kill the command when this process dies, also if
// it is killed. What it returns is to be called when the command has ended:
// until then the thread that starts it must live, see PR_SET_PDEATHSIG in
// prctl(2).
func dieTogether(cmd *exec.Cmd) (release func()) {
	runtime.LockOSThread()
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return runtime.UnlockOSThread
}
