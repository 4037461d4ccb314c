package area

import (
	"qingfeng/internal/area/admission"
	"qingfeng/internal/area/ballot"
	"qingfeng/internal/matter"
	"qingfeng/internal/person"
)

// admissions are the functions that the admission of members names.
func admissions() map[string]matter.Function {
	return map[string]matter.Function{
		"ballot.quorum_admission": {Rules: []string{ballot.AdmissionQuorum}, Check: ballot.QuorumAdmission},
		"ballot.admission":        {Rules: []string{ballot.AdmissionMajority}, Check: ballot.Admission},

		"admission.begins":      {Rules: []string{admission.Age}, Check: admission.Begins},
		"admission.mentors":     {Rules: []string{admission.MentorsLeast, admission.MentorsMost}, Check: admission.Mentors},
		"admission.introducers": {Rules: []string{admission.Introducers}, Check: admission.IntroducersFit},
		"admission.trained":     {Rules: []string{admission.TrainingDays, admission.TrainingHours}, Check: admission.Trained},
		"admission.body":        {Check: admission.Body},
		"admission.special":     {Rules: []string{admission.Approval}, Check: admission.Special},
		"admission.extension":   {Rules: []string{admission.ExtensionLeast, admission.ExtensionMost}, Check: admission.Extension},
		"admission.adopted":     {Check: admission.AdoptedSteps},

		"admission.probation_end":    {Rules: []string{admission.Probation, admission.ExtensionMost}, Day: admission.ProbationEnd},
		"admission.confirmation_due": {Rules: []string{admission.ConfirmationTime}, Day: admission.ConfirmationDue},

		"admission.person":           {Compute: admission.Person},
		"admission.applicant":        {Compute: admission.Becomes(person.Applicant)},
		"admission.activist":         {Compute: admission.Becomes(person.Activist)},
		"admission.candidate":        {Compute: admission.Becomes(person.Candidate)},
		"admission.probationary":     {Compute: admission.Becomes(person.Probationary)},
		"admission.member":           {Compute: admission.Becomes(person.Member)},
		"admission.cancelled":        {Compute: admission.Becomes(person.Other)},
		"admission.ended":            {Compute: admission.Ended},
		"admission.since_vote":       {Compute: admission.SinceVote},
		"admission.since_probation":  {Rules: []string{admission.Probation}, Compute: admission.SinceProbation},
		"admission.extended_until":   {Compute: admission.ExtendedUntil},
		"admission.notice_until":     {Rules: []string{admission.Announcement}, Compute: admission.NoticeUntil},
		"admission.adopted_standing": {Compute: admission.AdoptedStanding},
		"admission.branch":           {Compute: admission.Branch},
		"admission.adopted_since":    {Compute: admission.AdoptedSince},

		"admission.opens":         {Only: admission.Opens},
		"admission.cultivating":   {Only: admission.Cultivating},
		"admission.choosable":     {Only: admission.Choosable},
		"admission.unreviewed":    {Only: admission.Unpassed("political_review")},
		"admission.reviewed":      {Only: admission.Passed("political_review")},
		"admission.unexamined":    {Only: admission.Unpassed("pre_examine")},
		"admission.examined":      {Only: admission.Passed("pre_examine")},
		"admission.county_open":   {Only: admission.CountyOpen},
		"admission.county_agreed": {Only: admission.Passed("county_examine")},
		"admission.carried":       {Only: admission.Carried},
		"admission.undecided":     {Rules: []string{admission.ApprovalSpecial}, Only: admission.Undecided},
		"admission.awaiting":      {Only: admission.Awaiting},
		"admission.early":         {Only: admission.Early},
		"admission.on_probation":  {Only: admission.OnProbation},
		"admission.requestable":   {Only: admission.Requestable},
		"admission.announceable":  {Only: admission.Announceable},
		"admission.confirmable":   {Only: admission.Confirmable},
		"admission.voted_confirm": {Only: admission.Voted("confirm")},
		"admission.voted_extend":  {Only: admission.Voted("extend")},
		"admission.voted_cancel":  {Only: admission.Voted("cancel")},

		"admission.leaving":        {Rules: []string{admission.Leaving}, Ask: admission.AskLeaving},
		"admission.contradictions": {Ask: admission.AskContradictions},
	}
}
