package roll

import (
	"strings"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// unitCodeCheck is the clause by which the last character of a unit code follows
// from the others.
const unitCodeCheck = "unit-code#check"

// AskUnitCode asks when the code of a unit has a wrong check character. It does not
// refuse: codes given in the first years are in use that do not fit.
func AskUnitCode(_ matter.Case, r record.Record, _ matter.Past) ([]matter.Question, error) {
	code := r.Fields.Text("unit_code")
	if code == "" || UnitCode(code) {
		return nil, nil
	}
	return []matter.Question{{Why: "ask.unit_code", Basis: unitCodeCheck, Args: map[string]string{"code": code}}}, nil
}

// unitCodeLetters are the characters of a unit code by their values: no I, O, S, V, Z.
const unitCodeLetters = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// UnitCode reports whether s is a well-formed unified social credit code of 18
// characters (GB 32100).
func UnitCode(s string) bool {
	if len(s) != 18 {
		return false
	}
	sum, weight := 0, 1
	for i := range 17 {
		v := strings.IndexByte(unitCodeLetters, s[i])
		if v < 0 {
			return false
		}
		sum += v * weight
		weight = weight * 3 % len(unitCodeLetters)
	}
	check := (len(unitCodeLetters) - sum%len(unitCodeLetters)) % len(unitCodeLetters) // 31 is 0
	return s[17] == unitCodeLetters[check]
}
