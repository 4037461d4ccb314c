package ledger

import (
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
)

// The steps of the account that a committee keeps of a year's dues, beside those that
// it shares with the books of branches.
const (
	StepReceive   = "receive"
	StepInterest  = "interest"
	StepAskUse    = "request_use"
	StepGrantUse  = "approve_use"
	StepRefuseUse = "refuse_use"
	StepPayUse    = "pay_use"
	StepCarry     = "carry_over"
)

// The procedures by which branches and committees keep their books.
const (
	BranchBook = "dues"
	FundBook   = "dues_account"
)

// The kinds of dues, codes of dues_flow.
const (
	FlowRegular = "regular"
	FlowSpecial = "special"
)

// A Fund is what the records of one committee's account of a year come to.
type Fund struct {
	Org      id.Org
	Year     int
	Cashier  id.Person
	Entries  []Entry   // in double entry, as they were written down
	Receipts []Receipt // of what the organisations below handed up
	Uses     []Use
}

// An Entry moves an amount from one side of the account to another: what Debit has
// more, Credit has less.
type Entry struct {
	Seq           int64
	Debit, Credit string
	Amount        money.Fen
}

// A Receipt is one handing up from below, or what last year's account carried over, as
// it arrived.
type Receipt struct {
	Seq    int64
	Record int64 // by which it was handed up
	From   id.Org
	Flow   string // code of dues_flow
	Amount money.Fen
}

// A Use of dues: asked for, decided, paid.
type Use struct {
	Seq      int64
	By       id.Person // who asked
	Category string    // code of dues_use
	Purpose  string
	Asked    money.Fen
	Decided  int64 // record of the decision, or 0
	Granted  bool
	Payment  int64 // record of the payment, or 0
	Paid     money.Fen
}

// Waits reports whether u was granted and not paid yet: the money is spoken for.
func (u Use) Waits() bool { return u.Granted && u.Payment == 0 }

// ReadFund folds the records of a committee's account, leaving out record seq, which
// is about to be set right.
func ReadFund(st matter.State, seq int64) Fund {
	o, year, _, _ := st.ID.Year()
	f := Fund{Org: o, Year: year}
	for _, r := range inOrder(st, StepOpen, StepHands, StepReceive, StepInterest, StepHandUp, StepCarry, StepAskUse, StepGrantUse, StepRefuseUse, StepPayUse) {
		if r.Seq != seq {
			f.Add(r)
		}
	}
	return f
}

// Add takes the next record into f.
func (f *Fund) Add(r record.Record) {
	amount, flow := r.Fields.Money("amount"), r.Fields.Choice("flow")
	switch r.Step() {
	case StepOpen:
		f.Cashier = r.Fields.Person("cashier")
		f.enter(r, inHand(FlowRegular), "brought", r.Fields.Money("brought"))
	case StepHands:
		f.Cashier = r.Fields.Person("cashier")
	case StepReceive:
		f.receive(r)
	case StepInterest:
		f.enter(r, inHand(FlowRegular), "interest", amount)
	case StepHandUp:
		f.enter(r, "handed_up_"+flow, inHand(flow), amount)
	case StepCarry:
		f.enter(r, "carried_"+flow, inHand(flow), amount)
	case StepPayUse:
		f.pay(r, amount)
	default:
		f.use(r)
	}
}

// inHand is the name of what is in hand of a kind of dues.
func inHand(flow string) string { return "in_hand_" + flow }

func (f *Fund) enter(r record.Record, debit, credit string, amount money.Fen) {
	if amount != 0 {
		f.Entries = append(f.Entries, Entry{r.Seq, debit, credit, amount})
	}
}

func (f *Fund) receive(r record.Record) {
	for _, row := range r.Fields.Items("arrivals") {
		x := Receipt{Seq: r.Seq, Record: row.Number("record"), From: row.Org("from"), Flow: row.Choice("flow"), Amount: row.Money("amount")}
		f.Receipts = append(f.Receipts, x)
		from := "received_" + x.Flow
		if x.From == f.Org {
			from = "brought"
		}
		f.enter(r, inHand(x.Flow), from, x.Amount)
	}
}

// use takes a request, or a decision on one.
func (f *Fund) use(r record.Record) {
	if r.Step() == StepAskUse {
		f.Uses = append(f.Uses, Use{Seq: r.Seq, By: r.Actor, Category: r.Fields.Choice("category"), Purpose: r.Fields.Text("purpose"), Asked: r.Fields.Money("amount")})
		return
	}
	if u := f.Use(r.Fields.Number("record")); u != nil {
		u.Decided, u.Granted = r.Seq, r.Step() == StepGrantUse
	}
}

func (f *Fund) pay(r record.Record, amount money.Fen) {
	if u := f.Use(r.Fields.Number("record")); u != nil {
		u.Payment, u.Paid = r.Seq, amount
		f.enter(r, "used_"+u.Category, inHand(FlowRegular), amount)
	}
}

// Use returns the use that record seq asked for, or nil.
func (f *Fund) Use(seq int64) *Use {
	for i := range f.Uses {
		if f.Uses[i].Seq == seq {
			return &f.Uses[i]
		}
	}
	return nil
}

// Have is what is in hand of a kind of dues, a code of dues_flow.
func (f *Fund) Have(flow string) money.Fen { return f.Side(inHand(flow)) }

// Free is what is in hand of regular dues, without what was granted and not yet paid.
func (f *Fund) Free() money.Fen {
	free := f.Have(FlowRegular)
	for _, u := range f.Uses {
		if u.Waits() {
			free -= u.Asked
		}
	}
	return free
}

// Side is what a name has in debit more than in credit.
func (f *Fund) Side(name string) (sum money.Fen) {
	for _, e := range f.Entries {
		if e.Debit == name {
			sum += e.Amount
		}
		if e.Credit == name {
			sum -= e.Amount
		}
	}
	return sum
}

// Brought is what the account began with, by its opening and from the year before.
func (f *Fund) Brought() money.Fen { return -f.Side("brought") }

// Received is what arrived from below of a kind of dues.
func (f *Fund) Received(flow string) money.Fen { return -f.Side("received_" + flow) }

// Regular is what arrived of regular dues.
func (f *Fund) Regular() money.Fen { return f.Received(FlowRegular) }

// Special is what arrived of special dues.
func (f *Fund) Special() money.Fen { return f.Received(FlowSpecial) }

// Interest is what the bank paid.
func (f *Fund) Interest() money.Fen { return -f.Side("interest") }

// HandedUp is what was handed up, of both kinds.
func (f *Fund) HandedUp() money.Fen {
	return f.Side("handed_up_"+FlowRegular) + f.Side("handed_up_"+FlowSpecial)
}

// Balance is what is in hand, of both kinds.
func (f *Fund) Balance() money.Fen { return f.Have(FlowRegular) + f.Have(FlowSpecial) }

// AllUsed is what was paid for uses of any category.
func (f *Fund) AllUsed() money.Fen { return f.Used("") }

// Used is what was paid for uses, of a category or, without one, of all.
func (f *Fund) Used(category string) (sum money.Fen) {
	for _, u := range f.Uses {
		if category == "" || u.Category == category {
			sum += u.Paid
		}
	}
	return sum
}

// Accounts adds up the entries by name, each on its side, in the order in which the
// names came. Debits and credits are equal.
func (f *Fund) Accounts() (all []Account) {
	seen := map[string]bool{}
	for _, e := range f.Entries {
		for _, name := range []string{e.Credit, e.Debit} {
			if seen[name] {
				continue
			}
			seen[name] = true
			a := Account{Name: name}
			if a.Debit = f.Side(name); a.Debit < 0 {
				a.Debit, a.Credit = 0, -a.Debit
			}
			all = append(all, a)
		}
	}
	return all
}
