package yamldoc

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

type config struct {
	Name   string            `yaml:"name"`
	Fast   bool              `yaml:"fast"`
	Count  int               `yaml:"count"`
	Ratio  float64           `yaml:"ratio"`
	Steps  []string          `yaml:"steps"`
	Env    map[string]string `yaml:"env"`
	Limits *limits           `yaml:"limits"`
	Any    Node              `yaml:"any"`
}

type limits struct {
	TimeLimit float64 `yaml:"time_limit"`
}

func TestDecode(t *testing.T) {
	doc := Parse("c.yaml", []byte(`
name: &n evalx
fast: true
count: 3
ratio: 1e-6
steps: [*n, "2"]
env: {A: b}
limits:
  time_limit: 2
any: [1]
`), Options{})
	var c config
	doc.Root.Decode(&c)
	if err := doc.Err(); err != nil || len(doc.Warnings) > 0 {
		t.Fatal(err, doc.Warnings)
	}
	if !c.Any.IsList() || c.Any.List()[0].Int() != 1 {
		t.Errorf("any = %+v", c.Any)
	}
	c.Any = Node{}
	want := config{Name: "evalx", Fast: true, Count: 3, Ratio: 1e-6, Steps: []string{"evalx", "2"},
		Env: map[string]string{"A": "b"}, Limits: &limits{TimeLimit: 2}}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got %+v, want %+v", c, want)
	}
}

func TestErrors(t *testing.T) {
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := range 9 {
		ref := fmt.Sprintf("*a%d", i)
		bomb += fmt.Sprintf("a%d: &a%d [%s]\n", i+1, i+1, strings.Repeat(ref+", ", 9)+ref)
	}
	for _, test := range []struct{ name, yaml, want string }{
		{"unknown key", "\nnmae: x\n", `c.yaml:2: unknown key "nmae" (did you mean "name"?)`},
		{"unknown nested key", "limits:\n  time-limit: 1\n", `c.yaml:2: unknown key "time-limit" in limits (did you mean "time_limit"?)`},
		{"unknown without suggestion", "zebra: 1", `c.yaml:1: unknown key "zebra"`},
		{"duplicate key", "name: a\nfast: true\nname: b\n", `c.yaml:3:1: key "name" is given twice, first on line 1`},
		{"second document", "name: a\n---\nname: b\n", "c.yaml:2:1: second YAML document"},
		{"empty", "", "c.yaml: file is empty"},
		{"only comments", "# nothing\n", "c.yaml: file is empty"},
		{"only marker", "---\n", "c.yaml: file is empty"},
		{"not a map", "- a\n", "c.yaml:1:1: must be a map, not a list"},
		{"list for a string", "name: [a]\n", "c.yaml:1:7: name: must be a string, not a list"},
		{"string for a list", "steps: a\n", `c.yaml:1:8: steps: must be a list, not "a"`},
		{"string for a number", "count: many\n", `c.yaml:1:8: count: must be a number, not "many"`},
		{"fraction for an int", "count: 1.5\n", `c.yaml:1:8: count: must be a whole number, not "1.5"`},
		{"NaN", "ratio: .nan\n", `c.yaml:1:8: ratio: must be a number, not ".nan"`},
		{"string for a boolean", "fast: maybe\n", `c.yaml:1:7: fast: must be true or false, not "maybe"`},
		{"null in a list", "steps: [a, ]\nname: x\nlimits: 3", `c.yaml:3:9: limits: must be a map, not "3"`},
		{"merge key", "a: &a {name: x}\n<<: *a\n", "c.yaml:2:1: merge keys"},
		{"complex key", "? [a]\n: b\n", "c.yaml:1:3: key is not a plain word"},
		{"tab", "name: a\n\tfast: b\n", "c.yaml:2: not valid YAML: found a tab character"},
		{"colon in value", "name: a: b\n", "c.yaml:1: not valid YAML: mapping values are not allowed"},
		{"unknown anchor", "name: *x\n", "c.yaml:1: not valid YAML: unknown anchor"},
		{"open quote", "name: 'a\n\n", "not valid YAML"},
		{"NUL", "name: a\n\x00", "c.yaml:2: file has a NUL byte"},
		{"binary", "\x7fELF\x02", "c.yaml:1: file has the control character"},
		{"latin1", "name: a\n# caf\xe9\n", "c.yaml:2: file is not UTF-8 (byte 0xe9)"},
		{"UTF-16", "\xff\xfen\x00a\x00", "c.yaml:1: file is not UTF-8"},
		{"huge", strings.Repeat("# x\n", MaxBytes), "c.yaml: file is larger than 1024 KiB"},
		{"alias bomb", bomb, "values after expansion of aliases"},
		{"alias loop", "any: &a [*a]\n", "c.yaml:1:6: value contains itself"},
		{"deep", strings.Repeat("[", 5000) + strings.Repeat("]", 5000), "nested more than 100 levels"},
		{"deeper", strings.Repeat("[", 50000), "not valid YAML"},
	} {
		t.Run(test.name, func(t *testing.T) {
			doc := Parse("c.yaml", []byte(test.yaml), Options{})
			var c config
			doc.Root.Decode(&c)
			err := doc.Err()
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q in it", err, test.want)
			}
		})
	}
}

func TestAllErrorsAreReported(t *testing.T) {
	doc := Parse("c.yaml", []byte("nmae: a\ncount: many\nfast: 7\n"), Options{})
	var c config
	doc.Root.Decode(&c)
	if len(doc.Errors) != 3 {
		t.Errorf("got %v, want 3 errors", doc.Errors)
	}
}

func TestWarnings(t *testing.T) {
	for _, test := range []struct{ name, yaml, want string }{
		{"yes", "fast: yes\n", `c.yaml:1:7: fast: "yes" is not a boolean of YAML 1.2 (write true)`},
		{"On", "fast: On\n", "write true"},
		{"quoted", "fast: 'true'\n", "write true"},
		{"number in quotes", "count: '3'\n", "c.yaml:1:8: count: number is written as a string (remove the quotes)"},
		{"duplicate key", "name: a\nname: b\n", `c.yaml:2:1: key "name" is given twice, the one on line 1 is ignored (remove one)`},
		{"unknown key", "nmae: x\n", `did you mean "name"?`},
		{"CRLF", "name: x\r\ncount: 1\r\n", "c.yaml:1: lines end in CR LF"},
		{"BOM", "\xef\xbb\xbfname: x\n", "c.yaml:1: file starts with a byte order mark"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var called []Note
			doc := Parse("c.yaml", []byte(test.yaml), Options{Lenient: true, Warn: func(n Note) { called = append(called, n) }})
			var c config
			doc.Root.Decode(&c)
			if err := doc.Err(); err != nil {
				t.Fatal(err)
			}
			if len(called) != 1 || !strings.Contains(called[0].String(), test.want) {
				t.Errorf("got %v, want one with %q", called, test.want)
			}
			if !reflect.DeepEqual(called, doc.Warnings) {
				t.Errorf("Warnings = %v, callback had %v", doc.Warnings, called)
			}
		})
	}
}

func TestYAML11(t *testing.T) {
	for value, want := range map[string]struct {
		fast     bool
		warnings int
	}{
		"yes": {true, 0}, "On": {true, 0}, "true": {true, 0}, "Off": {false, 0}, "NO": {false, 0},
		"y": {true, 1}, "yEs": {true, 1}, "'yes'": {true, 1}, `"off"`: {false, 1},
	} {
		doc := Parse("c.yaml", []byte("fast: "+value+"\n"), Options{})
		doc.YAML11 = true
		var c config
		doc.Root.Decode(&c)
		if err := doc.Err(); err != nil || c.Fast != want.fast || len(doc.Warnings) != want.warnings {
			t.Errorf("%s: %t, %v, warnings %v, want %v", value, c.Fast, err, doc.Warnings, want)
		}
	}
}

func TestNearest(t *testing.T) {
	known := []string{"memory", "time_limit", "name"}
	for word, want := range map[string]string{
		"Memory": "memory", "memroy": "memory", "timelimit": "time_limit", "time limit": "time_limit",
		"names": "name", "zzz": "", "": "", strings.Repeat("x", 100): "",
	} {
		if got := Nearest(word, known); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"name: a", "a: &a [*a]", "- {x: 1}\n---\n", "? [a]\n: b", "%YAML 1.1\n---\na", "fast: !!binary x", "name: !x y", "\xff"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		doc := Parse("f", data, Options{Lenient: true})
		var c config
		doc.Root.Decode(&c)
	})
}
