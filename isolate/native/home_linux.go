//go:build linux && (amd64 || arm64)

package native

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evalx/evalx/isolate/native/systemd"
	"golang.org/x/sys/unix"
)

// What a worker's cgroup needs on v2. CPU time is counted in every cgroup,
// also without the controller cpu, which many users are not given.
const controllers2 = "+memory +pids"

// leafSuffix ends the name of the leaf that a process moves to, see moveFrom.
const leafSuffix = "self"

// How long systemd may take to make a scope. It takes a few milliseconds.
const scopePatience = 5 * time.Second

// home2 returns the folder of the cgroup v2 hierarchy to make this process's
// folder in. It must be one where no process of others is or is going to be
// put, because a cgroup with controllers for its children may hold none:
//   - the parent of our leaf, if we or the evalx that started us moved there;
//   - without systemd the root of the hierarchy, or our own cgroup;
//   - our own cgroup if systemd has delegated it and nobody else is in it;
//   - a scope that systemd makes for us;
//   - if it cannot, as root the root of the hierarchy, or our own cgroup.
func home2(m cgroupMount, own string) (string, error) {
	home := m.folder(own)
	if isLeaf(home) && writable2(filepath.Dir(home)) {
		return filepath.Dir(home), nil
	}
	if err := hasControllers(m.point); err != nil {
		return "", err
	}
	if !systemd.Running() {
		return unmanaged(m, home)
	}
	if delegated(home) && alone(home) == nil {
		return home, hasControllers(home)
	}
	scope, err := enterScope(m, own)
	if err == nil {
		return scope, hasControllers(scope)
	}
	home, err2 := unmanaged(m, home)
	if err2 != nil {
		return "", errors.Join(err, err2)
	}
	return home, hasControllers(home)
}

// unmanaged returns the folder to use where nobody manages the hierarchy.
func unmanaged(m cgroupMount, home string) (string, error) {
	if os.Geteuid() == 0 && !exists(filepath.Join(m.point, "cgroup.type")) {
		return m.point, nil // the true root, which may hold processes and folders
	}
	if !writable2(home) {
		return "", fmt.Errorf("%s: may not be written to by this user", home)
	}
	return home, alone(home)
}

// isLeaf tells whether folder is one that evalx moves to.
func isLeaf(folder string) bool {
	name := filepath.Base(folder)
	return strings.HasPrefix(name, "evalx-") && strings.HasSuffix(name, "-"+leafSuffix) && controllersOn(filepath.Dir(folder))
}

// writable2 tells whether this process may make folders in a cgroup, move
// itself below it, and switch its controllers.
func writable2(folder string) bool {
	for _, name := range []string{".", "cgroup.procs", "cgroup.subtree_control"} {
		if unix.Faccessat(unix.AT_FDCWD, filepath.Join(folder, name), unix.W_OK, unix.AT_EACCESS) != nil {
			return false
		}
	}
	return true
}

// delegated tells whether systemd has marked a cgroup of ours as delegated:
// by an attribute that only root can read, and since version 251 by one that
// everybody can.
func delegated(folder string) bool {
	var value [1]byte
	for _, name := range []string{"user.delegate", "trusted.delegate"} {
		if n, err := unix.Getxattr(folder, name, value[:]); err == nil && n == 1 && value[0] == '1' {
			return writable2(folder)
		}
	}
	return false
}

// alone returns an error if a cgroup has processes beside this one.
func alone(folder string) error {
	data, err := os.ReadFile(filepath.Join(folder, "cgroup.procs"))
	if err != nil {
		return err
	}
	if strings.TrimSpace(string(data)) != strconv.Itoa(os.Getpid()) {
		return fmt.Errorf("%s: holds other processes beside evalx", folder)
	}
	return nil
}

// hasControllers returns an error if a cgroup lacks a controller that is
// needed, with what to do about it.
func hasControllers(folder string) error {
	data, err := os.ReadFile(filepath.Join(folder, "cgroup.controllers"))
	if err != nil {
		return err
	}
	have := strings.Fields(string(data))
	for _, need := range strings.Fields(controllers2) {
		need = strings.TrimPrefix(need, "+")
		if slices.Contains(have, need) {
			continue
		}
		return fmt.Errorf("%s has no controller %s (it has %q): %s", folder, need, have, controllerAdvice(folder, need))
	}
	return nil
}

// controllerAdvice says why a cgroup commonly lacks a controller.
func controllerAdvice(folder, controller string) string {
	switch {
	case !exists(filepath.Join(folder, "cgroup.type")):
		return "the kernel has it switched off; boot with cgroup_enable=" + controller
	case systemd.Running() && os.Geteuid() != 0:
		return "as root run systemctl edit user@.service, add [Service] and Delegate=memory pids, and log in anew"
	}
	return "it must be given to the service or container that evalx runs in"
}

// controllersOn tells whether the children of folder have what is needed.
func controllersOn(folder string) bool {
	data, err := os.ReadFile(filepath.Join(folder, "cgroup.subtree_control"))
	on := strings.Fields(string(data))
	return err == nil && slices.Contains(on, "memory") && slices.Contains(on, "pids")
}

// enterScope has systemd move this process into a scope, and returns its
// folder.
func enterScope(m cgroupMount, own string) (string, error) {
	name := stalePrefix(os.Getpid()) + strings.ToLower(rand.Text()[:8]) + ".scope"
	ctx, cancel := context.WithTimeout(context.Background(), scopePatience)
	defer cancel()
	slice, service := systemd.Around(own, os.Geteuid())
	err := systemd.Enter(ctx, os.Geteuid(), systemd.Scope{
		Name: name, Description: "evalx judges", Slice: slice, PartOf: service,
	})
	if err != nil {
		return "", fmt.Errorf("%w; %s", err, scopeAdvice())
	}
	now, err := ownCgroups("/proc/self/cgroup")
	if err != nil {
		return "", err
	}
	folder := m.folder(now[""])
	if filepath.Base(folder) != name || !writable2(folder) {
		return "", fmt.Errorf("systemd started %s, but the cgroup of evalx is %s", name, folder)
	}
	return folder, nil
}

// scopeAdvice says what to do when systemd makes no scope.
func scopeAdvice() string {
	if os.Geteuid() == 0 {
		return "run evalx in a service with Delegate=yes"
	}
	return "log in by a session that systemd knows of, or as root: loginctl enable-linger " + strconv.Itoa(os.Geteuid())
}
