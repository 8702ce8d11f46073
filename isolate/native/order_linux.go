//go:build linux && (amd64 || arm64)

package native

import (
	"encoding/binary"
	"errors"
	"syscall"
	"time"
)

// order is what goes over the run socket: one command to run. Descriptors
// travel beside it: the standard files that are there, in their order, then
// the cgroup v2 folder. Orders and their replies are numbers as varints and
// texts behind their length, not JSON: every run pays for them twice.
type order struct {
	run       uint64 // its id
	args, env []string
	dir       string
	stdio     [3]bool // which of the three come as descriptors
	cgroup    bool    // a cgroup v2 folder comes as the last descriptor
	box       bool    // reply with a descriptor of the working folder
	waited    bool    // reply with how long the first process wanted a processor
}

var errOrder = errors.New("malformed message on the run socket")

func (o *order) encode() []byte {
	b := binary.AppendUvarint(nil, o.run)
	for _, flag := range [...]bool{o.stdio[0], o.stdio[1], o.stdio[2], o.cgroup, o.box, o.waited} {
		b = binary.AppendVarint(b, toNumber(flag))
	}
	b = appendText(b, o.dir)
	for _, texts := range [...][]string{o.args, o.env} {
		b = binary.AppendUvarint(b, uint64(len(texts)))
		for _, t := range texts {
			b = appendText(b, t)
		}
	}
	return b
}

func decodeOrder(data []byte) (o order, err error) {
	d := decoder{data: data}
	o.run = d.uint()
	for _, flag := range [...]*bool{&o.stdio[0], &o.stdio[1], &o.stdio[2], &o.cgroup, &o.box, &o.waited} {
		*flag = d.int() != 0
	}
	o.dir = d.text()
	for _, texts := range [...]*[]string{&o.args, &o.env} {
		*texts = make([]string, d.count())
		for i := range *texts {
			(*texts)[i] = d.text()
		}
	}
	return o, d.end()
}

func (r *reply) encode() []byte {
	var b []byte
	for _, n := range [...]int64{
		int64(r.Errno), int64(r.Status), int64(r.Wall), int64(r.CPU), r.MaxRSS, int64(r.Spawner), int64(r.Waited), toNumber(r.Untouched),
	} {
		b = binary.AppendVarint(b, n)
	}
	return appendText(b, r.Error)
}

func decodeReply(data []byte) (r reply, err error) {
	d := decoder{data: data}
	r.Errno = syscall.Errno(d.int())
	r.Status = syscall.WaitStatus(d.int())
	r.Wall = time.Duration(d.int())
	r.CPU = time.Duration(d.int())
	r.MaxRSS = d.int()
	r.Spawner = time.Duration(d.int())
	r.Waited = time.Duration(d.int())
	r.Untouched = d.int() != 0
	r.Error = d.text()
	return r, d.end()
}

func appendText(b []byte, text string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(text))), text...)
}

func toNumber(flag bool) int64 {
	if flag {
		return 1
	}
	return 0
}

// decoder takes a message apart from its front. After the first fault
// everything is zero.
type decoder struct {
	data []byte
	bad  bool
}

func (d *decoder) uint() uint64 {
	n, size := binary.Uvarint(d.data)
	d.advance(size)
	return n
}

func (d *decoder) int() int64 {
	n, size := binary.Varint(d.data)
	d.advance(size)
	return n
}

// count is a length: no message holds more than it has bytes.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.data)) {
		d.advance(0)
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.count()
	text := string(d.data[:n])
	d.data = d.data[n:]
	return text
}

func (d *decoder) advance(size int) {
	if size <= 0 {
		d.bad, d.data = true, nil
		return
	}
	d.data = d.data[size:]
}

func (d *decoder) end() error {
	if d.bad || len(d.data) != 0 {
		return errOrder
	}
	return nil
}
