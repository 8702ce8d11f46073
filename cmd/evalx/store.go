package main

import (
	"fmt"
	"path/filepath"

	"github.com/spf13/pflag"

	"github.com/evalx/evalx/internal/cache"
	"github.com/evalx/evalx/internal/report"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
)

// cacheSizeVariable names the variable of the environment that bounds the
// cache.
const cacheSizeVariable = "EVALX_CACHE_SIZE"

// defaultCacheSize is how many bytes the cache may have.
const defaultCacheSize = 2 << 30

// cacheHelp stands in the help of every command that uses the cache, below
// "Environment:".
const cacheHelp = `
  EVALX_CACHE_SIZE    how large the cache may become, such as 500M (2G)`

// cacheFlags says whether what is worth keeping is kept.
type cacheFlags struct {
	io  *streams
	Off bool
}

func newCacheFlags(io *streams, f *pflag.FlagSet) *cacheFlags {
	c := &cacheFlags{io: io}
	f.BoolVar(&c.Off, "no-cache", false, "compile and measure anew: neither use nor fill the cache of compiled programs, precompiled headers, versions of compilers and derived time limits")
	return c
}

// open lets cfg use the cache, until the function that it returns is called.
// Without a cache that can be used all works as well, only slower: then it
// warns, unless quiet.
func (c *cacheFlags) open(cfg *judge.Config, quiet bool) (done func(), err error) {
	if c.Off || c.io.Cache == "" {
		return func() {}, nil
	}
	size, err := cacheSize(c.io)
	if err != nil {
		return nil, err
	}
	store, err := cache.Open(cacheFolder(c.io), size, c.io.Now)
	if err != nil {
		if !quiet {
			fmt.Fprintf(c.io.Err, "evalx: warning: nothing is kept for the next time: %s\n", report.Clean(err.Error()))
		}
		return func() {}, nil
	}
	cfg.LookUp, cfg.Store, cfg.Folder = store.Get, store.Put, store.Folder
	if finder, ok := cfg.Finder.(language.Finder); ok {
		finder.LookUp, finder.Store = store.Get, store.Put
		cfg.Finder = finder
	}
	return func() { store.Close() }, nil
}

// cacheFolder is where the cache is.
func cacheFolder(io *streams) string { return filepath.Join(io.Cache, "evalx") }

// cacheSize returns how many bytes the cache may have.
func cacheSize(io *streams) (int64, error) {
	text := io.Env(cacheSizeVariable)
	if text == "" {
		return defaultCacheSize, nil
	}
	var size sizeFlag
	if err := size.Set(text); err != nil {
		return 0, &usageError{fmt.Errorf("%s %q: %w", cacheSizeVariable, text, err), "unset it for 2G"}
	}
	return int64(size), nil
}
