// Package doctor says what isolation, what quality of measurement and which
// languages a machine gives, and what to do about each gap.
//
// What is in files is read below a root that is passed in, so that the files
// of another machine can be examined; what cannot be read from a file, such as
// whether a sandbox opens, is passed in as data.
package doctor

import (
	"io/fs"
	"slices"
	"strings"
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
)

// Finding is what one check found. The tags are those of evalx doctor --json.
type Finding struct {
	Area     Area     `json:"area"`
	Check    string   `json:"check"` // stable name, such as "cgroup"
	Severity Severity `json:"severity"`
	Found    string   `json:"found"`             // what is so, in words
	Fix      string   `json:"fix,omitempty"`     // what to do about it; empty if nothing has to be done
	Figures  any      `json:"figures,omitempty"` // what was measured, for programs; nil for most checks
}

// Machine is what is examined.
type Machine struct {
	Root fs.FS  // the root of its file system
	OS   string // as runtime.GOOS
	User int    // effective user id of evalx
	CPUs int    // processors that evalx may use

	Sandboxes []Sandbox // those that were tried, the strongest first
	Folders   []Folder
	Languages []Language
}

// remark is what a check has to say; nothing if Found is empty.
type remark struct {
	Severity Severity
	Found    string
	Fix      string
}

// check is one of those that read files.
type check struct {
	area Area
	name string
	look func(Machine) remark
}

// checks returns those that make sense on Linux.
func checks() []check {
	return []check{
		{Isolation, "kernel", Machine.kernel},
		{Isolation, "user-namespaces", Machine.userNamespaces},
		{Isolation, "seccomp", Machine.seccomp},
		{Isolation, "cgroup", Machine.cgroup},
		{Isolation, "container", Machine.container},
		{Isolation, "links", Machine.links},
		{Isolation, "core-dumps", Machine.coreDumps},
		{Isolation, "processor-bugs", Machine.processorBugs},
		{Measurement, "load", Machine.load},
		{Measurement, "governor", Machine.governor},
		{Measurement, "turbo", Machine.turbo},
		{Measurement, "smt", Machine.smt},
		{Measurement, "mixed-cores", Machine.mixedCores},
		{Measurement, "quota", Machine.quota},
		{Measurement, "virtual", Machine.virtual},
		{Measurement, "clock", Machine.clock},
		{Measurement, "swap", Machine.swap},
		{Measurement, "huge-pages", Machine.hugePages},
		{Measurement, "aslr", Machine.aslr},
	}
}

// Examine makes every check. The findings are in the order of their areas.
func Examine(m Machine) []Finding {
	findings := m.sandboxes()
	if m.OS == "linux" {
		for _, c := range checks() {
			if r := c.look(m); r.Found != "" {
				findings = append(findings, Finding{Area: c.area, Check: c.name, Severity: r.Severity, Found: r.Found, Fix: r.Fix})
			}
		}
	}
	return slices.Concat(findings, m.folders(), m.languages())
}

// Worst returns the highest severity of the findings.
func Worst(findings []Finding) Severity {
	worst := OK
	for _, f := range findings {
		worst = max(worst, f.Severity)
	}
	return worst
}

// text returns the content of a file without the space around it. A file that
// is not there is empty.
func (m Machine) text(file string) string {
	data, err := fs.ReadFile(m.Root, file)
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(data))
}

// texts returns the different contents of all files that match a pattern as
// path.Match has it, sorted.
func (m Machine) texts(pattern string) []string {
	files, err := fs.Glob(m.Root, pattern)
	if err != nil {
		return nil
	}
	var all []string
	for _, file := range files {
		if text := m.text(file); text != "" {
			all = append(all, text)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// exists tells whether there is a file of that name.
func (m Machine) exists(file string) bool {
	_, err := fs.Stat(m.Root, file)
	return err == nil
}
