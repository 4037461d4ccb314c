package witness

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestTheLargestThatAnyPlaceRemembersCounts(t *testing.T) {
	ctx := context.Background()
	dir := Files(filepath.Join(t.TempDir(), "witnessed"))
	lost := &memStore{}
	both := Memory{dir, lost}
	if note, err := both.Last(ctx, "w"); note != nil || err != nil {
		t.Fatalf("before anything: %q %v", note, err)
	}
	l := newLog(t, 3, "entry")
	small := l.checkpoint(t).Note
	l.grow(t, 5)
	large := l.checkpoint(t).Note
	for _, note := range [][]byte{small, large} {
		if err := both.Keep(ctx, "w", note); err != nil {
			t.Fatal(err)
		}
	}
	lost.kept["w"] = small // put back by somebody
	if note, err := both.Last(ctx, "w"); string(note) != string(large) || err != nil {
		t.Errorf("the older place counts: %q %v", note, err)
	}
	lost.kept = nil
	if note, err := both.Last(ctx, "w"); string(note) != string(large) || err != nil {
		t.Errorf("the place that is left does not count: %q %v", note, err)
	}
	if note, err := both.Last(ctx, "another/witness"); note != nil || err != nil {
		t.Errorf("of another witness: %q %v", note, err)
	}
	if left, err := os.ReadDir(string(dir)); err != nil || len(left) != 1 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := dir.Keep(ctx, "w", []byte("not a note")); err != nil {
		t.Fatal(err)
	}
	if _, err := both.Last(ctx, "w"); err == nil {
		t.Error("a memory that cannot be read passes for none")
	}
}

func TestAWitnessIsNamedByKeyAndAddress(t *testing.T) {
	vkey := key(t, "archive@city.example/w", 'w').Public().Timed().String()
	got, url, err := Parse(vkey + "@https://archive.example/sub@1")
	if err != nil || got.String() != vkey || url != "https://archive.example/sub@1" {
		t.Errorf("%v %q %v", got, url, err)
	}
	for _, bad := range []string{"", vkey, "@https://a.example", "x" + vkey + "@https://a.example"} {
		if _, _, err := Parse(bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
