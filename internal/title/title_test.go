package title

import "testing"

func TestATitleSpeaksTheLanguageAsked(t *testing.T) {
	x := Title{ZH: "主题党日", EN: "Theme day"}
	for lang, want := range map[string]string{"en": "Theme day", "zh": "主题党日", "": "主题党日", "fr": "主题党日"} {
		if got := x.In(lang); got != want {
			t.Errorf("in %q: %s", lang, got)
		}
	}
}

func TestATitleIsWholeInBothLanguagesOnly(t *testing.T) {
	for x, want := range map[Title]bool{{}: false, {ZH: "字"}: false, {EN: "a"}: false, {ZH: "字", EN: "a"}: true} {
		if x.Whole() != want {
			t.Errorf("%+v: whole %v", x, x.Whole())
		}
	}
}
