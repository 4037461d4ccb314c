package app

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"time"

	"qingfeng/internal/store"
)

// KeepDraft keeps a form that the visitor has not sent off yet, in place of what was
// kept of the same form. Nobody else can read it. The name of a form of matter m567
// begins with m567/: when a record of the matter is erased, so are drafts of it.
func (v *Visit) KeepDraft(ctx context.Context, form string, body []byte) (time.Time, error) {
	at := v.app.now()
	err := v.app.store.SaveDraft(ctx, store.Draft{Person: v.me, Form: form, Body: body, Time: at})
	if err != nil {
		return time.Time{}, fmt.Errorf("draft: %w", err)
	}
	return at.In(v.app.zone), nil
}

// Draft returns what the visitor has kept of a form and when, or [fault.NotFound].
func (v *Visit) Draft(ctx context.Context, form string) ([]byte, time.Time, error) {
	d, err := v.app.store.Draft(ctx, v.me, form)
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("draft: %w", err)
	}
	return d.Body, d.Time.In(v.app.zone), nil
}

// DropDraft removes what the visitor has kept of a form.
func (v *Visit) DropDraft(ctx context.Context, form string) error {
	if err := v.app.store.DropDraft(ctx, v.me, form); err != nil {
		return fmt.Errorf("draft: %w", err)
	}
	return nil
}

// NewKey returns a key for a form that is about to be drawn: sent twice, the form is
// taken once. Without randomness it is empty, and the form has no such protection.
func (v *Visit) NewKey() string {
	b := make([]byte, 16)
	if _, err := io.ReadFull(v.app.random, b); err != nil {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(b)
}
