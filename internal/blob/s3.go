package blob

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"
	"os"
	"path"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"qingfeng/internal/fault"
)

// An S3Config says which bucket to use.
type S3Config struct {
	Endpoint  string // host and port
	Bucket    string // must be there
	Prefix    string // before each name, as "qingfeng/"
	Region    string
	Key       string
	Secret    string
	Plain     bool              // without TLS; only within one machine
	Transport http.RoundTripper // nil for the usual one
}

// S3 keeps attachments as objects named by their hashes.
type S3 struct {
	client *minio.Client
	cfg    S3Config
}

var _ Store = (*S3)(nil)

// OpenS3 opens a bucket and fails if it is not there.
func OpenS3(ctx context.Context, cfg S3Config) (*S3, error) {
	client, err := minio.New(cfg.Endpoint, &minio.Options{
		Creds:      credentials.NewStaticV4(cfg.Key, cfg.Secret, ""),
		Secure:     !cfg.Plain,
		Region:     cfg.Region,
		Transport:  cfg.Transport,
		MaxRetries: 3, // somebody is waiting
	})
	if err != nil {
		return nil, fmt.Errorf("attachments: %w", err)
	}
	there, err := client.BucketExists(ctx, cfg.Bucket)
	if err == nil && !there {
		err = errors.New("there is no such bucket")
	}
	if err != nil {
		return nil, fmt.Errorf("attachments: bucket %s: %w", cfg.Bucket, err)
	}
	return &S3{client, cfg}, nil
}

func (s *S3) name(hash string) string { return s.cfg.Prefix + place(hash) }

// Put implements [Store]. An answer of success is not believed: the object is
// read back.
func (s *S3) Put(ctx context.Context, content io.ReadSeeker) (Kept, error) {
	kept, err := measure(content)
	if err != nil {
		return Kept{}, fmt.Errorf("keep attachment: %w", err)
	}
	once := minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true}
	once.SetMatchETagExcept("*")
	_, err = s.client.PutObject(ctx, s.cfg.Bucket, s.name(kept.Hash), content, kept.Size, once)
	if err == nil || refused(err, http.StatusPreconditionFailed) {
		err = Verify(ctx, s, kept.Hash)
	}
	if errors.Is(err, ErrDamaged) {
		err = s.replace(ctx, kept, content)
	}
	if errors.Is(err, fault.NotFound) { // not for the one who brings it
		err = errors.New("the bucket did not keep what it accepted")
	}
	if err != nil {
		return Kept{}, fmt.Errorf("keep attachment: %w", err)
	}
	return kept, nil
}

// replace puts content over an object that was damaged.
func (s *S3) replace(ctx context.Context, kept Kept, content io.ReadSeeker) error {
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	anyway := minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true}
	if _, err := s.client.PutObject(ctx, s.cfg.Bucket, s.name(kept.Hash), content, kept.Size, anyway); err != nil {
		return err
	}
	return Verify(ctx, s, kept.Hash)
}

func refused(err error, status int) bool { return minio.ToErrorResponse(err).StatusCode == status }

// Get implements [Store]. The object is fetched whole before any of it is
// handed out, into a file that has no name any more.
func (s *S3) Get(ctx context.Context, hash string) (io.ReadSeekCloser, error) {
	if err := known(hash); err != nil {
		return nil, err
	}
	f, err := os.CreateTemp("", "attachment")
	if err != nil {
		return nil, fmt.Errorf("attachment %s: %w", hash, err)
	}
	err = os.Remove(f.Name())
	if err == nil {
		err = s.fetch(ctx, hash, f)
	}
	if err == nil {
		err = check(f, hash)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("attachment %s: %w", hash, err), f.Close())
	}
	return f, nil
}

func (s *S3) fetch(ctx context.Context, hash string, into io.Writer) error {
	object, err := s.client.GetObject(ctx, s.cfg.Bucket, s.name(hash), minio.GetObjectOptions{})
	if err != nil {
		return err
	}
	_, err = io.Copy(into, object)
	if end := object.Close(); err == nil {
		err = end
	}
	if refused(err, http.StatusNotFound) {
		return fault.NotFound
	}
	return err
}

// Stat implements [Store].
func (s *S3) Stat(ctx context.Context, hash string) (int64, error) {
	if err := known(hash); err != nil {
		return 0, err
	}
	info, err := s.client.StatObject(ctx, s.cfg.Bucket, s.name(hash), minio.StatObjectOptions{})
	if refused(err, http.StatusNotFound) {
		err = fault.NotFound
	}
	if err != nil {
		return 0, fmt.Errorf("attachment %s: %w", hash, err)
	}
	return info.Size, nil
}

// Delete implements [Store].
func (s *S3) Delete(ctx context.Context, hash string) error {
	if known(hash) != nil {
		return nil
	}
	err := s.client.RemoveObject(ctx, s.cfg.Bucket, s.name(hash), minio.RemoveObjectOptions{})
	if err != nil && !refused(err, http.StatusNotFound) {
		return fmt.Errorf("remove attachment %s: %w", hash, err)
	}
	return nil
}

// All implements [Store].
func (s *S3) All(ctx context.Context) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		ctx, cancel := context.WithCancel(ctx) // ends the listing when the caller has enough
		defer cancel()
		for object := range s.client.ListObjects(ctx, s.cfg.Bucket, minio.ListObjectsOptions{Prefix: s.cfg.Prefix, Recursive: true}) {
			if object.Err != nil {
				yield("", fmt.Errorf("attachments: %w", object.Err))
				return
			}
			name := object.Key[len(s.cfg.Prefix):]
			if hash := path.Dir(name) + path.Base(name); valid(hash) && !yield(hash, nil) {
				return
			}
		}
	}
}
