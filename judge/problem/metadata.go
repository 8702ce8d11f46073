package problem

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
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
	Grading          yamldoc.Node `yaml:"grading"`
	AllowFileWriting bool         `yaml:"allow_file_writing"`

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
func versionOf(doc *yamldoc.Doc) string {
	if doc.Root.IsMap() {
		for _, f := range doc.Root.Fields() {
			if f.Key == "problem_format_version" && f.Value.IsScalar() {
				return f.Value.Str()
			}
		}
	}
	return ""
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
	l.p.Names = l.names(m.Name)
	l.p.Languages = languages(m.Languages)
	l.p.FileWriting = m.AllowFileWriting
	l.p.Constants = constants(m.Constants)
	custom := l.kind(&m)
	l.limits(&m.Limits)
	flags := flagList(m.ValidatorFlags)
	l.take(doc)
	l.timeFiles()
	l.validators(custom, m.Validation.Exists())
	l.data(flags)
	l.include()
	l.submissions()
	l.warnConstants()
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

// languages reads the permitted languages: "all" or a list.
func languages(n yamldoc.Node) []string {
	if n.IsList() {
		return n.Strings()
	}
	if list := n.Str(); list != "" && list != "all" {
		n.Warnf("write a list", "languages are not a list")
		return strings.Fields(list)
	}
	return nil
}

// constants reads the constants: a scalar each, or a map of variants, of which
// "value" is the one without a name.
func constants(n yamldoc.Node) map[string]string {
	if !n.Exists() {
		return nil
	}
	values := map[string]string{}
	for _, f := range n.Fields() {
		if !f.Value.IsMap() {
			values[f.Key] = f.Value.Str()
			values[f.Key+".value"] = values[f.Key]
			continue
		}
		for _, variant := range f.Value.Fields() {
			values[f.Key+"."+variant.Key] = variant.Value.Str()
			if variant.Key == "value" {
				values[f.Key] = variant.Value.Str()
			}
		}
	}
	return values
}

// warnConstants warns of programs that want constants put into them, which
// nothing does yet.
func (l *loader) warnConstants() {
	if len(l.p.Constants) == 0 {
		return
	}
	programs := slices.Clone(l.p.Validators)
	for _, s := range l.p.Submissions {
		programs = append(programs, s.Program)
	}
	for _, lang := range sorted(l.p.Include) {
		programs = append(programs, l.p.Include[lang])
	}
	for _, p := range programs {
		for _, name := range p.Files {
			path := filepath.Join(p.Dir, filepath.FromSlash(name))
			if rel, err := filepath.Rel(l.root, path); err == nil && l.usesConstants(path) {
				l.warnf(rel, "constants", "", "constants are not put into programs yet, and this file has some")
			}
		}
	}
}

// usesConstants tells whether {{name}} or {{name.variant}} of a constant is in
// the file.
func (l *loader) usesConstants(path string) bool {
	info, err := os.Stat(path)
	if err != nil || info.Size() > yamldoc.MaxBytes {
		return false
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return false // whoever runs the program says so
	}
	for key := range l.p.Constants {
		if bytes.Contains(text, []byte("{{"+key+"}}")) {
			return true
		}
	}
	return false
}

// kind reads type and validation. It tells whether the package has an output
// validator of its own, as far as problem.yaml says.
func (l *loader) kind(m *metadata) (custom bool) {
	l.types(m.Type)
	validation := strings.Fields(m.Validation.Str())
	for _, word := range validation {
		switch {
		case word == "custom":
			custom = true
		case word == "default", word == "score":
		case word == "interactive", word == "multi-pass":
			l.addKind(word)
		default:
			m.Validation.Errorf("use default, or custom with score or interactive", "unknown word %q", word)
		}
	}
	if slices.Contains(validation, "multi-pass") && l.p.Format == Legacy {
		m.Validation.Warnf("", "multi-pass belongs to format %s, this package is %s", F2025, Legacy)
	}
	return custom
}

// types reads type: a word, or a list of words.
func (l *loader) types(n yamldoc.Node) {
	types := flagList(n)
	switch {
	case n.IsList() && l.p.Format == Legacy:
		n.Warnf("", "a list of types belongs to format %s, this package is %s", F2025, Legacy)
	case !n.IsList() && len(types) > 1:
		n.Warnf("write a list", "several types in one string")
	}
	for _, t := range types {
		if !l.addKind(t) {
			n.Errorf("use pass-fail, scoring, interactive, multi-pass or submit-answer", "unknown type %q", t)
		} else if l.p.Format == Legacy && t != "pass-fail" && t != "scoring" {
			n.Warnf("", "type %s belongs to format %s, this package is %s", t, F2025, Legacy)
		}
	}
	k := l.p.Kind
	if k.Scoring && slices.Contains(types, "pass-fail") || k.SubmitAnswer && (k.Interactive || k.MultiPass) {
		n.Errorf("", "these types exclude each other")
	}
}

// addKind records a type, or returns false if there is no such type.
func (l *loader) addKind(name string) bool {
	k := &l.p.Kind
	switch name {
	case "pass-fail":
	case "scoring":
		k.Scoring = true
	case "interactive":
		k.Interactive = true
	case "multi-pass":
		k.MultiPass = true
	case "submit-answer":
		k.SubmitAnswer = true
	default:
		return false
	}
	return true
}

// flagList reads arguments: a string of words, or a list.
func flagList(n yamldoc.Node) []string {
	if n.IsList() {
		return n.Strings()
	}
	return strings.Fields(n.Str())
}
