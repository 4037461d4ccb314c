package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
)

// A Raw is a record whose fields nobody has parsed yet. To verify a seal the
// bytes are enough, and a follower parses only the kinds it counts.
type Raw struct {
	record.Record        // without Fields
	Canon         []byte // their canonical encoding; nil once erased
}

// Parsed returns the record with its fields, or [record.ErrDamaged] where they are
// not the ones that were written: what a disk made of them is shown to nobody.
func (r Raw) Parsed() (record.Record, error) {
	if r.Canon == nil {
		return r.Record, nil
	}
	if !bytes.Equal(r.Digest, record.FieldsDigest(r.Salt, r.Canon)) {
		return record.Record{}, fmt.Errorf("record %d: %w", r.Seq, record.ErrDamaged)
	}
	var err error
	if r.Fields, err = record.ParseFields(r.Canon); err != nil {
		return record.Record{}, fmt.Errorf("record %d: %w", r.Seq, err)
	}
	return r.Record, nil
}

// Read implements [record.Reader]. No connection is held while the caller works
// on a record, so a slow reader harms nobody, and a caller may read within a
// read. What is appended meanwhile may or may not be yielded, unless UpTo says.
func (d *DB) Read(ctx context.Context, q record.Query) iter.Seq2[record.Record, error] {
	return read(ctx, d, q)
}

// Raw is Read without parsing fields.
func (d *DB) Raw(ctx context.Context, q record.Query) iter.Seq2[Raw, error] { return raw(ctx, d, q) }

// Read implements [record.Reader].
func (s *Snapshot) Read(ctx context.Context, q record.Query) iter.Seq2[record.Record, error] {
	return read(ctx, s, q)
}

// Last implements [record.Reader].
func (s *Snapshot) Last(ctx context.Context) (int64, time.Time, error) { return last(ctx, s) }

func read(ctx context.Context, from source, q record.Query) iter.Seq2[record.Record, error] {
	return func(yield func(record.Record, error) bool) {
		for r, err := range raw(ctx, from, q) {
			var full record.Record
			if err == nil {
				full, err = r.Parsed()
				err = from.noticed(err)
			}
			if !yield(full, err) || err != nil {
				return
			}
		}
	}
}

// The records that are fetched at a time: few at first, because most readers
// want few, then more.
const (
	firstFetch = 64
	mostFetch  = 2048
)

func raw(ctx context.Context, from source, q record.Query) iter.Seq2[Raw, error] {
	return func(yield func(Raw, error) bool) {
		left, first := q.Limit, firstFetch
		if len(q.Orgs) > 0 {
			first = mostFetch // they are found by organisation and day, and sorted anew for each page
		}
		for size := first; ; size = min(size*4, mostFetch) {
			if q.Limit > 0 {
				size = min(size, left)
			}
			page, err := fetch(ctx, from, q, size)
			if err != nil {
				yield(Raw{}, fmt.Errorf("read: %w", err))
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			left -= len(page)
			if len(page) < size || q.Limit > 0 && left == 0 {
				return
			}
			if end := page[len(page)-1].Seq; q.Backwards {
				q.UpTo = end - 1
			} else {
				q.After = end
			}
			if q.Backwards && q.UpTo == 0 {
				return
			}
		}
	}
}

const recordColumns = `seq, time, "on", actor, role, behalf, org, matter, kind, edition, corrects, fields, salt, blind, digest`

func fetch(ctx context.Context, from source, q record.Query, size int) ([]Raw, error) {
	text, args := selection(from, q, size)
	rows, err := from.rows(ctx, text, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	page := make([]Raw, 0, min(size, firstFetch))
	scan := newRawScan()
	for rows.Next() {
		if err := rows.Scan(scan.into...); err != nil {
			return nil, err
		}
		page = append(page, scan.raw())
	}
	return page, from.noticed(rows.Err())
}

// selection says q in SQL. It names only the columns that q asks about: with
// "($1 = ” OR matter = $1)" a database passes over the index and reads all.
func selection(from source, q record.Query, size int) (string, []any) {
	where, args := []string{"region = $1"}, []any{from.region()}
	and := func(condition string, arg any) {
		args = append(args, arg)
		where = append(where, fmt.Sprintf(condition, len(args)))
	}
	if q.Matter != "" {
		and("matter = $%d", string(q.Matter))
	}
	switch len(q.Orgs) {
	case 0:
	case 1:
		and("org = $%d", int64(q.Orgs[0]))
	default:
		args = append(args, from.words().list(orgNumbers(q.Orgs)))
		where = append(where, from.words().among("org", len(args)))
	}
	switch len(q.Kinds) {
	case 0:
	case 1:
		and("kind = $%d", q.Kinds[0])
	default:
		var marks []string
		for _, kind := range q.Kinds {
			args = append(args, kind)
			marks = append(marks, fmt.Sprintf("$%d", len(args)))
		}
		where = append(where, "kind IN ("+strings.Join(marks, ", ")+")")
	}
	if q.Correcting {
		where = append(where, "corrects > 0")
	}
	if q.During.From != 0 {
		and(`"on" >= $%d`, int64(q.During.From))
	}
	if q.During.To != 0 {
		and(`"on" <= $%d`, int64(q.During.To))
	}
	if q.After > 0 {
		and("seq > $%d", q.After)
	}
	if q.UpTo > 0 {
		and("seq <= $%d", q.UpTo)
	}
	order := "seq"
	if q.Backwards {
		order = "seq DESC"
	}
	args = append(args, size)
	return fmt.Sprintf("SELECT %s FROM record WHERE %s ORDER BY %s LIMIT $%d",
		recordColumns, strings.Join(where, " AND "), order, len(args)), args
}

func orgNumbers(orgs []id.Org) []int64 {
	numbers := make([]int64, len(orgs))
	for i, o := range orgs {
		numbers[i] = int64(o)
	}
	return numbers
}

// A rawScan reads the columns of a record. A whole city is read when it is verified,
// and it shows: numbers are taken as they come, without reflection, the bytes of a
// record are copied once and together, and the few roles and kinds are shared.
type rawScan struct {
	into    []any
	numbers [8]any          // seq time on actor behalf org edition corrects
	bytes   [7]sql.RawBytes // role matter kind fields salt blind digest
	names   map[string]string
}

func newRawScan() *rawScan {
	s := &rawScan{names: map[string]string{}}
	n, b := &s.numbers, &s.bytes
	s.into = []any{&n[0], &n[1], &n[2], &n[3], &b[0], &n[4], &n[5], &b[1], &b[2], &n[6], &n[7], &b[3], &b[4], &b[5], &b[6]}
	return s
}

// raw returns the record that was scanned last.
func (s *rawScan) raw() (r Raw) {
	n := func(i int) int64 { v, _ := s.numbers[i].(int64); return v }
	r.Seq, r.Time, r.On = n(0), time.UnixMicro(n(1)).UTC(), day.Day(n(2))
	r.Actor, r.Behalf, r.Org = id.Person(n(3)), id.Person(n(4)), id.Org(n(5))
	r.Edition, r.Corrects = day.Day(n(6)), n(7)
	r.Role, r.Matter, r.Kind = s.name(s.bytes[0]), id.Matter(s.bytes[1]), s.name(s.bytes[2])
	own := make([]byte, 0, len(s.bytes[3])+len(s.bytes[4])+len(s.bytes[5])+len(s.bytes[6]))
	for i, part := range []*[]byte{&r.Canon, &r.Salt, &r.Blind, &r.Digest} {
		if from := s.bytes[3+i]; from != nil {
			own = append(own, from...)
			*part = own[len(own)-len(from) : len(own) : len(own)]
		}
	}
	return r
}

// name returns b as one of the names that occur again and again.
func (s *rawScan) name(b []byte) string {
	name, known := s.names[string(b)]
	if !known {
		name = string(b)
		s.names[name] = name
	}
	return name
}
