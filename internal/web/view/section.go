package view

import "qingfeng/internal/web/words"

// Path returns where the entry leads.
func (s Section) Path() string {
	switch s {
	case AtTodo:
		return PathTodo
	case AtDue:
		return PathDue
	case AtOrg:
		return PathOrg
	case AtPerson:
		return PathPerson
	case AtMeeting:
		return PathMeeting
	case AtLife:
		return PathLife
	case AtDues:
		return PathDues
	case AtFigure:
		return PathFigure
	case AtJournal:
		return PathJournal
	case AtAccount:
		return PathAccount
	case AtAudit:
		return PathAudit
	case AtSystem:
		return PathSystem
	case AtSettings:
		return PathSettings
	default:
		return PathHome
	}
}

func (s Section) label(w *words.Words) string {
	switch s {
	case AtTodo:
		return w.T("nav.todo")
	case AtDue:
		return w.T("nav.due")
	case AtOrg:
		return w.T("nav.org")
	case AtPerson:
		return w.T("nav.person")
	case AtMeeting:
		return w.T("nav.meeting")
	case AtLife:
		return w.T("nav.life")
	case AtDues:
		return w.T("nav.dues")
	case AtFigure:
		return w.T("nav.figure")
	case AtJournal:
		return w.T("nav.journal")
	case AtAccount:
		return w.T("nav.account")
	case AtAudit:
		return w.T("nav.audit")
	case AtSystem:
		return w.T("nav.system")
	case AtSettings:
		return w.T("nav.settings")
	default:
		return w.T("nav.overview")
	}
}

// short is the label under an icon of the phone's bottom menu.
func (s Section) short(w *words.Words) string {
	switch s {
	case AtOverview:
		return w.T("tab.today")
	case AtMeeting:
		return w.T("tab.meeting")
	case AtPerson:
		return w.T("tab.person")
	default:
		return s.label(w)
	}
}

func (s Section) icon() string {
	switch s {
	case AtTodo:
		return "inbox"
	case AtDue:
		return "calendar-days"
	case AtOrg:
		return "network"
	case AtPerson:
		return "users"
	case AtMeeting:
		return "calendar-check"
	case AtLife:
		return "message-square"
	case AtDues:
		return "book-open"
	case AtFigure:
		return "file-chart-column"
	case AtJournal:
		return "shield-check"
	case AtAccount:
		return "key-round"
	case AtAudit:
		return "eye"
	case AtSystem:
		return "sliders-horizontal"
	case AtSettings:
		return "settings"
	default:
		return "layout-dashboard"
	}
}

// chord is the key that goes there after g; empty when there is none.
func (s Section) chord() string {
	switch s {
	case AtOverview:
		return "d"
	case AtTodo:
		return "t"
	case AtDue:
		return "c"
	case AtOrg:
		return "o"
	case AtPerson:
		return "m"
	case AtMeeting:
		return "x"
	case AtLife:
		return "l"
	case AtDues:
		return "f"
	case AtFigure:
		return "r"
	case AtJournal:
		return "j"
	default:
		return ""
	}
}
