// Package pinyin spells names in Latin letters without tones, as people type them
// to find somebody. It looks for nothing and keeps nothing but the readings of
// characters it has met.
package pinyin

import (
	"strings"
	"unicode/utf8"

	table "github.com/mozillazg/go-pinyin"
)

// A Speller spells names. The zero value is ready; it is not safe for concurrent
// use.
type Speller struct {
	known map[rune]string
}

// Person spells the name of a person: first letters, a blank, and all letters, as
// "syq songyanqiu". What is no character with a reading stays, in lower case.
func (s *Speller) Person(name string) string {
	const han = 3 // bytes of a character, as good as always
	for _, n := range []int{2 * han, han} {
		if len(name) <= n {
			continue
		}
		if reading, ok := surnames[name[:n]]; ok {
			return s.spell(reading, name[n:])
		}
	}
	return s.spell(nil, name)
}

// Place spells the name of an organisation in the same way.
func (s *Speller) Place(name string) string { return s.spell(nil, name) }

// spell writes the syllables that are known already and those of rest.
func (s *Speller) spell(known []string, rest string) string {
	var first, full strings.Builder
	add := func(syllable string) {
		_, n := utf8.DecodeRuneInString(syllable)
		first.WriteString(syllable[:n])
		full.WriteString(syllable)
	}
	for _, syllable := range known {
		add(syllable)
	}
	for _, r := range rest {
		if syllable := s.reading(r); syllable != "" {
			add(syllable)
		}
	}
	return first.String() + " " + full.String()
}

// reading returns how r is read where names are concerned, or "" for what is not
// typed, as blanks and brackets.
func (s *Speller) reading(r rune) string {
	if r < utf8.RuneSelf {
		return ascii(r)
	}
	if syllable, ok := s.known[r]; ok {
		return syllable
	}
	syllable, ok := inNames[r]
	if !ok {
		first, _, _ := strings.Cut(table.PinyinDict[int(r)], ",")
		syllable = plain.Replace(first)
	}
	if s.known == nil {
		s.known = map[rune]string{}
	}
	s.known[r] = syllable
	return syllable
}

func ascii(r rune) string {
	switch {
	case r >= 'A' && r <= 'Z':
		return string(r + 'a' - 'A')
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return string(r)
	}
	return ""
}

// plain takes the marks of tones away; ü is typed as v.
var plain = strings.NewReplacer(
	"ā", "a", "á", "a", "ǎ", "a", "à", "a", "ē", "e", "é", "e", "ě", "e", "è", "e", "ê", "e", "ế", "e", "ề", "e",
	"ī", "i", "í", "i", "ǐ", "i", "ì", "i", "ō", "o", "ó", "o", "ǒ", "o", "ò", "o", "ū", "u", "ú", "u", "ǔ", "u", "ù", "u",
	"ü", "v", "ǖ", "v", "ǘ", "v", "ǚ", "v", "ǜ", "v", "ń", "n", "ň", "n", "ǹ", "n", "ḿ", "m",
)

// inNames are characters that are read otherwise in names of places and people than
// where the table has them first.
var inNames = map[rune]string{'长': "chang", '重': "chong", '都': "du", '员': "yuan", '薄': "bo"}

// surnames are read otherwise than the same characters elsewhere.
var surnames = map[string][]string{
	"尉迟": {"yu", "chi"}, "万俟": {"mo", "qi"}, "长孙": {"zhang", "sun"}, "澹台": {"tan", "tai"},
	"单于": {"chan", "yu"}, "宿": {"su"}, "单": {"shan"}, "曾": {"zeng"}, "区": {"ou"},
	"仇": {"qiu"}, "解": {"xie"}, "查": {"zha"}, "盖": {"ge"}, "朴": {"piao"},
	"翟": {"zhai"}, "缪": {"miao"}, "员": {"yun"}, "贠": {"yun"}, "牟": {"mu"},
	"覃": {"qin"}, "种": {"chong"}, "祭": {"zhai"}, "黑": {"he"}, "能": {"nai"},
	"折": {"she"}, "洗": {"xian"}, "句": {"gou"}, "秘": {"bi"}, "繁": {"po"},
	"召": {"shao"}, "乜": {"nie"}, "佴": {"nai"}, "幺": {"yao"}, "么": {"yao"},
	"隗": {"wei"}, "乐": {"yue"}, "訾": {"zi"}, "逄": {"pang"}, "郗": {"xi"},
	"哈": {"ha"}, "都": {"du"}, "行": {"xing"}, "阚": {"kan"}, "那": {"na"},
}
