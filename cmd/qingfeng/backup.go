package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"qingfeng/internal/store"
)

type backupCommand struct {
	Data     string `help:"Data directory." default:"data" type:"path"`
	Postgres string `help:"Address of a PostgreSQL database, in the place of the embedded one." env:"QINGFENG_POSTGRES"`
	fileFlags
	To string `help:"New directory for the backup, or new file if the name ends with .tar.gz." required:"" type:"path"`
}

// Run copies everything that an installation is, as of one moment. What is not
// finished is never under the name that was asked for.
func (c *backupCommand) Run(inv *invocation) (err error) {
	if c.Postgres != "" {
		return errors.New("backup: of PostgreSQL, copy the data directory first and then the database with its own tools")
	}
	if err := vacant(c.To); err != nil {
		return err
	}
	unfinished, err := os.MkdirTemp(filepath.Dir(c.To), filepath.Base(c.To)+".part-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(unfinished)) }()
	last, err := c.copyAll(inv, unfinished)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := place(unfinished, c.To); err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	inv.say("%d records, log and keys are in %s. It holds personal data and the keys: encrypt it.\n", last, c.To)
	return nil
}

// copyAll copies the parts in the order in which they rest on one another: every
// leaf of the log has its record, every record its attachments.
func (c *backupCommand) copyAll(inv *invocation, to string) (last int64, err error) {
	if err := copyLog(filepath.Join(c.Data, "log"), filepath.Join(to, "log")); err != nil {
		return 0, err
	}
	db, err := store.Open(inv.ctx, store.Config{Dir: c.Data, ReadOnly: true})
	if err != nil {
		return 0, err
	}
	last, err = db.Backup(inv.ctx, to)
	if err := errors.Join(err, db.Close()); err != nil {
		return 0, err
	}
	if err := copyTree(c.Data, to, func(name string) bool {
		return name == "log" || name == "lock" || strings.HasPrefix(name, store.File)
	}); err != nil {
		return 0, err
	}
	return last, c.fetchFiles(inv.ctx, filepath.Join(to, blobDir))
}

// copyLog copies a log that may be growing: the checkpoint as it is now, and then
// at least every file that it covers.
func copyLog(from, to string) error {
	checkpoint, err := os.ReadFile(filepath.Join(from, "checkpoint"))
	if err != nil {
		return err
	}
	if err := copyTree(from, to, func(name string) bool { return name == "checkpoint" || name == "staging" }); err != nil {
		return err
	}
	return writeNew(filepath.Join(to, "checkpoint"), strings.NewReader(string(checkpoint)))
}

// copyTree copies a directory but for what leave says, by paths below from.
func copyTree(from, to string, leave func(name string) bool) error {
	return filepath.WalkDir(from, func(path string, e fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil // it went away: a partial tile whose full one is there
		}
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		switch {
		case leave(name) && e.IsDir():
			return fs.SkipDir
		case leave(name), !e.IsDir() && !e.Type().IsRegular():
			return nil
		case e.IsDir():
			return os.MkdirAll(filepath.Join(to, name), 0o700)
		}
		return copyFile(path, filepath.Join(to, name))
	})
}

func copyFile(from, to string) (err error) {
	f, err := os.Open(from)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // as above
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return writeNew(to, f)
}

// writeNew writes a file that there is not yet, and makes it durable.
func writeNew(name string, content io.Reader) error {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Sync(), f.Close())
}

// vacant refuses a name that is taken by anything but an empty directory.
func vacant(name string) error {
	entries, err := os.ReadDir(name)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(entries) == 0:
		return nil
	case err == nil:
		return fmt.Errorf("%s is not empty", name)
	}
	if _, known := os.Lstat(name); known == nil {
		return fmt.Errorf("%s is there already", name)
	}
	return err
}

// place gives a finished directory its name, or packs it into a file of that name.
func place(dir, to string) error {
	if !packed(to) {
		if err := os.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return os.Rename(dir, to)
	}
	part := dir + ".tar.gz"
	f, err := os.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(pack(f, dir), f.Sync(), f.Close())
	if err == nil {
		err = os.Link(part, to) // unlike a renaming it never replaces
	}
	return errors.Join(err, os.Remove(part))
}

func packed(name string) bool {
	return slices.ContainsFunc([]string{".tar.gz", ".tgz"}, func(end string) bool { return strings.HasSuffix(name, end) })
}

func pack(w io.Writer, dir string) error {
	zip := gzip.NewWriter(w)
	t := tar.NewWriter(zip)
	return errors.Join(t.AddFS(os.DirFS(dir)), t.Close(), zip.Close())
}
