package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/schollz/progressbar/v3"

	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
	"qingfeng/internal/verify"
)

type verifyCommand struct {
	Data     string `help:"Data directory." default:"data" type:"path"`
	Postgres string `help:"Address of a PostgreSQL database, in the place of the embedded one." env:"QINGFENG_POSTGRES"`
	fileFlags
	Key []string `help:"Public keys of the log (vkey) that count, besides its own."`
}

// Run verifies a whole data directory, and names everything that is wrong.
func (c *verifyCommand) Run(inv *invocation) (err error) {
	trust, err := c.trust()
	if err != nil {
		return err
	}
	db, err := store.Open(inv.ctx, store.Config{Dir: c.Data, Postgres: c.Postgres, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	dir, err := tiles.OpenDir(filepath.Join(c.Data, "log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, dir.Close()) }()
	files, err := c.files(inv.ctx, c.Data)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, closeFiles(files)) }()
	began := inv.now()
	report, err := verify.Directory(inv.ctx, db, dir, verify.Options{Trust: trust, Files: files, Progress: c.progress(inv)})
	if err != nil {
		return err
	}
	c.print(inv, report, inv.now().Sub(began))
	if !report.Sound() {
		return fmt.Errorf("%d in the log, %d in the records: %w", len(report.Log.Faults)+report.Log.More, len(report.Faults), errFound)
	}
	return nil
}

// trust is whose signatures count: the key of this installation, and those named.
func (c *verifyCommand) trust() (seal.Trust, error) {
	var trust seal.Trust
	key, err := noteKey(c.Data)
	if err != nil {
		return trust, err
	}
	trust.Log = append(trust.Log, key.Public())
	for _, text := range c.Key {
		k, err := seal.ParsePublicKey(text)
		if err != nil {
			return trust, err
		}
		trust.Log = append(trust.Log, k)
	}
	return trust, nil
}

func (c *verifyCommand) progress(inv *invocation) func(stage string, done, total int64) {
	var bar *progressbar.ProgressBar
	last := ""
	return func(stage string, done, total int64) {
		if stage != last {
			last = stage
			bar = progressbar.NewOptions64(total, progressbar.OptionSetWriter(inv.errs), progressbar.OptionShowCount(),
				progressbar.OptionSetDescription("verifying "+stage), progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish())
		}
		_ = bar.Set64(done) // a bar that cannot be drawn stops nothing
	}
}

func (c *verifyCommand) print(inv *invocation, r verify.Report, took time.Duration) {
	for _, f := range r.Log.Faults {
		inv.say("log: %s\n", f.Error())
	}
	for _, f := range r.Faults {
		inv.say("%v\n", f.Error())
	}
	inv.say("%d records (%d erased, %d not yet under a checkpoint), %d attachments, %d leaves in %d files, %.1f MB hashed in %.2f s\n",
		r.Records, r.Erased, r.Waiting, r.Files, r.Log.Checkpoint.Size, r.Log.Files, float64(r.Bytes+r.Log.Bytes)/1e6, took.Seconds())
	if r.Sound() {
		inv.say("Everything is as it was sealed.\n")
	}
}
