// Package verify checks a whole installation from its files: the public log, and
// that every record is the one that was sealed in it. It trusts nothing that the
// service says of itself, and mends nothing.
package verify

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"qingfeng/internal/blob"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
)

// Options of Directory.
type Options struct {
	Trust    seal.Trust                            // whose signatures count
	Progress func(stage string, done, total int64) // may be nil
	Files    blob.Store                            // where the attachments are; nil: they are not looked at
}

// A FaultKind says what is wrong with a record; its text is a key into the
// catalogue of words.
type FaultKind string

// The kinds of faults of records. Those of the log are told by package tiles.
const (
	FieldsChanged FaultKind = "fields"   // the fields are not the ones that were sealed
	HeadChanged   FaultKind = "head"     // number, time, day, actor, organisation, matter or kind were changed
	NotSealed     FaultKind = "unsealed" // no leaf of the log is of this record
	Gap           FaultKind = "gap"      // a number is missing
	OutOfTime     FaultKind = "time"     // written down before the one before it
	Vanished      FaultKind = "vanished" // the log has a leaf, and there is no such record
	Unreadable    FaultKind = "unreadable"
	BadFile       FaultKind = "attachment" // an attachment is gone, or is not the one that was recorded
)

// A Fault is one thing wrong with the records, and where.
type Fault struct {
	Kind FaultKind
	Seq  int64 // the first record concerned
	Last int64 // the last one
	Err  error
}

// Error implements error.
func (f Fault) Error() string {
	where := fmt.Sprintf("record %d", f.Seq)
	if f.Last > f.Seq {
		where = fmt.Sprintf("records %d to %d", f.Seq, f.Last)
	}
	if f.Err != nil {
		return fmt.Sprintf("%s: %s: %v", where, f.Kind, f.Err)
	}
	return where + ": " + string(f.Kind)
}

// A Report is what was found.
type Report struct {
	Log     tiles.Report
	Records int64 // records read
	Erased  int64 // of which the fields were lawfully erased
	Waiting int64 // newest records that no checkpoint covers yet
	Files   int64 // attachments read, once for each record that shows them
	Bytes   int64 // of fields, heads and leaves hashed
	Faults  []Fault
}

// Sound reports whether nothing is wrong.
func (r Report) Sound() bool { return len(r.Log.Faults) == 0 && len(r.Faults) == 0 }

// Directory verifies the records of db against the log in dir.
func Directory(ctx context.Context, db *store.DB, dir *tiles.Dir, o Options) (Report, error) {
	progress := func(stage string) func(done, total int64) {
		return func(done, total int64) {
			if o.Progress != nil {
				o.Progress(stage, done, total)
			}
		}
	}
	var rep Report
	var err error
	if rep.Log, err = tiles.Check(ctx, dir.FS(), tiles.Options{Trust: o.Trust, Progress: progress("log")}); err != nil {
		return rep, err
	}
	c := &checking{size: rep.Log.Checkpoint.Size, dir: dir, files: o.Files, progress: progress("records")}
	if c.total, _, err = db.Last(ctx); err != nil {
		return rep, fmt.Errorf("verify: %w", err)
	}
	if err := c.run(ctx, db); err != nil {
		return rep, fmt.Errorf("verify: %w", err)
	}
	rep.Records, rep.Erased, rep.Bytes, rep.Waiting = c.records.Load(), c.erased.Load(), c.bytes.Load(), max(c.total-c.size, 0)
	rep.Files, rep.Faults = c.shown.Load(), c.sorted()
	return rep, nil
}

// checking is the work under way.
type checking struct {
	size     int64 // leaves that the checkpoint covers
	total    int64
	dir      *tiles.Dir
	files    blob.Store
	progress func(done, total int64)
	records  atomic.Int64
	erased   atomic.Int64
	bytes    atomic.Int64
	shown    atomic.Int64

	mu     sync.Mutex // guards faults and calls of progress
	faults []Fault
}

func (c *checking) fault(f Fault) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, f)
}

// A stretch is a part of the record that one goroutine reads and hashes: some whole
// bundles of leaves. Its ends are compared with its neighbours' when all are done.
type stretch struct {
	after, upTo int64
	first, last store.Raw // records read; zero if there was none
	broken      bool      // it could not be read to its end
}

// stretchLength is how many records are in a stretch.
const stretchLength = 4 * seal.TileWidth

// run checks all records, as many stretches at a time as there are processors.
func (c *checking) run(ctx context.Context, db *store.DB) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	var stretches []*stretch
	for after := int64(0); after < c.total; after += stretchLength {
		s := &stretch{after: after, upTo: min(after+stretchLength, c.total)}
		stretches = append(stretches, s)
		group.Go(func() error { return c.stretch(ctx, db, s) })
	}
	err := group.Wait()
	c.join(stretches)
	return err
}

// stretch reads the records of s and checks them one bundle at a time.
func (c *checking) stretch(ctx context.Context, db *store.DB, s *stretch) error {
	bundle := make([]store.Raw, 0, seal.TileWidth)
	for r, err := range db.Raw(ctx, record.Query{After: s.after, UpTo: s.upTo}) {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			next := max(s.last.Seq, s.after) + 1
			c.fault(Fault{Kind: Unreadable, Seq: next, Last: next, Err: err})
			s.broken = true
			break
		}
		if s.first.Seq == 0 {
			s.first = r
		} else {
			c.order(s.last, r)
		}
		if len(bundle) > 0 && (r.Seq-1)/seal.TileWidth != (bundle[0].Seq-1)/seal.TileWidth {
			c.bundle(ctx, bundle)
			bundle = bundle[:0]
		}
		bundle, s.last = append(bundle, r), r
	}
	c.bundle(ctx, bundle)
	return nil
}

// join checks what is between the stretches, and the end.
func (c *checking) join(stretches []*stretch) {
	before := stretch{}
	for _, s := range stretches {
		if s.first.Seq != 0 {
			if !before.broken {
				c.order(before.last, s.first)
			}
			before.last = s.last
		}
		before.broken = s.broken
	}
	if before.last.Seq < c.size && !before.broken {
		c.fault(Fault{Kind: Vanished, Seq: before.last.Seq + 1, Last: c.size})
	}
}

// order checks numbers and times of two records that follow each other.
func (c *checking) order(before, r store.Raw) {
	if r.Seq != before.Seq+1 {
		c.fault(Fault{Kind: Gap, Seq: before.Seq + 1, Last: r.Seq - 1})
	}
	if r.Time.Before(before.Time) {
		c.fault(Fault{Kind: OutOfTime, Seq: r.Seq, Last: r.Seq})
	}
}

// bundle checks records whose leaves stand in one bundle.
func (c *checking) bundle(ctx context.Context, records []store.Raw) {
	if len(records) == 0 {
		return
	}
	c.tell(c.records.Add(int64(len(records))))
	first := (records[0].Seq - 1) / seal.TileWidth * seal.TileWidth
	var entries [][]byte
	if first < c.size {
		var err error
		if entries, err = c.dir.Entries(first, c.size); err != nil {
			c.fault(Fault{Kind: NotSealed, Seq: records[0].Seq, Last: records[len(records)-1].Seq, Err: err})
			return
		}
	}
	for _, r := range records {
		c.attachments(ctx, r)
		if at := r.Seq - 1 - first; at < int64(len(entries)) {
			c.one(r, entries[at])
		} else if r.Seq <= c.size {
			c.fault(Fault{Kind: NotSealed, Seq: r.Seq, Last: r.Seq})
		} else {
			c.fields(r) // no checkpoint covers it yet
		}
	}
}

// tell reports progress, one caller at a time.
func (c *checking) tell(done int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.progress(done, c.total)
}

func (c *checking) one(r store.Raw, entry []byte) {
	c.fields(r)
	leaf := r.Leaf()
	c.bytes.Add(int64(len(leaf)) + headBytes)
	if !bytes.Equal(leaf, entry) {
		c.fault(Fault{Kind: HeadChanged, Seq: r.Seq, Last: r.Seq})
	}
}

// headBytes is about what one head adds to the bytes hashed.
const headBytes = 300

func (c *checking) fields(r store.Raw) {
	if r.Canon == nil && len(r.Salt) == 0 {
		c.erased.Add(1)
		return
	}
	c.bytes.Add(int64(len(r.Canon)))
	if !bytes.Equal(r.Digest, record.FieldsDigest(r.Salt, r.Canon)) {
		c.fault(Fault{Kind: FieldsChanged, Seq: r.Seq, Last: r.Seq})
	}
}

// attachments reads the attachments that a record shows. Only fields that were not
// changed tell which ones those are.
func (c *checking) attachments(ctx context.Context, r store.Raw) {
	if c.files == nil || !bytes.Contains(r.Canon, []byte(`{"file":`)) {
		return
	}
	full, err := r.Parsed()
	if err != nil {
		return // said already
	}
	for f := range full.Fields.AllFiles() {
		c.shown.Add(1)
		c.bytes.Add(f.Size)
		if err := blob.Verify(ctx, c.files, f.Hash); err != nil {
			c.fault(Fault{Kind: BadFile, Seq: r.Seq, Last: r.Seq, Err: err})
		}
	}
}

func (c *checking) sorted() []Fault {
	slices.SortFunc(c.faults, func(a, b Fault) int { return int(a.Seq - b.Seq) })
	return c.faults
}
