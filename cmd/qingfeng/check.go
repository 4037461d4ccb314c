package main

import (
	"errors"
	"fmt"

	"qingfeng/internal/library"
)

type checkCommand struct {
	Content string `help:"Directory of content that adds to the built-in one or replaces files of it." type:"path" optional:""`
}

// Run checks the content and lists everything that is wrong with it at once.
func (c *checkCommand) Run(inv *invocation) error {
	lib, err := dataFlags{Content: c.Content}.library()
	var problems library.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			inv.say("%v\n", p)
		}
		return fmt.Errorf("%d %w", len(problems), errFound)
	}
	if err != nil {
		return err
	}
	cases, err := lib.Cases()
	if err != nil {
		return err
	}
	failed := 0
	for _, one := range cases {
		if err := lib.Play(one); err != nil {
			inv.say("%v\n", err)
			failed++
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d cases: %w", failed, len(cases), errFound)
	}
	inv.say("%d procedures with %d cases, %d rules, %d sources, %d figures; edition %s\n",
		len(lib.Procedures), len(cases), len(lib.Law.Book), len(lib.Sources), len(lib.Indicators), lib.Edition)
	return nil
}
