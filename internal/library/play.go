package library

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/procedure"
	"qingfeng/internal/record"
)

// Play plays c in a world of its own and returns the problem if it comes out
// otherwise than c says.
func (lib *Library) Play(c Case) error {
	w, err := lib.newWorld()
	if err != nil {
		return err
	}
	run := &play{lib: lib, c: c, world: w, matters: map[string]id.Matter{}}
	for i, a := range c.Acts {
		if err := run.act(a); err != nil {
			return c.problem(fmt.Sprintf("act %d (%s): %v", i+1, a.Step, err))
		}
	}
	if err := run.end(); err != nil {
		return c.problem(err.Error())
	}
	return nil
}

func (c Case) problem(why string) error {
	return Problems{{c.file, c.line, fmt.Sprintf("case %q: %s", c.Name, why)}}
}

// A play is one case being played.
type play struct {
	lib     *Library
	c       Case
	world   *world
	matters map[string]id.Matter // by the names of the case
	last    matter.State
	proc    procedure.Procedure
	today   day.Day
}

func (r *play) act(a CaseAct) error {
	p, st, err := r.matter(a)
	if err != nil {
		return err
	}
	act, by, err := r.read(p, st, a)
	if err != nil {
		return err
	}
	r.today = by.Today
	rec, refusal := matter.Decide(p, r.lib.Law, r.world, st, act, by)
	if err := r.compare(a, p, rec, refusal); err != nil {
		return err
	}
	r.proc, r.last = p, st
	if refusal != nil {
		r.world.acts = append(r.world.acts, 0)
		return nil
	}
	return r.write(a, p, rec)
}

// matter returns the procedure by which a is decided, and how its matter stands.
func (r *play) matter(a CaseAct) (procedure.Procedure, matter.State, error) {
	name := cmp.Or(a.Procedure, r.c.Procedure)
	m, known := r.matters[name+" "+a.Matter]
	if o, ok := r.world.orgs[a.Matter]; ok {
		m, known = o.Matter(), true
	}
	if q, ok := r.world.people[a.Matter]; ok {
		m, known = q.Matter(), true
	}
	on := a.On
	past := r.world.past(m)
	if known && len(past) > 0 {
		on = past[0].On
	}
	p, ok := r.lib.Procedure(name, on)
	if !ok {
		return p, matter.State{}, fmt.Errorf("no procedure %s is in force on %s", name, on)
	}
	st := matter.Fold(p, past)
	st.ID = m
	return p, st, nil
}

func (r *play) read(p procedure.Procedure, st matter.State, a CaseAct) (act matter.Act, by matter.By, err error) {
	by.Today, by.Log = a.Today, book{r.world, r.lib}
	if by.Today == 0 {
		by.Today = a.On
	}
	org := r.world.orgs[cmp.Or(a.Org, r.c.Org)]
	if a.Org == "" && st.Len > 0 {
		org = st.Org
	}
	s, _ := p.Step(a.Step)
	act = matter.Act{Procedure: p.ID, Matter: st.ID, Org: org, Step: a.Step, On: a.On, Behalf: r.world.people[a.Behalf]}
	if a.Corrects > 0 {
		if int(a.Corrects) > len(r.world.acts) {
			return act, by, fmt.Errorf("corrects act %d, which does not come before it", a.Corrects)
		}
		act.Corrects = r.world.acts[a.Corrects-1]
	}
	if act.Fields, err = r.world.fields(s.Form, a.Fields); err != nil || a.By == "" {
		return act, by, err
	}
	n, err := r.world.holder(a.By)
	by.Person, _ = r.world.Person(n)
	return act, by, err
}

// compare says how the decision differs from what a expects.
func (r *play) compare(a CaseAct, p procedure.Procedure, rec record.Record, refusal *matter.Refusal) error {
	switch {
	case refusal == nil && a.Refused != "":
		return fmt.Errorf("accepted, want refused: %s", a.Refused)
	case refusal != nil && refusal.Why != a.Refused:
		return fmt.Errorf("refused: %s %s %v, want %q", refusal.Why, refusal.Field, refusal.Args, a.Refused)
	case refusal != nil && a.Field != "" && refusal.Field != a.Field:
		return fmt.Errorf("refused at field %q, want %q", refusal.Field, a.Field)
	case refusal != nil && a.Cites != "" && refusal.Basis != a.Cites:
		return fmt.Errorf("refused by %q, want %q", refusal.Basis, a.Cites)
	case refusal != nil:
		return nil
	}
	s, _ := p.Step(a.Step)
	want, err := r.world.fields(s.Form, a.Gives)
	if err != nil {
		return err
	}
	for _, f := range want {
		if got := rec.Fields.Get(f.ID); !reflect.DeepEqual(got, f.Value) {
			return fmt.Errorf("%s is %v, want %v", f.ID, got, f.Value)
		}
	}
	return nil
}

// write takes an accepted record into the world and puts its questions.
func (r *play) write(a CaseAct, p procedure.Procedure, rec record.Record) error {
	s, _ := p.Step(a.Step)
	if rec.Matter == "" {
		rec.Matter = r.begin(p, rec)
	}
	if o, ok := rec.Matter.Org(); ok {
		rec.Org = o
	}
	if (p.Subject == "org" || p.Subject == "person") && a.Matter != "" {
		r.name(a.Matter, rec.Matter)
	}
	r.matters[cmp.Or(a.Procedure, r.c.Procedure)+" "+a.Matter] = rec.Matter
	if err := r.world.add(s.Effect, rec); err != nil {
		return err
	}
	rec.Seq = int64(len(r.world.log))
	r.world.acts = append(r.world.acts, rec.Seq)
	r.last = matter.Fold(p, r.world.past(rec.Matter))
	return r.ask(a, p, s, rec)
}

// begin names a matter that begins.
func (r *play) begin(p procedure.Procedure, rec record.Record) id.Matter {
	switch p.Subject {
	case "org":
		return id.Org(r.world.Tree().Len() + 1).Matter()
	case "person":
		return id.Person(r.world.People() + 1).Matter()
	case "year":
		return matter.Act{Org: rec.Org, Fields: rec.Fields}.Book(p)
	}
	return id.Begun(int64(len(r.world.log) + 1))
}

// name lets later acts of the case call a new organisation or person by name.
func (r *play) name(name string, m id.Matter) {
	if o, ok := m.Org(); ok {
		r.world.orgs[name] = o
	}
	if p, ok := m.Person(); ok {
		r.world.people[name] = p
	}
}

func (r *play) ask(a CaseAct, p procedure.Procedure, s procedure.Step, rec record.Record) error {
	var asked []string
	c := matter.Case{Law: r.lib.Law, World: r.world, Procedure: p, Step: s, State: r.last, Today: r.today,
		Act: matter.Act{Procedure: p.ID, Matter: rec.Matter, Org: rec.Org, Step: s.ID, On: rec.On, Fields: rec.Fields}}
	for _, name := range s.Asks {
		questions, err := r.lib.Law.Functions[name].Ask(c, rec, r.world)
		if err != nil {
			return err
		}
		for _, q := range questions {
			asked = append(asked, q.Why)
		}
	}
	if !slices.Equal(asked, a.Asks) {
		return fmt.Errorf("asks %v, want %v", asked, a.Asks)
	}
	return nil
}

// end compares how the last matter stands with what the case expects.
func (r *play) end() error {
	if r.last.Closed != r.c.Closed {
		return fmt.Errorf("closed is %v, want %v", r.last.Closed, r.c.Closed)
	}
	var errs []error
	for step, want := range r.c.Due {
		s, _ := r.proc.Step(step)
		if got, err := matter.Due(r.lib.Law, r.last, s); err != nil || got.On != want {
			errs = append(errs, fmt.Errorf("%s is due on %q (%v), want %s", step, got.On, err, want))
		}
	}
	if r.c.Next != nil {
		var got []string
		for _, s := range matter.Next(r.proc, r.lib.Law, r.world, r.last, r.today) {
			got = append(got, s.ID)
		}
		if !slices.Equal(got, r.c.Next) {
			errs = append(errs, fmt.Errorf("next are %v, want %v", got, r.c.Next))
		}
	}
	return errors.Join(errs...)
}
