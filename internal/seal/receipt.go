package seal

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"
)

const (
	proofHeader   = "c2sp.org/tlog-proof@v1"
	receiptHeader = "qingfeng-receipt/v1"
)

// A Receipt is what the person who recorded something takes home: that the log had this leaf. It is checked offline
// with the log's public key, and against every later checkpoint with a consistency proof.
//
// The signature and the proof vouch for Index, Leaf and, when present, Entry. Number and Time are what the server said
// when it gave the receipt; they are proved only as far as Entry contains them, which is for the caller to compare.
type Receipt struct {
	Number int64     // record number, from 1
	Time   time.Time // when the record was written down, UTC
	Index  int64     // leaf index in the log, from 0
	Leaf   Hash      // leaf hash
	Entry  []byte    // the entry itself; nil if withheld
	Proof  []Hash    // audit path, from the leaf's sibling up
	Note   []byte    // the signed checkpoint whose root the path leads to
}

// Text encodes the receipt as a C2SP tlog-proof (file extension .tlog-proof): header, extra, index, proof, empty
// line, checkpoint. The extra data, in base64, are lines of their own: a header, record, time (RFC 3339, UTC), leaf and
// optionally entry.
func (r Receipt) Text() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\nextra %s\nindex %d\n", proofHeader, encode([]byte(r.extra())), r.Index)
	for _, h := range r.Proof {
		b.WriteString(encode(h[:]) + "\n")
	}
	b.WriteString("\n")
	b.Write(r.Note)
	return b.Bytes()
}

func (r Receipt) extra() string {
	s := fmt.Sprintf("%s\nrecord %d\ntime %s\nleaf %s\n", receiptHeader, r.Number, r.Time.UTC().Format(time.RFC3339Nano), encode(r.Leaf[:]))
	if r.Entry != nil {
		s += "entry " + encode(r.Entry) + "\n"
	}
	return s
}

// ParseReceipt reads a receipt as [Receipt.Text] writes it and refuses every other spelling with [ErrMalformed].
// It verifies nothing: that is [Receipt.Check].
func ParseReceipt(text []byte) (Receipt, error) {
	head, msg, ok := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !ok || len(lines) < 3 || lines[0] != proofHeader || len(lines) > 3+63 {
		return Receipt{}, fmt.Errorf("receipt: %w", ErrMalformed)
	}
	r := Receipt{Note: bytes.Clone(msg)}
	extra, err := decode(strings.TrimPrefix(lines[1], "extra "))
	if err == nil {
		err = r.parseExtra(string(extra))
	}
	if err != nil {
		return Receipt{}, fmt.Errorf("receipt extra: %w", err)
	}
	if r.Index, err = strconv.ParseInt(strings.TrimPrefix(lines[2], "index "), 10, 64); err != nil {
		return Receipt{}, fmt.Errorf("receipt index: %w", ErrMalformed)
	}
	for _, line := range lines[3:] {
		h, err := parseHash(line)
		if err != nil {
			return Receipt{}, fmt.Errorf("receipt proof: %w", err)
		}
		r.Proof = append(r.Proof, h)
	}
	if !bytes.Equal(r.Text(), text) || r.Index < 0 || r.Index >= MaxSize {
		return Receipt{}, fmt.Errorf("receipt in another spelling than ours: %w", ErrMalformed)
	}
	return r, nil
}

// parseExtra reads what it can; the caller compares the whole text with its one spelling.
func (r *Receipt) parseExtra(extra string) error {
	var err error
	for line := range strings.Lines(extra) {
		key, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
		switch key {
		case "record":
			r.Number, err = strconv.ParseInt(value, 10, 64)
		case "time":
			r.Time, err = time.Parse(time.RFC3339Nano, value)
		case "leaf":
			r.Leaf, err = parseHash(value)
		case "entry":
			r.Entry, err = decode(value)
		}
		if err != nil {
			return fmt.Errorf("%s %.80q: %w", key, value, ErrMalformed)
		}
	}
	return nil
}

// Check verifies the receipt offline: the checkpoint is signed by the log, the proof leads from the leaf to its root,
// and the entry, where present, hashes to the leaf. It returns that checkpoint; errors wrap [ErrSignature],
// [ErrProof] or [ErrMalformed].
func (r Receipt) Check(trust Trust) (Signed, error) {
	s, err := trust.Open(r.Note)
	if err != nil {
		return Signed{}, err
	}
	if r.Entry != nil && LeafHash(r.Entry) != r.Leaf {
		return Signed{}, fmt.Errorf("entry does not hash to leaf %s: %w", r.Leaf, ErrProof)
	}
	return s, CheckInclusion(r.Proof, s.Size, s.Root, r.Index, r.Leaf)
}

// CheckLater verifies the receipt as [Receipt.Check] does, and that a checkpoint the caller trusts, of the same log
// and no smaller, begins with the receipt's: then the leaf is still in the log.
func (r Receipt) CheckLater(trust Trust, later Checkpoint, proof []Hash) error {
	s, err := r.Check(trust)
	if err != nil {
		return err
	}
	if s.Origin != later.Origin {
		return fmt.Errorf("receipt of %.80q against %.80q: %w", s.Origin, later.Origin, ErrProof)
	}
	return CheckConsistency(proof, later.Size, later.Root, s.Size, s.Root)
}

// FormatProof encodes a consistency proof, one hash in base64 a line: the body of an add-checkpoint request, and
// what accompanies a receipt when it is checked against a later checkpoint (tlog-witness, add-checkpoint).
func FormatProof(proof []Hash) []byte {
	var b bytes.Buffer
	for _, h := range proof {
		b.WriteString(encode(h[:]) + "\n")
	}
	return b.Bytes()
}

// ParseProof reads what [FormatProof] writes; more than 63 lines are refused with [ErrMalformed].
func ParseProof(text []byte) ([]Hash, error) {
	var proof []Hash
	for line := range strings.Lines(string(text)) {
		line, ended := strings.CutSuffix(line, "\n")
		h, err := parseHash(line)
		if err != nil || !ended || len(proof) == 63 {
			return nil, fmt.Errorf("proof line %d: %w", len(proof)+1, ErrMalformed)
		}
		proof = append(proof, h)
	}
	return proof, nil
}
