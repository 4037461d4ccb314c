// Command pocketbase is the yardstick of the benchmark: PocketBase with one
// collection that anybody who signed in may create records in. It is otherwise as
// it comes, but for -synchronous.
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "modernc.org/sqlite" // the driver that PocketBase uses by default
)

func main() {
	dir := flag.String("dir", "", "data directory")
	listen := flag.String("listen", "", "address to serve on")
	synchronous := flag.String("synchronous", "NORMAL", "how SQLite waits for the disk: NORMAL, which is PocketBase's own, or FULL")
	password := flag.String("password", "", "password of user@bench.test, who creates the records")
	flag.Parse()
	if err := run(*dir, *listen, *synchronous, *password); err != nil {
		fmt.Fprintln(os.Stderr, "pocketbase:", err)
		os.Exit(1)
	}
}

func run(dir, listen, synchronous, password string) error {
	app := pocketbase.NewWithConfig(pocketbase.Config{
		HideStartBanner: true,
		DefaultDataDir:  dir,
		DBConnect:       connect(synchronous),
	})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	if err := prepare(app, password); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: listen})
}

// connect opens a database with the pragmas of PocketBase's DefaultDBConnect, in
// their order, and the synchronous mode asked for.
func connect(synchronous string) core.DBConnectFunc {
	pragmas := "?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=journal_size_limit(200000000)&_pragma=synchronous(" + synchronous +
		")&_pragma=foreign_keys(ON)&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)"
	return func(path string) (*dbx.DB, error) { return dbx.Open("sqlite", path+pragmas) }
}

// prepare makes the collection and the user, once.
func prepare(app core.App, password string) error {
	if _, err := app.FindCollectionByNameOrId("acts"); err == nil {
		return nil
	}
	acts := core.NewBaseCollection("acts")
	signedIn := "@request.auth.id != ''"
	acts.CreateRule = &signedIn
	for _, name := range []string{"procedure", "step", "org", "on"} {
		acts.Fields.Add(&core.TextField{Name: name, Required: true})
	}
	acts.Fields.Add(&core.JSONField{Name: "fields", Required: true})
	if err := app.Save(acts); err != nil {
		return err
	}
	users, err := app.FindCollectionByNameOrId("users")
	if err != nil {
		return err
	}
	user := core.NewRecord(users)
	user.SetEmail("user@bench.test")
	user.SetPassword(password)
	user.SetVerified(true)
	return app.Save(user)
}
