package app

import (
	"context"
	"fmt"

	"qingfeng/internal/fault"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
)

// records reads the records that q selects.
func (a *App) records(ctx context.Context, q record.Query) (all []record.Record, err error) {
	for r, err := range a.store.Read(ctx, q) {
		if err != nil {
			return nil, fmt.Errorf("app: read: %w", err)
		}
		all = append(all, r)
	}
	return all, nil
}

// Record returns record seq.
func (a *App) Record(ctx context.Context, seq int64) (record.Record, error) {
	rs, err := a.records(ctx, record.Query{After: seq - 1, UpTo: seq})
	if err == nil && len(rs) == 0 {
		err = fault.NotFound
	}
	if err != nil {
		return record.Record{}, err
	}
	return rs[0], nil
}

// leafHash returns the hash of the leaf that r is in the public log.
func leafHash(r record.Record) []byte {
	h := seal.LeafHash(r.Leaf())
	return h[:]
}
