package demo

import (
	"embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

//go:embed data/divisions.json
var files embed.FS

// A Scale says how much of the city is built.
type Scale string

// The scales.
const (
	Village Scale = "village" // one township of one county
	County  Scale = "county"  // one county
	City    Scale = "city"    // all of it
)

// The size of the whole city: what the article tells of it, and what follows.
const (
	cityBranches  = 8_440
	cityMembers   = 193_063
	cityAppraised = 179_800 // 93.13 % of the members
	citySecretary = 27_000  // problems found by secretaries
	cityOpinions  = 23_000  // criticism opinions
	cityProblems  = 19_700  // problems found by branches
)

// A unit is one organisation of the plan, with those below it.
type unit struct {
	name, kind, level, sector, code string
	founded                         int // year
	below                           []*unit
	branch                          *branch // nil unless it is a branch
}

// A branch of the plan.
type branch struct {
	members   int
	groups    int // 0: none
	absent    int // from the appraisal
	secretary int // problems found by the secretary
	opinions  int // criticism opinions
	problems  int // problems found by the branch
}

// divisions are the counties, townships and villages of the city.
type divisions struct {
	Areas    [][2]string
	Streets  [][2]string
	Villages [][2]string
}

func readDivisions() (divisions, error) {
	b, err := files.ReadFile("data/divisions.json")
	if err != nil {
		return divisions{}, err
	}
	var d divisions
	if err := json.Unmarshal(b, &d); err != nil {
		return divisions{}, fmt.Errorf("divisions: %w", err)
	}
	return d, nil
}

// plan lays out the city below its committee: what stands where, how many members
// each branch has, and how many problems and opinions it will have found, so that
// the totals are exact.
func plan(scale Scale, rng *rand.Rand) ([]*unit, error) {
	d, err := readDivisions()
	if err != nil {
		return nil, err
	}
	p := &planner{rng: rng}
	counties := d.Areas
	if scale != City {
		counties = counties[len(counties)-1:]
	}
	var top []*unit
	for _, c := range counties {
		top = append(top, p.county(c, d, scale))
	}
	if scale == City {
		top = append(top, p.lines("市", cityLines, 13)...)
	}
	p.fill(scale)
	return top, nil
}

type planner struct {
	rng      *rand.Rand
	branches []*branch
	places   []*unit // committees that can take more branches
}

// county plans one county: its townships with their villages, and its lines of work.
func (p *planner) county(c [2]string, d divisions, scale Scale) *unit {
	county := &unit{name: "中共" + c[1] + "委员会", kind: "committee", level: "county", code: c[0], founded: 1949}
	for _, s := range d.Streets {
		if !strings.HasPrefix(s[0], c[0]) {
			continue
		}
		county.below = append(county.below, p.township(s, d))
		if scale == Village {
			return county
		}
	}
	county.below = append(county.below, p.lines(short(c[1]), countyLines, 6)...)
	return county
}

func (p *planner) township(s [2]string, d divisions) *unit {
	t := &unit{name: "中共" + s[1] + "委员会", kind: "committee", level: "township", code: s[0], founded: 1958}
	for _, v := range d.Villages {
		if strings.HasPrefix(v[0], s[0]) {
			t.below = append(t.below, p.village(v))
		}
	}
	t.below = append(t.below, p.newBranch(s[1]+"机关党支部", "government", ""))
	p.places = append(p.places, t)
	return t
}

func (p *planner) village(v [2]string) *unit {
	name := strings.NewReplacer("社区居委会", "社区", "居委会", "社区", "村委会", "村", "村民委员会", "村", "居民委员会", "社区").Replace(v[1])
	sector := "village"
	if strings.HasSuffix(name, "社区") {
		sector = "community"
	}
	return p.newBranch(name+"党支部", sector, v[0])
}

// A line of work below a county or the city.
type line struct{ name, sector string }

var countyLines = []line{{"直属机关工作委员会", "government"}, {"教育工作委员会", "school"}, {"卫生健康工作委员会", "hospital"}, {"国有企业工作委员会", "state_enterprise"}, {"非公有制经济和社会组织工作委员会", "private_enterprise"}}
var cityLines = countyLines

// lines plans the working committees of a county or of the city, each with a
// number of primary committees that branches will be spread over.
func (p *planner) lines(where string, lines []line, each int) (all []*unit) {
	for _, l := range lines {
		w := &unit{name: "中共" + where + l.name, kind: "working_committee", level: "county", sector: l.sector, founded: 1958}
		for i := range each {
			c := &unit{name: "中共" + where + primary(l.sector, i) + "委员会", kind: "committee", level: "township", sector: l.sector, founded: 1959}
			w.below = append(w.below, c)
			p.places = append(p.places, c)
		}
		all = append(all, w)
	}
	return all
}

func (p *planner) newBranch(name, sector, code string) *unit {
	b := &branch{}
	p.branches = append(p.branches, b)
	return &unit{name: name, kind: "branch", sector: sector, code: code, founded: 1960 + p.rng.IntN(55), branch: b}
}

// fill adds work-unit branches until there are as many as the scale wants, and
// shares out members, problems and opinions.
func (p *planner) fill(scale Scale) {
	want := map[Scale]int{Village: len(p.branches) + 6, County: len(p.branches) + 320, City: cityBranches}[scale]
	for i := 0; len(p.branches) < want; i++ {
		at := p.places[i%len(p.places)]
		at.below = append(at.below, p.newBranch(unitName(at, i/len(p.places)), sectorOf(at), ""))
	}
	n := len(p.branches)
	members := share(cityMembers, n)
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 60 + p.rng.IntN(90)
	}
	for i, m := range spread(members, weights) {
		p.branches[i].members = m
		if m >= 30 {
			p.branches[i].groups = m / 12
		}
		weights[i] = m
	}
	for i, v := range spread(members-share(cityAppraised, n), weights) {
		p.branches[i].absent = v
	}
	for i, v := range spread(share(citySecretary, n), weights) {
		p.branches[i].secretary = v
	}
	for i, v := range spread(share(cityOpinions, n), weights) {
		p.branches[i].opinions = v
	}
	for i, v := range spread(share(cityProblems, n), weights) {
		p.branches[i].problems = v
	}
}

// share returns the part of a city's total that n branches have.
func share(total, n int) int { return total * n / cityBranches }

// spread shares total out by weights; the parts add up exactly.
func spread(total int, weights []int) []int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	parts, seen, given := make([]int, len(weights)), 0, 0
	for i, w := range weights {
		seen += w
		parts[i] = total*seen/sum - given
		given += parts[i]
	}
	return parts
}
