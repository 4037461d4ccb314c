package web

import (
	"qingfeng/internal/access"
)

// routes is every address of the platform, with the right it takes. There is no
// other way in: a route that declares none does not start.
func (s *Server) routes() []Route {
	return append(append(s.everyday(), s.administration()...), s.roster()...)
}

// roster is what is known of people.
func (s *Server) roster() []Route {
	return []Route{
		{Pattern: "GET /person", Needs: InOrg, Action: access.ListPeople, Do: s.people},
		{Pattern: "GET /person/{person}", Needs: OfPerson, Action: access.ReadPerson, Do: s.person},
		{Pattern: "POST /person/{person}/reveal", Needs: OfPerson, Action: access.ReadPerson, Do: s.reveal},
	}
}

// administration is what those run an installation with who see none of its business.
func (s *Server) administration() []Route {
	return []Route{
		{Pattern: "GET /account", Needs: Anywhere, Action: access.ManageUsers, Do: s.accounts},
		{Pattern: "POST /account/invite", Needs: Anywhere, Action: access.ManageUsers, Do: s.invitePeople},
		{Pattern: "GET /account/{person}", Needs: Anywhere, Action: access.ManageUsers, Do: s.account},
		{Pattern: "POST /account/{person}/{what}", Needs: Anywhere, Action: access.ManageUsers, Do: s.manage},
		{Pattern: "GET /audit", Needs: Anywhere, Action: access.ReadAudit, Do: s.audit},
		{Pattern: "GET /settings/signin", Needs: Anywhere, Action: access.WriteSetting, Do: s.signInSettings},
		{Pattern: "POST /settings/signin", Needs: Anywhere, Action: access.WriteSetting, Do: s.saveSignIn},
	}
}

// everyday is what all others work with.
func (s *Server) everyday() []Route {
	return []Route{
		{Pattern: "GET /{$}", Needs: SignedIn, Do: s.home},
		{Pattern: "GET /overview", Needs: InOrg, Action: access.ReadFigure, Do: s.overview},

		{Pattern: "GET /signin", Needs: Public, Do: s.signInPage},
		{Pattern: "POST /signin", Needs: Public, Do: s.signIn},
		{Pattern: "POST /signout", Needs: Session, Do: s.signOut},
		{Pattern: "GET /link/{token}", Needs: Public, Do: s.linkPage},
		{Pattern: "POST /signin/link", Needs: Public, Do: s.link},
		{Pattern: "GET /signin/again", Needs: Session, Do: s.provePage},
		{Pattern: "POST /signin/again", Needs: Session, Do: s.prove},
		{Pattern: "GET /setup", Needs: Public, Do: s.setUpPage},
		{Pattern: "POST /setup", Needs: Public, Do: s.setUp},
		{Pattern: "POST /display", Needs: Public, Do: s.display},
		{Pattern: "POST /acting", Needs: SignedIn, Do: s.actFor},

		{Pattern: "GET /todo", Needs: SignedIn, Do: s.todo},
		{Pattern: "GET /inbox", Needs: SignedIn, Do: s.inbox},
		{Pattern: "GET /due", Needs: InOrg, Action: access.ReadOrg, Do: s.due},
		{Pattern: "GET /org", Needs: InOrg, Action: access.ReadOrg, Do: s.org},
		{Pattern: "GET /org/{org}", Needs: InOrg, Action: access.ReadOrg, Do: s.org},

		{Pattern: "GET /meeting", Needs: InOrg, Action: access.ReadOrg, Do: s.meetings},
		{Pattern: "GET /life", Needs: InOrg, Action: access.ReadOrg, Do: s.reviews},
		{Pattern: "GET /dues", Needs: InOrg, Action: access.ReadOrg, Do: s.dues},
		{Pattern: "GET /dues/mine", Needs: SignedIn, Do: s.myDues},
		{Pattern: "GET /act/{procedure}", Needs: OfOffice, Do: s.beginPage},
		{Pattern: "POST /act/{procedure}", Needs: OfOffice, Do: s.begin},
		{Pattern: "POST /act/{procedure}/check", Needs: OfOffice, Do: s.beginCheck},
		{Pattern: "GET /matter/{matter}", Needs: OfMatter, Do: s.matter},
		{Pattern: "GET /matter/{matter}/{step}", Needs: OfMatter, Do: s.stepPage},
		{Pattern: "POST /matter/{matter}/{step}", Needs: OfMatter, Do: s.step},
		{Pattern: "POST /matter/{matter}/{step}/{what}", Needs: OfMatter, Do: s.answerOrCheck},
		{Pattern: "GET /matter/{matter}/print", Needs: OfMatter, Do: s.minutes},
		{Pattern: "GET /matter/{matter}/signin-sheet", Needs: OfMatter, Do: s.signSheet},
		{Pattern: "GET /matter/{matter}/notice", Needs: OfMatter, Do: s.appraisalNotice},
		{Pattern: "GET /matter/{matter}/receipt/{seq}", Needs: OfMatter, Do: s.receipt},
		{Pattern: "GET /matter/{matter}/file/{hash}", Needs: OfMatter, Do: s.file},
		{Pattern: "GET /checkin/{matter}", Needs: OfMatter, Do: s.checkIn},
		{Pattern: "POST /checkin/{matter}", Needs: OfMatter, Do: s.putDown},
		{Pattern: "GET /c", Needs: Public, Do: s.codeEntry},
		{Pattern: "GET /c/{code}", Needs: Public, Do: s.codePage},
		{Pattern: "POST /c/{code}", Needs: Public, Do: s.useCode},
		{Pattern: "GET /home", Needs: SignedIn, Do: s.mine},

		{Pattern: "GET /figure", Needs: InOrg, Action: access.ReadFigure, Do: s.figures},
		{Pattern: "GET /figure/{figure}", Needs: InOrg, Action: access.ReadFigure, Do: s.figure},
		{Pattern: "GET /figure/{figure}/missing", Needs: InOrg, Action: access.ReadFigure, Do: s.figureMissing},
		{Pattern: "GET /figure/{figure}/people", Needs: InOrg, Action: access.ReadFigure, Do: s.figureCounted},
		{Pattern: "GET /figure/{figure}/records", Needs: InOrg, Action: access.ReadFigure, Do: s.figureRecords},
		{Pattern: "GET /checks", Needs: InOrg, Action: access.ReadFigure, Do: s.figureChecks},
		{Pattern: "GET /figure/{figure}/minus", Needs: InOrg, Action: access.ReadFigure, Do: s.figureMinusChosen},
		{Pattern: "GET /figure/{figure}/minus/{other}", Needs: InOrg, Action: access.ReadFigure, Do: s.figureMinus},

		{Pattern: "GET /journal", Needs: Anywhere, Action: access.ReadJournal, Do: s.journal},
		{Pattern: "GET /journal/state", Needs: SignedIn, Do: s.logState},
		{Pattern: "GET /journal/checkpoints", Needs: SignedIn, Do: s.points},
		{Pattern: "GET /journal/{seq}", Needs: SignedIn, Do: s.journalRecord},

		{Pattern: "GET /search", Needs: SignedIn, Do: s.search},
		{Pattern: "GET /rule", Needs: SignedIn, Do: s.rules},
		{Pattern: "GET /rule/{id}", Needs: SignedIn, Do: s.rule},
		{Pattern: "GET /source", Needs: SignedIn, Do: s.sources},
		{Pattern: "GET /source/{id}", Needs: SignedIn, Do: s.source},
		{Pattern: "GET /procedure", Needs: SignedIn, Do: s.procedures},
		{Pattern: "GET /procedure/{id}", Needs: SignedIn, Do: s.procedure},
		{Pattern: "GET /help", Needs: Public, Do: s.help},
		{Pattern: "GET /settings", Needs: Session, Do: s.settings},
		{Pattern: "POST /settings/password", Needs: Session, Do: s.changePassword},
		{Pattern: "POST /settings/second", Needs: Session, Do: s.enrolFactor},
		{Pattern: "POST /settings/second/on", Needs: Session, Do: s.confirmFactor},
		{Pattern: "POST /settings/second/spare", Needs: Session, Do: s.newSpare},
		{Pattern: "POST /settings/sessions", Needs: Session, Do: s.endSessions},
		{Pattern: "POST /settings/tokens", Needs: SignedIn, Do: s.makeToken},
		{Pattern: "POST /settings/tokens/end", Needs: Session, Do: s.endToken},
	}
}
