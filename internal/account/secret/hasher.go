// Package secret makes and checks what proves who somebody is: passwords,
// one-time codes, random names of sessions. It keeps none of them and decides
// nothing about people.
package secret

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/alexedwards/argon2id"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
)

// A Cost is what one password costs to hash.
type Cost struct {
	Memory uint32 // KiB
	Passes uint32
}

// Ordinary is the cost of an installation that chose none: two passes over
// 19 MiB. Fourteen people a second, a city's secretaries in ten minutes, are
// within the reach of two cores; at four times the memory they are not.
func Ordinary() Cost { return Cost{Memory: 19 << 10, Passes: 2} }

// A Hasher hashes passwords, only a few at a time: each takes memory, and whoever
// can ask for many at once could take all of it.
type Hasher struct {
	params argon2id.Params
	slots  chan struct{}
	wait   time.Duration
	dummy  string
	hashed atomic.Int64
}

// NewHasher returns a Hasher that works on slots passwords at a time and lets
// others wait no longer than wait.
func NewHasher(cost Cost, slots int, wait time.Duration) (*Hasher, error) {
	h := &Hasher{
		params: argon2id.Params{Memory: cost.Memory, Iterations: cost.Passes, Parallelism: 1, SaltLength: 16, KeyLength: 32},
		slots:  make(chan struct{}, max(1, slots)),
		wait:   wait,
	}
	var err error
	h.dummy, err = argon2id.CreateHash("nobody has this password", &h.params)
	if err != nil {
		return nil, fmt.Errorf("secret: %w", err)
	}
	return h, nil
}

// Hash returns the hash of a new password, with its parameters and a salt.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	if err := h.enter(ctx); err != nil {
		return "", err
	}
	defer h.leave()
	h.hashed.Add(1)
	if hash, err = argon2id.CreateHash(account.Password(password), &h.params); err != nil {
		return "", fmt.Errorf("secret: %w", err)
	}
	return hash, nil
}

// Check reports whether password is the one that was hashed, and whether it
// should be hashed anew because the cost has changed since. Where there is no
// hash it works as long as if there were one, and says no.
func (h *Hasher) Check(ctx context.Context, password, hash string) (fits, stale bool, err error) {
	if err := h.enter(ctx); err != nil {
		return false, false, err
	}
	defer h.leave()
	h.hashed.Add(1)
	known := hash != ""
	if !known {
		hash = h.dummy
	}
	fits, used, err := argon2id.CheckHash(account.Password(password), hash)
	if err != nil {
		return false, false, fmt.Errorf("secret: %w", err)
	}
	return fits && known, *used != h.params, nil
}

// enter waits for a free slot. Whoever waited too long is told that it is busy:
// to wait longer would help nobody, and everybody behind would wait as well.
func (h *Hasher) enter(ctx context.Context) error {
	select {
	case h.slots <- struct{}{}:
		return nil
	default:
	}
	timer := time.NewTimer(h.wait)
	defer timer.Stop()
	select {
	case h.slots <- struct{}{}:
		return nil
	case <-timer.C:
		return fault.Busy
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (h *Hasher) leave() { <-h.slots }

// Hashed returns how many passwords were worked on since the start.
func (h *Hasher) Hashed() int64 { return h.hashed.Load() }

// Typed removes what people put into a code to read it better.
func Typed(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-' || r == '\t':
			return -1
		case r >= '０' && r <= '９': // what an input method leaves behind
			return r - '０' + '0'
		}
		return r
	}, code)
}
