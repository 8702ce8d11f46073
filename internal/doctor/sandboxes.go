package doctor

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/evalx/evalx/isolate"
)

// Sandbox is the outcome of opening a sandbox.
type Sandbox struct {
	Name         string // such as "native"
	Capabilities isolate.Capabilities
	Err          error  // why it could not be opened; nil if it could
	Fix          string // what to do about Err, or ""
}

// sandboxes judges what could be opened. One that isolates is enough, but if
// it is not the strongest, something is to be mended.
func (m Machine) sandboxes() []Finding {
	works := slices.ContainsFunc(m.Sandboxes, func(s Sandbox) bool { return s.Err == nil })
	var findings []Finding
	for i, s := range m.Sandboxes {
		f := Finding{Area: Isolation, Check: "sandbox-" + s.Name}
		switch {
		case s.Err == nil:
			f.Severity, f.Found, f.Fix = s.open()
		case !works:
			f.Severity = Failure
		case i == 0 && m.OS == "linux":
			f.Severity = Warning
		default:
			f.Severity = Note
		}
		if s.Err != nil {
			f.Found, f.Fix = s.Name+": "+reason(s.Err), s.Fix
		}
		findings = append(findings, f)
	}
	return findings
}

// open says how good a sandbox is that works.
func (s Sandbox) open() (Severity, string, string) {
	found := s.Name + " works"
	if s.Capabilities.Cgroup != "" {
		found += ", with cgroup " + s.Capabilities.Cgroup
	}
	for _, gap := range s.Capabilities.Gaps {
		found += "; " + gap.Text()
	}
	if len(s.Capabilities.Weak) > 0 {
		return Warning, found, strings.Join(s.Capabilities.Weak, "; ")
	}
	return OK, found, ""
}

// reason is an error in one line, without what everybody can see.
func reason(err error) string {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if errors.Is(err, isolate.ErrUnavailable) {
		text = strings.ReplaceAll(text, isolate.ErrUnavailable.Error()+": ", "")
	}
	return text
}

// Language is a language and whether this machine has it.
type Language struct {
	ID, Name string
	Version  string // "" if it has none
	Missing  string // what to do if there is no toolchain; "" if there is one
	Broken   string // what is wrong with the toolchain; "" if nothing is
}

// System returns the name that language recipes have for the kind of system,
// such as "debian" also for those that are made of it (os-release(5)), or "".
func (m Machine) System() string {
	if m.OS == "darwin" {
		return "macos"
	}
	for _, key := range []string{"ID", "ID_LIKE"} {
		for line := range strings.Lines(m.text("etc/os-release")) {
			name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
			if name != key {
				continue
			}
			for id := range strings.FieldsSeq(strings.Trim(value, `"'`)) {
				if system := map[string]string{"debian": "debian", "ubuntu": "debian", "fedora": "fedora", "rhel": "fedora", "arch": "arch"}[id]; system != "" {
					return system
				}
			}
		}
	}
	return ""
}

func (m Machine) languages() []Finding {
	var findings []Finding
	works := false
	for _, l := range m.Languages {
		works = works || l.Broken == "" && l.Missing == ""
		f := Finding{Area: Languages, Check: "language-" + l.ID, Found: strings.TrimSpace(l.Name + " " + l.Version)}
		switch {
		case l.Broken != "":
			f.Severity, f.Found, f.Fix = Warning, l.Broken, l.Missing
		case l.Missing != "":
			f.Severity, f.Found, f.Fix = Note, l.Name+" is not installed", l.Missing
		}
		findings = append(findings, f)
	}
	if len(m.Languages) > 0 && !works {
		findings = append(findings, Finding{
			Area: Languages, Check: "language", Severity: Failure, Found: "no compiler and no interpreter works", Fix: "install one of these",
		})
	}
	return findings
}

// Folder is a folder that evalx writes to.
type Folder struct {
	Use    string // what for, such as "temporary files"
	Path   string
	Err    error // why it cannot be used; nil if it can
	Free   int64 // bytes
	Inodes int64 // free; -1 where the file system does not count them
	NoExec bool  // programs there may not be started
	Fix    string
}

// Below leastSpace or leastInodes a compiler may fail.
const (
	leastSpace  = 1 << 30
	leastInodes = 50_000
)

func (m Machine) folders() []Finding {
	var findings []Finding
	for _, f := range m.Folders {
		found := Finding{Area: Storage, Check: "folder-" + strings.ReplaceAll(f.Use, " ", "-")}
		found.Found = fmt.Sprintf("%s in %s: %.1f GiB free", f.Use, f.Path, float64(f.Free)/(1<<30))
		switch {
		case f.Err != nil:
			found.Severity, found.Found, found.Fix = Warning, f.Use+": "+reason(f.Err), f.Fix
		case f.NoExec:
			found.Severity, found.Found, found.Fix = Warning, fmt.Sprintf("%s in %s, where programs may not be started (noexec)", f.Use, f.Path), f.Fix
		case f.Free < leastSpace:
			found.Severity, found.Fix = Warning, "free some space, or: "+f.Fix
		case f.Inodes >= 0 && f.Inodes < leastInodes:
			found.Severity, found.Fix = Warning, "free some space, or: "+f.Fix
			found.Found += fmt.Sprintf(", and only %d files", f.Inodes)
		}
		findings = append(findings, found)
	}
	return findings
}
