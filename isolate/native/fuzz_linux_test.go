//go:build linux && (amd64 || arm64)

package native

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"
)

// FuzzStat holds that no name of a process changes what is read of it.
func FuzzStat(f *testing.F) {
	for _, name := range []string{"a", ") R 1 1", "\n)", "((", ") ) )", "", "a b\tc", "\xff)\x00"} {
		f.Add([]byte(name), uint32(7), uint32(3))
	}
	f.Fuzz(func(t *testing.T, name []byte, user, pages uint32) {
		rest := fmt.Sprintf(" S 1 2 3 4 5 6 7 8 9 10 %d 20 1 1 20 0 3 0 4711 99 %d 18446744073709551615 0", user, pages)
		got, ok := parseStat(append(append([]byte("42 ("), name...), (")" + rest)...))
		const tick = time.Second / clockTicks
		if want := (processStat{time.Duration(int64(user)+20) * tick, 2 * tick, int64(pages) * int64(os.Getpagesize()), "4711"}); !ok || got != want {
			t.Errorf("name %q: %+v, %v, want %+v", name, got, ok, want)
		}
		parseStat(name) // which is no stat file: only not to panic
	})
}

// FuzzMessages holds that what comes over the run socket, whoever writes it,
// is refused or understood, and that what is understood is what was sent.
func FuzzMessages(f *testing.F) {
	o := order{run: 7, args: []string{"/prog/a", "b\xff"}, env: []string{"A=1"}, dir: "/w/box", box: true}
	r := reply{Error: "x", Wall: time.Second, Status: 9}
	f.Add(o.encode())
	f.Add(r.encode())
	f.Add([]byte("\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if o, err := decodeOrder(data); err == nil {
			again, err := decodeOrder(o.encode())
			if err != nil || !bytes.Equal(again.encode(), o.encode()) {
				t.Errorf("%+v is read again as %+v, %v", o, again, err)
			}
		}
		if r, err := decodeReply(data); err == nil {
			again, err := decodeReply(r.encode())
			if err != nil || again != r {
				t.Errorf("%+v is read again as %+v, %v", r, again, err)
			}
		}
	})
}
