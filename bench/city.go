package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"
)

// built is what is known of the city that everything is measured on.
type built struct {
	Records int64
	Seconds float64 // that building it took
	Day     string  // on which it was built
	load    string  // of the machine, before anything was measured
}

// city builds the city once, by the command that people use, and keeps it in the
// out directory. It is built anew where it is of another day: a city has its year
// behind it, and what is due today differs from what was due yesterday.
func (b *bench) city(ctx context.Context) error {
	note := filepath.Join(b.out, b.scale+".json")
	today := time.Now().Format(time.DateOnly)
	text, err := os.ReadFile(note)
	if err == nil {
		err = json.Unmarshal(text, &b.built)
	}
	b.built.load = loadAverage()
	if err == nil && b.built.Day == today && !b.fresh {
		b.say("the %s of %d records is there", b.scale, b.built.Records)
		return nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir := filepath.Join(b.out, b.scale)
	if err := errors.Join(os.RemoveAll(dir), os.RemoveAll(note)); err != nil {
		return err
	}
	b.say("building the %s, once", b.scale)
	if err := b.buildCity(ctx, dir); err != nil {
		return err
	}
	b.built.Day = today
	if text, err = json.Marshal(b.built); err != nil {
		return err
	}
	return os.WriteFile(note, text, 0o644)
}

// finished is what the command says at the end of the building.
var finished = regexp.MustCompile(`Built: (\d+) records in ([\d.]+) s`)

func (b *bench) buildCity(ctx context.Context, dir string) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	p := &process{address: address, cmd: exec.CommandContext(ctx, b.binary("qingfeng"), "demo", "--data", dir, "--scale", b.scale, "--listen", address, "--metrics", "127.0.0.1:0")}
	if p.metrics, err = freeAddress(); err != nil {
		return err
	}
	p.cmd.Args[len(p.cmd.Args)-1] = p.metrics
	p.cmd.Stderr = os.Stderr
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := p.cmd.Start(); err != nil {
		return err
	}
	go b.watchBuilding(ctx, p)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		m := finished.FindStringSubmatch(lines.Text())
		if m == nil {
			continue
		}
		if b.built.Records, err = strconv.ParseInt(m[1], 10, 64); err != nil {
			return err
		}
		if b.built.Seconds, err = strconv.ParseFloat(m[2], 64); err != nil {
			return err
		}
		break
	}
	if b.built.Records == 0 {
		return errors.Join(errors.New("the building ended early"), p.cmd.Wait())
	}
	b.say("built in %.1f s; waiting for figures and questions", b.built.Seconds)
	if err := p.caughtUp(ctx); err != nil {
		return errors.Join(err, p.stop())
	}
	return p.stop()
}

// watchBuilding writes what the building spends its first time on, in case it takes
// too long. A building that ends before has nothing to explain.
func (b *bench) watchBuilding(ctx context.Context, p *process) {
	err := p.answers(ctx, "/signin")
	if err == nil {
		err = fetch(ctx, "http://"+p.metrics+"/debug/pprof/profile?seconds=30", filepath.Join(b.out, "build.pprof"))
	}
	if err != nil {
		b.say("no profile of the building: %v", err)
	}
}

// lag finds the followers that have still something to take.
var lag = regexp.MustCompile(`(?m)^qingfeng_follower_lag_records\{.*\} [1-9]`)

// caughtUp waits until every follower has taken every record.
func (p *process) caughtUp(ctx context.Context) error {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		resp, err := http.Get("http://" + p.metrics + "/metrics")
		if err != nil {
			return err
		}
		behind := false
		lines := bufio.NewScanner(resp.Body)
		for lines.Scan() {
			behind = behind || lag.MatchString(lines.Text())
		}
		if err := errors.Join(lines.Err(), resp.Body.Close()); err != nil {
			return err
		}
		if !behind {
			return nil
		}
	}
}

// copyCity gives a part a copy of the city of its own, so that what one part writes
// changes nothing for the next, nor for the next run.
func (b *bench) copyCity() (dir string, err error) {
	dir = filepath.Join(b.out, "work")
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(b.out, b.scale))); err != nil {
		return "", fmt.Errorf("copy: %w", err)
	}
	return dir, errors.Join(os.Chmod(filepath.Join(dir, "keys"), 0o700), os.RemoveAll(filepath.Join(dir, "lock")), settle())
}
