package app

import (
	"encoding/base64"
	"fmt"
	"io/fs"
	"time"

	"qingfeng/internal/record"
	"qingfeng/internal/seal"
	"qingfeng/internal/tiles"
)

// A PublicLog is the sealed log as pages show it. It holds nothing personal, so
// that reading it is nobody's act.
type PublicLog struct {
	log   *tiles.Log
	Watch *Watch // nil: nobody outside cosigns
}

// NewPublicLog lets pages show log; nil is a log that cannot be read, and shows as
// one without checkpoint.
func NewPublicLog(log *tiles.Log) PublicLog { return PublicLog{log: log} }

// WatchedBy lets pages show what the witnesses of the log do; nil: there are none.
func (p PublicLog) WatchedBy(w *Watch) PublicLog { return PublicLog{p.log, w} }

// A Point is a signed checkpoint whose text can be fetched.
type Point struct {
	Size      int64
	Time      time.Time
	Root      string   // in base64
	Witnesses []string // who cosigned it
	File      string   // of the log
}

// Points returns the newest checkpoint, and the newest that witnesses have cosigned
// where that is another.
func (p PublicLog) Points() (all []Point, err error) {
	if p.log == nil {
		return nil, nil
	}
	newest := p.log.Last()
	all = []Point{pointOf(newest, "checkpoint")}
	note, err := p.log.Dir().Witnessed()
	if err != nil || note == nil {
		return all, err
	}
	seen, err := p.Watch.trusted(p.log.Trust()).Open(note)
	if err != nil {
		return all, fmt.Errorf("witnessed checkpoint: %w", err)
	}
	if seen.Text() == newest.Text() {
		all = nil
	}
	return append(all, pointOf(seen, "witnessed")), nil
}

func pointOf(s seal.Signed, file string) Point {
	p := Point{Size: s.Size, Time: s.At, Root: base64.StdEncoding.EncodeToString(s.Root[:]), File: file}
	for _, c := range s.Cosignatures {
		p.Witnesses = append(p.Witnesses, c.Name)
	}
	return p
}

// Key returns the name of the log and the public key to check it with, one line;
// empty for a log that cannot be read.
func (p PublicLog) Key() (origin, key string) {
	if p.log == nil {
		return "", ""
	}
	public := p.log.Trust().Log[0]
	return public.Name(), public.String()
}

// Signed returns how many records are under the newest checkpoint, and when that
// was signed.
func (p PublicLog) Signed() (size int64, at time.Time) {
	if p.log == nil {
		return 0, time.Time{}
	}
	last := p.log.Last()
	return last.Size, last.At
}

// Leaves returns how many records were appended, signed or not.
func (p PublicLog) Leaves() int64 {
	if p.log == nil {
		return 0
	}
	return p.log.Size()
}

// File opens a file of the log as anybody may read it: see [tiles.Dir.Open].
func (p PublicLog) File(path string) (*tiles.Resource, error) {
	if p.log == nil {
		return nil, fs.ErrNotExist
	}
	return p.log.Dir().Open(path)
}

// A Proof is what shows that a record is in the log.
type Proof struct {
	Text []byte   // all of it, a file to take home
	Path []string // the hashes from the record's leaf to the root, in base64
	Note string   // the signed checkpoint they lead to
	Size int64    // and how many records that covers
}

// Prove returns the proof of r under the newest checkpoint. Of a record that none
// covers yet it is fs.ErrNotExist.
func (p PublicLog) Prove(r record.Record) (Proof, error) {
	if p.log == nil {
		return Proof{}, fs.ErrNotExist
	}
	receipt, err := p.log.Dir().Receipt(p.log.Trust(), r.Seq-1, r.Seq, r.Time)
	if err != nil {
		return Proof{}, err
	}
	signed, err := receipt.Check(p.log.Trust())
	if err != nil {
		return Proof{}, err
	}
	proof := Proof{Text: receipt.Text(), Note: string(receipt.Note), Size: signed.Size}
	for _, h := range receipt.Proof {
		proof.Path = append(proof.Path, base64.StdEncoding.EncodeToString(h[:]))
	}
	return proof, nil
}
