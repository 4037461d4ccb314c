package fault

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

// A damage is something that befell a data directory while nobody served it, and what
// the program must make of it.
type damage struct {
	spoil  func(t *testing.T, dir string)
	starts bool
	says   string // where it does not start: in its last words, besides the file
	file   string // that the operator is pointed at
	meets  string // the path whose reading meets the damage; "": the start does
	why    string // on the pages, once it was met; "": records are taken
	tool   string // finds it, and ends with an exit code that is not 0; "": none can
	finds  string // names the place
}

// damages are all of them, by name.
func damages(w *worn) map[string]damage {
	const key, secret, db, gone = "签总账的密钥", "本系统的密钥", "qingfeng.db", "总账的文件不见了"
	record := fmt.Sprintf("record %d", w.pictured)
	loose := "DROP TRIGGER record_unchanged; "
	return map[string]damage{
		"control: nothing":             {spoil: func(*testing.T, string) {}, starts: true},
		"a page of the records":        {spoil: page("record"), starts: true, meets: "/api/v1/records/1", why: "损坏的数据", tool: "verify", finds: "record 1: unreadable", file: db},
		"a page of an index":           {spoil: page("record_matter"), starts: true, meets: w.matter, why: "损坏的数据", tool: "rebuild", finds: db, file: db},
		"the header of the database":   {spoil: over(db, 0), says: "backup", tool: "verify", finds: db, file: db},
		"no database but a directory":  {spoil: instead(db), says: "permissions", tool: "verify", finds: db, file: db},
		"the fields of a record":       {spoil: rows(loose + "UPDATE record SET fields = CAST(fields || ' ' AS BLOB) WHERE seq = 2"), starts: true, meets: "/api/v1/records/2", why: "损坏的数据", tool: "verify", finds: "record 2: fields"},
		"a row of a view, unreadable":  {spoil: rows("UPDATE view SET body = CAST('{' AS BLOB) WHERE name = 'org' AND key = 'o3'"), says: "rebuild --write", file: "org o3", tool: "rebuild", finds: "org o3: differs"},
		"a row of a view, plausible":   {spoil: rows("UPDATE view SET body = CAST(replace(body, '宋砚秋', '宋砚春') AS BLOB) WHERE name = 'person'"), starts: true, tool: "rebuild", finds: "person p"},
		"a cell of a figure":           {spoil: rows("UPDATE cell SET sum = sum + 1"), starts: true, tool: "rebuild", finds: "figure "},
		"an attachment":                {spoil: flipped("blobs/*/*"), starts: true, meets: w.file, tool: "verify", finds: record + ": attachment"},
		"a tile":                       {spoil: flipped("log/tile/0/000.p/*"), starts: true, why: "对不上", tool: "verify", finds: "log: tile/0/000", file: "tile"},
		"an entry bundle":              {spoil: flipped("log/tile/entries/000.p/*"), starts: true, why: "对不上", tool: "verify", finds: "log: tile/entries/000", file: "tile"},
		"the checkpoint":               {spoil: flipped("log/checkpoint"), starts: true, why: key, tool: "verify", finds: "checkpoint", file: "checkpoint"},
		"no log":                       {spoil: without("log"), starts: true, why: gone, tool: "verify", finds: "log", file: "log"},
		"no key of the log":            {spoil: without("keys/log.key"), starts: true, why: key, tool: "verify", finds: "keys/log.key", file: "keys/log.key"},
		"a directory for the log key":  {spoil: instead("keys/log.key"), starts: true, why: key, tool: "verify", finds: "keys/log.key", file: "keys/log.key"},
		"an empty key of the log":      {spoil: cut("keys/log.key", 0), starts: true, why: key, tool: "verify", finds: "keys/log.key", file: "keys/log.key"},
		"a damaged key of the log":     {spoil: over("keys/log.key", 20), starts: true, why: key, tool: "verify", finds: "keys/log.key", file: "keys/log.key"},
		"no secret":                    {spoil: without("keys/secret"), starts: true, why: secret, tool: "rebuild", finds: "keys/secret", file: "keys/secret"},
		"a directory for the secret":   {spoil: instead("keys/secret"), starts: true, why: secret, tool: "rebuild", finds: "keys/secret", file: "keys/secret"},
		"half a secret":                {spoil: cut("keys/secret", 16), starts: true, why: secret, tool: "rebuild", finds: "keys/secret", file: "keys/secret"},
		"the write-ahead log, cut off": {spoil: w.cutOff, starts: true, why: "数据库只有", tool: "verify", finds: ": vanished", file: "records_missing"},
	}
}

func TestDamageIsSaidAndNothingWrongIsServed(t *testing.T) {
	t.Parallel()
	w := newWorn(t)
	for name, d := range damages(w) {
		t.Run(name, func(t *testing.T) {
			c := &crowd{house: w.copied(t, filepath.Join(t.TempDir(), "data")), journal: w.journal, name: w.name}
			c.count.Store(10_000)
			d.spoil(t, c.dir)
			d.found(t, c)
			s := must(c.launch())(t)
			t.Cleanup(s.kill)
			if err := s.ready(); (err == nil) != d.starts {
				t.Fatalf("it starts: %v", err)
			}
			if d.starts {
				d.served(t, c)
			} else if !strings.Contains(s.words(), d.says) {
				t.Errorf("it does not say %q: %s", d.says, s.words())
			}
			if !strings.Contains(s.words(), d.file) {
				t.Errorf("it does not name %s: %s", d.file, s.words())
			}
		})
	}
}

// found lets the tool find the damage.
func (d damage) found(t *testing.T, c *crowd) {
	t.Helper()
	for _, tool := range []string{"verify", "rebuild"} {
		if d.tool != "" && tool != d.tool {
			continue
		}
		said, code := run(t, append([]string{tool}, c.where()...)...)
		if (code == 0) != (d.tool == "") || !strings.Contains(said, d.finds) {
			t.Errorf("%s ends with %d and does not say %q: %s", tool, code, d.finds, said)
		}
	}
}

// served looks at a program that started in spite of the damage.
func (d damage) served(t *testing.T, c *crowd) {
	t.Helper()
	if d.meets != "" {
		a := must(c.ask(http.MethodGet, d.meets, c.keys.officer, "", "", "", nil))(t)
		if !strings.HasPrefix(d.meets, "/api/") {
			a = must(c.get(d.meets))(t)
		}
		if a.status < http.StatusInternalServerError {
			t.Errorf("GET %s: %d", d.meets, a.status)
		}
	}
	deed, err := c.do(c.registering(c.mark()))
	var refused *errRefused
	if d.why == "" {
		if err != nil || deed.Seq == 0 {
			t.Errorf("nothing is recorded: %v", err)
		}
	} else if !errors.As(err, &refused) || refused.status != http.StatusServiceUnavailable || refused.problem.Remedy == "" {
		t.Errorf("the act: %v", err)
	}
	if ready := must(c.get("/readyz"))(t); (ready.status == http.StatusOK) != (d.why == "") {
		t.Errorf("ready: %d %s", ready.status, ready.body)
	}
	for _, path := range []string{"/rule", "/home"} {
		a := must(c.get(path))(t)
		fails := a.status == http.StatusInternalServerError && d.meets != "" && path == "/home" // it may stand on the damage itself
		if a.status != http.StatusOK && !fails || !strings.Contains(a.body, d.why) {
			t.Errorf("GET %s: %d, and %q is not said", path, a.status, d.why)
		}
	}
}

// A worn house is one that was used: it has meetings, a picture, figures.
type worn struct {
	*crowd
	matter   string // the page of a meeting
	file     string // the address of its picture
	pictured int64  // the record that shows a picture
	wal      string // a copy of the house with all of that in its write-ahead log
}

func newWorn(t *testing.T) *worn {
	t.Helper()
	w := &worn{crowd: newCrowd(t, newHouse(t)), wal: filepath.Join(t.TempDir(), "wal")}
	s := w.serve(t)
	for dice := rand.New(rand.NewPCG(1, 2)); w.pictured == 0; {
		if !w.meet(dice) || !w.register(dice) || !w.meetOnPaper(dice) {
			t.Fatal("it is not used")
		}
		if files := must(filepath.Glob(filepath.Join(w.dir, "blobs", "*", "*")))(t); len(files) > 0 {
			known := w.journal.known()
			w.pictured = known[len(known)-1].Seq
			w.file = fmt.Sprintf("/matter/m%d/file/%s%s", w.pictured, filepath.Base(filepath.Dir(files[0])), filepath.Base(files[0]))
		}
	}
	w.matter = fmt.Sprintf("/matter/m%d", w.pictured)
	check(t, w.journal.trouble())
	for _, path := range []string{w.matter, w.file} {
		if a := must(w.get(path))(t); a.status != http.StatusOK {
			t.Fatalf("GET %s: %d", path, a.status)
		}
	}
	w.sealed(t, w.pictured)
	s.kill()
	check(t, os.CopyFS(w.wal, os.DirFS(w.dir)))
	again := w.serve(t)
	w.counted(t)
	check(t, again.stop())
	return w
}

// sealed waits until so many records are under a checkpoint.
func (w *worn) sealed(t *testing.T, records int64) {
	t.Helper()
	w.until(t, func() bool {
		lines := strings.Split(must(w.get("/log/checkpoint"))(t).body, "\n")
		return len(lines) > 1 && lines[1] == fmt.Sprint(records)
	})
}

// counted waits until the figures have been counted.
func (w *worn) counted(t *testing.T) {
	t.Helper()
	db := storetest.SQL(t, store.Config{Dir: w.dir})
	w.until(t, func() bool {
		var at int64
		return db.QueryRowContext(t.Context(), "SELECT seq FROM position WHERE follower = 'figures'").Scan(&at) == nil && at >= w.pictured
	})
}

func (w *worn) until(t *testing.T, f func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); !f(); {
		if time.Now().After(end) {
			t.Fatal("it never comes to that")
		}
		<-time.After(10 * time.Millisecond)
	}
}

// cutOff puts the killed house there, and cuts its write-ahead log in the middle.
func (w *worn) cutOff(t *testing.T, dir string) {
	check(t, os.RemoveAll(dir))
	check(t, os.CopyFS(dir, os.DirFS(w.wal)))
	info := must(os.Stat(filepath.Join(dir, store.File+"-wal")))(t)
	cut(store.File+"-wal", info.Size()/2)(t, dir)
}

// page makes rubbish of the first leaf of a table or an index.
func page(of string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		var number, size int64
		db := storetest.SQL(t, store.Config{Dir: dir})
		check(t, db.QueryRowContext(t.Context(), "SELECT pageno, pgsize FROM dbstat WHERE name = $1 AND pagetype = 'leaf' ORDER BY path LIMIT 1", of).Scan(&number, &size))
		written(t, filepath.Join(dir, store.File), (number-1)*size, bytes.Repeat([]byte{0xa5}, int(size)))
	}
}

// over writes rubbish into a file.
func over(name string, at int64) func(*testing.T, string) {
	return func(t *testing.T, dir string) { written(t, filepath.Join(dir, name), at, []byte("0123456789abcdef")) }
}

func written(t *testing.T, file string, at int64, b []byte) {
	t.Helper()
	f := must(os.OpenFile(file, os.O_WRONLY, 0))(t)
	_, err := f.WriteAt(b, at)
	check(t, errors.Join(err, f.Close()))
}

func cut(name string, size int64) func(*testing.T, string) {
	return func(t *testing.T, dir string) { check(t, os.Truncate(filepath.Join(dir, name), size)) }
}

func without(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { check(t, os.RemoveAll(filepath.Join(dir, name))) }
}

// instead puts a directory in the place of a file: not even root can read that.
func instead(name string) func(*testing.T, string) {
	return func(t *testing.T, dir string) {
		without(name)(t, dir)
		check(t, os.Mkdir(filepath.Join(dir, name), 0o700))
	}
}

func rows(text string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { spoilRows(t, dir, text) }
}

func flipped(pattern string) func(*testing.T, string) {
	return func(t *testing.T, dir string) { spoilFiles(t, filepath.Join(dir, filepath.FromSlash(pattern))) }
}
