//go:build linux && (amd64 || arm64)

package native

import "errors"

// pageCache follows the page cache of disks that is charged to a cgroup. The
// kernel charges a page of a file to whoever reads it first, and keeps it so
// when that run is over: how much memory a run needed would depend on whether
// its program, libraries and data happened to be in memory before.
//
// Nearly always there is none of it, which shows in the usage being what it
// was before. Only when it is not, memory.stat is read, which takes longer
// than everything else that a run costs evalx.
type pageCache struct {
	usage controlFile // what is in use, of any kind
	stat  controlFile
	field string // of stat: page cache, that of tmpfs included
	last  int64  // usage when last looked at
	bytes int64  // page cache of disks then
}

// cacheNoise is how much the usage of a cgroup moves from one run to the next
// when no page cache does: the kernel charges memory in batches.
const cacheNoise = 512 << 10

func openPageCache(dir, usage, field string) (c pageCache, err error) {
	c.field = field
	if c.usage, err = openControl(dir, usage, 0); err != nil {
		return c, err
	}
	c.stat, err = openControl(dir, "memory.stat", 0)
	return c, err
}

// growth is by how much it has grown since growth was last called: negative if
// some went, because the kernel needed the memory or the file is no more. A
// run's growth is taken off its peak, as if it had all come before the peak,
// which that of programs and libraries does.
func (c *pageCache) growth() (int64, error) {
	now, err := c.usage.number()
	if err != nil || max(now-c.last, c.last-now) < cacheNoise {
		return 0, err
	}
	all, err1 := c.stat.field(c.field)
	tmpfs, err2 := c.stat.field("shmem")
	before := c.bytes
	c.last, c.bytes = now, all-tmpfs
	return c.bytes - before, errors.Join(err1, err2)
}

func (c *pageCache) close() {
	c.usage.close()
	c.stat.close()
}
