package words

import (
	"strings"
	"testing"
	"time"

	"qingfeng/internal/day"
)

func TestArgumentsTakeTheirPlaces(t *testing.T) {
	if got := For("zh").T("day.late", "n", "3"); got != "逾期3天" {
		t.Error(got)
	}
	if got := For("en").T("day.late", "n", "3"); got != "Late by 3 d" {
		t.Error(got)
	}
	if got := For("zh").T("no.such_key"); got != "no.such_key" {
		t.Error(got)
	}
}

func TestAReasonSaysWhatToDo(t *testing.T) {
	text, fix := For("zh").Reason("refuse.members_left", map[string]string{"count": "3"})
	if text != "还有3名党员，不能撤销" || fix != "先把组织关系转出" {
		t.Errorf("%q %q", text, fix)
	}
	if _, fix = For("en").Reason("refuse.not_part", nil); fix != "" {
		t.Errorf("%q", fix)
	}
}

func TestBrokenFilesAreNamed(t *testing.T) {
	for why, text := range map[string]string{
		"a language is missing":      `a.b: {zh: "甲"}`,
		"field fr not found":         `a.b: {zh: "甲", en: "A", fr: "A"}`,
		"already defined":            "a.b: {zh: 甲, en: A}\na.b: {zh: 乙, en: B}",
		"stands in another file too": `day.today: {zh: "今", en: "now"}`,
		"cannot unmarshal !!str `甲`": `a.b: 甲`,
	} {
		c, err := load()
		if err != nil {
			t.Fatal(err)
		}
		err = c.add("x.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), why) || !strings.Contains(err.Error(), "x.yaml") {
			t.Errorf("%s: got %v", why, err)
		}
	}
}

func TestNumbersHaveSeparators(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 8440: "8,440", 193063: "193,063", -1234: "-1,234", -123: "-123", 1000000: "1,000,000"} {
		if got := For("zh").N(n); got != want {
			t.Errorf("%d: %s", n, got)
		}
	}
}

func TestDaysAreWrittenAsPeopleWriteThem(t *testing.T) {
	d := day.New(2026, 6, 18)
	zh, en := For("zh"), For("en")
	for got, want := range map[string]string{
		zh.Day(d): "2026年6月18日", en.Day(d): "18 June 2026",
		zh.MonthDay(d): "6月18日", en.MonthDay(d): "18 June",
		zh.Month(d): "2026年6月", en.Month(d): "June 2026",
		zh.MonthName(6): "6月", en.MonthName(6): "Jun",
		zh.Weekday(d): "周四", en.Weekday(d): "Thursday",
		zh.Moment(time.Date(2026, 6, 18, 9, 5, 0, 0, time.UTC)): "2026年6月18日 09:05",
		zh.Day(0) + zh.Month(0) + zh.MonthDay(0):                "",
		zh.Left(d, d-1):                                         "逾期1天", zh.Left(d, d): "今天", zh.Left(d, d+1): "明天", zh.Left(d, d+2): "还有2天",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
