package doctor

import (
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
)

const cpus = "sys/devices/system/cpu"

func (m Machine) load() remark {
	first, _, _ := strings.Cut(m.text("proc/loadavg"), " ")
	load, err := strconv.ParseFloat(first, 64)
	if err != nil {
		return remark{}
	}
	found := fmt.Sprintf("load average %.1f on %d processors", load, m.CPUs)
	if load > float64(m.CPUs)/2 {
		return remark{Warning, found + ": other programs take time from those that are judged", "end them, or wait"}
	}
	return remark{OK, found, ""}
}

func (m Machine) governor() remark {
	governors := m.texts(cpus + "/cpu[0-9]*/cpufreq/scaling_governor")
	switch {
	case len(governors) == 0:
		return remark{OK, "the kernel does not change the clock rate of the processors", ""}
	case slices.Equal(governors, []string{"performance"}):
		return remark{OK, "the processors run at their full clock rate", ""}
	}
	return remark{Warning, "the clock rate of the processors follows the load (governor " + strings.Join(governors, ", ") + "): short programs measure slower than they are", "cpupower frequency-set --governor performance"}
}

func (m Machine) turbo() remark {
	switch {
	case m.text(cpus+"/intel_pstate/no_turbo") == "0":
		return remark{Warning, "turbo is on: a program measures slower while others run", "echo 1 > /sys/devices/system/cpu/intel_pstate/no_turbo"}
	case m.text(cpus+"/cpufreq/boost") == "1":
		return remark{Warning, "boost is on: a program measures slower while others run", "echo 0 > /sys/devices/system/cpu/cpufreq/boost"}
	case m.exists(cpus + "/intel_pstate/no_turbo"), m.exists(cpus + "/cpufreq/boost"):
		return remark{OK, "turbo is off", ""}
	}
	return remark{}
}

// smt looks for cores that run two threads (hyper-threading).
func (m Machine) smt() remark {
	if m.text(cpus+"/smt/active") != "1" {
		return remark{OK, "each processor is a core of its own", ""}
	}
	shared := "two processors share each core (SMT): "
	if cores := len(m.texts(cpus + "/cpu[0-9]*/topology/thread_siblings_list")); cores > 0 {
		return remark{Note, shared + fmt.Sprintf("each test case has a core to itself unless --jobs is more than %d", cores), ""}
	}
	return remark{Warning, shared + "programs that run side by side slow each other", "echo off > /sys/devices/system/cpu/smt/control"}
}

// mixedCores looks for fast and slow cores in one machine: Intel's hybrid
// processors have a folder for each kind, others say their capacity.
func (m Machine) mixedCores() remark {
	switch {
	case m.text("sys/devices/cpu_atom/cpus") != "", m.unequal(cpus + "/cpu[0-9]*/cpu_capacity"):
		return remark{Note, "the cores are not equally fast: test cases run on the fast ones", ""}
	case m.unequal(cpus + "/cpu[0-9]*/cpufreq/cpuinfo_max_freq"):
		return remark{Warning, "the cores are not equally fast: times depend on where a program runs", "start evalx on equal ones: taskset --cpu-list LIST evalx …"}
	}
	return remark{}
}

// unequal tells whether numbers in files differ by more than a tenth.
func (m Machine) unequal(pattern string) bool {
	least, most := 0.0, 0.0
	for _, text := range m.texts(pattern) {
		if n, err := strconv.ParseFloat(text, 64); err == nil {
			most = max(most, n)
			if least == 0 || n < least {
				least = n
			}
		}
	}
	return least > 0 && most > 1.1*least
}

// quota looks for a limit on CPU time that evalx itself is under, as in
// containers: whoever exceeds it stands still for a while.
func (m Machine) quota() remark {
	limited := remark{Warning, "evalx itself may use only a part of the processors' time (cgroup quota): programs stand still now and then", "give the container or service whole processors (--cpuset-cpus, AllowedCPUs=) instead of a quota (--cpus, CPUQuota=)"}
	h := m.cgroups()
	for line := range strings.Lines(m.text("proc/self/cgroup")) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) != 3 {
			continue
		}
		mount, file := h.v2, "cpu.max"
		if parts[1] != "" {
			mount, file = h.v1["cpu"], "cpu.cfs_quota_us"
			if !slices.Contains(strings.Split(parts[1], ","), "cpu") {
				continue
			}
		}
		for dir := path.Join(mount, parts[2]); mount != "" && strings.HasPrefix(dir, mount); dir = path.Dir(dir) {
			quota, _, _ := strings.Cut(m.text(strings.Trim(dir, "/")+"/"+file), " ")
			if n, err := strconv.Atoi(quota); err == nil && n > 0 {
				return limited
			}
		}
	}
	return remark{}
}

// virtual looks for a hypervisor, and for the time that it took away since the
// machine started: the eighth number of /proc/stat (proc(5)).
func (m Machine) virtual() remark {
	var total, stolen float64
	line, _, _ := strings.Cut(m.text("proc/stat"), "\n")
	for i, field := range strings.Fields(line) {
		n, err := strconv.ParseFloat(field, 64)
		if err != nil || i > 8 { // those behind are part of others
			continue
		}
		total += n
		if i == 8 {
			stolen = n
		}
	}
	switch {
	case total > 0 && stolen/total > 0.01:
		return remark{Warning, fmt.Sprintf("the hypervisor took away %.0f %% of the processors' time so far", 100*stolen/total), "use a virtual machine with processors of its own"}
	case strings.Contains(m.text("proc/cpuinfo"), " hypervisor"):
		return remark{Note, "this is a virtual machine: times depend on what else its host runs", ""}
	}
	return remark{}
}

func (m Machine) clock() remark {
	source := m.text("sys/devices/system/clocksource/clocksource0/current_clocksource")
	switch source {
	case "":
		return remark{}
	case "hpet", "acpi_pm", "jiffies", "pit", "refined-jiffies":
		return remark{Warning, "the clock is slow to read (" + source + ")", "find out why the kernel gave up the TSC: dmesg | grep -i clocksource"}
	}
	return remark{OK, "the clock is " + source, ""}
}

// swap matters where a program's share of it cannot be limited: then it slows
// down instead of reaching its memory limit.
func (m Machine) swap() remark {
	if strings.Count(m.text("proc/swaps"), "\n") == 0 {
		return remark{OK, "there is no swap", ""}
	}
	h := m.cgroups()
	if h.version() == "v2" || m.exists(strings.Trim(h.v1["memory"], "/")+"/memory.memsw.limit_in_bytes") {
		return remark{OK, "there is swap, and programs are given none of it", ""}
	}
	return remark{Warning, "there is swap: a program may be slowed down by it, and reach its memory limit late", "swapoff -a, or boot the kernel with swapaccount=1"}
}

func (m Machine) hugePages() remark {
	const dir = "sys/kernel/mm/transparent_hugepage/"
	if strings.Contains(m.text(dir+"enabled"), "[always]") {
		return remark{Note, "huge pages are always used: memory is measured in steps of up to 2 MiB", "echo madvise > /" + dir + "enabled"}
	}
	if m.text(dir+"khugepaged/defrag") == "1" && strings.Contains(m.text(dir+"enabled"), "[madvise]") {
		return remark{OK, "huge pages are used where a program asks for them", ""}
	}
	return remark{}
}

func (m Machine) aslr() remark {
	if level := m.text("proc/sys/kernel/randomize_va_space"); level == "" || level == "0" {
		return remark{}
	}
	return remark{Note, "addresses are random (ASLR): times of one program differ by a few per cent from run to run", ""}
}
