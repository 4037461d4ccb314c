package seal

import "fmt"

// A Verdict is the outcome of holding the local log against a checkpoint that somebody outside has seen. Its text is
// a key for the catalogue.
type Verdict string

const (
	// Consistent says that the local log begins with what was seen.
	Consistent Verdict = "consistent"
	// Shorter says that the local log lacks leaves that were seen: it was cut, or an old copy was put back.
	Shorter Verdict = "shorter"
	// Inconsistent says that the local log has another past than the one seen.
	Inconsistent Verdict = "inconsistent"
)

// A Comparison is a verdict and the sizes it rests on.
type Comparison struct {
	Verdict Verdict
	Local   int64 // size of the local log
	Seen    int64 // size of the checkpoint seen
	// MissingFrom and MissingTo bound the missing leaves [MissingFrom, MissingTo) where the verdict is Shorter.
	MissingFrom, MissingTo int64
}

// Compare holds the local checkpoint, whose tiles r reads, against a checkpoint that was seen outside. An error says
// that no verdict could be reached: the two are of different logs, or the local tiles do not hash to the local root.
func Compare(local Checkpoint, r TileReader, seen Checkpoint) (Comparison, error) {
	c := Comparison{Verdict: Inconsistent, Local: local.Size, Seen: seen.Size}
	if local.Origin != seen.Origin {
		return c, fmt.Errorf("compare %.80q with %.80q: %w", local.Origin, seen.Origin, ErrMalformed)
	}
	if seen.Size > local.Size {
		c.Verdict, c.MissingFrom, c.MissingTo = Shorter, local.Size, seen.Size
		return c, nil
	}
	root, err := RootAt(r, local.Size, local.Root, seen.Size)
	if err != nil {
		return c, fmt.Errorf("compare: %w", err)
	}
	if root == seen.Root {
		c.Verdict = Consistent
	}
	return c, nil
}
