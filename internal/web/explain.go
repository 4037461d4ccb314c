package web

import (
	"context"
	"errors"
	"net/http"

	"github.com/a-h/templ"

	"qingfeng/internal/account"
	"qingfeng/internal/fault"
	"qingfeng/internal/matter"
	"qingfeng/internal/web/guard"
	"qingfeng/internal/web/view"
)

// errNowhere: there is no such address.
var errNowhere = errors.New("no such address")

// explain is the one place where an error becomes a page.
func (s *Server) explain(c *Call, err error) {
	var refusal *matter.Refusal
	var invalid *fault.Invalid
	var wait *account.Wait
	switch {
	case errors.Is(err, fault.SignIn):
		s.signInFirst(c)
	case errors.Is(err, account.ErrFactor), errors.Is(err, account.ErrRenew):
		_ = c.To(view.PathSettings) // what is owed is settled there
	case errors.Is(err, account.ErrProve):
		_ = c.To(provePath(c.R))
	case errors.Is(err, fault.NotFound), errors.Is(err, errNowhere):
		s.fail(c, http.StatusNotFound, view.SavedNothingSent, "")
	case errors.Is(err, fault.Forbidden):
		s.deny(c)
	case errors.Is(err, fault.Unknown):
		s.fail(c, http.StatusServiceUnavailable, view.SavedUnknown, "")
	case errors.Is(err, fault.ReadOnly):
		s.readOnly(c, err)
	case errors.As(err, &wait):
		s.fail(c, http.StatusTooManyRequests, view.SavedNo, c.wait(wait.For))
	case errors.Is(err, fault.Busy):
		s.fail(c, http.StatusTooManyRequests, view.SavedNo, "")
	case errors.Is(err, fault.Reused):
		s.fail(c, http.StatusConflict, view.SavedEarlier, "")
	case errors.As(err, &refusal):
		s.refuse(c, refusal)
	case errors.As(err, &invalid):
		s.fail(c, http.StatusBadRequest, view.SavedNo, "")
	case guard.IsTooLarge(err):
		s.fail(c, http.StatusRequestEntityTooLarge, view.SavedNo, "")
	case errors.Is(err, context.Canceled):
		// whoever went away needs no answer
	default:
		s.Logger.Error("request failed", "id", guard.RequestID(c.R.Context()), "path", c.R.Pattern, "err", err)
		s.failed(c)
	}
}

// failed says that a request failed, and what is known to be wrong with the whole
// installation: most likely that is why.
func (s *Server) failed(c *Call) {
	v := s.failure(c, http.StatusInternalServerError, s.saved(c))
	if stop := s.App.Sick(); stop != nil {
		v.Detail, _ = c.Base.W.Stop(stop)
	}
	s.drawFailure(c, v)
}

// saved says of a failure that is ours what became of what was sent.
func (s *Server) saved(c *Call) view.Saved {
	if c.R.Method == http.MethodGet || c.R.Method == http.MethodHead {
		return view.SavedNothingSent
	}
	return view.SavedUnknown
}

// signInFirst leads to the page for signing in, and back afterwards.
func (s *Server) signInFirst(c *Call) {
	if c.R.Method != http.MethodGet {
		s.fail(c, http.StatusUnauthorized, view.SavedNo, "")
		return
	}
	_ = c.To(view.With(view.PathSignIn, "back", c.R.URL.RequestURI()))
}

// deny writes down that somebody was refused, and says so.
func (s *Server) deny(c *Call) {
	if c.Session != nil {
		if err := s.Accounts.Deny(c.R.Context(), c.Session.Person(), c.R.Pattern, c.R.Method, guard.Source(c.R.Context())); err != nil {
			s.Logger.Error("denied attempt not written down", "err", err)
		}
	}
	s.fail(c, http.StatusForbidden, view.SavedNo, "")
}

// readOnly says that nothing is recorded for now, and why where that is known.
func (s *Server) readOnly(c *Call, err error) {
	v := s.failure(c, http.StatusServiceUnavailable, view.SavedNo)
	var stop *fault.Stop
	if errors.As(err, &stop) {
		v.Detail, _ = c.Base.W.Stop(stop)
	}
	s.drawFailure(c, v)
}

// refuse draws a refusal that no form is there to show.
func (s *Server) refuse(c *Call, r *matter.Refusal) {
	v := s.failure(c, http.StatusUnprocessableEntity, view.SavedNo)
	for _, one := range r.All() {
		v.Whys = append(v.Whys, c.problem(one, ""))
	}
	s.drawFailure(c, v)
}

func (s *Server) fail(c *Call, status int, saved view.Saved, wait string) {
	v := s.failure(c, status, saved)
	v.Wait = wait
	s.drawFailure(c, v)
}

func (s *Server) failure(c *Call, status int, saved view.Saved) view.FailureView {
	c.status = status
	v := view.FailureView{Base: c.Base, Status: status, Saved: saved}
	if status >= http.StatusInternalServerError || status == http.StatusForbidden {
		v.Number = guard.RequestID(c.R.Context())
	}
	if c.R.Method == http.MethodGet && status >= http.StatusTooManyRequests {
		v.Again = c.R.URL.RequestURI()
	}
	return v
}

func (s *Server) drawFailure(c *Call, v view.FailureView) {
	if err := s.draw(c, func(*Call) (templ.Component, error) { return view.Failure(v), nil }); err != nil {
		s.Logger.Error("failure page", "err", err)
		http.Error(c.W, http.StatusText(v.Status), v.Status)
	}
}
