package store_test

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"testing"

	"qingfeng/internal/record"

	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		return store.Config{Postgres: storetest.Postgres(t)}
	})
}

// others are the connections of this test but the one that asks.
const others = "application_name = current_setting('application_name') AND pid <> pg_backend_pid()"

func TestOneLeads(t *testing.T) {
	cfg := store.Config{Postgres: storetest.Postgres(t)}
	one, two := storetest.Open(t, cfg), storetest.Open(t, cfg)
	lead, err := one.Leader(t.Context(), "seal")
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(t.Context())
	waiting := make(chan error)
	go func() {
		_, err := two.Leader(impatient, "seal")
		waiting <- err
	}()
	other, err := two.Leader(t.Context(), "figures")
	if err != nil {
		t.Fatal("another role:", err)
	}
	cancel()
	if err := <-waiting; !errors.Is(err, context.Canceled) {
		t.Error("two lead:", err)
	}
	if err := errors.Join(lead.Held(t.Context()), other.Held(t.Context())); err != nil {
		t.Error(err)
	}
	if err := lead.Release(); err != nil {
		t.Error(err)
	}
	if err := lead.Held(t.Context()); err == nil {
		t.Error("a lead that was released is held")
	}
	next, err := two.Leader(t.Context(), "seal")
	if err != nil {
		t.Fatal(err)
	}
	// The server ends the connection, as in a failover.
	console := storetest.SQL(t, cfg)
	if _, err := console.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN pg_locks USING (pid) WHERE locktype = 'advisory' AND " + others); err != nil {
		t.Fatal(err)
	}
	if err := next.Held(t.Context()); err == nil {
		t.Error("a lead survived its connection")
	}
	if err := errors.Join(next.Release(), other.Release()); err != nil {
		t.Error(err)
	}
}

func TestARoleThatServesCannotChangeTheRecord(t *testing.T) {
	owner := store.Config{Postgres: storetest.Postgres(t)}
	console := storetest.SQL(t, owner)
	role := fmt.Sprintf("serves'\"%x", storetest.Random(4))
	quoted := `"` + "serves'\"\"" + role[len("serves'\""):] + `"`
	if _, err := console.Exec("CREATE ROLE " + quoted); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := console.Exec("DROP OWNED BY " + quoted + "; DROP ROLE " + quoted); err != nil {
			t.Error(err)
		}
	})
	if err := storetest.Open(t, owner).Grant(t.Context(), role); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(owner.Postgres)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("role", role)
	u.RawQuery = q.Encode()
	serving := store.Config{Postgres: u.String()}
	db := storetest.Open(t, serving)
	if err := db.Append(t.Context(), 0, storetest.Batch()); err != nil {
		t.Fatal(err)
	}
	if err := db.Append(t.Context(), 4, record.Batch{Records: storetest.Records(4, 1), Erase: []int64{1}}); err != nil {
		t.Error("erasure:", err)
	}
	as := storetest.SQL(t, serving)
	for _, text := range []string{
		"UPDATE record SET actor = 1", "DELETE FROM record", "TRUNCATE record", "ALTER TABLE record DISABLE TRIGGER ALL",
		"DROP TABLE record", "DELETE FROM reading", "UPDATE trail SET actor = 1", "INSERT INTO version (number) VALUES (0)",
	} {
		if _, err := as.Exec(text); err == nil {
			t.Errorf("%s went through", text)
		}
	}
}

func TestPostgresTruncatesNothing(t *testing.T) {
	cfg := store.Config{Postgres: storetest.Postgres(t)}
	storetest.Open(t, cfg)
	for _, table := range []string{"record", "reading", "trail", "denied"} {
		if _, err := storetest.SQL(t, cfg).Exec("TRUNCATE " + table); err == nil {
			t.Error(table, "was emptied by its owner")
		}
	}
}

func TestAConnectionThatDiedIsReplaced(t *testing.T) {
	cfg := store.Config{Postgres: storetest.Postgres(t)}
	db := storetest.Open(t, cfg)
	console := storetest.SQL(t, cfg)
	for have := range int64(6) { // each of the writers meets it
		if err := db.Append(t.Context(), have, record.Batch{Records: storetest.Records(have, 1)}); err != nil {
			t.Fatal(have, err)
		}
		ended := 0
		err := console.QueryRow("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE query LIKE 'COMMIT%' AND " + others).Scan(&ended)
		if err != nil || ended == 0 {
			t.Fatal(ended, err)
		}
	}
}
