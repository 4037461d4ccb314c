package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// exported is a line of the file of records, as the guide beside it describes it.
type exported struct {
	Head   jsontext.Value `json:"head"`
	Blind  string         `json:"blind"`
	Salt   string         `json:"salt"`
	Digest string         `json:"digest"`
	Fields jsontext.Value `json:"fields"`
}

func TestAnExportCanBeCheckedByItsGuideAlone(t *testing.T) {
	h := newHouse(t).sealed()
	kept, err := h.files.Put(t.Context(), bytes.NewReader([]byte("minutes")))
	must(t, err)
	to := filepath.Join(t.TempDir(), "export")
	_, err = command("export", "--data", h.dir, "--to", to)
	must(t, err)
	if _, err := command("export", "--data", h.dir, "--to", to); err == nil {
		t.Error("an export was overwritten")
	}
	var leaves []byte
	for _, one := range bytes.Split(bytes.TrimSpace(bytesOf(t, filepath.Join(to, "records.jsonl"))), []byte{'\n'}) {
		var r exported
		must(t, json.Unmarshal(one, &r, json.RejectUnknownMembers(true)))
		leaves = append(leaves, leafOf(t, r)...)
	}
	tile := bytesOf(t, filepath.Join(to, "log", "tile", "0", "000.p", fmt.Sprint(h.app.Size())))
	if !bytes.Equal(leaves, tile) {
		t.Error("the leaves are not those of the log")
	}
	for _, file := range []string{"README.md", "log.vkey", "content/procedures/membership/procedure.yaml"} {
		if _, err := os.Stat(filepath.Join(to, file)); err != nil {
			t.Error(err)
		}
	}
	if got := string(bytesOf(t, filepath.Join(to, "files", kept.Hash[:2], kept.Hash[2:]))); got != "minutes" {
		t.Errorf("the attachment is %q", got)
	}
	if got := string(bytesOf(t, filepath.Join(to, "log.vkey"))); got != h.vkey()+"\n" {
		t.Errorf("the key is %q", got)
	}
}

// leafOf works a leaf out as the guide says, with nothing of ours.
func leafOf(t *testing.T, r exported) []byte {
	t.Helper()
	hash := func(parts ...[]byte) []byte {
		h := sha256.Sum256(bytes.Join(parts, nil))
		return h[:]
	}
	raw := func(s string) []byte {
		b, err := base64.StdEncoding.DecodeString(s)
		must(t, err)
		return b
	}
	if got := hex.EncodeToString(hash([]byte("qingfeng/fields/v1\n"), raw(r.Salt), r.Fields)); got != r.Digest {
		t.Errorf("digest %s, want %s", got, r.Digest)
	}
	var head struct {
		Seq  int64  `json:"seq"`
		Time string `json:"time"`
	}
	must(t, json.Unmarshal(r.Head, &head))
	commitment := hash([]byte("qingfeng/record/v1\n"), raw(r.Blind), r.Head)
	entry := fmt.Sprintf("qingfeng/record/v1\n%d\n%s\n%s\n", head.Seq, head.Time, base64.StdEncoding.EncodeToString(commitment))
	return hash([]byte{0}, []byte(entry))
}
