package main

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
)

type restoreCommand struct {
	From string `help:"Backup: a directory or a .tar.gz file." required:"" type:"path"`
	Data string `help:"Data directory to make; empty or not there." required:"" type:"path"`
	fileFlags
}

// Run puts a backup in its place and verifies it. What is found wrong is named and
// left as it is, to be looked at.
func (c *restoreCommand) Run(inv *invocation) error {
	if err := vacant(c.Data); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := c.unpack(); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := c.sendFiles(inv.ctx, c.Data); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	inv.say("%s is in place. Verifying.\n", c.Data)
	return (&verifyCommand{Data: c.Data, fileFlags: c.fileFlags}).Run(inv)
}

func (c *restoreCommand) unpack() error {
	if !packed(c.From) {
		return copyTree(c.From, c.Data, func(string) bool { return false })
	}
	f, err := os.Open(c.From)
	if err != nil {
		return err
	}
	return errors.Join(unpack(f, c.Data), f.Close())
}

// unpack unpacks into dir and nowhere else, whatever names the file holds.
func unpack(r io.Reader, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer func() { _ = root.Close() }() // nothing is written through it any more
	zip, err := gzip.NewReader(r)
	if err != nil {
		return err
	}
	for t := tar.NewReader(zip); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = unpackOne(root, h, t)
		}
		if err != nil {
			return err
		}
	}
}

func unpackOne(root *os.Root, h *tar.Header, content io.Reader) error {
	switch h.Typeflag {
	case tar.TypeDir:
		return root.MkdirAll(path.Clean(h.Name), 0o700)
	case tar.TypeReg:
	default:
		return fmt.Errorf("%q is neither a file nor a directory", h.Name)
	}
	if err := root.MkdirAll(path.Dir(h.Name), 0o700); err != nil {
		return err
	}
	f, err := root.OpenFile(h.Name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, content)
	return errors.Join(err, f.Sync(), f.Close())
}
