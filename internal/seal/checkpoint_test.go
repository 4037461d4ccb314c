package seal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func TestACheckpointComesBackAsItWent(t *testing.T) {
	for _, c := range []Checkpoint{
		{Origin: "example.org/log", Size: 0, Root: EmptyRoot()},
		{Origin: "清风.example/log", Size: MaxSize, Root: Hash{1}},
		{Origin: "o", Size: 7, Root: Hash{2}, Extension: []string{"one", "two words"}},
	} {
		got, err := ParseCheckpoint(c.Text())
		if err != nil || got.Text() != c.Text() || got.Size != c.Size || got.Root != c.Root {
			t.Errorf("%q came back as %+v, %v", c.Text(), got, err)
		}
	}
}

func TestOtherSpellingsOfACheckpointAreRefused(t *testing.T) {
	root := encode(bytes.Repeat([]byte{0xff}, 32))
	for _, text := range []string{
		"", "o\n1\n" + root, "o\n1\n", "\n1\n" + root + "\n", "o\n01\n" + root + "\n", "o\n-1\n" + root + "\n", "o\n+1\n" + root + "\n",
		"o\n1 \n" + root + "\n", "o\n9007199254740993\n" + root + "\n", "o\n1\n" + root[:43] + "\n", "o\n1\n" + root[:42] + "9=\n", "o\n1\n" + root + "\n\n",
		"o\n1\n" + root + "\n\nx\n", "o\r\n1\n" + root + "\n", "o\n0\n" + root + "\n", "o\xff\n1\n" + root + "\n", "o\n1\n" + root[:20] + "\r" + root[20:] + "\n",
	} {
		if c, err := ParseCheckpoint(text); !errors.Is(err, ErrMalformed) {
			t.Errorf("%q is taken for %+v, %v", text, c, err)
		}
	}
}

func FuzzParseCheckpoint(f *testing.F) {
	f.Add("example.org/log\n12\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n")
	f.Add("o\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nextension\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := ParseCheckpoint(text)
		if err == nil && (c.Text() != text || c.Size < 0 || c.Size > MaxSize) {
			t.Errorf("%q reads as %+v", text, c)
		}
	})
}

func TestKeysAreThoseOfTheNoteFormat(t *testing.T) {
	k := testKey(t, "example.org/log", 1)
	signer, err := note.NewSigner(k.Secret())
	if err != nil || signer.Name() != k.Name() || signer.KeyHash() != k.KeyHash() {
		t.Errorf("the note package does not read our private key: %v", err)
	}
	verifier, err := note.NewVerifier(k.Public().String())
	if err != nil || verifier.KeyHash() != k.KeyHash() {
		t.Errorf("the note package does not read our public key: %v", err)
	}
	again, err := ParseKey(k.Secret() + "\n")
	if err != nil || again.Secret() != k.Secret() {
		t.Errorf("private key came back otherwise: %v", err)
	}
	public, err := ParsePublicKey(k.Public().String())
	if err != nil || public.String() != k.Public().String() {
		t.Errorf("public key came back as %s, %v", public, err)
	}
	cosigner, err := ParseCosigner(k.Public().Timed().String())
	if err != nil || cosigner.KeyHash() == k.KeyHash() || cosigner.String() != k.Public().Timed().String() {
		t.Errorf("witness key came back as %s, %v", cosigner, err)
	}
}

func TestAPrivateKeyDoesNotPrint(t *testing.T) {
	k := testKey(t, "example.org/log", 1)
	_, secret, _ := strings.Cut(k.Secret(), "+example.org/log+")
	for _, format := range []string{"%v", "%+v", "%s", "%#v", "%q"} {
		if out := fmt.Sprintf(format, k); strings.Contains(out, secret[9:]) || !strings.Contains(out, "example.org/log") {
			t.Errorf("%s prints %s", format, out)
		}
	}
	if _, err := ParseKey(k.Secret()[:60]); err == nil || strings.Contains(err.Error(), secret[9:20]) {
		t.Errorf("the error is %v", err)
	}
}

func TestBadKeysAreRefused(t *testing.T) {
	k := testKey(t, "example.org/log", 1)
	vkey, secret := k.Public().String(), k.Secret()
	for _, text := range []string{"", "x", vkey[:len(vkey)-4], strings.Replace(vkey, "log+", "lag+", 1), vkey + " ", k.Public().Timed().String(), secret} {
		if p, err := ParsePublicKey(text); err == nil {
			t.Errorf("%q is taken for the key %s", text, p)
		}
	}
	for name, kind := range map[string]byte{"w": 2, "two words": typeCosignature, "": typeCosignature} {
		material := append([]byte{kind}, k.Public().key...)
		text := fmt.Sprintf("%s+%08x+%s", name, keyID(name, kind, material[1:]), encode(material))
		if c, err := ParseCosigner(text); err == nil {
			t.Errorf("%q is taken for the witness %s", text, c)
		}
	}
	for _, text := range []string{"", vkey, strings.Replace(secret, "PRIVATE", "private", 1), strings.Replace(secret, "log+", "lag+", 1)} {
		if _, err := ParseKey(text); err == nil {
			t.Errorf("%q is taken for a private key", text)
		}
	}
	for _, name := range []string{"", "two words", "plus+sign", "new\nline", "ctl\x01", "\xff", strings.Repeat("n", 256)} {
		if _, err := NewKey(name, make([]byte, 32)); err == nil {
			t.Errorf("%q is taken for a name", name)
		}
	}
	if _, err := NewKey("n", make([]byte, 31)); err == nil {
		t.Error("a seed of 31 bytes makes a key")
	}
}
