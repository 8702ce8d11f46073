// Package ioi runs commands by isolate, the sandbox of the International
// Olympiad in Informatics (https://github.com/ioi/isolate), versions 1 and 2,
// for those who have it set up and trust it.
//
// # How it works
//
// isolate is a setuid program that is started three times for each run:
//
//	isolate --init     makes a folder for the box, and a cgroup with --cg
//	isolate --run      runs the command in it, and writes a meta file about how it ended
//	isolate --cleanup  removes them
//
// A box has a number, and isolate 1 does not notice when two users of it take
// the same one. So evalx holds a lock file for each box that it uses, and
// takes none that is there already.
//
// isolate looks at its limits every 0.1 s only, and without --cg it sees
// nothing but the first process. evalx therefore looks at the processes in the
// box itself, every 10 ms, and has isolate end what breaks a limit.
package ioi

// Config says which isolate to use, and how.
type Config struct {
	// Path is the isolate binary; if empty, it is "isolate" in PATH.
	Path string
	// Workers is how many commands can run at once, 1 or more. Each has a box.
	Workers int
	// Temp is the folder for small files of the sandbox's own; if empty, the
	// system's.
	Temp string
	// FirstBox is the lowest box number to use. Other software that uses
	// isolate on this machine may be kept away from by it.
	FirstBox int
	// NoCgroup leaves --cg out even where it works.
	NoCgroup bool
}
