package problem

import (
	"fmt"
	"strings"

	"github.com/evalx/evalx/internal/yamldoc"
)

const problemYAML = "problem.yaml"

// metadata is problem.yaml in any version of the package format. What is read
// by hand, because versions disagree about its type, is a Node.
type metadata struct {
	Version          yamldoc.Node `yaml:"problem_format_version"`
	Type             yamldoc.Node `yaml:"type"`
	Name             yamldoc.Node `yaml:"name"`
	Validation       yamldoc.Node `yaml:"validation"`
	ValidatorFlags   yamldoc.Node `yaml:"validator_flags"`
	Limits           limitsYAML   `yaml:"limits"`
	Languages        yamldoc.Node `yaml:"languages"`
	Constants        yamldoc.Node `yaml:"constants"`
	Grading          gradingYAML  `yaml:"grading"`
	AllowFileWriting bool         `yaml:"allow_file_writing"`
	Evalx            evalxYAML    `yaml:"evalx"`

	// Known, and of no effect on judging.
	UUID         yamldoc.Node `yaml:"uuid"`
	Author       yamldoc.Node `yaml:"author"`
	Credits      yamldoc.Node `yaml:"credits"`
	Source       yamldoc.Node `yaml:"source"`
	SourceURL    yamldoc.Node `yaml:"source_url"`
	License      yamldoc.Node `yaml:"license"`
	RightsOwner  yamldoc.Node `yaml:"rights_owner"`
	Keywords     yamldoc.Node `yaml:"keywords"`
	Release      yamldoc.Node `yaml:"version"`
	EmbargoUntil yamldoc.Node `yaml:"embargo_until"`
}

// gradingYAML is grading in problem.yaml (legacy, "Grading"). What is behind
// the first two keys is older than the format, and moved to testdata.yaml.
type gradingYAML struct {
	Objective   yamldoc.Node `yaml:"objective"`
	ShowGroups  bool         `yaml:"show_test_data_groups"`
	AcceptScore yamldoc.Node `yaml:"accept_score"`
	RejectScore yamldoc.Node `yaml:"reject_score"`
	Range       yamldoc.Node `yaml:"range"`
	OnReject    yamldoc.Node `yaml:"on_reject"`
}

// evalxYAML is what only evalx reads of problem.yaml.
type evalxYAML struct {
	Testlib yamldoc.Node `yaml:"testlib"`
}

// onlyIn says which keys of problem.yaml belong to one version only.
var onlyIn = map[string]Format{
	"validation": Legacy, "validator_flags": Legacy, "grading": Legacy, "author": Legacy, "source_url": Legacy,
	"languages": F2025, "constants": F2025, "allow_file_writing": F2025, "credits": F2025, "version": F2025, "embargo_until": F2025,
	"time_multiplier": Legacy, "time_safety_margin": Legacy,
	"time_multipliers": F2025, "time_limit": F2025, "time_resolution": F2025, "validation_passes": F2025,
}

// readYAML reads the package whose metadata is in the file name.
func (l *loader) readYAML(name string) error {
	e, ok := l.file(name)
	if !ok {
		return nil
	}
	l.p.File = e.abs
	doc, ok := l.document(e)
	if !ok {
		return nil
	}
	version := versionOf(doc)
	if version == string(Single) {
		return l.readSingle(e)
	}
	if name != problemYAML {
		doc.Root.Errorf("", "a package's file is called %s; other names are for single-file packages with problem_format_version: %s", problemYAML, Single)
		l.take(doc)
		return nil
	}
	l.readPackage(doc, version)
	return nil
}

// versionOf returns problem_format_version, or "".
func versionOf(doc *yamldoc.Doc) (version string) {
	if doc.Root.IsMap() {
		for _, f := range doc.Root.Fields() {
			if f.Key == "problem_format_version" && f.Value.IsScalar() {
				version = f.Value.Str()
			}
		}
	}
	return version
}

// formatOf maps a version to the format that it is read as.
func formatOf(version string) (Format, bool) {
	switch version {
	case "", "legacy", "legacy-icpc":
		return Legacy, true
	case "2025-09", "2025-09-draft", "2023-07", "2023-07-draft", "draft":
		return F2025, true
	}
	return Legacy, false
}

// readPackage reads a package folder of any version of the package format.
func (l *loader) readPackage(doc *yamldoc.Doc, version string) {
	format, known := formatOf(version)
	l.p.Format = format
	doc.YAML11 = format == Legacy // its tools read it with PyYAML
	var m metadata
	if !doc.Empty() { // every key has a default in the legacy format
		doc.Root.Decode(&m)
	}
	switch {
	case !known:
		m.Version.Errorf("use legacy, 2025-09 or "+string(Single), "unknown version %q", version)
	case format == F2025 && version != string(F2025):
		l.draft = true
		l.p.Draft = strings.HasPrefix(version, "2023-07")
		m.Version.Warnf("", "%s is a draft, it is read as %s", version, F2025)
	}
	l.warnForeign(doc.Root)
	l.p.Grading, l.p.Objective = format, Maximize
	l.p.Names = l.names(m.Name)
	l.p.Languages = languages(m.Languages)
	l.p.FileWriting = m.AllowFileWriting
	l.constants(m.Constants)
	custom := l.kind(&m)
	l.limits(&m.Limits)
	root := l.grading(&m.Grading)
	flags, source := flagList(m.ValidatorFlags), placeOf(m.ValidatorFlags)
	l.take(doc)
	l.timeFiles()
	l.validators(custom, m.Validation.Exists())
	l.otherPrograms()
	l.testlib(m.Evalx.Testlib)
	l.data(root, flags, source)
	l.include()
	l.submissions()
	l.applyConstants()
}

// warnForeign warns of the keys that belong to another version.
func (l *loader) warnForeign(root yamldoc.Node) {
	if !root.IsMap() {
		return
	}
	for _, f := range root.Fields() {
		l.warnKey(f)
		if f.Key == "limits" && f.Value.IsMap() {
			for _, limit := range f.Value.Fields() {
				l.warnKey(limit)
			}
		}
	}
}

func (l *loader) warnKey(f yamldoc.Field) {
	if other, ok := onlyIn[f.Key]; ok && other != l.p.Format {
		l.add(Diagnostic{
			Severity: Warning, Rule: "foreign-key", File: l.show(problemYAML), Line: f.Line,
			Message: fmt.Sprintf("key %q belongs to format %s, this package is %s", f.Key, other, l.p.Format),
		})
	}
}

// names reads the title: a string, or a map from language codes to strings.
func (l *loader) names(n yamldoc.Node) map[string]string {
	if !n.Exists() {
		if l.p.Format == F2025 {
			l.warnf(problemYAML, "missing-name", "", "key \"name\" is missing, which format %s requires", F2025)
		}
		return nil
	}
	if !n.IsMap() {
		return map[string]string{"": n.Str()}
	}
	if l.p.Format == Legacy {
		n.Warnf("", "a name per language belongs to format %s, this package is %s", F2025, Legacy)
	}
	names := map[string]string{}
	for _, f := range n.Fields() {
		names[f.Key] = f.Value.Str()
	}
	return names
}
