package web

import (
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/a-h/templ"

	"qingfeng/internal/app"
	"qingfeng/internal/fault"
	"qingfeng/internal/web/view"
)

// journal lists the records, newest first, without their fields.
func (s *Server) journal(c *Call) (templ.Component, error) {
	if text := strings.TrimSpace(c.R.FormValue("number")); text != "" {
		if seq, err := strconv.ParseInt(text, 10, 64); err == nil && seq > 0 {
			return nil, c.To(view.RecordPath(seq))
		}
	}
	before, _ := strconv.ParseInt(c.R.FormValue("before"), 10, 64)
	lines, err := c.Visit.Journal(c.R.Context(), before, listed)
	if err != nil {
		return nil, err
	}
	v := view.JournalView{Base: c.Base, Log: s.logHead(c), Number: c.R.FormValue("number")}
	v.At = view.AtJournal
	for _, l := range lines {
		v.Lines = append(v.Lines, s.journalLine(c, l))
	}
	if len(lines) == listed {
		v.Older = view.With(view.PathJournal, "before", strconv.FormatInt(lines[listed-1].Seq, 10))
	}
	if before > 0 {
		v.Newer = view.PathJournal
	}
	return view.Journal(v), nil
}

func (s *Server) journalLine(c *Call, l app.JournalLine) view.JournalLine {
	return view.JournalLine{Seq: l.Seq, Written: l.Time.In(s.App.Zone()), Day: l.On, Kind: c.kindTitle(l.Kind), Org: l.Org.Name, OrgHref: view.Under(view.PathOrg, l.Org.ID.String()),
		Actor: l.Actor.Name, Matter: l.Matter, Corrects: l.Corrects, Reason: l.Reason, LateDays: l.Late, Seal: s.sealOf(l.Seq, l.Leaf)}
}

// kindTitle names what sort of record it is: procedure and step.
func (c *Call) kindTitle(kind string) string {
	procedure, step, _ := strings.Cut(kind, ".")
	p, ok := c.s.App.Library().Latest(procedure)
	if !ok {
		return kind
	}
	s, ok := p.Step(step)
	if !ok {
		return c.Say(p.Title)
	}
	return c.T("journal.kind", "procedure", c.Say(p.Title), "step", c.Say(s.Title))
}

// sealOf says whether record seq is under a signed checkpoint.
func (s *Server) sealOf(seq int64, leaf []byte) view.Seal {
	digest := hex.EncodeToString(leaf)
	seal := view.Seal{Digest: digest[:4] + "…" + digest[len(digest)-4:], Href: view.RecordPath(seq)}
	if seq <= s.signedSize() {
		seal.State = view.SealOK
	}
	return seal
}

// signedSize is the number of records under the last checkpoint.
func (s *Server) signedSize() int64 {
	size, _ := s.Log.Signed()
	return size
}

func (s *Server) logHead(c *Call) view.LogHead {
	signed, at := s.Log.Signed()
	head := view.LogHead{Size: s.App.Size(), Signed: signed, Time: at.In(s.App.Zone())}
	if stop := s.App.Sick(); stop != nil {
		head.ReadOnly, _ = c.Base.W.Stop(stop)
	}
	if w, ok := s.Log.Watch.Newest(); ok {
		head.Witness, head.Seen, head.SeenTime = w.Name, w.Size, w.Time.In(s.App.Zone())
	}
	return head
}

// journalRecord shows one record with the proof that it is in the log.
func (s *Server) journalRecord(c *Call) (templ.Component, error) {
	seq, err := strconv.ParseInt(c.R.PathValue("seq"), 10, 64)
	if err != nil || seq < 1 {
		return nil, fault.NotFound
	}
	line, r, err := c.Visit.JournalRecord(c.R.Context(), seq)
	if err != nil {
		return nil, err
	}
	v := view.RecordView{Base: c.Base, Line: s.journalLine(c, line), Title: c.kindTitle(r.Kind), Erased: r.Erased(), Hidden: true,
		Crumbs: []view.Crumb{{Text: c.T("nav.journal"), Href: view.PathJournal}, {Text: strconv.FormatInt(seq, 10)}}}
	v.At = view.AtJournal
	v.Proof = view.RecordProof{Index: seq - 1, Leaf: base64.StdEncoding.EncodeToString(line.Leaf), Receipt: view.ReceiptPath(r.Matter, seq)}
	if proof, err := s.Log.Prove(r); err == nil {
		v.Proof.Checkpoint, v.Proof.Size, v.Proof.Path = proof.Note, proof.Size, strings.Join(append(proof.Path, ""), "\n")
	}
	v.Proof.Commands = []view.Command{{Does: c.T("proof.verify_all"), Line: "qingfeng verify --data data"}, {Does: c.T("proof.read_checkpoint"), Line: "curl " + s.origin(c) + "/log/checkpoint"}}
	if seq > 1 {
		v.Older = view.RecordPath(seq - 1)
	}
	if seq < s.App.Size() {
		v.Newer = view.RecordPath(seq + 1)
	}
	return view.Record(v), nil
}

// origin is where this service is reached, as the browser says.
func (s *Server) origin(c *Call) string {
	if s.Secure {
		return "https://" + c.R.Host
	}
	return "http://" + c.R.Host
}
