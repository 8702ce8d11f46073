//go:build !linux

package doctor

import "syscall"

// noExec is MNT_NOEXEC of sys/mount.h.
const noExec = 4

// space asks the file system of dir what is free there.
func (f *Folder) space(dir string) error {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return err
	}
	f.Free = int64(stat.Bavail) * int64(stat.Bsize)
	f.NoExec = stat.Flags&noExec != 0
	f.Inodes = int64(stat.Ffree)
	return nil
}
