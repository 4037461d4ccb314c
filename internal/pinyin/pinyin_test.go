package pinyin

import "testing"

func TestNamesAreSpelledAsTheyAreTyped(t *testing.T) {
	var s Speller
	for name, want := range map[string]string{
		"宋砚秋": "syq songyanqiu", "吕思宁": "lsn lvsining", "欧阳若川": "oyrc ouyangruochuan", "Li Ming": "liming liming", "": " ",
		"单晓梅": "sxm shanxiaomei", "曾可": "zk zengke", "区静": "oj oujing", "单": "d dan", "尉迟安": "yca yuchian", "万俟明": "mqm moqiming",
		"解放": "xf xiefang", "员外": "yw yunwai", "翟青": "zq zhaiqing",
	} {
		if got := s.Person(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{"单县长安街道党委": "dxcajddw danxianchanganjiedaodangwei", "第3支部（机关）": "d3zbjg di3zhibujiguan"} {
		if got := s.Place(name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
