package judge

import (
	"testing"
	"time"
)

func TestDoubts(t *testing.T) {
	for _, test := range []struct {
		band float64
		cpu  time.Duration
		want bool
	}{
		{0, time.Second, false},
		{0.1, 899 * time.Millisecond, false}, {0.1, 900 * time.Millisecond, true}, {0.1, time.Second, true},
		{0.1, 1100 * time.Millisecond, true}, {0.1, 1900 * time.Millisecond, true}, {0.1, 2 * time.Second, false},
		{1, 0, true}, {1, time.Second, true}, {1, 3 * time.Second, false},
	} {
		if got := newDoubts(time.Second, test.band).about(test.cpu); got != test.want {
			t.Errorf("band %g, %v: doubt is %v, want %v", test.band, test.cpu, got, test.want)
		}
	}
}

// Doubts end when runs alone changed nothing often enough in a row.
func TestDoubtsAreSettled(t *testing.T) {
	d := newDoubts(time.Second, 0.1)
	below, above := 950*time.Millisecond, 1050*time.Millisecond
	for i, step := range []struct{ beside, alone time.Duration }{
		{above, above}, {below, below}, {above, above}, {above, below}, // the last one changes the verdict
		{above, above}, {above, above}, {below, below}, {above, above},
	} {
		if !d.about(above) || !d.about(below) {
			t.Errorf("settled before step %d", i)
		}
		d.settle(step.beside, step.alone)
	}
	if d.about(above) || !d.about(below) {
		t.Error("not settled above the limit, or settled below it")
	}
}
