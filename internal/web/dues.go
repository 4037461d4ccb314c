package web

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/indicator"
	"qingfeng/internal/ledger"
	"qingfeng/internal/money"
	"qingfeng/internal/web/view"
)

// duesArea is the area of the books of dues.
const duesArea = "dues"

// dues shows the book of a branch and year to its officers and those above, the own
// ledger to a member, and sums to whoever may see figures only.
func (s *Server) dues(c *Call) (templ.Component, error) {
	o, err := c.Org()
	if err != nil {
		return nil, err
	}
	year := c.duesYear()
	d, err := c.Visit.Dues(c.R.Context(), o, year)
	if err != nil {
		return nil, err
	}
	if mine, err := c.Visit.Branch(); !d.All && err == nil && mine.ID == o {
		return s.myDues(c)
	}
	if !d.Org.Kind.Basic() || !d.All {
		return s.duesBelow(c, d.Org, year)
	}
	v := view.DuesView{Base: c.Base, Org: d.Org.Name, Year: c.span(indicator.PerYear, day.New(year, time.January, 1).CalendarYear()), Actions: s.duesActions(c, d),
		Crumbs: []view.Crumb{{Text: d.Org.Name, Href: view.Under(view.PathOrg, o.String())}, {Text: c.T("nav.dues")}}}
	v.At = view.AtDues
	v.Earlier, v.Later = c.duesYears(view.PathDues, o, year)
	for i := range v.Months {
		v.Months[i] = c.Base.W.MonthName(time.Month(i + 1))
	}
	if d.Matter != "" {
		v.Book = view.MatterPath(d.Matter)
		s.duesBook(c, d, &v)
	}
	return view.DuesBook(v), nil
}

// duesYear is the year that the query names, or this one.
func (c *Call) duesYear() int {
	if y, err := strconv.Atoi(c.R.URL.Query().Get("year")); err == nil && y >= 1000 && y <= 9999 {
		return y
	}
	return c.Today().Year()
}

// duesYears links to the years before and after; there is none after the next.
func (c *Call) duesYears(path string, o id.Org, year int) (earlier, later string) {
	at := func(y int) string { return view.With(path, "org", o.String(), "year", strconv.Itoa(y)) }
	if earlier = at(year - 1); year <= c.Today().Year() {
		later = at(year + 1)
	}
	return earlier, later
}

// duesActions are the steps of the book that the visitor takes most; the first one
// that can be taken is the one to take.
func (s *Server) duesActions(c *Call, d app.DuesYear) (all []view.Action) {
	if d.Matter == "" {
		p, ok := s.App.Library().Latest(duesArea)
		if ok && c.Visit.MayTake(p, p.Steps[0], d.Org.ID) {
			all = append(all, view.Action{Text: c.T("dues.open_book"), Href: view.BeginPath(p.ID, d.Org.ID) + "&step=" + p.Steps[0].ID, Primary: true})
		}
		return all
	}
	for _, step := range []string{ledger.StepPublish, ledger.StepDeclare, ledger.StepRequest, ledger.StepHandUp, ledger.StepApprove, ledger.StepCollect} {
		i := slices.IndexFunc(d.Open, func(o app.OpenStep) bool { return o.Step.ID == step && o.Mine })
		if i < 0 || step == ledger.StepApprove && len(d.Book.Pending) == 0 {
			continue
		}
		all = append(all, view.Action{Text: c.Say(d.Open[i].Step.Title), Href: view.StepPath(d.Matter, step)})
	}
	if len(all) > 0 {
		all[len(all)-1].Primary = true
	}
	return all
}

func (s *Server) duesBook(c *Call, d app.DuesYear, v *view.DuesView) {
	now, behind := d.Book.Until(d.Month), 0
	for _, l := range d.Book.Ledgers {
		m := c.duesMember(d, l)
		if m.Arrears != "" {
			behind++
		}
		v.Members = append(v.Members, m)
		v.Payments = append(v.Payments, c.duesPayments(d, l)...)
	}
	slices.SortStableFunc(v.Payments, func(a, b view.DuesPayment) int { return strings.Compare(b.Day, a.Day) })
	yuan := c.T("unit.yuan")
	rate := view.Tile{Label: c.T("dues.due_now"), Value: now.Owed.String(), Unit: yuan}
	if owed := now.Owed - now.Waived; owed > 0 {
		rate.Sub = c.T("dues.rate", "share", percent(int(now.Paid*1000/owed)))
	}
	v.Tiles = []view.Tile{
		rate,
		{Label: c.T("dues.received"), Value: d.Book.Received.String(), Unit: yuan},
		{Label: c.T("dues.arrears"), Value: now.Arrears.String(), Unit: yuan, Sub: c.T("dues.behind_people", "n", c.Base.W.N(behind)), Bad: behind > 0},
		{Label: c.T("dues.in_hand"), Value: d.Book.Have("regular").String(), Unit: yuan, Sub: c.T("dues.handed", "amount", d.Book.HandedUp["regular"].String())},
		{Label: c.T("dues.special"), Value: d.Book.Special.String(), Unit: yuan, Sub: c.T("dues.handed", "amount", d.Book.HandedUp["special"].String())},
	}
	c.duesAccounts(d.Book, v)
	c.duesWaiting(d, v)
}

func (c *Call) duesAccounts(b ledger.Book, v *view.DuesView) {
	v.Accounts = c.accountLines(b.Accounts())
}

func (c *Call) duesWaiting(d app.DuesYear, v *view.DuesView) {
	book := view.MatterPath(d.Matter)
	for _, seq := range d.Book.Pending {
		v.Waiting = append(v.Waiting, view.TextLink{Text: c.T("dues.waiting_bases", "record", strconv.FormatInt(seq, 10)), Href: book})
	}
	for _, q := range d.Book.Requests {
		if q.Decided == 0 {
			v.Waiting = append(v.Waiting, view.TextLink{Text: c.T("dues.waiting_request", "name", d.Names[q.Person], "record", strconv.FormatInt(q.Seq, 10)), Href: book})
		}
	}
}

// some writes an amount, and nothing as nothing.
func some(f money.Fen) string {
	if f == 0 {
		return ""
	}
	return f.String()
}

// duesMember is one ledger, with what it comes to up to now.
func (c *Call) duesMember(d app.DuesYear, l ledger.Ledger) view.DuesMember {
	now := l.Until(d.Month)
	m := view.DuesMember{Name: d.Names[l.Person], Href: view.Under(view.PathPerson, l.Person.String()), Owed: now.Owed.String(), Paid: l.Until(12).Paid.String(),
		Waived: some(now.Waived), Arrears: some(now.Arrears), Credit: some(l.Credit), How: c.duesHow(l)}
	if run := l.Behind(d.Month); run > 1 {
		m.Behind = c.T("dues.behind", "n", c.Base.W.N(run))
	}
	for i, month := range l.Months {
		m.Months[i] = c.duesMonth(i+1, month, i < d.Month)
	}
	return m
}

func (c *Call) duesMonth(n int, m ledger.Month, due bool) view.DuesMonth {
	out := view.DuesMonth{Name: c.Base.W.MonthName(time.Month(n))}
	owed := m.Owed.String()
	switch {
	case m.Declared == 0:
	case m.Arrears() == 0 && m.Waived > 0:
		out.State, out.Text = view.DuesWaived, c.T("dues.state_waived", "month", out.Name, "owed", owed, "waived", m.Waived.String())
	case m.Arrears() == 0:
		out.State, out.Text = view.DuesPaid, c.T("dues.state_paid", "month", out.Name, "owed", owed)
	case m.Paid > 0:
		out.State, out.Text = view.DuesPart, c.T("dues.state_part", "month", out.Name, "owed", owed, "paid", m.Paid.String(), "arrears", m.Arrears().String())
	case due:
		out.State, out.Text = view.DuesOpen, c.T("dues.state_open", "month", out.Name, "owed", owed)
	default:
		out.State, out.Text = view.DuesLater, c.T("dues.state_later", "month", out.Name, "owed", owed)
	}
	return out
}

// duesHow says how the months were assessed, those alike together.
func (c *Call) duesHow(l ledger.Ledger) (all []view.DuesHow) {
	for first := 1; first <= 12; {
		m, last := l.Months[first-1], first
		for last < 12 && l.Months[last].Assessment == m.Assessment && (l.Months[last].Declared == 0) == (m.Declared == 0) {
			last++
		}
		if m.Declared != 0 {
			h := view.DuesHow{Months: c.duesSpan(first, last), Text: c.assessment(m.Assessment)}
			h.Clause, h.Href = c.clause(m.Basis)
			all = append(all, h)
		}
		first = last + 1
	}
	return all
}

func (c *Call) duesSpan(first, last int) string {
	name := func(m int) string { return c.Base.W.MonthName(time.Month(m)) }
	if first == last {
		return name(first)
	}
	return c.T("dues.span", "first", name(first), "last", name(last))
}

// assessment says in words how an amount was worked out.
func (c *Call) assessment(a ledger.Assessment) string {
	kind, base, owed := c.codeTitle("dues_payer", a.Kind), a.Base.String(), a.Owed.String()
	rate, above, up := percent(int(a.Permille)), a.Above.String(), a.UpTo.String()
	switch {
	case a.Permille == 0:
		return c.T("dues.how_fixed", "kind", kind, "owed", owed)
	case a.Above == 0:
		return c.T("dues.how_lowest", "kind", kind, "base", base, "up", up, "rate", rate, "owed", owed)
	case a.UpTo == 0:
		return c.T("dues.how_open", "kind", kind, "base", base, "above", above, "rate", rate, "owed", owed)
	}
	return c.T("dues.how_scale", "kind", kind, "base", base, "above", above, "up", up, "rate", rate, "owed", owed)
}

func (c *Call) duesPayments(d app.DuesYear, l ledger.Ledger) (all []view.DuesPayment) {
	for _, p := range slices.Backward(l.Payments) {
		var months []string
		for _, part := range p.Parts {
			months = append(months, c.Base.W.MonthName(time.Month(part.Month)))
		}
		all = append(all, view.DuesPayment{Day: c.Base.W.Day(p.On), Who: d.Names[l.Person], Amount: p.Amount.String(), Means: c.codeTitle("dues_means", p.Means),
			Months: strings.Join(months, " "), Receipt: p.Receipt, Href: view.ReceiptPath(d.Matter, p.Seq)})
	}
	return all
}

// myDues shows the visitor's own year: what is owed and paid, and how it was worked
// out.
func (s *Server) myDues(c *Call) (templ.Component, error) {
	year := c.duesYear()
	v := view.MyDuesView{Base: c.Base, Year: c.span(indicator.PerYear, day.New(year, time.January, 1).CalendarYear())}
	v.At = view.AtDues
	v.Earlier, v.Later = c.duesYears(view.PathMyDues, 0, year)
	for _, o := range c.Visit.DuesBranches(year) {
		d, err := c.Visit.MyDues(c.R.Context(), o, year)
		if err != nil {
			return nil, err
		}
		b := view.MyDuesBranch{Branch: d.Org.Name, Opened: d.Matter != ""}
		if l, ok := d.Book.Ledger(c.Visit.Me()); ok {
			b.Declared, b.Mine, b.Payments = true, c.duesMember(d, l), c.duesPayments(d, l)
		}
		v.Branches = append(v.Branches, b)
	}
	return view.MyDues(v), nil
}
