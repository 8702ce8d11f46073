package checktestdata

import (
	"fmt"
	"math/big"
	"testing"
)

// An array that is written to in every odd way has what a plain map has.
func TestArray(t *testing.T) {
	var a array
	want := map[string]int64{}
	huge := intValue(new(big.Int).Lsh(big.NewInt(1), 100))
	places := [][]value{nil, {huge}, {smallInt(1), smallInt(2)}, {smallInt(12)}, {smallInt(-1)}}
	for _, i := range []int64{0, 1, 2, 500, 3, 70, 69, 130, 500, 400, 2, -5, 1000, 131} {
		places = append(places, []value{smallInt(i)})
	}
	for i := range int64(1200) {
		places = append(places, []value{smallInt(i)})
	}
	for n, indices := range places {
		name := fmt.Sprint(indices)
		old := a.set(indices, smallInt(int64(n)))
		if before, ok := want[name]; ok != (old.kind != none) || ok && before != old.n {
			t.Fatalf("%s was %v, want %d, %v", name, old, before, ok)
		}
		want[name] = int64(n)
	}
	if a.count != len(want) || len(a.elements()) != len(want) {
		t.Errorf("%d elements, %d counted, want %d", len(a.elements()), a.count, len(want))
	}
	for _, e := range a.elements() {
		if name := fmt.Sprint(e.indices); e.value.n != want[name] {
			t.Errorf("%s is %v, want %d", name, e.value, want[name])
		}
	}
}

// Looking for a value sees what is assigned before and afterwards.
func TestArrayHas(t *testing.T) {
	var a array
	a.set(nil, textValue("1"))
	one, half := []value{smallInt(1)}, ratValue(big.NewRat(1, 2))
	for _, c := range []struct {
		put, ask value
		has      bool
	}{
		{half, half, true}, {half, smallInt(1), false}, {smallInt(1), half, false}, {smallInt(1), ratValue(big.NewRat(1, 1)), true},
		{ratValue(big.NewRat(2, 1)), smallInt(2), true}, {half, textValue("1"), true}, {half, textValue("2"), false},
	} {
		a.set(one, c.put)
		if got := a.has(c.ask); got != c.has {
			t.Errorf("after %v: %v is there: %v", c.put, c.ask, got)
		}
	}
}
