package tiles

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"sync"

	"qingfeng/internal/seal"
)

// A FaultKind says what is wrong; its text is a key for the catalogue.
type FaultKind string

// The kinds of fault.
const (
	Missing       FaultKind = "missing"        // a file that the checkpoint needs is not there
	Unreadable    FaultKind = "unreadable"     // the disk does not give the file
	Malformed     FaultKind = "malformed"      // the file is not in its format
	BadSignature  FaultKind = "signature"      // no trusted key has signed the checkpoint, or a line of it is wrong
	UnknownSigner FaultKind = "unknown_signer" // a signature line of a key that nobody named
	BadEntry      FaultKind = "entry"          // an entry is not the one that was signed
	BadTile       FaultKind = "tile"           // a hash is not the one that was signed
	BadRoot       FaultKind = "root"           // the files agree with one another and not with the checkpoint
	Stray         FaultKind = "stray"          // a file that is no part of a log
	Refused       FaultKind = "refused"        // the caller's own test of an entry failed
)

// A Fault is one thing wrong with a log, and where.
type Fault struct {
	Kind FaultKind
	File string // slash-separated, below the log's directory
	// Leaf is the index of the first leaf concerned, -1 where the fault is not one of leaves. Leaves is how many from
	// there on may be concerned: 1 where the place is exact.
	Leaf, Leaves int64
	// Err tells more, for the log; nil where the kind says all.
	Err error
}

// Error implements error.
func (f Fault) Error() string {
	s := fmt.Sprintf("%s: %s", f.File, f.Kind)
	if f.Leaf >= 0 {
		s += fmt.Sprintf(" at leaf %d", f.Leaf)
	}
	if f.Leaves > 1 {
		s += fmt.Sprintf(" to %d", f.Leaf+f.Leaves-1)
	}
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap gives Err.
func (f Fault) Unwrap() error { return f.Err }

// maxFaults bounds a report: who needs more has lost the log, not a record.
const maxFaults = 10_000

// Options of [Check].
type Options struct {
	// Trust names every key the log has signed with and the witnesses whose lines it may carry.
	Trust seal.Trust
	// Workers is how many goroutines hash; 0 means one for each core.
	Workers int
	// Progress, if not nil, hears how many of how many leaves are done; calls come one at a time, from any goroutine.
	Progress func(done, total int64)
	// Entry, if not nil, is asked about every entry that could be read, in no order and by several goroutines at once;
	// an error it returns becomes a fault of kind [Refused]. It must not keep the entry.
	Entry func(index int64, entry []byte) error
}

// A Report is what a check found.
type Report struct {
	Checkpoint seal.Signed // the checkpoint that everything was held against
	Files      int         // files that belong to the log
	Bytes      int64       // their size, in bytes
	Ahead      int         // files that the checkpoint does not cover: left by a crash, harmless
	Faults     []Fault     // ordered by file and leaf
	More       int         // faults found beyond those listed
}

// Check hashes every entry of a log again, works out every tile from them, and compares all of it with the files and the
// signed checkpoint. It reads files only and needs nothing of the program that wrote them. The error is that of the
// context; everything else is in the report, and a log is sound when it has no faults. What Check cannot see is a log
// replaced as a whole, by one that was signed earlier or by someone who has the key: for that, hold the checkpoint
// against one seen outside ([seal.Compare]) or against a receipt.
func Check(ctx context.Context, fsys fs.FS, o Options) (Report, error) {
	c := newChecker(fsys, o)
	c.walk()
	if s, ok := c.checkpoint(); ok {
		if err := c.against(ctx, s); err != nil {
			return Report{}, err
		}
	}
	slices.SortFunc(c.report.Faults, func(a, b Fault) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Leaf, b.Leaf), cmp.Compare(a.Kind, b.Kind))
	})
	return c.report, ctx.Err()
}

// A checker is one run of [Check].
type checker struct {
	fsys fs.FS
	o    Options
	size int64
	// found holds the widths of the files found at each place, by the full tile of that place.
	found map[seal.Tile][]int
	// rebuilt holds the hashes of each level as worked out from the entries; level 0 only its partial tile.
	rebuilt [][]byte

	mu     sync.Mutex
	done   int64
	report Report
	// differ holds the tiles whose file is not what was rebuilt, true once a fault names the culprit.
	differ map[seal.Tile]bool
}

func newChecker(fsys fs.FS, o Options) *checker {
	return &checker{fsys: fsys, o: o, found: map[seal.Tile][]int{}, differ: map[seal.Tile]bool{}}
}

// against holds the files found against a verified checkpoint.
func (c *checker) against(ctx context.Context, s seal.Signed) error {
	c.report.Checkpoint, c.size = s, s.Size
	c.countAhead()
	if err := c.bundles(ctx); err != nil {
		return err
	}
	c.upperLevels()
	c.blame()
	c.witnessed(s)
	return nil
}

func (c *checker) fault(kind FaultKind, file string, leaf, leaves int64, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.report.Faults) >= maxFaults {
		c.report.More++
		return
	}
	c.report.Faults = append(c.report.Faults, Fault{kind, file, leaf, leaves, err})
}

// walk counts the files and finds those that should not be there.
func (c *checker) walk() {
	err := fs.WalkDir(c.fsys, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			c.fault(Unreadable, path, -1, 0, err)
			return fs.SkipDir
		case d.IsDir() && path == staging:
			return fs.SkipDir
		case !d.IsDir():
			c.count(path, d)
		}
		return nil
	})
	if err != nil {
		c.fault(Unreadable, ".", -1, 0, err)
	}
}

func (c *checker) count(path string, d fs.DirEntry) {
	t, err := seal.ParseTile(path)
	if path != checkpointFile && path != witnessedFile && err != nil || !d.Type().IsRegular() {
		c.fault(Stray, path, -1, 0, nil)
		return
	}
	c.report.Files++
	if info, err := d.Info(); err == nil {
		c.report.Bytes += info.Size()
	}
	if err == nil {
		c.found[t.Full()] = append(c.found[t.Full()], t.Width)
	}
}

// checkpoint opens the checkpoint. Without it there is nothing to hold the files against.
func (c *checker) checkpoint() (s seal.Signed, ok bool) {
	msg, err := fs.ReadFile(c.fsys, checkpointFile)
	if err != nil {
		c.fault(absence(err), checkpointFile, -1, 0, err)
		return s, false
	}
	s, err = c.o.Trust.Open(msg)
	switch {
	case errors.Is(err, seal.ErrSignature):
		c.fault(BadSignature, checkpointFile, -1, 0, err)
	case err != nil:
		c.fault(Malformed, checkpointFile, -1, 0, err)
	case s.Unknown > 0:
		c.fault(UnknownSigner, checkpointFile, -1, 0, nil)
	}
	return s, err == nil
}

func (c *checker) countAhead() {
	for t, widths := range c.found {
		for _, w := range widths {
			if !(seal.Tile{Level: t.Level, Index: t.Index, Width: w}).In(c.size) {
				c.report.Ahead++
			}
		}
	}
}

func absence(err error) FaultKind {
	if errors.Is(err, fs.ErrNotExist) {
		return Missing
	}
	return Unreadable
}
