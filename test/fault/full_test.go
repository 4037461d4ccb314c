package fault

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// small is the size of the disks that fill up, in bytes.
const small = 24 << 20

// TestAFullDiskIsSaidAndOvercome fills the disk that a house stands on, at several
// levels, while it is used: what is acknowledged stays, what cannot be written is
// refused with a reason, reading goes on, and when there is room again records are
// taken again, by the same process.
func TestAFullDiskIsSaidAndOvercome(t *testing.T) {
	t.Parallel()
	for _, left := range []int64{0, 16 << 10, 300 << 10} {
		t.Run(fmt.Sprintf("%d bytes left", left), func(t *testing.T) {
			first := must(template())(t)
			c := newCrowd(t, first.copied(t, filepath.Join(smallDisk(t), "data")))
			s := c.serve(t)
			if !c.register(nil) || !c.meet(nil) {
				t.Fatal("it does not even begin")
			}
			c.saysNothing(t)
			ballast := fill(t, c.dir, left)
			refused := c.untilRefused(t)
			if refused.status != http.StatusServiceUnavailable || refused.problem.Remedy == "" || refused.Status != refused.status {
				t.Errorf("the refusal is %d %s", refused.status, refused.body)
			}
			c.readsOn(t, s)
			check(t, os.Remove(ballast))
			c.untilReady(t, s)
			if !c.register(nil) || !c.meet(nil) {
				t.Errorf("it does not go on: %s", s.words())
			}
			c.saysNothing(t)
			check(t, c.journal.trouble())
			check(t, s.stop())
			check(t, c.judge(t.Context()))
			c.end(t)
		})
	}
}

// smallDisk is a file system of its own, and a small one.
func smallDisk(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(keptDir(t), "disk")
	check(t, os.Mkdir(dir, 0o700))
	check(t, syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%d,mode=0700", small)))
	t.Cleanup(func() { check(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	return dir
}

// fill writes a file that leaves so many bytes on its disk, and returns its name.
func fill(t *testing.T, dir string, left int64) string {
	t.Helper()
	name := filepath.Join(dir, "ballast")
	f := must(os.Create(name))(t)
	var err error
	for block := make([]byte, 64<<10); err == nil; {
		_, err = f.Write(block)
	}
	if !errors.Is(err, syscall.ENOSPC) {
		t.Fatal(err)
	}
	info := must(f.Stat())(t)
	check(t, f.Truncate(info.Size()-left))
	check(t, f.Close())
	return name
}

// untilRefused records until the program takes no more, and returns the refusal. What
// is refused leaves no trace.
func (c *crowd) untilRefused(t *testing.T) *errRefused {
	t.Helper()
	for range 10_000 {
		mark := c.mark()
		d := c.registering(mark)
		c.journal.sent(d)
		d, err := c.do(d)
		var refused *errRefused
		switch {
		case errors.As(err, &refused) && strings.HasSuffix(refused.Type, ":unknown"):
			continue // it stays open, and is sent again later
		case errors.As(err, &refused):
			c.journal.refused(d)
			return refused
		}
		check(t, err)
		c.journal.acknowledged(d)
	}
	t.Fatal("the disk never fills")
	return nil
}

// readsOn looks whether everything can be read and the trouble is said.
func (c *crowd) readsOn(t *testing.T, s *service) {
	t.Helper()
	if ready := must(c.get("/readyz"))(t); ready.status != http.StatusServiceUnavailable {
		t.Errorf("it says that it is ready: %s", ready.body)
	}
	for _, page := range pages {
		a := must(c.get(page))(t)
		if a.status != http.StatusOK {
			t.Errorf("GET %s: %d", page, a.status)
		}
		if !strings.HasPrefix(page, "/log/") && !strings.Contains(a.body, "磁盘满了") {
			t.Errorf("GET %s does not say what is wrong", page)
		}
	}
	for _, d := range c.journal.known() {
		if a := must(c.read(fmt.Sprintf("/records/%d", d.Seq)))(t); a.status != http.StatusOK || !strings.Contains(a.body, d.Leaf) {
			t.Errorf("record %d: %d %s", d.Seq, a.status, a.body)
		}
	}
	if !s.runs() {
		t.Errorf("it has ended: %s", s.words())
	}
}

// saysNothing is the control: where nothing is wrong, nothing is said.
func (c *crowd) saysNothing(t *testing.T) {
	t.Helper()
	for _, page := range append([]string{"/readyz"}, pages...) {
		if a := must(c.get(page))(t); a.status != http.StatusOK || strings.Contains(a.body, "磁盘满了") {
			t.Errorf("GET %s: %d, and it is said that the disk is full", page, a.status)
		}
	}
}

// untilReady waits until the program says that it takes records.
func (c *crowd) untilReady(t *testing.T, s *service) {
	t.Helper()
	end := time.After(patience)
	for {
		if a := must(c.get("/readyz"))(t); a.status == http.StatusOK {
			return
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-end:
			t.Fatalf("it never takes records again: %s", s.words())
		}
	}
}
