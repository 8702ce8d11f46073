// Package doctor says what isolation, what quality of measurement and which
// languages a machine gives, and what to do about each gap.
//
// What is in files is read below a root that is passed in, so that the files
// of another machine can be examined; what cannot be read from a file, such as
// whether a sandbox opens, is passed in as data.
package doctor

import (
	"fmt"
	"io/fs"
	"strings"

	"github.com/evalx/evalx/isolate"
)

// Severity says how much a finding matters.
type Severity int

// The severities, in the order of their weight.
const (
	OK      Severity = iota // as it should be
	Note                    // good to know: nothing that evalx promises is less for it
	Warning                 // isolation or measurement is weaker than it could be
	Failure                 // programs cannot be judged
)

// String returns the severity in a word.
func (s Severity) String() string {
	return [...]string{"ok", "note", "warning", "failure"}[s]
}

// MarshalText makes the severity a word in JSON.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Area is what a finding is about.
type Area string

// The areas, in the order in which they are printed.
const (
	Isolation   Area = "isolation"
	Measurement Area = "measurement"
	Storage     Area = "storage"
	Languages   Area = "languages"
	Services    Area = "services"
)

// Areas returns all areas in the order in which they are printed.
func Areas() []Area { return []Area{Isolation, Measurement, Storage, Languages, Services} }

// Finding is what one check found. The tags are those of evalx doctor --json.
type Finding struct {
	Area     Area     `json:"area"`
	Check    string   `json:"check"` // stable name, such as "cgroup"
	Severity Severity `json:"severity"`
	Found    string   `json:"found"`         // what is so, in words
	Fix      string   `json:"fix,omitempty"` // what to do about it; empty if nothing has to be done
}

// Machine is what is examined.
type Machine struct {
	Root      fs.FS     // the root of its file system
	OS        string    // as runtime.GOOS
	User      int       // effective user id of evalx
	Sandboxes []Sandbox // those that were tried, the strongest first
}

// Sandbox is the outcome of opening a sandbox.
type Sandbox struct {
	Name         string // such as "native"
	Capabilities isolate.Capabilities
	Err          error // why it could not be opened; nil if it could
}

// Examine makes every check.
func Examine(m Machine) []Finding {
	return m.sandboxes()
}

// Worst returns the highest severity of the findings.
func Worst(findings []Finding) Severity {
	worst := OK
	for _, f := range findings {
		worst = max(worst, f.Severity)
	}
	return worst
}

// sandboxes judges what could be opened. One that isolates is enough; the
// others are worth a note.
func (m Machine) sandboxes() []Finding {
	var findings []Finding
	missing, works := Failure, false
	for _, s := range m.Sandboxes {
		works = works || s.Err == nil
	}
	if works {
		missing = Note
	}
	for i, s := range m.Sandboxes {
		f := Finding{Area: Isolation, Check: "sandbox-" + s.Name}
		switch {
		case s.Err != nil:
			f.Severity, f.Found = missing, fmt.Sprintf("%s: %s", s.Name, oneLine(s.Err.Error()))
			if works && i == 0 {
				f.Severity = Warning // only a weaker one is left
			}
		case len(s.Capabilities.Weak) > 0:
			f.Severity, f.Found = Warning, fmt.Sprintf("%s works, but weaker than it should be: %s", s.Name, strings.Join(s.Capabilities.Weak, "; "))
		default:
			f.Found = s.Name + " works"
		}
		findings = append(findings, f)
	}
	return findings
}

// oneLine puts a space for every newline and its like.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
