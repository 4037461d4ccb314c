package fault

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/store/storetest"
)

const (
	starting = 300 * time.Millisecond // how far the program gets at most when it is killed while it starts
	answers  = 24                     // how many acts it acknowledges at most before it is killed,
	moment   = 20 * time.Millisecond  // and how long after the last of them
)

// perHouse is how many kills one house lives through in a long campaign: what is
// checked after each grows with what was recorded.
const perHouse = 100

func TestNothingAcknowledgedIsLostHoweverOftenTheProgramIsKilled(t *testing.T) {
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		campaign(t, *kills, newHouse)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		campaign(t, *killsPostgres, newHouseOnPostgres)
	})
}

// newHouseOnPostgres is a house in a schema of its own.
func newHouseOnPostgres(t *testing.T) *house {
	t.Helper()
	h := must(found(filepath.Join(keptDir(t), "data"), storetest.Postgres(t)))(t)
	return &h
}

// campaign kills the program so many times, in as many houses as that takes.
func campaign(t *testing.T, kills int, open func(*testing.T) *house) {
	t.Helper()
	from := *seed
	if from == 0 {
		from = rand.Uint64()
	}
	t.Logf("%d kills with -seed %d", kills, from)
	acts := 0
	for first := 0; first < kills; first += perHouse {
		c := newCrowd(t, open(t))
		dice := rand.New(rand.NewPCG(from, uint64(first)))
		for n := range min(perHouse, kills-first) {
			if err := c.life(t.Context(), dice); err != nil {
				t.Fatalf("kill %d of the house that began at kill %d, -seed %d: %v", n+1, first, from, err)
			}
		}
		c.end(t)
		acts += len(c.journal.known())
		if n := min(perHouse, kills-first); len(c.journal.known()) < n || n >= 20 && len(c.marks) == 0 {
			t.Errorf("only %d acts and %d check-ins were acknowledged: the program was hardly used", len(c.journal.known()), len(c.marks))
		}
	}
	t.Logf("%d acts were acknowledged, and none was lost", acts)
}

func newCrowd(t *testing.T, h *house) *crowd {
	t.Helper()
	j := must(newJournal(filepath.Join(filepath.Dir(h.dir), "journal")))(t)
	t.Cleanup(func() { check(t, j.close()) })
	return &crowd{house: h, journal: j, name: fmt.Sprintf("x%x", storetest.Random(4)), work: []func(*crowd, *rand.Rand) bool{
		(*crowd).checkIn, (*crowd).register, (*crowd).register, (*crowd).meet, (*crowd).meetOnPaper, (*crowd).look, (*crowd).registerOrFound}}
}

// life starts the program, lets the crowd use it, kills it at a random moment, and
// judges what is left.
func (c *crowd) life(ctx context.Context, dice *rand.Rand) error {
	s, err := c.launch()
	if err != nil {
		return err
	}
	defer s.kill()
	if dice.IntN(6) == 0 { // while it starts
		<-time.After(time.Duration(dice.Int64N(int64(starting))))
		s.kill()
		return c.judge(ctx)
	}
	if err := s.ready(); err != nil {
		return err
	}
	if err := c.settle(dice); err != nil {
		return err
	}
	if len(c.marks) == 0 && !c.checkIn(dice) { // once in peace: a slow machine may never again get so far
		return c.journal.trouble()
	}
	later := time.Duration(dice.Int64N(int64(moment)))
	c.journal.after(dice.IntN(answers), func() { time.AfterFunc(later, s.kill) })
	c.use(ctx, dice)
	<-s.ended
	if err := c.journal.trouble(); err != nil {
		return fmt.Errorf("%w: it said %s", err, s.words())
	}
	if !strings.Contains(fmt.Sprint(s.err), "killed") {
		return fmt.Errorf("it ended by itself: %w: %s", s.err, s.words())
	}
	return c.judge(ctx)
}

// settle sends everything again whose outcome nobody knows, and a few things whose
// outcome is known: each has one answer, the first.
func (c *crowd) settle(dice *rand.Rand) error {
	again := c.journal.unknown()
	if known := c.journal.known(); len(known) > 0 {
		for range 3 {
			again = append(again, known[dice.IntN(len(known))])
		}
		other := known[dice.IntN(len(known))]
		other.Body = []byte(strings.Replace(string(other.Body), today().String(), "2026-01-01", 1))
		var refused *errRefused
		if _, err := c.do(other); !errors.As(err, &refused) || refused.status != http.StatusConflict {
			return fmt.Errorf("%s with another body: %w", other.Mark, err)
		}
	}
	for _, d := range again {
		if !c.tell(c.journal, d) {
			return fmt.Errorf("%s has no answer, and nobody killed anything", d.Mark)
		}
	}
	return c.journal.trouble()
}

// end lets the program live once more, lets it catch up and stop by itself, and judges
// with the commands of the program as well.
func (c *crowd) end(t *testing.T) {
	t.Helper()
	s := c.serve(t)
	check(t, c.settle(rand.New(rand.NewPCG(1, 1))))
	check(t, s.stop())
	check(t, c.judge(t.Context()))
	for _, command := range []string{"verify", "rebuild"} {
		if said, code := run(t, append([]string{command}, c.where()...)...); code != 0 {
			t.Errorf("%s: %d: %s", command, code, said)
		}
	}
}
