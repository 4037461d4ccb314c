package web

import (
	"errors"
	"slices"
	"strconv"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/ledger"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
	"qingfeng/internal/web/view"
)

// accountSteps are the steps of an account that are taken most, the main one last.
var accountSteps = []string{ledger.StepAskUse, ledger.StepPayUse, ledger.StepHandUp, ledger.StepReceive}

// duesAccount draws the account of a committee, or nothing where such an organisation
// keeps none or the visitor may not see it.
func (s *Server) duesAccount(c *Call, o app.OrgRef, year int) (*view.DuesAccountView, error) {
	d, err := c.Visit.DuesAccount(c.R.Context(), o.ID, year)
	if errors.Is(err, fault.NotFound) || err == nil && !d.Keeps {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &view.DuesAccountView{Actions: s.accountActions(c, d)}
	for _, h := range d.Due {
		v.Due = append(v.Due, c.handedUp(h))
	}
	if d.Matter == "" {
		return v, nil
	}
	f, yuan := &d.Fund, c.T("unit.yuan")
	v.Book = view.MatterPath(d.Matter)
	tile := func(label string, f money.Fen, sub string) {
		v.Tiles = append(v.Tiles, view.Tile{Label: label, Value: f.String(), Unit: yuan, Sub: sub})
	}
	tile(c.T("dues.arrived"), f.Regular(), c.T("dues.special_too", "amount", f.Special().String()))
	tile(c.T("dues.up_total"), f.HandedUp(), "")
	tile(c.T("dues.used"), f.AllUsed(), "")
	tile(c.T("dues.balance"), f.Balance(), c.T("dues.free", "amount", f.Free().String()))
	v.Accounts = c.accountLines(f.Accounts())
	for _, u := range f.Uses {
		v.Uses = append(v.Uses, c.duesUse(u))
	}
	return v, nil
}

func (s *Server) accountActions(c *Call, d app.DuesAccount) (all []view.Action) {
	if d.Matter == "" {
		p, ok := s.App.Library().Latest(ledger.FundBook)
		if ok && c.Visit.MayTake(p, p.Steps[0], d.Org.ID) {
			all = append(all, view.Action{Text: c.T("dues.open_account"), Href: view.BeginPath(p.ID, d.Org.ID) + "&step=" + p.Steps[0].ID, Primary: true})
		}
		return all
	}
	for _, step := range accountSteps {
		if i := slices.IndexFunc(d.Open, func(o app.OpenStep) bool { return o.Step.ID == step && o.Mine }); i >= 0 {
			all = append(all, view.Action{Text: c.Say(d.Open[i].Step.Title), Href: view.StepPath(d.Matter, step)})
		}
	}
	if len(all) > 0 {
		all[len(all)-1].Primary = true
	}
	return all
}

// accountLines writes the book in double entry, with its sum.
func (c *Call) accountLines(accounts []ledger.Account) (lines []view.DuesAccount) {
	debit, credit := money.Fen(0), money.Fen(0)
	for _, a := range accounts {
		lines = append(lines, view.DuesAccount{Name: c.T("dues.account_" + a.Name), Debit: some(a.Debit), Credit: some(a.Credit)})
		debit, credit = debit+a.Debit, credit+a.Credit
	}
	return append(lines, view.DuesAccount{Name: c.T("dues.account_sum"), Debit: debit.String(), Credit: credit.String()})
}

func (c *Call) handedUp(h app.HandedUp) view.DuesHandedUp {
	row := view.DuesHandedUp{Org: c.short(h.Org), Record: strconv.FormatInt(h.Record.Seq, 10), Amount: h.Record.Fields.Money("amount").String(),
		Flow: c.codeTitle("dues_flow", h.Record.Fields.Choice("flow")), Changed: h.Changed}
	if h.Record.On != 0 {
		row.Day = c.Base.W.Day(h.Record.On)
	}
	return row
}

func (c *Call) duesUse(u ledger.Use) view.DuesUse {
	row := view.DuesUse{Record: strconv.FormatInt(u.Seq, 10), Category: c.codeTitle("dues_use", u.Category), Asked: u.Asked.String(), Paid: some(u.Paid)}
	switch {
	case u.Payment != 0:
		row.State, row.Done = c.T("dues.use_paid"), true
	case u.Granted:
		row.State = c.T("dues.use_granted")
	case u.Decided != 0:
		row.State, row.Done = c.T("dues.use_refused"), true
	default:
		row.State = c.T("dues.use_asked")
	}
	return row
}

// fillAccount offers what was handed up and has not arrived.
func (f *stepForm) fillAccount(c *Call) error {
	o, year, procedure, ok := f.matter.Year()
	if !ok || procedure != ledger.FundBook || f.step.ID != ledger.StepReceive {
		return nil
	}
	d, err := c.Visit.DuesAccount(c.R.Context(), o, year)
	if err != nil {
		return err
	}
	var rows record.Items
	for _, h := range d.Due {
		if !h.Changed {
			rows = append(rows, record.Of(record.F("record", record.Number(h.Record.Seq)), record.F("amount", record.Money(h.Record.Fields.Money("amount")))))
		}
	}
	f.setValue("arrivals", rows)
	return nil
}
