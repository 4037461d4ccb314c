package seal

import (
	"errors"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"
)

const origin = "example.org/log"

func TestASignedCheckpointOpensWithItsKeyOnly(t *testing.T) {
	k := testKey(t, origin, 1)
	s := newMemLog(t, 300).sign(t, k)
	if s.Size != 300 || !s.At.Equal(noon) || s.Unknown != 0 || len(s.Cosignatures) != 0 {
		t.Errorf("opened as %+v", s)
	}
	rotated := Trust{Log: []PublicKey{testKey(t, origin, 9).Public(), k.Public(), k.Public()}}
	if _, err := rotated.Open(s.Note); err != nil {
		t.Errorf("a log with an older key: %v", err)
	}
	for name, trust := range map[string]Trust{
		"nobody":            {},
		"another key":       {Log: []PublicKey{testKey(t, origin, 2).Public()}},
		"another log":       {Log: []PublicKey{testKey(t, "example.org/other", 1).Public()}},
		"a witness, no log": {Witnesses: []Cosigner{k.Public().Timed()}},
	} {
		if _, err := trust.Open(s.Note); !errors.Is(err, ErrSignature) {
			t.Errorf("trusting %s: %v", name, err)
		}
	}
}

func TestEveryChangedBitOfACheckpointIsFound(t *testing.T) {
	k := testKey(t, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}}
	msg := newMemLog(t, 300).sign(t, k).Note
	for i := range msg {
		for bit := range 8 {
			msg[i] ^= 1 << bit
			if s, err := trust.Open(msg); err == nil {
				t.Errorf("bit %d of byte %d: opens as %+v", bit, i, s)
			}
			msg[i] ^= 1 << bit
		}
	}
	if _, err := trust.Open(msg); err != nil {
		t.Errorf("the checkpoint itself does not open: %v", err)
	}
}

func TestBothLinesOfTheLogAreNeeded(t *testing.T) {
	k := testKey(t, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}}
	text := Checkpoint{Origin: origin, Size: 1, Root: Hash{1}}.Text()
	for name, signers := range map[string][]note.Signer{
		"no time":      {k},
		"only time":    {Cosign(k, noon)},
		"another name": {testKey(t, "example.org/other", 1), Cosign(k, noon)},
	} {
		msg, err := note.Sign(&note.Note{Text: text}, signers...)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := trust.Open(msg); !errors.Is(err, ErrSignature) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := note.Sign(&note.Note{Text: text}, Cosign(k, time.Unix(-1, 0))); err == nil {
		t.Error("a time before 1970 is signed")
	}
}

func TestAKnownLogMayNotSignForAnotherOrigin(t *testing.T) {
	k := testKey(t, origin, 1)
	text := Checkpoint{Origin: "example.org/other", Size: 1, Root: Hash{1}}.Text()
	msg, _ := note.Sign(&note.Note{Text: text}, k, Cosign(k, noon))
	if _, err := (Trust{Log: []PublicKey{k.Public()}}).Open(msg); !errors.Is(err, ErrSignature) {
		t.Errorf("error is %v", err)
	}
}

func TestTwoLogsMayNotShareACheckpoint(t *testing.T) {
	a, b := testKey(t, origin, 1), testKey(t, "example.org/other", 2)
	trust := Trust{Log: []PublicKey{a.Public(), b.Public()}}
	text := Checkpoint{Origin: origin, Size: 1, Root: Hash{1}}.Text()
	for name, signers := range map[string][]note.Signer{"plain by one": {b, Cosign(a, noon)}, "timed by one": {a, Cosign(b, noon)}} {
		msg, _ := note.Sign(&note.Note{Text: text}, signers...)
		if s, err := trust.Open(msg); !errors.Is(err, ErrSignature) {
			t.Errorf("%s and the rest by the other: %+v, %v", name, s, err)
		}
	}
}

func TestEveryChangedBitOfACosignatureIsFound(t *testing.T) {
	w := testKey(t, "w1", 2)
	sig, _ := Cosign(w, noon).Sign([]byte("text\n"))
	for i := range 8 * len(sig) {
		sig[i/8] ^= 1 << (i % 8)
		if w.Public().Timed().Verify([]byte("text\n"), sig) {
			t.Errorf("changed bit %d verifies", i)
		}
		sig[i/8] ^= 1 << (i % 8)
	}
	if !w.Public().Timed().Verify([]byte("text\n"), sig) {
		t.Error("the signature itself does not verify")
	}
}

func TestRepeatedLinesAreRefused(t *testing.T) {
	k := testKey(t, origin, 1)
	s := newMemLog(t, 3).sign(t, k)
	text := s.Text() + "\n"
	for line := range strings.Lines(string(s.Note[len(text):])) {
		if _, err := (Trust{Log: []PublicKey{k.Public()}}).Open([]byte(string(s.Note) + line)); !errors.Is(err, ErrMalformed) {
			t.Errorf("repeated %q: %v", line, err)
		}
	}
}

// cosign returns the lines a witness would answer with.
func cosign(t *testing.T, s Signed, at time.Time, witnesses ...Key) []byte {
	t.Helper()
	var lines string
	for _, w := range witnesses {
		msg, err := note.Sign(&note.Note{Text: s.Text()}, Cosign(w, at))
		if err != nil {
			t.Fatal(err)
		}
		lines += string(msg[len(s.Text())+1:])
	}
	return []byte(lines)
}

func TestCosignaturesAreAddedReplacedAndCounted(t *testing.T) {
	k, w1, w2, stranger := testKey(t, origin, 1), testKey(t, "w1", 2), testKey(t, "w2", 3), testKey(t, "w3", 4)
	trust := Trust{Log: []PublicKey{k.Public()}, Witnesses: []Cosigner{w1.Public().Timed(), w2.Public().Timed()}}
	s := newMemLog(t, 300).sign(t, k)
	s, err := trust.AddCosignatures(s, cosign(t, s, noon.Add(time.Minute), w1, stranger))
	if err != nil || len(s.Cosignatures) != 1 || s.Unknown != 0 {
		t.Fatalf("after the first witness: %+v, %v", s, err)
	}
	s, err = trust.AddCosignatures(s, cosign(t, s, noon.Add(time.Hour), w2, w1))
	if err != nil || len(s.Cosignatures) != 2 || !s.Cosignatures[1].At.Equal(noon.Add(time.Hour)) || s.Cosignatures[1].Name != "w1" {
		t.Errorf("after the second: %+v, %v", s.Cosignatures, err)
	}
	if !s.At.Equal(noon) {
		t.Errorf("the log's own time became %s", s.At)
	}
	less := Trust{Log: trust.Log, Witnesses: trust.Witnesses[:1]}
	if s, err := less.Open(s.Note); err != nil || s.Unknown != 1 || len(s.Cosignatures) != 1 {
		t.Errorf("to one who knows one witness: %+v, %v", s, err)
	}
	for i := range s.Note {
		s.Note[i] ^= 4
		if _, err := trust.Open(s.Note); err == nil && i < len(s.Text()) {
			t.Errorf("changed byte %d opens", i)
		}
		s.Note[i] ^= 4
	}
}

func TestWrongCosignaturesAreRefused(t *testing.T) {
	k, w, stranger := testKey(t, origin, 1), testKey(t, "w1", 2), testKey(t, "w3", 4)
	trust := Trust{Log: []PublicKey{k.Public()}, Witnesses: []Cosigner{w.Public().Timed()}}
	s := newMemLog(t, 300).sign(t, k)
	other := newMemLog(t, 301).sign(t, k)
	good := cosign(t, s, noon, w)
	bad := []byte(strings.Replace(string(good), "AAAA", "AAAB", 1))
	plain, _ := note.Sign(&note.Note{Text: s.Text()}, w)
	for name, lines := range map[string][]byte{
		"nothing": nil, "a stranger's": cosign(t, s, noon, stranger), "another tree's": cosign(t, other, noon, w), "a changed time": bad,
		"an unfinished line": good[:len(good)-1], "a signature without time": plain[len(s.Text())+1:],
		"a text of its own": append([]byte("more\n\n"), good...),
	} {
		if got, err := trust.AddCosignatures(s, lines); err == nil {
			t.Errorf("%s: %s", name, got.Note)
		}
	}
	if _, err := trust.AddCosignatures(s, good); err != nil {
		t.Errorf("the right one: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	k := testKey(f, origin, 1)
	trust := Trust{Log: []PublicKey{k.Public()}, Witnesses: []Cosigner{testKey(f, "w1", 2).Public().Timed()}}
	s := newMemLog(f, 3).sign(f, k)
	f.Add(s.Note)
	f.Fuzz(func(t *testing.T, msg []byte) {
		got, err := trust.Open(msg)
		if err == nil && got.Text() != s.Text() {
			t.Errorf("%q opens", msg)
		}
	})
}

func FuzzCosignature(f *testing.F) {
	w := testKey(f, "w1", 2)
	sig, _ := Cosign(w, noon).Sign([]byte("text\n"))
	f.Add(sig)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, other []byte) {
		if w.Public().Timed().Verify([]byte("text\n"), other) && string(other) != string(sig) {
			t.Errorf("%x verifies", other)
		}
	})
}
