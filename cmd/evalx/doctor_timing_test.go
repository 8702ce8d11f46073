package main

import (
	"strings"
	"testing"
	"time"

	"github.com/evalx/evalx/internal/doctor"
	"github.com/evalx/evalx/internal/timing"
)

func TestTimesFound(t *testing.T) {
	series := func(situation string, p5, p50, p95 int) timing.Series {
		ms := func(n int) time.Duration { return time.Duration(n) * time.Millisecond }
		return timing.Series{Situation: situation, CPU: timing.Quantiles{P5: ms(p5), P50: ms(p50), P95: ms(p95)}}
	}
	for _, test := range []struct {
		name   string
		report timing.Report
		want   string // severities
		words  string // in the last one
	}{
		{"good", timing.Report{Series: []timing.Series{series(timing.Alone, 99, 100, 101), series(timing.Beside, 99, 102, 105)}}, "ok ok", "+2.0 % more CPU time than alone"},
		{"wide", timing.Report{Series: []timing.Series{series(timing.Alone, 90, 100, 111)}}, "warning", "90.0 to 111.0 ms of CPU time (spread 21 %)"},
		{"slow beside others", timing.Report{Series: []timing.Series{series(timing.Alone, 99, 100, 101), series(timing.Beside, 129, 130, 131)}}, "ok warning", "+30.0 %"},
		{"stolen", timing.Report{Series: []timing.Series{series(timing.Alone, 99, 100, 101)}, Stolen: 0.05}, "ok warning", "5.0 %"},
	} {
		var severities []string
		found := timesFound(test.report)
		for _, f := range found {
			severities = append(severities, f.Severity.String())
			if (f.Fix != "") != (f.Severity == doctor.Warning) || f.Figures == nil || f.Area != doctor.Measurement {
				t.Errorf("%s: %+v", test.name, f)
			}
		}
		if got := strings.Join(severities, " "); got != test.want || !strings.Contains(found[len(found)-1].Found, test.words) {
			t.Errorf("%s: got %s: %+v", test.name, got, found)
		}
	}
}

func TestInsert(t *testing.T) {
	areas := func(all []doctor.Finding) (text string) {
		for _, f := range all {
			text += string(f.Area) + f.Check + " "
		}
		return text
	}
	all := []doctor.Finding{{Area: "a"}, {Area: "b"}, {Area: "b"}, {Area: "c"}}
	more := []doctor.Finding{{Area: "b", Check: "1"}, {Area: "b", Check: "2"}}
	if got := areas(insert(all, more)); got != "a b b b1 b2 c " {
		t.Errorf("got %s", got)
	}
	if got := areas(insert(all, nil)); got != "a b b c " {
		t.Errorf("got %s", got)
	}
}
