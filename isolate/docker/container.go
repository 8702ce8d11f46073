package docker

import (
	"archive/tar"
	"context"
	_ "embed" // for seccompProfile
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// Where things are inside a container.
const (
	homeDir   = "/.evalx" // in the container's own file system, which goes with it
	agentFile = homeDir + "/evalx"
	// MountsDir is where the agent keeps copies of folders to show.
	MountsDir = homeDir + "/mounts"
)

// Labels by which a later evalx knows what an earlier one left.
const (
	ownerLabel   = "io.evalx.owner"   // process id
	machineLabel = "io.evalx.machine" // on which machine
)

// seccompProfile is for containers that evalx runs in, also those of others:
// docs/containers.md names the file.
//
//go:embed seccomp.json
var seccompProfile string

// containerSpec is the body of a create request; the API's documentation
// describes each field.
type containerSpec struct {
	Image        string
	Entrypoint   []string
	Cmd          []string
	User         string
	WorkingDir   string
	Labels       map[string]string
	AttachStdin  bool
	AttachStdout bool
	AttachStderr bool
	OpenStdin    bool
	StdinOnce    bool
	Healthcheck  map[string][]string
	HostConfig   hostConfig
}

type hostConfig struct {
	AutoRemove    bool
	NetworkMode   string
	IpcMode       string
	CgroupnsMode  string
	CapDrop       []string
	CapAdd        []string
	SecurityOpt   []string
	MaskedPaths   []string
	ReadonlyPaths []string
	PidsLimit     int
	LogConfig     map[string]string
}

// newSpec describes the container of a worker. It is closed but for what the
// native sandbox inside is made with, which is at hand until the agent has set
// the container up and becomes an ordinary user:
//   - SYS_ADMIN, to have its own part of the cgroup file system writable, and
//     CHOWN, SETUID and SETGID to give that to the ordinary user and become it;
//   - no AppArmor profile and a wider seccomp profile than usual: the usual ones
//     refuse to make the namespaces and mounts that confine a program. The
//     native sandbox puts a far narrower filter on every program;
//   - the paths of /proc that Docker masks: the kernel allows a new /proc only
//     to those who see all of the old one. Programs see one with them masked.
//
// When its standard input is closed, which it is when evalx ends in any way,
// the agent ends, and the container removes itself.
func newSpec(image, machine string) *containerSpec {
	return &containerSpec{
		Image:      image,
		Entrypoint: []string{agentFile, AgentCommand},
		User:       "0:0", WorkingDir: "/",
		Labels:      map[string]string{ownerLabel: strconv.Itoa(os.Getpid()), machineLabel: machine},
		AttachStdin: true, AttachStdout: true, AttachStderr: true, OpenStdin: true, StdinOnce: true,
		Healthcheck: map[string][]string{"Test": {"NONE"}},
		HostConfig: hostConfig{
			AutoRemove: true, NetworkMode: "none", IpcMode: "none", CgroupnsMode: "private",
			CapDrop:     []string{"ALL"},
			CapAdd:      []string{"SYS_ADMIN", "CHOWN", "SETUID", "SETGID"},
			SecurityOpt: []string{"no-new-privileges", "seccomp=" + seccompProfile, "apparmor=unconfined"},
			MaskedPaths: []string{}, ReadonlyPaths: []string{}, // empty, not absent: absent means the usual ones
			PidsLimit: 16384,
			LogConfig: map[string]string{"Type": "none"},
		},
	}
}

// newContainer makes a container with the agent in it.
func newContainer(ctx context.Context, e *engine, spec *containerSpec, agent string) (string, error) {
	id, err := e.create(ctx, spec)
	if err != nil {
		return "", fmt.Errorf("create a container: %w", err)
	}
	archive, pack := io.Pipe()
	go func() { pack.CloseWithError(packAgent(pack, agent)) }()
	err = e.copyIn(ctx, id, archive)
	archive.Close() // so that packing ends in any case
	if err != nil {
		// The cause may be that ctx is done, hence without it.
		_ = e.remove(context.WithoutCancel(ctx), id)
		return "", fmt.Errorf("copy evalx into a container: %w", err)
	}
	return id, nil
}

// packAgent writes the folder homeDir with the agent as a tar archive.
func packAgent(w io.Writer, agent string) error {
	in, err := os.Open(agent)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	archive := tar.NewWriter(w)
	for _, header := range []*tar.Header{
		{Typeflag: tar.TypeDir, Name: homeDir[1:] + "/", Mode: 0o755},
		{Typeflag: tar.TypeDir, Name: MountsDir[1:] + "/", Mode: 0o755},
		{Typeflag: tar.TypeReg, Name: agentFile[1:], Mode: 0o755, Size: info.Size()},
	} {
		if err := archive.WriteHeader(header); err != nil {
			return err
		}
	}
	if _, err := io.Copy(archive, in); err != nil {
		return err
	}
	return archive.Close()
}

// sweep removes the containers of processes of evalx on this machine that are
// dead. Usually there are none, for they end when their input does.
func sweep(ctx context.Context, e *engine, machine string) error {
	list, err := e.labelled(ctx, machineLabel+"="+machine)
	if err != nil {
		return fmt.Errorf("list containers: %w", err)
	}
	for _, c := range list {
		pid, err := strconv.Atoi(c.Labels[ownerLabel])
		if err != nil || alive(pid) {
			continue
		}
		if err := e.remove(ctx, c.ID); err != nil {
			return fmt.Errorf("remove a container that was left: %w", err)
		}
	}
	return nil
}

// alive tells whether a process exists. Its id may be in use for another one
// by now, whose end then is when the container goes.
func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || err == syscall.EPERM
}

// machineName names this machine and its pid namespace, for containers may
// share one engine and have processes of the same numbers.
func machineName() string {
	host, _ := os.Hostname()
	namespace, _ := os.Readlink("/proc/self/ns/pid") // such as pid:[4026531836]; none on macOS
	return host + "-" + strings.Trim(namespace, "pid:[]")
}
