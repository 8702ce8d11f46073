package main

import (
	"github.com/evalx/evalx/judge"
	"github.com/evalx/evalx/judge/language"
)

// engine is what every command that compiles or runs programs does it with.
// cacheFlags.open adds the cache.
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
	return cfg
}
