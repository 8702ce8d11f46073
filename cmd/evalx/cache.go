package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/evalx/evalx/internal/cache"
	"github.com/evalx/evalx/internal/report"
)

// cacheOptions is the command lines of evalx cache.
type cacheOptions struct {
	io        *streams
	JSON      bool
	OlderThan ageFlag
	To        sizeFlag
}

func newCache(io *streams) *cobra.Command {
	o := &cacheOptions{io: io}
	cmd := &cobra.Command{
		Use:   "cache",
		Short: "Show, prune or clear what is kept between runs",
		Long: `Show, prune or clear what evalx keeps between runs, in $XDG_CACHE_HOME/evalx or
~/.cache/evalx: compiled programs, precompiled headers and compiled libraries,
versions of compilers, and derived time limits. All of it can be made again;
removing it costs time and nothing else.

Beyond 2 GiB, or what EVALX_CACHE_SIZE says, what was not used for longest is
removed by itself. A folder that other users could change is not used.
` + shortExitHelp,
		Example: `  evalx cache size
  evalx cache prune --older-than 30d --to 500M
  evalx cache clear`,
		Args: cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				return unknownCommand(cmd, args[0])
			}
			return cmd.Help()
		},
	}
	cmd.AddCommand(o.newSize(), o.newPrune(), o.newClear())
	return cmd
}

func (o *cacheOptions) newSize() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "size",
		Short: "Print how much is kept",
		Long:  "Print how much of what is kept, and where.\n" + shortExitHelp,
		Args:  arguments(),
		RunE:  func(*cobra.Command, []string) error { return o.with(o.size) },
	}
	cmd.Flags().BoolVar(&o.JSON, "json", false, "print a JSON object")
	return cmd
}

func (o *cacheOptions) newPrune() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "prune",
		Short: "Remove what was not used for longest",
		Long: `Remove what was not used for a time, or for longest, and print how much that
was. Without flags it removes what is more than the cache may have. What a
running evalx uses stays.
` + shortExitHelp,
		Example: `  evalx cache prune --older-than 30d
  evalx cache prune --to 500M`,
		Args: arguments(),
		RunE: func(*cobra.Command, []string) error { return o.with(o.prune) },
	}
	cmd.Flags().Var(&o.OlderThan, "older-than", "remove what was not used for so long, such as 12h or 30d")
	cmd.Flags().Var(&o.To, "to", "then remove more until so much is left, in MiB, or such as 500M or 1G")
	return cmd
}

func (o *cacheOptions) newClear() *cobra.Command {
	return &cobra.Command{
		Use:   "clear",
		Short: "Remove everything",
		Long:  "Remove everything but what a running evalx uses, and print how much that was.\n" + shortExitHelp,
		Args:  arguments(),
		RunE:  func(*cobra.Command, []string) error { return o.with(o.clear) },
	}
}

// with calls do with the cache.
func (o *cacheOptions) with(do func(*cache.Local) error) error {
	if o.io.Cache == "" {
		return &advised{errors.New("there is no folder for a cache"), "set HOME or XDG_CACHE_HOME"}
	}
	most, err := cacheSize(o.io)
	if err != nil {
		return err
	}
	store, err := cache.Open(cacheFolder(o.io), most, o.io.Now)
	if err != nil {
		return &advised{fmt.Errorf("the cache cannot be used: %w", err), "or set XDG_CACHE_HOME to a folder of your own"}
	}
	defer store.Close()
	return do(store)
}

// cacheUsage is what --json prints.
type cacheUsage struct {
	Dir   string `json:"dir"`
	Limit int64  `json:"limit_bytes"`
	cache.Usage
	Kinds map[string]cache.Usage `json:"kinds"`
}

func (o *cacheOptions) size(store *cache.Local) error {
	kinds, err := store.Size()
	if err != nil {
		return err
	}
	all := cacheUsage{Dir: store.Dir(), Limit: store.Limit(), Kinds: kinds}
	for _, u := range kinds {
		all.Entries, all.Bytes = all.Entries+u.Entries, all.Bytes+u.Bytes
	}
	if o.JSON {
		return json.NewEncoder(o.io.Out).Encode(all)
	}
	var table bytes.Buffer
	w := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ENTRIES\tSIZE\tKIND")
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		fmt.Fprintf(w, "%d\t%s\t%s\n", kinds[kind].Entries, mebibytes(kinds[kind].Bytes), kindName(kind))
	}
	fmt.Fprintf(w, "%d\t%s\tof at most %s in %s\n", all.Entries, mebibytes(all.Bytes), mebibytes(all.Limit), report.Clean(strings.ReplaceAll(all.Dir, "\n", `\n`)))
	if err := w.Flush(); err != nil {
		return err
	}
	_, err = o.io.Out.Write(table.Bytes())
	return err
}

// kindName says what the entries of a kind are.
func kindName(kind string) string {
	switch kind {
	case "digests":
		return "checksums of test data"
	case "limit":
		return "derived time limits"
	case "program":
		return "compiled programs"
	case "toolchain":
		return "precompiled headers and compiled libraries"
	case "version":
		return "versions of compilers"
	case "wanted":
		return "notes of what to prepare when it is wanted again"
	}
	return report.Clean(kind)
}

func mebibytes(n int64) string { return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20)) }

func (o *cacheOptions) prune(store *cache.Local) error {
	before, most := time.Time{}, int64(math.MaxInt64)
	if o.OlderThan > 0 {
		before = o.io.Now().Add(-time.Duration(o.OlderThan))
	}
	switch {
	case o.To > 0:
		most = int64(o.To)
	case o.OlderThan == 0:
		most = store.Limit()
	}
	return o.removed(store.Prune(before, most))
}

func (o *cacheOptions) clear(store *cache.Local) error {
	err := o.removed(store.Prune(time.Time{}, -1))
	kinds, sizeErr := store.Size()
	if err == nil && len(kinds) > 0 {
		fmt.Fprintln(o.io.Err, "evalx: warning: what a running evalx uses, or has just made, stays")
	}
	return errors.Join(err, sizeErr)
}

func (o *cacheOptions) removed(u cache.Usage, err error) error {
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(o.io.Out, "removed %d entries, %s\n", u.Entries, mebibytes(u.Bytes))
	return err
}
