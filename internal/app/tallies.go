package app

import (
	"sync"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/library"
	"qingfeng/internal/org"
	"qingfeng/internal/record"
)

const (
	// maxTallies is how many figures of one generation stay in memory.
	maxTallies = 1 << 13

	// maxTouched is how many organisations and kinds are kept apart before all
	// figures are forgotten.
	maxTouched = 1 << 17
)

// Tallies keep figures that were counted, so that two hundred readers of overviews
// do not have every branch counted at every click. A figure is good until a record
// of a kind that it counts is written in its organisation or below; when the tree or
// the people change, all are forgotten. There are two generations; when the younger
// is full, the older goes.
type tallies struct {
	mu      sync.Mutex
	young   map[tallyKey]tally
	old     map[tallyKey]tally
	touched map[touch]int64 // the newest record of a kind in an organisation, after since
	since   int64           // what was counted up to an earlier record is not believed
}

// A tallyKey names a figure. The day of today is part of it: what a month that has
// not ended is a share of depends on it.
type tallyKey struct {
	figure string
	org    id.Org
	period day.Period
	today  day.Day
}

type tally struct {
	asOf        int64
	count, base int64
}

type touch struct {
	org  id.Org
	kind string
}

// note takes in records that were just written, before anybody is told of them.
func (t *tallies) note(tree *org.Tree, records []record.Record, changed bool) {
	if len(records) == 0 {
		return
	}
	if changed || len(t.touched) > maxTouched {
		t.forget(records[len(records)-1].Seq)
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, r := range records {
		for _, o := range tree.Path(r.Org, r.On) {
			t.touched[touch{o, r.Kind}] = r.Seq
		}
	}
}

// forget drops every figure that does not rest on all records up to since.
func (t *tallies) forget(since int64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.young, t.old, t.touched, t.since = map[tallyKey]tally{}, nil, map[touch]int64{}, since
}

// get returns a figure that was counted before and is the same as of record asOf.
func (t *tallies) get(k tallyKey, lib *library.Library, asOf int64) (tally, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	kept, ok := t.young[k]
	if !ok {
		if kept, ok = t.old[k]; !ok {
			return tally{}, false
		}
	}
	in := lib.Indicators[k.figure]
	return kept, t.untouched(in, k.org, min(kept.asOf, asOf)) && t.untouched(lib.Indicators[in.Base.Indicator], k.org, min(kept.asOf, asOf))
}

// untouched reports whether nothing that in counts was written in o after record seq.
func (t *tallies) untouched(in indicator.Indicator, o id.Org, seq int64) bool {
	for _, kind := range in.With {
		if t.touched[touch{o, kind}] > seq {
			return false
		}
	}
	return seq >= t.since
}

// put keeps a figure. One that was counted while everything was forgotten is from
// before, and is not kept.
func (t *tallies) put(k tallyKey, counted tally) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if counted.asOf < t.since {
		return
	}
	if len(t.young) >= maxTallies {
		t.old, t.young = t.young, map[tallyKey]tally{}
	}
	t.young[k] = counted
}
