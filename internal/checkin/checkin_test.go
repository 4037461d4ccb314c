package checkin

import (
	"crypto/hmac"
	"crypto/sha256"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"qingfeng/internal/id"
	"qingfeng/internal/record"
)

func mac(purpose string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte("a secret"))
	h.Write([]byte(purpose))
	for _, p := range parts {
		h.Write([]byte{byte(len(p))})
		h.Write(p)
	}
	return h.Sum(nil)
}

var (
	rhythm = Rhythm{Slot: 15 * time.Second, Around: 1}
	start  = time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)
	door   = Door{Matter: "m7", Org: 3, Nonce: []byte("sixteen bytes..."), Opened: start}
)

func TestACodeIsGoodForItsSlotAndOneAround(t *testing.T) {
	c := door.Code(mac, rhythm, start)
	if !regexp.MustCompile(`^\d{6}$`).MatchString(c.Digits) || len(c.Token) != 22 || !c.Until.Equal(start.Add(15*time.Second)) {
		t.Fatalf("%+v", c)
	}
	for after, want := range map[time.Duration]bool{
		-15*time.Second - 1: false, -15 * time.Second: true, 0: true, 15*time.Second - 1: true,
		15 * time.Second: true, 30*time.Second - 1: true, 30 * time.Second: false, time.Hour: false,
	} {
		for _, typed := range []string{c.Token, c.Digits, c.Digits[:3] + " " + c.Digits[3:]} {
			if got := door.Accepts(mac, rhythm, start.Add(after), typed); got != want {
				t.Errorf("%q after %v: %v", typed, after, got)
			}
		}
	}
}

func TestACodeIsGoodAtOneMeetingOnly(t *testing.T) {
	c := door.Code(mac, rhythm, start)
	other, again, closed := door, door, door
	other.Matter, again.Nonce, closed.Closed = "m8", []byte("another sixteen."), start
	for name, d := range map[string]Door{"another meeting": other, "opened again": again, "closed": closed, "never opened": {Matter: "m7"}} {
		if d.Accepts(mac, rhythm, start, c.Token) || d.Accepts(mac, rhythm, start, c.Digits) {
			t.Errorf("%s takes it", name)
		}
	}
	if door.Accepts(mac, rhythm, start, "") {
		t.Error("nothing is taken")
	}
}

func TestWhatTheScreenShowsIsAlwaysTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Rhythm{Slot: time.Duration(rapid.IntRange(1, 300).Draw(t, "slot")) * time.Second, Around: rapid.IntRange(0, 4).Draw(t, "around")}
		now := start.Add(time.Duration(rapid.Int64Range(0, 1e15).Draw(t, "now")))
		c := door.Code(mac, r, now)
		if !door.Accepts(mac, r, now, c.Token) || !door.Accepts(mac, r, now, c.Digits) || c.Until.Before(now) {
			t.Fatalf("%+v at %v", c, now)
		}
	})
}

func TestMarksBecomePresence(t *testing.T) {
	marks := []Mark{{Person: 9, Device: "a"}, {Person: 2, Device: "b"}, {Person: 5, Device: "a"}, {Person: 6}, {Person: 7}}
	got := Presences(marks)
	if err := got.Check(); err != nil || got.Count(record.Present) != 5 || got[0].Person != 2 || got[0].Means != record.ByCode {
		t.Errorf("%+v, %v", got, err)
	}
	shared := Shared(marks)
	if len(shared) != 1 || !slices.Equal(shared["a"], []id.Person{9, 5}) {
		t.Errorf("shared %v", shared)
	}
}
