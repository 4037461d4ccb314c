package tiles

import (
	"context"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"golang.org/x/mod/sumdb/note"

	"qingfeng/internal/seal"
)

// The campaign changes a log in every way we can think of and asks whether the change is found and where it is said to
// be. What is judged: the check of the files, and the comparison with a checkpoint a witness has seen. Every change at
// every place takes minutes: without -mutation.full each kind of change is made at a sample of the places.
var (
	campaignLeaves = flag.Int64("mutation.leaves", 300, "size of the log in the mutation campaign")
	campaignFull   = flag.Bool("mutation.full", false, "change every leaf, every hash and every bit")
)

// sampled says whether place i of n is tried: both ends, and between them every place or a sample. The step is prime,
// so that it meets every bit of a byte and every byte of a hash.
func sampled(i, n, step int) bool { return *campaignFull || i%step == 0 || i == n-1 }

// A specimen is the log under attack: its files, whom to trust, and what a witness saw.
type specimen struct {
	size   int64
	key    seal.Key
	trust  seal.Trust
	clean  fstest.MapFS
	signed seal.Signed
	seen   seal.Checkpoint
	older  [][]byte // earlier checkpoints, validly signed
}

func newSpecimen(t testing.TB, size int64) specimen {
	t.Helper()
	w := key(t, "witness.example", 7)
	s := specimen{size: size, key: key(t, origin, 1)}
	dir := t.TempDir()
	if err := create(t, dir).Close(); err != nil {
		t.Fatal(err)
	}
	l, err := Open(dir, s.key, seal.Trust{Witnesses: []seal.Cosigner{w.Public().Timed()}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for _, at := range []int64{3, size - 40, size - 20, size} {
		s.older = append(s.older, l.Last().Note)
		grow(t, l, at)
	}
	signed, err := l.Attach(context.Background(), cosignature(t, w, l.Last()))
	if err != nil {
		t.Fatal(err)
	}
	s.trust, s.clean, s.signed, s.seen = l.Trust(), files(t, l.Dir().FS()), signed, signed.Checkpoint
	return s
}

// copy is the specimen's files, to be changed.
func (s specimen) copy() fstest.MapFS {
	m := fstest.MapFS{}
	for path, f := range s.clean {
		m[path] = &fstest.MapFile{Data: slices.Clone(f.Data), Mode: f.Mode}
	}
	return m
}

// A finding is what the judges said of a changed log: empty for nothing.
type finding struct {
	places  []string // files named
	leaves  []int64  // exact leaves named
	verdict seal.Verdict
	missing [2]int64
}

func (f finding) found() bool { return len(f.places) > 0 || f.verdict != seal.Consistent }

// judge is what a city would run: check, then compare with the witness.
func (s specimen) judge(t testing.TB, fsys fs.FS) finding {
	r, err := Check(context.Background(), fsys, Options{Trust: s.trust, Workers: 1})
	if err != nil {
		t.Fatal(err)
	}
	f := findingOf(r)
	if len(f.places) == 0 {
		c, err := seal.Compare(r.Checkpoint.Checkpoint, reader{fsys}, s.seen)
		if err != nil {
			t.Fatal(err)
		}
		f.verdict, f.missing = c.Verdict, [2]int64{c.MissingFrom, c.MissingTo}
	}
	return f
}

// judgeFiles is judge for changes that leave the checkpoint alone: its signatures, most of the work, are verified once.
func (s specimen) judgeFiles(t testing.TB, fsys fs.FS) finding {
	c := newChecker(fsys, Options{Trust: s.trust, Workers: 1})
	c.walk()
	if err := c.against(context.Background(), s.signed); err != nil {
		t.Error(err)
	}
	return findingOf(c.report)
}

func findingOf(r Report) finding {
	f := finding{verdict: seal.Consistent}
	for _, fault := range r.Faults {
		f.places = append(f.places, fault.File)
		if fault.Leaves == 1 {
			f.leaves = append(f.leaves, fault.Leaf)
		}
	}
	return f
}

// reader implements [seal.TileReader] over any file system.
type reader struct{ fsys fs.FS }

func (r reader) ReadTile(t seal.Tile) ([]byte, error) { return readTile(r.fsys, t) }

// A mutant is one change and where it should be found: a file that must be named, or a leaf that must be named exactly
// (-1 for none), or the verdict of the witness.
type mutant struct {
	name    string
	files   fstest.MapFS
	file    string
	leaf    int64
	verdict seal.Verdict
	alone   bool // no other file may be named
}

// tally is the outcome of a campaign.
type tally struct {
	tried, missed, misplaced int
	examples                 []string
}

func (y *tally) add(m mutant, f finding) {
	y.tried++
	placed := m.file == "" || slices.Contains(f.places, m.file)
	placed = placed && (m.leaf < 0 || slices.Contains(f.leaves, m.leaf))
	placed = placed && (m.verdict == "" || f.verdict == m.verdict)
	placed = placed && !(m.alone && slices.ContainsFunc(f.places, func(p string) bool { return p != m.file }))
	switch {
	case !f.found():
		y.missed++
	case !placed:
		y.misplaced++
	default:
		return
	}
	if len(y.examples) < 10 {
		y.examples = append(y.examples, fmt.Sprintf("%s: found %+v", m.name, f))
	}
}

func (y *tally) want100(t *testing.T, atLeast int) {
	t.Helper()
	t.Logf("%d mutants, %d missed, %d in another place", y.tried, y.missed, y.misplaced)
	if y.missed > 0 || y.misplaced > 0 || y.tried < atLeast {
		t.Errorf("missed or misplaced:\n%s", strings.Join(y.examples, "\n"))
	}
}

func TestEveryMutantIsFoundAndPlaced(t *testing.T) {
	s := newSpecimen(t, *campaignLeaves)
	if f := s.judge(t, s.clean); f.found() {
		t.Fatalf("the clean log is accused: %+v", f)
	}
	for name, family := range families {
		t.Run(name, func(t *testing.T) {
			var y tally
			for m := range family(t, s) {
				y.add(m, s.judge(t, m.files))
			}
			y.want100(t, 3)
		})
	}
}

// Every single bit of every file, or a sample of them.
func TestEveryFlippedBitIsFoundAndPlaced(t *testing.T) {
	s := newSpecimen(t, *campaignLeaves)
	var y tally
	var mu sync.Mutex
	var group sync.WaitGroup
	paths := slices.Sorted(maps.Keys(s.clean))
	var next atomic.Int64
	for range 2 {
		group.Go(func() {
			work := s.copy()
			for i := next.Add(1) - 1; int(i) < len(paths); i = next.Add(1) - 1 {
				local := flipAll(t, s, work, paths[i])
				mu.Lock()
				y.tried, y.missed, y.misplaced = y.tried+local.tried, y.missed+local.missed, y.misplaced+local.misplaced
				y.examples = append(y.examples, local.examples...)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	atLeast := 1_000
	if *campaignFull {
		atLeast = 10_000
	}
	y.want100(t, atLeast)
}

func flipAll(t *testing.T, s specimen, work fstest.MapFS, path string) (y tally) {
	data := work[path].Data
	judge, step := s.judge, 11
	if path != "checkpoint" {
		judge, step = s.judgeFiles, 61
	}
	for i := range data {
		for bit := range 8 {
			if !sampled(8*i+bit, 8*len(data), step) {
				continue
			}
			data[i] ^= 1 << bit
			y.add(mutant{name: fmt.Sprintf("%s byte %d bit %d", path, i, bit), file: path, leaf: -1, alone: true}, judge(t, work))
			data[i] ^= 1 << bit
		}
	}
	return y
}

func TestCleanLogsAreNeverAccused(t *testing.T) {
	k := key(t, origin, 1)
	trust := seal.Trust{Log: []seal.PublicKey{k.Public()}}
	m := fstest.MapFS{}
	var tree seal.Tree
	keep := func(tile seal.Tile, data []byte) error {
		m[tile.Path()] = &fstest.MapFile{Data: data}
		return nil
	}
	for size := range int64(1100) {
		if err := tree.Append(entries(tree.Size(), size), keep); err != nil {
			t.Fatal(err)
		}
		if err := tree.Edge(keep); err != nil {
			t.Fatal(err)
		}
		m["checkpoint"] = &fstest.MapFile{Data: signAs(t, k, size, tree.Root())}
		if size%256 == 0 { // what tidying leaves
			maps.DeleteFunc(m, func(path string, _ *fstest.MapFile) bool {
				return strings.Contains(path, ".p/") && size > 0 && !isEdge(path, size)
			})
		}
		if !sampled(int(size%seal.TileWidth), seal.TileWidth, 23) && size > 40 {
			continue
		}
		if r := check(t, m, trust); len(r.Faults) > 0 || r.Checkpoint.Size != size {
			t.Fatalf("clean log of %d: %v", size, r.Faults)
		}
	}
}

func isEdge(path string, size int64) bool {
	tile, err := seal.ParseTile(path)
	edge, ok := seal.EdgeOf(tile.Level, size)
	return err == nil && ok && tile == edge
}

// signAs is the checkpoint a holder of the key can make of anything.
func signAs(t testing.TB, k seal.Key, size int64, root seal.Hash) []byte {
	t.Helper()
	text := seal.Checkpoint{Origin: k.Name(), Size: size, Root: root}.Text()
	msg, err := note.Sign(&note.Note{Text: text}, k, seal.Cosign(k, noon.Add(time.Hour)))
	if err != nil {
		t.Fatal(err)
	}
	return msg
}

// A blind file system shows the clean content of some files, whatever was done to them: the campaign with a judge that
// does not look there.
type blind struct {
	fstest.MapFS
	clean fstest.MapFS
	hides func(path string) bool
}

func (b blind) view() fstest.MapFS {
	m := maps.Clone(b.MapFS)
	maps.DeleteFunc(m, func(path string, _ *fstest.MapFile) bool { return b.hides(path) })
	for path, f := range b.clean {
		if b.hides(path) {
			m[path] = f
		}
	}
	return m
}

// The controls: with one thing not looked at, the campaign must report misses. If it does not, it proves nothing.
func TestTheCampaignCanFail(t *testing.T) {
	s := newSpecimen(t, *campaignLeaves)
	impostor := s
	impostor.trust.Log = append(slices.Clone(s.trust.Log), key(t, origin, 9).Public())
	impostor.seen = seal.Checkpoint{Origin: origin, Root: seal.EmptyRoot()}
	noWitness := s
	noWitness.seen = seal.Checkpoint{Origin: origin, Root: seal.EmptyRoot()}
	hide := func(part string) func(string) bool {
		return func(path string) bool { return strings.Contains(path, part) }
	}
	partial := fmt.Sprintf(".p/%d", (s.size-40)%256)
	for name, c := range map[string]struct {
		judge  specimen
		hides  func(string) bool
		family string
	}{
		"bundles unread":             {s, hide("entries"), "an entry edited"},
		"leaf hashes unread":         {s, hide("tile/0/"), "a hash edited"},
		"upper hashes unread":        {s, hide("tile/1/"), "a hash edited"},
		"older partial files unread": {s, hide(partial), "a file cut, emptied, lengthened or gone"},
		"checkpoint unread":          {s, hide("checkpoint"), "an older checkpoint put back"},
		"any key trusted":            {impostor, hide("nothing"), "all rewritten and signed with a wrong key"},
		"no witness, rewritten":      {noWitness, hide("nothing"), "all rewritten and signed with the right key"},
		"no witness, cut":            {noWitness, hide("nothing"), "the end cut off and signed with the right key"},
		"stray files unread":         {s, hide("stray"), "a file that does not belong"},
	} {
		t.Run(name, func(t *testing.T) {
			var y tally
			for m := range families[c.family](t, s) {
				y.add(m, c.judge.judge(t, blind{m.files, s.clean, c.hides}.view()))
			}
			if y.missed == 0 {
				t.Errorf("of %d mutants none was missed", y.tried)
			}
		})
	}
}
