package ioi

import "time"

// usage is what the processes of a box have used, by sampling.
type usage struct {
	cpu    time.Duration
	memory int64 // peak of what they had at one time, bytes
}
