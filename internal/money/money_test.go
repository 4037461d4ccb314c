package money

import (
	"testing"

	"pgregory.net/rapid"
)

func TestAmountsReadAsYuanAndFen(t *testing.T) {
	for s, want := range map[string]Fen{
		"0": 0, "0.00": 0, "0.01": 1, "0.1": 10, "3": 300, "3.1": 3_10, "3000.01": 3000_01, "46116860184273879.03": 1<<62 - 1,
	} {
		if got, err := Parse(s); err != nil || got != want {
			t.Errorf("%q: %d fen, %v; want %d", s, got, err, want)
		}
	}
}

func TestWhatIsNoAmountIsRefused(t *testing.T) {
	for _, s := range []string{
		"", ".", "3.", ".5", "3.001", "-3", "+3", "3,000", "3 000", " 3", "3 ", "3.-1", "3.+1", "1e3", "0x10", "1_000", "３", "3.1.1", "¥3", "NaN", "Inf",
		"46116860184273879.04", "99999999999999999999",
	} {
		if got, err := Parse(s); err == nil {
			t.Errorf("%q was read as %s", s, got)
		}
	}
}

func TestAnAmountIsWrittenAsItIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := Fen(rapid.Int64Range(0, 1<<62-1).Draw(t, "fen"))
		if back, err := Parse(f.String()); err != nil || back != f {
			t.Fatalf("%s was read back as %s, %v", f, back, err)
		}
		text, _ := f.MarshalText()
		var g Fen
		if err := g.UnmarshalText(text); err != nil || g != f {
			t.Fatalf("%s was restored as %s, %v", f, g, err)
		}
	})
}

func TestAmountsBelowZeroAreWrittenWithTheirSign(t *testing.T) {
	for f, want := range map[Fen]string{-1: "-0.01", -100: "-1.00", -3000_01: "-3000.01", 5: "0.05", -1 << 63: "-92233720368547758.08"} {
		if got := f.String(); got != want {
			t.Errorf("%d fen: %s, want %s", int64(f), got, want)
		}
	}
}

func TestTheRateFallsOnTheFenHalfUp(t *testing.T) {
	for _, c := range []struct {
		base     Fen
		permille int64
		want     Fen
	}{
		{3000_00, 5, 15_00}, {3000_01, 10, 30_00}, {5000_00, 10, 50_00}, {5000_01, 15, 75_00}, {10000_00, 15, 150_00}, {10000_01, 20, 200_00},
		{99, 5, 0}, {100, 5, 1}, {299, 5, 1}, {300, 5, 2}, {0, 20, 0},
	} {
		if got := c.base.PerMille(c.permille); got != c.want {
			t.Errorf("%d‰ of %s: %s, want %s", c.permille, c.base, got, c.want)
		}
	}
}
