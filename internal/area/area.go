// Package area lists the functions that content may name. It is the one place
// where an area package is hooked in.
package area

import (
	"maps"

	"qingfeng/internal/area/ballot"
	"qingfeng/internal/area/dues"
	"qingfeng/internal/area/life"
	"qingfeng/internal/area/roll"
	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
)

// Functions returns every function by the name that content gives it.
func Functions() map[string]matter.Function {
	all := map[string]matter.Function{
		"ballot.quorum_general":   {Rules: []string{ballot.GeneralQuorum}, Check: ballot.QuorumGeneral},
		"ballot.quorum_committee": {Rules: []string{ballot.CommitteeQuorum}, Check: ballot.QuorumCommittee},
		"ballot.quorum_election":  {Rules: []string{ballot.ElectionQuorum}, Check: ballot.QuorumElection},
		"ballot.decision":         {Rules: []string{ballot.GeneralMajority}, Check: ballot.Decision},
		"ballot.election":         {Rules: []string{ballot.ElectionMajority}, Check: ballot.Election},

		"life.due":             {Compute: life.Due},
		"life.committee_due":   {Compute: life.CommitteeDue},
		"life.present":         {Compute: life.Present},
		"life.roster":          {Check: life.Roster},
		"life.reasons":         {Check: life.Reasons},
		"life.appraisal_quota": {Rules: []string{life.ExcellentShare}, Check: life.AppraisalQuota},
		"life.has_committee":   {Rules: []string{life.CommitteeFrom}, Only: life.HasCommittee, Applies: life.CommitteeBinds},
		"life.has_groups":      {Only: life.HasGroups, Applies: life.GroupsBind},
		"life.above_roster":    {Ask: life.AskAboveRoster},
		"life.young_minutes":   {Rules: []string{life.YoungMinutes}, Ask: life.AskYoungMinutes},
		"life.near_copy":       {Rules: []string{life.NearCopy}, Ask: life.AskNearCopy},
		"life.two_places":      {Ask: life.AskTwoPlaces},

		"dues.owed":             {Rules: ledger.Rules(), Compute: dues.Owed},
		"dues.received":         {Compute: dues.Received},
		"dues.fallen_due":       {Compute: dues.FallenDue},
		"dues.arrears":          {Compute: dues.OpenArrears},
		"dues.year_received":    {Compute: dues.YearReceived},
		"dues.year_special":     {Compute: dues.YearSpecial},
		"dues.year_handed_up":   {Compute: dues.YearHandedUp},
		"dues.to_hand_up":       {Rules: dues.Ratios(), Compute: dues.ToHandUp},
		"dues.hands":            {Check: dues.Hands},
		"dues.declared":         {Check: dues.Declared},
		"dues.payable":          {Rules: []string{dues.Prepayment}, Check: dues.Payable},
		"dues.special":          {Rules: []string{dues.SpecialFrom}, Check: dues.Special},
		"dues.requested":        {Check: dues.Requested},
		"dues.undecided":        {Check: dues.Undecided},
		"dues.in_hand":          {Check: dues.InHand},
		"dues.ask_arrears":      {Rules: []string{dues.RemindFirst, dues.RemindSecond, dues.Leaving}, Ask: dues.AskArrears},
		"dues.ask_back_payment": {Rules: []string{dues.BackPayment}, Ask: dues.AskBackPayment},

		"erasure.fits":      {Check: roll.EraseFits},
		"erasure.asked":     {Check: roll.EraseAsked},
		"org.no_circle":     {Check: roll.NoCircle},
		"org.empty":         {Check: roll.Empty},
		"org.merge_into":    {Check: roll.MergeInto},
		"org.unit_code":     {Ask: roll.AskUnitCode},
		"person.id_number":  {Check: roll.IDNumber},
		"person.duplicate":  {Check: roll.Duplicate},
		"person.branch":     {Check: roll.Branch},
		"person.politics":   {Check: roll.Politics},
		"office.fits":       {Check: roll.OfficeFits},
		"grant.separate":    {Check: roll.GrantSeparate},
		"grant.longest":     {Rules: []string{roll.GrantLongest}, Check: roll.GrantWithin},
		"grant.second":      {Check: roll.GrantSecond},
		"grant.proposer":    {Check: roll.GrantProposer},
		"grant.unconfirmed": {Check: roll.GrantUnconfirmed},
		"grant.opens":       {Only: roll.GrantOpens},
		"grant.pending":     {Only: roll.GrantPending},
		"grant.person":      {Compute: roll.GrantPerson},
		"grant.role":        {Compute: roll.GrantRole},
		"grant.until":       {Compute: roll.GrantUntil},
		"office.others":     {Check: roll.OfficeOthers},
		"office.vacant":     {Check: roll.OfficeVacant},
	}
	maps.Copy(all, admissions())
	maps.Copy(all, accounts())
	maps.Copy(all, transfers())
	return all
}
