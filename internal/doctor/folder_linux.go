package doctor

import "syscall"

// noExec is ST_NOEXEC of statvfs(3), which Linux has in f_flags.
const noExec = 8

// space asks the file system of dir what is free there.
func (f *Folder) space(dir string) error {
	var stat syscall.Statfs_t
	if err := syscall.Statfs(dir, &stat); err != nil {
		return err
	}
	f.Free = int64(stat.Bavail) * stat.Bsize
	f.NoExec = stat.Flags&noExec != 0
	if stat.Files > 0 {
		f.Inodes = int64(stat.Ffree)
	}
	return nil
}
