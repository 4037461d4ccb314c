// Package guard stands between the network and every handler: headers, limits,
// cookies, who a request really comes from. It draws nothing, has no words, and
// knows no person and no right.
package guard

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"time"
)

// Why a request is turned away before any handler sees it.
var (
	// CrossOrigin: another site tried to make this browser act here.
	CrossOrigin = errors.New("guard: the request comes from another site")

	// TooLarge: the body is larger than its route takes.
	TooLarge = errors.New("guard: the body is too large")

	// Crowded: too many requests are being served; the same one will do later.
	Crowded = errors.New("guard: too many requests at once")

	// Crashed: a handler panicked. What happened is in the log under the id of the
	// request.
	Crashed = errors.New("guard: the handler crashed")
)

// Options say how [Protect] protects.
type Options struct {
	Secure   bool                                                    // browsers reach us over TLS, here or at a proxy in front
	Proxies  []netip.Prefix                                          // proxies whose word on the sender's address is believed
	InFlight int                                                     // requests served at once; 0: 1024
	Body     func(*http.Request) int64                               // the most bytes of a body; nil: 1 MiB everywhere
	Refuse   func(w http.ResponseWriter, r *http.Request, why error) // draws what is turned away; one of the errors above
	Seen     func(route string, status int, took time.Duration)      // told of every request that was answered; nil: nobody
	Now      func() time.Time
	Random   io.Reader // must be that of the machine, but in tests
	Log      *slog.Logger
}

// ordinaryBody is the most bytes of a body where a route asks for no more.
const ordinaryBody = 1 << 20

// ordinaryInFlight is how many requests are served at once. Behind it stand a few
// connections to the database: more would only wait.
const ordinaryInFlight = 1024

// filled puts in what was not given. Clock and randomness are always given: without
// them there is no nonce and no log, and it is better to fail at the start.
func (o Options) filled() Options {
	if o.Now == nil || o.Random == nil {
		panic("guard: Options without Now or Random")
	}
	if o.InFlight == 0 {
		o.InFlight = ordinaryInFlight
	}
	if o.Body == nil {
		o.Body = func(*http.Request) int64 { return ordinaryBody }
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// Protect returns next behind everything that holds for all routes alike.
func Protect(next http.Handler, o Options) http.Handler {
	o = o.filled()
	h := limitBody(next, o)
	h = sameOrigin(h, o)
	h = limitInFlight(h, o)
	return enter(h, o)
}

// enter gives a request its name and its headers, and sees it out again: whatever
// happens inside is caught and written down.
func enter(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := o.Now()
		v, err := o.visit(r)
		if err != nil {
			o.Log.Error("no randomness", "err", err)
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		r = r.WithContext(v.in(r.Context()))
		out := &answer{ResponseWriter: w}
		setHeaders(out.Header(), o.Secure, v)
		defer func() { o.writeDown(out, r, v, o.Now().Sub(began)) }()
		defer func() {
			if what := recover(); what != nil {
				o.crashed(out, r, what)
			}
		}()
		next.ServeHTTP(out, r)
	})
}

// limitInFlight turns requests away at once when too many are being served. To
// queue them would make all of them slow.
func limitInFlight(next http.Handler, o Options) http.Handler {
	gate := NewGate(o.InFlight, 0)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave, err := gate.Enter(r.Context())
		if err != nil {
			o.refuse(w, r, Crowded)
			return
		}
		defer leave()
		next.ServeHTTP(w, r)
	})
}

// limitBody lets nobody send more than the route takes: refused before it is read
// where the length is said, cut off where it is not.
func limitBody(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		most := o.Body(r)
		if r.ContentLength > most {
			o.refuse(w, r, TooLarge)
			return
		}
		if r.Body != nil {
			r.Body = http.MaxBytesReader(w, r.Body, most)
		}
		next.ServeHTTP(w, r)
	})
}

// IsTooLarge reports whether err comes from a body that was cut off.
func IsTooLarge(err error) bool {
	var cut *http.MaxBytesError
	return errors.Is(err, TooLarge) || errors.As(err, &cut)
}

// Status returns the status that goes with a reason of this package.
func Status(why error) int {
	switch {
	case errors.Is(why, CrossOrigin):
		return http.StatusForbidden
	case IsTooLarge(why):
		return http.StatusRequestEntityTooLarge
	case errors.Is(why, Crowded):
		return http.StatusServiceUnavailable
	}
	return http.StatusInternalServerError
}

func (o Options) refuse(w http.ResponseWriter, r *http.Request, why error) {
	if errors.Is(why, Crowded) {
		w.Header().Set("Retry-After", "1")
	}
	if IsTooLarge(why) {
		w.Header().Set("Connection", "close") // the rest of the body is not read
	}
	if o.Refuse == nil {
		w.WriteHeader(Status(why))
		return
	}
	o.Refuse(w, r, why)
}
