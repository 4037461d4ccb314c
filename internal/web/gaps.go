package web

import (
	"errors"
	"strings"

	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/web/view"
)

// correctStep is the step by which what is known of a person is filled in.
const correctStep = "correct"

// gaps are those in branch o of whom something is missing, each with the form that
// asks for just that.
func (c *Call) gaps(o id.Org) (rows []view.GapRow, err error) {
	gaps, err := c.Visit.Gaps(o)
	if errors.Is(err, fault.NotFound) {
		return nil, nil // whoever may not see the roster sees no gaps in it
	}
	p, _ := c.s.App.Library().Latest(personFile)
	step, _ := p.Step(correctStep)
	may := c.Visit.MayTake(p, step, o)
	for _, g := range gaps {
		row := view.GapRow{Name: g.Name, Href: c.s.personHref(c, g.ID)}
		for _, name := range g.Missing {
			f, _ := step.Field(name)
			row.Missing = append(row.Missing, c.Say(f.Title))
		}
		if may {
			row.Fill = view.With(view.StepPath(g.ID.Matter(), correctStep), "only", strings.Join(g.Missing, ","), "reason", c.T("gaps.reason"))
		}
		rows = append(rows, row)
	}
	return rows, err
}
