package area

import (
	"regexp"
	"testing"
)

func TestEachFunctionHasJustThePartOfItsPlace(t *testing.T) {
	name := regexp.MustCompile(`^(admission|ballot|life|dues|org|person|office|grant|erasure|transfer)\.[a-z_]+$`)
	for id, f := range Functions() {
		if !name.MatchString(id) {
			t.Errorf("%s: want area.name", id)
		}
		parts := 0
		for _, has := range []bool{f.Check != nil, f.Compute != nil, f.Only != nil || f.Applies != nil, f.Ask != nil, f.Day != nil} {
			if has {
				parts++
			}
		}
		if parts != 1 {
			t.Errorf("%s has %d parts, and a name in content can mean one", id, parts)
		}
	}
}

func TestFunctionsAreMadeAnewForEveryCaller(t *testing.T) {
	delete(Functions(), "life.due")
	if _, ok := Functions()["life.due"]; !ok {
		t.Error("one caller changed what another gets")
	}
}
