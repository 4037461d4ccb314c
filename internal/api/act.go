package api

import (
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/fault"
	"qingfeng/internal/id"
	"qingfeng/internal/matter"
	"qingfeng/internal/record"
)

// An Act is a step that somebody wants to take.
type Act struct {
	Procedure string         `json:"procedure"`
	Step      string         `json:"step"`
	Matter    string         `json:"matter,omitzero"` // without it a new one begins
	Org       string         `json:"org,omitzero"`
	On        day.Day        `json:"on"`                // when it happened
	Behalf    string         `json:"behalf,omitzero"`   // for a member who came with paper
	Corrects  int64          `json:"corrects,omitzero"` // record of the same step that this one sets right; fields.correction says why
	Fields    jsontext.Value `json:"fields,omitzero"`
}

// Recorded is what somebody who recorded something can keep.
type Recorded struct {
	Seq    int64     `json:"seq"`
	Time   time.Time `json:"time"`
	Matter string    `json:"matter"`
	Org    string    `json:"org"`
	Kind   string    `json:"kind"`
	Digest string    `json:"digest"` // of the fields under their salt, in hex
	Leaf   string    `json:"leaf"`   // hash of the leaf in the public log, in hex
}

// Checked says whether a step would be taken.
type Checked struct {
	Accepted bool    `json:"accepted"`
	Errors   []Wrong `json:"errors"`
}

func (c *call) recordAct(a Act) (Recorded, error) {
	key := c.r.Header.Get("Idempotency-Key")
	if !isKey(key) || len(c.r.Header.Values("Idempotency-Key")) != 1 {
		return Recorded{}, &fault.Invalid{Field: "Idempotency-Key", Why: "api.no_key"}
	}
	act, err := c.act(a)
	if err != nil {
		return Recorded{}, err
	}
	receipt, err := c.bearer.Act(c.r.Context(), "api recordAct", act, key)
	if err != nil {
		return Recorded{}, err
	}
	c.w.Header().Set("Location", fmt.Sprintf("%s/records/%d", Root, receipt.Record.Seq))
	return recorded(receipt), nil
}

func (c *call) checkAct(a Act) (Checked, error) {
	act, err := c.act(a)
	if err != nil {
		return Checked{}, err
	}
	refusal, err := c.bearer.Try(c.r.Context(), "api checkAct", act)
	if err != nil || refusal == nil {
		return Checked{Accepted: err == nil}, err
	}
	return Checked{Errors: c.wrongs(refusal)}, nil
}

// act reads what the body says in JSON and no more.
func (c *call) act(a Act) (act matter.Act, err error) {
	c.about = a.Procedure
	act = matter.Act{Procedure: a.Procedure, Step: a.Step, On: a.On, Corrects: a.Corrects, Matter: id.Matter(a.Matter)}
	if a.Matter != "" && !isMatter(a.Matter) {
		return act, &fault.Invalid{Field: "matter", Why: "refuse.wrong_type"}
	}
	if act.Org, err = id.ParseOrg(a.Org); err != nil {
		return act, &fault.Invalid{Field: "org", Why: "refuse.wrong_type"}
	}
	if act.Behalf, err = id.ParsePerson(a.Behalf); err != nil {
		return act, &fault.Invalid{Field: "behalf", Why: "refuse.wrong_type"}
	}
	if a.Corrects < 0 {
		return act, &fault.Invalid{Field: "corrects", Why: "refuse.wrong_type"}
	}
	act.Fields = record.Fields{}
	if a.Fields != nil {
		act.Fields, err = readFields(a.Fields)
	}
	return act, err
}

// isKey reports whether key can be an Idempotency-Key.
func isKey(key string) bool {
	visible := func(r rune) bool { return r > ' ' && r <= '~' }
	return key != "" && len(key) <= 64 && !strings.ContainsFunc(key, func(r rune) bool { return !visible(r) })
}

func recorded(receipt app.Receipt) Recorded {
	r := receipt.Record
	return Recorded{Seq: r.Seq, Time: r.Time, Matter: string(r.Matter), Org: r.Org.String(), Kind: r.Kind,
		Digest: hex.EncodeToString(r.Digest), Leaf: hex.EncodeToString(receipt.Leaf)}
}
