package judge_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/problem"
	"github.com/evalx/evalx/judge/verdict"
)

// actor does what a script says, as a validator the first line of its input
// file, as a submission its argument. The words of a script are:
//
//	w:TEXT  write a line         r      read one, exit 90 if there is none
//	e       read to the end      f:N    write N bytes (0: for ever)
//	s:MS    sleep                b:MS   use CPU time
//	x:N     exit                 k:N    die by a signal
//	c       close stdout         h      hang
//	m:TEXT  to judgemessage.txt  n      the other lines of the input are the next pass
//	g       copy stdin to stdout =      exit 43 unless stdin is the input
const actor = `#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
static char script[4096], *rest = "", whole[4096], block[65536];
static const char *feedback;
static FILE *leave(const char *name, const char *mode) {
	char path[4096];
	snprintf(path, sizeof path, "%s%s", feedback, name);
	FILE *f = fopen(path, mode);
	if (!f) exit(91);
	return f;
}
static void put(const char *name, const char *mode, const char *text) {
	FILE *f = leave(name, mode);
	fputs(text, f);
	fclose(f);
}
static void act(const char *word) {
	char c;
	long n = strlen(word) > 2 ? atol(word + 2) : 0;
	switch (*word) {
	case 'w': dprintf(1, "%s\n", word + 2); break;
	case 'r': do { if (read(0, &c, 1) != 1) _exit(90); } while (c != '\n'); break;
	case 'e': while (read(0, block, sizeof block) > 0) {} break;
	case 'f': for (long left = n; n == 0 || left > 0;) { long k = write(1, block, n == 0 || left > 65536 ? 65536 : left); if (k < 0) _exit(92); left -= k; } break;
	case 's': usleep(n * 1000); break;
	case 'b': while (clock() < n * (CLOCKS_PER_SEC / 1000)) {} break;
	case 'x': _exit(n);
	case 'k': kill(getpid(), n); break;
	case 'c': close(1); break;
	case 'h': for (;;) pause();
	case 'm': put("judgemessage.txt", "a", word + 2); break;
	case 'n': put("nextpass.in", "w", rest); break;
	case 'g': for (long k; (k = read(0, block, sizeof block)) > 0;) write(1, block, k); break;
	case '=': { long k = fread(block, 1, sizeof block, stdin); if (k != (long)strlen(whole) || memcmp(block, whole, k)) _exit(43); break; }
	}
}
int main(int argc, char **argv) {
	if (argc < 2) return 93;
	snprintf(script, sizeof script, "%s", argv[1]);
	if (argc > 3) {
		feedback = argv[3];
		FILE *f = fopen(argv[1], "r");
		if (!f) return 94;
		whole[fread(whole, 1, sizeof whole - 1, f)] = 0;
		strcpy(script, whole);
		rest = strchr(script, '\n');
		*rest++ = 0;
	}
	for (char *word = strtok(script, " "); word; word = strtok(NULL, " ")) act(word);
	return 95;
}
`

// scene is a test case in which validator and submission act.
type scene struct {
	name, validator, submission string
	want                        verdict.Verdict
	slow                        bool   // it takes a limit to end it
	says                        string // a part of the message
}

// theatre is a problem of scenes, whose time limit is 0.3 s, so that one who
// waits is idle after 1.6 s.
func theatre(t *testing.T, kind string, scenes []scene) *problem.Problem {
	f := files{
		"problem.yaml": "problem_format_version: 2025-09\nname: T\nuuid: 52f2c2f6-2b1b-4b6f-9d52-0a5f3a1d9f11\ntype: [" + kind +
			"]\nlimits: {time_limit: 0.3, time_resolution: 0.1, validation_time: 4}\n",
		"output_validator/actor.c": actor, ".timelimit": "",
	}
	for _, s := range scenes {
		f["data/secret/"+s.name+".in"] = s.validator + "\n"
		f["data/secret/"+s.name+".ans"] = ""
		f["data/secret/"+s.name+".yaml"] = fmt.Sprintf("args: [%q]\n", s.submission)
	}
	return load(t, f)
}

// play plays every scene, those that are quick many times.
func play(t *testing.T, kind string, scenes []scene) {
	p, cfg := theatre(t, kind, scenes), config(t, openNative(t))
	s, err := judge.Open(p, cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	sub, err := s.Compile(context.Background(), source(t, "actor.c", actor), func(judge.Event) {})
	if err != nil || !sub.OK {
		t.Fatalf("%+v, %v", sub, err)
	}
	byName := map[string]*problem.Case{}
	for _, c := range p.Cases() {
		byName[strings.TrimPrefix(c.Name, "secret/")] = c
	}
	var wait sync.WaitGroup
	for _, sc := range scenes {
		for i := range 8 {
			if i > 0 && sc.slow {
				break
			}
			wait.Go(func() {
				begin := time.Now()
				e, err := s.Try(context.Background(), sub, byName[sc.name], judge.Limit{Time: 300 * time.Millisecond})
				if err != nil || e.Verdict != sc.want || !strings.Contains(e.Message, sc.says) {
					t.Errorf("%s, round %d: %v %q, %v, want %v %q after %v: %+v", sc.name, i, e.Verdict, e.Message, err, sc.want, sc.says, time.Since(begin), e)
				}
				if e.Verdict == verdict.WrongAnswer && e.CPU > 300*time.Millisecond {
					t.Errorf("%s: refused in time and took %v", sc.name, e.CPU)
				}
			})
		}
	}
	wait.Wait()
}

// TestWhoEndedFirst provokes every order of ends, repeatedly.
func TestWhoEndedFirst(t *testing.T) {
	const ac, wa, tle, ile, rte, je = verdict.Accepted, verdict.WrongAnswer, verdict.TimeLimit, verdict.IdleLimit, verdict.RuntimeError, verdict.JudgeError
	play(t, "interactive", []scene{
		{name: "agree", validator: "w:q r x:42", submission: "r w:a x:0", want: ac},
		{name: "agree-at-the-end", validator: "e x:42", submission: "w:a x:0", want: ac},
		{name: "wrong-at-the-end", validator: "e x:43", submission: "w:a x:0", want: wa},

		{name: "refused-then-crash", validator: "x:43", submission: "e k:11", want: wa},
		{name: "refused-then-exit-1", validator: "w:no x:43", submission: "r e x:1", want: wa},
		{name: "refused-then-sigpipe", validator: "x:43", submission: "f:0", want: wa},
		{name: "refused-then-too-slow", validator: "x:43", submission: "e b:100000", want: wa},
		{name: "refused-while-it-works", validator: "s:100 x:43", submission: "b:100000", want: wa},
		{name: "refused-while-it-hangs", validator: "s:100 x:43", submission: "h", want: wa},
		{name: "refused-by-the-clock", validator: "x:43", submission: "s:400 k:11", want: wa},

		{name: "crash-then-refused", validator: "e x:43", submission: "k:11", want: rte, says: "SIGSEGV"},
		{name: "exit-1-then-refused", validator: "e m:none x:43", submission: "x:1", want: rte, says: "none"},
		{name: "exit-1-then-accepted", validator: "e x:42", submission: "x:1", want: rte},
		{name: "crash-by-the-clock", validator: "s:400 x:43", submission: "k:11", want: rte},
		{name: "too-slow-then-refused", validator: "e x:43", submission: "b:100000", want: tle, slow: true},
		{name: "flood-of-questions-to-the-dead", validator: "s:100 f:3000000 x:43", submission: "x:0", want: wa},
		{name: "accepts-the-dead", validator: "s:100 f:3000000 x:42", submission: "x:0", want: ac},

		{name: "accepted-then-goes-on", validator: "x:42", submission: "e s:50 w:more f:3000000 x:0", want: ac},
		{name: "accepted-then-crash", validator: "x:42", submission: "e k:11", want: rte},
		{name: "accepted-then-too-slow", validator: "x:42", submission: "e b:100000", want: tle, slow: true},
		{name: "accepted-then-hangs", validator: "x:42", submission: "h", want: ile, slow: true},
		{name: "accepted-then-floods", validator: "x:42", submission: "f:0", want: tle, slow: true},

		{name: "validator-crashes", validator: "k:11", submission: "e x:0", want: je, says: "actor.c"},
		{name: "validator-exits-0", validator: "x:0", submission: "e x:0", want: je},
		{name: "validator-crashes-last", validator: "e k:6", submission: "k:11", want: je},
		{name: "validator-crashes-and-it-works-on", validator: "s:50 k:6", submission: "b:100000", want: je},
		{name: "validator-too-slow", validator: "b:100000", submission: "e x:0", want: je, slow: true, says: "longer than 4s"},
		{name: "validator-hangs-on", validator: "h", submission: "x:0", want: je, slow: true, says: "longer than 4s"},

		{name: "validator-hangs-on-what-is-too-slow", validator: "e h", submission: "b:100000", want: tle, slow: true},
		{name: "validator-crashes-on-what-is-too-slow", validator: "e k:6", submission: "b:100000", want: je, slow: true},

		{name: "both-wait", validator: "e x:43", submission: "r x:0", want: ile, slow: true},
		{name: "it-never-reads", validator: "f:4000000 x:42", submission: "h", want: ile, slow: true},
		{name: "it-never-reads-and-ends", validator: "f:4000000 x:42", submission: "s:50 x:0", want: ac},
		{name: "validator-never-reads", validator: "s:100 x:42", submission: "f:4000000 x:0", want: ac},
		{name: "both-flood", validator: "f:0", submission: "f:0", want: ile, slow: true},
		{name: "closed-and-runs-on", validator: "e x:42", submission: "w:a c s:50 x:0", want: ac},
		{name: "closed-and-listens", validator: "e w:q x:42", submission: "w:a c r x:0", want: ac},
		{name: "validator-closes-and-listens", validator: "w:q c e x:42", submission: "e w:a x:0", want: ac},
		{name: "closed-and-crashes", validator: "e x:43", submission: "c s:50 k:11", want: rte},

		{name: "validator-works-long", validator: "b:2500 w:q r x:42", submission: "r w:a x:0", want: ac, slow: true},
		{name: "validator-works-between", validator: "b:900 w:q r b:2000 w:q r x:42", submission: "r w:a r w:a x:0", want: ac, slow: true},
	})
}

// TestPasses plays problems of several passes.
func TestPasses(t *testing.T) {
	const ac, wa, rte, je = verdict.Accepted, verdict.WrongAnswer, verdict.RuntimeError, verdict.JudgeError
	play(t, "multi-pass", []scene{
		{name: "one", validator: "= m:one x:42", submission: "g x:0", want: ac, says: "one"},
		{name: "two", validator: "= m:one n x:42\n= m:,two x:42", submission: "g x:0", want: ac, says: "one,two"},
		{name: "wrong-in-the-second", validator: "= n x:42\n= m:bad x:43", submission: "g x:0", want: wa, says: "in pass 2: bad"},
		{name: "crash", validator: "= n x:42\n= x:42", submission: "k:11", want: rte},
		{name: "too-many", validator: "= n x:42\n= n x:42\n= x:42", submission: "g x:0", want: je, says: "more than the 2 passes"},
		{name: "refused-with-another", validator: "n x:43\nx:42", submission: "x:0", want: je, says: "nextpass.in and did not accept"},
		{name: "crash-with-another", validator: "n k:11\nx:42", submission: "x:0", want: je, says: "killed"},
	})
}

// TestInteractivePasses plays problems of both kinds.
func TestInteractivePasses(t *testing.T) {
	const ac, wa, rte, je = verdict.Accepted, verdict.WrongAnswer, verdict.RuntimeError, verdict.JudgeError
	play(t, "interactive, multi-pass", []scene{
		{name: "two", validator: "w:q r m:one n x:42\nw:q r m:,two x:42", submission: "r w:a x:0", want: ac, says: "one,two"},
		{name: "wrong-in-the-second", validator: "w:q r n x:42\nx:43", submission: "r w:a x:0", want: wa},
		{name: "crash-in-the-second", validator: "w:q r n x:42\nw:q e x:43", submission: "r w:a r x:0", want: rte},
		{name: "too-many", validator: "n x:42\nn x:42\nx:42", submission: "e x:0", want: je, says: "more than the 2 passes"},
		{name: "refused-with-another", validator: "n x:43\nx:42", submission: "e x:0", want: je},
	})
}
