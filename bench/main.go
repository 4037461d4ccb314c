// Command bench measures the running platform against its targets and prints one
// table. It is a process of its own; what it measures is the binary people run.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	b := &bench{}
	flag.StringVar(&b.out, "out", "out", "where binaries, cities and profiles are kept")
	flag.StringVar(&b.scale, "scale", "city", "village, county or city; the targets are for a city")
	flag.StringVar(&b.results, "results", "", "file that gets the table as well")
	flag.DurationVar(&b.span, "span", 10*time.Second, "how long each load lasts")
	flag.BoolVar(&b.fresh, "fresh", false, "build the city anew, to measure how long that takes")
	only := flag.String("only", "", "parts to measure: "+strings.Join(partNames(), ","))
	flag.Parse()
	if err := b.run(ctx, *only); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// A bench is one run of the benchmark.
type bench struct {
	out, scale, results string
	span                time.Duration
	fresh               bool
	built               built
	table               table
}

// A part measures some rows of the table.
type part struct {
	name    string
	measure func(*bench, context.Context) error
}

// parts are measured in this order, each on a copy of the city of its own.
func parts() []part {
	return []part{
		{"acts", (*bench).acts},
		{"figures", (*bench).figures},
		{"pages", (*bench).pages},
		{"build", (*bench).buildTime},
		{"verify", (*bench).verify},
		{"start", (*bench).coldStart},
		{"size", (*bench).binarySize},
	}
}

func partNames() (names []string) {
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

func (b *bench) run(ctx context.Context, only string) error {
	var err error
	if b.out, err = filepath.Abs(b.out); err != nil {
		return err
	}
	chosen := strings.Split(only, ",")
	for _, name := range chosen {
		if only != "" && !slices.Contains(partNames(), name) {
			return fmt.Errorf("no part called %q", name)
		}
	}
	if err := b.city(ctx); err != nil {
		return fmt.Errorf("city: %w", err)
	}
	for _, p := range parts() {
		if only != "" && !slices.Contains(chosen, p.name) {
			continue
		}
		b.say("measuring %s", p.name)
		if err := p.measure(b, ctx); err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
	}
	text := b.table.text(b)
	fmt.Print(text)
	if b.results == "" {
		return nil
	}
	return os.WriteFile(b.results, []byte(text), 0o644)
}

// say tells whoever waits what is going on.
func (b *bench) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "bench: "+format+"\n", args...)
}
