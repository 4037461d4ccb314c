package fault

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

// broken builds the program with one place of its sources changed, as a mistake would
// change it. The sources themselves are left alone.
func broken(file, right, wrong string) (string, error) {
	dir, err := bench()
	if err != nil {
		return "", err
	}
	original, err := filepath.Abs(filepath.Join("..", "..", filepath.FromSlash(file)))
	if err != nil {
		return "", err
	}
	text, err := os.ReadFile(original)
	if err != nil {
		return "", err
	}
	if strings.Count(string(text), right) != 1 {
		return "", fmt.Errorf("%s does not have %q once: the control has to follow it", file, right)
	}
	changed, overlay := filepath.Join(dir, "changed.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(changed, []byte(strings.Replace(string(text), right, wrong, 1)), 0o600); err != nil {
		return "", err
	}
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{original: changed}})
	if err != nil {
		return "", err
	}
	if err := os.WriteFile(overlay, list, 0o600); err != nil {
		return "", err
	}
	return build("-overlay", overlay)
}

// A program that answers before the record is on the disk must be found out, and soon.
func TestAProgramThatAnswersTooEarlyIsFoundOut(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.binary = must(broken("internal/app/writer.go", "err := a.append(ctx, d)",
		"for i, req := range d.batch { req.done <- d.outcomes[i] }\nerr := a.append(ctx, d)"))(t)
	c, dice := newCrowd(t, h), rand.New(rand.NewPCG(1, 2))
	c.work = []func(*crowd, *rand.Rand) bool{(*crowd).register, (*crowd).register, (*crowd).register}
	for n := range *kills {
		err := c.life(t.Context(), dice)
		if err != nil && strings.Contains(err.Error(), "is lost") {
			t.Logf("found out at kill %d", n+1)
			return
		}
		check(t, err)
	}
	t.Error("nobody noticed: the kills prove nothing")
}

// What the kills are judged by must see each thing that can be wrong.
func TestTheJudgeSeesWhatIsWrong(t *testing.T) {
	t.Parallel()
	c := newCrowd(t, newHouse(t))
	check(t, c.judge(t.Context())) // with records that nothing has counted yet
	s, dice := c.serve(t), rand.New(rand.NewPCG(3, 4))
	for range 3 {
		for _, work := range []func(*rand.Rand) bool{c.register, c.meet, c.meetOnPaper, c.checkIn} {
			work(dice)
		}
	}
	check(t, s.stop())
	check(t, c.judge(t.Context())) // as it is, nothing is wrong
	loose := "DROP TRIGGER IF EXISTS record_stays; DROP TRIGGER IF EXISTS record_unchanged; "
	for name, w := range map[string]struct{ sql, file, complaint string }{
		"a record is gone":         {sql: loose + "DELETE FROM record WHERE seq = (SELECT max(seq) FROM record)", complaint: "is lost"},
		"two records are one":      {sql: loose + "UPDATE record SET fields = (SELECT fields FROM record r WHERE r.seq = record.seq - 1) WHERE seq = (SELECT max(seq) FROM record)", complaint: "has it"},
		"a record is not the same": {sql: loose + "UPDATE record SET actor = actor + 1 WHERE seq = (SELECT max(seq) FROM record)", complaint: "was acknowledged as"},
		"a field is not the same":  {sql: loose + "UPDATE record SET fields = CAST(replace(fields, '会议室', '会议厅') AS BLOB) WHERE kind = 'theme_day.hold'", complaint: "fields"},
		"a view is not the same":   {sql: "UPDATE view SET body = CAST(replace(body, '宋砚秋', '宋砚春') AS BLOB) WHERE name = 'person'", complaint: "rebuilt: person"},
		"a figure is not the same": {sql: "UPDATE cell SET sum = sum + 1", complaint: "rebuilt: figure"},
		"somebody is not there":    {sql: "DELETE FROM mark", complaint: "checked in"},
		"a picture is damaged":     {file: "blobs/*/*", complaint: "damaged"},
		"a hash is damaged":        {file: "log/tile/0/000.p/*", complaint: "log:"},
		"an entry is damaged":      {file: "log/tile/entries/000.p/*", complaint: "log:"},
	} {
		t.Run(name, func(t *testing.T) {
			other := &crowd{house: c.copied(t, filepath.Join(t.TempDir(), "data")), journal: c.journal, name: c.name, marks: c.marks}
			if w.file == "" {
				spoilRows(t, other.dir, w.sql)
			} else {
				spoilFiles(t, filepath.Join(other.dir, filepath.FromSlash(w.file)))
			}
			if err := other.judge(t.Context()); err == nil || !strings.Contains(err.Error(), w.complaint) {
				t.Errorf("%v; it should say %q", err, w.complaint)
			}
		})
	}
	t.Run("nobody did it", func(t *testing.T) {
		known := c.journal.known()
		delete(c.journal.done, known[0].Mark)
		if err := c.judge(t.Context()); err == nil || !strings.Contains(err.Error(), "nobody did that") {
			t.Error(err)
		}
	})
	t.Run("two answers", func(t *testing.T) {
		d := c.journal.known()[0]
		d.Seq++
		c.journal.acknowledged(d)
		if err := c.judge(t.Context()); err == nil || !strings.Contains(err.Error(), "and again as") {
			t.Error(err)
		}
	})
}

// spoilRows changes the database of a house that nobody serves, as an operator could.
func spoilRows(t *testing.T, dir, text string) {
	t.Helper()
	_, err := storetest.SQL(t, store.Config{Dir: dir}).ExecContext(t.Context(), text)
	check(t, err)
}

// spoilFiles flips a bit in the middle of each file that the pattern means.
func spoilFiles(t *testing.T, pattern string) {
	t.Helper()
	files := must(filepath.Glob(pattern))(t)
	if len(files) == 0 {
		t.Fatalf("there is no %s", pattern)
	}
	for _, file := range files {
		b := must(os.ReadFile(file))(t)
		b[len(b)/2] ^= 4
		check(t, os.WriteFile(file, b, 0o600))
	}
}
