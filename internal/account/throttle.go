package account

import "time"

// Pace says how fast somebody may fail.
type Pace struct {
	Free   int           // failures without any waiting
	Most   time.Duration // the longest wait; it is never for good
	Forget time.Duration // after so long without a failure nothing is held against anybody
}

// The paces. None of them is a lock: whoever is stopped is let in again by
// waiting, and others waiting do not wait longer for it. Sixty seconds at most
// for an account leave an attacker some seventy guesses in an hour however many
// machines he has; its owner, in a browser that is known, is counted apart.
func AccountPace() Pace { return Pace{Free: 5, Most: time.Minute, Forget: 2 * time.Hour} }

// SourcePace is that of one address, over all accounts. Offices share addresses,
// so it is generous to a start; successes are not counted.
func SourcePace() Pace { return Pace{Free: 30, Most: 15 * time.Minute, Forget: 2 * time.Hour} }

// DevicePace is that of one account in a browser where it signed in before.
func DevicePace() Pace { return Pace{Free: 5, Most: time.Minute, Forget: time.Hour} }

// CodePace is that of typed check-in codes, for one person.
func CodePace() Pace { return Pace{Free: 5, Most: time.Minute, Forget: time.Hour} }

// Wait returns how long after now the next attempt may be made; zero: at once.
func (p Pace) Wait(t Throttle, now time.Time) time.Duration {
	if p.forgotten(t, now) || t.Count < p.Free {
		return 0
	}
	return max(0, t.Last.Add(p.after(t.Count)).Sub(now))
}

// after returns the wait that follows failure number n: doubled with each.
func (p Pace) after(n int) time.Duration {
	doublings := n - p.Free
	if doublings > 20 {
		return p.Most
	}
	return min(p.Most, time.Second<<doublings)
}

// forgotten reports whether nothing is held against anybody. What a clock that has
// been set back since counted is forgotten too: nobody waits until it is there again.
func (p Pace) forgotten(t Throttle, now time.Time) bool {
	return t.Count == 0 || now.Sub(t.Last) > p.Forget || ahead(t.Last, now)
}

// Next returns t with one more attempt at now. An attempt is counted before it is
// judged, so that attempts made together cannot share one chance; success takes
// it back.
func (p Pace) Next(t Throttle, now time.Time) Throttle {
	if p.forgotten(t, now) {
		t.Count = 0
	}
	return Throttle{Key: t.Key, Count: t.Count + 1, Last: now}
}
