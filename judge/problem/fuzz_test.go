package problem

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// FuzzLoad holds that no problem.yaml, group or case configuration makes Load
// panic or fail in another way than with an InvalidError. The seeds run with
// the ordinary tests.
func FuzzLoad(f *testing.F) {
	for _, seed := range [][2]string{
		{"name: x", ""},
		{"problem_format_version: 2025-09\ntype: [interactive, scoring]", "max_score: unbounded"},
		{"problem_format_version: evalx-1\ntests: [{input: 1, answer: 2}, data/*/*.in]\nsubmissions: {a.c: AC}", ""},
		{"problem_format_version: evalx-1\ntests:\n- files: \"[\"\n- \n- []", ""},
		{"problem_format_version: [2025-09]", "range: 1 nan"},
		{"limits: {time_limit: 1e400, memory: -.inf, validation_passes: 1e30}", "accept_score: 0x10"},
		{"limits: [a]\nname: {en: [x]}\nlanguages: {}\nconstants: [x]\nvalidation: {a: b}", "output_validator_flags: {a: b}"},
		{"validator_flags: [a, [b], {c: d}, ~]", "output_validator_args: ~\nargs: [~]"},
		{"&a name: *a\n? x\n: y", "- x"},
		{"problem_format_version: 2025-09\ntype: scoring\nconstants: {n: {value: 5}}", "x: {permitted: [AC], use_for_time_limit: upper, score: [1, 2], secret/1: {message: '{{n}}'}}\nmax_score: '{{n.value}}'\nrequire_pass: [secret]"},
		{"problem_format_version: 2023-07\ntype: scoring\nevalx: {testlib: on}", "scoring: {score: 3, aggregation: min, require-pass: sample}\nstatic_validation: {args: x}"},
		{"%TAG ! x\n---\n!foo bar", "...\n---"},
	} {
		f.Add([]byte(seed[0]), []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, yaml, config []byte) {
		dir := t.TempDir()
		secretDir := filepath.Join(dir, "data", "secret")
		if err := os.MkdirAll(secretDir, 0o755); err != nil {
			t.Fatal(err)
		}
		for path, data := range map[string][]byte{
			filepath.Join(dir, problemYAML):                       yaml,
			filepath.Join(secretDir, legacyGroupFile):             config,
			filepath.Join(secretDir, "1.in"):                      nil,
			filepath.Join(secretDir, "1.ans"):                     nil,
			filepath.Join(secretDir, "1.yaml"):                    config,
			filepath.Join(dir, "submissions", "x", "a.c"):         config,
			filepath.Join(dir, "submissions", "submissions.yaml"): config,
			filepath.Join(dir, "input_validators", "v.c"):         config,
		} {
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, data, 0o644)); err != nil {
				t.Fatal(err)
			}
		}
		p, err := Load(dir, Options{Temp: t.TempDir()})
		var invalid *InvalidError
		switch {
		case err == nil:
			if len(p.Cases()) == 0 {
				t.Error("a valid package without test cases")
			}
			if err := p.Close(); err != nil {
				t.Error(err)
			}
		case !errors.As(err, &invalid) || len(invalid.Diagnostics) == 0:
			t.Errorf("not an InvalidError: %v", err)
		}
	})
}
