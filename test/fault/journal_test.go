package fault

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
)

// A deed is something that was asked of the program with a key, and what it answered.
type deed struct {
	Mark   string // stands in the fields of its record and nowhere else; its idempotency key
	Token  string `json:"-"` // who does it: by token,
	Cookie string `json:"-"` // or by session
	Path   string
	Kind   string // of the body
	Body   []byte `json:"-"`
	Seq    int64  // number of the record, once it was acknowledged
	Leaf   string // hash of its leaf from the receipt; a form gives none
}

// A journal is what the users of the program remember, outside of its data directory.
// An answer is on the disk before it counts.
type journal struct {
	mu   sync.Mutex
	file *os.File
	done map[string]deed // acknowledged, by mark
	open map[string]deed // sent, and nobody knows
	fail error

	left int // so many answers more,
	then func()
}

func newJournal(file string) (*journal, error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	return &journal{file: f, done: map[string]deed{}, open: map[string]deed{}}, nil
}

// after has then called when so many more answers have come.
func (j *journal) after(answers int, then func()) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.left, j.then = answers, then
	j.countdown(0)
}

func (j *journal) countdown(by int) {
	j.left -= by
	if j.left <= 0 && j.then != nil {
		j.then()
		j.then = nil
	}
}

// sent notes that d is about to be sent.
func (j *journal) sent(d deed) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if _, known := j.done[d.Mark]; !known {
		j.open[d.Mark] = d
	}
}

// acknowledged notes an answer. The same deed done twice must have one.
func (j *journal) acknowledged(d deed) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.open, d.Mark)
	if first, known := j.done[d.Mark]; known {
		if first.Seq != d.Seq || first.Leaf != d.Leaf {
			j.note(fmt.Errorf("%s was answered as record %d (%s) first, and again as record %d (%s)", d.Mark, first.Seq, first.Leaf, d.Seq, d.Leaf))
		}
		return
	}
	line, err := json.Marshal(d)
	if err == nil {
		_, err = j.file.Write(append(line, '\n'))
	}
	if err == nil {
		err = j.file.Sync()
	}
	j.note(err)
	j.done[d.Mark] = d
	j.countdown(1)
}

// refused forgets a deed that was refused: it must leave no trace.
func (j *journal) refused(d deed) {
	j.mu.Lock()
	defer j.mu.Unlock()
	delete(j.open, d.Mark)
}

// complain notes something that must not have been answered.
func (j *journal) complain(err error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.note(err)
}

// note keeps the first error.
func (j *journal) note(err error) {
	if j.fail == nil {
		j.fail = err
	}
}

func (j *journal) trouble() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.fail
}

// unknown lists the deeds that nobody knows the outcome of, in the order of their marks.
func (j *journal) unknown() []deed {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := slices.Collect(maps.Values(j.open))
	slices.SortFunc(all, byMark)
	return all
}

// known lists the deeds that were acknowledged, in the order of their records.
func (j *journal) known() []deed {
	j.mu.Lock()
	defer j.mu.Unlock()
	all := slices.Collect(maps.Values(j.done))
	slices.SortFunc(all, func(a, b deed) int { return int(a.Seq - b.Seq) })
	return all
}

func byMark(a, b deed) int {
	if a.Mark < b.Mark {
		return -1
	}
	return 1
}

func (j *journal) close() error { return j.file.Close() }

// seq is the record as which a deed was acknowledged, or 0.
func (j *journal) seq(mark string) int64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.done[mark].Seq
}
