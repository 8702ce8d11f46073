package report_test

import (
	"bytes"
	"testing"

	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/verdict"
)

func score(e judge.Event, got, best float64) judge.Event {
	e.Score, e.MaxScore = &got, &best
	return e
}

func ofGroup(name string, v verdict.Verdict) judge.Event {
	return judge.Event{Kind: judge.Group, Group: name, Verdict: v}
}

func TestScoresGolden(t *testing.T) {
	unbounded := 12.5
	finished := judge.Event{Kind: judge.Finished, Verdict: verdict.WrongAnswer}
	partial := append(start(3),
		result(1, "sample/1", verdict.Accepted, judge.Event{}),
		score(result(2, "secret/a/1", verdict.Accepted, judge.Event{}), 37, 37),
		score(result(3, "secret/b/1", verdict.WrongAnswer, judge.Event{Message: "no"}), 0, 60),
		ofGroup("sample", verdict.Accepted),
		score(ofGroup("secret", verdict.WrongAnswer), 37, 100),
		score(ofGroup("secret/a", verdict.Accepted), 37, 37),
		score(ofGroup("secret/b", verdict.WrongAnswer), 0, 60),
		judge.Event{Kind: judge.Group, Group: "secret/c", Verdict: verdict.Skipped, Score: &unbounded},
		score(finished, 37, 100))
	graderFails := append(start(1),
		result(1, "secret/1", verdict.Accepted, judge.Event{}),
		judge.Event{Kind: judge.Group, Group: "secret", Verdict: verdict.JudgeError, Message: "grader sum.py: exit code 1\nTraceback"},
		judge.Event{Kind: judge.Finished, Verdict: verdict.JudgeError, Message: "grader sum.py: exit code 1\nTraceback"})
	graderFails[4].Score = &unbounded
	answers := []judge.Event{
		{Kind: judge.Start, Problem: "maze", Submission: "answers", Sandbox: "native", Total: 1},
		score(result(1, "secret/1", verdict.Accepted, judge.Event{}), 7, 3),
		score(ofGroup("secret", verdict.Accepted), 7, 3),
		score(judge.Event{Kind: judge.Finished, Verdict: verdict.Accepted}, 7, 3),
	}
	for _, test := range []struct {
		name   string
		text   report.Text
		events []judge.Event
	}{
		{"scores", report.Text{}, partial},
		{"scores-quiet", report.Text{Quiet: true}, partial},
		{"scores-grader", report.Text{Verbose: true}, graderFails},
		{"scores-answers", report.Text{}, answers},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out, progress bytes.Buffer
			test.text.Out, test.text.Err = &out, &progress
			play(t, &test.text, test.events)
			golden(t, test.name, "-- stdout --\n"+out.String()+"-- stderr --\n"+progress.String())
		})
	}
}
