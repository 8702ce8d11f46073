package checktestdata

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"slices"
)

// array is a variable: values by indices. Without an index it has one value,
// as if no index were an index as well.
type array struct {
	alone  value
	dense  []value            // by the only index, from 0 on, some of which may have none
	sparse map[string]element // by indices as key makes them
	count  int                // of values
	// counts is how often each value occurs, once that was asked for.
	counts map[identity]int
}

// element is a value with its indices.
type element struct {
	indices []value
	value   value
}

// key makes a key of indices.
func key(indices []value) string {
	var k []byte
	for _, i := range indices {
		if i.kind == small {
			k = binary.BigEndian.AppendUint64(append(k, 's'), uint64(i.n))
			continue
		}
		text := i.integer().Bytes()
		k = append(binary.BigEndian.AppendUint32(append(k, 'l', byte(i.integer().Sign())), uint32(len(text))), text...)
	}
	return string(k)
}

// plain returns the index of what belongs into dense.
func plain(indices []value) (int64, bool) {
	if len(indices) != 1 || indices[0].kind != small || indices[0].n < 0 {
		return 0, false
	}
	return indices[0].n, true
}

// get returns the value with the indices; its kind is none if there is none.
func (a *array) get(indices []value) value {
	if len(indices) == 0 {
		return a.alone
	}
	if i, ok := plain(indices); ok && i < int64(len(a.dense)) && a.dense[i].kind != none {
		return a.dense[i]
	}
	if len(a.sparse) == 0 {
		return value{}
	}
	return a.sparse[key(indices)].value
}

// slack is how far behind its end a dense array grows at one time.
const slack = 64

// set puts a value in place of what is there, and returns that.
func (a *array) set(indices []value, v value) (old value) {
	old = a.get(indices)
	if old.kind == none {
		a.count++
	}
	if a.counts != nil {
		a.recount(old, v)
	}
	i, ok := plain(indices)
	switch {
	case len(indices) == 0:
		a.alone = v
		return old
	case ok && i < int64(len(a.dense)) && (a.dense[i].kind != none || old.kind == none):
		a.dense[i] = v
		return old
	case ok && i == int64(len(a.dense)) && old.kind == none:
		a.dense = append(a.dense, v)
		return old
	case ok && i < int64(len(a.dense)+slack) && old.kind == none:
		a.dense = append(a.dense, make([]value, i+1-int64(len(a.dense)))...)
		a.dense[i] = v
		return old
	}
	if a.sparse == nil {
		a.sparse = map[string]element{}
	}
	a.sparse[key(indices)] = element{indices, v}
	return old
}

func (a *array) recount(old, v value) {
	if old.kind != none {
		a.counts[old.identity()]--
	}
	a.counts[v.identity()]++
}

// has tells whether some element equals v.
func (a *array) has(v value) bool {
	if a.counts == nil {
		a.counts = make(map[identity]int, a.count)
		for _, e := range a.elements() {
			a.counts[e.value.identity()]++
		}
	}
	return a.counts[v.identity()] > 0
}

// elements returns all values, in the order of their indices but for negative
// and very large ones.
func (a *array) elements() []element {
	all := make([]element, 0, a.count)
	if a.alone.kind != none {
		all = append(all, element{nil, a.alone})
	}
	numbers := make([]value, len(a.dense))
	for i, v := range a.dense {
		if v.kind != none {
			numbers[i] = smallInt(int64(i))
			all = append(all, element{numbers[i : i+1], v})
		}
	}
	keys := make([]string, 0, len(a.sparse))
	for k := range a.sparse {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		all = append(all, a.sparse[k])
	}
	return all
}

// tuple is the place of several values in a row, and a hash of them.
type tuple struct {
	hash  uint64
	place int
}

// repeated finds two rows of width values each that are equal.
func repeated(values []value, width int) (first, second int, found bool) {
	tuples := hashRows(values, width)
	for i := range tuples {
		for j := i + 1; j < len(tuples) && tuples[j].hash == tuples[i].hash; j++ {
			a, b := tuples[i].place, tuples[j].place
			if equalRows(values[a*width:(a+1)*width], values[b*width:(b+1)*width]) {
				return a, b, true
			}
		}
	}
	return 0, 0, false
}

// hashRows returns the rows in order of their hashes.
func hashRows(values []value, width int) []tuple {
	seed := maphash.MakeSeed()
	tuples := make([]tuple, len(values)/width)
	for i := range tuples {
		var h uint64
		for _, v := range values[i*width : (i+1)*width] {
			h = h*0x9e3779b97f4a7c15 + maphash.Comparable(seed, v.identity())
		}
		tuples[i] = tuple{h, i}
	}
	slices.SortFunc(tuples, func(a, b tuple) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.place, b.place))
	})
	return tuples
}

func equalRows(a, b []value) bool {
	return slices.EqualFunc(a, b, func(a, b value) bool { return a.identity() == b.identity() })
}
