package secret

import (
	"bytes"
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
)

// cheap keeps tests short; what is tested does not depend on the cost.
var cheap = Cost{Memory: 64, Passes: 1}

func hasher(t *testing.T, cost Cost, slots int) *Hasher {
	t.Helper()
	h, err := NewHasher(cost, slots, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func TestPasswords(t *testing.T) {
	ctx, h := context.Background(), hasher(t, cheap, 1)
	hash, err := h.Hash(ctx, "cafe\u0301 长一些的口令")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, password, hash string
		want                 bool
	}{
		{"the password", "cafe\u0301 长一些的口令", hash, true},
		{"typed on another keyboard", "caf\u00e9 长一些的口令", hash, true},
		{"another", "cafe 长一些的口令", hash, false},
		{"nothing", "", hash, false},
		{"no hash", "cafe\u0301 长一些的口令", "", false},
		{"the password of nobody", "nobody has this password", "", false},
	} {
		if got, _, err := h.Check(ctx, c.password, c.hash); err != nil || got != c.want {
			t.Errorf("%s: %v, %v", c.name, got, err)
		}
	}
	if _, stale, _ := h.Check(ctx, "cafe\u0301 长一些的口令", hash); stale {
		t.Error("stale at the same cost")
	}
	if fits, stale, _ := hasher(t, Cost{Memory: 128, Passes: 1}, 1).Check(ctx, "cafe\u0301 长一些的口令", hash); !fits || !stale {
		t.Error("a hash of another cost still fits, and is to be replaced")
	}
	if _, _, err := h.Check(ctx, "x", "not a hash"); err == nil {
		t.Error("a broken hash is a fault of ours, not a wrong password")
	}
}

func TestWhoeverWaitsTooLongForASlotIsToldSo(t *testing.T) {
	h := hasher(t, cheap, 1)
	h.slots <- struct{}{} // somebody is at it
	if _, err := h.Hash(context.Background(), "x"); !errors.Is(err, fault.Busy) {
		t.Errorf("got %v, want busy", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	h.wait = time.Hour
	if _, _, err := h.Check(ctx, "x", ""); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want cancelled", err)
	}
	h.leave()
	if _, err := h.Hash(context.Background(), "x"); err != nil {
		t.Error(err)
	}
}

func TestNoMoreThanTheSlotsWorkAtOnce(t *testing.T) {
	h := hasher(t, cheap, 2)
	h.wait = time.Minute
	var wg sync.WaitGroup
	for range 16 {
		wg.Go(func() {
			if _, err := h.Hash(context.Background(), "x"); err != nil {
				t.Error(err)
			}
			if len(h.slots) > 2 {
				t.Error("more than two slots")
			}
		})
	}
	wg.Wait()
	if len(h.slots) != 0 {
		t.Error("a slot was not given back")
	}
}

func TestCodesAreThoseOfTheStandard(t *testing.T) {
	factor := alphabet.EncodeToString([]byte("12345678901234567890")) // RFC 6238, appendix B
	for at, want := range map[int64]string{59: "287082", 1111111109: "081804", 1234567890: "005924", 20000000000: "353130"} {
		now := time.Unix(at, 0)
		if got, err := FactorCode(factor, FactorStep(now)); err != nil || got != want {
			t.Errorf("at %d: %s, %v; want %s", at, got, err, want)
		}
		other, err := totp.GenerateCodeCustom(factor, now, totp.ValidateOpts{Period: 30, Digits: otp.DigitsSix})
		if err != nil || other != want {
			t.Errorf("at %d: another program says %s, %v", at, other, err)
		}
	}
}

func TestACodeWorksOnceAndOnlyAroundItsTime(t *testing.T) {
	factor, err := NewFactor(bytes.NewReader(make([]byte, 20)))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Unix(1_800_000_015, 0)
	present := FactorStep(now)
	for off := int64(-3); off <= 3; off++ {
		code, _ := FactorCode(factor, present+off)
		step, fits := CheckFactor(factor, code[:3]+" "+code[3:], now, 0)
		if want := off >= -1 && off <= 1; fits != want || fits && step != present+off {
			t.Errorf("%d steps off: %v", off, fits)
		}
		if _, again := CheckFactor(factor, code, now, step); fits && again {
			t.Errorf("%d steps off: taken twice", off)
		}
	}
	if _, fits := CheckFactor(factor, "", now, 0); fits {
		t.Error("no code at all was taken")
	}
	full, _ := FactorCode(factor, present)
	wide := []rune(full)
	for i := range wide {
		wide[i] += '０' - '0'
	}
	if _, fits := CheckFactor(factor, string(wide), now, 0); !fits {
		t.Error("full-width digits mean the same")
	}
}

func TestFactorURI(t *testing.T) {
	key, err := otp.NewKeyFromURL(FactorURI("ABC234", "Qing feng", "王小明"))
	if err != nil || key.Secret() != "ABC234" || key.Issuer() != "Qing feng" || key.AccountName() != "王小明" {
		t.Errorf("%v, %v", key, err)
	}
}

func TestRecoveryCodesWorkOnceForTheirOwner(t *testing.T) {
	k := keys(t, "one secret of an installation")
	codes, hashes, err := k.NewRecovery(random(), "p1")
	if err != nil || len(codes) != 10 {
		t.Fatal(codes, err)
	}
	if _, used := k.UseRecovery(hashes, codes[3], "p2"); used {
		t.Error("somebody else's")
	}
	left, used := k.UseRecovery(hashes, " "+codes[3][:6]+" "+codes[3][6:], "p1")
	if !used || len(left) != 9 {
		t.Error("not taken")
	}
	if _, used := k.UseRecovery(left, codes[3], "p1"); used {
		t.Error("taken twice")
	}
}

func TestSealed(t *testing.T) {
	k := keys(t, "one secret of an installation")
	sealed, err := k.Seal(random(), []byte("factor"), "p1")
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(sealed, []byte("factor")) {
		t.Error("readable")
	}
	if plain, err := k.Open(sealed, "p1"); err != nil || string(plain) != "factor" {
		t.Error(plain, err)
	}
	if _, err := k.Open(sealed, "p2"); err == nil {
		t.Error("opens for somebody else")
	}
	if _, err := keys(t, "another secret of an installation").Open(sealed, "p1"); err == nil {
		t.Error("opens with another key")
	}
	sealed[len(sealed)-1] ^= 1
	if _, err := k.Open(sealed, "p1"); err == nil {
		t.Error("opens though changed")
	}
	if _, err := k.Open(nil, "p1"); err == nil {
		t.Error("nothing opens")
	}
}

func TestPartsOfACodeCannotBeMoved(t *testing.T) {
	k := keys(t, "one secret of an installation")
	if bytes.Equal(k.MAC("x", []byte("ab"), []byte("c")), k.MAC("x", []byte("a"), []byte("bc"))) ||
		bytes.Equal(k.MAC("xa", []byte("b")), k.MAC("x", []byte("ab"))) || bytes.Equal(k.MAC("x"), k.MAC("x", nil)) {
		t.Error("two lists give the same code")
	}
}

func TestDevices(t *testing.T) {
	k, today := keys(t, "one secret of an installation"), day.Must("2026-11-23")
	d, err := NewDevice(random())
	if err != nil {
		t.Fatal(err)
	}
	if k.Knows(d, 1, 0, today, 180) {
		t.Error("knows somebody from the start")
	}
	d = k.Know(k.Know(d, 1, 0, today.AddDays(-180)), 2, 5, today)
	d, ok := ParseDevice(d.String())
	if !ok {
		t.Fatal("does not read its own cookie")
	}
	for _, c := range []struct {
		name  string
		known bool
		got   bool
	}{
		{"on the last day", true, k.Knows(d, 1, 0, today, 180)},
		{"the day after", false, k.Knows(d, 1, 0, today.AddDays(1), 180)},
		{"today", true, k.Knows(d, 2, 5, today, 180)},
		{"after all browsers were forgotten", false, k.Knows(d, 2, 6, today, 180)},
		{"somebody else", false, k.Knows(d, 3, 0, today, 180)},
		{"before it happened", false, k.Knows(d, 2, 5, today.AddDays(-1), 180)},
		{"another installation", false, keys(t, "another secret of an installation").Knows(d, 2, 5, today, 180)},
	} {
		if c.got != c.known {
			t.Errorf("%s: %v", c.name, c.got)
		}
	}
	for p := range 6 {
		d = k.Know(d, 10, int64(p), today)
		d = k.Know(d, 11, 0, today)
	}
	if len(d.marks) > maxMarks || !k.Knows(d, 11, 0, today, 1) {
		t.Errorf("%d marks", len(d.marks))
	}
	for _, bad := range []string{"", "x", d.String() + ".1", d.String() + ".zz_00", d.String() + string(make([]byte, 300)), Spell(make([]byte, 15))} {
		if _, ok := ParseDevice(bad); ok {
			t.Errorf("%q was read", bad)
		}
	}
}

func keys(t *testing.T, secret string) *Keys {
	t.Helper()
	k, err := NewKeys([]byte(secret))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// random is a source that never repeats itself and is the same in every run.
func random() *counter { return &counter{} }

type counter struct{ n byte }

func (c *counter) Read(b []byte) (int, error) {
	for i := range b {
		c.n++
		b[i] = c.n ^ byte(i*31)
	}
	return len(b), nil
}
