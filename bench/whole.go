package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"time"

	"qingfeng/internal/seal"
	"qingfeng/internal/store"
	"qingfeng/internal/tiles"
	"qingfeng/internal/verify"
)

// buildTime tells how long the city took to build, when it was.
func (b *bench) buildTime(ctx context.Context) error {
	if b.built.Seconds == 0 {
		return fmt.Errorf("nobody knows how long the building took: build it anew with -fresh")
	}
	b.table.add(fmt.Sprintf("the whole demo city, %d records", b.built.Records), "≤ 60 s", b.built.Seconds <= 60, "%.1f s", b.built.Seconds)
	if b.built.Seconds <= 60 {
		return nil
	}
	return b.top(ctx, "build", "-flat", "-cum")
}

// hashed is what verify says of how much it hashed.
var hashed = regexp.MustCompile(`([\d.]+) MB hashed`)

// verify compares the check of the whole city with hashing as many bytes and doing
// nothing else, on one core and on all.
func (b *bench) verify(ctx context.Context) error {
	dir, err := b.copyCity()
	if err != nil {
		return err
	}
	var rates, alone, together []float64
	var mb float64
	for range rounds {
		began := time.Now()
		out, err := exec.CommandContext(ctx, b.binary("qingfeng"), "verify", "--data", dir).Output()
		took := time.Since(began)
		if err != nil {
			return err
		}
		m := hashed.FindSubmatch(out)
		if m == nil {
			return fmt.Errorf("verify says %q", out)
		}
		if mb, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
			return err
		}
		rates = append(rates, mb/took.Seconds())
		alone = append(alone, hashRate(mb, 1))
		together = append(together, hashRate(mb, runtime.NumCPU()))
	}
	share := 100 * median(rates) / median(alone)
	b.table.add("verify of that city, against SHA-256 of the same number of bytes on one core", "≥ 70 %", share >= 70, "%.0f %% (%.0f MB/s against %.0f MB/s, %.0f MB)", share, median(rates), median(alone), mb)
	b.table.note("the same against SHA-256 on all cores", "%.0f %% (%.0f MB/s)", 100*median(rates)/median(together), median(together))
	if share >= 70 {
		return nil
	}
	return b.profileHere(ctx, "verify", func() error { return verifyHere(ctx, dir) })
}

// verifyHere is what the command does.
func verifyHere(ctx context.Context, dir string) (err error) {
	text, err := os.ReadFile(filepath.Join(dir, "keys", "log.key"))
	if err != nil {
		return err
	}
	key, err := seal.ParseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Config{Dir: dir, ReadOnly: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	log, err := tiles.OpenDir(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	_, err = verify.Directory(ctx, db, log, verify.Options{Trust: seal.Trust{Log: []seal.PublicKey{key.Public()}}})
	return err
}

// hashRate hashes mb megabytes on so many cores, in pieces of one, and returns MB/s.
func hashRate(mb float64, cores int) float64 {
	piece := make([]byte, 1_000_000)
	began := time.Now()
	var all sync.WaitGroup
	for range cores {
		all.Go(func() {
			for range int(mb) / cores {
				sha256.Sum256(piece)
			}
		})
	}
	all.Wait()
	return mb / time.Since(began).Seconds()
}

// coldStart measures from the start of the process to the first page: that of
// signing in, and the overview of somebody who is signed in already.
func (b *bench) coldStart(ctx context.Context) error {
	dir, err := b.copyCity()
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	h.meet()
	officers := h.some("city.officer", 1)
	if len(officers) == 0 {
		return fmt.Errorf("nobody is an officer of the city")
	}
	entered, err := h.letIn(ctx, officers[0])
	if err != nil {
		return err
	}
	if err := h.close(); err != nil {
		return err
	}
	var first, overview []float64
	for range rounds {
		p, err := b.serve(ctx, dir, "/signin")
		if err != nil {
			return err
		}
		first = append(first, time.Since(p.started).Seconds())
		c := client{address: p.address}
		status, _, err := c.do(get(p.address, "/overview", "qingfeng-plain="+entered.ID))
		if err != nil || status != 200 {
			return fmt.Errorf("overview: %d %w", status, err)
		}
		overview = append(overview, time.Since(p.started).Seconds())
		c.close()
		if err := p.stop(); err != nil {
			return err
		}
	}
	b.table.add("from the start of the process to the first page", "≤ 1 s", median(first) <= 1, "%.2f s", median(first))
	b.table.note("from the start to the overview of the city for an officer with a session", "%.2f s", median(overview))
	if median(first) <= 1 {
		return nil
	}
	return b.profileHere(ctx, "start", func() error {
		h, err := openHouse(ctx, dir)
		if err != nil {
			return err
		}
		return h.close()
	})
}

// binarySize measures the file that people install.
func (b *bench) binarySize(context.Context) error {
	info, err := os.Stat(b.binary("qingfeng"))
	if err != nil {
		return err
	}
	mb := float64(info.Size()) / 1e6
	b.table.add("size of the binary", "≤ 60 MB", mb <= 60, "%.1f MB", mb)
	return nil
}
