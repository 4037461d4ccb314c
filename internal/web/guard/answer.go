package guard

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// An answer remembers what was sent.
type answer struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status = status
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (a *answer) Write(b []byte) (int, error) {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	n, err := a.ResponseWriter.Write(b)
	a.bytes += int64(n)
	return n, err
}

// Flush implements [http.Flusher], for answers that go on for long.
func (a *answer) Flush() {
	if a.status == 0 {
		a.status = http.StatusOK
	}
	_ = http.NewResponseController(a.ResponseWriter).Flush() // what cannot flush sends at the end
}

// Unwrap lets [http.ResponseController] reach the connection.
func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// crashed writes down what happened and draws an error page, unless the answer
// has already begun; then the connection is cut, or half a page would pass for a
// whole one.
func (o Options) crashed(out *answer, r *http.Request, what any) {
	if err, ok := what.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(http.ErrAbortHandler)
	}
	o.Log.Error("crash", "id", RequestID(r.Context()), "route", route(r), "what", fmt.Sprint(what), "stack", string(debug.Stack()))
	if out.status != 0 {
		panic(http.ErrAbortHandler)
	}
	o.refuse(out, r, Crashed)
}

// writeDown writes one line about a request. What it may hold is this list and
// nothing else: no address of a page with its query, no name, no header.
func (o Options) writeDown(out *answer, r *http.Request, v visit, took time.Duration) {
	status := out.status
	if status == 0 {
		status = http.StatusOK
	}
	if o.Seen != nil {
		o.Seen(route(r), status, took)
	}
	o.Log.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("id", v.id),
		slog.String("method", method(r)),
		slog.String("route", route(r)),
		slog.Int("status", status),
		slog.Int64("bytes", out.bytes),
		slog.Int64("us", took.Microseconds()),
		slog.String("source", Source(r.Context())),
		slog.Uint64("person", uint64(v.who.Load())),
	)
}

// route is the pattern that a request was served by, never its path: a path may
// hold a token.
func route(r *http.Request) string {
	if r.Pattern == "" {
		return "-"
	}
	return r.Pattern
}

// method returns the method if it is one; anything else may hold anything.
func method(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return r.Method
	}
	return "-"
}
