// Package title has names in the two languages of the platform, and no others.
package title

// A Title is one name in Chinese and in English. Both are always given.
type Title struct {
	ZH string `yaml:"zh"`
	EN string `yaml:"en"`
}

// In returns the title in the language lang: "en", or else Chinese.
func (t Title) In(lang string) string {
	if lang == "en" {
		return t.EN
	}
	return t.ZH
}

// Whole reports whether both languages are given.
func (t Title) Whole() bool { return t.ZH != "" && t.EN != "" }
