//go:build linux && (amd64 || arm64)

package native

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"
)

// hostFolders are the parts of the machine that programs may see, read-only.
// Those that are links on the machine (merged /usr) are links inside too.
var hostFolders = [...]string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt",
	"/nix/store", "/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime",
}

// hostDevices are the devices that programs may use.
var hostDevices = [...]string{"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}

// hiddenFiles look empty inside.
var hiddenFiles = [...]string{
	"/proc/keys", "/proc/key-users", "/proc/kcore", "/proc/kmsg", "/proc/kallsyms",
	"/proc/timer_list", "/proc/latency_stats", "/proc/sched_debug",
}

// Where the new root is put together, in the supervisor's own mount namespace.
// Any folder that exists everywhere would do.
const stage = "/usr"

// openMount returns a detached copy of the mounts at source, read-only and
// without setuid programs and devices, ready to be attached inside. It needs
// CAP_SYS_ADMIN over the mount namespace that source is seen in.
func openMount(source string) (int, error) {
	fd, err := openTree(source)
	if err != nil {
		return -1, err
	}
	attr := unix.MountAttr{
		Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NODEV,
		// A copy of a shared mount, as systemd makes them all, is of the same
		// peer group: to unmount the copy would unmount what is below the original.
		Propagation: unix.MS_PRIVATE,
	}
	// Recursive, or what is mounted below would stay writable.
	if err := unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH|unix.AT_RECURSIVE, &attr); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("make %s read-only: %w", source, err)
	}
	return fd, nil
}

// openDevice returns a detached copy of the mount of a device. It is read-only,
// which keeps its times and attributes, those of the host's own file, as they
// are; what is written to the device itself is not the file system's business.
func openDevice(source string) (int, error) {
	fd, err := openTree(source)
	if err != nil {
		return -1, err
	}
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY | unix.MOUNT_ATTR_NOSUID | unix.MOUNT_ATTR_NOEXEC}
	if err := unix.MountSetattr(fd, "", unix.AT_EMPTY_PATH, &attr); err != nil {
		unix.Close(fd)
		return -1, fmt.Errorf("make %s read-only: %w", source, err)
	}
	return fd, nil
}

func openTree(source string) (int, error) {
	fd, err := unix.OpenTree(unix.AT_FDCWD, source, unix.OPEN_TREE_CLONE|unix.OPEN_TREE_CLOEXEC|unix.AT_RECURSIVE)
	if err != nil {
		return -1, fmt.Errorf("open_tree %s: %w", source, err)
	}
	return fd, nil
}

// buildRoot puts the view together and makes it the root. What it takes from
// the host here is what every user may see, so it opens it itself even when
// evalx runs as root.
func buildRoot() error {
	// Nothing that is mounted here may show elsewhere, or the other way round.
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	sources, err := openHostFolders()
	if err != nil {
		return err
	}
	if err := mountTmpfs(stage, space{Bytes: 16 << 20, Inodes: 4096}, "0755"); err != nil {
		return err
	}
	if err := makeSkeleton(stage); err != nil {
		return err
	}
	for target, fd := range sources {
		err := attach(fd, stage+target)
		unix.Close(fd)
		if err != nil {
			return err
		}
	}
	if err := mountProc(stage + "/proc"); err != nil {
		return err
	}
	if err := hideFiles(stage); err != nil {
		return err
	}
	return pivot(stage)
}

// openHostFolders opens what stands at the paths of the fixed view. It comes
// before the stage is mounted, which hides one of them.
func openHostFolders() (map[string]int, error) {
	sources := map[string]int{}
	for _, p := range hostFolders {
		if info, err := os.Lstat(p); err != nil || info.Mode()&os.ModeSymlink != 0 && filepath.Dir(p) == "/" {
			continue // links in / are made by makeSkeleton
		}
		fd, err := openMount(p)
		if err != nil {
			return nil, err
		}
		sources[p] = fd
	}
	for _, p := range hostDevices {
		fd, err := openDevice(p)
		if err != nil {
			return nil, err
		}
		sources[p] = fd
	}
	return sources, nil
}

// makeSkeleton makes the folders, links and small files of the view.
func makeSkeleton(root string) error {
	for _, dir := range []string{"/proc", "/dev", "/etc", "/w", "/prog", "/var"} {
		if err := os.MkdirAll(root+dir, 0o755); err != nil {
			return err
		}
	}
	links := map[string]string{
		"/tmp": "w/tmp", "/var/tmp": "../w/tmp", "/dev/shm": "../w/shm",
		"/dev/fd": "/proc/self/fd", "/dev/stdin": "/proc/self/fd/0",
		"/dev/stdout": "/proc/self/fd/1", "/dev/stderr": "/proc/self/fd/2",
	}
	for _, p := range hostFolders {
		if filepath.Dir(p) != "/" {
			continue
		}
		if target, err := os.Readlink(p); err == nil {
			links[p] = target
		}
	}
	for link, target := range links {
		if err := os.Symlink(target, root+link); err != nil {
			return err
		}
	}
	files := map[string]string{
		"/etc/passwd": "root:x:0:0:root:/:/bin/sh\nuser:x:1000:1000:user:/w/box:/bin/sh\n",
		"/etc/group":  "root:x:0:\nuser:x:1000:\n",
		"/etc/hosts":  "127.0.0.1 localhost\n::1 localhost\n",
	}
	for name, content := range files {
		if err := os.WriteFile(root+name, []byte(content), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// attach puts the detached mount fd at target, making what it is put upon.
func attach(fd int, target string) error {
	var stat unix.Stat_t
	if err := unix.Fstat(fd, &stat); err != nil {
		return fmt.Errorf("stat mount for %s: %w", target, err)
	}
	if err := makeMountPoint(target, stat.Mode&unix.S_IFMT == unix.S_IFDIR); err != nil {
		return fmt.Errorf("make mount point: %w", err)
	}
	if err := unix.MoveMount(fd, "", unix.AT_FDCWD, target, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		return fmt.Errorf("attach mount at %s: %w", target, err)
	}
	return nil
}

func makeMountPoint(target string, folder bool) error {
	if folder {
		return os.MkdirAll(target, 0o755)
	}
	if _, err := os.Lstat(target); err == nil {
		return nil
	}
	if err := os.MkdirAll(path.Dir(target), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(target, os.O_CREATE|os.O_RDONLY, 0o644)
	if err != nil {
		return err
	}
	return f.Close()
}

// mountProc mounts a /proc that shows a program its own processes only.
func mountProc(target string) error {
	fs, err := unix.Fsopen("proc", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return fmt.Errorf("fsopen proc: %w", err)
	}
	defer unix.Close(fs)
	if err := unix.FsconfigSetString(fs, "hidepid", "invisible"); err != nil {
		return fmt.Errorf("proc option hidepid: %w", err)
	}
	return attachNew(fs, "proc", target, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV|unix.MOUNT_ATTR_NOEXEC)
}

// hideFiles puts an empty file over what /proc tells of the whole machine, or
// of the user's other programs, and no program needs.
func hideFiles(root string) error {
	for _, p := range hiddenFiles {
		if _, err := os.Lstat(root + p); err != nil {
			continue // not in this kernel
		}
		fd, err := openDevice(os.DevNull)
		if err != nil {
			return err
		}
		err = attach(fd, root+p)
		unix.Close(fd)
		if err != nil {
			return err
		}
	}
	return nil
}

// mountTmpfs mounts an empty tmpfs of the given size.
func mountTmpfs(target string, size space, mode string) error {
	fs, err := unix.Fsopen("tmpfs", unix.FSOPEN_CLOEXEC)
	if err != nil {
		return fmt.Errorf("fsopen tmpfs: %w", err)
	}
	defer unix.Close(fs)
	for _, option := range [][2]string{
		{"size", fmt.Sprint(size.Bytes)}, {"nr_inodes", fmt.Sprint(size.Inodes)}, {"mode", mode},
	} {
		if err := unix.FsconfigSetString(fs, option[0], option[1]); err != nil {
			return fmt.Errorf("tmpfs option %s=%s: %w", option[0], option[1], err)
		}
	}
	return attachNew(fs, "tmpfs", target, unix.MOUNT_ATTR_NOSUID|unix.MOUNT_ATTR_NODEV|unix.MOUNT_ATTR_NOATIME)
}

func attachNew(fs int, kind, target string, attributes int) error {
	if err := unix.FsconfigCreate(fs); err != nil {
		return fmt.Errorf("create %s: %w", kind, err)
	}
	fd, err := unix.Fsmount(fs, unix.FSMOUNT_CLOEXEC, attributes)
	if err != nil {
		return fmt.Errorf("fsmount %s: %w", kind, err)
	}
	defer unix.Close(fd)
	if err := unix.MoveMount(fd, "", unix.AT_FDCWD, target, unix.MOVE_MOUNT_F_EMPTY_PATH); err != nil {
		return fmt.Errorf("attach %s at %s: %w", kind, target, err)
	}
	return nil
}

// pivot makes root the root of the process and lets go of the old one. With
// both arguments ".", the old root ends up on top of the new one, from where
// it is detached; see pivot_root(2).
func pivot(root string) error {
	if err := unix.Chdir(root); err != nil {
		return fmt.Errorf("chdir %s: %w", root, err)
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("pivot_root: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("detach old root: %w", err)
	}
	return unix.Chdir("/")
}

// denyNamespaces lets nobody in the sandbox make a further namespace, which
// no seccomp filter can do for clone3. The limits are those of the user
// namespace that the supervisor was born with. Mount namespaces stay possible
// for who has CAP_SYS_ADMIN, which without a new user namespace is nobody but
// the supervisor: the kernel counts detached mounts as namespaces.
func denyNamespaces() error {
	files, err := filepath.Glob("/proc/sys/user/max_*_namespaces")
	if err != nil || len(files) == 0 {
		return fmt.Errorf("no /proc/sys/user/max_*_namespaces to deny namespaces with")
	}
	for _, f := range files {
		if filepath.Base(f) == "max_mnt_namespaces" {
			continue
		}
		if err := os.WriteFile(f, []byte("0"), 0); err != nil {
			return fmt.Errorf("deny namespaces: %w", err)
		}
	}
	return nil
}

// sealRoot makes the root and /proc read-only.
func sealRoot() error {
	if err := setReadOnly("/proc", true); err != nil {
		return err
	}
	return setReadOnly("/", true)
}

func setReadOnly(mount string, on bool) error {
	attr := unix.MountAttr{Attr_set: unix.MOUNT_ATTR_RDONLY}
	if !on {
		attr = unix.MountAttr{Attr_clr: unix.MOUNT_ATTR_RDONLY}
	}
	if err := unix.MountSetattr(unix.AT_FDCWD, mount, 0, &attr); err != nil {
		return fmt.Errorf("mount_setattr %s: %w", mount, err)
	}
	return nil
}

// hostView is an OS thread that keeps seeing the host after everything else
// in the supervisor has changed its root, to open what is to be mounted later.
// It is needed without root only: with root, evalx opens mounts and sends them.
type hostView struct {
	ask chan hostAsk
}

type hostAsk struct {
	source string
	answer chan hostAnswer
}

type hostAnswer struct {
	fd  int
	err error
}

func keepHostView() (*hostView, error) {
	h := &hostView{ask: make(chan hostAsk)}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // for ever: no other code may run with this root
		err := unix.Unshare(unix.CLONE_FS | unix.CLONE_NEWNS)
		ready <- err
		for err == nil {
			ask := <-h.ask
			fd, err := openMount(ask.source)
			ask.answer <- hostAnswer{fd, err}
		}
	}()
	if err := <-ready; err != nil {
		return nil, fmt.Errorf("unshare mounts: %w", err)
	}
	return h, nil
}

func (h *hostView) open(source string) (int, error) {
	answer := make(chan hostAnswer)
	h.ask <- hostAsk{source, answer}
	got := <-answer
	return got.fd, got.err
}

// mount shows a further part of the host.
func (s *supervisor) mount(req *request, fds []int) error {
	fd := -1
	if len(fds) > 0 {
		fd = fds[0]
	} else {
		opened, err := s.host.open(string(req.Source))
		if err != nil {
			return err
		}
		fd = opened
		defer unix.Close(fd)
	}
	// The root is read-only for the program's sake; nothing runs now.
	if err := setReadOnly("/", false); err != nil {
		return err
	}
	return errors.Join(attach(fd, string(req.Path)), setReadOnly("/", true))
}

func unmount(target string) error {
	if err := unix.Unmount(target, unix.MNT_DETACH); err != nil {
		return fmt.Errorf("unmount %s: %w", target, err)
	}
	return nil
}
