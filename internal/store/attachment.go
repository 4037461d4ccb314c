package store

import (
	"context"
	"database/sql"
	"time"

	"qingfeng/internal/id"
)

// Attachment describes a file that was checked and kept.
type Attachment struct {
	Hash  string // SHA-256 in lower-case hex
	Size  int64
	Type  string    // media type, as found by the check
	Owner id.Person // who brought it first
	Time  time.Time
}

// A Link says that a record shows an attachment.
type Link struct {
	Seq    int64
	Matter id.Matter
}

var intoAttachment = into("attachment", `hash' size# type' owner# at#`, "ON CONFLICT DO NOTHING")

// SaveAttachment notes a file whose bytes are kept already. The first note of
// the same bytes stays.
func (d *DB) SaveAttachment(ctx context.Context, a Attachment) error {
	return d.keep(ctx, "save attachment", intoAttachment, a.Hash, a.Size, a.Type, int64(a.Owner), micro(a.Time))
}

// Attachment returns the file with this hash, or [fault.NotFound].
func (d *DB) Attachment(ctx context.Context, hash string) (Attachment, error) {
	return one(ctx, d, "attachment", scanAttachment, "SELECT hash, size, type, owner, at FROM attachment WHERE region = $1 AND hash = $2", hash)
}

func scanAttachment(rows *sql.Rows) (a Attachment, err error) {
	var owner, at int64
	err = rows.Scan(&a.Hash, &a.Size, &a.Type, &owner, &at)
	a.Owner, a.Time = id.Person(owner), moment(at)
	return a, err
}

// Links returns the records that show a file, oldest first. Whoever may see
// none of them may not have the file.
func (d *DB) Links(ctx context.Context, hash string) ([]Link, error) {
	scan := func(rows *sql.Rows) (l Link, err error) {
		var matter string
		err = rows.Scan(&l.Seq, &matter)
		l.Matter = id.Matter(matter)
		return l, err
	}
	return many(ctx, d, "links", scan, "SELECT seq, matter FROM attachment_link WHERE region = $1 AND hash = $2 ORDER BY seq", hash)
}

// Orphans returns files brought before a moment that no record shows: never sent
// off, or shown only by records that were erased.
func (d *DB) Orphans(ctx context.Context, before time.Time, limit int) ([]Attachment, error) {
	return many(ctx, d, "orphans", scanAttachment, `SELECT hash, size, type, owner, at FROM attachment a WHERE region = $1 AND at < $2
		AND NOT EXISTS (SELECT 1 FROM attachment_link l WHERE l.region = a.region AND l.hash = a.hash) ORDER BY at LIMIT $3`, micro(before), limit)
}

// DropAttachment removes the note of a file that no record shows; its bytes go
// after it. If a record shows it, nothing happens and dropped is false.
func (d *DB) DropAttachment(ctx context.Context, hash string) (dropped bool, err error) {
	n, err := d.changed(ctx, "drop attachment", `DELETE FROM attachment WHERE region = $1 AND hash = $2
		AND NOT EXISTS (SELECT 1 FROM attachment_link l WHERE l.region = attachment.region AND l.hash = attachment.hash)`, hash)
	return n > 0, err
}
