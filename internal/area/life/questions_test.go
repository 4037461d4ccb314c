package life

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// A shelf is a past that holds a few records, or fails.
type shelf struct {
	records []record.Record
	err     error
}

func (s shelf) Recent(o id.Org, d day.Day, limit int) (all []matter.Earlier, err error) {
	for _, r := range s.records {
		if r.Org == o && r.On <= d && len(all) < limit {
			all = append(all, matter.EarlierOf(r))
		}
	}
	return all, s.err
}

func (s shelf) PresentOn(p id.Person, d day.Day) (all []matter.Meeting, err error) {
	for _, r := range s.records {
		if m, _ := matter.MeetingOf(r); r.On == d && slices.Contains(m.Present, p) {
			all = append(all, m)
		}
	}
	return all, s.err
}

func (s shelf) Record(seq int64) (record.Record, error) {
	for _, r := range s.records {
		if r.Seq == seq {
			return r, nil
		}
	}
	return record.Record{}, fault.NotFound
}

func minutes(seq int64, text string) record.Record {
	return record.Record{Seq: seq, Org: branch, Matter: id.Begun(seq), On: on - 30, Fields: record.Of(record.F("minutes", record.Text(text)))}
}

func TestMinutesThatAreNearlyAnEarlierOnesRaiseAQuestion(t *testing.T) {
	// Ten runs of four characters; with a cut end the shares of like runs are exact.
	const earlier = "甲乙丙丁戊己庚辛壬癸子丑寅"
	for name, c := range map[string]struct {
		text    string
		percent string
	}{
		"word for word":                        {earlier, "100"},
		"other punctuation and blanks":         {"甲乙丙丁，戊己庚辛。\n壬癸 子丑寅！", "100"},
		"eight of ten runs":                    {"甲乙丙丁戊己庚辛壬癸子", "80"},
		"seven of ten runs":                    {"甲乙丙丁戊己庚辛壬癸", ""},
		"eight of ten, and two of its own":     {"甲乙丙丁戊己庚辛壬癸子卯辰", ""},
		"another text":                         {"学习了中央一号文件并讨论了产业发展", ""},
		"too short to compare":                 {"甲乙丙", ""},
		"nothing":                              {"", ""},
		"the same characters in another order": {"寅丑子癸壬辛庚己戊丁丙乙甲", ""},
		"a run repeated counts once":           {earlier + earlier, ""},
		"longer runs of blanks do not hide it": {strings.Join(strings.Split(earlier, ""), "　 "), "100"},
		"signs between characters do not, too": {strings.Join(strings.Split(earlier, ""), "·"), "100"},
	} {
		t.Run(name, func(t *testing.T) {
			r := minutes(9, c.text)
			r.On = on
			q, err := AskNearCopy(meeting(world(t, 1)), r, shelf{records: []record.Record{minutes(2, ""), minutes(3, "别的内容，毫不相干的一次会议"), minutes(4, earlier)}})
			if err != nil || (len(q) == 1) != (c.percent != "") {
				t.Fatalf("%v, %v", q, err)
			}
			if len(q) == 1 && (q[0].Why != "ask.near_copy" || q[0].Args["percent"] != c.percent || q[0].Args["record"] != "4" || q[0].Args["day"] != (on-30).String() || q[0].Basis != "test#1") {
				t.Errorf("%+v", q[0])
			}
		})
	}
}

func TestARecordIsNotComparedWithItselfOrWhatItCorrects(t *testing.T) {
	r := minutes(9, "甲乙丙丁戊己庚辛壬癸")
	r.Corrects = 4
	old := minutes(4, "甲乙丙丁戊己庚辛壬癸")
	if q, err := AskNearCopy(meeting(world(t, 1)), r, shelf{records: []record.Record{r, old}}); err != nil || q != nil {
		t.Errorf("%v, %v", q, err)
	}
}

func TestShortMinutesRaiseAQuestion(t *testing.T) {
	for n, want := range map[int]bool{0: true, 29: true, 30: false, 31: false} {
		r := record.Record{Org: branch, On: on, Fields: record.Of(record.F("minutes", record.Text(strings.Repeat("字，", n))))}
		q, err := AskYoungMinutes(meeting(world(t, 1)), r, shelf{})
		if err != nil || (len(q) == 1) != want || want && q[0].Why != "ask.short_minutes" {
			t.Errorf("%d characters: %v, %v", n, q, err)
		}
	}
	early := meeting(world(t, 1))
	early.Act.On = day.Must("2017-12-31")
	if q, err := AskYoungMinutes(early, record.Record{}, shelf{}); err != nil || q != nil {
		t.Errorf("before the rule: %v, %v", q, err)
	}
	if q, err := AskNearCopy(early, minutes(1, "甲乙丙丁"), shelf{records: []record.Record{minutes(2, "甲乙丙丁")}}); err != nil || q != nil {
		t.Errorf("before the rule: %v, %v", q, err)
	}
}

func TestMorePresentThanTheRosterRaisesAQuestion(t *testing.T) {
	g := world(t, 2) // and a probationary member
	for n, want := range map[int]bool{3: false, 4: true} {
		var p record.People
		for i := range n {
			p = append(p, record.Presence{Person: id.Person(i + 1), State: record.Present, Means: record.ByList})
		}
		p = append(p, record.Presence{Person: 99, State: record.Absent})
		q, err := AskAboveRoster(meeting(g), record.Record{Org: branch, On: on, Fields: record.Of(record.F("attended", p))}, shelf{})
		if err != nil || (len(q) == 1) != want || want && (q[0].Args["present"] != "4" || q[0].Args["roster"] != "3") {
			t.Errorf("%d present: %v, %v", n, q, err)
		}
	}
}

// held is a meeting of p on the day, from start to end in minutes.
func held(seq int64, start, end int, p ...record.Presence) record.Record {
	return record.Record{Seq: seq, Org: id.Org(seq), Matter: id.Begun(seq), On: on, Fields: record.Of(
		record.F("start", record.Time(start)), record.F("end", record.Time(end)), record.F("attended", record.People(p)))}
}

func TestNobodyIsInTwoPlacesAtOnce(t *testing.T) {
	here := func(p id.Person) record.Presence {
		return record.Presence{Person: p, State: record.Present, Means: record.ByList}
	}
	other := held(5, 600, 660, here(1), here(2))
	for name, c := range map[string]struct {
		start, end int
		want       int
	}{
		"before":                 {500, 599, 0},
		"up to the first minute": {500, 600, 0},
		"into the first minute":  {500, 601, 1},
		"within":                 {610, 620, 1},
		"around":                 {500, 700, 1},
		"the same time":          {600, 660, 1},
		"from the last minute":   {659, 700, 1},
		"right after":            {660, 700, 0},
		"ends before it begins":  {660, 600, 0},
		"takes no time at all":   {610, 610, 0},
	} {
		r := held(9, c.start, c.end, here(1), record.Presence{Person: 2, State: record.Leave, Note: "x"}, here(3))
		q, err := AskTwoPlaces(meeting(world(t, 3)), r, shelf{records: []record.Record{other}})
		if err != nil || len(q) != c.want {
			t.Errorf("%s: %v, %v", name, q, err)
		}
		if len(q) == 1 && (q[0].Args["person"] != "p1" || q[0].Args["record"] != "5" || q[0].Args["org"] != "o5") {
			t.Errorf("%s: %+v", name, q[0])
		}
	}
	same := held(9, 600, 660, here(1))
	same.Matter = other.Matter
	if q, _ := AskTwoPlaces(meeting(world(t, 3)), same, shelf{records: []record.Record{other}}); q != nil {
		t.Errorf("the same matter corrected is two places: %v", q)
	}
	untimed := held(9, 600, 660, here(1))
	untimed.Fields = untimed.Fields.With("end", nil)
	if q, _ := AskTwoPlaces(meeting(world(t, 3)), untimed, shelf{records: []record.Record{other}}); q != nil {
		t.Errorf("without an end: %v", q)
	}
	if q, _ := AskTwoPlaces(meeting(world(t, 3)), held(9, 600, 660, here(1)), shelf{records: []record.Record{untimed}}); q != nil {
		t.Errorf("the other without an end: %v", q)
	}
}

func TestAPastThatCannotBeReadIsAnErrorAndNoQuestion(t *testing.T) {
	broken := shelf{err: errors.New("disk")}
	r := held(9, 600, 660, record.Presence{Person: 1, State: record.Present, Means: record.ByList})
	r.Fields = r.Fields.With("minutes", record.Text("甲乙丙丁"))
	for name, ask := range map[string]func(matter.Case, record.Record, matter.Past) ([]matter.Question, error){"near copy": AskNearCopy, "two places": AskTwoPlaces} {
		if q, err := ask(meeting(world(t, 1)), r, broken); err == nil || q != nil {
			t.Errorf("%s: %v, %v", name, q, err)
		}
	}
}
