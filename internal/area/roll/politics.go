package roll

import (
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
)

// Codes of GB/T 4762 that a standing in the Party decides.
const (
	partyMember  = "01"
	probationary = "02"
)

// Politics refuses a political status that contradicts the standing: that which is
// registered, or that of the person on the day.
func Politics(c matter.Case) *matter.Refusal {
	got := c.Act.Fields.Choice("politics")
	standing := person.Standing(c.Act.Fields.Choice("standing"))
	if n, own := c.Act.Matter.Person(); own && standing == "" {
		p, _ := c.World.Person(n)
		standing = p.Standing(c.Act.On)
	}
	fits := true
	switch standing {
	case person.Member:
		fits = got == partyMember
	case person.Probationary:
		fits = got == probationary
	case person.Applicant, person.Activist, person.Candidate:
		fits = got != partyMember && got != probationary
	}
	if got == "" || fits {
		return nil
	}
	return matter.Refuse("politics", "refuse.politics", "")
}
