package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/access"
	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// FigureDefinition says what a figure is.
type FigureDefinition struct {
	ID         string   `json:"id"`
	Title      string   `json:"title"`
	Unit       string   `json:"unit"`
	Definition string   `json:"definition"`
	Measure    string   `json:"measure"`
	Per        string   `json:"per"`
	Topic      string   `json:"topic,omitzero"`
	Share      bool     `json:"share"` // it is a share of a base
	Set        bool     `json:"set"`   // whom it counts can be listed
	Clauses    []string `json:"clauses"`
}

// Figure is one figure, with what is needed to ask for it again.
type Figure struct {
	ID    string  `json:"id"`
	Org   Ref     `json:"org"`
	From  day.Day `json:"from"`
	To    day.Day `json:"to"`
	Count int64   `json:"count"`
	Base  *int64  `json:"base,omitzero"`
	AsOf  int64   `json:"asof"`
}

// FigureSet is whom or what a figure counts or misses.
type FigureSet struct {
	AsOf  int64    `json:"asof"`
	Of    string   `json:"of"` // people or organisations
	Total int      `json:"total"`
	IDs   []string `json:"ids"`
	Names []Ref    `json:"names"` // of people only with a token that may list people
}

func (c *call) figures() (all []FigureDefinition, _ error) {
	for _, in := range c.s.App.Library().Indicators {
		all = append(all, FigureDefinition{ID: in.ID, Title: c.say(in.Title), Unit: c.say(in.Unit), Definition: c.say(in.Definition),
			Measure: string(in.Measure), Per: string(in.Per), Topic: in.Topic, Share: !in.Base.None(), Set: in.Measure.Sets(), Clauses: in.Basis})
	}
	slices.SortFunc(all, func(a, b FigureDefinition) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

func (c *call) figureQuery() app.FigureQuery {
	return app.FigureQuery{ID: c.text("figure"), Org: c.org(), Period: day.Period{From: c.day("from"), To: c.day("to")}, AsOf: c.number("asof")}
}

func (c *call) figure() (Figure, error) {
	f, err := c.visit.Figure(c.r.Context(), c.figureQuery())
	return figure(f), err
}

func (c *call) figureBelow() (all []Figure, _ error) {
	below, err := c.visit.FigureBelow(c.r.Context(), c.figureQuery())
	for _, f := range below {
		all = append(all, figure(f))
	}
	return all, err
}

func figure(f app.Figure) Figure {
	out := Figure{ID: f.Indicator.ID, Org: orgRef(f.Org), From: f.Period.From, To: f.Period.To, Count: f.Count, AsOf: f.AsOf}
	if f.HasBase {
		out.Base = &f.Base
	}
	return out
}

func (c *call) figureCounted() (FigureSet, error) { return c.figureSet((*app.Visit).FigureSet) }

func (c *call) figureMissing() (FigureSet, error) { return c.figureSet((*app.Visit).FigureMissing) }

type setReader = func(*app.Visit, context.Context, app.FigureQuery) (*roaring.Bitmap, error)

// figureSet reads a set as of one moment, which it names.
func (c *call) figureSet(read setReader) (FigureSet, error) {
	q := c.figureQuery()
	f, err := c.visit.Figure(c.r.Context(), q)
	if err != nil {
		return FigureSet{}, err
	}
	q.AsOf = f.AsOf
	set, err := read(c.visit, c.r.Context(), q)
	if err != nil {
		return FigureSet{}, err
	}
	out := FigureSet{AsOf: f.AsOf, Of: "organisations", Total: int(set.GetCardinality())}
	if f.Indicator.Measure.OfPeople() {
		out.Of = "people"
		c.namePeople(&out, set.ToArray())
		return out, nil
	}
	for _, o := range c.visit.OrgsAbove(set.ToArray()) {
		out.IDs = append(out.IDs, o.ID.String())
		out.Names = append(out.Names, orgRef(o.OrgRef))
	}
	return out, nil
}

func (c *call) namePeople(out *FigureSet, numbers []uint32) {
	for _, n := range numbers {
		out.IDs = append(out.IDs, id.Person(n).String())
	}
	if !c.bearer.Uses(access.ListPeople) {
		return
	}
	for _, l := range c.visit.PersonLines(numbers) {
		out.Names = append(out.Names, personRef(l.PersonRef))
	}
}
