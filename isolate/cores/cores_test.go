package cores

import (
	"fmt"
	"reflect"
	"testing"
	"testing/fstest"
)

// machine makes /sys of a machine. threads has the thread_siblings_list of each
// processor.
func machine(threads []string, capacity map[int]int, atom string) fstest.MapFS {
	fs := fstest.MapFS{}
	for cpu, list := range threads {
		fs[fmt.Sprintf("sys/devices/system/cpu/cpu%d/topology/thread_siblings_list", cpu)] = &fstest.MapFile{Data: []byte(list + "\n")}
	}
	for cpu, c := range capacity {
		fs[fmt.Sprintf("sys/devices/system/cpu/cpu%d/cpu_capacity", cpu)] = &fstest.MapFile{Data: fmt.Appendln(nil, c)}
	}
	if atom != "" {
		fs["sys/devices/cpu_atom/cpus"] = &fstest.MapFile{Data: []byte(atom + "\n")}
	}
	return fs
}

func TestPlans(t *testing.T) {
	smt := []string{"0,4", "1,5", "2,6", "3,7", "0,4", "1,5", "2,6", "3,7"}
	neighbours := []string{"0-1", "0-1", "2-3", "2-3"}
	plain := func(n int) (lists []string) {
		for cpu := range n {
			lists = append(lists, fmt.Sprint(cpu))
		}
		return lists
	}
	for _, test := range []struct {
		name       string
		root       fstest.MapFS
		allowed    []int
		jobs, most int
		want       Plan
		rest       []int // for evalx, of what Jobs runs leave
	}{
		{"one processor", machine(plain(1), nil, ""), []int{0}, 0, 0, Plan{1, []int{0}, []int{0}}, nil},
		{"two cores", machine(plain(2), nil, ""), []int{0, 1}, 0, 0, Plan{2, []int{0, 1}, []int{0, 1}}, nil},
		{"two cores, one job", machine(plain(2), nil, ""), []int{0, 1}, 1, 0, Plan{1, []int{0, 1}, []int{0, 1}}, []int{1}},
		{"four cores", machine(plain(4), nil, ""), []int{0, 1, 2, 3}, 0, 0, Plan{3, []int{0, 1, 2, 3}, []int{0, 1, 2, 3}}, []int{3}},
		{"four of many, quota of two", machine(plain(8), nil, ""), []int{2, 3, 5, 7}, 0, 2, Plan{2, []int{2, 3, 5, 7}, []int{2, 3, 5, 7}}, []int{5, 7}},
		{"SMT", machine(smt, nil, ""), []int{0, 1, 2, 3, 4, 5, 6, 7}, 0, 0, Plan{3, []int{0, 1, 2, 3, 4, 5, 6, 7}, []int{0, 1, 2, 3, 4, 5, 6, 7}}, []int{3, 7}},
		{"SMT, two cores", machine(neighbours, nil, ""), []int{0, 1, 2, 3}, 0, 0, Plan{2, []int{0, 2, 1, 3}, []int{0, 1, 2, 3}}, nil},
		{"SMT, one sibling allowed", machine(neighbours, nil, ""), []int{1, 2, 3}, 0, 0, Plan{2, []int{1, 2, 3}, []int{1, 2, 3}}, nil},
		{"SMT, a job for each processor", machine(neighbours, nil, ""), []int{0, 1, 2, 3}, 4, 0, Plan{4, []int{0, 2, 1, 3}, []int{0, 1, 2, 3}}, nil},
		{"hybrid by capacity", machine(plain(4), map[int]int{0: 1024, 1: 990, 2: 600, 3: 600}, ""), []int{0, 1, 2, 3}, 0, 0, Plan{2, []int{0, 1}, []int{0, 1, 2, 3}}, []int{2, 3}},
		{"hybrid by kind", machine(append(smt[:4:4], "0,4", "1,5", "6", "7"), nil, "6-7"), []int{0, 1, 4, 5, 6, 7}, 0, 0, Plan{2, []int{0, 1, 4, 5}, []int{0, 1, 4, 5, 6, 7}}, []int{6, 7}},
		{"only slow ones allowed", machine(plain(4), map[int]int{0: 1024, 1: 1024, 2: 600, 3: 600}, ""), []int{2, 3}, 0, 0, Plan{2, []int{2, 3}, []int{2, 3}}, nil},
		{"nothing known", fstest.MapFS{}, []int{0, 1, 2}, 0, 0, Plan{3, []int{0, 1, 2}, []int{0, 1, 2}}, nil},
		{"more jobs than processors", fstest.MapFS{}, []int{0, 1}, 5, 0, Plan{5, []int{0, 1}, []int{0, 1}}, nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			cores := List(test.root, test.allowed)
			got := Make(cores, test.jobs, test.most)
			if !reflect.DeepEqual(got, test.want) {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
			if rest := Rest(cores, got.Runs[:min(got.Jobs, len(got.Runs))]); !reflect.DeepEqual(rest, test.rest) {
				t.Errorf("the rest is %v, want %v", rest, test.rest)
			}
		})
	}
}

func TestParse(t *testing.T) {
	for text, want := range map[string][]int{
		"": nil, "3": {3}, "0-2,5": {0, 1, 2, 5}, "x,1": {1}, "2-x": nil, "4-1": nil,
	} {
		if got := parse(text); !reflect.DeepEqual(got, want) {
			t.Errorf("parse(%q) = %v, want %v", text, got, want)
		}
	}
}
