package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"qingfeng/internal/account/secret"
	"qingfeng/internal/api"
	"qingfeng/internal/app"
	"qingfeng/internal/record"
	"qingfeng/internal/web"
	"qingfeng/internal/web/guard"
)

// listenFlags say where the platform is reached.
type listenFlags struct {
	Listen string `help:"Address to serve on." default:"127.0.0.1:8080"`
	Secure bool   `help:"Browsers reach us over TLS, through a proxy in front."`
	City   string `help:"Whom the installation serves, for the top bar; the organisation at the top, if not given."`

	Proxy   []netip.Prefix `help:"Networks of proxies in front of us whose word on the sender's address is believed." placeholder:"10.0.0.0/8"`
	Metrics string         `help:"Address to serve Prometheus metrics and profiles on; without it they are off." placeholder:"127.0.0.1:9090"`
}

type serveCommand struct {
	dataFlags
	listenFlags
	watchFlags
	noticeFlags
}

// Run serves an installation until it is told to stop.
func (c *serveCommand) Run(inv *invocation) (err error) {
	in, err := c.open(inv, inv.now)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, in.close()) }()
	if err := c.watch(inv.ctx, in); err != nil {
		return err
	}
	if err := c.carry(inv, in); err != nil {
		return err
	}
	in.recordContent(inv)
	accounts, err := in.accounts(inv.ctx, false)
	if err != nil {
		return err
	}
	token, err := accounts.SetUpToken()
	if err != nil {
		return err
	}
	if token != "" {
		inv.say("This installation is empty. Set it up once, at\n\n  %s/setup?token=%s\n\n", c.address(), token)
	}
	return c.run(inv, in, accounts, nil, false, nil)
}

// hashWait is how long somebody who signs in waits for others who do.
const hashWait = 5 * time.Second

// accounts opens the accounts of the installation.
func (in *installation) accounts(ctx context.Context, demo bool) (*app.Accounts, error) {
	hasher, err := secret.NewHasher(secret.Ordinary(), runtime.GOMAXPROCS(0), hashWait)
	if err != nil {
		return nil, err
	}
	in.hashed = hasher.Hashed
	return app.OpenAccounts(ctx, app.AccountsConfig{
		App: in.app, Store: in.store, Doors: in.store, Hasher: hasher, Now: in.now, Issuer: "Qingfeng", Demo: demo,
	})
}

// run serves pages and lets the followers follow, until the first of them fails or
// the invocation ends. beside, if given, runs as well, and may end before.
func (c listenFlags) run(inv *invocation, in *installation, accounts *app.Accounts, filling func() (int, int), demo bool, beside func(context.Context) error) error {
	m := newMetrics(in)
	handler, err := c.handler(inv, in, accounts, m, filling, demo)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(inv.ctx)
	in.follow(ctx, func(f func(context.Context) error) { group.Go(func() error { return unlessTold(ctx, f(ctx)) }) })
	serveOn(ctx, group, listener, handler)
	if c.Metrics != "" {
		apart, err := net.Listen("tcp", c.Metrics)
		if err != nil {
			return errors.Join(err, listener.Close())
		}
		serveOn(ctx, group, apart, m.handler())
	}
	group.Go(func() error { return sweep(ctx, accounts, inv.log, time.Hour) })
	if beside != nil {
		group.Go(func() error { return beside(ctx) })
	}
	inv.log.Info("serving", "address", c.address())
	return group.Wait()
}

// unlessTold drops the error of a follower that was told to stop in the middle of
// something: it goes on from there the next time.
func unlessTold(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// handler is everything that is served on the one address.
func (c listenFlags) handler(inv *invocation, in *installation, accounts *app.Accounts, m *metrics, filling func() (int, int), demo bool) (http.Handler, error) {
	public := in.public()
	options := guard.Options{Now: in.now, Random: rand.Reader, Proxies: c.Proxy, Seen: m.seen}
	pages, err := web.New(web.Config{
		App: in.app, Accounts: accounts, Log: public, Secure: c.Secure, City: c.City, Version: version(),
		Demo: demo, Filling: filling, Guard: options, Logger: inv.log,
	})
	if err != nil {
		return nil, err
	}
	programs, err := api.New(api.Config{
		App: in.app, Accounts: accounts, Secure: c.Secure, Version: version(), Guard: options, Logger: inv.log,
		Receipt: func(r record.Record) ([]byte, bool) {
			proof, err := public.Prove(r)
			return proof.Text, err == nil
		},
	})
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", pages)
	mux.Handle(api.Root+"/", programs)
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", in.ready)
	return mux, nil
}

// serveOn serves h until ctx ends, and lets requests under way end.
func serveOn(ctx context.Context, group *errgroup.Group, listener net.Listener, h http.Handler) {
	server := guard.Server(h)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		return shutDown(server)
	})
}

// grace is how long requests under way may take when the service is told to stop.
const grace = 10 * time.Second

func shutDown(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	return server.Shutdown(ctx)
}

// address is where a browser on this machine finds us.
func (c listenFlags) address() string {
	scheme := "http://"
	if c.Secure {
		scheme = "https://"
	}
	return scheme + strings.Replace(c.Listen, "0.0.0.0", "127.0.0.1", 1)
}
