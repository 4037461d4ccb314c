package main

import (
	"bufio"
	_ "embed"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"qingfeng/content"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
)

//go:embed export.md
var exportGuide string

type exportCommand struct {
	dataFlags
	To string `help:"New directory for the files." required:"" type:"path"`
}

// Run writes everything that was recorded into files that can be read without us.
func (c *exportCommand) Run(inv *invocation) (err error) {
	if err := vacant(c.To); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	unfinished, err := os.MkdirTemp(filepath.Dir(c.To), filepath.Base(c.To)+".part-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(unfinished)) }()
	records, err := c.write(inv, unfinished)
	if err == nil {
		err = place(unfinished, strings.TrimSuffix(c.To, string(filepath.Separator)))
	}
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	inv.say("%d records, the content and the log are in %s. It holds personal data.\n", records, c.To)
	return nil
}

// write writes the parts: the log first, so that every leaf has its record.
func (c *exportCommand) write(inv *invocation, to string) (records int64, err error) {
	if err := copyLog(filepath.Join(c.Data, "log"), filepath.Join(to, "log")); err != nil {
		return 0, err
	}
	if records, err = c.writeRecords(inv, filepath.Join(to, "records.jsonl")); err != nil {
		return 0, err
	}
	if err := c.writeContent(filepath.Join(to, "content")); err != nil {
		return 0, err
	}
	if err := copyTree(filepath.Join(c.Data, blobDir), filepath.Join(to, "files"), func(name string) bool { return filepath.Ext(name) == ".part" }); err != nil {
		return 0, err
	}
	if err := c.fetchFiles(inv.ctx, filepath.Join(to, "files")); err != nil {
		return 0, err
	}
	key, err := c.vkey()
	if err != nil {
		return 0, err
	}
	return records, errors.Join(
		writeNew(filepath.Join(to, "log.vkey"), strings.NewReader(key+"\n")),
		writeNew(filepath.Join(to, "README.md"), strings.NewReader(exportGuide)))
}

func (c *exportCommand) writeRecords(inv *invocation, name string) (n int64, err error) {
	db, err := store.Open(inv.ctx, store.Config{Dir: c.Data, Postgres: c.Postgres, ReadOnly: true})
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, f.Sync(), f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<20)
	for r, err := range db.Read(inv.ctx, record.Query{}) {
		if err != nil {
			return n, err
		}
		n++
		if _, err := w.Write(line(r)); err != nil {
			return n, err
		}
	}
	return n, w.Flush()
}

// line is one record in the file of records. Head and fields are spelt as they were
// hashed.
func line(r record.Record) []byte {
	b := append([]byte(`{"head":`), r.Head()...)
	b = append(b, `,"blind":"`...)
	b = base64.StdEncoding.AppendEncode(b, r.Blind)
	b = append(b, `","salt":"`...)
	b = base64.StdEncoding.AppendEncode(b, r.Salt)
	b = append(b, `","digest":"`...)
	b = hex.AppendEncode(b, r.Digest)
	b = append(b, `","fields":`...)
	if r.Erased() {
		return append(b, "null}\n"...)
	}
	return append(r.Fields.Append(b), "}\n"...)
}

// writeContent writes what is built in, and over it what the installation has.
func (c *exportCommand) writeContent(to string) error {
	layers := []fs.FS{content.FS}
	if c.Content != "" {
		layers = append(layers, os.DirFS(c.Content))
	}
	for _, layer := range layers {
		if err := writeLayer(layer, to); err != nil {
			return err
		}
	}
	return nil
}

func writeLayer(layer fs.FS, to string) error {
	return fs.WalkDir(layer, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		target := filepath.Join(to, filepath.FromSlash(name))
		if e.IsDir() {
			return os.MkdirAll(target, 0o700)
		}
		f, err := layer.Open(name)
		if err != nil {
			return err
		}
		b, err := io.ReadAll(f)
		return errors.Join(err, f.Close(), os.WriteFile(target, b, 0o600))
	})
}

// vkey is the public key of the log.
func (c *exportCommand) vkey() (string, error) {
	key, err := noteKey(c.Data)
	if err != nil {
		return "", err
	}
	return key.Public().String(), nil
}
