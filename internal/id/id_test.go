package id

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

func TestEachNumberHasOneSpelling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Uint32().Draw(t, "n")
		if o, err := ParseOrg(Org(n).String()); err != nil || o != Org(n) {
			t.Fatalf("organisation %d: read back as %d, %v", n, o, err)
		}
		if p, err := ParsePerson(Person(n).String()); err != nil || p != Person(n) {
			t.Fatalf("person %d: read back as %d, %v", n, p, err)
		}
		s := rapid.StringMatching(`[mop]?[0-9+-]{0,11}`).Draw(t, "text")
		if p, err := ParsePerson(s); err == nil && p.String() != s {
			t.Fatalf("%q and %q are one person", s, p)
		}
		if m, err := ParseMatter(s); err == nil && string(m) != s {
			t.Fatalf("%q was read as %q", s, m)
		}
	})
}

func TestOtherSpellingsAreRefused(t *testing.T) {
	for _, s := range []string{"p", "p0", "p01", "p+1", "p-1", " p1", "p1 ", "P1", "o1", "1", "p1.0", "p1e3", "p１", "p4294967296", "p99999999999999999999"} {
		if p, err := ParsePerson(s); err == nil {
			t.Errorf("person %q was read as %d", s, p)
		}
	}
	for _, s := range []string{"o", "o0", "o01", "p1", "O1", "o4294967296"} {
		if o, err := ParseOrg(s); err == nil {
			t.Errorf("organisation %q was read as %d", s, o)
		}
	}
	for _, s := range []string{"m", "m0", "m01", "x1", "1", "M1", "m9223372036854775808", "o4294967296", "p4294967296", "m1/..", "字",
		"o12.2018", "o12.2018.", "o12.218.dues", "o12.02018.dues", "o12.+201.dues", "o012.2018.dues", "p12.2018.dues", "o12.2018.Dues", "o12.2018.dues.x", ".2018.dues", "o12.0999.dues"} {
		if m, err := ParseMatter(s); err == nil {
			t.Errorf("matter %q was read as %q", s, m)
		}
	}
}

func TestTheLastNumbersAreNames(t *testing.T) {
	if p, err := ParsePerson("p4294967295"); err != nil || p != math.MaxUint32 {
		t.Errorf("%d, %v", p, err)
	}
	if m := Begun(math.MaxInt64); m != "m9223372036854775807" {
		t.Errorf("%q", m)
	} else if _, err := ParseMatter(string(m)); err != nil {
		t.Error(err)
	}
}

func TestNobodyAndNoneAreTheEmptyName(t *testing.T) {
	if Org(0).String() != "" || Person(0).String() != "" || Person(0).Matter() != "" || Begun(0) != "" {
		t.Error("nobody has a name")
	}
	o, err1 := ParseOrg("")
	p, err2 := ParsePerson("")
	m, err3 := ParseMatter("")
	if o != 0 || p != 0 || m != "" || err1 != nil || err2 != nil || err3 != nil {
		t.Error("the empty name is somebody")
	}
}

func TestAMatterKnowsWhoseFileItIs(t *testing.T) {
	for _, c := range []struct {
		m            Matter
		org          Org
		person       Person
		isOrg, isOne bool
	}{
		{Org(12).Matter(), 12, 0, true, false},
		{Person(34).Matter(), 0, 34, false, true},
		{Begun(567), 0, 0, false, false},
		{"", 0, 0, false, false},
		{"o0", 0, 0, false, false},
		{"o99999999999", 0, 0, false, false},
	} {
		if o, ok := c.m.Org(); o != c.org && ok || ok != c.isOrg {
			t.Errorf("%q: organisation %d, %v", c.m, o, ok)
		}
		if p, ok := c.m.Person(); p != c.person && ok || ok != c.isOne {
			t.Errorf("%q: person %d, %v", c.m, p, ok)
		}
	}
}

func TestTheBookOfAYearIsNamedAfterAllThree(t *testing.T) {
	m := Org(12).Year("dues_account", 2018)
	if o, year, procedure, ok := m.Year(); m != "o12.2018.dues_account" || o != 12 || year != 2018 || procedure != "dues_account" || !ok {
		t.Errorf("%q: %d, %d, %q, %v", m, o, year, procedure, ok)
	}
	if got, err := ParseMatter(string(m)); err != nil || got != m {
		t.Errorf("%q, %v", got, err)
	}
	if o, ok := m.Org(); ok {
		t.Errorf("it is not the file of %s itself", o)
	}
	for _, other := range []Matter{"", "m1", "o12", "p3"} {
		if _, _, _, ok := other.Year(); ok {
			t.Errorf("%q is no book", other)
		}
	}
}
