// Command qingfeng is the whole platform in one file: it serves, verifies,
// rebuilds, exports, backs up and restores. It wires, and decides nothing.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

type commands struct {
	Demo    demoCommand    `cmd:"" help:"Build the model city with invented people and serve it."`
	Serve   serveCommand   `cmd:"" help:"Serve an installation; an empty one asks for its set-up."`
	Check   checkCommand   `cmd:"" help:"Check the content: sources, rules, procedures and their cases."`
	Verify  verifyCommand  `cmd:"" help:"Verify a whole data directory offline, from its files alone."`
	Rebuild rebuildCommand `cmd:"" help:"Derive every view from the record again, and say what differed."`

	Backup     backupCommand     `cmd:"" help:"Copy a whole data directory, as of one moment, while the service runs."`
	Restore    restoreCommand    `cmd:"" help:"Put a backup into an empty data directory, and verify it."`
	Export     exportCommand     `cmd:"" help:"Write everything into open files that need no program of ours."`
	Receipt    receiptCommand    `cmd:"" help:"Check a receipt, offline."`
	Completion completionCommand `cmd:"" help:"Print a script that completes commands in a shell."`

	LogFormat string           `help:"How the log of the service is written: text or json." enum:"text,json" default:"text"`
	Version   kong.VersionFlag `help:"Print the version and exit."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err != nil {
		fmt.Fprintln(os.Stderr, "qingfeng:", err)
		stop()
		os.Exit(exitCode(err))
	}
}

// errFound says that a command did its work and found something wrong.
var errFound = errors.New("problems were found")

func exitCode(err error) int {
	if errors.Is(err, errFound) {
		return 1
	}
	return 2
}

// run reads the command line and does what it says.
func run(ctx context.Context, args []string, out, errs io.Writer) error {
	var c commands
	parser, err := kong.New(&c,
		kong.Name("qingfeng"),
		kong.Description("清风 Qingfeng: organisation life of a city, recorded once, as it happens, and provable."),
		kong.Vars{"version": version()},
		kong.Writers(out, errs),
		kong.UsageOnError(),
	)
	if err != nil {
		return err
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return parsed.Run(&invocation{ctx: ctx, out: out, errs: errs, log: logger(c.LogFormat, errs), now: time.Now})
}

// logger returns the log of the service, a line for each event.
func logger(format string, w io.Writer) *slog.Logger {
	o := &slog.HandlerOptions{Level: slog.LevelInfo}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// An invocation is what a command may use of the world.
type invocation struct {
	ctx       context.Context
	out, errs io.Writer
	log       *slog.Logger
	now       func() time.Time // the real time, the only clock of the program
}

// say writes to whoever called. If nobody listens any more, the command goes on:
// what it was asked to do is not to talk.
func (inv *invocation) say(format string, args ...any) { _, _ = fmt.Fprintf(inv.out, format, args...) }

// version tells which build this is.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "qingfeng (unknown build)"
	}
	v, revision, dirty := info.Main.Version, "", ""
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = " " + s.Value[:min(12, len(s.Value))]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = " with changes"
		}
	}
	return "qingfeng " + v + revision + dirty + " " + info.GoVersion
}
