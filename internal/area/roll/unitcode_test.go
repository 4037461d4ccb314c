package roll

import (
	"testing"

	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestUnitCodeHasACheckCharacter(t *testing.T) {
	for code, want := range map[string]bool{
		"91350100M000100Y43":  true,  // the example of the standard
		"1114110000000000E0":  true,  // the sum is a multiple of 31: the check is 0, not 31
		"1114110000000000E1":  false, // another check
		"1114110000000001E0":  false, // another digit
		"91350100M000100Y34":  false, // two characters changed places
		"91350100m000100y43":  false, // small letters are no characters of it
		"9I350100M000100Y43":  false, // nor is I
		"91350100M000100Y4":   false, // too short
		"91350100M000100Y430": false, // too long
		"":                    false,
	} {
		if got := UnitCode(code); got != want {
			t.Errorf("UnitCode(%q) = %v, want %v", code, got, want)
		}
	}
}

func TestAWrongUnitCodeIsAskedAboutAndNotRefused(t *testing.T) {
	for code, asked := range map[string]int{"": 0, "1114110000000000E0": 0, "1114110000000000E1": 1} {
		questions, err := AskUnitCode(matter.Case{}, record.Record{Fields: record.Of(record.F("unit_code", record.Text(code)))}, nil)
		if err != nil || len(questions) != asked {
			t.Errorf("%q: %v, %v; want %d questions", code, questions, err, asked)
		}
	}
}
