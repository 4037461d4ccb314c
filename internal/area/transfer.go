package area

import (
	"qingfeng/internal/area/transfer"
	"qingfeng/internal/matter"
)

// transfers are the functions that transfers of membership name.
func transfers() map[string]matter.Function {
	return map[string]matter.Function{
		"transfer.begins":  {Check: transfer.Begins},
		"transfer.here":    {Check: transfer.Here},
		"transfer.theirs":  {Check: transfer.Theirs},
		"transfer.letter":  {Rules: []string{transfer.Longest}, Check: transfer.Letter},
		"transfer.in_time": {Check: transfer.InTime},
		"transfer.given":   {Check: transfer.Given},

		"transfer.person":        {Compute: transfer.Person},
		"transfer.branch":        {Compute: transfer.Branch},
		"transfer.place":         {Compute: transfer.Place},
		"transfer.dues_until":    {Compute: transfer.Dues},
		"transfer.until_inside":  {Rules: []string{transfer.Longest, transfer.Inside}, Compute: transfer.Until(transfer.Inside)},
		"transfer.until_outside": {Rules: []string{transfer.Longest, transfer.Outside}, Compute: transfer.Until(transfer.Outside)},
		"transfer.end":           {Day: transfer.End},

		"transfer.opens":    {Only: transfer.Opens},
		"transfer.unagreed": {Only: transfer.Unagreed},
		"transfer.issuable": {Only: transfer.Issuable},
		"transfer.sent":     {Only: transfer.Sent},
		"transfer.overdue":  {Only: transfer.Overdue},
	}
}
