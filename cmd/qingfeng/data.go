package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qingfeng/content"
	"qingfeng/internal/app"
	"qingfeng/internal/blob"
	"qingfeng/internal/library"
	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
)

// dataFlags say where an installation keeps what it has.
type dataFlags struct {
	Data     string `help:"Data directory." default:"data" type:"path"`
	Postgres string `help:"Address of a PostgreSQL database, in the place of the embedded one." env:"QINGFENG_POSTGRES"`
	Zone     string `help:"Time zone in which days begin and end." default:"Asia/Shanghai"`
	Content  string `help:"Directory of content that adds to the built-in one or replaces files of it." type:"path" optional:""`
}

// An installation is everything that is open while the platform runs.
type installation struct {
	app   *app.App
	store *store.DB
	log   *tiles.Log
	files *blob.Disk
	dir   string

	hashed func() int64 // passwords worked on since the start
}

// blobDir is where attachments are kept below the data directory.
const blobDir = "blobs"

// open opens the installation in the data directory, and makes what is missing: the
// directory, the keys, the database, the log.
func (f dataFlags) open(inv *invocation, now func() time.Time) (*installation, error) {
	zone, err := time.LoadLocation(f.Zone)
	if err != nil {
		return nil, err
	}
	lib, err := f.library()
	if err != nil {
		return nil, err
	}
	db, err := store.Open(inv.ctx, store.Config{Dir: f.Data, Postgres: f.Postgres})
	if err != nil {
		return nil, err
	}
	in := &installation{store: db, dir: f.Data}
	if err := in.openRest(inv, app.Config{Library: lib, Store: db, Zone: zone, Now: now, Log: inv.log}); err != nil {
		return nil, errors.Join(err, in.close())
	}
	return in, nil
}

func (in *installation) openRest(inv *invocation, c app.Config) (err error) {
	if c.Secret, err = ownSecret(filepath.Join(in.dir, "keys", "secret")); err != nil {
		return err
	}
	key, err := noteKey(filepath.Join(in.dir, "keys", "log.key"))
	if err != nil {
		return err
	}
	last, _, err := in.store.Last(inv.ctx)
	if err != nil {
		return err
	}
	if in.log, err = openLog(filepath.Join(in.dir, "log"), key, last); err != nil {
		return err
	}
	if in.files, err = blob.OpenDisk(filepath.Join(in.dir, blobDir)); err != nil {
		return err
	}
	c.Files = in.files
	in.app, err = app.Open(inv.ctx, c)
	return err
}

func (in *installation) close() error {
	var errs []error
	if in.app != nil {
		in.app.Close()
	}
	if in.log != nil {
		errs = append(errs, in.log.Close())
	}
	if in.files != nil {
		errs = append(errs, in.files.Close())
	}
	return errors.Join(append(errs, in.store.Close())...)
}

// library reads the content: what is built in, and what the installation puts over it.
func (f dataFlags) library() (*library.Library, error) {
	var over []fs.FS
	if f.Content != "" {
		over = append(over, os.DirFS(f.Content))
	}
	return library.Load(content.FS, over...)
}

// openLog opens the public log. It is begun only where there are no records yet: a
// log that is gone must be brought back, and not quietly written anew.
func openLog(dir string, key seal.Key, records int64) (*tiles.Log, error) {
	log, err := tiles.Open(dir, key, seal.Trust{Log: []seal.PublicKey{key.Public()}})
	gone := errors.Is(err, tiles.ErrNoLog) || errors.Is(err, fs.ErrNotExist)
	switch {
	case gone && records == 0:
		return tiles.Create(dir, key, time.Now())
	case gone:
		return nil, fmt.Errorf("there are %d records and no log in %s: restore it from a backup", records, dir)
	case err == nil && log.Last().Size > records:
		return nil, errors.Join(fmt.Errorf("the log has %d leaves and there are only %d records: records %d to %d are missing; restore the database",
			log.Last().Size, records, records+1, log.Last().Size), log.Close())
	}
	return log, err
}

// ownSecret reads the secret of the installation, and makes it the first time.
func ownSecret(file string) ([]byte, error) {
	return keep(file, func() ([]byte, error) { return random(32) })
}

// noteKey reads the key that signs the log, and makes it the first time.
func noteKey(file string) (seal.Key, error) {
	text, err := keep(file, func() ([]byte, error) {
		seed, err := random(32)
		if err != nil {
			return nil, err
		}
		tail, err := random(4)
		if err != nil {
			return nil, err
		}
		key, err := seal.NewKey(fmt.Sprintf("qingfeng.local/%x", tail), seed)
		return []byte(key.Secret()), err
	})
	if err != nil {
		return seal.Key{}, err
	}
	return seal.ParseKey(strings.TrimSpace(string(text)))
}

// keep returns what file holds; when there is none, it makes it, readable by nobody
// else.
func keep(file string, fresh func() ([]byte, error)) ([]byte, error) {
	b, err := os.ReadFile(file)
	if !errors.Is(err, fs.ErrNotExist) {
		return b, err
	}
	if b, err = fresh(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, err
	}
	return b, os.WriteFile(file, b, 0o600)
}

func random(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := rand.Read(b)
	return b, err
}

// follow runs the followers until ctx ends; the first error ends all.
func (in *installation) follow(ctx context.Context, run func(func(context.Context) error)) {
	run(func(ctx context.Context) error { return in.app.FollowSeal(ctx, in.log, time.Now) })
	run(in.app.FollowFigures)
	run(in.app.FollowQuestions)
}
