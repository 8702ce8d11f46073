package report_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
	"github.com/evalx/evalx/verify"
)

// hostile is a report in which every text tries to be something else.
func hostile() *verify.Report {
	const evil = "\x1b[2J\x00\ufffe]]></failure>&<b>|`*%0A::error::x\r\n::stop-commands::x ##[error] \xff @all"
	r := passFail()
	r.Package, r.Problem, r.Name = evil, evil, evil
	r.Groups[1].Name = evil
	r.Submissions[4].Path, r.Submissions[4].Why, r.Submissions[4].CompileLog = "wrong_answer/"+evil, evil, evil
	r.Submissions[5].Cases[0].Case, r.Submissions[5].Cases[0].Stderr = evil, evil
	r.Submissions[2].NotRun = evil
	r.TimeLimit.Source, r.TimeLimit.Slowest.Case = evil, evil
	r.Findings = append(r.Findings, verify.Finding{Severity: problem.Note, Rule: evil, File: evil, Line: 3, Message: evil, Hint: evil})
	return r
}

func all() []*verify.Report {
	failed := clean()
	failed.Outcome, failed.Submissions[0].Verdict, failed.Submissions[0].AsExpected = verify.Failed, verdict.JudgeError, false
	return []*verify.Report{passFail(), clean(), invalid(), scoring(3), hostile(), failed}
}

var begun = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

func TestJUnitGolden(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteJUnit(&out, []*verify.Report{passFail(), clean(), invalid()}, begun); err != nil {
		t.Fatal(err)
	}
	golden(t, "junit", out.String())
}

// TestJUnitSchema holds that what is written has the elements, attributes and
// their order that the schema of Jenkins wants, and only characters that XML
// allows.
func TestJUnitSchema(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteJUnit(&out, all(), begun); err != nil {
		t.Fatal(err)
	}
	// Element: its children, and which attributes it must and may have.
	schema := map[string]struct{ children, must, may string }{
		"testsuites": {"testsuite", "", "name time tests failures disabled errors"},
		"testsuite":  {"properties testcase system-out system-err", "name tests", "failures errors time disabled skipped timestamp hostname id package"},
		"testcase":   {"skipped error failure system-out system-err", "name classname", "assertions time status"},
		"skipped":    {"", "", "type message"},
		"error":      {"", "", "type message"},
		"failure":    {"", "", "type message"},
		"system-out": {"", "", ""},
	}
	seen := map[string]int{}
	var path []string
	decoder := xml.NewDecoder(&out)
	for {
		token, err := decoder.Token()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			name := token.Name.Local
			seen[name]++
			if len(path) > 0 && !has(schema[path[len(path)-1]].children, name) {
				t.Errorf("%s stands in %s", name, path[len(path)-1])
			}
			path = append(path, name)
			given := map[string]bool{}
			for _, a := range token.Attr {
				given[a.Name.Local] = true
				if !has(schema[name].must+" "+schema[name].may, a.Name.Local) {
					t.Errorf("%s has the attribute %s", name, a.Name.Local)
				}
			}
			for _, must := range strings.Fields(schema[name].must) {
				if !given[must] {
					t.Errorf("%s has no attribute %s", name, must)
				}
			}
		case xml.EndElement:
			path = path[:len(path)-1]
		}
	}
	for name := range schema {
		if seen[name] == 0 {
			t.Errorf("no %s was written", name)
		}
	}
	if seen["testsuite"] != len(all()) {
		t.Errorf("%d suites for %d packages", seen["testsuite"], len(all()))
	}
}

func has(words, word string) bool {
	for w := range strings.FieldsSeq(words) {
		if w == word {
			return true
		}
	}
	return false
}

func TestSARIFGolden(t *testing.T) {
	var out bytes.Buffer
	root := report.Root{Repository: "/repo", Dir: "/repo"}
	r := passFail()
	r.Findings = append(r.Findings,
		verify.Finding{Severity: problem.Note, Rule: "odd-name", File: "problems/sum/data/a b%ä.in", Message: "odd"},
		verify.Finding{Severity: problem.Warning, Rule: "crlf", File: "/elsewhere/x y", Message: "lines end in CR LF"},
		verify.Finding{Severity: problem.Error, Rule: "no-data", Message: "no data"})
	if err := report.WriteSARIF(&out, []*verify.Report{r, invalid(), clean()}, root, "1.2.3"); err != nil {
		t.Fatal(err)
	}
	golden(t, "sarif", out.String())
}

// TestSARIFSchema holds what the schema of SARIF 2.1.0 and GitHub ask for.
func TestSARIFSchema(t *testing.T) {
	var out bytes.Buffer
	if err := report.WriteSARIF(&out, all(), report.Root{Repository: "/repo", Dir: "/repo/x"}, "1"); err != nil {
		t.Fatal(err)
	}
	var log struct {
		Version string
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string
					Rules []struct{ ID string }
				}
			}
			Results []struct {
				RuleID    string
				RuleIndex int
				Level     string
				Message   struct{ Text string }
				Locations []struct {
					PhysicalLocation struct {
						ArtifactLocation struct{ URI, URIBaseID string }
						Region           *struct{ StartLine, StartColumn *int }
					}
				}
			}
		}
	}
	if err := json.Unmarshal(out.Bytes(), &log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || len(log.Runs) != 1 || log.Runs[0].Tool.Driver.Name != "evalx" {
		t.Fatalf("got %+v", log)
	}
	rules := log.Runs[0].Tool.Driver.Rules
	if len(log.Runs[0].Results) == 0 {
		t.Error("no results")
	}
	for _, r := range log.Runs[0].Results {
		if r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("rule %d is not %s", r.RuleIndex, r.RuleID)
		}
		if !has("error warning note", r.Level) || r.Message.Text == "" || len(r.Locations) != 1 {
			t.Errorf("got %+v", r)
		}
		p := r.Locations[0].PhysicalLocation
		if strings.ContainsAny(p.ArtifactLocation.URI, " <>`|\x00\x1b\\") || p.ArtifactLocation.URI == "" {
			t.Errorf("not a URI: %q", p.ArtifactLocation.URI)
		}
		if p.Region != nil && (p.Region.StartLine == nil || *p.Region.StartLine < 1 || p.Region.StartColumn != nil && *p.Region.StartColumn < 1) {
			t.Errorf("got region %+v", p.Region)
		}
	}
}

func TestGitHubGolden(t *testing.T) {
	var out bytes.Buffer
	root := report.Root{Repository: "/repo", Dir: "/repo"}
	g := report.GitHub{Out: &out, Root: root, Token: "TOKEN"}
	if err := g.Begin(); err != nil {
		t.Fatal(err)
	}
	if err := g.End([]*verify.Report{passFail(), invalid(), hostile()}); err != nil {
		t.Fatal(err)
	}
	out.WriteString("-- summary --\n")
	if err := report.WriteMarkdown(&out, []*verify.Report{passFail(), clean(), invalid(), scoring(3), hostile()}); err != nil {
		t.Fatal(err)
	}
	golden(t, "github", out.String())
}

// Each annotation is one line, and nothing in it begins another command.
func TestGitHubIsOneLineEach(t *testing.T) {
	var out bytes.Buffer
	r := hostile()
	for i := range 20 {
		r.Findings = append(r.Findings, verify.Finding{Severity: problem.Warning, Rule: "r", File: "a,b:c%", Line: i + 1, Column: 2, Message: "m"})
	}
	g := report.GitHub{Out: &out, Root: report.Root{Repository: "/repo", Dir: "/repo/x"}, Token: "TOKEN"}
	if err := g.End([]*verify.Report{r}); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	count := map[string]int{}
	for _, line := range lines[1:] {
		kind, _, _ := strings.Cut(strings.TrimPrefix(line, "::"), " ")
		kind, _, _ = strings.Cut(kind, "::")
		count[kind]++
	}
	if lines[0] != "::TOKEN::" || count["error"]+count["warning"]+count["notice"] != len(lines)-1 {
		t.Errorf("other lines than annotations:\n%s", out.String())
	}
	if count["warning"] != 10 || !strings.Contains(out.String(), "::warning::12 more warnings are in the log") {
		t.Errorf("%d warnings:\n%s", count["warning"], out.String())
	}
	if !strings.Contains(out.String(), "::warning file=x/a%2Cb%3Ac%25,title=") {
		t.Errorf("the name of a file is not escaped:\n%s", out.String())
	}
}

func TestSummaryFitsGitHub(t *testing.T) {
	var out bytes.Buffer
	var many []*verify.Report
	for range 300 {
		r := passFail()
		for i := range 100 {
			r.Findings = append(r.Findings, verify.Finding{Severity: problem.Warning, Message: strings.Repeat("x", 100) + fmt.Sprint(i)})
		}
		many = append(many, r)
	}
	if err := report.WriteMarkdown(&out, many); err != nil {
		t.Fatal(err)
	}
	if out.Len() > 1<<20 || strings.Count(out.String(), "### FAILED") != 300 {
		t.Errorf("%d bytes, %d packages", out.Len(), strings.Count(out.String(), "### FAILED"))
	}
}

func TestRoot(t *testing.T) {
	for _, test := range []struct {
		root report.Root
		file string
		want string
	}{
		{report.Root{Repository: "/repo", Dir: "/repo/a"}, "b/c", "a/b/c"},
		{report.Root{Repository: "/repo", Dir: "/repo/a"}, "../c", "c"},
		{report.Root{Repository: "/repo", Dir: "/repo/a"}, "/repo/d", "d"},
		{report.Root{Repository: "/repo", Dir: "/repo/a"}, "../../c", ""},
		{report.Root{Repository: "/repo", Dir: "/other"}, "c", ""},
		{report.Root{Dir: "/repo"}, "c", ""},
	} {
		got, ok := test.root.Relative(test.file)
		if got != test.want || ok != (test.want != "") {
			t.Errorf("%+v %s: got %q, want %q", test.root, test.file, got, test.want)
		}
	}
}

func TestVerifyJSON(t *testing.T) {
	var out bytes.Buffer
	run := report.Run{V: verify.Version, Evalx: "1.2.3", Time: begun, ExitCode: 3, Elapsed: time.Second, Packages: []*verify.Report{invalid(), clean(), hostile()}}
	if err := report.WriteJSON(&out, run); err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(out.Bytes(), []byte("\n")); n != 1 {
		t.Errorf("%d lines", n)
	}
	if strings.Contains(out.String(), `"submissions":null`) || strings.Contains(out.String(), `"findings":null`) || strings.Contains(out.String(), `"groups":null`) {
		t.Errorf("a list is null: %s", out.String())
	}
	var back report.Run
	if err := json.Unmarshal(out.Bytes(), &back); err != nil {
		t.Fatal(err)
	}
	if back.ExitCode != 3 || len(back.Packages) != 3 || back.Packages[2].TimeLimit.UpperMargin != 1.25 {
		t.Errorf("got %+v", back)
	}
}

// Nothing that a package or a program says steers the terminal, whatever is
// printed.
func TestVerifyIsClean(t *testing.T) {
	var out bytes.Buffer
	v := report.Verify{Out: &out, Verbose: true}
	if err := v.Report(hostile()); err != nil {
		t.Fatal(err)
	}
	if !utf8.Valid(out.Bytes()) || strings.ContainsAny(out.String(), "\x1b\x00\r\ufffe") {
		t.Errorf("got %q", out.String())
	}
}

func TestVerifyWriteErrors(t *testing.T) {
	for name, err := range map[string]error{
		"text":     (&report.Verify{Out: full{}}).Report(clean()),
		"junit":    report.WriteJUnit(full{}, all(), begun),
		"sarif":    report.WriteSARIF(full{}, all(), report.Root{}, "1"),
		"json":     report.WriteJSON(full{}, report.Run{}),
		"markdown": report.WriteMarkdown(full{}, all()),
		"begin":    report.GitHub{Out: full{}}.Begin(),
		"end":      report.GitHub{Out: full{}}.End(all()),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
