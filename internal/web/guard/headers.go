package guard

import (
	"net/http"
	"strings"
)

// policy is what a page of ours may do. Scripts come from here or carry the nonce
// of this very answer; nothing is inline, nothing comes from elsewhere.
const policy = "default-src 'none'; script-src 'self' 'nonce-NONCE'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"

// features of browsers that no page of ours uses.
const features = "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), " +
	"magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=()"

// setHeaders writes the headers of every answer; a handler may replace some.
func setHeaders(h http.Header, secure bool, v visit) {
	h.Set("Content-Security-Policy", strings.Replace(policy, "NONCE", v.nonce, 1))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY") // for browsers that know no frame-ancestors
	// Not no-referrer: with it browsers send "Origin: null" with our own forms, and
	// where there is no TLS that is all we have to tell them from foreign ones.
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", features)
	h.Set("Cache-Control", "no-store") // pages are about people; files that may be kept say so
	h.Set("X-Request-Id", v.id)
	if secure {
		h.Set("Strict-Transport-Security", "max-age=31536000")
	}
}

// Quarantine sets the headers under which a file that somebody uploaded is
// served: to be saved under name, never to be run or shown as a page of ours.
func Quarantine(h http.Header, name string) {
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'; form-action 'none'; base-uri 'none'; object-src 'none'")
	h.Set("Content-Disposition", disposition(name))
	h.Set("X-Content-Type-Options", "nosniff")
}

// disposition spells the name of a file twice: for old programs without anything
// that could end the header, and in full (RFC 6266).
func disposition(name string) string {
	var plain, full strings.Builder
	for _, b := range []byte(name) {
		switch {
		case b >= '0' && b <= '9', b >= 'a' && b <= 'z', b >= 'A' && b <= 'Z', b == '.', b == '-', b == '_':
			plain.WriteByte(b)
			full.WriteByte(b)
		default:
			plain.WriteByte('_')
			const digits = "0123456789ABCDEF"
			full.WriteByte('%')
			full.WriteByte(digits[b>>4])
			full.WriteByte(digits[b&15])
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + full.String()
}
