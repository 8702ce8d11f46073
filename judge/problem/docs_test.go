package problem

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"github.com/evalx/evalx/internal/yamldoc"
)

// schema is the part of a JSON Schema that the test looks at.
type schema struct {
	Properties           map[string]schema `json:"properties"`
	Defs                 map[string]schema `json:"$defs"`
	AdditionalProperties json.RawMessage   `json:"additionalProperties"`
	Enum                 []string          `json:"enum"`
}

// TestSchema holds docs/evalx-1.schema.json against what the decoder knows.
func TestSchema(t *testing.T) {
	data, err := os.ReadFile("../../docs/evalx-1.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var root schema
	if err := json.Unmarshal(data, &root); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name string
		in   schema
		keys []string
	}{
		{"top", root, yamldoc.Keys(&singleYAML{})},
		{"limits", root.Defs["limits"], yamldoc.Keys(&singleLimitsYAML{})},
		{"test", root.Defs["test"], yamldoc.Keys(&testYAML{})},
	} {
		slices.Sort(test.keys)
		if got := sorted(test.in.Properties); !slices.Equal(got, test.keys) {
			t.Errorf("%s: the schema has %q, the decoder %q", test.name, got, test.keys)
		}
		if string(test.in.AdditionalProperties) != "false" {
			t.Errorf("%s: the schema permits other keys", test.name)
		}
	}
	var values schema
	if err := json.Unmarshal(root.Properties["submissions"].AdditionalProperties, &values); err != nil {
		t.Fatal(err)
	}
	if got, want := values.Enum, sorted(expectedWords); !slices.Equal(got, want) {
		t.Errorf("the schema expects %q of submissions, the decoder %q", got, want)
	}
}

var example = regexp.MustCompile("(?s)```yaml\n(.*?)```")

// TestExamplesInDocs loads the examples of docs/formats.md.
func TestExamplesInDocs(t *testing.T) {
	text, err := os.ReadFile("../../docs/formats.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := example.FindAllSubmatch(text, -1)
	if len(blocks) != 2 {
		t.Fatalf("%d examples, want 2", len(blocks))
	}
	for i, want := range []string{"1 large", "1 exact data/1 data/2 more/1"} {
		dir := write(t, map[string]string{
			"p.yaml": string(blocks[i][1]), "check.py": "", "means.py": "", "slow.py": "",
			"data/1.in": "", "data/1.ans": "", "data/2.in": "", "data/2.out": "", "more/1.in": "", "more/1.a": "",
		})
		p, err := Load(filepath.Join(dir, "p.yaml"), Options{Strict: true, Temp: t.TempDir()})
		if err != nil {
			t.Fatal(err)
		}
		if got := caseNames(p); got != want {
			t.Errorf("example %d: cases %s, want %s", i+1, got, want)
		}
	}
}
