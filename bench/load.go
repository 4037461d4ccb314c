package main

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"
)

// A sample is one answer.
type sample struct {
	kind string // of request
	took time.Duration
	good bool // the status that was wanted
}

// A shot is one request about to be sent.
type shot struct {
	kind    string
	request []byte
	want    int // status
}

// A user sends requests over one connection.
type user struct {
	client client
	next   func() shot
	of     map[string][]shot // all that next draws from, where it draws
}

// Samples are what came of a load.
type samples struct {
	all   []sample
	took  time.Duration
	wrong string // one of the failures, to show
}

// rate is how many good answers there were in a second.
func (s samples) rate() float64 {
	good := 0
	for _, x := range s.all {
		if x.good {
			good++
		}
	}
	return float64(good) / s.took.Seconds()
}

func (s samples) errors() (n int) {
	for _, x := range s.all {
		if !x.good {
			n++
		}
	}
	return n
}

// of returns the samples of one kind; "" is all.
func (s samples) of(kind string) samples {
	out := samples{took: s.took}
	for _, x := range s.all {
		if kind == "" || x.kind == kind {
			out.all = append(out.all, x)
		}
	}
	return out
}

// at returns the latency that the share q of the answers, from 0 to 1, does not
// exceed, in milliseconds.
func (s samples) at(q float64) float64 {
	if len(s.all) == 0 {
		return math.NaN()
	}
	sorted := slices.SortedFunc(slices.Values(s.all), func(a, b sample) int { return cmp.Compare(a.took, b.took) })
	i := min(int(math.Ceil(q*float64(len(sorted))))-1, len(sorted)-1)
	return float64(sorted[max(i, 0)].took.Microseconds()) / 1000
}

// fire sends one shot and notes it, with the time since began: since it was sent, or
// since it should have been.
func (u *user) fire(s shot, began time.Time, log *samples) {
	status, _, err := u.client.do(s.request)
	log.all = append(log.all, sample{s.kind, time.Since(began), err == nil && status == s.want})
	if err != nil || status != s.want {
		log.wrong = fmt.Sprintf("%s: %d %v", s.kind, status, err)
	}
}

// closed has every user send as fast as answers come, for span after a warm-up that
// does not count.
func closed(ctx context.Context, users []*user, warm, span time.Duration) samples {
	begin := time.Now().Add(warm)
	end := begin.Add(span)
	return each(users, span, func(u *user, log *samples) {
		for ctx.Err() == nil {
			now := time.Now()
			if now.After(end) {
				return
			}
			if now.Before(begin) {
				u.fire(u.next(), now, &samples{})
				continue
			}
			u.fire(u.next(), now, log)
		}
	})
}

// open has every user send at moments of their own, by chance and on average a mean
// apart, whatever becomes of the request before. A latency counts from that moment:
// what waits because the server is slow is not left out.
func open(ctx context.Context, users []*user, mean, warm, span time.Duration) samples {
	begin := time.Now().Add(warm)
	end := begin.Add(span)
	return each(users, span, func(u *user, log *samples) {
		due := time.Now().Add(pause(mean))
		for due.Before(end) {
			if !until(ctx, due) {
				return
			}
			to := log
			if due.Before(begin) {
				to = &samples{}
			}
			u.fire(u.next(), due, to)
			due = due.Add(pause(mean))
		}
	})
}

// pause draws the time until somebody clicks again.
func pause(mean time.Duration) time.Duration {
	return time.Duration(rand.ExpFloat64() * float64(mean))
}

// until waits for a moment, and reports whether to go on.
func until(ctx context.Context, moment time.Time) bool {
	t := time.NewTimer(time.Until(moment))
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// each runs work for every user at once and puts together what they noted.
func each(users []*user, span time.Duration, work func(*user, *samples)) samples {
	logs := make([]samples, len(users))
	var all sync.WaitGroup
	for i, u := range users {
		all.Go(func() { work(u, &logs[i]) })
	}
	all.Wait()
	sum := samples{took: span}
	for _, l := range logs {
		sum.all = append(sum.all, l.all...)
		sum.wrong = cmp.Or(sum.wrong, l.wrong)
	}
	return sum
}

// median returns the middle one of some figures.
func median(all []float64) float64 {
	sorted := slices.Sorted(slices.Values(all))
	if len(sorted)%2 == 0 {
		return (sorted[len(sorted)/2-1] + sorted[len(sorted)/2]) / 2
	}
	return sorted[len(sorted)/2]
}
