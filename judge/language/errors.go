package language

import (
	"fmt"
	"slices"
	"strings"
)

// Missing says that the toolchain of a language was not found.
type Missing struct {
	Language Language
	Commands []string // any of which would do
}

// Error names the language and the commands that were looked for.
func (e *Missing) Error() string {
	return fmt.Sprintf("%s is not installed: no %s in PATH", e.Language.Name, strings.Join(e.Commands, " or "))
}

// Hint says how to install it.
func (e *Missing) Hint() string {
	return e.Language.InstallHint()
}

// InstallHint says how to install the language, on each system that the recipe
// knows, in one line.
func (l Language) InstallHint() string {
	var ways []string
	for _, system := range []struct{ name, title string }{
		{"debian", "Debian, Ubuntu"}, {"fedora", "Fedora"}, {"arch", "Arch"}, {"macos", "macOS"},
	} {
		if way := l.InstallOn(system.name); way != "" {
			ways = append(ways, fmt.Sprintf("%s (%s)", way, system.title))
		}
	}
	if len(ways) == 0 {
		return "install it, or name its commands in a file of yours for --languages"
	}
	return "install it: " + strings.Join(ways, "; ")
}

// InstallOn returns the command that installs the language on a system, which
// is one of debian, fedora, arch and macos, or "" if the recipe knows none.
func (l Language) InstallOn(system string) string {
	way := l.Install[system]
	prefix := map[string]string{"debian": "apt-get install ", "fedora": "dnf install ", "arch": "pacman -S "}[system]
	if way == "" || strings.Contains(way, " install") {
		return way // words before the package make a command of its own
	}
	return prefix + way
}

// Broken says that a toolchain was found but does not run.
type Broken struct {
	Language Language
	Command  string // its path
	Output   string // what it printed, cut
	Err      error
}

// Error names the command and what it said.
func (e *Broken) Error() string {
	text := fmt.Sprintf("%s: %s does not work: %v", e.Language.Name, e.Command, e.Err)
	if e.Output != "" {
		text += ": " + e.Output
	}
	return text
}

// Unwrap returns the reason.
func (e *Broken) Unwrap() error { return e.Err }

// Hint says what to do about it.
func (e *Broken) Hint() string {
	return "run it by hand to see what is wrong, or " + e.Language.InstallHint()
}

// SourceError says why source code cannot be judged at all.
type SourceError struct {
	File    string // name of the file, "" if it concerns all
	Problem string // such as "is empty"
	Advice  string // what to do next
}

// Error names the file and what is wrong.
func (e *SourceError) Error() string {
	if e.File == "" {
		return e.Problem
	}
	return e.File + ": " + e.Problem
}

// Hint says what to do next.
func (e *SourceError) Hint() string { return e.Advice }

// extensions returns every extension of the languages that can be detected.
func (s *Set) extensions() []string {
	var all []string
	for _, l := range s.languages {
		if l.Like == "" {
			all = append(all, l.Extensions...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Unsupported says that evalx does not know how to run a program that another
// judge may well run: it is in a language that evalx has no recipe for, or it
// cannot tell where the program starts.
type Unsupported struct{ Err *SourceError }

// Error is that of Err.
func (e *Unsupported) Error() string { return e.Err.Error() }

// Unwrap returns Err.
func (e *Unsupported) Unwrap() error { return e.Err }
