package account

import (
	"errors"
	"time"
)

// The profiles of password rules. The two standards an installation may have to
// keep contradict each other, so that it must choose.
const (
	ASVS    = "asvs"    // OWASP ASVS: long, no composition, no forced change
	DengBao = "dengbao" // GB/T 22239: three classes of characters, changed regularly
)

// Settings are what an installation may choose about signing in.
type Settings struct {
	Profile  string        // of password rules
	Idle     time.Duration // a session that is not used so long ends
	Absolute time.Duration // and so does one this old
	Window   time.Duration // for which a password just given opens what is privileged
	Link     time.Duration // for which a one-time link is good
	Device   int           // days for which a browser stays known
}

// Defaults are the settings of an installation that chose nothing.
func Defaults() Settings {
	return Settings{
		Profile: ASVS, Idle: 30 * time.Minute, Absolute: 8 * time.Hour, Window: 10 * time.Minute,
		Link: 72 * time.Hour, Device: 180,
	}
}

// Check reports settings that would keep everybody out, or nobody.
func (s Settings) Check() error {
	switch {
	case s.Profile != ASVS && s.Profile != DengBao:
		return errors.New("account: no such profile of password rules")
	case s.Idle < time.Minute || s.Absolute < s.Idle || s.Absolute > 24*time.Hour:
		return errors.New("account: a session lasts from a minute to a day, and is never idle longer than it lasts")
	case s.Window < time.Minute || s.Window > time.Hour:
		return errors.New("account: the privileged window is between a minute and an hour")
	case s.Link < 10*time.Minute || s.Link > 30*24*time.Hour:
		return errors.New("account: a one-time link is good from ten minutes to thirty days")
	case s.Device < 1 || s.Device > 400:
		return errors.New("account: a browser stays known from one day to 400")
	}
	return nil
}

// Policy returns the password rules of the chosen profile.
func (s Settings) Policy() Policy {
	if s.Profile == DengBao {
		return Policy{Least: 8, Classes: 3, Days: 90}
	}
	return Policy{Least: 12}
}
