package app

import (
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/obligation"
	"qingfeng/internal/org"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A Calendar is the year of one organisation: each obligation, span by span.
type Calendar struct {
	Org  OrgRef
	Year day.Period
	Rows []CalendarRow
}

// A CalendarRow is one obligation through the year.
type CalendarRow struct {
	Obligation obligation.Obligation
	Dues       []obligation.Due // one for each span
}

// Calendar returns the obligations of branch o in the year of day in.
func (v *Visit) Calendar(ctx context.Context, o id.Org, in day.Day) (Calendar, error) {
	if !v.May(access.ReadOrg, o) {
		return Calendar{}, fault.NotFound
	}
	cal := Calendar{Year: in.CalendarYear()}
	held, err := v.app.held(ctx, []id.Org{o}, cal.Year)
	if err != nil {
		return Calendar{}, err
	}
	v.app.read(func(g *register.Register) {
		cal.Org = orgOn(g, o, v.today)
		for _, ob := range v.app.lib.Obligations {
			row := CalendarRow{Obligation: ob}
			binds := false
			for _, span := range ob.Per.Spans(cal.Year) {
				due := ob.Assess(v.app.lib.Law, g, o, span, held[o][ob.ID], v.today)
				binds = binds || due.Status != obligation.None
				row.Dues = append(row.Dues, due)
			}
			if binds {
				cal.Rows = append(cal.Rows, row)
			}
		}
	})
	return cal, nil
}

// held returns on which days each organisation held what fulfils each obligation.
func (a *App) held(ctx context.Context, orgs []id.Org, during day.Period) (map[id.Org]map[string][]day.Day, error) {
	held := map[id.Org]map[string][]day.Day{}
	corrected, err := a.corrected(ctx, 0)
	if err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(orgs, 400) {
		for head, err := range a.store.Raw(ctx, record.Query{Orgs: chunk, During: during}) {
			if err != nil {
				return nil, err
			}
			if corrected[head.Seq] {
				continue // the record that corrects it counts, on its own day
			}
			for _, ob := range a.lib.Obligations {
				if slices.Contains(ob.Steps, head.Kind) {
					if held[head.Org] == nil {
						held[head.Org] = map[string][]day.Day{}
					}
					held[head.Org][ob.ID] = append(held[head.Org][ob.ID], head.On)
				}
			}
		}
	}
	return held, nil
}

// A Behind lists, for one obligation in one span, which organisations below o
// have still to hold it: to help them, in the order of the tree.
type Behind struct {
	Obligation obligation.Obligation
	Span       day.Period
	Bound      int // organisations that it binds
	Done       int
	Missing    []MissingOrg
}

// A MissingOrg is an organisation that has still to hold something.
type MissingOrg struct {
	OrgRef
	Above OrgRef
	Due   obligation.Due
}

// Behind returns how every obligation stands below o in the span that contains
// day in. List at most limit organisations each; the counts are of all.
func (v *Visit) Behind(ctx context.Context, o id.Org, in day.Day, limit int) ([]Behind, error) {
	if !v.May(access.ReadOrg, o) {
		return nil, fault.NotFound
	}
	var branches []id.Org
	v.app.read(func(g *register.Register) { branches = basics(g, o, in) })
	var all []Behind
	for _, ob := range v.app.lib.Obligations {
		b, err := v.behind(ctx, ob, o, branches, ob.Per.Span(in), limit)
		if err != nil {
			return nil, err
		}
		if b.Bound > 0 {
			all = append(all, b)
		}
	}
	return all, nil
}

func (v *Visit) behind(ctx context.Context, ob obligation.Obligation, o id.Org, branches []id.Org, span day.Period, limit int) (Behind, error) {
	b := Behind{Obligation: ob, Span: span}
	held, err := v.heldBy(ctx, ob, o, branches, span)
	if err != nil {
		return b, err
	}
	v.app.read(func(g *register.Register) {
		bound := v.app.counts.boundIn(g, v.app.lib, o, min(span.To, max(v.today, span.From)), ob.Of, ob.OnlyIf)
		b.Bound = int(bound.GetCardinality())
		for _, o := range branches {
			if !bound.Contains(uint32(o)) {
				continue
			}
			if held.enough(o) {
				b.Done++
				continue
			}
			if len(b.Missing) == limit {
				continue
			}
			due := ob.Assess(v.app.lib.Law, g, o, span, held.days(o), v.today)
			if due.Status == obligation.Done {
				b.Done++
				continue
			}
			b.Missing = append(b.Missing, MissingOrg{orgOn(g, o, v.today), orgOn(g, g.Tree().Get(o).On(v.today).Superior, v.today), due})
		}
	})
	return b, nil
}

// heldDays tells on which days branches fulfilled an obligation in a span.
type heldDays struct {
	once  *roaring.Bitmap // where once is enough: who did; else nil
	times int
	byOrg map[id.Org][]day.Day
}

func (h heldDays) days(o id.Org) []day.Day { return h.byOrg[o] }

func (h heldDays) enough(o id.Org) bool {
	if h.once != nil {
		return h.once.Contains(uint32(o))
	}
	return len(h.byOrg[o]) >= h.times
}

// heldBy tells which branches below o fulfilled ob in span. Where once is enough and
// a figure counts just that, its cells say so at once for a whole city; else the
// records are read.
func (v *Visit) heldBy(ctx context.Context, ob obligation.Obligation, o id.Org, branches []id.Org, span day.Period) (heldDays, error) {
	times, err := v.app.lib.Law.Book.At(ob.Times, min(span.To, max(v.today, span.From)))
	if err != nil {
		return heldDays{}, nil // the rule was not in force: it binds nobody
	}
	in, counted := v.app.countedBy(ob)
	if !counted || times.Int() != 1 {
		held, err := v.app.held(ctx, branches, span)
		byOrg := map[id.Org][]day.Day{}
		for b, days := range held {
			byOrg[b] = days[ob.ID]
		}
		return heldDays{times: int(times.Int()), byOrg: byOrg}, err
	}
	at, err := v.app.store.Position(ctx, followerFigures)
	if err != nil {
		return heldDays{}, err
	}
	c := &counting{v: v, in: in, period: span, asOf: at}
	once, err := c.set(ctx, o)
	return heldDays{once: once, times: 1}, err
}

// countedBy returns the figure that counts the organisations that fulfil ob, if
// there is one.
func (a *App) countedBy(ob obligation.Obligation) (indicator.Indicator, bool) {
	for _, in := range a.lib.Indicators {
		if in.Measure == indicator.Orgs && len(in.Where) == 0 && slices.Equal(in.With, ob.Steps) {
			return in, true
		}
	}
	return indicator.Indicator{}, false
}

// basics returns the branches in o on d, in the order of the tree.
func basics(g *register.Register, o id.Org, d day.Day) (all []id.Org) {
	g.Tree().Walk(o, d, func(x org.Org) bool {
		if x.On(d).Kind.Basic() {
			all = append(all, x.ID)
		}
		return true
	})
	return all
}
