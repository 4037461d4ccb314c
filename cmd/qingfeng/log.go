package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"qingfeng/internal/fault"
	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
)

// openLog opens the public log below dir. It is begun only where there are no
// records yet: a log that is gone must be brought back, and not quietly written
// anew. What is wrong with it comes back as a reason to take no records; the log is
// nil where not even reading it makes sense.
func openLog(dir string, records int64, now func() time.Time) (*tiles.Log, *fault.Stop, error) {
	if records == 0 {
		if err := fresh(keyFile(dir), newKey); err != nil {
			return nil, nil, err
		}
	}
	key, err := noteKey(dir)
	if err != nil {
		return nil, &fault.Stop{Why: "stop.log_key", Err: err}, nil
	}
	files := filepath.Join(dir, "log")
	log, err := tiles.Open(files, key, seal.Trust{})
	gone := errors.Is(err, tiles.ErrNoLog) || errors.Is(err, fs.ErrNotExist) && !there(files)
	switch {
	case gone && records == 0:
		log, err = tiles.Create(files, key, now())
		return log, nil, err
	case gone:
		return nil, &fault.Stop{Why: "stop.log_gone", Args: map[string]string{"records": digits(records)}, Err: err}, nil
	case errors.Is(err, seal.ErrSignature):
		return nil, &fault.Stop{Why: "stop.log_key", Err: err}, nil
	case err != nil:
		return nil, &fault.Stop{Why: "stop.log_damaged", Err: err}, nil
	}
	if leaves := log.Last().Size; leaves > records {
		return log, &fault.Stop{Why: "stop.records_missing", Args: map[string]string{
			"leaves": digits(leaves), "records": digits(records), "from": digits(records + 1), "to": digits(leaves)}}, nil
	}
	return log, nil, nil
}

func there(name string) bool {
	_, err := os.Lstat(name)
	return !errors.Is(err, fs.ErrNotExist)
}

func digits(n int64) string { return strconv.FormatInt(n, 10) }

// openSecret reads the secret of the installation, and makes it the first time.
// Without it people can be read and nobody is found by an ID number: a random one
// then stands in, and nothing is recorded.
func openSecret(dir string, records int64) ([]byte, *fault.Stop, error) {
	if records == 0 {
		if err := fresh(secretFile(dir), newSecret); err != nil {
			return nil, nil, err
		}
	}
	secret, err := readSecret(dir)
	if err == nil {
		return secret, nil, nil
	}
	instead, none := newSecret()
	return instead, &fault.Stop{Why: "stop.secret", Err: err}, none
}
