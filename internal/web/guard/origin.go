package guard

import "net/http"

// sameOrigin turns away what another site makes a browser do here. Browsers say
// where a request comes from; one that carries our cookie, wants to change
// something, and does not say so is turned away as well, which is stricter than
// the standard library. Programs carry a token and no cookie, and need not say.
func sameOrigin(next http.Handler, o Options) http.Handler {
	standard := http.NewCrossOriginProtection()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if standard.Check(r) != nil || silent(r) {
			o.refuse(w, r, CrossOrigin)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// silent reports whether a request would change something with our cookie and
// does not say where it comes from.
func silent(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return false
	}
	if r.Header.Get("Sec-Fetch-Site") != "" || r.Header.Get("Origin") != "" {
		return false
	}
	for _, secure := range []bool{true, false} {
		if (Jar{Secure: secure}).Session(r) != "" {
			return true
		}
	}
	return false
}
