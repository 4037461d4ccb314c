package tiles

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
)

// A disk is what a log needs of a file system. Between two syncs a power cut may keep, lose or truncate any of the
// files written; nothing else may happen. Names are slash-separated and below the log's directory.
type disk interface {
	// write makes the file hold data. A reader sees the old content or the new, never a mixture.
	write(name string, data []byte) error
	// sync returns once everything written is durable. After an error nobody knows what is.
	sync() error
	// replace is write and sync of one file in one step: after a power cut it holds the old content or the new.
	replace(name string, data []byte) error
	// remove removes a file or a directory with all it holds; that it does not exist is no error.
	remove(name string) error
}

// fewFiles is up to how many files each is synced by itself. More are synced with their whole file system, which is
// one wait for the disk instead of thousands, but a wait also for what other programs have written.
const fewFiles = 32

// osDisk implements disk.
type osDisk struct {
	root  *os.Root
	known map[string]bool // directories that exist
	files map[string]bool // written since the last sync
	dirs  map[string]bool // changed since the last sync
}

func newDisk(root *os.Root) (*osDisk, error) {
	d := &osDisk{root: root, known: map[string]bool{".": true}, files: map[string]bool{}, dirs: map[string]bool{}}
	if err := root.RemoveAll(staging); err != nil {
		return nil, fmt.Errorf("tiles: %w", err)
	}
	return d, d.makeDir(staging)
}

func (d *osDisk) write(name string, data []byte) error { return d.put(name, data, false) }

func (d *osDisk) replace(name string, data []byte) error {
	if err := d.put(name, data, true); err != nil {
		return err
	}
	return d.syncOne(path.Dir(name))
}

func (d *osDisk) put(name string, data []byte, durable bool) error {
	if err := d.makeDir(path.Dir(name)); err != nil {
		return err
	}
	temp := staging + "/next"
	f, err := d.root.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o644)
	if err != nil {
		return fmt.Errorf("tiles: write %s: %w", name, err)
	}
	_, err = f.Write(data)
	if err == nil && durable {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("tiles: write %s: %w", name, err)
	}
	if err := d.root.Rename(temp, name); err != nil {
		return fmt.Errorf("tiles: write %s: %w", name, err)
	}
	if !durable {
		d.files[name], d.dirs[path.Dir(name)] = true, true
	}
	return nil
}

// makeDir makes a directory and those above it, and marks the parents of new ones as changed.
func (d *osDisk) makeDir(dir string) error {
	if d.known[dir] {
		return nil
	}
	if err := d.makeDir(path.Dir(dir)); err != nil {
		return err
	}
	if err := d.root.Mkdir(dir, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("tiles: %w", err)
	}
	d.known[dir], d.dirs[path.Dir(dir)] = true, true
	return nil
}

func (d *osDisk) sync() error {
	if len(d.files) > fewFiles {
		if done, err := syncAll(d.root); done {
			return d.synced(err)
		}
	}
	for _, names := range []map[string]bool{d.files, d.dirs} {
		for name := range names {
			if err := d.syncOne(name); err != nil {
				return err
			}
		}
	}
	return d.synced(nil)
}

func (d *osDisk) synced(err error) error {
	if err != nil {
		return fmt.Errorf("tiles: sync: %w", err)
	}
	clear(d.files)
	clear(d.dirs)
	return nil
}

func (d *osDisk) syncOne(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return fmt.Errorf("tiles: sync: %w", err)
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("tiles: sync %s: %w", name, err)
	}
	return nil
}

func (d *osDisk) remove(name string) error {
	delete(d.known, name)
	if err := d.root.RemoveAll(name); err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	for file := range d.files {
		if file == name || path.Dir(file) == name {
			delete(d.files, file)
		}
	}
	delete(d.dirs, name)
	return nil
}
