package judge_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

const custom = "name: Test\nvalidation: custom\nvalidator_flags: from package\n"

// validator checks its surroundings, and obeys the first word of the output.
const validator = `#!/bin/bash
[ "$4 $5 $#" = "from package 5" ] || { echo "arguments: $*" >&2; exit 9; }
[ "$(cat "$1") $(cat "$2")" = "input answer" ] || exit 8
[ "${3%/}" != "$3" ] || exit 7
read -r word
echo "said $word" > "$3judgemessage.txt"
echo "try again" > "$3teammessage.txt"
case $word in
good) exit 42 ;;
crash) echo "what was that?" >&2; exit 1 ;;
zero) exit 0 ;;
spin) while :; do :; done ;;
esac
exit 43
`

func TestValidatorsDecide(t *testing.T) {
	sandbox := openNative(t)
	const refuse = "exit 43\n"
	for _, test := range []struct {
		name, output string
		validators   files
		want         verdict.Verdict
		words        string // in the message
	}{
		{"accepts", "good", files{"a.sh": validator}, verdict.Accepted, "said good"},
		{"refuses", "bad", files{"a.sh": validator}, verdict.WrongAnswer, "said bad"},
		{"crashes", "crash", files{"a.sh": validator}, verdict.JudgeError, "output validator a.sh: the output validator exited with code 1"},
		{"exits with 0", "zero", files{"a.sh": validator}, verdict.JudgeError, "exited with code 0"},
		{"never ends", "spin", files{"a.sh": validator}, verdict.JudgeError, "longer than 1s"},
		{"all must accept", "good", files{"a.sh": validator, "b.sh": refuse}, verdict.WrongAnswer, ""},
		{"the first one decides", "bad", files{"a.sh": validator, "b.sh": "exit 1\n"}, verdict.WrongAnswer, "said bad"},
		{"own run script", "good", files{"v/run": validator}, verdict.Accepted, "said good"},
		{"own build script", "good", files{"v/build": "#!/bin/sh\nmv check.txt run\nchmod +x run\n", "v/check.txt": validator}, verdict.Accepted, "said good"},
	} {
		t.Run(test.name, func(t *testing.T) {
			cfg := config(t, sandbox)
			f := files{"problem.yaml": custom + "limits:\n  validation_time: 1\n", "data/secret/1.in": "input\n", "data/secret/1.ans": "answer\n"}
			for name, code := range test.validators {
				f["output_validators/"+name] = code
			}
			r := run(t, load(t, f), source(t, "main.sh", "echo "+test.output+"\n"), cfg)
			c := r.Cases[0]
			if c.Verdict != test.want || !strings.Contains(c.Message, test.words) {
				t.Errorf("got %s %q, want %s %q", c.Verdict, c.Message, test.want, test.words)
			}
			if test.words != "" && !strings.Contains(c.Message, "said") && test.output != "spin" {
				t.Errorf("the judge message is not in %q", c.Message)
			}
			if test.want != verdict.JudgeError && test.name != "all must accept" && c.Team != "try again" {
				t.Errorf("team message %q", c.Team)
			}
			if test.name == "crashes" && !strings.Contains(c.Stderr, "what was that?") {
				t.Errorf("stderr %q", c.Stderr)
			}
		})
	}
}

func TestValidatorThatDoesNotCompile(t *testing.T) {
	p := load(t, files{"problem.yaml": custom, "output_validators/check.cpp": "int main() { oops }\n"}.with(sumData))
	_, err := judge.Run(context.Background(), judge.Job{Problem: p, Submission: source(t, "main.cpp", sumCode)}, config(t, openNative(t)))
	var pkg *judge.PackageError
	if !errors.As(err, &pkg) || !strings.Contains(err.Error(), "check.cpp:1:14: error:") {
		t.Errorf("got %v, want a PackageError with the compiler's words", err)
	}
}

func TestTimeLimitIsDerivedOnce(t *testing.T) {
	p := load(t, files{
		".timelimit":                      "",
		"problem.yaml":                    "name: Test\nlimits:\n  time_multiplier: 2\n",
		"submissions/accepted/sum.cpp":    sumCode,
		"submissions/accepted/busy.py":    "import time\nwhile time.process_time() < 0.6: pass\nprint(sum(map(int, input().split())))\n",
		"submissions/accepted/broken.cpp": "int main() { oops }\n",
	}.with(sumData))
	m := newMemory(t)
	cfg := config(t, openNative(t))
	cfg.Jobs = 1
	m.use(&cfg)
	for i, wantWarnings := range []int{1, 0} {
		r := run(t, p, source(t, "main.cpp", sumCode), cfg)
		// 0.6 s and the start of Python, times 2, is above 1 s.
		if l := r.Limits; l.TimeLimit < 2*time.Second || l.TimeLimit > 4*time.Second || !strings.HasPrefix(l.TimeLimitSource, "derived: slowest accepted/busy.py took ") {
			t.Errorf("run %d: limit %v (%s)", i, l.TimeLimit, l.TimeLimitSource)
		}
		if len(r.Warnings) != wantWarnings {
			t.Errorf("run %d: warnings %q, want %d", i, r.Warnings, wantWarnings)
		}
	}
	if n := m.count("limit"); n != 1 {
		t.Errorf("%d limits stored, want 1", n)
	}
	other := load(t, files{".timelimit": "", "submissions/accepted/sum.cpp": sumCode}.with(sumData))
	run(t, other, source(t, "main.cpp", sumCode), cfg)
	if n := m.count("limit"); n != 2 {
		t.Errorf("%d limits stored, want another one for another package", n)
	}
}

// What does not bound the time limit, by use_for_time_limit, is not measured.
func TestUseForTimeLimit(t *testing.T) {
	p := load(t, files{
		".timelimit":                   "",
		"problem.yaml":                 "problem_format_version: 2025-09\nname: Test\nlimits: {time_resolution: 0.25}\n",
		"submissions/accepted/sum.py":  "print(sum(map(int, input().split())))\n",
		"submissions/accepted/busy.py": "import time\nwhile time.process_time() < 3: pass\n",
		"submissions/submissions.yaml": "accepted/busy.py: {use_for_time_limit: false}\n",
	}.with(sumData))
	r := run(t, p, source(t, "main.py", "print(sum(map(int, input().split())))\n"), config(t, openNative(t)))
	if l := r.Limits; l.TimeLimit > 2*time.Second || !strings.HasPrefix(l.TimeLimitSource, "derived: slowest accepted/sum.py took ") || len(r.Warnings) != 0 {
		t.Errorf("limit %v (%s), warnings %q", l.TimeLimit, l.TimeLimitSource, r.Warnings)
	}
}

func TestNoTimeLimitAndNothingToDeriveItFrom(t *testing.T) {
	p := load(t, files{".timelimit": "", "submissions/wrong_answer/x.cpp": sumCode}.with(sumData))
	_, err := judge.Run(context.Background(), judge.Job{Problem: p, Submission: source(t, "main.cpp", sumCode)}, config(t, openNone(t)))
	var pkg *judge.PackageError
	if !errors.As(err, &pkg) || !strings.Contains(pkg.Hint(), "--time-limit") {
		t.Errorf("got %v", err)
	}
}
