package main

import (
	"path/filepath"

	"github.com/evalx/evalx/internal/cache"
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
)

// engine is what every command that compiles or runs programs does it with.
func engine(io *streams, box sandbox, languages *language.Set, temp string) judge.Config {
	cfg := judge.Config{
		Sandbox: box, Capabilities: box.Capabilities(),
		Languages: languages, Finder: finder(io),
		Jobs: 1, Temp: temp, Now: io.Now,
	}
	// A sandbox may have toolchains of its own.
	if f, ok := box.(judge.Finder); ok {
		cfg.Finder = f
	}
	if io.Cache != "" {
		limits := cache.Local{Dir: filepath.Join(io.Cache, "evalx", "limits")}
		cfg.LookUp, cfg.Store = limits.Get, limits.Put
		cfg.Folder = cache.Local{Dir: filepath.Join(io.Cache, "evalx", "toolchains")}.Folder
	}
	return cfg
}
