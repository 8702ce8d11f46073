package isolate

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/sys/unix"
)

// Input copies r into memory that no-one can write to any more (a sealed
// memfd, see memfd_create(2)) and returns it, ready to be read from its start.
// A sandboxed program that gets it learns neither a path of the host nor
// can it change what a later run reads.
func Input(r io.Reader) (*os.File, error) {
	f, err := memory("stdin", unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, err
	}
	if _, err := io.Copy(f, r); err != nil {
		f.Close()
		return nil, fmt.Errorf("copy input: %w", err)
	}
	seals := unix.F_SEAL_WRITE | unix.F_SEAL_GROW | unix.F_SEAL_SHRINK | unix.F_SEAL_SEAL
	if _, err := unix.FcntlInt(f.Fd(), unix.F_ADD_SEALS, seals); err != nil {
		f.Close()
		return nil, fmt.Errorf("seal input: %w", err)
	}
	_, err = f.Seek(0, io.SeekStart)
	return f, err
}

// Output returns an empty file in memory, for a program to write to. Read it
// with ReadAt: the program shares its offset.
func Output() (*os.File, error) {
	return memory("stdout", 0)
}

func memory(name string, flags int) (*os.File, error) {
	fd, err := unix.MemfdCreate(name, unix.MFD_CLOEXEC|flags)
	if err != nil {
		return nil, fmt.Errorf("memfd_create: %w", err)
	}
	return os.NewFile(uintptr(fd), name), nil
}
