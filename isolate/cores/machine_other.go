//go:build !linux

package cores

import "runtime"

// Allowed returns a number for each processor. They cannot be told apart here.
func Allowed() ([]int, error) {
	var cpus []int
	for cpu := range runtime.NumCPU() {
		cpus = append(cpus, cpu)
	}
	return cpus, nil
}

// Confine does nothing: there is no way to.
func Confine([]int) error { return nil }

// Claim claims nothing: where nothing is pinned, nothing needs to be claimed.
func Claim([]int, int) (claimed []int, release func()) { return nil, func() {} }
