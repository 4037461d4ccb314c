package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
)

// erase takes the erasure of record seq into the batch. What the register knew from
// it goes as well: rebuilt views must not know less than live ones. It returns the
// rows that change by it, by record by.
func (d *decided) erase(seq, by int64) ([]record.Row, error) {
	look := &lookup{ctx: context.Background(), app: d.app, pending: d.write.Records}
	r, effect, ok := look.Find(seq)
	if !ok {
		return nil, errors.Join(fmt.Errorf("erase: record %d: %w", seq, fault.NotFound), look.err)
	}
	d.write.Erase = append(d.write.Erase, seq)
	d.erased = append(d.erased, r)
	n, personal := r.Matter.Person()
	if effect == "" || !personal {
		return nil, nil
	}
	past, err := d.pastOf(n)
	if err != nil {
		return nil, err
	}
	changes, err := d.app.reg.Refold(n, past)
	if err != nil {
		return nil, fmt.Errorf("erase: %w", err)
	}
	return d.app.reg.Rows(changes, by)
}

// pastOf returns what [register.Register.Refold] takes person n from: as it will be
// stored, with what this batch writes and erases.
func (d *decided) pastOf(n id.Person) (past []register.Effected, err error) {
	queries := []record.Query{{Matter: n.Matter()}}
	if p, ok := d.app.reg.Person(n); ok {
		for _, m := range p.Matters() {
			queries = append(queries, record.Query{Matter: m})
		}
	}
	if moves := d.app.kindsElsewhere("org.merge", "person.join", "person.leave"); len(moves) > 0 {
		queries = append(queries, record.Query{Kinds: moves})
	}
	var all []record.Record
	for _, q := range queries {
		stored, err := d.app.records(context.Background(), q)
		if err != nil {
			return nil, fmt.Errorf("erase: %w", err)
		}
		all = append(all, stored...)
		for _, r := range d.write.Records {
			if q.Match(r) {
				all = append(all, r)
			}
		}
	}
	slices.SortFunc(all, func(a, b record.Record) int { return int(a.Seq - b.Seq) })
	all = slices.CompactFunc(all, func(a, b record.Record) bool { return a.Seq == b.Seq })
	for _, r := range all {
		effect := d.app.effect(r)
		if slices.Contains(d.write.Erase, r.Seq) {
			r.Fields, r.Salt = nil, nil
		}
		if effect == "org.merge" || effect != "" && register.Whom(r) == n {
			past = append(past, register.Effected{Effect: effect, Record: r})
		}
	}
	return past, nil
}

// kindsElsewhere returns the kinds of records that have one of effects, in any edition,
// leaving aside the files of people.
func (a *App) kindsElsewhere(effects ...string) (kinds []string) {
	for _, editions := range a.lib.Procedures {
		for _, p := range editions {
			for _, s := range p.Steps {
				if kind := p.Kind(s.ID); p.Subject != "person" && slices.Contains(effects, s.Effect) && !slices.Contains(kinds, kind) {
					kinds = append(kinds, kind)
				}
			}
		}
	}
	slices.Sort(kinds)
	return kinds
}

// forget drops what is still in memory of the records that the batch erased, and
// the attachments that nothing else shows. If the process dies before, [App.Sweep]
// finds those.
func (d *decided) forget() {
	for _, r := range d.erased {
		d.app.tail.erase(r.Seq)
		d.app.writer.erase(r)
		if hashes := hashesIn(r.Fields); len(hashes) > 0 {
			d.app.writing.Go(func() { d.app.dropFiles(r.Seq, hashes) })
		}
	}
}

// longestDrop is how long removing attachments may take before the next sweep has to.
const longestDrop = 30 * time.Second

func (a *App) dropFiles(seq int64, hashes []string) {
	ctx, cancel := context.WithTimeout(context.Background(), longestDrop)
	defer cancel()
	for _, hash := range hashes {
		if err := a.dropFile(ctx, hash); err != nil {
			a.log.Warn("an attachment of an erased record was not removed yet", "record", seq, "err", err)
		}
	}
}

// dropFile removes an attachment that no record shows.
func (a *App) dropFile(ctx context.Context, hash string) error {
	dropped, err := a.store.DropAttachment(ctx, hash)
	if err == nil && dropped && a.files != nil {
		err = a.files.Delete(ctx, hash)
	}
	if err != nil {
		return fmt.Errorf("drop attachment: %w", err)
	}
	return nil
}

// Guards of the system: for how long what nobody sent off is kept.
const (
	keptUnsent = 24 * time.Hour      // an attachment that no record shows
	keptDraft  = 90 * 24 * time.Hour // a draft that nobody touched
	sweptFiles = 500                 // attachments in one sweep
)

// Sweep removes attachments that no record shows, as those of erased records whose
// removal was cut short, and drafts of long ago. It is to be called now and then.
func (a *App) Sweep(ctx context.Context) error {
	orphans, err := a.store.Orphans(ctx, a.sure(a.now()).Add(-keptUnsent), sweptFiles)
	if err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	for _, o := range orphans {
		if err := a.dropFile(ctx, o.Hash); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	if err := a.store.SweepDrafts(ctx, a.sure(a.now()).Add(-keptDraft)); err != nil {
		return fmt.Errorf("sweep: %w", err)
	}
	return nil
}

// sure returns the earlier of now and the time of the last record. What is removed for
// its age is removed by this: a clock that runs ahead for a while takes nothing away.
func (a *App) sure(now time.Time) time.Time {
	a.mu.RLock()
	defer a.mu.RUnlock()
	if a.lastT.Before(now) {
		return a.lastT
	}
	return now
}

// hashesIn returns the attachments that fields show.
func hashesIn(fields record.Fields) (hashes []string) {
	for _, f := range fields {
		switch a := f.Value.(type) {
		case record.Files:
			for _, file := range a {
				hashes = append(hashes, file.Hash)
			}
		case record.Items:
			for _, row := range a {
				hashes = append(hashes, hashesIn(row)...)
			}
		}
	}
	return hashes
}
