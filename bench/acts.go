package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"time"
)

const (
	clients = 32
	rounds  = 3
	warm    = time.Second
)

// split makes a writer of a token and the body of an act.
func split(token, body string) writer {
	head, tail, _ := strings.Cut(body, summary)
	return writer{"Bearer " + token, head, tail}
}

// words are what stands in the summary of each talk, besides a number.
const words = "围绕思想、工作、作风谈心交心，谈话人介绍了近期支部工作安排，听取了对支部工作的意见建议；" +
	"谈话对象汇报了个人学习情况和家庭生产生活情况，提出了关于村集体经济和养老服务的两条建议，支部将研究后答复。"

// talks returns a user for each writer; each act has words and a key of its own.
func talks(address, path string, status int, all []writer, n int) (users []*user) {
	var number atomic.Int64
	run := strconv.FormatInt(time.Now().UnixNano(), 36)
	for i := range n {
		w := all[i%len(all)]
		users = append(users, &user{client: client{address: address}, next: func() shot {
			mark := strconv.FormatInt(number.Add(1), 10)
			return shot{"act", post(address, path, w.bearer, run+"-"+mark, w.head+mark+words+w.tail), status}
		}})
	}
	return users
}

// A contender is one of those compared by writing.
type contender struct {
	name  string
	start func(context.Context) (*process, []*user, error)
	rates []float64
	p50   []float64
	p99   []float64
	costs []float64 // milliseconds of processor for an act
}

// acts compares acts with the plain creation of records: the same bodies from the
// same clients to the same disk, in turns.
func (b *bench) acts(ctx context.Context) error {
	dir, err := b.copyCity()
	if err != nil {
		return err
	}
	h, err := openHouse(ctx, dir)
	if err != nil {
		return err
	}
	h.meet()
	all, err := h.writers(ctx, clients)
	if err != nil {
		return err
	}
	if err := h.close(); err != nil {
		return err
	}
	ours := &contender{name: "acts", start: func(ctx context.Context) (*process, []*user, error) { return b.platform(ctx, dir, all) }}
	plain := &contender{name: "PocketBase", start: func(ctx context.Context) (*process, []*user, error) { return b.pocketBase(ctx, "NORMAL", all) }}
	full := &contender{name: "PocketBase synchronous=FULL", start: func(ctx context.Context) (*process, []*user, error) { return b.pocketBase(ctx, "FULL", all) }}
	for range rounds {
		for _, c := range []*contender{ours, plain, full} {
			if err := b.contend(ctx, c); err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
	}
	rate, ratio, p99 := median(ours.rates), median(ours.rates)/median(plain.rates), median(ours.p99)
	b.table.add(fmt.Sprintf("acts over HTTP, %d clients, durable, decided and logged, against PocketBase's plain creation", clients),
		"≥ 2 ×", ratio >= 2, "%.2f × (%.0f/s against %.0f/s)", ratio, rate, median(plain.rates))
	b.table.add("p99 of those acts", "≤ 50 ms", p99 <= 50, "%.1f ms (p50 %.1f ms)", p99, median(ours.p50))
	b.table.note("the same against PocketBase that waits for the disk (synchronous=FULL), as ours does", "%.2f × (%.0f/s)", rate/median(full.rates), median(full.rates))
	b.table.note("PocketBase: p50, p99", "%.1f ms, %.1f ms; FULL: %.1f ms, %.1f ms", median(plain.p50), median(plain.p99), median(full.p50), median(full.p99))
	b.table.note("processor time of the server for an act: ours; PocketBase; FULL", "%.2f ms; %.2f ms; %.2f ms", median(ours.costs), median(plain.costs), median(full.costs))
	b.table.note("rounds, acts/s: ours; PocketBase; FULL", "%.0f; %.0f; %.0f", ours.rates, plain.rates, full.rates)
	if ratio >= 2 && p99 <= 50 {
		return nil
	}
	return b.actsProfile(ctx, ours)
}

// contend measures one round of one contender.
func (b *bench) contend(ctx context.Context, c *contender) error {
	p, users, err := c.start(ctx)
	if err != nil {
		return err
	}
	before, err := p.processor()
	if err != nil {
		return err
	}
	all := closed(ctx, users, 0, warm)
	got := closed(ctx, users, 0, b.span)
	after, err := p.processor()
	if err != nil {
		return err
	}
	c.costs = append(c.costs, float64((after-before).Microseconds())/1000/float64(len(all.all)+len(got.all)))
	if err := p.stop(); err != nil {
		return err
	}
	if n := got.errors(); n > 0 || len(got.all) == 0 {
		return fmt.Errorf("%d of %d failed: %s", n, len(got.all), got.wrong)
	}
	c.rates, c.p50, c.p99 = append(c.rates, got.rate()), append(c.p50, got.at(0.5)), append(c.p99, got.at(0.99))
	b.say("%s: %.0f/s, p50 %.1f ms, p99 %.1f ms", c.name, got.rate(), got.at(0.5), got.at(0.99))
	return ctx.Err()
}

func (b *bench) actsProfile(ctx context.Context, ours *contender) error {
	p, users, err := ours.start(ctx)
	if err != nil {
		return err
	}
	err = b.profile(ctx, p, "acts", func() error { closed(ctx, users, 0, b.span); return ctx.Err() })
	if stopped := p.stop(); err == nil {
		err = stopped
	}
	return err
}

func (b *bench) platform(ctx context.Context, dir string, all []writer) (*process, []*user, error) {
	p, err := b.serve(ctx, dir, "/signin")
	if err != nil {
		return nil, nil, err
	}
	return p, talks(p.address, "/api/v1/acts", http.StatusCreated, all, clients), p.caughtUp(ctx)
}

// pocketBase starts an empty PocketBase, and signs in once for all clients.
func (b *bench) pocketBase(ctx context.Context, synchronous string, all []writer) (*process, []*user, error) {
	dir := filepath.Join(b.out, "pocketbase")
	if err := os.RemoveAll(dir); err != nil {
		return nil, nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, nil, err
	}
	const password = "a password of the benchmark"
	p, err := b.start(ctx, "pocketbase", address, "/api/health", "-dir", dir, "-listen", address, "-synchronous", synchronous, "-password", password)
	if err != nil {
		return nil, nil, err
	}
	token, err := pocketToken(ctx, address, password)
	if err != nil {
		return nil, nil, err
	}
	signed := make([]writer, len(all))
	for i, w := range all {
		signed[i] = writer{token, w.head, w.tail}
	}
	return p, talks(address, "/api/collections/acts/records", http.StatusOK, signed, clients), settle()
}

func pocketToken(ctx context.Context, address, password string) (string, error) {
	body := strings.NewReader(fmt.Sprintf(`{"identity":"user@bench.test","password":%q}`, password))
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/api/collections/users/auth-with-password", body)
	if err != nil {
		return "", err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return "", err
	}
	var answer struct{ Token string }
	if err := json.Unmarshal(text, &answer); err != nil || answer.Token == "" {
		return "", fmt.Errorf("PocketBase lets nobody in: %s %s", resp.Status, text)
	}
	return answer.Token, nil
}
