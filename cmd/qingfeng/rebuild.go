package main

import (
	"errors"
	"fmt"

	"qingfeng/internal/app"
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
