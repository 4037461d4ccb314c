package shingle

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestLikenessIsTheCommonPartOfAll(t *testing.T) {
	for _, c := range []struct {
		a, b      string
		same, all int64
	}{
		{"", "", 0, 0}, {"abc", "abc", 0, 0}, {"abcd", "abcd", 1, 1}, {"abcd", "wxyz", 0, 2}, {"abcde", "abcd", 1, 2}, {"aaaaaa", "aaaa", 1, 1}, {"党支部大会", "党支部大会!", 2, 2},
	} {
		if same, all := Overlap(Of(c.a), Of(c.b)); same != c.same || all != c.all {
			t.Errorf("%q and %q: %d of %d, want %d of %d", c.a, c.b, same, all, c.same, c.all)
		}
		if same, all := Overlap(Of(c.b), Of(c.a)); same != c.same || all != c.all {
			t.Errorf("%q and %q differ by order", c.a, c.b)
		}
	}
}

func TestASketchNeverSaysLessThanTheTruth(t *testing.T) {
	text := rapid.StringOfN(rapid.RuneFrom([]rune("党支部会议记录学习讨论，。a1")), 0, 120, -1)
	rapid.Check(t, func(t *rapid.T) {
		head := text.Draw(t, "what both begin with")
		a, b := Of(head+text.Draw(t, "a")), Of(head+text.Draw(t, "b"))
		same, all := Overlap(a, b)
		most, least := Most(a.Sketch(), b.Sketch())
		if most < same || least > all {
			t.Fatalf("%d of %d in common, the sketches say at most %d of %d", same, all, most, least)
		}
		if again, _ := Most(b.Sketch(), a.Sketch()); again != most {
			t.Fatalf("%d one way round and %d the other", most, again)
		}
	})
}

func TestASketchTellsTextsApart(t *testing.T) {
	one := Of("支委会听取了发展党员工作情况，讨论了两名积极分子的培养考察意见，决定下周组织谈话。")
	other := Of("党员大会学习了农村工作条例，围绕集体经济提出六条建议，由支部委员分工落实，下月检查。")
	if most, all := Most(one.Sketch(), other.Sketch()); most*2 > all {
		t.Errorf("unlike texts may share %d of %d", most, all)
	}
	if most, all := Most(one.Sketch(), one.Sketch()); most != all || most != int64(len(one)) {
		t.Errorf("a text shares %d of %d with itself", most, all)
	}
	if most, _ := Most(one.Sketch(), Sketch{}); most != 0 {
		t.Errorf("a text shares %d with none", most)
	}
	if Of(strings.Repeat("甲", 9)).Sketch() != Of("甲甲甲甲").Sketch() {
		t.Error("a run repeated counts twice")
	}
}
