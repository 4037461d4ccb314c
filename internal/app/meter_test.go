package app

import (
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

func TestTheMeterCountsWhatTheWriterAnswered(t *testing.T) {
	h := newHouse(t)
	before, err := h.app.Metering(t.Context())
	h.must(err)
	h.register("甲子")
	future := matter.Act{Procedure: "membership", Step: "register", Org: h.branch, On: day.New(2027, 1, 1), Fields: record.Of(
		record.F("name", record.Text("乙丑")), record.F("standing", record.Choice("member")))}
	for range 2 {
		if _, err := h.officer.Act(t.Context(), "test", future, ""); err == nil {
			t.Fatal("an act in the future was recorded")
		}
	}
	after, err := h.app.Metering(t.Context())
	h.must(err)
	if after.Acts != before.Acts+1 || after.Size != before.Size+1 || after.Refused["refuse.future"] != 2 || after.Queue != 0 {
		t.Errorf("%+v, before %+v", after, before)
	}
	if after.Lag[followerFigures] != after.Size {
		t.Errorf("no follower ran, and the lag is %v", after.Lag)
	}
}
