package app

import (
	"context"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"qingfeng/internal/access"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// viewQuestion is the view in which questions wait for an answer.
const viewQuestion = "question"

// An AskedQuestion is a question about one record, and the answer if there is one.
type AskedQuestion struct {
	matter.Question
	Record int64 // what it is about
	Matter id.Matter
	Org    id.Org
	Answer int64 // the record that answers it, or 0
}

// answerStep is the standing step by which an organisation answers a question; its
// field "record" names the record asked about.
const answerStep = "answer"

// FollowQuestions looks at every new record and puts the questions that its step
// asks, until ctx ends.
func (a *App) FollowQuestions(ctx context.Context) error {
	at, err := a.store.Position(ctx, followerQuestions)
	if err != nil {
		return fmt.Errorf("questions: %w", err)
	}
	for {
		records, err := a.After(ctx, at, followAtOnce)
		if err != nil {
			return errUnlessDone(ctx, nil, err)
		}
		var rows []record.Row
		for _, r := range records {
			fresh, err := a.ask(ctx, r)
			if err != nil {
				return fmt.Errorf("questions: record %d: %w", r.Seq, err)
			}
			rows, at = append(rows, fresh...), r.Seq
		}
		if err := a.store.PutRows(ctx, followerQuestions, at, rows); err != nil {
			return fmt.Errorf("questions: %w", err)
		}
	}
}

// ask returns the row of questions about r, or the row that its answer changes.
func (a *App) ask(ctx context.Context, r record.Record) ([]record.Row, error) {
	p, ok := a.lib.ProcedureEdition(r.Procedure(), r.Edition)
	if !ok {
		return nil, nil
	}
	s, _ := p.Step(r.Step())
	if s.ID == answerStep {
		return a.answer(ctx, r)
	}
	if len(s.Asks) == 0 || r.Erased() {
		return nil, nil
	}
	var asked []AskedQuestion
	for _, name := range s.Asks {
		questions, err := a.put(ctx, p.ID, name, r)
		if err != nil {
			return nil, err
		}
		for _, q := range questions {
			asked = append(asked, AskedQuestion{Question: q, Record: r.Seq, Matter: r.Matter, Org: r.Org})
		}
	}
	if len(asked) == 0 {
		return nil, nil
	}
	return questionRow(r, r.Seq, asked)
}

func questionRow(r record.Record, about int64, asked []AskedQuestion) ([]record.Row, error) {
	body, err := json.Marshal(asked, json.Deterministic(true))
	if err != nil {
		return nil, err
	}
	return []record.Row{{View: viewQuestion, Key: questionKey(r.Org, r.Matter, about), Seq: r.Seq, Body: body}}, nil
}

// questionKey orders questions by organisation and matter.
func questionKey(o id.Org, m id.Matter, seq int64) string { return fmt.Sprintf("%s/%s/%d", o, m, seq) }

// put asks one function. The register is read under its lock; what the function
// reads of the past is fetched beforehand where that is possible.
func (a *App) put(ctx context.Context, procedure, function string, r record.Record) (asked []matter.Question, err error) {
	f, ok := a.lib.Law.Functions[function]
	if !ok || f.Ask == nil {
		return nil, fmt.Errorf("no function %s that asks", function)
	}
	a.read(func(g *register.Register) {
		c := matter.Case{Law: a.lib.Law, World: g, Act: matter.Act{Procedure: procedure, Org: r.Org, On: r.On, Fields: r.Fields}, Today: a.dayOf(r)}
		asked, err = f.Ask(c, r, past{ctx, a, g, r.Seq})
	})
	return asked, err
}

// answer marks the questions about a record as answered by r.
func (a *App) answer(ctx context.Context, r record.Record) ([]record.Row, error) {
	about := r.Fields.Number("record")
	row, found, err := a.store.Row(ctx, viewQuestion, questionKey(r.Org, r.Matter, about))
	if err != nil || !found {
		return nil, err
	}
	var asked []AskedQuestion
	if err := json.Unmarshal(row.Body, &asked); err != nil {
		return nil, err
	}
	for i := range asked {
		asked[i].Answer = r.Seq
	}
	return questionRow(r, about, asked)
}

// questionsOf returns the questions asked about records of matter m.
func (a *App) questionsOf(ctx context.Context, m id.Matter) ([]AskedQuestion, error) {
	st, err := a.records(ctx, record.Query{Matter: m, Limit: 1})
	if err != nil || len(st) == 0 {
		return nil, err
	}
	return a.questionsUnder(ctx, fmt.Sprintf("%s/%s/", st[0].Org, m))
}

// questionsUnder returns the questions whose keys begin with prefix.
func (a *App) questionsUnder(ctx context.Context, prefix string) (all []AskedQuestion, err error) {
	for row, err := range a.store.RowsUnder(ctx, viewQuestion, prefix) {
		if err != nil {
			return nil, err
		}
		var asked []AskedQuestion
		if err := json.Unmarshal(row.Body, &asked); err != nil {
			return nil, fmt.Errorf("question %s: %w", row.Key, err)
		}
		all = append(all, asked...)
	}
	return all, nil
}

// past shows a function the records before one, on a register that is locked.
type past struct {
	ctx context.Context
	app *App
	reg *register.Register
	seq int64
}

// Recent implements [matter.Past].
func (p past) Recent(o id.Org, d day.Day, limit int) ([]record.Record, error) {
	q := record.Query{Orgs: []id.Org{o}, During: day.Period{To: d}, UpTo: p.seq - 1, Limit: limit, Backwards: true}
	return p.app.records(p.ctx, q)
}

// PresentOn implements [matter.Past]. It looks where somebody can have been: in
// the own branch and in the organisations of the own offices.
func (p past) PresentOn(who id.Person, d day.Day) (present []record.Record, err error) {
	x, ok := p.reg.Person(who)
	if !ok {
		return nil, nil
	}
	var orgs []id.Org
	if m, ok := x.Membership(d); ok {
		orgs = append(orgs, m.Org)
	}
	for _, f := range x.OfficesOn(d) {
		orgs = append(orgs, f.Org)
	}
	records, err := p.app.records(p.ctx, record.Query{Orgs: orgs, During: day.Period{From: d, To: d}, UpTo: p.seq - 1})
	for _, r := range records {
		people := r.Fields.People("attended")
		i := slices.IndexFunc(people, func(x record.Presence) bool { return x.Person == who && x.State == record.Present })
		if i >= 0 {
			present = append(present, r)
		}
	}
	return present, err
}

// Questions returns the questions put to organisation o.
func (v *Visit) Questions(ctx context.Context, o id.Org) ([]AskedQuestion, error) {
	if !v.May(access.ReadOrg, o) {
		return nil, nil
	}
	return v.app.questionsUnder(ctx, o.String()+"/")
}
