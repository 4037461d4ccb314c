package fault

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOneProgramServesADataDirectory(t *testing.T) {
	for name, on := range map[string]struct {
		open  func(*testing.T) *house
		races int
	}{"SQLite": {newHouse, 20}, "PostgreSQL": {newHouseOnPostgres, 5}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCrowd(t, on.open(t))
			first := c.serve(t)
			c.register(nil)
			for _, args := range [][]string{{"serve", "--listen", must(freeAddress())(t)}, {"rebuild"}} {
				said, code := run(t, append(args, c.where()...)...)
				if want := fmt.Sprintf("in use by process %d", first.cmd.Process.Pid); code != 2 || !strings.Contains(said, want) || !strings.Contains(said, c.dir) {
					t.Errorf("%v beside a service: %d: %s; it should say %q", args, code, said, want)
				}
			}
			if said, code := run(t, append([]string{"verify"}, c.where()...)...); code != 0 {
				t.Errorf("to verify beside a service harms nobody: %d: %s", code, said)
			}
			if !c.register(nil) {
				t.Error("the first one serves no more")
			}
			first.kill()
			for n := range on.races {
				if serving, said := c.race(t); serving != 1 {
					t.Fatalf("race %d: %d serve: %s", n+1, serving, said)
				}
			}
			c.end(t)
		})
	}
}

// race starts two programs at once, lets those that serve record something, and kills
// them. It returns how many served, and what they said.
func (c *crowd) race(t *testing.T) (serving int, said string) {
	t.Helper()
	other := c.via(must(freeAddress())(t))
	first, second := must(c.launch())(t), must(other.launch())(t)
	defer first.kill()
	defer second.kill()
	for s, who := range map[*service]*crowd{first: c, second: other} {
		if s.ready() != nil {
			if !strings.Contains(s.words(), "in use by") {
				t.Errorf("it does not say why it ends: %s", s.words())
			}
			continue
		}
		serving++
		if !who.register(nil) {
			t.Errorf("it serves and records nothing: %s", s.words())
		}
	}
	return serving, first.words() + second.words()
}

// via is the same crowd at another address.
func (c *crowd) via(address string) *crowd {
	h := *c.house
	h.address = address
	via := &crowd{house: &h, journal: c.journal, name: c.name}
	via.count.Store(c.count.Add(1000))
	return via
}

// The control: where the lock is taken away a second one serves, and is seen.
func TestASecondProgramThatServesIsSeen(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, newHouse(t))
	c.serve(t)
	check(t, os.Remove(filepath.Join(c.dir, "lock")))
	second := must(c.via(must(freeAddress())(t)).launch())(t)
	t.Cleanup(second.kill)
	check(t, second.ready())
}
