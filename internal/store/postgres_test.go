package store_test

import (
	"os"
	"testing"

	"qingfeng/internal/store"
	"qingfeng/internal/store/storetest"
)

func TestMain(m *testing.M) { os.Exit(storetest.Main(m)) }

func TestPostgres(t *testing.T) {
	storetest.Run(t, func(t *testing.T) store.Config {
		return store.Config{Postgres: storetest.Postgres(t)}
	})
}
