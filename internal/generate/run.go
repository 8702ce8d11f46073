package generate

import (
	"context"
	"errors"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
)

// Progress is told of what happens; all calls come one after the other.
type Progress struct {
	File func(name string, state State) // every file, by its path relative to data/
	Fail func(err *RuleError)
	Warn func(text string)
}

// Run makes the files of rules, all rules of the plan unless only says which,
// and puts them into the store, jobs rules at one time. Rules that fail are
// told of, and do not stop the others. Other errors are those of Maker.Make.
func Run(ctx context.Context, m *Maker, s *Store, jobs int, only func(path string) bool, tell Progress) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r := &run{Maker: m, store: s, only: only, tell: tell, made: map[*Rule][]string{}}
	queue := make(chan *Rule)
	var wait sync.WaitGroup
	for range jobs {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for rule := range queue {
				if err := r.rule(ctx, rule); err != nil {
					stop(err)
				}
			}
		}()
	}
	for _, rule := range m.Plan.Rules {
		if only(rule.Path) && ctx.Err() == nil {
			queue <- rule
		}
	}
	close(queue)
	wait.Wait()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return r.rest()
}

type run struct {
	*Maker
	store *Store
	only  func(path string) bool

	mu   sync.Mutex
	tell Progress
	made map[*Rule][]string // the endings of its files
}

// rule makes the files of one test case.
func (r *run) rule(ctx context.Context, rule *Rule) error {
	if rule.Kept {
		r.keep(rule)
		return nil
	}
	made, err := r.Make(ctx, rule)
	var wrong *RuleError
	if errors.As(err, &wrong) {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.tell.Fail(wrong)
		return nil
	}
	if err != nil {
		return err
	}
	var endings []string
	for _, ending := range slices.Sorted(maps.Keys(made.Files)) {
		state, err := r.store.Put(rule.Path+ending, made.Files[ending])
		if err != nil {
			return err
		}
		endings = append(endings, ending)
		r.file(rule.Path+ending, state)
	}
	for _, ending := range slices.Sorted(maps.Keys(made.Links)) {
		state, err := r.store.PutLink(rule.Path+ending, rule.Path+made.Links[ending])
		if err != nil {
			return err
		}
		endings = append(endings, ending)
		r.file(rule.Path+ending, state)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made[rule] = endings
	for _, text := range made.Warnings {
		r.tell.Warn(text)
	}
	return nil
}

// keep notes the files of a test case that stays as it is.
func (r *run) keep(rule *Rule) {
	endings := slices.DeleteFunc(endings(), func(ending string) bool { return !r.store.Has(rule.Path + ending) })
	r.mu.Lock()
	defer r.mu.Unlock()
	r.made[rule] = endings
	for _, ending := range endings {
		r.tell.File(rule.Path+ending, Same)
	}
	if !slices.Contains(endings, ".in") {
		r.tell.Fail(&RuleError{rule, errors.New("there is no input, and nothing says how it is made")})
	}
}

func (r *run) file(name string, state State) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.tell.File(name, state)
}

// rest makes configurations and the links to test cases of other groups.
func (r *run) rest() error {
	for _, name := range slices.Sorted(maps.Keys(r.Plan.Configs)) {
		if of := strings.TrimSuffix(name, ".yaml"); !r.only(of) && !r.only(path.Dir(name)+"/*") {
			continue
		}
		state, err := r.store.PutConfig(name, r.Plan.Configs[name])
		if err != nil {
			return err
		}
		r.tell.File(name, state)
	}
	for _, link := range r.Plan.Links {
		if !r.only(link.Path) {
			continue
		}
		for _, ending := range r.made[link.Target] {
			state, err := r.store.PutLink(link.Path+ending, link.Target.Path+ending)
			if err != nil {
				return err
			}
			r.tell.File(link.Path+ending, state)
		}
	}
	return nil
}
