package main

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
	_ "modernc.org/sqlite" // the driver of the product

	"qingfeng/internal/app"
	"qingfeng/internal/day"
	"qingfeng/internal/id"
	"qingfeng/internal/store"
)

// A figure is one of those that the article tells, and the plain SQL that counts the
// same from the records. The SQL takes the period from $1 to $2, asks nothing about
// rights, tree or base, and looks at the whole city, which is the easiest for it.
type figure struct {
	name   string
	sql    string
	beside bool // not one of those, but heavier
}

// text is how SQL reads the fields of a record.
const text = `CAST(fields AS TEXT)`

// kindIn selects the records of one kind in the period.
func kindIn(kind string) string {
	return ` region = 1 AND kind = '` + kind + `' AND "on" BETWEEN $1 AND $2 `
}

// month numbers the months of the day column, which counts days from 0001-01-01.
const month = `strftime('%Y-%m', ("on" - 719163) * 86400, 'unixepoch')`

// presence unfolds the runs of people, as "p1-p30 p33", into one row for each.
func presence(kind, count string) string {
	return `WITH RECURSIVE
	lists(m, runs) AS (SELECT ` + month + `, j.value || ' ' FROM record, json_each(` + text + `, '$.attended.people') j WHERE ` + kindIn(kind) + ` AND j.key LIKE 'present/%'),
	split(m, run, rest) AS (SELECT m, '', runs FROM lists UNION ALL SELECT m, substr(rest, 1, instr(rest, ' ') - 1), substr(rest, instr(rest, ' ') + 1) FROM split WHERE rest <> ''),
	bounds(m, low, high) AS (SELECT m, CAST(substr(run, 2) AS INTEGER), CAST(substr(run, CASE instr(run, '-') WHEN 0 THEN 2 ELSE instr(run, '-') + 2 END) AS INTEGER) FROM split WHERE run <> ''),
	people(m, n, high) AS (SELECT m, low, high FROM bounds UNION ALL SELECT m, n + 1, high FROM people WHERE n < high)
	SELECT count(*) FROM (SELECT DISTINCT ` + count + ` FROM people)`
}

func problems(source string) string {
	return `SELECT count(*) FROM record, json_each(` + text + `, '$.problems.items') j WHERE ` + kindIn("life_meeting.prepare") + ` AND json_extract(j.value, '$.source.choice') = '` + source + `'`
}

var told = []figure{
	{"special_life_meeting_held", `SELECT count(DISTINCT org) FROM record WHERE ` + kindIn("life_meeting.hold") + ` AND json_extract(` + text + `, '$.kind.choice') = 'special'`, false},
	{"appraisal_people", presence("appraisal.hold", "n"), false},
	{"problems_secretary", problems("secretary"), false},
	{"problems_branch", problems("branch"), false},
	{"opinions", `SELECT coalesce(sum(json_array_length(` + text + `, '$.opinions.items')), 0) FROM record WHERE ` + kindIn("life_meeting.hold"), false},
	{"theme_day_held", `SELECT count(*) FROM (SELECT DISTINCT org, ` + month + ` FROM record WHERE ` + kindIn("theme_day.hold") + `)`, false},
	{"theme_day_people", presence("theme_day.hold", "m, n"), true},
}

// A computed figure.
type computed struct {
	value int64
	took  time.Duration
}

// figures reads every figure of the article for twelve months, each in a platform
// that has just been opened, and counts it by SQL.
func (b *bench) figures(ctx context.Context) error {
	dir, err := b.copyCity()
	if err != nil {
		return err
	}
	officer, err := someOfficer(ctx, dir)
	if err != nil {
		return err
	}
	var slowest, least float64
	var slowName, leastName string
	var notes table
	for _, f := range told {
		cold, again, err := b.cold(ctx, dir, officer, f.name)
		if err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
		plain, err := plainSQL(ctx, dir, f.sql, cold.period)
		if err != nil {
			return fmt.Errorf("%s by SQL: %w", f.name, err)
		}
		if plain.value != cold.value {
			return fmt.Errorf("%s is %d, and by SQL %d", f.name, cold.value, plain.value)
		}
		ms, ratio := float64(cold.took.Microseconds())/1000, float64(plain.took)/float64(cold.took)
		if ms > slowest && !f.beside {
			slowest, slowName = ms, f.name
		}
		if (ratio < least || leastName == "") && !f.beside {
			least, leastName = ratio, f.name
		}
		name := f.name
		if f.beside {
			name += ", which is not promised"
		}
		notes.note(name, "%d: cold %.1f ms, again %.2f ms; SQL %.0f ms, %.0f × the cold one", cold.value, ms, float64(again.Microseconds())/1000, float64(plain.took.Milliseconds()), ratio)
		b.say("%s %s", name, notes.rows[len(notes.rows)-1].measured)
	}
	b.table.add("the slowest figure of twelve months of the whole city, cold ("+slowName+")", "≤ 10 ms", slowest <= 10, "%.1f ms", slowest)
	b.table.add("against plain SQL over the records, the least ("+leastName+")", "≥ 100 ×", least >= 100, "%.0f ×", least)
	b.table.rows = append(b.table.rows, notes.rows...)
	if slowest <= 10 && least >= 100 {
		return nil
	}
	return b.profileHere(ctx, "figures", func() error {
		for range 20 { // one is too short to be seen; most of this is opening
			if _, _, err := b.cold(ctx, dir, officer, slowName); err != nil {
				return err
			}
		}
		return nil
	})
}

func someOfficer(ctx context.Context, dir string) (id.Person, error) {
	h, err := openHouse(ctx, dir)
	if err != nil {
		return 0, err
	}
	h.meet()
	officers := h.some("city.officer", 1)
	if len(officers) == 0 {
		return 0, fmt.Errorf("nobody is an officer of the city")
	}
	return officers[0], h.close()
}

// A reading is a figure with the period it is about.
type reading struct {
	computed
	period day.Period
}

// cold reads a figure for the first time: nothing of it is in the memory of the
// program or, as far as the system does what it is asked, in that of the system. It
// reads it a second time as well.
func (b *bench) cold(ctx context.Context, dir string, officer id.Person, name string) (first reading, again time.Duration, err error) {
	h, err := openHouse(ctx, dir)
	if err != nil {
		return first, 0, err
	}
	v, err := h.app.For(officer, "bench")
	if err != nil {
		return first, 0, err
	}
	if err := forget(filepath.Join(dir, store.File)); err != nil {
		return first, 0, err
	}
	q := app.FigureQuery{ID: name, Org: v.Actings()[0].Org.ID, Period: day.Period{From: v.Today().AddMonths(-11).Month().From, To: v.Today()}}
	began := time.Now()
	f, err := v.Figure(ctx, q)
	first = reading{computed{f.Count, time.Since(began)}, q.Period}
	if err != nil {
		return first, 0, err
	}
	began = time.Now()
	if _, err := v.Figure(ctx, q); err != nil {
		return first, 0, err
	}
	return first, time.Since(began), h.close()
}

// forget asks the system to drop what it keeps of a file.
func forget(file string) error {
	f, err := os.Open(file)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it was only read
	return unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_DONTNEED)
}

// plainSQL runs a query three times through the driver of the product, on a
// connection with its settings, and returns the fastest: what SQL reads is warm.
func plainSQL(ctx context.Context, dir, query string, p day.Period) (best computed, err error) {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, store.File)+"?mode=ro&_pragma=temp_store(MEMORY)&_pragma=cache_size(-65536)")
	if err != nil {
		return best, err
	}
	defer func() { _ = db.Close() }() // it was only read
	for range 3 {
		began := time.Now()
		var n int64
		if err := db.QueryRowContext(ctx, query, int64(p.From), int64(p.To)).Scan(&n); err != nil {
			return best, err
		}
		if took := time.Since(began); best.took == 0 || took < best.took {
			best = computed{n, took}
		}
	}
	return best, nil
}
