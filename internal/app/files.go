package app

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/register"
	"qingfeng/internal/store"
)

// TakesFiles reports whether the installation keeps attachments.
func (a *App) TakesFiles() bool { return a.files != nil }

// Attach keeps an attachment that was checked, for a record to show. Until one does,
// only the visitor can have it.
func (v *Visit) Attach(ctx context.Context, name, kind string, content []byte) (record.File, error) {
	if v.app.files == nil {
		return record.File{}, fault.ReadOnly
	}
	kept, err := v.app.files.Put(ctx, bytes.NewReader(content))
	if err != nil {
		return record.File{}, fmt.Errorf("attach: %w", err)
	}
	note := store.Attachment{Hash: kept.Hash, Size: kept.Size, Type: kind, Owner: v.me, Time: v.app.now()}
	if err := v.app.store.SaveAttachment(ctx, note); err != nil {
		return record.File{}, fmt.Errorf("attach: %w", err)
	}
	return record.File{Name: name, Hash: kept.Hash, Size: kept.Size, Kind: kind}, nil
}

// Attached returns what is known of an attachment that the visitor brought, or that
// matter m shows already; [fault.NotFound] for every other: nobody attaches to a
// record what is not theirs to read.
func (v *Visit) Attached(ctx context.Context, m id.Matter, hash string) (record.File, error) {
	note, err := v.app.store.Attachment(ctx, hash)
	if err != nil {
		return record.File{}, fmt.Errorf("attached: %w", err)
	}
	file := record.File{Hash: hash, Size: note.Size, Kind: note.Type}
	if note.Owner == v.me {
		return file, nil
	}
	if m == "" {
		return record.File{}, fault.NotFound
	}
	return v.shown(ctx, m, hash)
}

// File opens an attachment that a record of matter m shows to the visitor. Who calls
// it closes it.
func (v *Visit) File(ctx context.Context, m id.Matter, hash string) (record.File, io.ReadSeekCloser, error) {
	file, err := v.shown(ctx, m, hash)
	if err != nil {
		return record.File{}, nil, err
	}
	if v.app.files == nil {
		return record.File{}, nil, fault.NotFound
	}
	content, err := v.app.files.Get(ctx, hash)
	if err != nil {
		return record.File{}, nil, fmt.Errorf("file: %w", err)
	}
	return file, content, nil
}

// shown finds an attachment among what the records of m show to the visitor.
func (v *Visit) shown(ctx context.Context, m id.Matter, hash string) (record.File, error) {
	records, err := v.app.records(ctx, record.Query{Matter: m})
	if err != nil {
		return record.File{}, err
	}
	if len(records) == 0 || !v.knows(records[0]) {
		return record.File{}, fault.NotFound
	}
	found := record.File{}
	v.app.read(func(g *register.Register) {
		for _, r := range records {
			p, ok := v.app.lib.ProcedureEdition(r.Procedure(), r.Edition)
			if !ok {
				continue
			}
			s, _ := p.Step(r.Step())
			fields, _ := v.visible(g, s, r)
			if f, ok := fileIn(fields, hash); ok {
				found = f
			}
		}
	})
	if found.Hash == "" {
		return record.File{}, fault.NotFound
	}
	return found, nil
}

func fileIn(fields record.Fields, hash string) (record.File, bool) {
	for _, f := range fields {
		switch a := f.Value.(type) {
		case record.Files:
			if i := slices.IndexFunc(a, func(x record.File) bool { return x.Hash == hash }); i >= 0 {
				return a[i], true
			}
		case record.Items:
			for _, row := range a {
				if file, ok := fileIn(row, hash); ok {
					return file, true
				}
			}
		}
	}
	return record.File{}, false
}
