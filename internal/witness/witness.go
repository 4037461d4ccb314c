// Package witness asks C2SP witnesses to cosign checkpoints, remembers the last checkpoint each has seen, and holds
// the local log against it. It is a client over HTTP; it is not a witness, holds no private key, and
// decides nothing about how many witnesses are enough or what to do when they disagree.
package witness

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"qingfeng/internal/seal"
)

// What a witness may answer, beyond a cosignature. Only [ErrUnavailable] is worth trying again as it is.
var (
	// ErrUnavailable says that no answer came, or none that means anything: the witness is down, busy or not a witness.
	ErrUnavailable = errors.New("witness: no usable answer")
	// ErrUnknownLog says that the witness does not follow this log (404).
	ErrUnknownLog = errors.New("witness: log is unknown there")
	// ErrKeyRefused says that the witness does not know the key that signed the checkpoint (403).
	ErrKeyRefused = errors.New("witness: signature is not accepted there")
	// ErrAhead says that the witness has seen a larger tree of this log than ours: leaves are missing here (409).
	ErrAhead = errors.New("witness: has seen a larger tree")
	// ErrInconsistent says that the witness has seen another past of this log (409 at our size, or 422).
	ErrInconsistent = errors.New("witness: has seen another past")
)

const (
	// maxAnswer bounds what is read of an answer, in bytes; what is cut off does not verify.
	maxAnswer = 64 << 10
	// attempts bounds how often the size the witness names is followed in one submission.
	attempts = 3
	// sizeType is the media type of the size a witness answers a conflict with (tlog-witness, add-checkpoint).
	sizeType = "text/x.tlog.size"
)

// An Ahead is an [ErrAhead] that knows how much is missing.
type Ahead struct{ Seen, Here int64 } // leaves that the witness has seen, and that there are here

// Error implements error.
func (a *Ahead) Error() string {
	return fmt.Sprintf("%v: %d leaves, here are %d", ErrAhead, a.Seen, a.Here)
}

// Unwrap makes it an [ErrAhead].
func (a *Ahead) Unwrap() error { return ErrAhead }

// A Store keeps for each witness, by its name, the last checkpoint it has cosigned, as a signed note. What it keeps
// should lie apart from the log, so that putting an old log back does not put an old memory back with it.
type Store interface {
	// Last returns the note kept for a witness, nil if there is none.
	Last(ctx context.Context, witness string) ([]byte, error)
	// Keep replaces it, durably.
	Keep(ctx context.Context, witness string, note []byte) error
}

// A Config describes one witness.
type Config struct {
	URL   string        // submission prefix, http or https
	Key   seal.Cosigner // its public key
	Trust seal.Trust    // the log's keys; Key is added to its witnesses
	Store Store
	// HTTP makes the requests; nil means a client of its own. Redirects are never followed.
	HTTP *http.Client
	// Timeout bounds one request; zero means 10 seconds.
	Timeout time.Duration
}

// A Client submits checkpoints to one witness. It is safe for use by several goroutines, though two submissions at
// once may cost each other a repetition.
type Client struct {
	submit  string
	key     seal.Cosigner
	trust   seal.Trust
	store   Store
	http    *http.Client
	timeout time.Duration
}

// New makes the client of a witness; it refuses a URL that is not an absolute http or https one.
func New(c Config) (*Client, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.RawQuery != "" || u.Fragment != "" {
		return nil, fmt.Errorf("witness: %.200q is not the URL of a witness: %w", c.URL, seal.ErrMalformed)
	}
	client := http.Client{}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if c.Timeout == 0 {
		c.Timeout = 10 * time.Second
	}
	trust := seal.Trust{Log: c.Trust.Log, Witnesses: []seal.Cosigner{c.Key}}
	return &Client{u.JoinPath("add-checkpoint").String(), c.Key, trust, c.Store, &client, c.Timeout}, nil
}

// Key is the public key of the witness.
func (c *Client) Key() seal.Cosigner { return c.key }

// Name is the name of the witness.
func (c *Client) Name() string { return c.key.Name() }

// Submit has the witness cosign a checkpoint of the log whose tiles r reads, remembers that it did, and returns the
// signature line for the log to attach. Where the witness names another old size than we remember, it follows.
func (c *Client) Submit(ctx context.Context, r seal.TileReader, checkpoint seal.Signed) (lines []byte, err error) {
	last, err := c.Last(ctx)
	if err != nil {
		return nil, err
	}
	old := last.Size
	for range attempts {
		if old > checkpoint.Size {
			return nil, c.failed(&Ahead{old, checkpoint.Size})
		}
		a, err := c.ask(ctx, r, checkpoint, old)
		if err != nil {
			return nil, c.failed(err)
		}
		if a.conflict && a.size == old {
			return nil, c.failed(fmt.Errorf("%w: another root at %d leaves", ErrInconsistent, old))
		}
		if !a.conflict {
			return c.accept(ctx, checkpoint, a.lines)
		}
		old = a.size
	}
	return nil, c.failed(fmt.Errorf("%w: it named another size %d times", ErrUnavailable, attempts))
}

// Last is the last checkpoint the witness has cosigned as far as we remember, verified; the zero Signed if none.
func (c *Client) Last(ctx context.Context) (seal.Signed, error) {
	msg, err := c.store.Last(ctx, c.Name())
	if err != nil {
		return seal.Signed{}, c.failed(err)
	}
	if msg == nil {
		return seal.Signed{}, nil
	}
	s, err := c.trust.Open(msg)
	if err == nil && len(s.Cosignatures) == 0 {
		err = seal.ErrSignature
	}
	if err != nil {
		return seal.Signed{}, c.failed(fmt.Errorf("remembered checkpoint: %w", err))
	}
	return s, nil
}

// Compare holds the local log against the last checkpoint the witness has cosigned. Where nothing is remembered yet the
// verdict is consistent, with nothing seen.
func (c *Client) Compare(ctx context.Context, local seal.Checkpoint, r seal.TileReader) (seal.Comparison, error) {
	last, err := c.Last(ctx)
	if err != nil {
		return seal.Comparison{}, err
	}
	if last.Origin == "" {
		return seal.Comparison{Verdict: seal.Consistent, Local: local.Size}, nil
	}
	comparison, err := seal.Compare(local, r, last.Checkpoint)
	if err != nil {
		return comparison, c.failed(err)
	}
	return comparison, nil
}

func (c *Client) failed(err error) error { return fmt.Errorf("witness %s: %w", c.Name(), err) }

func (c *Client) accept(ctx context.Context, checkpoint seal.Signed, lines []byte) ([]byte, error) {
	s, err := c.trust.AddCosignatures(checkpoint, lines)
	if err != nil {
		return nil, c.failed(fmt.Errorf("%w: its answer: %w", ErrUnavailable, err))
	}
	if err := c.store.Keep(ctx, c.Name(), s.Note); err != nil {
		return nil, c.failed(err)
	}
	own := bytes.LastIndexByte(s.Note[:len(s.Note)-1], '\n') + 1 // only verified lines of this one key are added
	return s.Note[own:], nil
}

// An answer is what a witness said and we understood.
type answer struct {
	lines    []byte
	conflict bool
	size     int64
}

// ask makes one add-checkpoint request (tlog-witness, add-checkpoint).
func (c *Client) ask(ctx context.Context, r seal.TileReader, checkpoint seal.Signed, old int64) (answer, error) {
	proof, err := seal.ProveConsistency(r, checkpoint.Size, checkpoint.Root, old)
	if err != nil {
		return answer{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.timeout)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.submit, bytes.NewReader(body(old, proof, checkpoint.Note)))
	if err != nil {
		return answer{}, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	defer func() { _ = response.Body.Close() }() // nothing is left to lose in it
	data, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return answer{}, fmt.Errorf("%w: %w", ErrUnavailable, err)
	}
	return understand(response.StatusCode, response.Header.Get("Content-Type"), data)
}

// body is the request: the old size, the proof, an empty line, the signed checkpoint.
func body(old int64, proof []seal.Hash, note []byte) []byte {
	b := fmt.Appendf(nil, "old %d\n", old)
	b = append(b, seal.FormatProof(proof)...)
	return append(append(b, '\n'), note...)
}

func understand(status int, contentType string, data []byte) (answer, error) {
	switch status {
	case http.StatusOK:
		return answer{lines: data}, nil
	case http.StatusConflict:
		return conflict(contentType, data)
	case http.StatusForbidden:
		return answer{}, ErrKeyRefused
	case http.StatusNotFound:
		return answer{}, ErrUnknownLog
	case http.StatusUnprocessableEntity:
		return answer{}, fmt.Errorf("%w: it refuses the proof", ErrInconsistent)
	}
	return answer{}, fmt.Errorf("%w: status %d", ErrUnavailable, status)
}

// conflict reads the size the witness has. A conflict without one says that the roots differ at the same size.
func conflict(contentType string, data []byte) (answer, error) {
	if kind, _, err := mime.ParseMediaType(contentType); err != nil || kind != sizeType {
		return answer{}, fmt.Errorf("%w: it refuses the root", ErrInconsistent)
	}
	text := strings.TrimSuffix(string(data), "\n")
	size, err := strconv.ParseInt(text, 10, 64)
	if err != nil || size < 0 || size > seal.MaxSize || strconv.FormatInt(size, 10) != text {
		return answer{}, fmt.Errorf("%w: conflict with size %.20q", ErrUnavailable, text)
	}
	return answer{conflict: true, size: size}, nil
}
