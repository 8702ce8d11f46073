package lint

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/evalx/evalx/internal/yamldoc"
	"github.com/evalx/evalx/judge/problem"
)

// metadata is the part of problem.yaml that is of no effect on judging, and
// what is needed to say in which line something is.
type metadata struct {
	Version      yamldoc.Node `yaml:"problem_format_version"`
	Name         yamldoc.Node `yaml:"name"`
	UUID         yamldoc.Node `yaml:"uuid"`
	Author       yamldoc.Node `yaml:"author"`
	Credits      yamldoc.Node `yaml:"credits"`
	Source       yamldoc.Node `yaml:"source"`
	SourceURL    yamldoc.Node `yaml:"source_url"`
	License      yamldoc.Node `yaml:"license"`
	RightsOwner  yamldoc.Node `yaml:"rights_owner"`
	Keywords     yamldoc.Node `yaml:"keywords"`
	EmbargoUntil yamldoc.Node `yaml:"embargo_until"`
	Constants    yamldoc.Node `yaml:"constants"`
	Limits       limits       `yaml:"limits"`
}

type limits struct {
	TimeLimit  yamldoc.Node `yaml:"time_limit"`
	Resolution yamldoc.Node `yaml:"time_resolution"`
	Memory     yamldoc.Node `yaml:"memory"`
	Passes     yamldoc.Node `yaml:"validation_passes"`
}

// readMeta reads problem.yaml again, in which the loader found no error.
func (l *linter) readMeta() {
	doc, err := yamldoc.ReadFile(l.p.File, l.p.Show("problem.yaml"), yamldoc.Options{Lenient: true})
	if err == nil && doc.Root.IsMap() {
		doc.Root.Decode(&l.meta)
	}
}

// draft tells whether the package is in a draft of 2025-09.
func (l *linter) draft() bool {
	return !l.legacy() && l.meta.Version.Exists() && l.meta.Version.Str() != string(problem.F2025)
}

// at notes something about the value n of problem.yaml.
func (l *linter) at(n yamldoc.Node, rule, message, hint string) {
	l.add(rule, "problem.yaml", n.Line(), message, hint)
}

var (
	uuid    = regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`)
	latex   = regexp.MustCompile(`\$[^$]+\$|\\[a-zA-Z]+`)
	embargo = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?$`)
)

// metadata looks at what problem.yaml says besides how to judge.
func (l *linter) metadata() {
	m := &l.meta
	switch {
	case !m.UUID.Exists() && !l.legacy():
		l.at(m.UUID, "uuid", "key \"uuid\" is missing, which format 2025-09 requires", "make one with uuidgen")
	case m.UUID.IsScalar() && !uuid.MatchString(m.UUID.Str()):
		l.at(m.UUID, "uuid", fmt.Sprintf("%q is no UUID", m.UUID.Str()), "make one with uuidgen")
	}
	for _, language := range sortedKeys(l.p.Names) {
		if !l.legacy() && latex.MatchString(l.p.Names[language]) {
			l.at(m.Name, "latex-in-name", fmt.Sprintf("name %q has LaTeX in it", l.p.Names[language]), "names are shown as they are; put LaTeX into \\problemname")
		}
	}
	if e := m.EmbargoUntil; e.IsScalar() && !date(e.Str()) {
		l.at(e, "embargo", fmt.Sprintf("%q is no date", e.Str()), "write 2026-01-31 or 2026-01-31T12:00:00Z")
	}
	switch k := m.Keywords; {
	case l.legacy() && k.IsList():
		l.at(k, "keywords", "keywords are a list; format legacy has them in one string", "")
	case !l.legacy() && k.IsScalar():
		l.at(k, "keywords", "keywords are a string; format 2025-09 has a list", "")
	}
	l.license()
	l.credits()
	l.limits()
}

func date(s string) bool {
	if !embargo.MatchString(s) {
		return false
	}
	day, _, _ := strings.Cut(s, "T")
	_, err := time.Parse(time.DateOnly, day)
	return err == nil
}

// license holds what both versions say of license and rights_owner.
func (l *linter) license() {
	m := &l.meta
	allowed := []string{"unknown", "public domain", "cc0", "cc by", "cc by-sa", "educational", "permission"}
	if !m.License.IsScalar() {
		if !m.License.Exists() {
			l.at(m.License, "missing-license", "license is missing, so nobody may use the problem", "write license: "+strings.Join(allowed[1:], ", ")+"…")
		}
		return
	}
	license := m.License.Str()
	switch {
	case !slices.Contains(allowed, license):
		hint := "use one of " + strings.Join(allowed, ", ")
		if near := yamldoc.Nearest(license, allowed); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		l.at(m.License, "license", fmt.Sprintf("unknown license %q", license), hint)
	case license == "unknown":
		l.at(m.License, "missing-license", "license is unknown, so nobody may use the problem", "")
	case license == "public domain":
		if m.RightsOwner.Exists() {
			l.at(m.RightsOwner, "rights-owner", "there is a rights owner although the problem is in the public domain", "remove the key")
		}
	case !m.RightsOwner.Exists() && !m.Author.Exists() && !m.Credits.Exists() && !m.Source.Exists():
		l.at(m.License, "rights-owner", fmt.Sprintf("license %s needs a rights owner", license), "write rights_owner, or who the author is")
	}
}

// credits looks into credits and source, which judging has no use for.
func (l *linter) credits() {
	m := &l.meta
	if m.Credits.IsMap() {
		l.keys(m.Credits, "credits", []string{"authors", "contributors", "testers", "translators", "packagers", "acknowledgements"})
	}
	sources := []yamldoc.Node{m.Source}
	if m.Source.IsList() {
		sources = m.Source.List()
	}
	for _, s := range sources {
		if s.IsMap() {
			l.keys(s, "source", []string{"name", "url"})
		}
	}
	if m.SourceURL.Exists() && !m.Source.Exists() {
		l.at(m.SourceURL, "credits", "source_url must not be given without source", "")
	}
}

// keys notes unknown keys of the map n, which is called name.
func (l *linter) keys(n yamldoc.Node, name string, known []string) {
	for _, f := range n.Fields() {
		if slices.Contains(known, f.Key) {
			continue
		}
		hint := "use " + strings.Join(known, ", ")
		if near := yamldoc.Nearest(f.Key, known); near != "" {
			hint = fmt.Sprintf("did you mean %q?", near)
		}
		l.add("credits", "problem.yaml", f.Line, fmt.Sprintf("unknown key %q in %s", f.Key, name), hint)
	}
}

// limits looks for limits that somebody wrote in another unit.
func (l *linter) limits() {
	m, got := &l.meta.Limits, l.p.Limits
	const longest = 60 * time.Second
	if got.Time > longest {
		l.at(m.TimeLimit, "odd-limit", fmt.Sprintf("time limit is %v", got.Time), "it is in seconds")
	}
	if m.Memory.Exists() && (got.Memory < 4<<20 || got.Memory > 64<<30) {
		l.at(m.Memory, "odd-limit", fmt.Sprintf("memory limit is %d MiB", got.Memory>>20), "it is in MiB")
	}
	if m.Passes.Exists() && !l.p.Kind.MultiPass {
		l.at(m.Passes, "odd-limit", "validation_passes is of no effect: the problem is not multi-pass", "")
	}
	if limit, resolution := m.TimeLimit.Float(), m.Resolution.Float(); m.TimeLimit.Exists() && !l.legacy() {
		if !m.Resolution.Exists() {
			resolution = 1
		}
		if steps := limit / resolution; steps-float64(int64(steps+0.5)) > 1e-6 || float64(int64(steps+0.5))-steps > 1e-6 {
			l.at(m.TimeLimit, "time-resolution", fmt.Sprintf("time limit %g is no multiple of time_resolution, %g", limit, resolution), fmt.Sprintf("write time_resolution: %g", limit))
		}
	}
}

func sortedKeys[V any](m map[string]V) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
