package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/pprof"
	"strings"
	"syscall"
	"time"
)

// A process is a server under measurement.
type process struct {
	cmd     *exec.Cmd
	address string // host:port
	metrics string // host:port, or ""
	out     *bytes.Buffer
	started time.Time
}

// freeAddress returns an address nobody listens on.
func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer func() { _ = l.Close() }() // only its number was wanted
	return l.Addr().String(), nil
}

// serve starts the platform on a data directory, as people do, and waits until it
// answers at path.
func (b *bench) serve(ctx context.Context, data, path string, more ...string) (*process, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	metrics, err := freeAddress()
	if err != nil {
		return nil, err
	}
	args := append([]string{"demo", "--data", data, "--listen", address, "--metrics", metrics}, more...)
	p, err := b.start(ctx, "qingfeng", address, path, args...)
	if p != nil {
		p.metrics = metrics
	}
	return p, err
}

// start starts a binary of ours and waits until it answers at path.
func (b *bench) start(ctx context.Context, binary, address, path string, args ...string) (*process, error) {
	p := &process{cmd: exec.CommandContext(ctx, b.binary(binary), args...), address: address, out: &bytes.Buffer{}}
	p.cmd.Stdout = p.out // what it logs goes to the null device
	p.cmd.Cancel = func() error { return p.cmd.Process.Signal(syscall.SIGTERM) }
	p.started = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if err := p.answers(ctx, path); err != nil {
		_ = p.stop() // it did not even come up
		return nil, fmt.Errorf("%s: %w", binary, err)
	}
	return p, nil
}

func (b *bench) binary(name string) string { return filepath.Join(b.out, "bin", name) }

// answers waits until a GET of path succeeds.
func (p *process) answers(ctx context.Context, path string) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		resp, err := http.Get("http://" + p.address + path)
		if err != nil {
			continue
		}
		_, err = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close() // it was read to its end
		if err == nil && resp.StatusCode == http.StatusOK {
			return nil
		}
	}
}

// stop asks the process to end and waits until it has.
func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	err := p.cmd.Wait()
	if _, exited := err.(*exec.ExitError); exited {
		return nil // how it ended is not what we measure
	}
	return err
}

// status reads a size in kB from what the kernel knows of the process: VmRSS now,
// VmHWM the most so far.
func (p *process) status(name string) (mb float64, err error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			var kb float64
			_, err := fmt.Sscanf(rest, "%f kB", &kb)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no %s in the status of the process", name)
}

// processor is the processor time that the process has used so far.
func (p *process) processor() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	fields := strings.Fields(string(text[bytes.LastIndexByte(text, ')')+1:]))
	var user, system int64 // in hundredths of a second
	if _, err := fmt.Sscan(fields[11]+" "+fields[12], &user, &system); err != nil {
		return 0, err
	}
	return time.Duration(user+system) * 10 * time.Millisecond, nil
}

// profile writes what the process spends its time on while load runs, as the
// twenty functions that take most, into name.txt.
func (b *bench) profile(ctx context.Context, p *process, name string, load func() error) error {
	file := filepath.Join(b.out, name+".pprof")
	fetched := make(chan error, 1)
	go func() {
		address := fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", p.metrics, max(1, int(b.span.Seconds())-1))
		fetched <- fetch(ctx, address, file)
	}()
	if err := load(); err != nil {
		return err
	}
	if err := <-fetched; err != nil {
		return err
	}
	return b.top(ctx, name, "-flat", "-cum")
}

// profileHere is profile for work that is done in this process.
func (b *bench) profileHere(ctx context.Context, name string, work func() error) error {
	f, err := os.Create(filepath.Join(b.out, name+".pprof"))
	if err != nil {
		return err
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return errors.Join(err, f.Close())
	}
	err = work()
	pprof.StopCPUProfile()
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	return b.top(ctx, name, "-flat", "-cum")
}

// top writes the first twenty functions of name.pprof, once for each order, into
// name.txt.
func (b *bench) top(ctx context.Context, name string, orders ...string) error {
	var text []byte
	for _, order := range orders {
		top, err := exec.CommandContext(ctx, "go", "tool", "pprof", "-top", order, "-nodecount=20", filepath.Join(b.out, name+".pprof")).Output()
		if err != nil {
			return fmt.Errorf("pprof: %w", err)
		}
		text = append(append(text, top...), '\n')
	}
	return os.WriteFile(filepath.Join(b.out, name+".txt"), text, 0o644)
}

// fetch writes what is served at address into file.
func fetch(ctx context.Context, address, file string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", address, resp.Status)
	}
	if err != nil {
		return err
	}
	return os.WriteFile(file, body, 0o644)
}

// heap writes what the memory of the process is made of into name.txt.
func (b *bench) heap(ctx context.Context, p *process, name string) error {
	file := filepath.Join(b.out, name+".pprof")
	if err := fetch(ctx, "http://"+p.metrics+"/debug/pprof/heap", file); err != nil {
		return err
	}
	return b.top(ctx, name, "-sample_index=inuse_space")
}
