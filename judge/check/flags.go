package check

import "fmt"

// Options says how an output is compared with the answer: the arguments of the
// default output validator, read.
type Options struct {
	CaseSensitive  bool // ASCII letters of different case differ
	SpaceSensitive bool // every byte of whitespace counts

	// A number in the answer is matched by any number at a distance of at
	// most AbsTol, or of at most RelTol × |answer|. Nil is no such tolerance;
	// if both are nil, numbers are text.
	AbsTol, RelTol *float64

	// Strict2025 allows only the numbers of the 2025-09 format. Otherwise
	// hexadecimal ones as C writes them ("0x1.8p3") are numbers too. In both,
	// "inf" and "nan" are text.
	Strict2025 bool
}

// ParseFlags reads the arguments of the default output validator (problem
// package format, "Default output validator specification"). With format2025
// a tolerance may be given only once, and float_tolerance only alone;
// otherwise a later flag wins over an earlier one.
func ParseFlags(args []string, format2025 bool) (Options, error) {
	opt := Options{Strict2025: format2025}
	seen := map[string]bool{}
	for i := 0; i < len(args); i++ {
		name := args[i]
		switch name {
		case "case_sensitive":
			opt.CaseSensitive = true
			continue
		case "space_change_sensitive":
			opt.SpaceSensitive = true
			continue
		case "float_absolute_tolerance", "float_relative_tolerance", "float_tolerance":
		default:
			return Options{}, fmt.Errorf("output validator argument %d: unknown flag %q; the default output validator knows case_sensitive, space_change_sensitive, float_absolute_tolerance, float_relative_tolerance and float_tolerance", i+1, name)
		}
		if format2025 {
			if err := checkRepeat(name, seen); err != nil {
				return Options{}, fmt.Errorf("output validator argument %d: %w", i+1, err)
			}
		}
		seen[name] = true
		i++
		if i == len(args) {
			return Options{}, fmt.Errorf("output validator argument %d: %s needs a number after it, such as 1e-6", i, name)
		}
		value, ok := parseFloat([]byte(args[i]), !format2025)
		if !ok || value < 0 {
			return Options{}, fmt.Errorf("output validator argument %d: %s %q: not a number of at least 0, such as 1e-6", i+1, name, args[i])
		}
		opt.setTolerance(name, value)
	}
	return opt, nil
}

func (o *Options) setTolerance(name string, value float64) {
	if name != "float_relative_tolerance" {
		o.AbsTol = &value
	}
	if name != "float_absolute_tolerance" {
		o.RelTol = &value
	}
}

func checkRepeat(name string, seen map[string]bool) error {
	if seen[name] {
		return fmt.Errorf("%s is given twice; the 2025-09 format allows it once", name)
	}
	if len(seen) > 0 && (name == "float_tolerance" || seen["float_tolerance"]) {
		return fmt.Errorf("%s: float_tolerance cannot be combined with another tolerance in the 2025-09 format", name)
	}
	return nil
}
