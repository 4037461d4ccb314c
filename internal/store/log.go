package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"time"

	"qingfeng/internal/id"
	"qingfeng/internal/record"
)

var (
	intoRecord = into("record", `seq# time# "on"# actor# role' behalf# org# matter' kind' edition# corrects# fields* salt* blind* digest*`, "")
	intoAnswer = into("answer", `actor# key' request* seq#`, "")
	intoView   = into("view", `name' key' seq# body*`, "ON CONFLICT (region, name, key) DO UPDATE SET seq = excluded.seq, body = excluded.body")
	intoOutbox = into("outbox", `seq# kind' person# org# matter' tries# due# done#`, "ON CONFLICT DO NOTHING")
	intoLink   = into("attachment_link", `hash' seq# matter'`, "ON CONFLICT DO NOTHING")
)

// Append implements [record.Log]. An error may be [ErrUnknown] or [ErrBroken],
// see there.
func (d *DB) Append(ctx context.Context, have int64, b record.Batch) error {
	if err := check(have, b); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	if err := d.write(ctx, func(t *tx) error { return t.append(have, b) }); err != nil {
		return fmt.Errorf("append after %d: %w", have, err)
	}
	return nil
}

// check finds the mistakes of a caller that no database needs to be asked about.
func check(have int64, b record.Batch) error {
	for i, r := range b.Records {
		switch {
		case r.Seq != have+1+int64(i):
			return fmt.Errorf("record %d comes where %d should", r.Seq, have+1+int64(i))
		case i > 0 && r.Time.Before(b.Records[i-1].Time):
			return fmt.Errorf("record %d is older than the one before", r.Seq)
		case len(r.Digest) == 0 || len(r.Salt) == 0 || len(r.Blind) == 0:
			return fmt.Errorf("record %d is not sealed", r.Seq)
		}
	}
	return nil
}

func (t *tx) append(have int64, b record.Batch) error {
	if turn := t.w.db.dialect.turn; turn != "" {
		if _, err := t.exec(turn, t.region()); err != nil {
			return err
		}
	}
	var seq, at int64
	err := t.row(lastText, []any{t.region()}, &seq, &at)
	switch {
	case err != nil && !errors.Is(err, sql.ErrNoRows):
		return err
	case seq != have:
		return record.ErrStale
	case len(b.Records) > 0 && b.Records[0].Time.UnixMicro() < at:
		return fmt.Errorf("record %d is older than the one before", b.Records[0].Seq)
	}
	for _, step := range []func(record.Batch) error{t.putRecords, t.putLinks, t.putAnswers, t.putView, t.erase, t.putNotices} {
		if err := step(b); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) putRecords(b record.Batch) error {
	row := make([]any, len(intoRecord.columns))
	var canon []byte
	return t.put(intoRecord, func(yield func([]any) bool) {
		for i := range b.Records {
			r := &b.Records[i]
			canon = r.Fields.Append(canon[:0])
			row = append(row[:0], t.region(), r.Seq, r.Time.UnixMicro(), int64(r.On), int64(r.Actor), r.Role,
				int64(r.Behalf), int64(r.Org), string(r.Matter), r.Kind, int64(r.Edition), r.Corrects,
				canon, r.Salt, r.Blind, r.Digest)
			if !yield(row) {
				return
			}
		}
	})
}

// putLinks notes which attachments the records show, so that a file is served
// only to those who may see one of these records.
func (t *tx) putLinks(b record.Batch) error {
	var rows [][]any
	for _, r := range b.Records {
		for f := range r.Fields.AllFiles() {
			rows = append(rows, []any{t.region(), f.Hash, r.Seq, string(r.Matter)})
		}
	}
	return t.put(intoLink, each(rows))
}

func (t *tx) putAnswers(b record.Batch) error {
	var rows [][]any
	for _, a := range b.Answers {
		rows = append(rows, []any{t.region(), int64(a.Actor), a.Key, a.Request, a.Seq})
	}
	return t.put(intoAnswer, each(rows))
}

// putView writes the last of several rows with one key.
func (t *tx) putView(b record.Batch) error {
	type place struct{ view, key string }
	last := make(map[place]int, len(b.Rows))
	for i, r := range b.Rows {
		last[place{r.View, r.Key}] = i
	}
	var rows [][]any
	for i, r := range b.Rows {
		switch {
		case last[place{r.View, r.Key}] != i:
		case r.Body == nil:
			if _, err := t.exec("DELETE FROM view WHERE region = $1 AND name = $2 AND key = $3", t.region(), r.View, r.Key); err != nil {
				return err
			}
		default:
			rows = append(rows, []any{t.region(), r.View, r.Key, r.Seq, r.Body})
		}
	}
	return t.put(intoView, each(rows))
}

// erase blanks fields and salts. What the log of changes still holds of them
// goes when it is moved into the file, which is asked for at once.
func (t *tx) erase(b record.Batch) error {
	for _, seq := range b.Erase {
		n, err := t.changed("UPDATE record SET fields = NULL, salt = NULL WHERE region = $1 AND seq = $2", t.region(), seq)
		if err != nil {
			return err
		}
		if n == 0 {
			return fmt.Errorf("erase %d: no such record", seq)
		}
		if err := t.forget(seq); err != nil {
			return err
		}
	}
	if len(b.Erase) > 0 {
		t.after = append(t.after, t.w.db.moveLog)
	}
	return nil
}

// forget removes what was kept of record seq beside it: which attachments it showed,
// notices on their way, drafts of forms of its matter, which begin with its answers,
// and the digest of the request that made it, by which a guess could be tried. The
// key of that request stays taken.
func (t *tx) forget(seq int64) error {
	for _, text := range []string{
		"DELETE FROM attachment_link WHERE region = $1 AND seq = $2",
		"DELETE FROM outbox WHERE region = $1 AND seq = $2",
		`DELETE FROM draft WHERE region = $1 AND form LIKE (SELECT matter FROM record WHERE region = $1 AND seq = $2) || '/%'`,
	} {
		if _, err := t.exec(text, t.region(), seq); err != nil {
			return err
		}
	}
	_, err := t.exec("UPDATE answer SET request = $3 WHERE region = $1 AND seq = $2", t.region(), seq, []byte{})
	return err
}

func (t *tx) putNotices(b record.Batch) error {
	var rows [][]any
	for _, n := range b.Notices {
		rows = append(rows, []any{t.region(), n.Seq, n.Kind, int64(n.Person), int64(n.Org), string(n.Matter), int64(0), int64(0), int64(0)})
	}
	return t.put(intoOutbox, each(rows))
}

// each yields rows that are all there already.
func each(rows [][]any) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		for _, r := range rows {
			if !yield(r) {
				return
			}
		}
	}
}

const lastText = "SELECT seq, time FROM record WHERE region = $1 ORDER BY seq DESC LIMIT 1"

// Last implements [record.Reader].
func (d *DB) Last(ctx context.Context) (int64, time.Time, error) { return last(ctx, d) }

func last(ctx context.Context, from source) (seq int64, at time.Time, err error) {
	var micro int64
	err = from.row(ctx, lastText, []any{from.region()}, &seq, &micro)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return 0, time.Time{}, nil
	case err != nil:
		return 0, time.Time{}, fmt.Errorf("last record: %w", err)
	}
	return seq, time.UnixMicro(micro).UTC(), nil
}

// Answer implements [record.Log].
func (d *DB) Answer(ctx context.Context, actor id.Person, key string) (record.Answer, bool, error) {
	a := record.Answer{Actor: actor, Key: key}
	err := d.row(ctx, "SELECT request, seq FROM answer WHERE region = $1 AND actor = $2 AND key = $3",
		[]any{d.region(), int64(actor), key}, &a.Request, &a.Seq)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return record.Answer{}, false, nil
	case err != nil:
		return record.Answer{}, false, fmt.Errorf("answer: %w", err)
	}
	return a, true, nil
}
