package verify

import (
	"encoding/json"
	"sync"

	"github.com/evalx/evalx/judge/verdict"
)

// checked is what a validator says of an input or an output.
type checked struct {
	// Verdict is AC if it accepts, WA if it rejects, and JE if it failed.
	Verdict verdict.Verdict `json:"verdict"`
	Message string          `json:"message,omitempty"`
}

// checks are what a validator said, by the key of what it looked at. They are
// kept between runs.
type checks struct {
	w       *work
	key     string // under which they are kept; "": they are not
	mu      sync.Mutex
	known   map[string]checked
	used    map[string]checked
	changed bool
}

// newChecks returns the checks that are kept under a key, which is "" if there
// is none.
func (w *work) newChecks(key string) *checks {
	c := &checks{w: w, known: map[string]checked{}, used: map[string]checked{}}
	if key == "" || w.Engine.LookUp == nil || w.Engine.Store == nil {
		return c
	}
	c.key = key + " " + w.Version + " " + w.Engine.Capabilities.Backend
	if data, ok := w.Engine.LookUp(c.key); ok && !w.Fresh && json.Unmarshal(data, &c.known) != nil {
		c.known = map[string]checked{}
	}
	return c
}

// get returns what is known of what has a key.
func (c *checks) get(key string) (checked, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	r, ok := c.known[key]
	if ok {
		c.used[key] = r
	}
	return r, ok
}

// put notes what a validator said.
func (c *checks) put(key string, r checked) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known[key] = r
	c.used[key] = r
	c.changed = true
}

// keep stores the checks of this run for the next time. A validator that failed
// is asked again.
func (c *checks) keep() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.key == "" || !c.changed {
		return
	}
	for key, r := range c.used {
		if r.Verdict == verdict.JudgeError {
			delete(c.used, key)
		}
	}
	if data, err := json.Marshal(c.used); err == nil {
		_ = c.w.Engine.Store(c.key, data) // then the validator is asked again
	}
}
