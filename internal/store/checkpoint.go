package store

import (
	"context"
	"os"
	"path/filepath"
)

// What is committed stands in the write-ahead log first, and has to be moved
// into the file. It is done beside the writer, when the log has grown by so
// many bytes; a reader that holds an old snapshot delays it.
const logGrowth = 16 << 20

// startCheckpoints empties the log that a crash may have left and keeps it
// short from then on. Emptying writes every page anew: after a failed fsync
// the system may show pages that never reached the disk, and rewriting them is
// the only way not to build on those.
func (d *DB) startCheckpoints(ctx context.Context) error {
	if d.cfg.Postgres != "" {
		return nil
	}
	d.checkpoints = d.pool(1, writing)
	d.grown = make(chan struct{}, 1)
	if _, err := d.checkpoints.ExecContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)"); err != nil {
		return err
	}
	// From now on writers wait while the rest of the log is moved: not for long.
	if _, err := d.checkpoints.ExecContext(ctx, "PRAGMA busy_timeout(50)"); err != nil {
		return err
	}
	d.background.Go(d.keepLogShort)
	return nil
}

// noteGrowth wakes the checkpoints when there is enough to do.
func (d *DB) noteGrowth() {
	if d.checkpoints == nil {
		return
	}
	if log, err := os.Stat(filepath.Join(d.cfg.Dir, File+"-wal")); err == nil && log.Size() >= logGrowth {
		select {
		case d.grown <- struct{}{}:
		default:
		}
	}
}

func (d *DB) keepLogShort() {
	for {
		select {
		case <-d.grown:
			d.moveLog()
		case <-d.stopped.Done():
			return
		}
	}
}

// moveLog moves the log into the file: most of it while others write, the rest
// while they wait a moment. It may fail, as when a reader is in the way; then
// the log stays for the next time, and nothing is lost.
func (d *DB) moveLog() {
	if d.checkpoints == nil {
		return
	}
	for _, mode := range []string{"PASSIVE", "TRUNCATE"} {
		if _, err := d.checkpoints.ExecContext(context.WithoutCancel(d.stopped), "PRAGMA wal_checkpoint("+mode+")"); err != nil {
			return
		}
	}
}
