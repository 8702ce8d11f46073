//go:build linux && (amd64 || arm64)

package native

import (
	"reflect"
	"syscall"
	"testing"
	"time"
)

func TestOrdersArriveAsSent(t *testing.T) {
	for _, sent := range []order{
		{args: []string{"/bin/true"}, env: []string{}},
		{
			run: 1 << 63, args: []string{"/prog/a", "", "\xff\n"}, env: []string{"A=b", "C="}, dir: "/w/box",
			stdio: [3]bool{true, false, true}, cgroup: true, box: true,
		},
	} {
		if got, err := decodeOrder(sent.encode()); err != nil || !reflect.DeepEqual(got, sent) {
			t.Errorf("sent %+v, got %+v, %v", sent, got, err)
		}
	}
}

func TestRepliesArriveAsSent(t *testing.T) {
	for _, sent := range []reply{
		{},
		{
			Error: "no", Errno: syscall.ENOENT, Status: 0x8b, Wall: time.Second, CPU: time.Minute,
			MaxRSS: 1 << 40, Spawner: time.Microsecond, Untouched: true,
		},
	} {
		if got, err := decodeReply(sent.encode()); err != nil || got != sent {
			t.Errorf("sent %+v, got %+v, %v", sent, got, err)
		}
	}
}

// What is cut short, or goes on, is refused, and nothing panics.
func TestMalformedMessagesAreRefused(t *testing.T) {
	o := order{run: 300, args: []string{"/bin/true", "x"}, env: []string{"A=b"}, dir: "/"}
	r := reply{Error: "some words", Wall: time.Hour}
	for what, whole := range map[string][]byte{"order": o.encode(), "reply": r.encode()} {
		decode := func(data []byte) error {
			if what == "order" {
				_, err := decodeOrder(data)
				return err
			}
			_, err := decodeReply(data)
			return err
		}
		for n := range whole {
			if decode(whole[:n]) == nil {
				t.Errorf("%s cut to %d bytes is taken", what, n)
			}
		}
		if decode(append(whole[:len(whole):len(whole)], 0)) == nil {
			t.Errorf("%s with more behind it is taken", what)
		}
	}
}
