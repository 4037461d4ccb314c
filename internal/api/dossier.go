package api

import (
	"encoding/hex"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/record"
)

// Matter is one matter from its first record to its last.
type Matter struct {
	ID        string     `json:"id"`
	Procedure string     `json:"procedure"`
	Edition   day.Day    `json:"edition"`
	Title     string     `json:"title"`
	Org       Ref        `json:"org"`
	Closed    bool       `json:"closed"`
	AsOf      int64      `json:"asof"`
	Entries   []Entry    `json:"entries"` // oldest first
	Open      []OpenStep `json:"open"`
}

// Entry is one record as the owner of the token may see it.
type Entry struct {
	Seq       int64          `json:"seq"`
	Time      time.Time      `json:"time"` // when it was written down
	On        day.Day        `json:"on"`   // when it happened
	Kind      string         `json:"kind"`
	Title     string         `json:"title"`
	Matter    string         `json:"matter"`
	Actor     Ref            `json:"actor,omitzero"` // without: the installation itself
	Role      string         `json:"role,omitzero"`
	Behalf    Ref            `json:"behalf,omitzero"`
	Corrects  int64          `json:"corrects,omitzero"`
	Reason    string         `json:"correction,omitzero"` // why it corrects; among fields as well, as it was sealed
	Corrected int64          `json:"corrected_by,omitzero"`
	Late      int            `json:"late"` // days beyond the tolerance
	Erased    bool           `json:"erased"`
	Hidden    bool           `json:"hidden"` // some fields are not for this reader
	Leaf      string         `json:"leaf"`
	Fields    jsontext.Value `json:"fields"`
}

// OpenStep is a step that can be taken now.
type OpenStep struct {
	Step    string  `json:"step"`
	Title   string  `json:"title"`
	Mine    bool    `json:"mine"` // the owner of the token may take it
	Due     day.Day `json:"due,omitzero"`
	Overdue bool    `json:"overdue"`
}

func (c *call) dossier() (Matter, error) {
	d, err := c.visit.Dossier(c.r.Context(), c.matter())
	if err != nil {
		return Matter{}, err
	}
	m := Matter{ID: string(d.ID), Procedure: d.Procedure.ID, Edition: d.Procedure.From, Title: c.say(d.Procedure.Title),
		Org: orgRef(d.Org), Closed: d.Closed, AsOf: d.AsOf, Entries: c.entries(d.Entries)}
	for _, s := range d.Open {
		m.Open = append(m.Open, OpenStep{s.Step.ID, c.say(s.Step.Title), s.Mine, s.Due.On, s.Overdue})
	}
	return m, nil
}

func (c *call) entries(entries []app.Entry) (all []Entry) {
	for _, e := range entries {
		r := e.Record
		one := Entry{Seq: r.Seq, Time: r.Time, On: r.On, Kind: r.Kind, Title: c.say(e.Step.Title), Matter: string(r.Matter), Role: r.Role,
			Corrects: r.Corrects, Reason: r.Fields.Text(record.Correction), Corrected: e.Corrected, Late: e.Late, Erased: e.Erased, Hidden: e.Hidden,
			Leaf: hex.EncodeToString(e.Leaf), Fields: r.Fields.Append(nil)}
		if e.Actor.ID != 0 {
			one.Actor = personRef(e.Actor)
		}
		if e.Behalf.ID != 0 {
			one.Behalf = personRef(e.Behalf)
		}
		all = append(all, one)
	}
	return all
}
