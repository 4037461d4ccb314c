package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"qingfeng/internal/access"
	"qingfeng/internal/account"
	"qingfeng/internal/fault"
)

// SetSettings changes how signing in is set up, for everybody and at once. It is for
// whoever runs the installation.
func (s *Session) SetSettings(ctx context.Context, set account.Settings) error {
	if err := s.holds(ctx, access.WriteSetting, "account.settings"); err != nil {
		return err
	}
	if err := s.Privileged(); err != nil {
		return err
	}
	if err := set.Check(); err != nil {
		return &fault.Invalid{Field: "settings", Why: "settings.out_of_range"}
	}
	raw, err := json.Marshal(set)
	if err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	if err := s.accounts.store.SaveSetting(ctx, settingsKey, raw); err != nil {
		return fmt.Errorf("settings: %w", err)
	}
	s.accounts.settings.Store(&set)
	return s.accounts.trace(ctx, "account.settings", s.data.Person, 0, s.source, string(raw))
}

// Trail returns what befell accounts before a moment, newest first, for whoever
// audits.
func (s *Session) Trail(ctx context.Context, before time.Time, limit int) ([]account.Event, error) {
	if err := s.holds(ctx, access.ReadAudit, "audit.trail"); err != nil {
		return nil, err
	}
	return s.accounts.store.Trail(ctx, before, limit)
}

// Denied returns who was turned away before a moment, newest first, for whoever
// audits.
func (s *Session) Denied(ctx context.Context, before time.Time, limit int) ([]account.Event, error) {
	if err := s.holds(ctx, access.ReadAudit, "audit.denied"); err != nil {
		return nil, err
	}
	return s.accounts.store.Denied(ctx, before, limit)
}

// holds returns nil if an office of today grants action somewhere.
func (s *Session) holds(ctx context.Context, action access.Action, what string) error {
	v, err := s.Visit(what)
	if err != nil {
		return err
	}
	if !v.MayAnywhere(action) {
		return errors.Join(fault.Forbidden, s.accounts.Deny(ctx, s.data.Person, what, "", s.source))
	}
	return nil
}
