package main

import (
	"context"
	"net/http"
	"net/http/pprof"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics is what an operator can watch. It holds numbers and names of routes and
// reasons, and nothing about anybody.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
}

func newMetrics(in *installation) *metrics {
	m := &metrics{registry: prometheus.NewRegistry(), requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "qingfeng_request_seconds", Help: "Time to answer a request, by the pattern of its route.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"route", "status"})}
	m.registry.MustRegister(m.requests, counted{in}, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// seen takes in one answered request.
func (m *metrics) seen(route string, status int, took time.Duration) {
	m.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
}

// handler serves the metrics at /metrics, and for whoever asks why the service is
// slow or large what it does and holds: names of functions, and nothing of what is
// recorded. The command line, which may name a database, is not among them.
func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{Registry: m.registry}))
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.Handle("GET /debug/pprof/heap", pprof.Handler("heap"))
	return mux
}

// counted reads what the installation counts by itself.
type counted struct{ in *installation }

// The names under which it is told.
var (
	actsDesc    = prometheus.NewDesc("qingfeng_acts_total", "Acts recorded.", nil, nil)
	failedDesc  = prometheus.NewDesc("qingfeng_acts_failed_total", "Acts neither recorded nor refused.", nil, nil)
	refusedDesc = prometheus.NewDesc("qingfeng_acts_refused_total", "Acts refused, by the key of the reason.", []string{"reason"}, nil)
	queueDesc   = prometheus.NewDesc("qingfeng_queue_length", "Requests handed to the writer and not yet taken.", nil, nil)
	recordsDesc = prometheus.NewDesc("qingfeng_records", "Records.", nil, nil)
	lagDesc     = prometheus.NewDesc("qingfeng_follower_lag_records", "Records that a follower has still to take.", []string{"follower"}, nil)
	leavesDesc  = prometheus.NewDesc("qingfeng_log_leaves", "Leaves of the public log.", nil, nil)
	signedDesc  = prometheus.NewDesc("qingfeng_log_signed_leaves", "Leaves under the newest checkpoint.", nil, nil)
	hashesDesc  = prometheus.NewDesc("qingfeng_password_hashes_total", "Passwords worked on.", nil, nil)
	seenDesc    = prometheus.NewDesc("qingfeng_witness_leaves", "Leaves under the last checkpoint that a witness cosigned.", []string{"witness"}, nil)
	seenAtDesc  = prometheus.NewDesc("qingfeng_witness_seconds", "When a witness cosigned last, in seconds since 1970.", []string{"witness"}, nil)
	silentDesc  = prometheus.NewDesc("qingfeng_witness_silent", "1 while no witness has cosigned for longer than the alarm allows.", nil, nil)
	sickDesc    = prometheus.NewDesc("qingfeng_read_only", "1 while no records are taken.", nil, nil)
)

// Describe implements [prometheus.Collector].
func (c counted) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{actsDesc, failedDesc, refusedDesc, queueDesc, recordsDesc, lagDesc, leavesDesc, signedDesc, hashesDesc, seenDesc, seenAtDesc, silentDesc, sickDesc} {
		to <- d
	}
}

// collectTime is how long reading the positions of the followers may take.
const collectTime = 5 * time.Second

// Collect implements [prometheus.Collector].
func (c counted) Collect(to chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTime)
	defer cancel()
	now, err := c.in.app.Metering(ctx)
	if err != nil {
		to <- prometheus.NewInvalidMetric(lagDesc, err)
	}
	total := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
	}
	gauge := func(d *prometheus.Desc, n int64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, float64(n), labels...)
	}
	total(actsDesc, now.Acts)
	total(failedDesc, now.Failed)
	for reason, n := range now.Refused {
		total(refusedDesc, n, reason)
	}
	for follower, n := range now.Lag {
		gauge(lagDesc, n, follower)
	}
	gauge(lagDesc, max(0, now.Size-c.in.public().Leaves()), "seal")
	gauge(queueDesc, int64(now.Queue))
	gauge(recordsDesc, now.Size)
	gauge(leavesDesc, c.in.public().Leaves())
	signed, _ := c.in.public().Signed()
	gauge(signedDesc, signed)
	if c.in.hashed != nil {
		total(hashesDesc, c.in.hashed())
	}
	for _, w := range c.in.watch.States() {
		gauge(seenDesc, w.Size, w.Name)
		if !w.Time.IsZero() {
			gauge(seenAtDesc, w.Time.Unix(), w.Name)
		}
	}
	gauge(silentDesc, oneIf(c.in.watch.Silent() > 0))
	gauge(sickDesc, oneIf(c.in.app.Sick() != nil))
}

func oneIf(cond bool) int64 {
	if cond {
		return 1
	}
	return 0
}
