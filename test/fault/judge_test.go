package fault

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"qingfeng/internal/blob"
	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
	"qingfeng/internal/verify"
)

// judge looks at a house that nobody serves, from its files alone, and says what is
// not as it was promised: every deed that was acknowledged is there, as it was
// acknowledged; none is there twice, and none that nobody did; the log and the rows
// agree, and what is derived is what the record says.
func (c *crowd) judge(ctx context.Context) (err error) {
	a, db, err := c.open(true)
	if err != nil {
		return fmt.Errorf("judge: %w", err)
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	defer a.Close()
	var wrong []error
	wrong = append(wrong, c.journal.trouble(), c.judgeRecords(ctx, db), c.judgeMarks(ctx, db), c.judgeSeal(ctx, db))
	differences, err := a.Compare(ctx)
	for _, d := range differences {
		wrong = append(wrong, fmt.Errorf("rebuilt: %s", d))
	}
	return errors.Join(append(wrong, err)...)
}

// judgeRecords holds the records against the journal.
func (c *crowd) judgeRecords(ctx context.Context, db *store.DB) error {
	marks := regexp.MustCompile(regexp.QuoteMeta(c.name) + `-\d+`)
	at := map[string]int64{}
	leaves := map[int64]string{}
	files, err := c.blobs()
	if err != nil {
		return err
	}
	var wrong []error
	for raw, err := range db.Raw(ctx, record.Query{After: c.keys.records}) {
		if err != nil {
			return errors.Join(append(wrong, err, files.Close())...)
		}
		mark := marks.FindString(string(raw.Canon))
		if first, twice := at[mark]; twice || mark == "" {
			wrong = append(wrong, fmt.Errorf("record %d with the mark %q: record %d has it", raw.Seq, mark, first))
		}
		at[mark] = raw.Seq
		leaf := seal.LeafHash(raw.Leaf())
		leaves[raw.Seq] = hex.EncodeToString(leaf[:])
		wrong = append(wrong, pictures(ctx, files, raw))
	}
	for _, d := range c.journal.known() {
		switch seq, ok := at[d.Mark]; {
		case !ok:
			wrong = append(wrong, fmt.Errorf("%s was acknowledged as record %d and is lost", d.Mark, d.Seq))
		case seq != d.Seq || d.Leaf != "" && leaves[seq] != d.Leaf:
			wrong = append(wrong, fmt.Errorf("%s was acknowledged as record %d with leaf %s; it is record %d with leaf %s", d.Mark, d.Seq, d.Leaf, seq, leaves[seq]))
		}
		delete(at, d.Mark)
	}
	for _, d := range c.journal.unknown() {
		delete(at, d.Mark)
	}
	for mark, seq := range at {
		wrong = append(wrong, fmt.Errorf("record %d with the mark %q: nobody did that", seq, mark))
	}
	return errors.Join(append(wrong, files.Close())...)
}

// pictures holds the attachments of a record against their hashes.
func pictures(ctx context.Context, files *blob.Disk, raw store.Raw) error {
	if !strings.Contains(string(raw.Canon), `"photos"`) {
		return nil
	}
	r, err := raw.Parsed()
	if err != nil {
		return err
	}
	for _, f := range r.Fields.Files("photos") {
		if err := blob.Verify(ctx, files, f.Hash); err != nil {
			return fmt.Errorf("record %d: %w", r.Seq, err)
		}
	}
	return nil
}

// judgeMarks looks for those who were told that they had checked in.
func (c *crowd) judgeMarks(ctx context.Context, db *store.DB) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	var wrong []error
	for _, want := range c.marks {
		marks, err := db.Marks(ctx, want.matter)
		found := false
		for _, m := range marks {
			found = found || m.Person == want.person
		}
		if err != nil || !found {
			wrong = append(wrong, fmt.Errorf("%s checked in to %s and is not there: %w", want.person, want.matter, err))
		}
	}
	return errors.Join(wrong...)
}

// judgeSeal verifies everything, with the key that lies in the house.
func (c *crowd) judgeSeal(ctx context.Context, db *store.DB) (err error) {
	text, err := os.ReadFile(filepath.Join(c.dir, "keys", "log.key"))
	if err != nil {
		return err
	}
	key, err := seal.ParseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	dir, err := tiles.OpenDir(filepath.Join(c.dir, "log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	report, err := verify.Directory(ctx, db, dir, verify.Options{Trust: seal.Trust{Log: []seal.PublicKey{key.Public()}}})
	wrong := []error{err}
	for _, f := range report.Log.Faults {
		wrong = append(wrong, fmt.Errorf("log: %w", f))
	}
	for _, f := range report.Faults {
		wrong = append(wrong, fmt.Errorf("verify: %w", f))
	}
	return errors.Join(wrong...)
}
