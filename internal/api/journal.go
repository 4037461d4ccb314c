package api

import (
	"encoding/base64"
	"encoding/hex"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/day"

	"github.com/go-json-experiment/json/jsontext"
)

// Journal is a part of the journal, newest first.
type Journal struct {
	Lines []JournalLine `json:"records"`
	Next  int64         `json:"next,omitzero"` // ask on with before=next; without: this was all
}

// JournalLine is the head of one record.
type JournalLine struct {
	Seq      int64     `json:"seq"`
	Time     time.Time `json:"time"`
	On       day.Day   `json:"on"`
	Kind     string    `json:"kind"`
	Org      Ref       `json:"org"`
	Actor    Ref       `json:"actor,omitzero"`
	Matter   string    `json:"matter"`
	Corrects int64     `json:"corrects,omitzero"`
	Reason   string    `json:"correction,omitzero"` // why it corrects, for whoever may know of the matter
	Late     int       `json:"late"`
	Leaf     string    `json:"leaf"`
}

// Record is one record without its fields, and what proves it.
type Record struct {
	JournalLine
	Head    jsontext.Value `json:"head"`   // its canonical encoding
	Blind   string         `json:"blind"`  // under which the log commits to it, in base64
	Sealed  bool           `json:"sealed"` // a signed checkpoint covers it
	Receipt string         `json:"receipt,omitzero"`
}

// journal leaves out what the token does not cover: a page may be short, and next
// says where to go on.
func (c *call) journal() (Journal, error) {
	out := Journal{}
	lines, err := c.visit.Journal(c.r.Context(), c.number("before"), c.limit())
	if err != nil {
		return out, err
	}
	for _, l := range lines {
		if c.bearer.Covers(l.Org.ID) {
			out.Lines = append(out.Lines, journalLine(l))
		}
	}
	if len(lines) == c.limit() && lines[len(lines)-1].Seq > 1 {
		out.Next = lines[len(lines)-1].Seq
	}
	return out, nil
}

func journalLine(l app.JournalLine) JournalLine {
	line := JournalLine{Seq: l.Seq, Time: l.Time, On: l.On, Kind: l.Kind, Org: orgRef(l.Org), Matter: string(l.Matter),
		Corrects: l.Corrects, Reason: l.Reason, Late: l.Late, Leaf: hex.EncodeToString(l.Leaf)}
	if l.Actor.ID != 0 {
		line.Actor = personRef(l.Actor)
	}
	return line
}

func (c *call) record() (Record, error) {
	line, r, err := c.visit.JournalRecord(c.r.Context(), c.number("seq"))
	if err != nil {
		return Record{}, err
	}
	out := Record{JournalLine: journalLine(line), Head: r.Head(), Blind: base64.StdEncoding.EncodeToString(r.Blind)}
	text, ok := c.s.Receipt(r)
	out.Sealed, out.Receipt = ok, string(text)
	return out, nil
}
