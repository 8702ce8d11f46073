package problem

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// inputArgs writes what each input validator gets on each test case.
func inputArgs(p *Problem) string {
	var lines []string
	for _, c := range p.Cases() {
		text := c.Name
		for _, v := range p.InputValidators {
			text += fmt.Sprintf(" %s=%s", v.Name, strings.Join(c.InputArgs.For(v.Name), ","))
		}
		lines = append(lines, text)
	}
	return strings.Join(lines, "\n")
}

func TestInputArgs(t *testing.T) {
	for _, test := range []struct {
		name, version string
		files         map[string]string
		want, warning string
	}{
		{"a string", "", map[string]string{"data/secret/testdata.yaml": "input_validator_flags: x=1  y=2\n"}, "secret/1 a.py=x=1,y=2 b=x=1,y=2", ""},
		{"name and flags", "", map[string]string{"data/secret/testdata.yaml": "input_validator_flags: {name: a, flags: x y}\n"}, "secret/1 a.py=x,y b=", ""},
		{"a map", "", map[string]string{"data/testdata.yaml": "input_validator_flags: {a.py: x y, b: z}\n"}, "secret/1 a.py=x,y b=z", ""},
		{"inherited", "", map[string]string{"data/testdata.yaml": "input_validator_flags: x\n"}, "secret/1 a.py=x b=x", ""},
		{"unknown", "", map[string]string{"data/testdata.yaml": "input_validator_flags: {ab: x}\n"}, "secret/1 a.py= b=", `there is no validator "ab" (did you mean "b"?)`},
		{"a list", head2025, map[string]string{"data/secret/test_group.yaml": "input_validator_args: [x, 'y z']\n"}, "secret/1 a.py=x,y z b=x,y z", ""},
		{"a map of lists", head2025, map[string]string{"data/secret/test_group.yaml": "input_validator_args: {b: [x, y]}\n"}, "secret/1 a.py= b=x,y", ""},
		{"a case's own", head2025, map[string]string{"data/secret/test_group.yaml": "input_validator_args: {b: [x]}\n", "data/secret/1.yaml": "input_validator_args: [z]\n"}, "secret/1 a.py=z b=z", ""},
		{"legacy key", head2025, map[string]string{"data/secret/test_group.yaml": "input_validator_flags: x y\n"}, "secret/1 a.py=x,y b=x,y", `key "input_validator_flags" belongs to format legacy`},
	} {
		t.Run(test.name, func(t *testing.T) {
			p := load(t, with(merge(map[string]string{"problem.yaml": test.version + "# nothing\n", "input_validators/a.py": "", "input_validators/b/v.py": ""}, test.files)))
			if got := inputArgs(p); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
			if text := fmt.Sprint(p.Warnings); !strings.Contains(text, test.warning) || test.warning == "" && len(p.Warnings) > 0 {
				t.Errorf("warnings %s", text)
			}
		})
	}
}

func TestOutputArgs(t *testing.T) {
	for _, test := range []struct{ name, problem, group, want string }{
		{"problem's", "validator_flags: a b\n", "on_reject: break\n", "[a b] pkg/problem.yaml:2"},
		{"both", "validator_flags: a b\n", "output_validator_flags: c\n", "[a b c] pkg/problem.yaml:2 and pkg/data/secret/testdata.yaml:1"},
		{"by name", "", "output_validator_flags: {name: v, flags: c d}\n", "[c d] pkg/data/secret/testdata.yaml:1"},
		{"map", "", "output_validator_flags: {v.py: c d}\n", "[c d] pkg/data/secret/testdata.yaml:1"},
	} {
		p := load(t, with(map[string]string{
			"problem.yaml": "validation: custom\n" + test.problem, "data/secret/testdata.yaml": test.group, "output_validators/v.py": "",
		}))
		c := p.Cases()[0]
		source := strings.ReplaceAll(c.ArgsSource, filepath.Dir(p.Dir)+"/", "")
		if got := fmt.Sprint(c.ValidatorArgs, " ", source); got != test.want {
			t.Errorf("%s: %s, want %s", test.name, got, test.want)
		}
	}
}

func TestAnnotationsOfCases(t *testing.T) {
	p := load(t, with(map[string]string{"data/secret/1.hint": "try zero\n", "data/secret/1.desc": "zero"}))
	if c := p.Cases()[0]; c.Hint != "try zero" || c.Description != "zero" || c.FullFeedback {
		t.Errorf("legacy: %+v", c)
	}
	p = load(t, merge(cases("sample/1", "secret/1", "secret/2"), map[string]string{
		"problem.yaml": head2025, "data/secret/1.yaml": "hint: h\ndescription: d\nfull_feedback: true\n", "data/secret/2.out": "",
	}))
	c := p.Cases()
	if !c[0].FullFeedback || c[1].Hint+c[1].Description != "hd" || !c[1].FullFeedback || c[2].FullFeedback || c[2].Output == "" || c[1].Output != "" {
		t.Errorf("2025-09: %+v %+v %+v", c[0], c[1], c[2])
	}
}

func TestValidatorCases(t *testing.T) {
	p := load(t, with(map[string]string{
		"problem.yaml":                        head2025,
		"data/invalid_input/test_group.yaml":  "input_validator_args: [x]\n",
		"data/invalid_input/deep/2.in":        "",
		"data/invalid_input/1.in":             "",
		"data/invalid_input/1.yaml":           "description: why\n",
		"data/invalid_output/1.in":            "",
		"data/invalid_output/1.ans":           "",
		"data/invalid_output/1.out":           "",
		"data/invalid_output/2.in":            "",
		"data/invalid_output/2.ans":           "",
		"data/valid_output/a.in":              "",
		"data/valid_output/a.ans":             "",
		"data/valid_output/a.out":             "",
		"data/valid_output/test_group.yaml":   "output_validator_args: [y]\n",
		"input_validators/v.ctd":              "",
		"input_validators/tests/unrelated.md": "",
	}))
	if len(p.InvalidInput) != 2 || len(p.InvalidOutput) != 1 || len(p.ValidOutput) != 1 || caseNames(p) != "secret/1" {
		t.Fatalf("%d, %d, %d, %s", len(p.InvalidInput), len(p.InvalidOutput), len(p.ValidOutput), caseNames(p))
	}
	one, two := p.InvalidInput[0], p.InvalidInput[1]
	if one.Name != "invalid_input/1" || one.Answer != "" || one.Description != "why" || one.InputArgs.All[0] != "x" || two.Name != "invalid_input/deep/2" {
		t.Errorf("%+v %+v", one, two)
	}
	if c := p.ValidOutput[0]; filepath.Base(c.Output) != "a.out" || c.ValidatorArgs[0] != "y" {
		t.Errorf("%+v", c)
	}
	if text := fmt.Sprint(p.Warnings); !strings.Contains(text, "invalid_output/2.in: test has no output 2.out beside it, it is not used") {
		t.Errorf("warnings %s", text)
	}
}

func TestOrphans(t *testing.T) {
	p := load(t, with(map[string]string{"data/secret/big.ans": "", "data/secret/big.in/x.txt": "", "data/secret/log.ans": "", "data/secret/log.interaction": ""}))
	if text := fmt.Sprint(p.Warnings); !strings.Contains(text, "data/secret/big.ans: answer has no input big.in") || strings.Contains(text, "log.ans") {
		t.Errorf("warnings %s", text)
	}
}

func TestConstants(t *testing.T) {
	files := with(map[string]string{
		"problem.yaml":                 head2025 + "constants: {n: 5, m: {value: 1.50, tex: '1{,}5'}}\n",
		"data/secret/test_group.yaml":  "output_validator_args: ['{{m}}', '{{m.tex}}', '{{k}}']\n",
		"data/secret/1.yaml":           "args: ['{{n}}']\n",
		"submissions/accepted/a.c":     "int n[] = {{n}}, k = {{n.value}}, m = {{ n }}, {{other}};",
		"submissions/accepted/b.c":     "{{}} {{5}}",
		"submissions/accepted/c/d/e.c": "{{m.tex}}{{m.tex}}",
		"submissions/accepted/c/f.txt": "as it is",
		"include/c/h.h":                "{{m}}",
		"input_validators/v.ctd":       "INT(1, {{n}})",
		"output_validator/v.py":        "{{n}}",
		"static_validator/s.py":        "{{n}}",
	})
	p := load(t, files)
	read := func(p Program, name string) string {
		data, err := os.ReadFile(filepath.Join(p.Dir, name))
		if err != nil {
			t.Error(err)
		}
		return string(data)
	}
	s := p.Submissions
	for _, test := range []struct{ got, want string }{
		{read(s[0].Program, "a.c"), "int n[] = 5, k = 5, m = {{ n }}, {{other}};"},
		{read(s[1].Program, "b.c"), "{{}} {{5}}"},
		{read(s[2].Program, "d/e.c"), "1{,}51{,}5"},
		{read(s[2].Program, "f.txt"), "as it is"},
		{read(p.Include["c"], "h.h"), "1.50"},
		{read(p.InputValidators[0], "v.ctd"), "INT(1, 5)"},
		{read(p.Validators[0], "v.py"), "5"},
		{read(*p.StaticValidator, "s.py"), "{{n}}"},
		{strings.Join(p.Cases()[0].ValidatorArgs, " "), "1.50 1{,}5 {{k}}"},
		{p.Cases()[0].Args[0], "{{n}}"},
		{s[1].Dir, filepath.Join(p.Dir, "submissions/accepted")},
	} {
		if test.got != test.want {
			t.Errorf("got %q, want %q", test.got, test.want)
		}
	}
	replaced := s[0].Dir
	if err := p.Close(); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(replaced); err == nil {
		t.Error("Close left the copies with constants behind")
	}
	refused(t, write(t, with(map[string]string{"problem.yaml": head2025 + "constants: {n: {tex: 5}}\n"})), Options{}, `constant "n" has no key "value" (add one)`)
	bomb := with(map[string]string{
		"problem.yaml": head2025 + "constants: {n: " + strings.Repeat("x", 10_000) + "}\n", "submissions/accepted/a.c": strings.Repeat("{{n}}", 1000),
	})
	refused(t, write(t, bomb), Options{}, "submissions/accepted/a.c: constants cannot be put in: file has more than 4 MiB")
}

func TestTestlib(t *testing.T) {
	const include = "#include <vector>\n# include \"testlib.h\"\nint main() {}\n"
	for _, test := range []struct {
		name, problem string
		files         map[string]string
		want          bool
	}{
		{"by its header", "", map[string]string{"v.cpp": include}, true},
		{"header beside it", "", map[string]string{"v.cpp": include, "testlib.h": "#   define OK_EXIT_CODE 0\n"}, true},
		{"header for Kattis", "", map[string]string{"v.cpp": include, "testlib.h": "#   define OK_EXIT_CODE 42\n"}, false},
		{"other header", "", map[string]string{"v.cpp": "#include \"validation.h\"\n// testlib.h\n"}, false},
		{"folder", "", map[string]string{"v/v.cpp": include}, true},
		{"script", "", map[string]string{"v/v.cpp": include, "v/build": "", "v/run": ""}, false},
		{"compiled for Kattis", "", map[string]string{"v/v.cpp": "#define OK_EXIT_CODE 42\n" + include}, false},
		{"stated", "evalx: {testlib: true}\n", map[string]string{"v.py": ""}, true},
		{"denied", "evalx: {testlib: false}\n", map[string]string{"v.cpp": include}, false},
	} {
		files := map[string]string{"problem.yaml": "validation: custom\n" + test.problem}
		for name, text := range test.files {
			files["output_validators/"+name], files["input_validators/"+name] = text, text
		}
		p := load(t, with(files))
		if len(p.Validators) != 1 || p.Validators[0].Testlib != test.want || p.InputValidators[0].Testlib != test.want {
			t.Errorf("%s: %+v %+v", test.name, p.Validators, p.InputValidators)
		}
	}
}
