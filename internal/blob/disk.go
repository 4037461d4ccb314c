package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"

	"qingfeng/internal/fault"
)

// Disk keeps attachments in a directory, 256 directories below it, each file
// named by its hash.
type Disk struct {
	root   *os.Root
	hinder func(step, name string) error // asked before each step of a Put, if not nil: tests let it fail
}

var _ Store = (*Disk)(nil)

// OpenDisk opens the directory, and makes it first if need be.
func OpenDisk(dir string) (*Disk, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	return &Disk{root: root}, nil
}

// Close closes the directory.
func (d *Disk) Close() error { return d.root.Close() }

// place is where the bytes of a hash are.
func place(hash string) string { return path.Join(hash[:2], hash[2:]) }

// Put implements [Store].
func (d *Disk) Put(ctx context.Context, content io.ReadSeeker) (Kept, error) {
	kept, err := measure(content)
	if err == nil {
		err = ctx.Err()
	}
	if err == nil {
		err = d.put(ctx, kept, content)
	}
	if err != nil {
		return Kept{}, fmt.Errorf("keep attachment: %w", err)
	}
	return kept, nil
}

// put writes beside, makes durable and renames; so whatever has the name of a
// hash is whole. A file that is there already may have been written a moment
// ago by somebody else, so it is made durable as well, and a damaged one is
// replaced.
func (d *Disk) put(ctx context.Context, kept Kept, content io.Reader) error {
	name := place(kept.Hash)
	if err := d.may("mkdir", path.Dir(name)); err != nil {
		return err
	}
	if err := d.root.Mkdir(path.Dir(name), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := Verify(ctx, d, kept.Hash); err != nil {
		if !errors.Is(err, fault.NotFound) && !errors.Is(err, ErrDamaged) {
			return err
		}
		if err := d.write(name, content); err != nil {
			return err
		}
	}
	for _, durable := range []string{name, path.Dir(name), "."} {
		if err := d.sync(durable); err != nil {
			return err
		}
	}
	return Verify(ctx, d, kept.Hash)
}

// write writes content under a name of its own and then gives it name.
func (d *Disk) write(name string, content io.Reader) (err error) {
	f, beside, err := d.fresh(path.Dir(name))
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	if err == nil {
		err = d.may("write", beside)
	}
	if err == nil {
		err = d.may("sync", beside)
	}
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = d.may("rename", name)
	}
	if err == nil {
		err = d.root.Rename(beside, name)
	}
	if err != nil {
		return errors.Join(err, d.remove(beside))
	}
	return nil
}

// may is what hinders a step.
func (d *Disk) may(step, name string) error {
	if d.hinder == nil {
		return nil
	}
	return d.hinder(step, name)
}

// fresh makes a file that nobody else has.
func (d *Disk) fresh(dir string) (*os.File, string, error) {
	if err := d.may("open", dir); err != nil {
		return nil, "", err
	}
	for n := 0; ; n++ {
		name := path.Join(dir, fmt.Sprintf("%d-%d.part", os.Getpid(), n))
		f, err := d.root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if !errors.Is(err, fs.ErrExist) {
			return f, name, err
		}
	}
}

func (d *Disk) sync(name string) error {
	if err := d.may("sync", name); err != nil {
		return err
	}
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

func (d *Disk) remove(name string) error {
	if err := d.root.Remove(name); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// Get implements [Store].
func (d *Disk) Get(ctx context.Context, hash string) (io.ReadSeekCloser, error) {
	if err := known(hash); err != nil {
		return nil, err
	}
	f, err := d.root.Open(place(hash))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("attachment %s: %w", hash, fault.NotFound)
	case err != nil:
		return nil, fmt.Errorf("attachment %s: %w", hash, err)
	}
	if err := errors.Join(ctx.Err(), check(f, hash)); err != nil {
		return nil, errors.Join(fmt.Errorf("attachment %s: %w", hash, err), f.Close())
	}
	return f, nil
}

// Stat implements [Store].
func (d *Disk) Stat(_ context.Context, hash string) (int64, error) {
	if err := known(hash); err != nil {
		return 0, err
	}
	info, err := d.root.Stat(place(hash))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0, fmt.Errorf("attachment %s: %w", hash, fault.NotFound)
	case err != nil:
		return 0, fmt.Errorf("attachment %s: %w", hash, err)
	}
	return info.Size(), nil
}

// Delete implements [Store].
func (d *Disk) Delete(_ context.Context, hash string) error {
	if known(hash) != nil {
		return nil
	}
	err := d.remove(place(hash))
	if err == nil {
		if err = d.sync(hash[:2]); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	if err != nil {
		return fmt.Errorf("remove attachment %s: %w", hash, err)
	}
	return nil
}

// All implements [Store].
func (d *Disk) All(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		for shard := range 256 {
			dir := fmt.Sprintf("%02x", shard)
			files, err := fs.ReadDir(d.root.FS(), dir)
			if errors.Is(err, fs.ErrNotExist) {
				continue
			}
			if err = errors.Join(ctx.Err(), err); err != nil {
				yield("", fmt.Errorf("attachments: %w", err))
				return
			}
			for _, f := range files {
				if hash := dir + f.Name(); valid(hash) && !yield(hash, nil) {
					return
				}
			}
		}
	}
}
