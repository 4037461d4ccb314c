package storetest

import (
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/store"
)

func testAccount(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	full := account.Account{Person: 3, Name: "zhang", Hash: "$argon2id$", Since: Epoch, Secret: []byte{1}, Pending: []byte{2}, Step: 9, Recovery: [][]byte{{3}, {4, 5}}, Epoch: 2, Disabled: true}
	must(t, db.SaveAccount(ctx, full))
	full.Version = 1
	t.Run("an account comes back by person and by name", func(t *testing.T) {
		got, err := db.Account(ctx, 3)
		must(t, err)
		is(t, got, full)
		got, err = db.AccountNamed(ctx, "zhang")
		must(t, err)
		is(t, got, full)
		_, err = db.Account(ctx, 4)
		fails(t, err, fault.NotFound)
		_, err = db.AccountNamed(ctx, "")
		fails(t, err, fault.NotFound)
	})
	t.Run("a name belongs to one person, and many have none", func(t *testing.T) {
		fails(t, db.SaveAccount(ctx, account.Account{Person: 4, Name: "zhang"}), account.ErrNameTaken)
		must(t, db.SaveAccount(ctx, account.Account{Person: 5}))
		must(t, db.SaveAccount(ctx, account.Account{Person: 6}))
	})
	t.Run("of those who save one version at once one succeeds", func(t *testing.T) {
		var won atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				err := db.SaveAccount(ctx, full)
				if err == nil {
					won.Add(1)
				} else if !errors.Is(err, account.ErrMoved) {
					t.Error(err)
				}
			})
		}
		all.Wait()
		is(t, won.Load(), int32(1))
		fails(t, db.SaveAccount(ctx, account.Account{Person: 3, Name: "other"}), account.ErrMoved)
	})
	t.Run("an invitation serves once and in time", func(t *testing.T) {
		i := account.Invite{Hash: []byte("h"), Person: 3, By: 1, Made: Epoch, Until: Epoch.Add(time.Hour)}
		must(t, db.SaveInvite(ctx, i))
		_, err := db.UseInvite(ctx, i.Hash, Epoch.Add(2*time.Hour))
		fails(t, err, fault.NotFound)
		got, err := db.Invite(ctx, i.Hash, Epoch)
		must(t, err)
		is(t, got, i)
		for at, want := range map[time.Duration]int{0: 1, time.Hour: 1, time.Hour + time.Microsecond: 0} {
			waiting, err := db.Invites(ctx, Epoch.Add(at))
			must(t, err)
			is(t, len(waiting), want)
		}
		var won atomic.Int32
		var all sync.WaitGroup
		for range 8 {
			all.Go(func() {
				if _, err := db.UseInvite(ctx, i.Hash, Epoch.Add(time.Minute)); err == nil {
					won.Add(1)
				}
			})
		}
		all.Wait()
		is(t, won.Load(), int32(1))
		_, err = db.Invite(ctx, i.Hash, Epoch)
		fails(t, err, fault.NotFound)
		used, err := db.Invites(ctx, Epoch)
		must(t, err)
		is(t, len(used), 0)
	})
	t.Run("everybody who has an account is listed, without what is secret", func(t *testing.T) {
		must(t, db.SaveAccount(ctx, account.Account{Person: 8, Secret: []byte("s"), Disabled: true}))
		all, err := db.Accounts(ctx)
		must(t, err)
		is(t, all, []account.Known{{Person: 3, Disabled: true, Factored: true}, {Person: 5}, {Person: 6}, {Person: 8, Disabled: true, Factored: true}})
	})
	t.Run("tokens come and go", func(t *testing.T) {
		tok := account.Token{Hash: []byte("t"), Person: 3, Title: "出纳表", Scope: account.Scope{Actions: []access.Action{access.ReadOrg}, Acts: true, Root: 12}, Made: Epoch, Until: Epoch.Add(time.Hour)}
		must(t, db.SaveToken(ctx, tok))
		must(t, db.SeeToken(ctx, tok.Hash, Epoch.Add(time.Minute)))
		tok.Seen = Epoch.Add(time.Minute)
		got, err := db.Tokens(ctx, 3)
		must(t, err)
		is(t, got, []account.Token{tok})
		must(t, db.EndToken(ctx, tok.Hash))
		must(t, db.SeeToken(ctx, tok.Hash, Epoch))
		_, err = db.Token(ctx, tok.Hash)
		fails(t, err, fault.NotFound)
	})
}

func testSession(t *testing.T, fresh func(t *testing.T) store.Config) {
	db := Open(t, fresh(t))
	ctx := t.Context()
	one := account.Session{Hash: []byte("1"), Person: 3, Epoch: 1, Began: Epoch, Seen: Epoch, Proved: Epoch, Factor: true, Device: "d", Source: "192.0.2.1", Agent: "浏览器"}
	two := one
	two.Hash, two.Began = []byte("2"), Epoch.Add(time.Second)
	must(t, db.SaveSession(ctx, one))
	must(t, db.SaveSession(ctx, two))
	t.Run("sessions come back, the last begun first", func(t *testing.T) {
		got, err := db.Sessions(ctx, 3)
		must(t, err)
		is(t, got, []account.Session{two, one})
	})
	t.Run("one that was ended stays ended", func(t *testing.T) {
		must(t, db.EndSession(ctx, one.Hash))
		must(t, db.SeeSession(ctx, one.Hash, Epoch.Add(time.Hour)))
		_, err := db.Session(ctx, one.Hash)
		fails(t, err, fault.NotFound)
	})
	t.Run("all end but one", func(t *testing.T) {
		must(t, db.SaveSession(ctx, one))
		must(t, db.EndSessions(ctx, 3, two.Hash))
		got, err := db.Sessions(ctx, 3)
		must(t, err)
		is(t, got, []account.Session{two})
		must(t, db.EndSessions(ctx, 3, nil))
		got, err = db.Sessions(ctx, 3)
		must(t, err)
		is(t, len(got), 0)
	})
	t.Run("a counter changes only from what was read", func(t *testing.T) {
		none, err := db.Throttle(ctx, "source:192.0.2.1")
		must(t, err)
		is(t, none, account.Throttle{Key: "source:192.0.2.1"})
		next := account.Throttle{Key: none.Key, Count: 1, Last: Epoch}
		for i, want := range []bool{true, false} {
			swapped, err := db.SwapThrottle(ctx, none, next)
			must(t, err)
			if swapped != want {
				t.Error("swap", i, swapped)
			}
		}
		got, err := db.Throttle(ctx, none.Key)
		must(t, err)
		is(t, got, next)
		swapped, err := db.SwapThrottle(ctx, next, none)
		must(t, err)
		is(t, swapped, true)
	})
	t.Run("what nobody can use is swept", func(t *testing.T) {
		must(t, db.SaveSession(ctx, one))
		must(t, db.SaveSession(ctx, account.Session{Hash: []byte("3"), Person: 4, Seen: Epoch.Add(time.Hour)}))
		must(t, db.Sweep(ctx, Epoch.Add(time.Minute), Epoch.Add(2*time.Hour)))
		_, err := db.Session(ctx, one.Hash)
		fails(t, err, fault.NotFound)
		_, err = db.Session(ctx, []byte("3"))
		must(t, err)
		must(t, db.SaveSession(ctx, account.Session{Hash: []byte("4"), Person: 4, Began: Epoch.Add(3 * time.Hour), Seen: Epoch.Add(3 * time.Hour)}))
		must(t, db.Sweep(ctx, Epoch.Add(time.Minute), Epoch.Add(2*time.Hour)))
		_, err = db.Session(ctx, []byte("4"))
		fails(t, err, fault.NotFound) // a clock that ran ahead began it
		_, err = db.Session(ctx, []byte("3"))
		must(t, err)
	})
}
