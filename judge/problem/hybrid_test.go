package problem

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// TestHybrids holds what the loader accepts although the package's version
// does not allow it: each is a warning with a place, and refused when strict.
func TestHybrids(t *testing.T) {
	const v2025 = "problem_format_version: 2025-09\nname: x\n"
	for _, test := range []struct {
		name    string
		files   map[string]string
		warning string
		check   func(p *Problem) bool
	}{
		{"name map in legacy", map[string]string{"problem.yaml": "name:\n  en: Sum\n  sv: Summa\n"},
			"problem.yaml:2:3: name: a name per language belongs to format 2025-09, this package is legacy",
			func(p *Problem) bool { return p.Names["sv"] == "Summa" }},
		{"no name in 2025-09", map[string]string{"problem.yaml": "problem_format_version: 2025-09\n"},
			`problem.yaml: key "name" is missing`, nil},
		{"draft", map[string]string{"problem.yaml": "problem_format_version: 2023-07-draft\nname: x\n", "data/secret/testdata.yaml": "output_validator_args: [a]\n"},
			"problem.yaml:1:25: problem_format_version: 2023-07-draft is a draft, it is read as 2025-09",
			func(p *Problem) bool { return p.Format == F2025 && p.Cases()[0].ValidatorArgs[0] == "a" }},
		{"unknown key", map[string]string{"problem.yaml": "name: x\nvalidator_flag: a\n"},
			`problem.yaml:2: unknown key "validator_flag" (did you mean "validator_flags"?)`, nil},
		{"unknown limit", map[string]string{"problem.yaml": "limits:\n  memroy: 1\n"},
			`problem.yaml:2: unknown key "memroy" in limits (did you mean "memory"?)`,
			func(p *Problem) bool { return p.Limits.Memory == 2048<<20 }},
		{"key given twice", map[string]string{"data/secret/testdata.yaml": "output_validator_flags: a\noutput_validator_flags: b\n"},
			`data/secret/testdata.yaml:2:1: key "output_validator_flags" is given twice, the one on line 1 is ignored (remove one)`,
			func(p *Problem) bool { return slices.Equal(p.Cases()[0].ValidatorArgs, []string{"b"}) }},
		{"multipliers in legacy", map[string]string{"problem.yaml": "limits:\n  time_multipliers: 3\n"},
			`problem.yaml:2:21: time_multipliers: ignored, because it is not a map (did you mean "time_multiplier"?)`,
			func(p *Problem) bool { return p.Limits.ACToLimit == 5 }},
		{"time limit in legacy", map[string]string{"problem.yaml": "limits:\n  time_limit: 2\n"},
			`problem.yaml:2: key "time_limit" belongs to format 2025-09, this package is legacy`,
			func(p *Problem) bool {
				return p.Limits.Time == 2*time.Second && p.Limits.TimeSource == "problem.yaml:2"
			}},
		{"number as string", map[string]string{"problem.yaml": "limits:\n  memory: '512'\n"},
			"problem.yaml:2:11: memory: number is written as a string (remove the quotes)",
			func(p *Problem) bool { return p.Limits.Memory == 512<<20 }},
		{"YAML 1.1 boolean", map[string]string{"problem.yaml": v2025 + "allow_file_writing: yes\n"},
			`problem.yaml:3:21: allow_file_writing: "yes" is not a boolean of YAML 1.2 (write true)`, nil},
		{"quoted boolean in legacy", map[string]string{"problem.yaml": "type: scoring\ngrading: {show_test_data_groups: 'yes'}\n"},
			`problem.yaml:2:34: show_test_data_groups: "yes" is not a boolean of YAML 1.2 (write true)`, nil},
		{"validator_flags in 2025-09", map[string]string{"problem.yaml": v2025 + "validator_flags: a b\n"},
			`problem.yaml:3: key "validator_flags" belongs to format legacy, this package is 2025-09`,
			func(p *Problem) bool { return slices.Equal(p.Cases()[0].ValidatorArgs, []string{"a", "b"}) }},
		{"type string with two words", map[string]string{"problem.yaml": v2025 + "type: interactive multi-pass\n", "output_validator/v.py": ""},
			"problem.yaml:3:7: type: several types in one string (write a list)",
			func(p *Problem) bool { return p.Kind == Kind{Interactive: true, MultiPass: true} }},
		{"custom multi-pass", map[string]string{"problem.yaml": "validation: custom multi-pass\n", "output_validators/v.py": ""},
			"problem.yaml:1:13: validation: multi-pass belongs to format 2025-09",
			func(p *Problem) bool { return p.Kind == Kind{MultiPass: true} }},
		{"output_validator in legacy", map[string]string{"problem.yaml": "validation: custom\n", "output_validator/v.py": ""},
			"output_validator: folder is called output_validators in format legacy",
			func(p *Problem) bool { return len(p.Validators) == 1 && p.Validators[0].Name == "v.py" }},
		{"validator without validation", map[string]string{"output_validators/v.py": ""},
			"output_validators: output validator is not used: problem.yaml does not say validation: custom",
			func(p *Problem) bool { return len(p.Validators) == 0 }},
		{".timelimit", map[string]string{".timelimit": "1.5\n"},
			".timelimit:1: time limit is not in problem.yaml",
			func(p *Problem) bool {
				return p.Limits.Time == 1500*time.Millisecond && p.Limits.TimeSource == ".timelimit:1"
			}},
		{"domjudge-problem.ini", map[string]string{"domjudge-problem.ini": "color = red\ntimelimit='3'\n"},
			"domjudge-problem.ini:2: time limit is not in problem.yaml",
			func(p *Problem) bool { return p.Limits.Time == 3*time.Second }},
		{"two time limits", map[string]string{"problem.yaml": v2025 + "limits: {time_limit: 4}\n", ".timelimit": "1"},
			".timelimit:1: time limit 1s differs from that of problem.yaml:3, which is used",
			func(p *Problem) bool { return p.Limits.Time == 4*time.Second }},
		{"test_group.yaml in legacy", map[string]string{"data/secret/test_group.yaml": "args: [x]\n"},
			"data/secret/test_group.yaml: file is called testdata.yaml in format legacy",
			func(p *Problem) bool { return slices.Equal(p.Cases()[0].Args, []string{"x"}) }},
		{"flags string in 2025-09", map[string]string{"problem.yaml": v2025, "data/secret/test_group.yaml": "output_validator_args: a b\n"},
			"test_group.yaml:1:24: output_validator_args: arguments are not a list (write [a, b])",
			func(p *Problem) bool { return slices.Equal(p.Cases()[0].ValidatorArgs, []string{"a", "b"}) }},
		{"answer alone", map[string]string{"data/secret/2.ans": ""},
			"data/secret/2.ans: answer has no input 2.in, it is ignored", nil},
		{"odd name", map[string]string{"data/secret/a b.in": "", "data/secret/a b.ans": ""},
			`data/secret/a b.in: format does not allow the name "a b" for a test`,
			func(p *Problem) bool { return caseNames(p) == "secret/1 secret/a b" }},
		{"case-insensitive duplicate", map[string]string{"data/secret/a.in": "", "data/secret/a.ans": "", "data/secret/A.in": "", "data/secret/A.ans": ""},
			"data/secret/a.in: name differs from A.in in upper and lower case only",
			func(p *Problem) bool { return caseNames(p) == "secret/1 secret/A secret/a" }},
		{"test outside of the groups", map[string]string{"data/2.in": ""},
			"data/2.in: test is neither in sample nor in secret, it is not judged", nil},
		{"strange group", map[string]string{"data/extra/1.in": ""},
			"data/extra: folder is neither sample nor secret", nil},
		{"CRLF", map[string]string{"problem.yaml": "name: x\r\nlimits:\r\n  memory: 5\r\n"},
			"problem.yaml:1: lines end in CR LF", func(p *Problem) bool { return p.Limits.Memory == 5<<20 }},
		{"BOM", map[string]string{"problem.yaml": "\xef\xbb\xbfname: x\n"},
			"problem.yaml:1: file starts with a byte order mark", func(p *Problem) bool { return p.Names[""] == "x" }},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := write(t, with(test.files))
			p, err := Load(dir, Options{})
			if err != nil {
				t.Fatal(err)
			}
			warned := slices.ContainsFunc(p.Warnings, func(d Diagnostic) bool { return strings.Contains(d.String(), test.warning) })
			if !warned {
				t.Errorf("got %v\nwant a warning with %q", p.Warnings, test.warning)
			}
			if test.check != nil && !test.check(p) {
				t.Errorf("got %+v", p)
			}
			refused(t, dir, Options{Strict: true}, test.warning)
		})
	}
}

// TestCleanPackages holds that what a version allows does not warn.
func TestCleanPackages(t *testing.T) {
	for name, files := range map[string]map[string]string{
		"empty problem.yaml": {"problem.yaml": "# nothing\n"},
		"legacy": {"problem.yaml": `
problem_format_version: legacy
name: Sum
uuid: x
author: A
source: S
source_url: u
license: cc by-sa
keywords: a b
validation: custom score
type: scoring
grading: {objective: max, show_test_data_groups: yes}
limits: {time_multiplier: 2, time_safety_margin: 3, code: 64, validation_output: 1}
`, "output_validators/v.cpp": "", "data/secret/testdata.yaml": "range: 0 100\non_reject: continue\n"},
		"2025-09": {"problem.yaml": `
problem_format_version: 2025-09
type: [pass-fail]
name: {en: Sum}
uuid: x
version: 1
credits: {authors: A}
source: [{name: x, url: y}]
license: unknown
embargo_until: 2025-01-01
keywords: [a]
languages: [cpp]
allow_file_writing: true
constants: {n: 5, m: {value: 1, tex: one}}
limits: {time_limit: 1, time_resolution: 0.5, time_multipliers: {ac_to_time_limit: 2, time_limit_to_tle: 2}}
`, "data/secret/test_group.yaml": "output_validator_args: [float_tolerance, 1e-6]\n", "data/secret/1.yaml": "hint: x\nargs: [a]\n", "data/invalid_input/1.in": ""},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := Load(write(t, with(files)), Options{Strict: true}); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestConfigOfGroups(t *testing.T) {
	p := load(t, map[string]string{
		"problem.yaml":                    "type: scoring\n",
		"data/testdata.yaml":              "on_reject: continue\nrange: 0 100\ngrader_flags: ignore_sample\n",
		"data/sample/testdata.yaml":       "accept_score: 0\nrange: 0 0\n",
		"data/sample/1.in":                "",
		"data/sample/1.ans":               "",
		"data/secret/testdata.yaml":       "grader_flags: first_error accept_if_any_accepted\nrange: -inf +inf\n",
		"data/secret/g1/testdata.yaml":    "on_reject: break\naccept_score: '10'\ngrader_flags: min\noutput_validator_flags: x y\n",
		"data/secret/g1/sub/1.in":         "",
		"data/secret/g1/sub/1.ans":        "",
		"data/secret/g1/readme/notes.txt": "",
	})
	secretGroup := p.Root.Groups[1]
	g1 := secretGroup.Groups[0].Config
	if p.Root.Config.OnReject != "continue" || p.Root.Config.Range != [2]float64{0, 100} || p.Root.Groups[0].Config.AcceptScore != 0 {
		t.Errorf("root %+v, sample %+v", p.Root.Config, p.Root.Groups[0].Config)
	}
	if c := secretGroup.Config; c.OnReject != "continue" || c.AcceptScore != 1 || !math.IsInf(c.Range[1], 1) || len(c.GraderFlags) != 2 {
		t.Errorf("secret %+v", c)
	}
	if g1.OnReject != "break" || g1.AcceptScore != 10 || g1.GraderFlags[0] != "min" {
		t.Errorf("g1 %+v", g1)
	}
	if len(secretGroup.Groups[0].Groups) != 1 || caseNames(p) != "sample/1 secret/g1/sub/1" {
		t.Errorf("cases %s", caseNames(p))
	}
	if args := p.Cases()[1].ValidatorArgs; !slices.Equal(args, []string{"x", "y"}) {
		t.Errorf("inherited arguments %q", args)
	}
}

func TestCaseConfig2025(t *testing.T) {
	p := load(t, map[string]string{
		"problem.yaml":                      "problem_format_version: 2025-09\nname: x\nconstants: {n: 5, m: {value: 1, tex: one}}\n",
		"data/secret/test_group.yaml":       "output_validator_args: [a]\nargs: [g]\nmax_score: 30\nrequire_pass: sample\nscore_aggregation: min\n",
		"data/secret/1.in":                  "",
		"data/secret/1.ans":                 "",
		"data/secret/1.files/deep/data.txt": "",
		"data/secret/2.in":                  "",
		"data/secret/2.ans":                 "",
		"data/secret/2.in.statement":        "",
		"data/secret/2.yaml":                "output_validator_args: []\nargs: [--n, 5]\n",
		"include/cpp/grader.h":              "",
		"include/default/x.txt":             "",
		"output_validator/build":            "",
		"output_validator/run":              "",
		"output_validator/src/v.cpp":        "",
	})
	one, two := p.Cases()[0], p.Cases()[1]
	if one.Files != filepath.Join(p.Dir, "data/secret/1.files") || !slices.Equal(one.ValidatorArgs, []string{"a"}) || !slices.Equal(one.Args, []string{"g"}) {
		t.Errorf("1: %+v", one)
	}
	if two.Files != "" || len(two.ValidatorArgs) != 0 || !slices.Equal(two.Args, []string{"--n", "5"}) {
		t.Errorf("2: %+v", two)
	}
	if c := p.Root.Groups[0].Config; *c.MaxScore != 30 || c.RequirePass[0] != "sample" || c.Aggregation != "min" {
		t.Errorf("secret: %+v", c)
	}
	if v := p.Validators; len(v) != 1 || !slices.Equal(v[0].Files, []string{"build", "run", "src/v.cpp"}) {
		t.Errorf("validators %+v", v)
	}
	if !slices.Equal(p.Include["cpp"].Files, []string{"grader.h"}) || len(p.Include) != 2 {
		t.Errorf("include %+v", p.Include)
	}
	if p.Constants["n"] != "5" || p.Constants["m"] != "1" || p.Constants["m.tex"] != "one" {
		t.Errorf("constants %v", p.Constants)
	}
}
