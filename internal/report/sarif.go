package report

import (
	"encoding/json"
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/problem/lint"
	"github.com/evalx/evalx/verify"
)

// The objects of SARIF 2.1.0 (OASIS) that are written.
type sarifLog struct {
	Schema  string     `json:"$schema"`
	Version string     `json:"version"`
	Runs    []sarifRun `json:"runs"`
}

type sarifRun struct {
	Tool       sarifTool     `json:"tool"`
	ColumnKind string        `json:"columnKind"`
	Results    []sarifResult `json:"results"`
}

type sarifTool struct {
	Driver sarifDriver `json:"driver"`
}

type sarifDriver struct {
	Name    string      `json:"name"`
	Version string      `json:"version"`
	URI     string      `json:"informationUri"`
	Rules   []sarifRule `json:"rules"`
}

type sarifRule struct {
	ID            string       `json:"id"`
	Short         sarifText    `json:"shortDescription"`
	Help          *sarifText   `json:"help,omitempty"`
	Configuration sarifDefault `json:"defaultConfiguration"`
}

type sarifText struct {
	Text string `json:"text"`
}

type sarifDefault struct {
	Level string `json:"level"`
}

type sarifResult struct {
	Rule      string          `json:"ruleId"`
	Index     int             `json:"ruleIndex"`
	Level     string          `json:"level"`
	Message   sarifText       `json:"message"`
	Locations []sarifLocation `json:"locations"`
}

type sarifLocation struct {
	Physical sarifPhysical `json:"physicalLocation"`
}

type sarifPhysical struct {
	Artifact sarifArtifact `json:"artifactLocation"`
	Region   *sarifRegion  `json:"region,omitempty"`
}

type sarifArtifact struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId,omitempty"`
}

type sarifRegion struct {
	Line   int `json:"startLine"`
	Column int `json:"startColumn,omitempty"`
}

// WriteSARIF writes what was found in packages, other than by running their
// submissions, as SARIF 2.1.0. Version is that of evalx.
func WriteSARIF(w io.Writer, reports []*verify.Report, root Root, version string) error {
	run := sarifRun{
		Tool:       sarifTool{sarifDriver{Name: "evalx", Version: version, URI: "https://github.com/evalx/evalx", Rules: []sarifRule{}}},
		ColumnKind: "unicodeCodePoints", Results: []sarifResult{},
	}
	index := map[string]int{}
	for _, r := range reports {
		for _, f := range r.Findings {
			if f.Submission != "" {
				continue
			}
			rule := f.Rule
			if rule == "" {
				rule = "package"
			}
			if _, ok := index[rule]; !ok {
				index[rule] = len(run.Tool.Driver.Rules)
				run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, newRule(rule, f))
			}
			run.Results = append(run.Results, newResult(r, f, root, rule, index[rule]))
		}
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// newRule describes a rule by what lint says of it, or else by its name, and by
// its first finding.
func newRule(id string, f verify.Finding) sarifRule {
	rule := sarifRule{ID: id, Short: sarifText{strings.ReplaceAll(id, "-", " ")}, Configuration: sarifDefault{level(f.Severity)}}
	for _, known := range lint.Rules() {
		if known.ID == id {
			rule.Short.Text, rule.Configuration.Level = known.Summary, level(known.Severity)
		}
	}
	if f.Hint != "" {
		rule.Help = &sarifText{Clean(f.Hint)}
	}
	return rule
}

// level is the word of SARIF for a severity.
func level(s problem.Severity) string {
	switch s {
	case problem.Error:
		return "error"
	case problem.Note:
		return "note"
	}
	return "warning"
}

func newResult(r *verify.Report, f verify.Finding, root Root, rule string, index int) sarifResult {
	file := f.File
	if file == "" {
		file = r.Package
	}
	text := Clean(strings.TrimSpace(f.Message))
	if f.Hint != "" {
		text += "\n" + Clean(f.Hint)
	}
	physical := sarifPhysical{Artifact: root.artifact(file)}
	if f.Line > 0 {
		physical.Region = &sarifRegion{f.Line, f.Column}
	}
	return sarifResult{Rule: rule, Index: index, Level: level(f.Severity), Message: sarifText{text},
		Locations: []sarifLocation{{physical}}}
}

// Root tells where files are in the repository that is checked.
type Root struct {
	Repository string // absolute path; "" if there is none
	Dir        string // absolute folder that names of files are relative to
}

// Relative returns the path of file in the repository, with slashes; false if
// it is not in it.
func (r Root) Relative(file string) (string, bool) {
	if r.Repository == "" {
		return "", false
	}
	below, err := filepath.Rel(r.Repository, r.absolute(file))
	if err != nil || !filepath.IsLocal(below) {
		return "", false
	}
	return filepath.ToSlash(below), true
}

func (r Root) absolute(file string) string {
	if filepath.IsAbs(file) {
		return filepath.Clean(file)
	}
	return filepath.Join(r.Dir, file)
}

func (r Root) artifact(file string) sarifArtifact {
	if below, ok := r.Relative(file); ok {
		return sarifArtifact{(&url.URL{Path: path.Clean(below)}).EscapedPath(), "%SRCROOT%"}
	}
	return sarifArtifact{URI: (&url.URL{Scheme: "file", Path: filepath.ToSlash(r.absolute(file))}).String()}
}
