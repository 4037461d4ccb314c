package guard

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"sync/atomic"
)

// A visit is what is known of a request before anybody looks at it.
type visit struct {
	id     string // in the log and on the error page
	nonce  string
	source netip.Addr
	who    *atomic.Uint32 // the number of the person signed in, told later
}

type visitKey struct{}

func (v visit) in(ctx context.Context) context.Context { return context.WithValue(ctx, visitKey{}, v) }

func of(ctx context.Context) visit {
	v, _ := ctx.Value(visitKey{}).(visit) // outside of Protect there is none
	return v
}

// visit draws the names of a request. They come from us: a name that the sender
// chose could be that of somebody else's request.
func (o Options) visit(r *http.Request) (visit, error) {
	var b [8 + 16]byte
	if _, err := io.ReadFull(o.Random, b[:]); err != nil {
		return visit{}, err
	}
	return visit{
		id: hex.EncodeToString(b[:8]), nonce: base64.RawStdEncoding.EncodeToString(b[8:]),
		source: o.source(r), who: new(atomic.Uint32),
	}, nil
}

// RequestID returns the name of the request, as the log has it.
func RequestID(ctx context.Context) string { return of(ctx).id }

// Nonce returns what a script of this very answer has to carry.
func Nonce(ctx context.Context) string { return of(ctx).nonce }

// SetPerson tells the log who is signed in: a number, never a name.
func SetPerson(ctx context.Context, p uint32) {
	if v := of(ctx); v.who != nil {
		v.who.Store(p)
	}
}

// Source returns where the request comes from: an IPv4 address, or the network of
// an IPv6 address, since whoever has one has all of them.
func Source(ctx context.Context) string {
	a := of(ctx).source
	switch {
	case !a.IsValid():
		return ""
	case a.Is4():
		return a.String()
	}
	network, err := a.Prefix(64)
	if err != nil {
		return a.String()
	}
	return network.String()
}

// source returns the address of the sender: that of the connection, or, if that is
// a proxy of ours, the last one in the chain that is not.
func (o Options) source(r *http.Request) netip.Addr {
	from, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	a := from.Addr().Unmap().WithZone("")
	if !o.ours(a) {
		return a // whatever it says about others, it says itself
	}
	chain := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for i := len(chain) - 1; i >= 0; i-- {
		next, err := netip.ParseAddr(strings.TrimSpace(chain[i]))
		if err != nil {
			return a
		}
		if a = next.Unmap().WithZone(""); !o.ours(a) {
			return a
		}
	}
	return a
}

func (o Options) ours(a netip.Addr) bool {
	for _, p := range o.Proxies {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
