package library

import (
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A book is what was recorded in the world of a case, read by the procedures of the
// library.
type book struct {
	*world
	lib *Library
}

var _ matter.Log = book{}

// Find implements [matter.Log].
func (b book) Find(seq int64) (record.Record, string, bool) {
	if seq < 1 || seq > int64(len(b.log)) {
		return record.Record{}, "", false
	}
	r := b.log[seq-1]
	p, _ := b.lib.Latest(r.Procedure())
	s, _ := p.Step(r.Step())
	return r, s.Effect, true
}

// Unfinished implements [matter.Log].
func (b book) Unfinished(o id.Org) (open []id.Matter) {
	for _, r := range b.log {
		p, ok := b.lib.Latest(r.Procedure())
		past := b.past(r.Matter)
		if ok && r.Org == o && past[0].Seq == r.Seq && matter.Fold(p, past).Unfinished(p) {
			open = append(open, r.Matter)
		}
	}
	return open
}
