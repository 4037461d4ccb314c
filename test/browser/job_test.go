package browser

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// figurePath is the figure in which a theme day shows.
const figurePath = "/figure/theme_day_held"

// recordsAThemeDay follows one piece of work from the to-do list of a branch to the
// figures of its township.
func (c *city) recordsAThemeDay(t *testing.T) {
	secretary, organiser := c.enter(t, newBranch), c.enter(t, "township.organiser")
	before := organiser.number()

	secretary.see("/todo")
	secretary.follow(`main a[href^="/act/theme_day"]`, 200)
	secretary.refusesAnEmptyForm()
	secretary.fillsInAThemeDay(c, "学条例，议村务")
	secretary.follow("#step .formbar .btn--primary", 200)
	secretary.says("main", "学条例，议村务", "应到4人", "已归档")
	matter, _, _ := strings.Cut(secretary.path(), "?")
	c.caughtUp(t)
	secretary.see(matter)
	secretary.says("main .seal", "已核验")

	if after := organiser.number(); after != before+1 {
		t.Errorf("the township's figure is %d after %d and one more", after, before)
	}
	organiser.see(matter)
	organiser.says("main", "学条例，议村务")

	stranger := c.enter(t, "branch.secretary")
	stranger.expect(404, chromedp.Navigate(c.address+matter))
	stranger.lacks("body", "议村务")

	secretary.putsThePlaceRight(matter)
}

// number is the figure as its page shows it.
func (b *tab) number() int {
	b.t.Helper()
	b.see(figurePath)
	digits := eval[string](b, `document.querySelector('.bignum__n').firstChild.textContent`)
	return must(strconv.Atoi(strings.ReplaceAll(strings.TrimSpace(digits), ",", "")))(b.t)
}

// refusesAnEmptyForm sends the form with nothing but a place: what is wrong has the
// focus, and the place is still there.
func (b *tab) refusesAnEmptyForm() {
	b.t.Helper()
	b.do(chromedp.SendKeys(chromedp.ID("place"), "村部大院"))
	b.follow("#step .formbar .btn--primary", 422)
	if !eval[bool](b, `document.activeElement.matches('.esum')`) {
		b.t.Error("the summary of what is wrong does not have the focus")
	}
	b.says(".esum", "“主题”没有填", "怎么办")
	b.keeps("place", "村部大院")
	b.do(chromedp.Click(chromedp.CSS(`.esum a[href="#theme"]`)))
	if at := eval[string](b, `document.activeElement.id`); at != "theme" {
		b.t.Errorf("the first problem leads to %q", at)
	}
}

// fillsInAThemeDay answers every question of the form, of yesterday.
func (b *tab) fillsInAThemeDay(c *city, theme string) {
	b.t.Helper()
	b.follow(`#step button[value="all:attended"]`, 200)
	person := c.people[newBranch].String()
	for _, one := range [][2]string{{"on", (c.app.Today() - 1).String()}, {"start", "09:00"}, {"end", "11:10"}, {"place", "村部大院"},
		{"activities.0.activity", "study"}, {"chair", person}, {"recorder", person}} {
		b.do(chromedp.SetValue(named(one[0]), one[1]))
		b.keeps(one[0], one[1])
	}
	b.do(chromedp.SendKeys(named("theme"), theme), chromedp.SendKeys(named("minutes"), "学习条例第一章，逐项讨论村务公开栏的内容，定于每月五日更新。"))
}

// putsThePlaceRight corrects the record; old and new stand side by side afterwards.
func (b *tab) putsThePlaceRight(matter string) {
	b.t.Helper()
	b.see(matter)
	b.follow(`main a[href*="corrects="]`, 200)
	b.keeps("place", "村部大院")
	b.do(chromedp.Clear(named("place")), chromedp.SendKeys(named("place"), "二楼会议室"))
	b.follow("#step .formbar .btn--primary", 422)
	b.says(".esum", "没有写更正的理由")
	b.keeps("place", "二楼会议室")
	b.do(chromedp.SendKeys(named("correction"), "会议室临时换了"))
	b.follow("#step .formbar .btn--primary", 200)
	b.says("main", "会议室临时换了")
	b.says("main del", "村部大院")
	b.says("main ins", "二楼会议室")
}

// named selects the field that sends its value under name.
func named(name string) chromedp.CSS { return chromedp.CSS(`#step [name="` + name + `"]`) }

// keeps complains unless the field holds want.
func (b *tab) keeps(name, want string) {
	b.t.Helper()
	if got := run(b, chromedp.Value(named(name))); got != want {
		b.t.Errorf("%s holds %q, want %q", name, got, want)
	}
}

// lacks complains when any of these can be read.
func (b *tab) lacks(selector string, unwanted ...string) {
	b.t.Helper()
	text := b.text(selector)
	if i := slices.IndexFunc(unwanted, func(u string) bool { return strings.Contains(text, u) }); i >= 0 {
		b.t.Errorf("%s says %q", selector, unwanted[i])
	}
}
