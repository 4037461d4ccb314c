package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"qingfeng/internal/blob"
)

// blobDir is where attachments are kept below the data directory.
const blobDir = "blobs"

// fileFlags say where attachments are kept. The secret is never on the command line,
// which everybody on the machine can read.
type fileFlags struct {
	S3Endpoint   string `name:"s3-endpoint" help:"Host and port of an S3 store for attachments, in the place of the data directory." env:"QINGFENG_S3_ENDPOINT" placeholder:"HOST:PORT"`
	S3Bucket     string `name:"s3-bucket" help:"Bucket, which must be there." env:"QINGFENG_S3_BUCKET"`
	S3Prefix     string `name:"s3-prefix" help:"What stands before every name in the bucket, as qingfeng/." env:"QINGFENG_S3_PREFIX"`
	S3Region     string `name:"s3-region" help:"Region of the bucket." env:"QINGFENG_S3_REGION" default:"us-east-1"`
	S3Key        string `name:"s3-key" help:"Id of the access key." env:"QINGFENG_S3_KEY"`
	S3SecretFile string `name:"s3-secret-file" help:"File with the secret of that key; or give it in QINGFENG_S3_SECRET." env:"QINGFENG_S3_SECRET_FILE" type:"path" optional:""`
	S3Plain      bool   `name:"s3-plain" help:"Without TLS; only within one machine." env:"QINGFENG_S3_PLAIN"`
}

// remote reports whether attachments are kept outside the data directory.
func (f fileFlags) remote() bool { return f.S3Endpoint != "" }

// files opens the store of attachments of the installation in dir. Who calls it
// closes what can be closed, with [closeFiles].
func (f fileFlags) files(ctx context.Context, dir string) (blob.Store, error) {
	if !f.remote() {
		return blob.OpenDisk(filepath.Join(dir, blobDir))
	}
	secret := os.Getenv("QINGFENG_S3_SECRET")
	if f.S3SecretFile != "" {
		text, err := os.ReadFile(f.S3SecretFile)
		if err != nil {
			return nil, err
		}
		secret = strings.TrimSpace(string(text))
	}
	if f.S3Bucket == "" || f.S3Key == "" || secret == "" {
		return nil, errors.New("an S3 store takes --s3-bucket, --s3-key and a secret, in QINGFENG_S3_SECRET or --s3-secret-file")
	}
	return blob.OpenS3(ctx, blob.S3Config{
		Endpoint: f.S3Endpoint, Bucket: f.S3Bucket, Prefix: f.S3Prefix, Region: f.S3Region, Key: f.S3Key, Secret: secret, Plain: f.S3Plain,
	})
}

func closeFiles(files blob.Store) error {
	if c, ok := files.(io.Closer); ok {
		return c.Close()
	}
	return nil
}

// copyFiles copies every attachment of one store into another, and reads each back.
func copyFiles(ctx context.Context, from, to blob.Store) (n int, err error) {
	for hash, err := range from.All(ctx) {
		if err != nil {
			return n, err
		}
		content, err := from.Get(ctx, hash)
		if err != nil {
			return n, err
		}
		_, err = to.Put(ctx, content)
		if err := errors.Join(err, content.Close()); err != nil {
			return n, fmt.Errorf("attachment %s: %w", hash, err)
		}
		n++
	}
	return n, nil
}

// fetchFiles copies what a bucket holds to where the data directory would hold it.
// It does nothing where attachments are kept there anyway.
func (f fileFlags) fetchFiles(ctx context.Context, to string) (err error) {
	if !f.remote() {
		return nil
	}
	bucket, err := f.files(ctx, "")
	if err != nil {
		return err
	}
	disk, err := blob.OpenDisk(to)
	if err != nil {
		return err
	}
	_, err = copyFiles(ctx, bucket, disk)
	return errors.Join(err, disk.Close())
}

// sendFiles moves the attachments of a data directory into the bucket.
func (f fileFlags) sendFiles(ctx context.Context, dir string) (err error) {
	if !f.remote() {
		return nil
	}
	bucket, err := f.files(ctx, "")
	if err != nil {
		return err
	}
	disk, err := blob.OpenDisk(filepath.Join(dir, blobDir))
	if err != nil {
		return err
	}
	_, err = copyFiles(ctx, disk, bucket)
	if err := errors.Join(err, disk.Close()); err != nil {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, blobDir))
}
