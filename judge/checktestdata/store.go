package checktestdata

import (
	"hash/maphash"
	"slices"
)

// array is a variable: values by indices. Without an index it has one value,
// as if no index were an index as well.
type array struct {
	branch
	count int   // of values
	bytes int64 // of memory, roughly
	// counts is how often each value occurs, once that was asked for.
	counts map[identity]int
}

// branch has the values whose indices begin alike.
type branch struct {
	value value // of no further index
	// By the next index: values if that is the last one, branches otherwise.
	leaves   table[value]
	branches table[*branch]
}

// element is a value with its indices.
type element struct {
	indices []value
	value   value
}

// get returns the value with the indices; its kind is none if there is none.
func (b *branch) get(indices []value) value {
	for len(indices) > 1 {
		if b = b.branches.get(indices[0]); b == nil {
			return value{}
		}
		indices = indices[1:]
	}
	if len(indices) == 0 {
		return b.value
	}
	return b.leaves.get(indices[0])
}

// set puts a value in place of what is there, and returns that.
func (a *array) set(indices []value, v value) (old value) {
	b := &a.branch
	for len(indices) > 1 {
		next := b.branches.get(indices[0])
		if next == nil {
			next = &branch{}
			b.branches.set(indices[0], next)
		}
		b, indices = next, indices[1:]
	}
	if len(indices) == 0 {
		old, b.value = b.value, v
	} else {
		old = b.leaves.set(indices[0], v)
	}
	if old.kind == none {
		a.count++
	}
	if a.counts != nil {
		if old.kind != none {
			a.counts[old.identity()]--
		}
		a.counts[v.identity()]++
	}
	return old
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

// elements returns all values, in the order of their indices.
func (a *array) elements() []element {
	return a.appendTo(make([]element, 0, a.count), nil)
}

func (b *branch) appendTo(all []element, before []value) []element {
	if b.value.kind != none {
		all = append(all, element{before, b.value})
	}
	numbers := make([]value, 0, (len(before)+1)*b.leaves.size())
	b.leaves.each(func(index, v value) {
		from := len(numbers)
		numbers = append(append(numbers, before...), index)
		all = append(all, element{numbers[from:len(numbers):len(numbers)], v})
	})
	b.branches.each(func(index value, below *branch) {
		all = below.appendTo(all, append(slices.Clip(before), index))
	})
	return all
}

// table has things by an integer. Where these go from 0 on, more or less one
// after the other, they are dense; the zero T says that there is nothing.
type table[T comparable] struct {
	dense  []T
	sparse map[identity]entry[T]
}

type entry[T any] struct {
	index value
	thing T
}

// slack is how far behind its end the dense part may grow at one time.
const slack = 64

func (t *table[T]) get(index value) T {
	var nothing T
	if index.kind == small && index.n >= 0 && index.n < int64(len(t.dense)) && t.dense[index.n] != nothing {
		return t.dense[index.n]
	}
	if len(t.sparse) == 0 {
		return nothing
	}
	return t.sparse[index.identity()].thing
}

// set puts a thing in place of what is there, and returns that.
func (t *table[T]) set(index value, thing T) (old T) {
	var nothing T
	old = t.get(index)
	i := index.n
	switch {
	case index.kind != small || i < 0 || i >= int64(len(t.dense)+slack) || old != nothing && i >= int64(len(t.dense)):
	case i >= int64(len(t.dense)):
		for int64(len(t.dense)) < i {
			t.dense = append(t.dense, nothing)
		}
		t.dense = append(t.dense, thing)
		return old
	case t.dense[i] != nothing || old == nothing:
		t.dense[i] = thing
		return old
	}
	if t.sparse == nil {
		t.sparse = map[identity]entry[T]{}
	}
	t.sparse[index.identity()] = entry[T]{index, thing}
	return old
}

func (t *table[T]) size() int { return len(t.dense) + len(t.sparse) }

// each visits everything in the order of the integers, but for what is sparse,
// which comes last.
func (t *table[T]) each(visit func(index value, thing T)) {
	var nothing T
	for i, thing := range t.dense {
		if thing != nothing {
			visit(smallInt(int64(i)), thing)
		}
	}
	others := make([]entry[T], 0, len(t.sparse))
	for _, e := range t.sparse {
		others = append(others, e)
	}
	slices.SortFunc(others, func(a, b entry[T]) int {
		c, _ := compare(a.index, b.index) // both are integers
		return c
	})
	for _, e := range others {
		visit(e.index, e.thing)
	}
}

// repeated finds the first row of width values that equals one before it.
func repeated(values []value, width int) (first, second int, found bool) {
	rows := len(values) / width
	size := 2
	for size < 2*rows {
		size *= 2
	}
	seed := maphash.MakeSeed()
	hashes := make([]uint64, rows)
	slots := make([]int, size) // number of a row, from 1
	for i := range rows {
		row := values[i*width : (i+1)*width]
		hashes[i] = hash(seed, row)
		at := int(hashes[i] % uint64(size))
		for ; slots[at] > 0; at = (at + 1) % size {
			if j := slots[at] - 1; hashes[j] == hashes[i] && equalRows(row, values[j*width:(j+1)*width]) {
				return j, i, true
			}
		}
		slots[at] = i + 1
	}
	return 0, 0, false
}

func hash(seed maphash.Seed, row []value) (h uint64) {
	for _, v := range row {
		h = h*0x9e3779b97f4a7c15 + maphash.Comparable(seed, v.identity())
	}
	return h
}

func equalRows(a, b []value) bool {
	return slices.EqualFunc(a, b, func(a, b value) bool { return a.identity() == b.identity() })
}
