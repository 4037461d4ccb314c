package api

import (
	"net/http"

	"qingfeng/internal/access"
)

// routes is every address of the API, with the right it takes. There is no other way
// in but the document itself, which is for everybody.
func (s *server) routes() []route {
	return []route{
		{Pattern: "POST /acts", ID: "recordAct", Summary: "Take a step of a matter, or begin one.",
			Needs: acting, Once: true, Status: http.StatusCreated, Work: takes((*call).recordAct)},
		{Pattern: "POST /acts:check", ID: "checkAct", Summary: "Ask whether a step would be taken, and record nothing.",
			Needs: acting, Work: takes((*call).checkAct)},

		{Pattern: "GET /organisations/{org}", ID: "readOrganisation", Summary: "One organisation, as of a day.",
			Needs: inOrg, Action: access.ReadOrg, Query: []string{"on"}, Work: gives((*call).organisation)},
		{Pattern: "GET /organisations/{org}/below", ID: "listBelow", Summary: "The organisations directly below.",
			Needs: inOrg, Action: access.ReadOrg, Work: gives((*call).below)},
		{Pattern: "GET /organisations/{org}/calendar", ID: "readCalendar", Summary: "What the organisation has to hold in a year, and what it held.",
			Needs: inOrg, Action: access.ReadOrg, Query: []string{"in"}, Work: gives((*call).calendar)},
		{Pattern: "GET /organisations/{org}/people", ID: "listPeople", Summary: "The roster of the organisation and of everything below it.",
			Needs: inOrg, Action: access.ListPeople, Query: []string{"on", "name", "standing", "offset", "limit"}, Work: gives((*call).people)},
		{Pattern: "GET /people/{person}", ID: "readPerson", Summary: "One person. The reading is logged and shown to that person.",
			Needs: ofPerson, Action: access.ReadPerson, Work: gives((*call).personPage)},
		{Pattern: "GET /matters/{matter}", ID: "readMatter", Summary: "One matter from its first record to its last.",
			Needs: ofMatter, Work: gives((*call).dossier)},

		{Pattern: "GET /figures", ID: "listFigures", Summary: "What figures there are, and how each is defined.",
			Needs: anyToken, Work: gives((*call).figures)},
		{Pattern: "GET /figures/{figure}", ID: "readFigure", Summary: "One figure of an organisation in a period.",
			Needs: inOrg, Action: access.ReadFigure, Required: span, Query: asOf, Work: gives((*call).figure)},
		{Pattern: "GET /figures/{figure}/below", ID: "listFigureBelow", Summary: "The same figure for each organisation directly below.",
			Needs: inOrg, Action: access.ReadFigure, Required: span, Query: asOf, Work: gives((*call).figureBelow)},
		{Pattern: "GET /figures/{figure}/counted", ID: "listFigureCounted", Summary: "Whom or what the figure counts.",
			Needs: inOrg, Action: access.ReadFigure, Required: span, Query: asOf, Work: gives((*call).figureCounted)},
		{Pattern: "GET /figures/{figure}/missing", ID: "listFigureMissing", Summary: "Who belongs to the base of the figure and is not counted.",
			Needs: inOrg, Action: access.ReadFigure, Required: span, Query: asOf, Work: gives((*call).figureMissing)},

		{Pattern: "GET /journal", ID: "listRecords", Summary: "The journal, newest first: heads without fields.",
			Needs: anywhere, Action: access.ReadJournal, Query: []string{"before", "limit"}, Work: gives((*call).journal)},
		{Pattern: "GET /records/{seq}", ID: "readRecord", Summary: "One record with its receipt.",
			Needs: ofRecord, Action: access.ReadJournal, Work: gives((*call).record)},

		{Pattern: "GET /procedures", ID: "listProcedures", Summary: "The procedures in force.", Needs: anyToken, Work: gives((*call).procedures)},
		{Pattern: "GET /procedures/{id}", ID: "readProcedure", Summary: "One procedure with the forms of its steps.", Needs: anyToken, Work: gives((*call).procedure)},
		{Pattern: "GET /rules", ID: "listRules", Summary: "The numbers set by regulations.", Needs: anyToken, Work: gives((*call).rules)},
		{Pattern: "GET /rules/{id}", ID: "readRule", Summary: "One such number with its history.", Needs: anyToken, Work: gives((*call).rule)},
		{Pattern: "GET /sources", ID: "listSources", Summary: "The regulations that are cited.", Needs: anyToken, Work: gives((*call).sources)},
		{Pattern: "GET /sources/{id}", ID: "readSource", Summary: "One regulation with its clauses, in our own words.", Needs: anyToken, Work: gives((*call).source)},
	}
}

var (
	span = []string{"org", "from", "to"}
	asOf = []string{"asof"}
)
