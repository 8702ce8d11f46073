//go:build linux && (amd64 || arm64)

package native

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// What evalx can ask of a supervisor over the control socket. Over the run
// socket go only an order and its reply, see order_linux.go.
const (
	opSetup   = "setup"   // build the view; once, first
	opMount   = "mount"   // show a host folder or file
	opUnmount = "unmount" // take it away again
	opPin     = "pin"     // set the processors of the next runs
	opLimits  = "limits"  // set the rlimits of the next runs
	opFile    = "file"    // put a file below the working folder
	opFresh   = "fresh"   // make the writable folders as new
	opKill    = "kill"    // kill the run with this id; no reply
	opUsage   = "usage"   // sample what the run uses
	opWaited  = "waited"  // how long the run has waited for processors
)

// request is one message on the control socket. Descriptors travel beside it.
// Names are bytes: to Linux they need not be UTF-8, to JSON strings must be.
type request struct {
	Op string

	Setup   *setup      `json:",omitempty"`
	Path    []byte      `json:",omitempty"` // mount, unmount: target; file: below the working folder
	Source  []byte      `json:",omitempty"` // mount, when the supervisor opens it itself
	Mode    fs.FileMode `json:",omitempty"` // file
	Rlimits []rlimit    `json:",omitempty"`
	Space   *space      `json:",omitempty"` // fresh
	CPUs    []int       `json:",omitempty"` // pin
	Run     uint64      `json:",omitempty"` // kill, usage: its id
	Memory  int64       `json:",omitempty"` // usage: bytes that it may use
}

// rlimit is a soft limit; the hard limit stays as it is.
type rlimit struct {
	Resource int
	Value    uint64
}

// space bounds the writable folders of a run.
type space struct {
	Bytes, Inodes int64
}

// reply answers a request or an order.
type reply struct {
	Error  string             `json:",omitempty"`
	Errno  syscall.Errno      `json:",omitempty"` // of an exec that failed
	Status syscall.WaitStatus `json:",omitempty"`
	Wall   time.Duration      `json:",omitempty"`

	// The supervisor's own view of what was used: the rest of the usage comes
	// from the cgroup where there is one.
	CPU     time.Duration `json:",omitempty"` // of all processes reaped
	MaxRSS  int64         `json:",omitempty"` // bytes, of the largest process; 0 if not known
	Spawner time.Duration `json:",omitempty"` // CPU time of the spawner thread itself

	Waited    time.Duration `json:",omitempty"` // waited; and of the first process, if the order asks for it
	Untouched bool          `json:",omitempty"` // the run left the writable folders as new
}

// link is one end of a sequenced-packet socket between evalx and a supervisor.
type link struct {
	fd  int
	buf []byte
}

// Most bytes of a message: what the kernel's default socket buffer takes.
const maxMessage = 160 << 10

func newLinkPair() (ours, theirs int, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_SEQPACKET|unix.SOCK_CLOEXEC, 0)
	return fds[0], fds[1], err
}

func newLink(fd int) *link {
	return &link{fd: fd, buf: make([]byte, maxMessage)}
}

// send writes one message, as JSON, with its descriptors, which stay the
// caller's.
func (l *link) send(message any, fds ...int) error {
	data, err := json.Marshal(message)
	if err != nil {
		return err
	}
	return l.sendBytes(data, fds)
}

func (l *link) sendBytes(data []byte, fds []int) error {
	if len(data) > maxMessage {
		return fmt.Errorf("arguments and environment of %d bytes are too long", len(data))
	}
	var rights []byte
	if len(fds) > 0 {
		rights = unix.UnixRights(fds...)
	}
	return ignoringEINTR(func() error {
		return unix.Sendmsg(l.fd, data, rights, nil, unix.MSG_NOSIGNAL)
	})
}

// receive reads one message sent by send and the descriptors that came with
// it, which are the caller's to close. It returns io.EOF when the other end is
// gone.
func (l *link) receive(message any) ([]int, error) {
	data, fds, err := l.receiveBytes()
	if err != nil {
		return nil, err
	}
	return fds, json.Unmarshal(data, message)
}

// receiveBytes is like receive; what it returns is valid until the next one.
func (l *link) receiveBytes() ([]byte, []int, error) {
	var n, oobn int
	oob := make([]byte, unix.CmsgSpace(8*4))
	err := ignoringEINTR(func() (err error) {
		n, oobn, _, _, err = unix.Recvmsg(l.fd, l.buf, oob, unix.MSG_CMSG_CLOEXEC)
		return err
	})
	if errors.Is(err, unix.ECONNRESET) || err == nil && n == 0 {
		return nil, nil, io.EOF
	}
	if err != nil {
		return nil, nil, fmt.Errorf("recvmsg: %w", err)
	}
	fds, err := parseRights(oob[:oobn])
	return l.buf[:n], fds, err
}

func parseRights(oob []byte) ([]int, error) {
	if len(oob) == 0 {
		return nil, nil
	}
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil || len(messages) == 0 {
		return nil, err
	}
	return unix.ParseUnixRights(&messages[0])
}

func closeAll(fds []int) {
	for _, fd := range fds {
		unix.Close(fd)
	}
}

func ignoringEINTR(call func() error) error {
	for {
		if err := call(); !errors.Is(err, unix.EINTR) {
			return err
		}
	}
}
