package app

import (
	"sync"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/id"
)

const (
	// maxCached is how many sessions and tokens of one generation stay in memory.
	maxCached = 1 << 13

	// cachedFor is how long what was read of a session is believed. Another process
	// that ends a session is heard of so much later; in this one it is at once.
	cachedFor = 900 * time.Millisecond
)

// A cache keeps sessions and tokens in memory together with their accounts, so that
// two hundred readers do not ask the database at every click. There are two
// generations; when the younger is full, the older goes.
type cache struct {
	mu    sync.Mutex
	young map[string]cached
	old   map[string]cached
	ended int64 // counts calls of drop
}

// cached is what was read of one session or token.
type cached struct {
	read    time.Time
	session account.Session
	token   account.Token
	account account.Account
}

// get returns what is known of hash, unless it was read too long ago, and the mark
// to hand to put after reading it anew.
func (c *cache) get(hash []byte, now time.Time) (known cached, ok bool, mark int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	known, ok = c.young[string(hash)]
	if !ok {
		known, ok = c.old[string(hash)]
	}
	age := now.Sub(known.read)
	return known, ok && age >= 0 && age < cachedFor, c.ended
}

// put keeps what was read after get gave mark. If anything was dropped between, it
// may be what was just read, from before; then it is not kept.
func (c *cache) put(hash []byte, read cached, mark int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if mark != c.ended {
		return
	}
	if len(c.young) >= maxCached || c.young == nil {
		c.old, c.young = c.young, map[string]cached{}
	}
	c.young[string(hash)] = read
}

// drop forgets everything about p.
func (c *cache) drop(p id.Person) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ended++
	for _, all := range []map[string]cached{c.young, c.old} {
		for hash, known := range all {
			if known.account.Person == p {
				delete(all, hash)
			}
		}
	}
}
