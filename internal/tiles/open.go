package tiles

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"qingfeng/internal/seal"
)

// Create begins a log named as the key is, in a directory that has none, with a signed checkpoint of the empty tree.
func Create(dir string, key seal.Key, now time.Time) (*Log, error) {
	if err := makeDurable(dir); err != nil {
		return nil, err
	}
	l, err := prepare(dir, key, seal.Trust{})
	if err != nil {
		return nil, err
	}
	if err := l.create(key, now); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// makeDurable makes a directory that a power cut does not take back.
func makeDurable(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	parent, err := os.Open(filepath.Dir(filepath.Clean(dir)))
	if err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	if err := errors.Join(parent.Sync(), parent.Close()); err != nil {
		return fmt.Errorf("tiles: %w", err)
	}
	return nil
}

func (l *Log) create(key seal.Key, now time.Time) error {
	for _, name := range []string{checkpointFile, "tile"} {
		if _, err := l.dir.root.Lstat(name); !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("tiles: %s: %w", l.dir.root.Name(), errors.Join(ErrExists, err))
		}
	}
	var err error
	if l.signer, err = seal.NewSigner(key, seal.Signed{}); err != nil {
		return err
	}
	l.tree, l.proved = new(seal.Tree), new(seal.Tree)
	_, err = l.sign(now)
	return err
}

// Open continues a log from its files. trust names earlier keys of the log and its witnesses; the key itself counts as
// trusted. It refuses with [ErrNoLog] a directory without checkpoint, with [seal.ErrSignature] a checkpoint nobody
// trusted has signed, and with [ErrDamaged], naming the file, a log whose right edge does not bear out its checkpoint.
// What lies beyond the checkpoint after a crash is ignored: the caller appends again from [Log.Size] on.
func Open(dir string, key seal.Key, trust seal.Trust) (*Log, error) {
	l, err := prepare(dir, key, trust)
	if err != nil {
		return nil, err
	}
	if err := l.resume(key); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func prepare(dir string, key seal.Key, trust seal.Trust) (*Log, error) {
	d, err := OpenDir(dir)
	if err != nil {
		return nil, err
	}
	writer, err := newDisk(d.root)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	trust.Log = append([]seal.PublicKey{key.Public()}, trust.Log...)
	return &Log{dir: d, disk: writer, key: key, trust: trust}, nil
}

func (l *Log) resume(key seal.Key) error {
	msg, err := l.dir.Checkpoint()
	if err != nil {
		return err
	}
	if l.last, err = l.trust.Open(msg); err != nil {
		return fmt.Errorf("tiles: %s: %w", checkpointFile, err)
	}
	if l.signer, err = seal.NewSigner(key, l.last); err != nil {
		return err
	}
	for _, tree := range []**seal.Tree{&l.tree, &l.proved} {
		if *tree, err = seal.RestoreTree(l.last.Size, l.dir.ReadTile); err != nil {
			return fmt.Errorf("%w: %w", ErrDamaged, err)
		}
	}
	if root := l.tree.Root(); root != l.last.Root {
		return fmt.Errorf("%w: right edge of the tiles has root %s, the checkpoint of %d leaves has %s", ErrDamaged, root, l.last.Size, l.last.Root)
	}
	return nil
}
