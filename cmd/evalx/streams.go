package main

import (
	"io"
	"os"
	"time"

	"github.com/evalx/evalx/internal/style"
)

// streams is the outside world, as far as commands have to do with it.
type streams struct {
	In       io.Reader
	Out, Err io.Writer
	Env      func(string) string
	Environ  []string // all of the environment, for programs that evalx trusts
	Now      func() time.Time
	Self     string // path of this program
	Temp     string // folder for temporary files
	Cache    string // folder that survives; "" if there is none
	OutColor bool   // Out is a terminal that wants colours
	ErrColor bool

	InTerminal, OutTerminal, ErrTerminal bool
	OutWidth, ErrWidth                   int // columns of the terminal; 0: unknown
}

// system returns the streams of this process.
func system() *streams {
	cache := ""
	if dir, err := os.UserCacheDir(); err == nil {
		cache = dir
	}
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return &streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr, Env: os.Getenv, Environ: os.Environ(), Now: time.Now,
		Self: self, Temp: os.TempDir(), Cache: cache,
		OutColor: style.Wanted(os.Stdout), ErrColor: style.Wanted(os.Stderr),
		InTerminal: style.Terminal(os.Stdin), OutTerminal: style.Terminal(os.Stdout), ErrTerminal: style.Terminal(os.Stderr),
		OutWidth: style.Columns(os.Stdout), ErrWidth: style.Columns(os.Stderr),
	}
}
