package org

import (
	"maps"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
)

// city is a committee (1) with two townships (2, 3); branch 4 moved from one to
// the other and was renamed on the way, branch 5 was merged into it, branch 6
// came last.
func city() *Tree {
	d := day.Must
	t := &Tree{}
	since := func(s string) day.Period { return day.Period{From: d(s)} }
	t.Put(Org{ID: 1, Stands: since("2015-01-01"), Versions: []Version{{From: d("2015-01-01"), Name: "市委", Kind: Committee}}})
	t.Put(Org{ID: 3, Stands: since("2015-01-01"), Versions: []Version{{From: d("2015-01-01"), Name: "乙镇党委", Kind: Committee, Superior: 1}}})
	t.Put(Org{ID: 2, Stands: since("2015-01-01"), Versions: []Version{{From: d("2015-01-01"), Name: "甲镇党委", Kind: Committee, Superior: 1}}})
	t.Put(Org{ID: 4, Stands: since("2016-01-01"), Versions: []Version{
		{From: d("2016-01-01"), Name: "一村党支部", Kind: Branch, Superior: 2},
		{From: d("2017-01-01"), Name: "一村联合党支部", Kind: JointBranch, Superior: 2},
		{From: d("2018-01-01"), Name: "一村联合党支部", Kind: JointBranch, Superior: 3}}})
	t.Put(Org{ID: 5, Stands: day.Period{From: d("2016-01-01"), To: d("2017-12-31")}, Into: 4, Versions: []Version{{From: d("2016-01-01"), Name: "二村党支部", Kind: Branch, Superior: 2}}})
	t.Put(Org{ID: 6, Stands: since("2018-06-01"), Versions: []Version{{From: d("2018-06-01"), Name: "三村党支部", Kind: Branch, Superior: 3}}})
	return t
}

func TestTheTreeIsThatOfTheDay(t *testing.T) {
	tree := city()
	for _, c := range []struct {
		on         string
		two, three []id.Org
		walked     []id.Org
	}{
		{"2014-12-31", nil, nil, nil},
		{"2015-01-01", nil, nil, []id.Org{1, 2, 3}},
		{"2016-01-01", []id.Org{4, 5}, nil, []id.Org{1, 2, 4, 5, 3}},
		{"2017-12-31", []id.Org{4, 5}, nil, []id.Org{1, 2, 4, 5, 3}},
		{"2018-01-01", nil, []id.Org{4}, []id.Org{1, 2, 3, 4}},
		{"2018-06-01", nil, []id.Org{4, 6}, []id.Org{1, 2, 3, 4, 6}},
	} {
		on := day.Must(c.on)
		if d := cmp.Diff(c.two, tree.Below(2, on)); d != "" {
			t.Errorf("below 2 on %s:\n%s", on, d)
		}
		if d := cmp.Diff(c.three, tree.Below(3, on)); d != "" {
			t.Errorf("below 3 on %s:\n%s", on, d)
		}
		var walked []id.Org
		tree.Walk(1, on, func(o Org) bool { walked = append(walked, o.ID); return true })
		if d := cmp.Diff(c.walked, walked); d != "" {
			t.Errorf("walked on %s:\n%s", on, d)
		}
	}
}

func TestPathAndWithinFollowTheMove(t *testing.T) {
	tree := city()
	before, after := day.Must("2017-12-31"), day.Must("2018-01-01")
	if d := cmp.Diff([]id.Org{4, 2, 1}, tree.Path(4, before)); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]id.Org{4, 3, 1}, tree.Path(4, after)); d != "" {
		t.Error(d)
	}
	for _, c := range []struct {
		root, org id.Org
		on        day.Day
		want      bool
	}{
		{2, 4, before, true}, {3, 4, before, false}, {2, 4, after, false}, {3, 4, after, true}, {1, 4, after, true}, {4, 4, after, true},
		{4, 3, after, false}, {0, 4, after, false}, {1, 0, after, false}, {1, 99, after, false}, {99, 99, after, true},
	} {
		if got := tree.Within(c.root, c.org, c.on); got != c.want {
			t.Errorf("%s within %s on %s: %v", c.org, c.root, c.on, got)
		}
	}
}

func TestAVersionLastsUntilTheNext(t *testing.T) {
	o := city().Get(4)
	for on, want := range map[string]string{
		"2010-01-01": "一村党支部", "2016-01-01": "一村党支部", "2016-12-31": "一村党支部", "2017-01-01": "一村联合党支部", "2030-01-01": "一村联合党支部",
	} {
		if got := o.On(day.Must(on)).Name; got != want {
			t.Errorf("on %s: %s", on, got)
		}
	}
	if o.On(day.Must("2016-12-31")).Kind != Branch || o.Last().Kind != JointBranch || o.Last().Superior != 3 {
		t.Errorf("last %+v", o.Last())
	}
	if (Org{}).On(5) != (Version{}) || (Org{}).Last() != (Version{}) {
		t.Error("an organisation without versions has one")
	}
}

func TestRootsHaveNobodyAbove(t *testing.T) {
	tree := city()
	if d := cmp.Diff([]id.Org{1}, tree.Roots(day.Must("2018-01-01"))); d != "" {
		t.Error(d)
	}
	if roots := tree.Roots(day.Must("2014-12-31")); roots != nil {
		t.Errorf("before all: %v", roots)
	}
}

func TestAWalkStopsWhenItIsTold(t *testing.T) {
	n := 0
	if city().Walk(1, day.Must("2018-06-01"), func(o Org) bool { n++; return o.ID != 2 }) || n != 2 {
		t.Errorf("went on for %d", n)
	}
}

func TestWhatDoesNotExistIsNothing(t *testing.T) {
	tree := city()
	for _, o := range []id.Org{0, 7, 1 << 31} {
		if _, ok := tree.Org(o); ok || tree.Get(o).ID != 0 || tree.Below(o, day.Must("2018-01-01")) != nil || tree.HasBelow(o) || tree.Path(o, day.Must("2018-01-01")) != nil {
			t.Errorf("%d is something", o)
		}
	}
	if tree.Len() != 6 || (&Tree{}).Len() != 0 {
		t.Errorf("%d organisations", tree.Len())
	}
	gap := &Tree{}
	gap.Put(Org{ID: 3, Versions: []Version{{Superior: 5}}})
	for _, o := range []id.Org{1, 2, 4, 5} {
		if _, ok := gap.Org(o); ok {
			t.Errorf("%s was never put, and is there", o)
		}
	}
	if !tree.HasBelow(2) || tree.HasBelow(4) {
		t.Error("who ever had somebody below is wrong")
	}
}

func TestACircleEndsNoWalkInALoop(t *testing.T) {
	tree := &Tree{}
	for _, o := range []struct{ org, above id.Org }{{1, 3}, {2, 1}, {3, 2}} {
		tree.Put(Org{ID: o.org, Stands: day.Period{From: 1}, Versions: []Version{{From: 1, Superior: o.above}}})
	}
	if n := len(tree.Path(1, 5)); n != maxDepth {
		t.Errorf("climbed %d steps", n)
	}
	if tree.Within(9, 1, 5) || !tree.Within(3, 1, 5) {
		t.Error("within is wrong in a circle")
	}
	n := 0
	tree.Walk(1, 5, func(Org) bool { n++; return true })
	if n != maxDepth {
		t.Errorf("walked over %d", n)
	}
}

func TestATreeDoesNotDependOnTheOrderOfPutting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orgs := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Org {
			o := Org{ID: id.Org(rapid.IntRange(1, 12).Draw(t, "org")), Stands: day.Period{From: 1}}
			for from := range rapid.IntRange(1, 3).Draw(t, "versions") {
				o.Versions = append(o.Versions, Version{From: day.Day(from + 1), Superior: id.Org(rapid.IntRange(0, 12).Draw(t, "superior"))})
			}
			return o
		}), 1, 30).Draw(t, "puts")
		live, last := &Tree{}, map[id.Org]Org{}
		for _, o := range orgs {
			live.Put(o)
			last[o.ID] = o
		}
		rebuilt := &Tree{}
		for _, n := range rapid.Permutation(slices.Sorted(maps.Keys(last))).Draw(t, "order") {
			rebuilt.Put(last[n])
		}
		for o := id.Org(0); o < 14; o++ {
			if live.HasBelow(o) != rebuilt.HasBelow(o) {
				t.Fatalf("ever below %s: %v, rebuilt %v", o, live.HasBelow(o), rebuilt.HasBelow(o))
			}
			for d := day.Day(0); d < 6; d++ {
				if diff := cmp.Diff(live.Below(o, d), rebuilt.Below(o, d)); diff != "" {
					t.Fatalf("below %s on day %d:\n%s", o, d, diff)
				}
			}
		}
	})
}

func TestBranchesOfAnySortAreBasic(t *testing.T) {
	basic := []Kind{Branch, JointBranch, TemporaryBranch}
	for _, k := range Kinds() {
		if k.Basic() != slices.Contains(basic, k) {
			t.Errorf("%s: basic %v", k, k.Basic())
		}
	}
	if len(Kinds()) != 8 {
		t.Errorf("%d kinds", len(Kinds()))
	}
}

func TestAMoveDatedBackMayCloseACircleLater(t *testing.T) {
	// On day 10 branch 2 was put below 3; on day 20 it left again.
	tree := &Tree{}
	tree.Put(Org{ID: 1, Stands: day.Period{From: 1}, Versions: []Version{{From: 1, Set: SetSuperior}}})
	tree.Put(Org{ID: 2, Stands: day.Period{From: 1}, Versions: []Version{{From: 1, Superior: 1, Set: SetSuperior}, {From: 10, Superior: 3, Set: SetSuperior}, {From: 20, Superior: 1, Set: SetSuperior}}})
	tree.Put(Org{ID: 3, Stands: day.Period{From: 1}, Versions: []Version{{From: 1, Superior: 1, Set: SetSuperior}}})
	for d, want := range map[day.Day]bool{5: true, 9: true, 10: true, 19: true, 20: false} {
		if got := tree.Circle(3, 2, d); got != want {
			t.Errorf("3 below 2 from day %d: circle %v", d, got)
		}
	}
	if tree.Circle(2, 1, 5) || !tree.Circle(1, 3, 5) || !tree.Circle(1, 1, 5) {
		t.Error("below the top there is a circle, or above it none")
	}
	// A rename on day 7 changes nothing about it.
	renamed := tree.Get(3)
	renamed.Versions = append(renamed.Versions, Version{From: 7, Superior: 1, Set: SetName})
	tree.Put(renamed)
	if !tree.Circle(3, 2, 5) {
		t.Error("a rename hides the circle")
	}
	// With a move of its own on day 8 it would be gone before the circle closes.
	three := tree.Get(3)
	three.Versions = append(three.Versions, Version{From: 8, Superior: 1, Set: SetSuperior})
	tree.Put(three)
	if tree.Circle(3, 2, 5) {
		t.Error("a circle after the next move of its own")
	}
	if !tree.Circle(3, 2, 8) {
		t.Error("no circle from day 8 on")
	}
}

func TestWhoStandsBelowSinceADay(t *testing.T) {
	tree := city() // 4 was below 2 up to 2017-12-31, 5 was merged on that day
	for _, c := range []struct {
		org  id.Org
		on   string
		want bool
	}{
		{2, "2015-01-01", true}, {2, "2017-12-31", true}, {2, "2018-01-01", false}, {3, "2015-01-01", true}, {3, "2030-01-01", true}, {4, "2015-01-01", false}, {99, "2015-01-01", false},
	} {
		if got := tree.BelowSince(c.org, day.Must(c.on)); got != c.want {
			t.Errorf("below %s since %s: %v", c.org, c.on, got)
		}
	}
	left := tree.Get(4)
	left.Versions = left.Versions[1:] // it came to 2 on the day it moved on: never below it for a day
	left.Versions[0].From = left.Versions[1].From
	tree.Put(left)
	five := tree.Get(5)
	five.Versions = nil
	tree.Put(five)
	if tree.BelowSince(2, day.Must("2015-01-01")) {
		t.Error("below for no day counts")
	}
}
