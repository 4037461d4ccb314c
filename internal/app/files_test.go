package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"qingfeng/internal/blob"
	"qingfeng/internal/fault"
	"qingfeng/internal/store"
)

// A refusing store keeps nothing while why is set.
type refusing struct {
	blob.Store
	why error
}

func (r *refusing) Put(ctx context.Context, content io.ReadSeeker) (blob.Kept, error) {
	if r.why != nil {
		return blob.Kept{}, r.why
	}
	return r.Store.Put(ctx, content)
}

func TestNoRowPointsToAFileThatWasNotKept(t *testing.T) {
	v := newVillage(t, store.Config{Dir: t.TempDir()})
	p, _ := v.register(2, "甲").Matter.Person()
	visit, err := v.app.For(p, "test")
	if err != nil {
		t.Fatal(err)
	}
	disk := &refusing{Store: v.files, why: errors.New("the disk failed")}
	v.app.files = disk
	content := []byte("an attachment")
	if _, err := visit.Attach(t.Context(), "照片.png", "image/png", content); !errors.Is(err, disk.why) {
		t.Fatal("attached:", err)
	}
	disk.why = nil
	kept, err := v.files.Put(t.Context(), bytes.NewReader(content)) // a file that no row knows harms nobody
	if err != nil {
		t.Fatal(err)
	}
	if _, err := v.db.Attachment(t.Context(), kept.Hash); !errors.Is(err, fault.NotFound) {
		t.Errorf("there is a row: %v", err)
	}
	if f, err := visit.Attach(t.Context(), "照片.png", "image/png", content); err != nil || f.Hash != kept.Hash {
		t.Errorf("the next try: %v", err)
	}
	if _, err := v.db.Attachment(t.Context(), kept.Hash); err != nil {
		t.Errorf("control: %v", err)
	}
}
