package guard

import (
	"net/http"
	"time"
)

// The names of our cookies. Over TLS they have the prefix that makes a browser
// take them from this host alone, for every path, and only encrypted; neither a
// neighbouring host nor a plain connection can plant one. Without TLS, which is
// only ever so for a demonstration on the machine itself, no browser takes that
// prefix; there they have other names, so that one never passes for the other.
const (
	sessionSecure = "__Host-qingfeng"
	sessionPlain  = "qingfeng-plain"
	deviceSecure  = "__Host-qingfeng-browser"
	devicePlain   = "qingfeng-browser-plain"
)

// A Jar sets and reads the two cookies that say who somebody is.
type Jar struct {
	Secure bool // browsers reach us over TLS
}

// SetSession gives the browser the name of its session, to be kept until it is
// closed; how long a session lasts is decided here and not there.
//
// SameSite is Strict: no request that another site starts carries the cookie, not
// even a link that somebody follows. Such a link leads to a page that asks to sign
// in; programs for mail and messages, and a camera that reads a code, open a
// browser themselves and are not other sites.
func (j Jar) SetSession(w http.ResponseWriter, id string) {
	http.SetCookie(w, j.cookie(j.session(), id, 0))
}

// EndSession makes the browser forget its session and what it kept of our pages.
func (j Jar) EndSession(w http.ResponseWriter) {
	http.SetCookie(w, j.cookie(j.session(), "", -1))
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
}

// Session returns the name of the session that r carries, or "".
func (j Jar) Session(r *http.Request) string { return one(r, j.session()) }

// SetDevice gives the browser what it keeps to be known again.
func (j Jar) SetDevice(w http.ResponseWriter, device string, keep time.Duration) {
	http.SetCookie(w, j.cookie(j.device(), device, int(keep/time.Second)))
}

// Device returns what the browser kept to be known again, or "".
func (j Jar) Device(r *http.Request) string { return one(r, j.device()) }

func (j Jar) session() string {
	if j.Secure {
		return sessionSecure
	}
	return sessionPlain
}

func (j Jar) device() string {
	if j.Secure {
		return deviceSecure
	}
	return devicePlain
}

func (j Jar) cookie(name, value string, age int) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: age,
		Secure: j.Secure, HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// one returns the value of the only cookie called name. Two of them mean that
// somebody planted one; then neither counts.
func one(r *http.Request, name string) string {
	if all := r.CookiesNamed(name); len(all) == 1 {
		return all[0].Value
	}
	return ""
}
