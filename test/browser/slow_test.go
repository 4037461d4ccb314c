package browser

import (
	"testing"

	"github.com/chromedp/cdproto/network"
)

// standsStillOnASlowLine opens long pages over a line on which they come in pieces:
// nothing that was drawn may jump when the rest arrives.
func (c *city) standsStillOnASlowLine(t *testing.T) {
	b := c.enter(t, "city.officer")
	call(b, network.Enable, network.EnableParams{})
	call(b, network.EmulateNetworkConditionsByRule, network.EmulateNetworkConditionsByRuleParams{
		MatchedNetworkConditions: []*network.Conditions{{Latency: 20, DownloadThroughput: 40_000, UploadThroughput: 40_000}},
	})
	for _, page := range []string{"/journal", "/person", "/meeting"} {
		b.see(page)
		if jumps := b.jumps(); jumps != "" {
			t.Errorf("%s: %s", page, jumps)
		}
	}
}
