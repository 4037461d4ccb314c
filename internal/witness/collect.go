package witness

import (
	"context"
	"sync"

	"qingfeng/internal/seal"
)

// A Result is what one witness did with a checkpoint.
type Result struct {
	Witness string
	Err     error // nil if it cosigned
}

// Collect submits a checkpoint to several witnesses at once and waits for all of them. It returns the signature lines
// of those that cosigned, ready to attach, and what became of each, in the order of the clients.
func Collect(ctx context.Context, clients []*Client, r seal.TileReader, checkpoint seal.Signed) (lines []byte, results []Result) {
	answers := make([][]byte, len(clients))
	results = make([]Result, len(clients))
	var group sync.WaitGroup
	for i, c := range clients {
		group.Go(func() {
			var err error
			answers[i], err = c.Submit(ctx, r, checkpoint)
			results[i] = Result{c.Name(), err}
		})
	}
	group.Wait()
	for _, answer := range answers {
		lines = append(lines, answer...)
	}
	return lines, results
}
