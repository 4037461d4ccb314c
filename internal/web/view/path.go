package view

import "net/url"

// Where the pages are. Handlers register these, and links are made of them.
const (
	PathHome      = "/"
	PathTodo      = "/todo"
	PathDue       = "/due"
	PathOrg       = "/org"
	PathPerson    = "/person"
	PathAct       = "/act"
	PathMeeting   = "/meeting"
	PathLife      = "/life"
	PathDues      = "/dues"
	PathMyDues    = "/dues/mine"
	PathFigure    = "/figure"
	PathJournal   = "/journal"
	PathSettings  = "/settings"
	PathSystem    = "/settings/signin"
	PathAccount   = "/account"
	PathAudit     = "/audit"
	PathSearch    = "/search"
	PathHelp      = "/help"
	PathSignIn    = "/signin"
	PathProve     = "/signin/again"
	PathSignOut   = "/signout" // POST
	PathSetup     = "/setup"
	PathDisplay   = "/display" // POST theme, size or lang, and back: where to go afterwards
	PathActing    = "/acting"  // POST org, and back
	PathRule      = "/rule"
	PathSource    = "/source"
	PathProcedure = "/procedure"
)

// Under returns the address of one thing below a page's path: /org/b-17.
func Under(path, id string) string { return path + "/" + url.PathEscape(id) }

// With returns path with a query of name and value pairs; empty values are left out.
func With(path string, pairs ...string) string {
	q := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}
