package isolatetest

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/evalx/evalx/isolate"
	"golang.org/x/sys/unix"
)

// publishedAttacks use the mechanisms of published vulnerabilities in other
// sandboxes and judges; known says which.
func publishedAttacks() []attack {
	hardening := needs(isolate.GapHardening)
	return []attack{
		{program: "call_home", known: "CVE-2024-29021", needs: needs(isolate.GapNetwork, isolate.GapView, isolate.GapHardening), tries: "reach services of the host's own network"},
		{program: "vsock", known: "isolate before 2.4", needs: hardening, tries: "reach the machine below"},
		{program: "io_uring", known: "isolate before 2.6", needs: hardening, tries: "have calls made that no filter sees"},
		{program: "leave_shared", known: "go-judge; isolate before 2.6", needs: needs(isolate.GapLeftovers), tries: "leave shared memory", next: "find_shared"},
		{program: "submounts", known: "isolate 2.x", needs: needs(isolate.GapView, isolate.GapHardening), tries: "write where one mount lies below another"},
		{program: "files_176677", known: "no quota", needs: needs(isolate.GapDisk), tries: "fill the disk with names",
			limits: isolate.Limits{CPU: 5 * time.Second}},
		{program: "open_elsewhere", known: "isolate 2.x", needs: hardening, tries: "use what other sandboxes leave open"},
	}
}

// publishedSpecials are those that have to be looked at from outside.
func publishedSpecials() []specialAttack {
	return []specialAttack{
		{"plant_links (CVE-2024-28185)", nil, attackPlantedLinks},
		{"plant_links (CVE-2024-28189)", nil, attackPlantedOwner},
		{"shell_words (CVE-2024-29021)", nil, attackShellWords},
		{"host_sockets", needs(isolate.GapView, isolate.GapHardening), attackHostSockets},
		{"random_calls", needs(isolate.GapHardening), attackRandomCalls},
		{"setuid_below (isolate 2.x)", needs(isolate.GapView, isolate.GapHardening), attackSetuidBelow},
	}
}

// planted runs a program that puts links to the file target of the host where
// the next run's files will be written, and then that next run.
func planted(t *testing.T, s *suite, target string) result {
	t.Helper()
	sandbox := s.open(t, 1)
	names := []string{"program", "deep/program", "stdout", "input.in", "feedback"}
	cmd := s.command(append([]string{"plant_links", target}, names...)...)
	var got []string
	cmd.Collect = collector(&got)
	attack{program: "plant_links"}.judge(t, run(t, sandbox, cmd))
	wantCollected(t, got)
	next := s.command("list", ".")
	for _, name := range names[:4] {
		next.Files = append(next.Files, isolate.File{Path: name, Mode: 0o755, Data: []byte("written")})
	}
	next.Files = append(next.Files, isolate.File{Path: "feedback", Mode: fs.ModeDir | 0o777})
	r := run(t, sandbox, next)
	s.calm(t, sandbox)
	return r
}

// A link planted while compiling, which the judge then writes through.
func attackPlantedLinks(t *testing.T, s *suite, paths []string) {
	r := planted(t, s, paths[0])
	if data, err := os.ReadFile(paths[0]); err != nil || string(data) != secretText {
		t.Errorf("the host's file is now %q, %v: %v", data, err, r)
	}
	// One aimed at a folder must not have files put into it.
	dir := filepath.Dir(paths[0])
	planted(t, s, dir)
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 3 {
		t.Errorf("the host's folder has %v, %v", entries, err)
	}
}

// A link to a file that the judge then gives to another user.
func attackPlantedOwner(t *testing.T, s *suite, paths []string) {
	before, err := os.Stat(paths[1])
	if err != nil {
		t.Fatal(err)
	}
	r := planted(t, s, paths[1])
	after, err := os.Stat(paths[1])
	if err != nil {
		t.Fatal(err)
	}
	was, is := before.Sys().(*syscall.Stat_t), after.Sys().(*syscall.Stat_t)
	if was.Uid != is.Uid || was.Gid != is.Gid || was.Mode != is.Mode {
		t.Errorf("the host's file was of %d:%d, mode %o, and is of %d:%d, mode %o: %v",
			was.Uid, was.Gid, was.Mode, is.Uid, is.Gid, is.Mode, r)
	}
}

// Words that a shell would act on.
func attackShellWords(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	words := []string{"$(touch made)", "`touch made`", "; touch made", "| touch made", "> made", "\ntouch made\n", "*", "~", "$HOME", "--", "-c"}
	cmd := s.command(append([]string{"arguments"}, words...)...)
	cmd.Env = append(cmd.Env, "BASH_ENV=$(touch made)", "ENV=`touch made`", "X=() { :; }; touch made")
	want := ""
	for _, word := range words {
		want += "[" + word + "]"
	}
	var got []string
	cmd.Collect = collector(&got)
	if r := run(t, sandbox, cmd); r.stdout != want || len(got) != 0 {
		t.Errorf("want %q and no file, not %q: %v", want, got, r)
	}
}

// A service of the host that listens in a folder which is shown.
func attackHostSockets(t *testing.T, s *suite, _ []string) {
	dir, err := os.MkdirTemp("/tmp", "evalx-sockets-") // short: the names of sockets are
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for name, kind := range map[string]int{"stream": unix.SOCK_STREAM, "packets": unix.SOCK_SEQPACKET, "datagram": unix.SOCK_DGRAM} {
		fd, err := unix.Socket(unix.AF_UNIX, kind|unix.SOCK_CLOEXEC, 0)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { unix.Close(fd) })
		path := filepath.Join(dir, name)
		if err := errors.Join(unix.Bind(fd, &unix.SockaddrUnix{Name: path}), os.Chmod(path, 0o777)); err != nil {
			t.Fatal(err)
		}
		if kind != unix.SOCK_DGRAM {
			unix.Listen(fd, 8)
		}
	}
	sandbox := s.open(t, 1)
	cmd := s.command("host_sockets", "/shown")
	cmd.Mounts = append(cmd.Mounts, isolate.Mount{Source: dir, Target: "/shown"})
	attack{program: "host_sockets"}.judge(t, run(t, sandbox, cmd))
}

// System calls with arguments made up on the spot. How that ends is chance;
// that it ends, and that the next run is as good as any, is not.
func attackRandomCalls(t *testing.T, s *suite, _ []string) {
	sandbox := s.open(t, 1)
	for range 2 {
		cmd := s.command("random_calls")
		cmd.Limits = s.limited(isolate.Limits{Wall: 4 * time.Second})
		if r := run(t, sandbox, cmd); strings.Contains(r.stdout, secretText) {
			t.Errorf("got at a secret: %v", r)
		}
		s.calm(t, sandbox)
	}
}

// A setuid program of root in a mount below the one that is shown.
func attackSetuidBelow(t *testing.T, s *suite, _ []string) {
	shown := t.TempDir()
	below := filepath.Join(shown, "below")
	if err := os.Mkdir(below, 0o755); err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 { // others cannot mount, and own no file of root
		if err := unix.Mount("tmpfs", below, "tmpfs", 0, "size=16m,mode=0755"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := unix.Unmount(below, unix.MNT_DETACH); err != nil {
				t.Error(err)
			}
		})
	}
	program := filepath.Join(below, "planted")
	if err := copyProgram(program, filepath.Join(s.dir, "subject")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(program, 0o755|fs.ModeSetuid|fs.ModeSetgid); err != nil {
		t.Fatal(err)
	}
	sandbox := s.open(t, 1)
	cmd := s.command("setuid_below", "/shown/below/planted")
	cmd.Mounts = append(cmd.Mounts, isolate.Mount{Source: shown, Target: "/shown"})
	attack{program: "setuid_below", prints: "held\nheld\n"}.judge(t, run(t, sandbox, cmd))
	attack{program: "submounts"}.judge(t, run(t, sandbox, s.command("submounts")))
}
