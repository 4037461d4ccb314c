package register

import (
	"math/rand/v2"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/person"
)

// Whatever is counted for a day is the same as long as nothing shows on that day: told
// for random changes of branches, standings and offices.
func TestACountOfADayHoldsUntilAChangeShowsOnIt(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 5))
	g := New([]byte("secret"))
	type counted struct {
		changed int64
		n       [3]int
	}
	count := func(d day.Day) (n [3]int) {
		for o := range id.Org(3) {
			n[o] = 100*g.CountRoster(o+1, d) + len(g.Holders(o+1, d))
		}
		return n
	}
	kept := map[day.Day]counted{}
	held, lost := 0, 0
	for range 2000 {
		g.put(changed(rng, g.copyOfAny(id.Person(1+rng.IntN(6)))))
		for d := day.Day(10); d < 60; d += 7 {
			k, ok := kept[d]
			if !ok || g.ShownBy(k.changed, d) {
				lost++
				kept[d] = counted{g.Changed(), count(d)}
				continue
			}
			held++
			if got := count(d); got != k.n {
				t.Fatalf("on day %d nothing has shown since change %d, and yet %v became %v", d, k.changed, k.n, got)
			}
		}
	}
	if held < 2000 || lost < 2000 {
		t.Errorf("%d counts held and %d did not: little was tested", held, lost)
	}
}

// changed returns p with another branch, standing or office, or another end of one.
func changed(rng *rand.Rand, p person.Person) person.Person {
	from := day.Day(10 + rng.IntN(50))
	span := day.Period{From: from, To: from + day.Day(rng.IntN(20))}
	switch n := rng.IntN(5); {
	case n == 0 || len(p.Stands) == 0:
		p.Stands = append(p.Stands[:min(1, len(p.Stands))], person.Stand{From: from, Standing: []person.Standing{person.Member, person.Removed}[rng.IntN(2)]})
	case n == 1 || len(p.Memberships) == 0:
		p.Memberships = []person.Membership{{Org: id.Org(1 + rng.IntN(3)), Held: span}}
	case n == 2 || len(p.Offices) == 0:
		p.Offices = []person.Office{{Org: id.Org(1 + rng.IntN(3)), Role: "branch.secretary", Held: span}}
	case n == 3:
		p.Memberships[0].Held.To = p.Memberships[0].Held.From + day.Day(rng.IntN(30))
	default:
		p.Offices[0].Held.To = p.Offices[0].Held.From + day.Day(rng.IntN(30))
	}
	return p
}

// copyOfAny returns person n to be changed, or a new one.
func (g *Register) copyOfAny(n id.Person) person.Person {
	if _, ok := g.Person(n); !ok {
		return person.Person{ID: n}
	}
	return g.copyOf(n)
}
