package ledger

import (
	"slices"
	"sort"
	"strconv"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
)

// The steps of the book that a branch keeps of a year's dues.
const (
	StepOpen    = "open"
	StepDeclare = "declare"
	StepApprove = "approve"
	StepCollect = "collect"
	StepSpecial = "special_dues"
	StepRequest = "request"
	StepWaive   = "waive"
	StepRefuse  = "refuse"
	StepHandUp  = "hand_up"
	StepHands   = "change_hands"
	StepPublish = "publish"
	StepClose   = "close"
)

// A Book is what the records of one branch and year come to.
type Book struct {
	Org      id.Org
	Year     int
	Cashier  id.Person
	Ledgers  []Ledger  // of everybody who was declared, by rising number
	Received money.Fen // regular dues
	Special  money.Fen
	HandedUp map[string]money.Fen // by code of dues_flow
	Pending  []int64              // declarations that nobody has approved yet
	Requests []Request            // for less or nothing
}

// A Ledger is one member's year.
type Ledger struct {
	Person   id.Person
	Months   [12]Month
	Payments []Payment
	Credit   money.Fen // paid beyond what was owed, where that became less afterwards
}

// A Month is what somebody owed for a month and what became of it.
// Owed = Paid + Waived + Arrears, always.
type Month struct {
	Assessment
	Declared     int64 // record by which the base holds; 0: nothing is owed
	Waived, Paid money.Fen
	Waiver       int64 // record of the decision, if any
}

// Arrears is what is still to be paid for m.
func (m Month) Arrears() money.Fen { return m.Owed - m.Waived - m.Paid }

// A Payment is one row of a collection.
type Payment struct {
	Receipt string // "1234-5": record, and row from 1; nobody can use it twice
	Seq     int64
	On      day.Day
	Amount  money.Fen
	Means   string // code of dues_means
	Paper   string // number of a receipt on paper, if one was given
	Parts   []Part // which months it covers
}

// A Part is what of a payment goes to a month, 1 to 12.
type Part struct {
	Month  int
	Amount money.Fen
}

// A Request for less or nothing, and what was decided.
type Request struct {
	Seq         int64
	Person      id.Person
	First, Last int       // months
	Reduced     money.Fen // what is left to pay a month
	Decided     int64     // record of the decision, or 0
	Granted     bool
}

// Read folds the records of a branch's book. Whether somebody owes anything for a
// month hangs on belonging to the branch on its first day (R3.4).
func Read(law matter.Law, w matter.World, st matter.State) Book { return Without(law, w, st, 0) }

// Without is [Read] leaving out record seq, which is about to be set right.
func Without(law matter.Law, w matter.World, st matter.State, seq int64) Book {
	b := Sums(st, seq)
	b.declare(law, w, st)
	b.waive(st)
	for _, r := range inOrder(st, StepCollect) {
		if r.Seq != seq {
			b.collect(r)
		}
	}
	return b
}

// Sums is [Without], leaving out the ledgers and requests: who keeps the cash, and
// what came in and went up.
func Sums(st matter.State, seq int64) Book {
	o, year, _, _ := st.ID.Year()
	b := Book{Org: o, Year: year, HandedUp: map[string]money.Fen{}}
	for _, r := range inOrder(st, StepOpen, StepHands, StepCollect, StepSpecial, StepHandUp) {
		if r.Seq != seq {
			b.add(r)
		}
	}
	return b
}

func (b *Book) add(r record.Record) {
	switch r.Step() {
	case StepSpecial:
		b.Special += r.Fields.Money("amount")
	case StepHandUp:
		b.HandedUp[r.Fields.Choice("flow")] += r.Fields.Money("amount")
	case StepCollect:
		for _, row := range r.Fields.Items("payments") {
			b.Received += row.Money("amount")
		}
	default:
		b.Cashier = r.Fields.Person("cashier")
	}
}

// inOrder returns the records of some steps as they were written down.
func inOrder(st matter.State, steps ...string) (all []record.Record) {
	for _, s := range steps {
		all = append(all, st.All(s)...)
	}
	slices.SortFunc(all, func(a, b record.Record) int { return int(a.Seq - b.Seq) })
	return all
}

// declare sets what is owed by the declarations that were approved.
func (b *Book) declare(law matter.Law, w matter.World, st matter.State) {
	approved := int64(0)
	if r, ok := st.Done(StepApprove); ok {
		approved = r.Seq
	}
	for _, r := range st.All(StepDeclare) {
		if r.Seq > approved {
			b.Pending = append(b.Pending, r.Seq)
			continue
		}
		for _, row := range r.Fields.Items("bases") {
			b.set(law, w, r.Seq, row)
		}
	}
}

// set sets what the person of a row owes from the row's first month on.
func (b *Book) set(law matter.Law, w matter.World, seq int64, row record.Fields) {
	who, ok := w.Person(row.Person("person"))
	if !ok {
		return
	}
	l := b.ledger(who.ID)
	days := FirstDays(b.Year)
	for m := FirstMonth(row); m <= 12; m++ {
		d := days[m-1]
		if !who.OnRoster(b.Org, d) {
			l.Months[m-1] = Month{}
			continue
		}
		a, refusal := Assess(law.Book, d, row.Choice("kind"), row.Money("income"))
		if refusal != nil {
			a.Owed = row.Money("owed") // as it was settled, where the rule says nothing for the month
		}
		l.Months[m-1] = Month{Assessment: a, Declared: seq}
	}
}

// ledger returns the ledger of p, a new one if need be.
func (b *Book) ledger(p id.Person) *Ledger {
	i, found := b.Find(p)
	if !found {
		b.Ledgers = slices.Insert(b.Ledgers, i, Ledger{Person: p})
	}
	return &b.Ledgers[i]
}

// Find returns where the ledger of p is among all, or would be.
func (b *Book) Find(p id.Person) (int, bool) {
	i := sort.Search(len(b.Ledgers), func(i int) bool { return b.Ledgers[i].Person >= p }) // ledgers are large; nothing copies them
	return i, i < len(b.Ledgers) && b.Ledgers[i].Person == p
}

// Ledger returns the year of p, and whether p was declared in this book.
func (b *Book) Ledger(p id.Person) (Ledger, bool) {
	i, found := b.Find(p)
	if !found {
		return Ledger{}, false
	}
	return b.Ledgers[i], true
}

// waive takes the requests and what was decided on them.
func (b *Book) waive(st matter.State) {
	for _, r := range st.All(StepRequest) {
		f := r.Fields
		b.Requests = append(b.Requests, Request{Seq: r.Seq, Person: f.Person("person"),
			First: int(f.Number("first")), Last: int(f.Number("last")), Reduced: f.Money("reduced")})
	}
	for _, r := range inOrder(st, StepWaive, StepRefuse) {
		i := slices.IndexFunc(b.Requests, func(q Request) bool { return q.Seq == r.Fields.Number("record") })
		if i < 0 {
			continue
		}
		q := &b.Requests[i]
		if q.Decided, q.Granted = r.Seq, r.Step() == StepWaive; !q.Granted {
			continue
		}
		l := b.ledger(q.Person)
		for m := max(q.First, 1); m <= min(q.Last, 12); m++ {
			month := &l.Months[m-1]
			month.Waived, month.Waiver = max(month.Owed-q.Reduced, 0), r.Seq
		}
	}
}

// collect takes the rows of a collection into the ledgers.
func (b *Book) collect(r record.Record) {
	for i, row := range r.Fields.Items("payments") {
		p := Payment{Receipt: strconv.FormatInt(r.Seq, 10) + "-" + strconv.Itoa(i+1), Seq: r.Seq, On: r.On,
			Amount: row.Money("amount"), Means: row.Choice("means"), Paper: row.Text("paper")}
		l := b.ledger(row.Person("person"))
		var rest money.Fen
		p.Parts, rest = l.Pay(p.Amount, FirstMonth(row), 12)
		l.Credit += rest
		l.Payments = append(l.Payments, p)
	}
}

// Pay pays an amount for the months from first to last, the oldest first, each as far
// as it is open. It returns which months were paid, and what is left over.
func (l *Ledger) Pay(amount money.Fen, first, last int) (parts []Part, rest money.Fen) {
	for m := first; m <= last && amount > 0; m++ {
		month := &l.Months[m-1]
		if part := min(amount, month.Arrears()); part > 0 {
			month.Paid += part
			parts, amount = append(parts, Part{m, part}), amount-part
		}
	}
	return parts, amount
}

// FirstMonth is the month from which a row holds: the one it names, or January.
func FirstMonth(row record.Fields) int {
	if m := row.Number("month"); m >= 1 && m <= 12 {
		return int(m)
	}
	return 1
}

// FirstDay is the first day of a month of the year of the book.
func FirstDay(st matter.State, month int) day.Day {
	_, year, _, _ := st.ID.Year()
	return FirstDays(year)[month-1]
}
