package generate

import (
	"strings"
	"testing"
)

// TestParse wants the names, commands and seeds that BAPCtools gives: the
// seeds are those that its documentation defines.
func TestParse(t *testing.T) {
	plan, err := Parse([]byte(`
solution: /submissions/accepted/s.py
random_salt: abc
generators:
  tree: [tree.py, lib.py]
test_group.yaml: {args: [a]}
data:
  secret:
    data:
      - small: gen.py {seed} 1
      - "": {in: "5", ans: "6"}
      - ~: gen.py {seed:2} 1
      - group:
          solution:
          data:
            - a: {copy: manual/a.in}
            - a: {generate: "tree  {seed} '{name} {{N}}' {count}", count: [7, 9], random_salt: x}
            - b: {generate: "gen.py {count}", count: -1..=1}
      - named:
          data:
            z: gen.py 9
            y: gen.py 8
  sample:
    data:
      "1": {in: "1", ans.statement: {link: ans}, match: "^1$", yaml: {hint: no}}
    include: []
  invalid_input:
    include: [small, named]
`), map[string]string{"N": "10"})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range plan.Rules {
		got = append(got, strings.Join(append([]string{r.Path, r.Generator}, r.ArgsFor(0)...), "|"))
	}
	want := []string{
		"sample/1|",
		"secret/1-small|gen.py|451859306|1",
		"secret/2|",
		"secret/3|gen.py|1816479233|1",
		"secret/1-group/4-a|",
		"secret/1-group/5-a-7|tree|410559584|testcase 10|7",
		"secret/1-group/6-a-9|tree|139272992|testcase 10|9",
		"secret/1-group/7-b--1|gen.py|-1",
		"secret/1-group/8-b-00|gen.py|0",
		"secret/1-group/9-b-01|gen.py|1",
		"secret/2-named/y|gen.py|8",
		"secret/2-named/z|gen.py|9",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	for _, r := range plan.Rules {
		if wantNone := strings.Contains(r.Path, "group/"); (r.Solution == "") != wantNone {
			t.Errorf("%s: solution %q", r.Path, r.Solution)
		}
	}
	var links []string
	for _, l := range plan.Links {
		links = append(links, l.Path+"="+l.Target.Path)
	}
	if got := strings.Join(links, " "); got != "invalid_input/1-small=secret/1-small invalid_input/y=secret/2-named/y invalid_input/z=secret/2-named/z" {
		t.Errorf("links: %s", got)
	}
	if len(plan.Configs) != 2 || len(plan.Rules[0].Match[".in"]) != 1 || plan.Rules[0].Links[".ans.statement"] != ".ans" || plan.Rules[4].Copy != "manual/a" {
		t.Errorf("%+v, %+v", plan.Configs, plan.Rules[0])
	}
}

// TestMistakes wants every mistake with its line.
func TestMistakes(t *testing.T) {
	for _, test := range []struct{ yaml, want string }{
		{"[]", "must be a map"},
		{"data: [a]", "must be a map with sample and secret"},
		{"data: {other: {data: {}}}", "1:15: other: there is no such folder in data/"},
		{"solution: s.py", "must be a path that begins at the package"},
		{"solution: /../s.py", "must be a path that begins at the package"},
		{"solution: /s.py -x", "arguments of a solution"},
		{"retries: 0", "between 1 and 1000"},
		{"data: {secret: {data: {a: ''}}}", "no generator"},
		{"data: {secret: {data: {a: '../x 1'}}}", `generator "../x" is not in generators/`},
		{"data: {secret: {data: {a: '/x 1'}}}", "is not in generators/"},
		{"data: {secret: {data: {a: 'x {seed} {seed:1}'}}}", "more than once"},
		{"data: {secret: {data: {a: \"x 'y\"}}}", "' is not closed"},
		{"data: {secret: {data: {a b: x}}}", `"a b" cannot be the name`},
		{"data: {secret: {data: {../a: x}}}", "cannot be the name"},
		{"data: {secret: {data: {'': x}}}", "without a name"},
		{"data:\n  secret:\n    data:\n      - a: x\n        b: y", "4:9: data[0]: must be a map with one key, not 2"},
		{"data: {secret: {data: {a: {generate: x, count: 0}}}}", "between 1 and 100"},
		{"data: {secret: {data: {a: {generate: x, count: 1..=900000000}}}}", "between 1 and 100"},
		{"data: {secret: {data: {a: {generate: x, count: [1, 1]}}}}", "different whole numbers"},
		{"data: {secret: {data: {a: {generate: x, other: 1}}}}", "other: key of a test case that is not supported"},
		{"data: {secret: {data: {a: {copy: ../x}}}}", "below generators/"},
		{"data: {secret: {data: {a: {in: {link: nothing}}}}}", "ending of another file"},
		{"data: {secret: {include: [a], data: {}}}", `"a" names 0 test cases`},
		{"data: {sample: {data: {a: x}}, secret: {data: {a: x}}, invalid_input: {include: [a]}}", `"a" names 2 test cases`},
		{"generators: {a: []}", "list of files"},
		{"generators: {a: [../../x]}", "not a path below generators/"},
	} {
		_, err := Parse([]byte(test.yaml), nil)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v, want %q", test.yaml, err, test.want)
		}
	}
}

func TestSplitWords(t *testing.T) {
	for text, want := range map[string]string{
		"a  b\tc\nd": "a|b|c|d", "'a b' c": "a b|c", `"a\ b"`: `a\ b`, `\ a\ b`: " a b", `"a\"b"`: `a"b`,
		`a'b'"c"`: "abc", `'' x`: "|x", "": "",
	} {
		words, err := splitWords(text)
		if got := strings.Join(words, "|"); err != nil || got != want {
			t.Errorf("%q: %q, %v, want %q", text, got, err, want)
		}
	}
	for _, text := range []string{`a\`, "'a", `"a`} {
		if words, err := splitWords(text); err == nil {
			t.Errorf("%q: %q", text, words)
		}
	}
}
