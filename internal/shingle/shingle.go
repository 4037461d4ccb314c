// Package shingle compares texts by the short runs of characters they share. It
// knows nothing of what the texts are about.
package shingle

import (
	"math/bits"
	"unicode"
)

// length is how many characters are compared at once.
const length = 4

// A Set holds all runs of four letters and digits of a text, each once. Blanks and
// punctuation are passed over.
type Set map[[length]rune]struct{}

// Of returns the set of text; it is empty where the text is shorter than one run.
func Of(text string) Set {
	runes := Letters(text)
	set := make(Set, max(len(runes)-length+1, 0))
	for i := 0; i+length <= len(runes); i++ {
		set[[length]rune(runes[i:i+length])] = struct{}{}
	}
	return set
}

// Letters returns the letters and digits of text.
func Letters(text string) (runes []rune) {
	for _, r := range text {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			runes = append(runes, r)
		}
	}
	return runes
}

// Overlap returns the size of the common part and of the union of a and b.
func Overlap(a, b Set) (same, all int64) {
	for run := range a {
		if _, shared := b[run]; shared {
			same++
		}
	}
	return same, int64(len(a)) + int64(len(b)) - same
}

// A Sketch is what is kept of a set in 72 bytes: how large it is, and one bit for
// each run, on which several may fall. Nothing of the text can be read from it.
type Sketch struct {
	size int64
	bits [8]uint64
}

// Sketch returns the sketch of s, the same in every process.
func (s Set) Sketch() Sketch {
	k := Sketch{size: int64(len(s))}
	for run := range s {
		h := uint64(0)
		for _, r := range run {
			h = (h ^ uint64(r)) * 0x9e3779b97f4a7c15
			h ^= h >> 29
		}
		k.bits[h>>6%8] |= 1 << (h % 64)
	}
	return k
}

// Most returns the largest common part that two sets with these sketches can have,
// and the union that they then have. A run of a on whose bit no run of b falls is
// not in b: so what Most says is never less than the truth, and most texts can be
// told apart without being read again.
func Most(a, b Sketch) (same, all int64) {
	var onlyA, onlyB int
	for i := range a.bits {
		onlyA += bits.OnesCount64(a.bits[i] &^ b.bits[i])
		onlyB += bits.OnesCount64(b.bits[i] &^ a.bits[i])
	}
	same = max(min(a.size-int64(onlyA), b.size-int64(onlyB)), 0)
	return same, a.size + b.size - same
}
