package web

import (
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/web/view"
)

// logState shows what is signed, who watches, and what is wrong if anything is.
func (s *Server) logState(c *Call) (templ.Component, error) {
	v := view.LogStateView{Base: c.Base, Log: s.logHead(c), Crumbs: []view.Crumb{{Text: c.T("nav.journal"), Href: view.PathJournal}, {Text: c.T("journal.state")}}}
	v.At = view.AtJournal
	v.Banners = slices.DeleteFunc(v.Banners, func(b view.Banner) bool { return b.Bad }) // the page says it itself
	v.Origin, v.Key = s.Log.Key()
	if stop := s.App.Sick(); stop != nil {
		_, v.Remedy = c.Base.W.Stop(stop)
		if from, to := stop.Args["from"], stop.Args["to"]; from != "" {
			v.Missing = c.T("journal.from_to", "from", from, "to", to)
		}
	}
	for _, w := range s.Log.Watch.States() {
		v.Witnesses = append(v.Witnesses, s.witnessRow(c, w))
		v.Findings = append(v.Findings, s.finding(c, w))
	}
	if at := s.Log.Watch.Compared(); !at.IsZero() {
		v.Compared = at.In(s.App.Zone())
	}
	v.Commands = []view.Command{{Does: c.T("proof.verify_all"), Line: "qingfeng verify --data data"}, {Does: c.T("proof.read_checkpoint"), Line: "curl " + s.origin(c) + "/log/checkpoint"}}
	v.Files = []view.TextLink{{Text: "/log/checkpoint", Href: "/log/checkpoint"}}
	if _, ok := s.Log.Watch.Newest(); ok {
		v.Files = append(v.Files, view.TextLink{Text: "/log/witnessed", Href: "/log/witnessed"})
	}
	return view.LogState(v), nil
}

func (s *Server) witnessRow(c *Call, w app.WitnessState) view.WitnessRow {
	row := view.WitnessRow{Name: w.Name, Key: w.Key, Size: w.Size}
	if !w.Time.IsZero() {
		row.Time = w.Time.In(s.App.Zone())
	}
	if w.Trouble != "" {
		row.Trouble = c.T("witness." + w.Trouble)
	}
	return row
}

// forHowLong writes a span of time in the largest unit that fits.
func (c *Call) forHowLong(d time.Duration) string {
	switch {
	case d >= 48*time.Hour:
		return c.T("span.days", "n", strconv.Itoa(int(d.Hours())/24))
	case d >= 2*time.Hour:
		return c.T("span.hours", "n", strconv.Itoa(int(d.Hours())))
	}
	return c.T("span.minutes", "n", strconv.Itoa(int(d.Minutes())))
}

// points lists the checkpoints that are still to be had: the newest, and the newest
// that witnesses have cosigned.
func (s *Server) points(c *Call) (templ.Component, error) {
	v := view.PointsView{Base: c.Base, Log: s.logHead(c), Crumbs: []view.Crumb{{Text: c.T("nav.journal"), Href: view.PathJournal}, {Text: c.T("journal.points")}}}
	v.At = view.AtJournal
	points, err := s.Log.Points()
	if err != nil {
		return nil, err
	}
	for _, p := range points {
		v.Points = append(v.Points, view.PointRow{Size: p.Size, Time: p.Time.In(s.App.Zone()), Root: p.Root[:4] + "…" + p.Root[len(p.Root)-4:], Witnesses: p.Witnesses, Href: "/log/" + p.File})
	}
	return view.Points(v), nil
}

// finding says how the log stands against what one witness has seen.
func (s *Server) finding(c *Call, w app.WitnessState) view.Check {
	switch {
	case w.Verdict == "shorter":
		return view.Check{State: view.CheckBad, Text: c.T("witness.found_shorter", "name", w.Name)}
	case w.Verdict == "inconsistent":
		return view.Check{State: view.CheckBad, Text: c.T("witness.found_forked", "name", w.Name)}
	case w.Size == 0:
		return view.Check{State: view.CheckWait, Text: c.T("witness.found_nothing", "name", w.Name)}
	}
	return view.Check{State: view.CheckOK, Text: c.T("witness.found_same", "name", w.Name)}
}
