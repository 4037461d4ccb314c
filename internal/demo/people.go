package demo

import (
	"fmt"
	"math/rand/v2"

	"qingfeng/internal/day"
	"qingfeng/internal/record"
)

// A newcomer is an invented person, before there is a number.
type newcomer struct {
	fields record.Fields
	full   bool // a full member
}

// A crowd invents people, each different.
type crowd struct {
	rng   *rand.Rand
	names *namer
	n     int
	today day.Day
}

// educations by rough frequency.
var educations = []string{"70", "70", "70", "60", "40", "30", "30", "20", "80", "10"}

// bornDays is how many days of birth are used in turn, so that with the serial no
// two ID numbers are alike.
const bornDays = 19_000

// member invents a member for group number group of a branch; the first of a branch
// are full members of age, who can hold office.
func (c *crowd) member(group int, officer bool) newcomer {
	serial := c.n / bornDays
	born := day.New(1938, 1, 1).AddDays(int(uint64(c.n) * 7919 % bornDays))
	if officer {
		born = day.New(1962, 1, 1).AddDays(c.n % 9_000)
		serial = 200 + c.n/9_000%290
	}
	c.n++
	male := c.rng.IntN(10) < 7
	y, m, d := born.Date()
	joined := born.AddYears(19 + c.rng.IntN(9)).AddDays(c.rng.IntN(365))
	probationary := !officer && c.rng.IntN(90) == 0
	if probationary {
		joined = c.today.AddDays(-c.rng.IntN(300) - 40)
	}
	standing, sex := "member", "2"
	if male {
		sex = "1"
	}
	fields := []record.Field{
		record.F("name", record.Text(c.names.name())), record.F("sex", record.Choice(sex)), record.F("birth", record.Day(born)),
		record.F("id_number", record.Text(idNumber(y, int(m), d, serial, male))), record.F("joined", record.Day(joined)),
		record.F("education", record.Choice(educations[c.rng.IntN(len(educations))])),
	}
	fields = append(fields, c.details()...)
	if probationary {
		standing = "probationary"
	} else {
		fields = append(fields, record.F("confirmed", record.Day(joined.AddYears(1))))
	}
	if group > 0 {
		fields = append(fields, record.F("group", record.Number(group)))
	}
	return newcomer{record.Of(append(fields, record.F("standing", record.Choice(standing)))...), !probationary}
}

// occupations by rough frequency.
var occupations = []string{"farmer", "farmer", "farmer", "worker", "technical", "manager", "official", "retired", "retired", "other"}

// details are what the roster asks besides; of one in eight something is missing, as
// in any roster. They follow from the number of the person, and take no dice.
func (c *crowd) details() []record.Field {
	ethnic := "01"
	if c.n%97 == 0 {
		ethnic = "03"
	}
	fields := []record.Field{record.F("ethnic", record.Choice(ethnic)), record.F("occupation", record.Choice(occupations[c.n*7%len(occupations)]))}
	if c.n%8 != 3 {
		fields = append(fields, record.F("native_place", record.Text("本市")), record.F("phone", record.Text(fmt.Sprintf("1390000%04d", c.n%10_000))))
	}
	return fields
}
