package app

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"qingfeng/internal/account"
	"qingfeng/internal/account/secret"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestWhateverIsWrongTheAnswerIsTheSame(t *testing.T) {
	h := newHouse(t)
	disabled := h.member("金不换", "jin")
	h.must(h.admin.Disable(t.Context(), disabled.Person()))
	dead := h.member("白长庚", "bai")
	h.act(h.officer, matter.Act{Procedure: "membership", Matter: dead.Person().Matter(), Org: h.branch, Step: "standing",
		Fields: record.Of(record.F("standing", record.Choice("died")), record.F("reason", record.Text("病故")))})
	h.member("周而复", "zhou")
	for range 6 {
		h.wrong(SignIn{Name: "zhou", Password: "wrong and wrong again"}, "198.51.100.9")
	}
	var texts []string
	for name, form := range map[string]SignIn{
		"unknown":      {Name: "nobody.here", Password: memberPassword},
		"no name":      {Password: memberPassword},
		"nothing":      {},
		"wrong":        {Name: "an.ruoshui", Password: "wrong and wrong again", Code: h.codeOf(1)},
		"no code":      {Name: "an.ruoshui", Password: adminPassword},
		"wrong code":   {Name: "an.ruoshui", Password: adminPassword, Code: "000000"},
		"disabled":     {Name: "jin", Password: memberPassword},
		"dead":         {Name: "bai", Password: memberPassword},
		"waiting":      {Name: "zhou", Password: memberPassword},
		"name as code": {Name: "an.ruoshui", Password: adminPassword, Code: "an.ruoshui"},
	} {
		if form.Name == "an.ruoshui" && form.Password != adminPassword {
			form.Code = h.codeOf(1)
		}
		_, err := h.SignIn(t.Context(), form, From{Source: "203.0.113." + name})
		if !errors.Is(err, account.ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
		texts = append(texts, err.Error())
	}
	for _, text := range texts {
		if text != texts[0] {
			t.Errorf("%q and %q can be told apart", text, texts[0])
		}
	}
	if n := h.deniedFor("sign_in.wrong"); n != 16 {
		t.Errorf("%d of 16 denials are written down", n)
	}
}

// TestWhateverIsWrongOnePasswordIsHashed: an answer that comes sooner would tell who
// has no account, or who need not be judged.
func TestWhateverIsWrongOnePasswordIsHashed(t *testing.T) {
	h := newHouse(t)
	disabled := h.member("金不换", "jin")
	h.must(h.admin.Disable(t.Context(), disabled.Person()))
	h.member("周而复", "zhou")
	for range 6 {
		h.wrong(SignIn{Name: "zhou", Password: "wrong and wrong again"}, "198.51.100.9")
	}
	for _, name := range []string{"nobody.here", "", "an.ruoshui", "jin", "zhou"} {
		before := h.hasher.Hashed()
		h.wrong(SignIn{Name: name, Password: memberPassword}, "203.0.113.1")
		if n := h.hasher.Hashed() - before; n != 1 {
			t.Errorf("%q: %d passwords hashed", name, n)
		}
	}
}

func TestASecondFactorIsUsedOnce(t *testing.T) {
	h := newHouse(t)
	h.clock.forward(time.Minute)
	form := SignIn{Name: "an.ruoshui", Password: adminPassword, Code: h.codeOf(1)}
	var in atomic.Int32
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			switch _, err := h.SignIn(context.Background(), form, From{Source: "203.0.113.1", Device: h.admin.Device}); {
			case err == nil:
				in.Add(1)
			case !errors.Is(err, account.ErrWrong):
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d got in with one code", in.Load())
	}
}

func TestRecoveryCodesOpenOnceEach(t *testing.T) {
	h := newHouse(t)
	codes, err := h.admin.NewRecovery(t.Context())
	h.must(err)
	form := SignIn{Name: "an.ruoshui", Password: adminPassword, Code: strings.ToLower(codes[2])}
	if _, err := h.SignIn(t.Context(), form, h.with(h.admin)); err != nil {
		t.Fatal(err)
	}
	h.wrong(form, "203.0.113.1")
	form.Code = codes[3]
	if _, err := h.SignIn(t.Context(), form, here()); err != nil {
		t.Error("another of them:", err)
	}
}

func TestWhoeverNeedsASecondFactorSeesNothingBefore(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	if _, err := in.Visit("test"); err != nil {
		t.Error("a member needs none:", err)
	}
	h.grant(in.Person(), "audit.admin")
	if _, err := in.Visit("test"); !errors.Is(err, account.ErrFactor) {
		t.Error("with the office in force:", err)
	}
	if _, _, err := in.MakeToken(t.Context(), NewToken{Title: "x", Days: 1, Scope: account.Scope{Acts: true}}); !errors.Is(err, account.ErrFactor) {
		t.Error("no way around by a token:", err)
	}
	in = h.factor(in)
	if _, err := in.Visit("test"); err != nil {
		t.Error("with a factor:", err)
	}
}

func TestPasswordsAreRenewedUnderTheProfileThatAsksForIt(t *testing.T) {
	h := newHouse(t)
	in := h.member("周而复", "zhou")
	set := account.Defaults()
	set.Profile = account.DengBao
	h.settings.Store(&set)
	h.clock.forward(91 * 24 * time.Hour)
	in, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, h.with(in))
	h.must(err)
	if _, err := in.Visit("test"); !errors.Is(err, account.ErrRenew) {
		t.Fatal(err)
	}
	if _, err := in.ChangePassword(t.Context(), SignIn{Password: memberPassword}, memberPassword, h.with(in)); err == nil {
		t.Error("the same password once more")
	}
	in, err = in.ChangePassword(t.Context(), SignIn{Password: memberPassword}, "Another one 2027", h.with(in))
	h.must(err)
	if _, err := in.Visit("test"); err != nil {
		t.Error(err)
	}
}

func TestAChangedPasswordEndsEverythingElse(t *testing.T) {
	h := newHouse(t)
	first := h.member("周而复", "zhou")
	second, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, From{Source: "203.0.113.1"})
	h.must(err)
	if _, err := first.ChangePassword(t.Context(), SignIn{Password: "not the old one"}, "a quite different one", h.with(first)); !errors.Is(err, account.ErrWrong) {
		t.Fatal("without the old password:", err)
	}
	changed, err := first.ChangePassword(t.Context(), SignIn{Password: memberPassword}, "a quite different one", h.with(first))
	h.must(err)
	if h.alive(first) || h.alive(second) || !h.alive(changed) {
		t.Error("first, second, changed:", h.alive(first), h.alive(second), h.alive(changed))
	}
	if !h.traced("account.password", first.Person(), first.Person()) {
		t.Error("no trace")
	}
	h.wrong(SignIn{Name: "zhou", Password: memberPassword}, "203.0.113.1")
	if _, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: "a quite different one"}, here()); err != nil {
		t.Error(err)
	}
}

func TestAnOldHashIsReplacedAtTheNextSignIn(t *testing.T) {
	h := newHouse(t)
	h.member("周而复", "zhou")
	old, err := h.mem.AccountNamed(t.Context(), "zhou")
	h.must(err)
	h.hasher, err = secret.NewHasher(secret.Cost{Memory: 128, Passes: 1}, 1, time.Minute)
	h.must(err)
	if _, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, here()); err != nil {
		t.Fatal(err)
	}
	fresh, err := h.mem.AccountNamed(t.Context(), "zhou")
	h.must(err)
	if fresh.Hash == old.Hash || !strings.Contains(fresh.Hash, "m=128,") {
		t.Error(fresh.Hash)
	}
}

func TestAttackersMakeOnlyThemselvesWait(t *testing.T) {
	h := newHouse(t)
	owner := h.member("周而复", "zhou")
	for i := range 400 { // from forty addresses, one try a second
		source := "203.0.113." + string(rune('A'+i%40))
		if _, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: "wrong and wrong again"}, From{Source: source}); err == nil {
			t.Fatal("got in")
		}
		h.clock.forward(time.Second)
	}
	right := SignIn{Name: "zhou", Password: memberPassword}
	if _, err := h.SignIn(t.Context(), right, h.with(owner)); err != nil {
		t.Error("the owner's own browser is shut out:", err)
	}
	if _, err := h.SignIn(t.Context(), right, From{Source: "192.0.2.77"}); !errors.Is(err, account.ErrWrong) {
		t.Error("control: a strange browser is to wait:", err)
	}
	if again := h.reopen(h.app); again != nil {
		if _, err := again.SignIn(t.Context(), right, From{Source: "192.0.2.77"}); !errors.Is(err, account.ErrWrong) {
			t.Error("a restart forgets who is to wait:", err)
		}
	}
	h.clock.forward(time.Minute)
	if _, err := h.SignIn(t.Context(), right, From{Source: "192.0.2.77"}); err != nil {
		t.Error("after a minute the owner gets in from anywhere:", err)
	}
}

func TestTwoGuessesAtOnceDoNotShareOneChance(t *testing.T) {
	h := newHouse(t)
	h.member("周而复", "zhou")
	var wg sync.WaitGroup
	for range 40 {
		wg.Go(func() {
			form := SignIn{Name: "zhou", Password: "wrong and wrong again"}
			if _, err := h.SignIn(context.Background(), form, From{Source: "203.0.113.1"}); err == nil {
				t.Error("got in")
			}
		})
	}
	wg.Wait()
	th, err := h.mem.Throttle(t.Context(), "account "+h.hidden("zhou"))
	h.must(err)
	if th.Count > account.AccountPace().Free+1 {
		t.Errorf("%d guesses counted, and so judged, at one moment", th.Count)
	}
}

func TestAnAttemptBetweenReadingAndWritingIsCounted(t *testing.T) {
	h := newHouse(t)
	b := budget{key: "account x", pace: account.AccountPace()}
	meanwhile := func() {
		if _, err := h.count(t.Context(), b); err != nil {
			t.Error(err)
		}
	}
	h.mem.between.Store(&meanwhile)
	if _, err := h.count(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	if th, err := h.mem.Throttle(t.Context(), b.key); err != nil || th.Count != 2 {
		t.Errorf("two attempts were counted as %d, %v", th.Count, err)
	}
}

func TestASourceThatSpraysIsToldToWait(t *testing.T) {
	h := newHouse(t)
	tried := 0
	for i := range 200 {
		_, err := h.SignIn(t.Context(), SignIn{Name: "name" + string(rune('a'+i%26)) + string(rune('a'+i/26)), Password: "password 1234"}, From{Source: "203.0.113.5"})
		var wait *account.Wait
		if !errors.As(err, &wait) {
			tried++
		} else if wait.For <= 0 || !errors.Is(err, fault.Busy) {
			t.Fatal(err)
		}
	}
	if tried > 50 {
		t.Errorf("%d accounts were tried", tried)
	}
	if _, err := h.SignIn(t.Context(), SignIn{Name: "an.ruoshui", Password: "wrong"}, From{Source: "203.0.113.6"}); !errors.Is(err, account.ErrWrong) {
		t.Error("a neighbour is told to wait as well:", err)
	}
}

func TestSuccessTakesBackWhatItCost(t *testing.T) {
	h := newHouse(t)
	h.member("周而复", "zhou")
	for range 60 { // more people behind one address than it may have failures
		if _, err := h.SignIn(t.Context(), SignIn{Name: "zhou", Password: memberPassword}, From{Source: "192.0.2.200"}); err != nil {
			t.Fatal(err)
		}
	}
}

// must fails the test on an error that no test is about.
func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// wrong tries to sign in with what is wrong.
func (h *house) wrong(form SignIn, source string) {
	h.t.Helper()
	if _, err := h.SignIn(h.t.Context(), form, From{Source: source}); !errors.Is(err, account.ErrWrong) {
		h.t.Fatalf("signing in as %q: %v", form.Name, err)
	}
}
