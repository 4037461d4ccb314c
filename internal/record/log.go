package record

import (
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// ErrStale means that the log has grown since the caller last read it.
var ErrStale = errors.New("the log has grown meanwhile")

// ErrDamaged: the fields of a record are not the ones that were written.
var ErrDamaged = errors.New("the fields are not the ones that were sealed; run qingfeng verify")

// A Query selects records. Its zero value selects all of them, oldest first.
type Query struct {
	Matter     id.Matter  // of one matter
	Orgs       []id.Org   // of any of these organisations
	Kinds      []string   // of any of these kinds
	Correcting bool       // that set another one right
	During     day.Period // that happened on these days
	After      int64      // with a greater Seq
	UpTo       int64      // with a Seq not greater, unless 0
	Limit      int        // at most so many, unless 0
	Backwards  bool       // newest first
}

// Match reports whether q selects r, leaving Limit aside.
func (q Query) Match(r Record) bool {
	within := len(q.Orgs) == 0
	for _, o := range q.Orgs {
		within = within || o == r.Org
	}
	return within && (q.Matter == "" || q.Matter == r.Matter) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, r.Kind)) &&
		(!q.Correcting || r.Corrects != 0) &&
		q.During.Contains(r.On) && r.Seq > q.After && (q.UpTo == 0 || r.Seq <= q.UpTo)
}

// A Reader reads the log. Pages and figures get this and nothing more.
type Reader interface {
	// Read yields matching records in order of Seq.
	Read(ctx context.Context, q Query) iter.Seq2[Record, error]

	// Last returns the Seq and the time of the last record, or zeros.
	Last(ctx context.Context) (int64, time.Time, error)
}

// A Log also appends. Only package app holds one.
type Log interface {
	Reader

	// Append writes b at the end of the log, all or nothing, and returns when
	// it is durable. b.Records must be numbered from have+1; if the log does
	// not end at have, Append writes nothing and returns [ErrStale].
	Append(ctx context.Context, have int64, b Batch) error

	// Answer returns what was answered to actor's request key, and whether
	// there was one.
	Answer(ctx context.Context, actor id.Person, key string) (Answer, bool, error)

	// View yields the rows of one view, by rising key.
	View(ctx context.Context, name string) iter.Seq2[Row, error]
}

// A Batch is what one transaction writes.
type Batch struct {
	Records []Record
	Answers []Answer // one for each request that carried a key
	Rows    []Row    // of the views that decisions need
	Erase   []int64  // records whose fields and salt are blanked, by a record of this batch, with all that was kept of them elsewhere
	Notices []Notice // to be delivered later, at least once
}

// An Answer remembers what a request with an idempotency key was told.
type Answer struct {
	Actor   id.Person
	Key     string // chosen by the client, at most 64 bytes
	Request []byte // digest of the request, so that a key cannot serve two
	Seq     int64  // the record that it made
}

// A Row is one row of a view: derived, never the truth, rebuilt at will. A nil
// Body removes the row.
type Row struct {
	View string // "org", "person", "matter"
	Key  string
	Seq  int64 // the record that last changed it
	Body []byte
}

// A Notice waits in the outbox for a person or for an organisation's officers.
type Notice struct {
	Person id.Person // or 0
	Org    id.Org    // or 0
	Kind   string    // key into the catalogue of words
	Matter id.Matter
	Seq    int64 // the record that caused it
}
