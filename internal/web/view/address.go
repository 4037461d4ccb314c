package view

import (
	"strconv"
	"strings"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// Where matters, check-in, figures and proofs are. The lists themselves stand
// in path.go; everything below them is made here, so that a link and a route
// cannot disagree about spelling.
const (
	PathMatter  = "/matter"
	PathCheckIn = "/checkin"
	PathCode    = "/c"
	PathMine    = "/home"
	PathRemind  = "/remind" // POST duty with org for everybody picked, or with one for a single organisation
	PathChecks  = "/checks"
	PathInbox   = "/inbox"
	PathPoints  = "/journal/checkpoints"
	PathState   = "/journal/state"
	PathLog     = "/log" // the public files: checkpoint, tiles, entries
)

// BeginPath returns where a matter by that procedure is begun for o.
func BeginPath(procedure string, o id.Org) string {
	return With(Under(PathAct, procedure), "org", o.String())
}

// MatterPath returns the page of one matter.
func MatterPath(m id.Matter) string { return Under(PathMatter, string(m)) }

// StepPath returns the form of a step of a matter; the answers are posted there.
func StepPath(m id.Matter, step string) string { return Under(MatterPath(m), step) }

// CheckPath returns where the answers of the form at path are checked while
// somebody types; it takes the same fields as the form and writes nothing.
func CheckPath(path string) string {
	path, query, asks := strings.Cut(path, "?")
	if asks {
		query = "?" + query
	}
	return path + "/check" + query
}

// MinutesPath returns the minutes of a matter, for printing.
func MinutesPath(m id.Matter) string { return MatterPath(m) + "/print" }

// SheetPath returns the sign-in sheet of a matter, for printing.
func SheetPath(m id.Matter) string { return MatterPath(m) + "/signin-sheet" }

// NoticePath returns the sheet of an appraisal's results, for posting up.
func NoticePath(m id.Matter) string { return MatterPath(m) + "/notice" }

// RevealPath returns where the numbers of a person are read in full, for a purpose
// that is posted there.
func RevealPath(p id.Person) string { return Under(PathPerson, p.String()) + "/reveal" }

// ReceiptPath returns the receipt of record seq, a file to keep.
func ReceiptPath(m id.Matter, seq int64) string {
	return MatterPath(m) + "/receipt/" + strconv.FormatInt(seq, 10)
}

// AnswerPath returns where the answer to the question of record seq is posted.
func AnswerPath(m id.Matter, seq int64) string {
	return MatterPath(m) + "/answer/" + strconv.FormatInt(seq, 10)
}

// CheckInPath returns the secretary's screen with the code of a meeting.
func CheckInPath(m id.Matter) string { return Under(PathCheckIn, string(m)) }

// CodePath returns the page that a scanned or typed code opens.
func CodePath(code string) string { return Under(PathCode, code) }

// RecordPath returns the page of record seq with its proof.
func RecordPath(seq int64) string { return PathJournal + "/" + strconv.FormatInt(seq, 10) }

// A FigureQuery says which figure is meant, of whom, when, and as of which record.
type FigureQuery struct {
	ID   string
	Org  id.Org
	From day.Day // first and last day counted
	To   day.Day
	AsOf int64 // number of the last record taken into account; 0: the newest
}

// Path returns the page of the figure.
func (q FigureQuery) Path() string { return q.with(q.page()) }

// Missing returns who or what should have been counted and was not.
func (q FigureQuery) Missing() string { return q.with(q.page() + "/missing") }

// People returns who was counted.
func (q FigureQuery) People() string { return q.with(q.page() + "/people") }

// Records returns what the figure rests on.
func (q FigureQuery) Records() string { return q.with(q.page() + "/records") }

// Minus returns those counted here and not in the figure called other.
func (q FigureQuery) Minus(other string) string {
	return q.with(Under(q.page()+"/minus", other))
}

// File returns the table of the figure as a file; kind is xlsx or csv.
func (q FigureQuery) File(kind string) string { return q.with(q.page() + "." + kind) }

// Of returns the same figure of another organisation.
func (q FigureQuery) Of(o id.Org) FigureQuery {
	q.Org = o
	return q
}

func (q FigureQuery) page() string { return Under(PathFigure, q.ID) }

func (q FigureQuery) with(path string) string {
	return With(path, "org", q.Org.String(), "from", dayText(q.From), "to", dayText(q.To), "asof", seqText(q.AsOf))
}

func dayText(d day.Day) string {
	if d.IsZero() {
		return ""
	}
	return d.String()
}

func seqText(seq int64) string {
	if seq == 0 {
		return ""
	}
	return strconv.FormatInt(seq, 10)
}
