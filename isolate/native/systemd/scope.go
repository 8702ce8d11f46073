// Package systemd asks systemd for a control group of one's own: a transient
// scope with Delegate=yes, which is how systemd hands a part of the cgroup
// tree over (org.freedesktop.systemd1(5), CGROUP_DELEGATION.md).
package systemd

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
)

// Names of systemd's manager on a bus, org.freedesktop.systemd1(5).
const (
	service = "org.freedesktop.systemd1"
	object  = "/org/freedesktop/systemd1"
	manager = "org.freedesktop.systemd1.Manager"
)

// Scope is a scope unit to be made.
type Scope struct {
	// Name is the unit's name, which must be new and end in ".scope".
	Name string
	// Description is what systemctl status says of it.
	Description string
	// Slice is the slice that the scope is put in; empty leaves it to systemd.
	Slice string
	// PartOf is a service with which the scope is stopped; empty for none.
	PartOf string
}

// Running tells whether systemd is the machine's init, see sd_booted(3).
func Running() bool {
	_, err := os.Stat("/run/systemd/system")
	return err == nil
}

// Enter has the calling process, and none of its children, moved into a new
// scope. The manager of the machine is asked if user is 0, otherwise that of
// the user. systemd removes the scope when its last process has ended.
//
// An error says that the process is still where it was, unless it is that of
// ctx, which should have a deadline.
func Enter(ctx context.Context, user int, s Scope) error {
	conn, err := connect(ctx, user)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The signal can come before the reply that says which job it is of.
	signals := make(chan *dbus.Signal, 64)
	conn.Signal(signals)
	var job dbus.ObjectPath
	call := conn.Object(service, object).CallWithContext(ctx, manager+".StartTransientUnit", 0,
		s.Name, "fail", s.properties(), []auxiliary{})
	if err := call.Store(&job); err != nil {
		return fmt.Errorf("systemd refused to start %s: %w", s.Name, err)
	}
	return wait(ctx, signals, job)
}

// connect connects to the bus that the user's manager is on, or, where there
// is none (a machine without dbus-user-session), to the manager itself, as
// systemctl does.
func connect(ctx context.Context, user int) (*dbus.Conn, error) {
	bus, direct := "/run/dbus/system_bus_socket", "/run/systemd/private"
	if user != 0 {
		home := "/run/user/" + strconv.Itoa(user)
		bus, direct = home+"/bus", home+"/systemd/private"
	}
	conn, err1 := dial(ctx, bus)
	if err1 != nil {
		conn, err2 := dial(ctx, direct)
		if err2 != nil {
			return nil, errors.Join(err1, err2)
		}
		return conn, nil
	}
	if err := conn.Hello(); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: %w", bus, err)
	}
	err := conn.AddMatchSignalContext(ctx, dbus.WithMatchInterface(manager), dbus.WithMatchMember("JobRemoved"))
	if err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: %w", bus, err)
	}
	return conn, nil
}

// dial connects to a socket and authenticates there.
func dial(ctx context.Context, socket string) (*dbus.Conn, error) {
	conn, err := dbus.Dial("unix:path="+socket, dbus.WithContext(ctx))
	if err != nil {
		return nil, err
	}
	if err := conn.Auth([]dbus.Auth{dbus.AuthExternal(strconv.Itoa(os.Geteuid()))}); err != nil {
		conn.Close()
		return nil, fmt.Errorf("%s: %w", socket, err)
	}
	return conn, nil
}

// property and auxiliary are the arguments of StartTransientUnit.
type property struct {
	Name  string
	Value dbus.Variant
}

type auxiliary struct {
	Name       string
	Properties []property
}

func (s Scope) properties() []property {
	list := []property{
		{"Description", dbus.MakeVariant(s.Description)},
		{"Delegate", dbus.MakeVariant(true)},
		{"CollectMode", dbus.MakeVariant("inactive-or-failed")},
		// 0 is whoever is at the other end of the connection. A number would
		// be that of another process where the manager's pid namespace is not
		// ours.
		{"PIDs", dbus.MakeVariant([]uint32{0})},
	}
	if s.Slice != "" {
		list = append(list, property{"Slice", dbus.MakeVariant(s.Slice)})
	}
	if s.PartOf != "" {
		list = append(list, property{"PartOf", dbus.MakeVariant([]string{s.PartOf})})
	}
	return list
}

// wait waits for the end of a job. The signal JobRemoved carries its number,
// its object, its unit and its result.
func wait(ctx context.Context, signals <-chan *dbus.Signal, job dbus.ObjectPath) error {
	for {
		select {
		case <-ctx.Done():
			return fmt.Errorf("systemd did not start a scope in time: %w", context.Cause(ctx))
		case signal, open := <-signals:
			if !open {
				return errors.New("systemd closed the connection")
			}
			if signal.Name != manager+".JobRemoved" || len(signal.Body) < 4 || signal.Body[1] != job {
				continue
			}
			if signal.Body[3] != "done" {
				return fmt.Errorf("systemd could not start %v: %v", signal.Body[2], signal.Body[3])
			}
			return nil
		}
	}
}

// Around returns the slice and the service that the process with this cgroup
// (a path as in /proc/self/cgroup) belongs to, as the manager that Enter asks
// knows them; "" where there is none.
func Around(cgroup string, user int) (slice, service string) {
	if user != 0 {
		_, below, found := strings.Cut(cgroup, "/user@"+strconv.Itoa(user)+".service/")
		if !found {
			return "", ""
		}
		cgroup = below
	}
	for part := range strings.SplitSeq(strings.Trim(cgroup, "/"), "/") {
		switch {
		case strings.HasSuffix(part, ".slice"):
			slice = part
		case strings.HasSuffix(part, ".service"):
			return slice, part
		default:
			return slice, ""
		}
	}
	return slice, ""
}
