package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
)

// alive answers whoever asks whether the process is up.
func alive(w http.ResponseWriter, _ *http.Request) { plainly(w, http.StatusOK, "ok") }

// ready answers whether requests should be sent here: the state is loaded, records
// are taken, and they are signed. Witnesses that are silent are told of, and keep
// nobody away.
func (in *installation) ready(w http.ResponseWriter, _ *http.Request) {
	stop := in.app.Sick()
	switch {
	case stop != nil:
		plainly(w, http.StatusServiceUnavailable, (&fault.Stop{Why: stop.Why, Args: stop.Args}).Error()) // without what the machine said
	case !in.signing(in.now()):
		plainly(w, http.StatusServiceUnavailable, "not signing")
	case in.watch.Silent() > 0:
		plainly(w, http.StatusOK, "ready, but no witness has cosigned for "+in.watch.Silent().Round(time.Second).String())
	default:
		plainly(w, http.StatusOK, "ready")
	}
}

// signingLag is how long records may wait for a checkpoint. They wait well under a
// second, but for when a whole city is built at once.
const signingLag = time.Minute

// signing reports whether the log is under a checkpoint, or was a short while ago; one
// signed in the future will not be for as long.
func (in *installation) signing(now time.Time) bool {
	signed, at := in.public().Signed()
	return signed >= in.app.Size() || now.Sub(at).Abs() < signingLag
}

func plainly(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = fmt.Fprintln(w, text) // whoever went away needs no answer
}

// sweep removes at intervals what nobody can use any more, until ctx ends. That it
// fails is said and stops nothing.
func sweep(ctx context.Context, accounts *app.Accounts, log *slog.Logger, every time.Duration) error {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-ticker.C:
			if err := accounts.Sweep(ctx); err != nil {
				log.Warn("old sessions and tokens were not removed", "err", err)
			}
		}
	}
}
