package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	row     = regexp.MustCompile("(?m)^\\| (`[a-z`, -]+`) \\|(?: (error|warning|note) \\|)?")
	ruleRef = regexp.MustCompile("`([a-z-]+)`")
	// noted is how the loader names a rule.
	noted = regexp.MustCompile(`(?:As\(|Rule: +|[wW]arnf\([^,\n]+, |[eE]rrorf\([^,\n]+, |cmp\.Or\(n\.Rule, |\{"\.[a-z]+", )"([a-z]+-[a-z-]+|constants|contradiction|annotation|unreadable|crlf)"`)
)

// TestDocs holds that docs/lint.md has every rule of Check, in the order and
// with the severity of Rules, and every other rule of the loader.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../../../docs/lint.md")
	if err != nil {
		t.Fatal(err)
	}
	var rules, want, loading []string
	known := map[string]bool{}
	for _, r := range Rules() {
		want = append(want, fmt.Sprintf("%s %s", r.ID, r.Severity))
		known[r.ID] = true
	}
	for _, m := range row.FindAllStringSubmatch(string(text), -1) {
		for _, id := range ruleRef.FindAllStringSubmatch(m[1], -1) {
			if m[2] != "" {
				rules = append(rules, id[1]+" "+m[2])
			} else {
				loading = append(loading, id[1])
			}
		}
	}
	if !slices.Equal(rules, want) {
		t.Errorf("docs/lint.md has the rules\n%s\nwant\n%s", strings.Join(rules, "\n"), strings.Join(want, "\n"))
	}
	if got := loaderRules(t, known); !slices.Equal(loading, got) {
		t.Errorf("docs/lint.md has of the loader\n%s\nwant\n%s", strings.Join(loading, "\n"), strings.Join(got, "\n"))
	}
}

// loaderRules finds the rules in the source of the loader, without known ones.
func loaderRules(t *testing.T, known map[string]bool) []string {
	t.Helper()
	found := map[string]bool{}
	for _, pattern := range []string{"../*.go", "../../../internal/yamldoc/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range noted.FindAllSubmatch(text, -1) {
				if id := string(m[1]); !known[id] && !strings.HasSuffix(file, "_test.go") {
					found[id] = true
				}
			}
		}
	}
	return sortedKeys(found)
}
