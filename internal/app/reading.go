package app

import (
	"context"
	"fmt"
	"time"

	"qingfeng/internal/id"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// A Reading says who looked at the details of a person, when and why.
type Reading struct {
	Reader  PersonRef
	Time    time.Time
	Purpose string
}

// readingsShown is how many readings the page of a person shows.
const readingsShown = 50

// logReading writes down that the visitor reads the details of p. It returns when
// that is durable; without it nothing is shown.
func (v *Visit) logReading(ctx context.Context, p id.Person) error {
	err := v.app.store.LogReadings(ctx, store.Reading{Reader: v.me, Person: p, Purpose: v.purpose, Time: v.app.now().UTC()})
	if err != nil {
		return fmt.Errorf("reading of %s not written down: %w", p, err)
	}
	return nil
}

// readings returns who looked at p lately, newest first, and those as well who looked
// while the clock ran ahead.
func (a *App) readings(ctx context.Context, p id.Person) ([]Reading, error) {
	kept, err := a.store.ReadingsOf(ctx, p, time.Date(9999, time.December, 31, 0, 0, 0, 0, time.UTC), readingsShown)
	if err != nil {
		return nil, fmt.Errorf("readings of %s: %w", p, err)
	}
	all := make([]Reading, 0, len(kept))
	a.read(func(g *register.Register) {
		for _, r := range kept {
			all = append(all, Reading{personRef(g, r.Reader), r.Time, r.Purpose})
		}
	})
	return all, nil
}
