package app

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"qingfeng/internal/access"
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
	f, err := a.newQuestions(ctx)
	if err != nil {
		return err
	}
	for {
		records, err := a.After(ctx, f.at, followAtOnce)
		if err != nil {
			return errUnlessDone(ctx, nil, err)
		}
		if err := f.take(ctx, records); err != nil {
			return fmt.Errorf("questions: %w", err)
		}
		if f.at >= a.Size() && !pause(ctx, flushEvery) {
			return nil
		}
	}
}

// questions is the state of the follower: how far it is, and what it remembers. The
// memory only saves reading: with an empty one it asks the same.
type questions struct {
	app    *App
	at     int64
	memory memory
}

func (a *App) newQuestions(ctx context.Context) (*questions, error) {
	at, err := a.store.Position(ctx, followerQuestions)
	if err != nil {
		return nil, fmt.Errorf("questions: %w", err)
	}
	return &questions{app: a, at: at, memory: newMemory(a)}, nil
}

// take asks about records, and writes the questions and the position together.
func (f *questions) take(ctx context.Context, records []record.Record) error {
	var rows []record.Row
	for _, r := range records {
		fresh, err := f.ask(ctx, r)
		if err == nil {
			err = f.memory.add(ctx, r)
		}
		if err != nil {
			return fmt.Errorf("record %d: %w", r.Seq, err)
		}
		rows, f.at = append(rows, fresh...), r.Seq
	}
	return f.app.store.PutRows(ctx, followerQuestions, f.at, rows)
}

// ask returns the row of questions about r, or the row that its answer changes.
func (f *questions) ask(ctx context.Context, r record.Record) ([]record.Row, error) {
	p, ok := f.app.lib.ProcedureEdition(r.Procedure(), r.Edition)
	if !ok {
		return nil, nil
	}
	s, _ := p.Step(r.Step())
	if s.Effect == "record.erase" {
		return f.app.unask(ctx, r)
	}
	if s.ID == answerStep {
		return f.app.answer(ctx, r)
	}
	if len(s.Asks) == 0 || r.Erased() {
		return nil, nil
	}
	var asked []AskedQuestion
	for _, name := range s.Asks {
		questions, err := f.put(ctx, p.ID, name, r)
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

// unask removes the questions about the record that r erased: nobody could ask them
// again.
func (a *App) unask(ctx context.Context, r record.Record) ([]record.Row, error) {
	about := r.Fields.Number("record")
	was, err := a.Record(ctx, about)
	if err != nil {
		return nil, err
	}
	return []record.Row{{View: viewQuestion, Key: questionKey(was.Org, was.Matter, about), Seq: r.Seq}}, nil
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

// put asks one function. The register is read under its lock; of the past nearly
// everything is remembered.
func (f *questions) put(ctx context.Context, procedure, function string, r record.Record) (asked []matter.Question, err error) {
	a := f.app
	fn, ok := a.lib.Law.Functions[function]
	if !ok || fn.Ask == nil {
		return nil, fmt.Errorf("no function %s that asks", function)
	}
	a.read(func(g *register.Register) {
		c := matter.Case{Law: a.lib.Law, World: g, Act: matter.Act{Procedure: procedure, Org: r.Org, On: r.On, Fields: r.Fields}, Today: a.dayOf(r)}
		asked, err = fn.Ask(c, r, past{ctx, &f.memory, g, r.Seq})
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

// Questions returns the questions put to organisation o.
func (v *Visit) Questions(ctx context.Context, o id.Org) ([]AskedQuestion, error) {
	if !v.May(access.ReadOrg, o) {
		return nil, nil
	}
	return v.app.questionsUnder(ctx, o.String()+"/")
}
