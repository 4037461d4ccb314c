// Package ballot has the arithmetic of votes: who is entitled, when a meeting may
// decide, when a proposal is carried. It keeps no ballots.
package ballot

import (
	"strconv"

	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
	"qingfeng/internal/record"
	"qingfeng/internal/rule"
)

// The rules that this package applies.
const (
	AdmissionQuorum   = "admission.quorum"   // present of those entitled (R2.2)
	AdmissionMajority = "admission.majority" // in favour of those entitled (R2.2)

	GeneralQuorum    = "meeting.quorum"           // present of those entitled (R1.7)
	GeneralMajority  = "meeting.majority"         // in favour of those entitled (R1.7)
	CommitteeQuorum  = "committee_meeting.quorum" // members of the committee present (domain §4)
	ElectionQuorum   = "election.quorum"          // present of those entitled (R1.5)
	ElectionMajority = "election.majority"        // in favour of those present (R1.5)
)

// Voters returns the members of the branch entitled to vote on the day of the
// act: full members, without those whom the field "exempt" subtracts with a reason
// (R1.5). Probationary members and suspended ones have no vote.
func Voters(c matter.Case) []id.Person {
	var voters []id.Person
	exempt := Exempt(c.Act.Fields)
	for _, n := range c.World.Roster(c.Act.Org, c.Act.On) {
		p, _ := c.World.Person(n)
		if p.Standing(c.Act.On) == person.Member && !exempt[n] {
			voters = append(voters, n)
		}
	}
	return voters
}

// Exempt returns the people whom the rows of the field "exempt" subtract.
func Exempt(f record.Fields) map[id.Person]bool {
	exempt := map[id.Person]bool{}
	for _, row := range f.Items("exempt") {
		exempt[row.Person("person")] = true
	}
	return exempt
}

// QuorumGeneral refuses a general meeting at which too few of those entitled were
// present (R1.7).
func QuorumGeneral(c matter.Case) *matter.Refusal {
	return quorum(c, GeneralQuorum, Voters(c))
}

// QuorumAdmission refuses a meeting on an admission at which too few of those entitled
// were present (R2.2).
func QuorumAdmission(c matter.Case) *matter.Refusal {
	return quorum(c, AdmissionQuorum, Voters(c))
}

// QuorumElection refuses an election at which too few of those entitled were
// present (R1.5).
func QuorumElection(c matter.Case) *matter.Refusal {
	return quorum(c, ElectionQuorum, Voters(c))
}

// QuorumCommittee refuses a committee meeting at which too few members of the
// committee were present.
func QuorumCommittee(c matter.Case) *matter.Refusal {
	return quorum(c, CommitteeQuorum, c.Committee())
}

func quorum(c matter.Case, id string, entitled []id.Person) *matter.Refusal {
	present := countPresent(c.Act.Fields.People("attended"), entitled)
	v, refusal := c.Rule(id)
	if refusal != nil {
		return refusal
	}
	if reached(v, present, len(entitled)) {
		return nil
	}
	return matter.Refuse("attended", "refuse.quorum", v.Basis,
		"present", strconv.Itoa(present), "due", strconv.Itoa(len(entitled)), "share", v.Share.String(), "more", strconv.FormatBool(v.More))
}

func reached(v rule.Value, part, whole int) bool {
	return whole > 0 && v.Share != nil && v.Share.Reached(int64(part), int64(whole), v.More)
}

func countPresent(people record.People, entitled []id.Person) (n int) {
	present := make(map[id.Person]bool, len(people))
	for _, p := range people {
		present[p.Person] = p.State == record.Present
	}
	for _, e := range entitled {
		if present[e] {
			n++
		}
	}
	return n
}

// Decision refuses a vote that says "carried" without enough of those entitled in
// favour; written opinions sent before the meeting count (R1.7, R2.2).
func Decision(c matter.Case) *matter.Refusal {
	return carried(c, GeneralMajority, func(v record.Vote) int { return v.Due })
}

// Admission refuses the vote on an admission that says "carried" without enough of
// those entitled in favour; written opinions sent before the meeting count (R2.2).
func Admission(c matter.Case) *matter.Refusal {
	return carried(c, AdmissionMajority, func(v record.Vote) int { return v.Due })
}

// Election refuses an election result without enough of those present in favour (R1.5).
// Nobody elects in writing: only those present can be in favour.
func Election(c matter.Case) *matter.Refusal {
	return carried(c, ElectionMajority, func(v record.Vote) int { return v.Present })
}

// carried looks at the field "vote" and at each row of "decisions" that has one.
// What a form marks with result "rejected" needs no majority.
func carried(c matter.Case, id string, of func(record.Vote) int) *matter.Refusal {
	v, refusal := c.Rule(id)
	if refusal != nil {
		return refusal
	}
	voters := len(Voters(c))
	check := func(field string, row record.Fields) *matter.Refusal {
		vote, voted := row.Get("vote").(record.Vote)
		if !voted {
			return nil
		}
		if vote.Due != voters {
			return matter.Refuse(field, "refuse.vote_due", v.Basis, "due", strconv.Itoa(vote.Due), "entitled", strconv.Itoa(voters))
		}
		if vote.For > of(vote) {
			return matter.Refuse(field, "refuse.vote_sum", v.Basis,
				"cast", strconv.Itoa(vote.For), "present", strconv.Itoa(vote.Present), "due", strconv.Itoa(vote.Due))
		}
		if row.Choice("result") != "rejected" && !reached(v, vote.For, of(vote)) {
			return matter.Refuse(field, "refuse.majority", v.Basis,
				"for", strconv.Itoa(vote.For), "of", strconv.Itoa(of(vote)), "share", v.Share.String(), "more", strconv.FormatBool(v.More))
		}
		return nil
	}
	if r := check("vote", c.Act.Fields); r != nil {
		return r
	}
	for i, row := range c.Act.Fields.Items("decisions") {
		if r := check("decisions."+strconv.Itoa(i)+".vote", row); r != nil {
			return r
		}
	}
	return nil
}
