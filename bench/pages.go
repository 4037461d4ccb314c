package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"syscall"
	"time"
)

const (
	concurrent = 200             // readers
	think      = 2 * time.Second // from click to click, on average
	writing    = 20              // acts a second beside the reading
	resident   = 256             // MB that the service may take
)

// kinds are the pages that are promised.
var kinds = []string{"overview", "branch home", "dossier", "list of 20"}

// pages has two hundred people of all roles click through their pages while others
// write.
func (b *bench) pages(ctx context.Context) error {
	dir, err := b.copyCity()
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	h.meet()
	readers, err := h.readers(ctx)
	if err != nil {
		return err
	}
	writers, err := h.writers(ctx, clients)
	if err != nil {
		return err
	}
	if err := h.close(); err != nil {
		return err
	}
	p, err := b.serve(ctx, dir, "/signin")
	if err != nil {
		return err
	}
	if err := p.caughtUp(ctx); err != nil {
		return err
	}
	if err := b.read(ctx, p, readers, writers); err != nil {
		return err
	}
	return p.stop()
}

func (b *bench) read(ctx context.Context, p *process, readers []reader, writers []writer) error {
	users, err := b.clicking(p.address, readers)
	if err != nil {
		return err
	}
	acting := talks(p.address, "/api/v1/acts", http.StatusCreated, writers, writing)
	alone, err := b.alone(ctx, p, users)
	if err != nil {
		return err
	}
	used := processorTime()
	got, wrote := b.readAndWrite(ctx, users, acting)
	used = processorTime() - used
	peak, err := p.status("VmHWM")
	if err != nil {
		return err
	}
	missed := b.pageRows(got, wrote, used)
	b.table.rows = append(b.table.rows, alone.rows...)
	b.table.add("resident memory under that load, the most since the start", fmt.Sprintf("≤ %d MB", resident), peak <= resident, "%.0f MB", peak)
	full := closed(ctx, users, warm, b.span)
	b.table.note(fmt.Sprintf("saturated: %d readers without a pause", concurrent), "%.0f pages/s, p50 %.1f ms, p99 %.1f ms, %d errors", full.rate(), full.at(0.5), full.at(0.99), full.errors())
	for _, kind := range kinds {
		one := full.of(kind)
		b.table.note("saturated: "+kind, "p50 %.1f ms, p99 %.1f ms", one.at(0.5), one.at(0.99))
	}
	if peak > resident {
		if err := b.heap(ctx, p, "memory"); err != nil {
			return err
		}
	}
	if !missed {
		return ctx.Err()
	}
	return b.profile(ctx, p, "pages", func() error { b.readAndWrite(ctx, users, acting); return ctx.Err() })
}

// alone has everybody open their pages one after the other, with nobody beside, and
// says what a page of each kind costs.
func (b *bench) alone(ctx context.Context, p *process, users []*user) (t table, err error) {
	for _, kind := range kinds {
		var one samples
		before, err := p.processor()
		if err != nil {
			return t, err
		}
		for round := range b.span / time.Second {
			for _, u := range users {
				if all := u.of[kind]; len(all) > 0 && ctx.Err() == nil {
					u.fire(all[int(round)%len(all)], time.Now(), &one)
				}
			}
		}
		after, err := p.processor()
		if err != nil {
			return t, err
		}
		t.note("one reader at a time: "+kind, "p50 %.1f ms, p99 %.1f ms; %.1f ms of processor a page", one.at(0.5), one.at(0.99), float64((after-before).Microseconds())/1000/float64(max(1, len(one.all))))
	}
	return t, ctx.Err()
}

// readAndWrite runs both loads at once.
func (b *bench) readAndWrite(ctx context.Context, users, acting []*user) (got, wrote samples) {
	done := make(chan samples)
	go func() { done <- open(ctx, acting, time.Second*time.Duration(len(acting))/writing, warm, 2*b.span) }()
	got = open(ctx, users, think, warm, 2*b.span)
	return got, <-done
}

// pageRows writes a row for each kind of page, and reports whether one is not good.
func (b *bench) pageRows(got, wrote samples, used time.Duration) (missed bool) {
	for _, kind := range kinds {
		one := got.of(kind)
		p99 := one.at(0.99)
		reached := p99 <= 50 && one.errors() == 0
		missed = missed || !reached
		b.table.add(fmt.Sprintf("%s, p99 at %d readers and %d acts/s", kind, concurrent, writing), "≤ 50 ms", reached,
			"%.1f ms (p50 %.1f ms; %d pages, %d errors)", p99, one.at(0.5), len(one.all), one.errors())
	}
	b.table.note("that load", "%.0f pages/s from %d sessions, %v apart on average, and %.1f acts/s (p50 %.1f ms, p99 %.1f ms, %d errors); the readers themselves used %.0f %% of one core",
		got.rate(), concurrent, think, wrote.rate(), wrote.at(0.5), wrote.at(0.99), wrote.errors(), 100*used.Seconds()/(2*b.span+warm).Seconds())
	if got.wrong != "" || wrote.wrong != "" {
		b.say("failures: %s; %s", got.wrong, wrote.wrong)
	}
	return missed
}

// clicking makes a user of every reader who opens, each time, a page of a kind drawn
// by chance from those that are for them. Every page is opened once before, and one
// that somebody may not see is never asked for again.
func (b *bench) clicking(address string, readers []reader) (users []*user, err error) {
	seen := map[string]int{}
	for _, r := range readers {
		u := &user{client: client{address: address}}
		shots := map[string][]shot{}
		for _, kind := range kinds {
			for _, path := range r.pages[kind] {
				request := get(address, path, r.cookie)
				status, size, err := u.client.do(request)
				if err != nil {
					return nil, err
				}
				if status == http.StatusOK {
					shots[kind] = append(shots[kind], shot{kind, request, status})
					seen[kind+" for "+r.role] = size
				}
			}
		}
		var mine []string
		for kind := range shots {
			mine = append(mine, kind)
		}
		if len(mine) == 0 {
			return nil, fmt.Errorf("no page is for %q", r.role)
		}
		slices.Sort(mine)
		u.of = shots
		u.next = func() shot {
			some := shots[mine[rand.IntN(len(mine))]]
			return some[rand.IntN(len(some))]
		}
		users = append(users, u)
	}
	b.say("bytes of a page: %v", seen)
	return users, nil
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
