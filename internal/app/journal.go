package app

import (
	"context"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// A JournalLine is one record in the journal: its head, and none of its fields but
// why it corrects another, for whoever may know of the matter.
type JournalLine struct {
	Seq      int64
	Time     time.Time
	On       day.Day
	Kind     string
	Org      OrgRef
	Actor    PersonRef
	Matter   id.Matter
	Corrects int64
	Reason   string
	Late     int
	Leaf     []byte
}

// Journal returns up to limit lines before record before (0: the newest), newest
// first, of what the visitor may know of.
func (v *Visit) Journal(ctx context.Context, before int64, limit int) (lines []JournalLine, err error) {
	if !v.MayAnywhere(access.ReadJournal) {
		return nil, fault.NotFound
	}
	q := record.Query{Backwards: true, Limit: limit * 4}
	if before > 0 {
		q.UpTo = before - 1
	}
	for len(lines) < limit {
		records, err := v.app.records(ctx, q)
		if err != nil {
			return nil, err
		}
		v.app.read(func(g *register.Register) { lines = v.journalLines(g, lines, records, limit) })
		if len(records) < q.Limit || records[len(records)-1].Seq <= 1 {
			break
		}
		q.UpTo = records[len(records)-1].Seq - 1
	}
	return lines, nil
}

func (v *Visit) journalLines(g *register.Register, lines []JournalLine, records []record.Record, limit int) []JournalLine {
	reader := v.reader(g)
	for _, r := range records {
		if len(lines) == limit {
			break
		}
		if reader.May(access.ReadJournal, r.Org) {
			lines = append(lines, v.journalLine(g, r))
		}
	}
	return lines
}

func (v *Visit) journalLine(g *register.Register, r record.Record) JournalLine {
	line := JournalLine{Seq: r.Seq, Time: r.Time, On: r.On, Kind: r.Kind, Org: orgOn(g, r.Org, v.today), Actor: personRef(g, r.Actor),
		Matter: r.Matter, Corrects: r.Corrects, Late: v.app.late(r), Leaf: leafHash(r)}
	if v.knowsOn(g, r) {
		line.Reason = r.Fields.Text(record.Correction)
	}
	return line
}

// JournalRecord returns one record with what is needed to prove it.
func (v *Visit) JournalRecord(ctx context.Context, seq int64) (JournalLine, record.Record, error) {
	r, err := v.app.Record(ctx, seq)
	if err != nil {
		return JournalLine{}, record.Record{}, err
	}
	var line JournalLine
	may := false
	v.app.read(func(g *register.Register) {
		may = v.reader(g).May(access.ReadJournal, r.Org) || v.knowsOn(g, r)
		line = v.journalLine(g, r)
	})
	if !may {
		return JournalLine{}, record.Record{}, fault.NotFound
	}
	return line, r, nil
}
