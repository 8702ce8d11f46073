//go:build !linux

package main

import "os/exec"

// dieTogether does nothing where the kernel has nothing of the kind: a command
// then outlives this process if that is killed, by 20 seconds at most.
func dieTogether(*exec.Cmd) (release func()) { return func() {} }
