package dues

import (
	"strconv"

	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
	"qingfeng/internal/money"
	"qingfeng/internal/record"
)

// arrivals adds up the rows of a receipt for which ok holds. The columns that are
// worked out are not in what a computing function sees, so that they are worked out here.
func arrivals(c matter.Case, ok func(from record.Fields) bool) (record.Value, *matter.Refusal) {
	var sum money.Fen
	for _, row := range c.Act.Fields.Items("arrivals") {
		r, refusal := handed(c, row)
		if refusal != nil {
			return nil, refusal
		}
		row = row.With("from", record.Org(r.Org)).With("flow", record.Choice(r.Fields.Choice("flow")))
		if r.Org != c.Act.Org && ok(row) {
			sum += row.Money("amount")
		}
	}
	return record.Money(sum), nil
}

// FromBranches works out what of a receipt are regular dues from branches.
func FromBranches(c matter.Case) (record.Value, *matter.Refusal) {
	return arrivals(c, func(row record.Fields) bool { return row.Choice("flow") == ledger.FlowRegular && isBranch(c, row) })
}

// FromCommittees works out what of a receipt are regular dues from committees.
func FromCommittees(c matter.Case) (record.Value, *matter.Refusal) {
	return arrivals(c, func(row record.Fields) bool { return row.Choice("flow") == ledger.FlowRegular && !isBranch(c, row) })
}

// FromSpecial works out what of a receipt are special dues.
func FromSpecial(c matter.Case) (record.Value, *matter.Refusal) {
	return arrivals(c, func(row record.Fields) bool { return row.Choice("flow") == ledger.FlowSpecial })
}

// ShareUp works out what is still to be handed up by the share of the level: of the
// regular dues that arrived in the year, and of special dues everything (R3.8).
func ShareUp(c matter.Case) (record.Value, *matter.Refusal) {
	f := fund(c)
	flow := c.Act.Fields.Choice("flow")
	if flow == ledger.FlowSpecial {
		return record.Money(f.Have(flow)), nil
	}
	share, refusal := c.Rule(ratio(c))
	if refusal != nil {
		return nil, refusal
	}
	return record.Money(max(f.Received(flow).PerMille(share.Int())-f.Side("handed_up_"+flow), 0)), nil
}

// UseCategory works out the category of a payment: that of the request.
func UseCategory(c matter.Case) (record.Value, *matter.Refusal) {
	f := fund(c)
	if u := f.Use(c.Act.Fields.Number("record")); u != nil {
		return record.Choice(u.Category), nil
	}
	return nil, matter.Refuse("record", "refuse.no_such_request", "", "record", strconv.FormatInt(c.Act.Fields.Number("record"), 10))
}

// InAccount works out a sum of the account.
func InAccount(sum func(*ledger.Fund) money.Fen) func(matter.Case) (record.Value, *matter.Refusal) {
	return func(c matter.Case) (record.Value, *matter.Refusal) {
		f := fund(c)
		return record.Money(sum(&f)), nil
	}
}

// ByCategory works out what was used in each category, in the order of the code table;
// what it was for is not told, since it may name people.
func ByCategory(c matter.Case) (record.Value, *matter.Refusal) {
	f := fund(c)
	var rows record.Items
	for _, code := range c.Law.Codes["dues_use"].Values {
		if used := f.Used(code.Code); used > 0 {
			rows = append(rows, record.Of(record.F("category", record.Choice(code.Code)), record.F("amount", record.Money(used))))
		}
	}
	return rows, nil
}
