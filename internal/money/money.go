// Package money has amounts in fen, exact, and no floats.
package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Fen is an amount of money; 100 fen are one yuan.
type Fen int64

// Parse reads an amount in yuan with at most two places: "3000", "3000.01". It
// accepts no sign, so that no form can smuggle in a negative payment.
func Parse(s string) (Fen, error) {
	yuan, rest, point := strings.Cut(s, ".")
	if yuan == "" || len(rest) > 2 || point && rest == "" || strings.ContainsAny(s, "+-_ ") {
		return 0, fmt.Errorf("amount %q: want yuan, as in 3000.01", s)
	}
	n, err := strconv.ParseUint(yuan+(rest + "00")[:2], 10, 62)
	if err != nil {
		return 0, fmt.Errorf("amount %q: want yuan, as in 3000.01", s)
	}
	return Fen(n), nil
}

// String returns f in yuan with two places.
func (f Fen) String() string {
	sign, n := "", uint64(f)
	if f < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// PerMille returns n thousandths of f, rounded half up to the fen (R3.2).
func (f Fen) PerMille(n int64) Fen { return Fen((int64(f)*n + 500) / 1000) }

// MarshalText implements [encoding.TextMarshaler].
func (f Fen) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText implements [encoding.TextUnmarshaler].
func (f *Fen) UnmarshalText(b []byte) (err error) {
	*f, err = Parse(string(b))
	return err
}
