package ioi

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// box is one box that is ours alone.
type box struct {
	id    int
	dir   string // its folder, as printed by --init
	lock  *lock
	fresh bool // made, and nothing ran in it
}

// maxBox bounds the search for a free box. isolate's own bound, num_boxes, is
// 1000 unless configured.
const maxBox = 100000

// errTooHigh says that there is no box with such a number.
var errTooHigh = errors.New("no box is free: raise num_boxes in isolate's configuration, or clean up boxes that are not used by isolate --box-id=N --cleanup")

// acquire finds a box that nobody uses, and makes it.
func (s *Sandbox) acquire() (*box, error) {
	for id := s.cfg.FirstBox; id < maxBox; id++ {
		l, err := lockBox(s.locks, id)
		if errors.Is(err, errTaken) {
			continue
		}
		if err != nil {
			return nil, err
		}
		b := &box{id: id, lock: l}
		err = s.claim(b)
		if err == nil {
			return b, nil
		}
		l.release(l.owner() == "")
		if !errors.Is(err, errTaken) {
			return nil, err
		}
	}
	return nil, errTooHigh
}

// claim makes a box whose lock we hold, unless somebody uses it who knows
// nothing of our locks.
func (s *Sandbox) claim(b *box) error {
	if b.lock.owner() != "" && s.sweep(b) != nil {
		return errTaken
	}
	if s.tool.boxRoot != "" {
		// isolate 2 would clean up the box of whoever uses it.
		if _, err := os.Lstat(filepath.Join(s.tool.boxRoot, strconv.Itoa(b.id))); err == nil {
			return errTaken
		}
	}
	return s.init(b)
}

// init makes the box. isolate 1 refuses if it is there already.
func (s *Sandbox) init(b *box) error {
	if err := b.lock.note(s.tool.owner()); err != nil {
		return err
	}
	out, err := s.tool.call(s.tool.box(b.id, "--init")...)
	switch {
	case err == nil:
		b.dir, b.fresh = strings.TrimSpace(out), true
		if !filepath.IsAbs(b.dir) {
			return fmt.Errorf("isolate --init printed %q and no folder", out)
		}
		return nil
	case strings.Contains(err.Error(), "already exists"), strings.Contains(err.Error(), "belongs to a different user"):
		return errors.Join(b.lock.note(""), errTaken)
	case strings.Contains(err.Error(), "out of range"):
		err = errTooHigh
	}
	return errors.Join(err, b.lock.note(""))
}

// cleanup removes the box with all that is in it.
func (s *Sandbox) cleanup(b *box) error {
	_, err := s.tool.call(s.tool.box(b.id, "--cleanup")...)
	if err != nil && os.Geteuid() == 0 && b.dir != "" {
		// isolate gives up on very deep trees. Nobody but us uses the folder.
		if os.RemoveAll(filepath.Join(b.dir, "box")) == nil && os.RemoveAll(filepath.Join(b.dir, "tmp")) == nil {
			_, err = s.tool.call(s.tool.box(b.id, "--cleanup")...)
		}
	}
	b.fresh = false
	return err
}

// drop gives the box back.
func (s *Sandbox) drop(b *box) error {
	err := s.cleanup(b)
	b.lock.release(err == nil)
	return err
}

// owner is the note in a lock file: the isolate that can clean up the box.
func (t tool) owner() string { return fmt.Sprintf("%s cg=%v", t.path, t.cg) }

// sweepAll cleans up after an evalx that died.
func (s *Sandbox) sweepAll() {
	names, _ := filepath.Glob(filepath.Join(s.locks, lockPrefix+"*"))
	for _, name := range names {
		id, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(name), lockPrefix))
		if err != nil {
			continue
		}
		if l, err := lockBox(s.locks, id); err == nil {
			l.release(l.owner() == "" || s.sweep(&box{id: id, lock: l}) == nil)
		}
	}
}

// sweep cleans up a box whose owner died, and ends an isolate that still runs
// in it: without evalx, it would do so only at a limit on wall time.
func (s *Sandbox) sweep(b *box) error {
	t := s.tool
	switch b.lock.owner() {
	case t.owner():
	case tool{path: t.path, cg: !t.cg}.owner():
		t.cg = !t.cg
	default:
		return errTaken // it takes another isolate to clean it up
	}
	if err := stopOrphans(b.id); err != nil {
		return err
	}
	if _, err := t.call(t.box(b.id, "--cleanup")...); err != nil {
		return err
	}
	return b.lock.note("")
}

// stopOrphans has every isolate that evalx started for this box end its run.
func stopOrphans(id int) error {
	for try := range 200 {
		pids := orphans(id)
		if len(pids) == 0 {
			return nil
		}
		for _, pid := range pids {
			unix.Kill(pid, unix.SIGTERM)
		}
		time.Sleep(time.Duration(min(try, 20)) * time.Millisecond)
	}
	return fmt.Errorf("box %d: its isolate does not end", id)
}

// orphans finds isolates by the arguments that run gives them.
func orphans(id int) []int {
	files, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	var pids []int
	for _, file := range files {
		text, _ := os.ReadFile(file)
		args := strings.Split(string(text), "\x00")
		ours := slices.ContainsFunc(args, func(a string) bool {
			return strings.HasPrefix(a, "--meta=") && filepath.Base(a) == metaName(id)
		})
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil && ours {
			pids = append(pids, pid)
		}
	}
	return pids
}

// metaName is the name of the meta file of a box's runs.
func metaName(id int) string { return fmt.Sprintf("evalx-meta-%d", id) }
