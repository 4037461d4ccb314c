package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"qingfeng/content"
	"qingfeng/internal/app"
	"qingfeng/internal/blob"
	"qingfeng/internal/fault"
	"qingfeng/internal/library"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
)

// dataFlags say where an installation keeps what it has.
type dataFlags struct {
	Data     string `help:"Data directory." default:"data" type:"path"`
	Postgres string `help:"Address of a PostgreSQL database, in the place of the embedded one." env:"QINGFENG_POSTGRES"`
	Zone     string `help:"Time zone in which days begin and end." default:"Asia/Shanghai"`
	Content  string `help:"Directory of content that adds to the built-in one or replaces files of it." type:"path" optional:""`
	fileFlags
}

// An installation is everything that is open while the platform runs.
type installation struct {
	app     *app.App
	store   *store.DB
	log     *tiles.Log
	files   blob.Store
	courier app.Courier // takes notices out of the house; nil: they stay in
	watch   *app.Watch  // nil where there are no witnesses
	dir     string
	now     func() time.Time // the real time, for whatever is not a record: signing, sessions, notices

	hashed func() int64 // passwords worked on since the start
}

// open opens the installation in the data directory, and makes what is missing: the
// directory, the keys, the database, the log. records is the clock by which records
// are dated: the real one, but where a model city is built.
func (f dataFlags) open(inv *invocation, records func() time.Time) (*installation, error) {
	return f.openAs(inv, app.Config{Now: records})
}

// openAs is open with what c says already.
func (f dataFlags) openAs(inv *invocation, c app.Config) (*installation, error) {
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return nil, err
	}
	db, err := store.Open(inv.ctx, store.Config{Dir: f.Data, Postgres: f.Postgres}) // first: a second process is told at once
	if err != nil {
		return nil, err
	}
	lib, err := f.library()
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	in := &installation{store: db, dir: f.Data, now: inv.now}
	c.Library, c.Store, c.Zone, c.Log = lib, db, zone, inv.log
	if err := in.openRest(inv, f.fileFlags, c); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

// openRest opens what stands beside the database. What is missing or damaged there
// keeps nobody from reading: it is the reason why nothing is recorded.
func (in *installation) openRest(inv *invocation, f fileFlags, c app.Config) error {
	records, _, err := in.store.Last(inv.ctx)
	if err != nil {
		return err
	}
	var noSecret, noLog *fault.Stop
	if c.Secret, noSecret, err = openSecret(in.dir, records); err != nil {
		return err
	}
	if noSecret != nil && c.Afresh {
		return noSecret // what is derived without it would be another
	}
	if in.log, noLog, err = openLog(in.dir, records, in.now); err != nil {
		return err
	}
	if in.files, err = f.files(inv.ctx, in.dir); err != nil {
		return err
	}
	c.Files = in.files
	if in.app, err = app.Open(inv.ctx, c); err != nil {
		return err
	}
	for _, stop := range []*fault.Stop{noLog, noSecret} {
		if stop != nil {
			in.app.StopWriting(stop)
		}
	}
	return nil
}

func (in *installation) close() error {
	var errs []error
	if in.app != nil {
		in.app.Close()
	}
	if in.log != nil {
		errs = append(errs, in.log.Close())
	}
	return errors.Join(append(errs, closeFiles(in.files), in.store.Close())...)
}

// public is the log as pages show it.
func (in *installation) public() app.PublicLog { return app.NewPublicLog(in.log).WatchedBy(in.watch) }

// recordContent writes down which content is the installation's own. Where nothing is
// recorded for now, the next start tries again.
func (in *installation) recordContent(inv *invocation) {
	if err := in.app.RecordOverrides(inv.ctx); err != nil {
		inv.log.Warn("replaced content is not recorded", "err", err)
	}
}

// library reads the content: what is built in, and what the installation puts over it.
func (f dataFlags) library() (*library.Library, error) {
	var over []fs.FS
	if f.Content != "" {
		over = append(over, os.DirFS(f.Content))
	}
	return library.Load(content.FS, over...)
}

// follow runs the followers until ctx ends; the first error ends all. Nothing is
// signed where nothing may be recorded.
func (in *installation) follow(ctx context.Context, run func(func(context.Context) error)) {
	if in.app.Sick() == nil {
		run(in.app.KeepReading(func(ctx context.Context) error { return in.app.FollowSeal(ctx, in.log, in.now) }))
		if in.watch != nil {
			run(in.watch.Follow)
		}
	}
	run(in.app.KeepReading(in.app.FollowFigures))
	run(in.app.KeepReading(in.app.FollowQuestions))
	run(in.app.KeepReading(func(ctx context.Context) error { return in.app.FollowNotices(ctx, in.now) }))
	run(in.app.KeepReading(func(ctx context.Context) error {
		return in.app.DeliverNotices(ctx, in.courier, in.now, noticeEvery)
	}))
}
