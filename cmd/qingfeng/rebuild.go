package main

import (
	"errors"
	"fmt"
	"path/filepath"

	"qingfeng/internal/app"
	"qingfeng/internal/store"
)

type rebuildCommand struct {
	dataFlags
	Write bool `help:"Put what was derived in the place of what is there."`
}

// Run derives every view from the record and says where the live ones differ.
func (c *rebuildCommand) Run(inv *invocation) (err error) {
	in, err := c.openAs(inv, app.Config{Now: inv.now, Afresh: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if err := c.whole(inv, in); err != nil {
		return err
	}
	differences, err := in.app.Compare(inv.ctx)
	if err != nil {
		return err
	}
	for _, d := range differences {
		inv.say("%v\n", d)
	}
	if len(differences) > 0 && c.Write {
		if err := in.app.Restore(inv.ctx); err != nil {
			return err
		}
		inv.say("The views were written anew; figures and questions are counted anew when the service starts.\n")
		return nil
	}
	if len(differences) > 0 {
		return fmt.Errorf("%d rows differ: %w", len(differences), errFound)
	}
	inv.say("Every view is what the record says.\n")
	return nil
}

// whole looks whether the file of the database is, with its indices; nothing is
// written into one that is not.
func (c *rebuildCommand) whole(inv *invocation, in *installation) error {
	wrong, err := in.store.Integrity(inv.ctx)
	if err != nil {
		return err
	}
	for _, line := range wrong {
		inv.say("%s: %s\n", store.File, line)
	}
	if len(wrong) > 0 {
		return fmt.Errorf("%s: %w; look at the disk, and restore it from a backup", filepath.Join(c.Data, store.File), errFound)
	}
	return nil
}
