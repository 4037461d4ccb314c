package main

import (
	"bufio"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"qingfeng/internal/app"
	"qingfeng/internal/witness"
)

// watchFlags say who outside cosigns the log.
type watchFlags struct {
	Witness      []string      `help:"Witness that cosigns the log, as KEY@URL; may be given several times. More stand in keys/witnesses of the data directory, one a line." sep:"none" placeholder:"KEY@URL"`
	WitnessEvery time.Duration `help:"Least time between two checkpoints offered to one witness." default:"10s"`
	WitnessAlarm time.Duration `help:"After how long without a cosignature an alarm rings." default:"1h"`
}

// witnessTimeout is how long a witness may take to answer; at the start nothing is
// recorded meanwhile.
const witnessTimeout = 5 * time.Second

// watch holds the log against what the witnesses have seen, and has them watched
// from then on.
func (f watchFlags) watch(ctx context.Context, in *installation) error {
	if in.log == nil {
		return nil
	}
	named, err := f.named(in.dir)
	if err != nil || len(named) == 0 {
		return err
	}
	in.watch, err = app.NewWatch(ctx, app.WatchConfig{
		App: in.app, Log: in.log, Witnesses: named, Now: in.now, Every: f.WitnessEvery, Patience: f.WitnessAlarm, Timeout: witnessTimeout,
		Memory: []witness.Store{in.store.Witnesses(), witness.Files(filepath.Join(in.dir, "keys", "witnessed"))},
	})
	if err != nil {
		return err
	}
	in.watch.Start(ctx)
	return nil
}

// named lists the witnesses of the command line and of the data directory.
func (f watchFlags) named(dir string) (all []app.WitnessConfig, err error) {
	lines, err := settingLines(filepath.Join(dir, "keys", "witnesses"))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, text := range append(f.Witness, lines...) {
		key, url, err := witness.Parse(text)
		if err != nil {
			return nil, err
		}
		if !seen[key.String()] {
			all = append(all, app.WitnessConfig{Key: key, URL: url})
		}
		seen[key.String()] = true
	}
	return all, nil
}

// settingLines are the lines of a file that say something; none where there is no file.
func settingLines(name string) (lines []string, err error) {
	f, err := os.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	all := bufio.NewScanner(f)
	for all.Scan() {
		if line := strings.TrimSpace(all.Text()); line != "" && !strings.HasPrefix(line, "#") {
			lines = append(lines, line)
		}
	}
	return lines, all.Err()
}
