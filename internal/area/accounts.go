package area

import (
	"qingfeng/internal/area/dues"
	"qingfeng/internal/ledger"
	"qingfeng/internal/matter"
)

// accounts are the functions of the accounts of dues that committees keep.
func accounts() map[string]matter.Function {
	return map[string]matter.Function{
		"dues.arrived":         {Check: dues.Arrived},
		"dues.account_holds":   {Check: dues.AccountHolds},
		"dues.use_open":        {Check: dues.UseOpen},
		"dues.use_second":      {Check: dues.UseSecond},
		"dues.arrived_from":    {Compute: dues.ArrivedFrom},
		"dues.arrived_flow":    {Compute: dues.ArrivedFlow},
		"dues.from_branches":   {Compute: dues.FromBranches},
		"dues.from_committees": {Compute: dues.FromCommittees},
		"dues.from_special":    {Compute: dues.FromSpecial},
		"dues.share_up":        {Rules: dues.Ratios(), Compute: dues.ShareUp},
		"dues.use_category":    {Compute: dues.UseCategory},
		"dues.sum_brought":     {Compute: dues.InAccount((*ledger.Fund).Brought)},
		"dues.sum_received":    {Compute: dues.InAccount((*ledger.Fund).Regular)},
		"dues.sum_special":     {Compute: dues.InAccount((*ledger.Fund).Special)},
		"dues.sum_interest":    {Compute: dues.InAccount((*ledger.Fund).Interest)},
		"dues.sum_handed_up":   {Compute: dues.InAccount((*ledger.Fund).HandedUp)},
		"dues.sum_used":        {Compute: dues.InAccount((*ledger.Fund).AllUsed)},
		"dues.sum_balance":     {Compute: dues.InAccount((*ledger.Fund).Balance)},
		"dues.by_category":     {Compute: dues.ByCategory},
	}
}
