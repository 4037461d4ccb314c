package app

import (
	"context"
	"errors"
	"slices"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A lookup shows a decision what was recorded before it, with what the batch under
// way has taken already. It keeps what went wrong: a decision on half an answer must
// not stand.
type lookup struct {
	ctx     context.Context
	app     *App
	pending []record.Record // decided, and not yet written
	err     error
}

var _ matter.Log = (*lookup)(nil)

// Find implements [matter.Log].
func (l *lookup) Find(seq int64) (record.Record, string, bool) {
	i := slices.IndexFunc(l.pending, func(r record.Record) bool { return r.Seq == seq })
	if i >= 0 {
		return l.pending[i], l.app.effect(l.pending[i]), true
	}
	r, err := l.app.Record(l.ctx, seq)
	if err != nil {
		if !errors.Is(err, fault.NotFound) {
			l.err = errors.Join(l.err, err)
		}
		return record.Record{}, "", false
	}
	return r, l.app.effect(r), true
}

// Unfinished implements [matter.Log].
func (l *lookup) Unfinished(o id.Org) (open []id.Matter) {
	records, err := l.app.records(l.ctx, record.Query{Orgs: []id.Org{o}})
	l.err = errors.Join(l.err, err)
	for _, r := range l.pending {
		if r.Org == o {
			records = append(records, r)
		}
	}
	byMatter, order := map[id.Matter][]record.Record{}, []id.Matter{}
	for _, r := range records {
		if byMatter[r.Matter] == nil {
			order = append(order, r.Matter)
		}
		byMatter[r.Matter] = append(byMatter[r.Matter], r)
	}
	for _, m := range order {
		first := byMatter[m][0]
		p, ok := l.app.lib.ProcedureEdition(first.Procedure(), first.Edition)
		if ok && matter.Fold(p, byMatter[m]).Unfinished(p) {
			open = append(open, m)
		}
	}
	return open
}
