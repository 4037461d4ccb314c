package tiles

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"qingfeng/internal/seal"
)

var errInjected = errors.New("injected")

// A faulty disk fails at one operation, once and for ever, and remembers what would survive a power cut then.
type faulty struct {
	disk
	dir     string
	failAt  int  // which operation fails, from 1; 0 for none
	done    bool // whether the failing operation still takes effect
	deaf    bool // whether sync does nothing: the control
	count   int
	durable map[string][]byte
	touched map[string]bool // names whose content now is not their durable content
}

// step counts an operation and says whether it happens and what it answers.
func (d *faulty) step() (happens bool, err error) {
	d.count++
	switch {
	case d.failAt == 0 || d.count < d.failAt:
		return true, nil
	case d.count == d.failAt:
		return d.done, errInjected
	}
	return false, errInjected
}

func (d *faulty) write(name string, data []byte) error {
	happens, err := d.step()
	if happens {
		d.touched[name] = true
		err = errors.Join(err, d.disk.write(name, data))
	}
	return err
}

func (d *faulty) replace(name string, data []byte) error {
	happens, err := d.step()
	if happens {
		d.durable[name] = bytes.Clone(data)
		err = errors.Join(err, d.disk.write(name, data))
	}
	return err
}

func (d *faulty) sync() error {
	happens, err := d.step()
	if happens && !d.deaf {
		for name := range d.touched {
			d.durable[name], _ = os.ReadFile(filepath.Join(d.dir, name)) // nil: removed since
		}
		clear(d.touched)
	}
	return err
}

func (d *faulty) remove(name string) error {
	happens, err := d.step()
	if happens {
		for file := range d.durable {
			if file == name || filepath.Dir(file) == name {
				d.touched[file] = true
			}
		}
		err = errors.Join(err, d.disk.remove(name))
	}
	return err
}

// powerCut turns what was not durable into what a disk may make of it: the old content, the new, nothing, or a part.
func (d *faulty) powerCut(t *testing.T, rng *rand.Rand) {
	t.Helper()
	for name := range d.touched {
		path := filepath.Join(d.dir, name)
		now, err := os.ReadFile(path)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
		switch fate := rng.IntN(4); {
		case fate == 0: // as it is now
			continue
		case fate == 1, err != nil: // a file removed comes back whole or not at all
			now = d.durable[name]
		case fate == 2:
			now = now[:rng.IntN(len(now)+1)]
		case fate == 3:
			now = make([]byte, len(now))
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, now, 0o644)); err != nil {
			t.Fatal(err)
		}
		if now == nil {
			if err := os.Remove(path); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// life is one life of a log: begun, grown over several tile borders, cosigned. It returns the newest checkpoint that
// was acknowledged, and the error that ended it.
func life(t *testing.T, d *faulty, witness seal.Key) (acked seal.Signed, err error) {
	t.Helper()
	k := key(t, origin, 1)
	l, err := prepare(d.dir, k, seal.Trust{Witnesses: []seal.Cosigner{witness.Public().Timed()}})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	d.disk, l.disk = l.disk, d
	if err := l.create(k, noon); err != nil {
		return acked, err
	}
	for _, size := range []int64{100, 250, 300, 310, 800} {
		if _, err := l.Append(context.Background(), entries(l.Size(), size)); err != nil {
			return acked, err
		}
		s, err := l.Publish(context.Background(), l.Last().At.Add(time.Second))
		if s.Size > 0 {
			acked = s
		}
		if err != nil {
			return acked, err
		}
		if _, err := l.Attach(context.Background(), cosignature(t, witness, s)); err != nil {
			return acked, err
		}
	}
	return acked, nil
}

// afterwards opens what a crash left and lives on. It returns what is wrong with it.
func afterwards(t *testing.T, dir string, witness seal.Key, acked seal.Signed) error {
	t.Helper()
	k := key(t, origin, 1)
	l, err := Open(dir, k, seal.Trust{Witnesses: []seal.Cosigner{witness.Public().Timed()}})
	if errors.Is(err, ErrNoLog) && acked.Size == 0 {
		l, err = Create(dir, k, noon)
	}
	if err != nil {
		return err
	}
	defer l.Close()
	l.disk = quick{l.disk}
	if c, err := seal.Compare(l.Last().Checkpoint, l.Dir(), orEmpty(acked)); err != nil || c.Verdict != seal.Consistent {
		return errors.Join(err, errors.New("against what was acknowledged: "+string(c.Verdict)))
	}
	for _, size := range []int64{l.Size(), l.Size() + 1, 820} {
		if _, err := l.Append(context.Background(), entries(l.Size(), size)); err != nil {
			return err
		}
		if _, err := l.Publish(context.Background(), l.Last().At.Add(time.Second)); err != nil {
			return err
		}
		r := check(t, l.Dir().FS(), l.Trust())
		if len(r.Faults) > 0 {
			return r.Faults[0]
		}
	}
	return nil
}

// quick is a disk that does not wait for durability, where no further crash is to come.
type quick struct{ disk }

func (quick) sync() error                              { return nil }
func (d quick) replace(name string, data []byte) error { return d.write(name, data) }

func orEmpty(s seal.Signed) seal.Checkpoint {
	if s.Origin == "" {
		return seal.Checkpoint{Origin: origin, Root: seal.EmptyRoot()}
	}
	return s.Checkpoint
}

// crashes runs one life for every operation that can fail, both ways, followed by a kill or a power cut, and returns
// how many runs there were and what went wrong in them.
func crashes(t *testing.T, deaf bool, cuts uint64) (runs int, wrong []error) {
	t.Helper()
	witness := key(t, "witness.example", 7)
	base := t.TempDir()
	for failAt, finished := 1, false; !finished; failAt++ {
		for _, done := range []bool{false, true} {
			for cut := range cuts + 1 {
				runs++
				dir, err := os.MkdirTemp(base, "log")
				if err != nil {
					t.Fatal(err)
				}
				d := &faulty{dir: dir, failAt: failAt, done: done, deaf: deaf, durable: map[string][]byte{}, touched: map[string]bool{}}
				acked, err := life(t, d, witness)
				finished = err == nil
				if !finished && !errors.Is(err, errInjected) {
					wrong = append(wrong, err)
				}
				if cut > 0 {
					d.powerCut(t, rand.New(rand.NewPCG(uint64(failAt), cut)))
				}
				if err := afterwards(t, dir, witness, acked); err != nil {
					wrong = append(wrong, err)
				}
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return runs, wrong
}

func TestALogResumesAfterACrashAtEveryWrite(t *testing.T) {
	cuts := uint64(1)
	if *campaignFull {
		cuts = 3
	}
	runs, wrong := crashes(t, false, cuts)
	for _, err := range wrong {
		t.Error(err)
	}
	t.Logf("%d lives ended early", runs)
	if runs < 100 {
		t.Errorf("only %d runs: the faults are not injected", runs)
	}
}

// After a failed write nobody knows what the disk holds, so the log takes nothing more, although the disk works again.
func TestALogStopsAfterAFailedWrite(t *testing.T) {
	for failAt := 1; failAt <= 8; failAt++ {
		l := create(t, t.TempDir())
		works := l.disk
		l.disk = &faulty{disk: works, failAt: failAt, durable: map[string][]byte{}, touched: map[string]bool{}}
		_, err := l.Append(context.Background(), entries(0, 300))
		if err == nil {
			_, err = l.Publish(context.Background(), noon.Add(time.Second))
		}
		if !errors.Is(err, errInjected) {
			t.Fatalf("operation %d does not fail: %v", failAt, err)
		}
		l.disk = works
		if _, err := l.Append(context.Background(), entries(0, 1)); !errors.Is(err, ErrStopped) {
			t.Errorf("append after operation %d failed: %v", failAt, err)
		}
		if _, err := l.Publish(context.Background(), noon.Add(time.Hour)); !errors.Is(err, ErrStopped) {
			t.Errorf("publish after operation %d failed: %v", failAt, err)
		}
		if _, err := l.Attach(context.Background(), nil); !errors.Is(err, ErrStopped) {
			t.Errorf("attach after operation %d failed: %v", failAt, err)
		}
	}
}

func TestCrashesWithoutSyncAreNoticed(t *testing.T) {
	if runs, wrong := crashes(t, true, 1); len(wrong) < 10 {
		t.Errorf("on a disk that does not sync only %d of %d runs went wrong", len(wrong), runs)
	}
}
