//go:build !linux

package docker

import "errors"

// Settle is for the inside of a container.
func Settle() error { return errors.New("the agent runs in containers only") }
