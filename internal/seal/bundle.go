package seal

import (
	"encoding/binary"
	"fmt"
)

// AppendEntry appends one entry to a bundle: its length as a big-endian uint16, then its bytes
// (tlog-tiles, Log entries). It refuses an entry longer than [MaxEntry].
func AppendEntry(bundle, entry []byte) ([]byte, error) {
	if len(entry) > MaxEntry {
		return bundle, fmt.Errorf("entry of %d bytes, the longest allowed is %d: %w", len(entry), MaxEntry, ErrMalformed)
	}
	bundle = binary.BigEndian.AppendUint16(bundle, uint16(len(entry)))
	return append(bundle, entry...), nil
}

// ParseBundle splits a bundle into exactly width entries, which share its memory. When it does not hold exactly
// so many, the entries it could read come back with an error that wraps [ErrMalformed].
func ParseBundle(bundle []byte, width int) ([][]byte, error) {
	entries := make([][]byte, 0, width)
	rest := bundle
	for i := range width {
		entry, after, ok := cutEntry(rest)
		if !ok {
			return entries, fmt.Errorf("bundle ends within entry %d of %d: %w", i, width, ErrMalformed)
		}
		entries = append(entries, entry)
		rest = after
	}
	if len(rest) != 0 {
		return entries, fmt.Errorf("bundle has %d bytes after its %d entries: %w", len(rest), width, ErrMalformed)
	}
	return entries, nil
}

func cutEntry(bundle []byte) (entry, rest []byte, ok bool) {
	if len(bundle) < 2 {
		return nil, bundle, false
	}
	end := 2 + int(binary.BigEndian.Uint16(bundle))
	if len(bundle) < end {
		return nil, bundle, false
	}
	return bundle[2:end:end], bundle[end:], true
}
