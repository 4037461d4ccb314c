package app

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/RoaringBitmap/roaring/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/org"
)

// An outline that was drawn for one day must say of every other day for which it
// holds what a walk through the tree of that day says.
func TestAnOutlineIsTheTreeOfEveryDayForWhichItHolds(t *testing.T) {
	first, last := day.Must("2026-01-01"), day.Must("2026-03-01")
	for seed := range uint64(20) {
		tree := grown(rand.New(rand.NewPCG(seed, 1)), first, last)
		var c counts
		for range 2 { // the second time from what is kept
			for d := first - 1; d <= last+1; d++ {
				l := c.outline(tree, d)
				for root := id.Org(1); int(root) <= tree.Len(); root++ {
					in, branches := walked(tree, root, d)
					if got := l.in(root); !got.Equals(in) {
						t.Fatalf("seed %d, %s: in %s are %v, want %v", seed, d, root, got, in)
					}
					if got := roaring.And(l.of([]string{"branch", "joint_branch"}), l.in(root)); !got.Equals(branches) {
						t.Fatalf("seed %d, %s: branches in %s are %v, want %v", seed, d, root, got, branches)
					}
				}
			}
		}
		if n := len(c.outlines); n < 2 || n > int(last-first) {
			t.Errorf("seed %d: %d outlines for %d days", seed, n, last-first+3)
		}
		tree.Put(org.Org{ID: id.Org(tree.Len() + 1), Stands: day.Period{From: first}, Versions: []org.Version{{From: first, Kind: org.Branch, Superior: 1}}})
		if !c.outline(tree, last).in(1).Contains(uint32(tree.Len())) {
			t.Errorf("seed %d: what was founded since is not there", seed)
		}
	}
}

// grown returns a tree whose organisations are founded, moved, changed and dissolved
// on some of the days from first to last.
func grown(rng *rand.Rand, first, last day.Day) *org.Tree {
	tree := &org.Tree{}
	days := []day.Day{first, first + 7, first + 8, first + 20, first + 31, last}
	one := func() day.Day { return days[rng.IntN(len(days))] }
	tree.Put(org.Org{ID: 1, Stands: day.Period{From: first}, Versions: []org.Version{{From: first, Kind: org.Committee}}})
	for o := id.Org(2); o < 24; o++ {
		kinds := []org.Kind{org.Committee, org.GeneralBranch, org.Branch, org.JointBranch}
		x := org.Org{ID: o, Stands: day.Period{From: one()}}
		x.Versions = []org.Version{{From: x.Stands.From, Kind: kinds[rng.IntN(4)], Superior: id.Org(1 + rng.IntN(int(o)-1))}}
		if on := one(); on > x.Stands.From && rng.IntN(2) == 0 {
			x.Versions = append(x.Versions, org.Version{From: on, Kind: kinds[rng.IntN(4)], Superior: id.Org(1 + rng.IntN(int(o)-1))})
		}
		if to := one(); to > x.Stands.From && rng.IntN(3) == 0 {
			x.Stands.To = to
		}
		tree.Put(x)
	}
	return tree
}

// walked returns what stands in root on d, and which of it are branches.
func walked(tree *org.Tree, root id.Org, d day.Day) (in, branches *roaring.Bitmap) {
	in, branches = roaring.New(), roaring.New()
	tree.Walk(root, d, func(x org.Org) bool {
		in.Add(uint32(x.ID))
		if slices.Contains([]org.Kind{org.Branch, org.JointBranch}, x.On(d).Kind) {
			branches.Add(uint32(x.ID))
		}
		return true
	})
	return in, branches
}
