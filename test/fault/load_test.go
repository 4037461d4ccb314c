package fault

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
)

// A crowd uses a house all at once: programs by token, people by forms, with pictures
// and by checking in, and readers.
type crowd struct {
	*house
	journal *journal
	name    string // of this crowd, in the marks of its deeds
	count   atomic.Int64
	work    []func(*crowd, *rand.Rand) bool // what each of it does, until it answers false

	mu    sync.Mutex
	marks []presence // check-ins that were confirmed
}

// A presence is somebody who checked in.
type presence struct {
	matter id.Matter
	person id.Person
}

// mark makes a name that nothing else has.
func (c *crowd) mark() string { return fmt.Sprintf("%s-%d", c.name, c.count.Add(1)) }

// today is the present day of the house.
func today() day.Day {
	at, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return day.Of(time.Now().In(at))
}

// use lets everybody work until the program answers no more or ctx ends.
func (c *crowd) use(ctx context.Context, dice *rand.Rand) {
	var all sync.WaitGroup
	for _, work := range c.work {
		mine := rand.New(rand.NewPCG(dice.Uint64(), dice.Uint64()))
		all.Go(func() {
			for ctx.Err() == nil && work(c, mine) {
			}
		})
	}
	all.Wait()
}

// act is a deed of a program.
func (c *crowd) act(token, mark, procedure, step string, o id.Org, m id.Matter, fields record.Fields) deed {
	body, err := json.Marshal(map[string]any{"procedure": procedure, "step": step, "org": o.String(), "matter": string(m), "on": today().String(),
		"fields": json.RawMessage(fields.Append(nil))})
	if err != nil {
		panic(err) // it is made of texts
	}
	if m != "" {
		body = bytes.Replace(body, fmt.Appendf(nil, `"org":%q,`, o), nil, 1)
	} else {
		body = bytes.Replace(body, []byte(`"matter":"",`), nil, 1)
	}
	return deed{Mark: mark, Token: token, Path: "/api/v1/acts", Kind: "application/json", Body: body}
}

// register registers a person: an act that changes what decisions are made by.
func (c *crowd) register(*rand.Rand) bool {
	return c.tell(c.journal, c.registering(c.mark()))
}

func (c *crowd) registering(mark string) deed {
	return c.act(c.keys.officer, mark, "membership", "register", office, "", record.Of(
		record.F("name", record.Text(mark)), record.F("standing", record.Choice("member"))))
}

// registerOrFound founds a branch now and then.
func (c *crowd) registerOrFound(dice *rand.Rand) bool {
	if dice.IntN(4) > 0 {
		return c.register(dice)
	}
	mark := c.mark()
	return c.tell(c.journal, c.act(c.keys.officer, mark, "organisation", "found", 0, "", record.Of(
		record.F("name", record.Text(mark+"支部")), record.F("kind", record.Choice("branch")), record.F("superior", record.Org(committee)))))
}

// meet records a theme day: an act that figures and questions follow.
func (c *crowd) meet(*rand.Rand) bool {
	mark, chair := c.mark(), c.keys.members[0].person
	var there record.People
	for _, m := range c.keys.members {
		there = append(there, record.Presence{Person: m.person, State: record.Present, Means: record.ByList})
	}
	return c.tell(c.journal, c.act(c.keys.secretary, mark, "theme_day", "hold", branch, "", record.Of(
		record.F("theme", record.Text(mark)), record.F("start", record.Time(9*60)), record.F("end", record.Time(10*60)), record.F("place", record.Text("会议室")),
		record.F("activities", record.Items{record.Of(record.F("activity", record.Choice("study")))}),
		record.F("chair", record.Person(chair)), record.F("recorder", record.Person(chair)), record.F("attended", there),
		record.F("minutes", record.Text("读章程第"+mark+"条，定下每月五日更新公开栏。")))))
}

// meetOnPaper records a theme day by the form, sometimes with a picture.
func (c *crowd) meetOnPaper(dice *rand.Rand) bool {
	mark, chair := c.mark(), c.keys.members[0].person.String()
	values := url.Values{"on": {today().String()}, "theme": {mark}, "start": {"09:00"}, "end": {"10:00"}, "place": {"会议室"},
		"activities.rows": {"1"}, "activities.0.activity": {"study"}, "chair": {chair}, "recorder": {chair},
		"minutes": {"读章程第" + mark + "条，定下每月五日更新公开栏。"}, "do": {"submit"}, "key": {mark}}
	for _, m := range c.keys.members {
		values.Set("attended."+m.person.String(), "present")
	}
	d := deed{Mark: mark, Cookie: c.keys.cookie, Path: "/act/theme_day?org=" + branch.String()}
	d.Kind, d.Body = "application/x-www-form-urlencoded", []byte(values.Encode())
	if dice.IntN(2) == 0 {
		d.Kind, d.Body = withPicture(values, dice)
	}
	return c.tell(c.journal, d)
}

// withPicture is a form with a picture that nobody has seen before.
func withPicture(values url.Values, dice *rand.Rand) (kind string, body []byte) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for name, value := range values {
		_ = w.WriteField(name, value[0]) // a buffer takes everything
	}
	part, _ := w.CreateFormFile("photos", "照片.png")
	picture := image.NewGray(image.Rect(0, 0, 8, 8))
	for i := range 64 {
		picture.SetGray(i%8, i/8, color.Gray{Y: uint8(dice.IntN(256))})
	}
	_ = png.Encode(part, picture)
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes()
}

// pages are what readers read. None may fail because others write.
var pages = []string{"/rule", "/org/o3", "/meeting?org=o3", "/figure?org=o3", "/todo", "/due?org=o3", "/person?org=o3", "/home", "/log/checkpoint"}

// look reads a page; a page that fails is complained of.
func (c *crowd) look(dice *rand.Rand) bool {
	page := pages[dice.IntN(len(pages))]
	a, err := c.get(page)
	if err == nil && a.status >= http.StatusInternalServerError {
		c.journal.complain(fmt.Errorf("GET %s: %d %.300s", page, a.status, a.body))
	}
	return err == nil
}

var digits = regexp.MustCompile(`<div class="code">(\d{3}) (\d{3})</div>`)

// checkIn announces a theme day and lets the members check in, one after the other.
func (c *crowd) checkIn(*rand.Rand) bool {
	mark := c.mark()
	plan := c.act(c.keys.secretary, mark, "theme_day", "plan", branch, "", record.Of(record.F("day", record.Day(today())), record.F("topic", record.Text(mark))))
	if !c.tell(c.journal, plan) {
		return false
	}
	matter := id.Begun(c.journal.seq(mark))
	screen, err := c.get("/checkin/" + string(matter))
	if err != nil {
		return false
	}
	code := digits.FindStringSubmatch(screen.body)
	if code == nil {
		c.journal.complain(fmt.Errorf("no code on the screen of %s: %d %.300s", matter, screen.status, screen.body))
		return true
	}
	for _, m := range c.keys.members[1:] {
		a, err := c.ask(http.MethodPost, "/c/"+code[1]+code[2], "", m.cookie, "application/x-www-form-urlencoded", "", nil)
		if err != nil {
			return false
		}
		if a.status == http.StatusOK && strings.Contains(a.body, "签到成功") {
			c.mu.Lock()
			c.marks = append(c.marks, presence{matter, m.person})
			c.mu.Unlock()
		}
	}
	return true
}
