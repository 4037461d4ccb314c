package browser

import "testing"

// One city and one browser process serve all of these; each opens windows of its
// own.
func TestTheCityInABrowser(t *testing.T) {
	c := newCity(t)
	t.Run("a theme day is recorded, looked at and put right", c.recordsAThemeDay)
	t.Run("everything works without script", c.worksWithoutScript)
	t.Run("the keyboard leads everywhere", c.obeysTheKeyboard)
	t.Run("sheets fit on paper", c.fitsOnPaper)
	t.Run("pages stand still on a slow line", c.standsStillOnASlowLine)
	t.Run("every page looks right", c.looksRight)
}
