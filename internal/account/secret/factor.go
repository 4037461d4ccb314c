package secret

import (
	"crypto/subtle"
	"encoding/base32"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
)

// The shape of one-time codes, as every authenticator program knows it (RFC 6238).
const (
	stepLength = 30 // seconds
	stepsOff   = 1  // by which a clock may be wrong, either way
	codeDigits = otp.DigitsSix
	keyLength  = 20 // bytes
)

var alphabet = base32.StdEncoding.WithPadding(base32.NoPadding)

// NewFactor returns the secret of a new second factor, as authenticators spell it.
func NewFactor(random io.Reader) (string, error) {
	b := make([]byte, keyLength)
	if _, err := io.ReadFull(random, b); err != nil {
		return "", fmt.Errorf("secret: %w", err)
	}
	return alphabet.EncodeToString(b), nil
}

// FactorURI returns what the picture for an authenticator says.
func FactorURI(factor, issuer, name string) string {
	q := url.Values{"secret": {factor}, "issuer": {issuer}}
	u := url.URL{Scheme: "otpauth", Host: "totp", Path: "/" + issuer + ":" + name, RawQuery: strings.ReplaceAll(q.Encode(), "+", "%20")}
	return u.String()
}

// CheckFactor reports whether code is right at now and newer than the step last
// used, and which step it is. A code works once: whoever read it over a shoulder
// cannot use it again.
func CheckFactor(factor, code string, now time.Time, last int64) (step int64, fits bool) {
	code = Typed(code)
	present := now.Unix() / stepLength
	for s := present - stepsOff; s <= present+stepsOff; s++ {
		want, err := FactorCode(factor, s)
		if err == nil && s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, fits = s, true
		}
	}
	return step, fits
}

// FactorCode returns the code of one step.
func FactorCode(factor string, step int64) (string, error) {
	code, err := hotp.GenerateCodeCustom(factor, uint64(step), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return "", fmt.Errorf("secret: %w", err)
	}
	return code, nil
}

// FactorStep returns the step that belongs to now.
func FactorStep(now time.Time) int64 { return now.Unix() / stepLength }

// How many recovery codes there are and how long each is.
const (
	recoveryCodes = 10
	recoveryBytes = 10
)

// NewRecovery returns fresh recovery codes to be shown once, and their hashes.
func (k *Keys) NewRecovery(random io.Reader, owner string) (codes []string, hashes [][]byte, err error) {
	for range recoveryCodes {
		b := make([]byte, recoveryBytes)
		if _, err := io.ReadFull(random, b); err != nil {
			return nil, nil, fmt.Errorf("secret: %w", err)
		}
		text := alphabet.EncodeToString(b)
		codes = append(codes, text[:4]+"-"+text[4:8]+"-"+text[8:12]+"-"+text[12:])
		hashes = append(hashes, k.recovery(text, owner))
	}
	return codes, hashes, nil
}

// UseRecovery returns what is left of hashes when code is used, and whether it was
// among them.
func (k *Keys) UseRecovery(hashes [][]byte, code, owner string) (left [][]byte, used bool) {
	h := k.recovery(strings.ToUpper(Typed(code)), owner)
	for _, one := range hashes {
		if subtle.ConstantTimeCompare(one, h) == 1 {
			used = true
		} else {
			left = append(left, one)
		}
	}
	return left, used
}

func (k *Keys) recovery(text, owner string) []byte {
	return k.MAC("recovery", []byte(owner), []byte(text))
}
