package store_test

import (
	"strings"
	"testing"

	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/record"
	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

// TestPlans keeps the questions that every page asks off a full scan.
func TestPlans(t *testing.T) {
	for name, cfg := range map[string]store.Config{
		"sqlite":   {Dir: t.TempDir()},
		"postgres": {Postgres: storetest.Postgres(t)},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.Open(t, cfg)
			fill(t, db)
			if cfg.Postgres != "" {
				if _, err := storetest.SQL(t, cfg).Exec("ANALYZE"); err != nil {
					t.Fatal(err)
				}
			}
			checkPlans(t, db)
			if cfg.Postgres == "" {
				checkRestored(t, db)
			}
		})
	}
}

// checkRestored: a copy answers by the same plans.
func checkRestored(t *testing.T, db *store.DB) {
	dir := t.TempDir()
	if _, err := db.Backup(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	checkPlans(t, storetest.Open(t, store.Config{Dir: dir}))
}

func checkPlans(t *testing.T, db *store.DB) {
	t.Helper()
	key := []string{"record_pkey", "sqlite_autoindex_record_1"}
	june := day.Must("2026-01-05").Month()
	for _, c := range []struct {
		q       record.Query
		indexes []string
	}{
		{record.Query{Matter: "m100"}, []string{"record_matter"}},
		{record.Query{Matter: "m100", Backwards: true}, []string{"record_matter"}},
		{record.Query{Matter: "m100", After: 7, UpTo: 9000}, []string{"record_matter"}},
		{record.Query{Orgs: []id.Org{40}}, []string{"record_org"}},
		{record.Query{Orgs: []id.Org{40}, During: june}, []string{"record_org"}},
		{record.Query{Orgs: []id.Org{40, 41, 42}, Kinds: []string{"theme_day.hold", "talk.hold"}, During: june}, []string{"record_org"}},
		{record.Query{After: 9000, UpTo: 9100}, key},
		{record.Query{Backwards: true}, key},
		{record.Query{Kinds: []string{"theme_day.hold"}, After: 9990}, key},
	} {
		plan, err := db.Plan(t.Context(), c.q)
		if err != nil {
			t.Fatal(err)
		}
		used := false
		for _, index := range c.indexes {
			used = used || strings.Contains(plan, index)
		}
		if !used || strings.Contains(plan, "SCAN record") || strings.Contains(plan, "Seq Scan") {
			t.Errorf("%+v:\n%s", c.q, plan)
		}
	}
}

// fill appends ten thousand records of five hundred organisations.
func fill(t *testing.T, db *store.DB) {
	t.Helper()
	records := storetest.Records(0, 10_000)
	for i := range records {
		records[i].Org = id.Org(i%500 + 1)
	}
	if err := db.Append(t.Context(), 0, record.Batch{Records: records}); err != nil {
		t.Fatal(err)
	}
}
