package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"iter"
)

// A dialect is what differs between the two databases. Everything else is one
// text for both.
type dialect struct {
	driver  driver.Driver
	address func(cfg Config, p purpose) string
	writers int // connections that write
	group   int // how many transactions may share one commit

	suffix string                     // of migrations that only this database runs
	adapt  func(schema string) string // the shared schema in the words of this database
	exists string                     // whether there is a table $1
	begin  string
	still  string // begins a transaction that reads as of one moment
	turn   string // what an appender runs first, to be the only one; $1 is the region

	among   func(column string, arg int) string // column is in the list in argument arg
	list    func(numbers []int64) any           // such a list as an argument
	put     func(t *tx, into *target, rows iter.Seq[[]any]) error
	doubled func(err error) bool // a key is there already
	blame   func(err error) blame
	damaged func(err error) bool // what is kept is not what was written

	// asking is the context in which a query runs for whoever waits in ctx.
	asking func(context.Context) context.Context

	// bound limits how long a transaction may take once it runs.
	bound func(context.Context) (context.Context, context.CancelFunc)
}

// A blame is what an error of the database says about the next statement.
type blame int

const (
	statement  blame = iota // the database refused it, and all is well
	connection              // nobody knows what became of it
	disk                    // the disk failed: nothing must be written any more
)

// A purpose is what a connection is for.
type purpose int

const (
	reading purpose = iota
	writing
	copying
)

// pool opens connections for one purpose.
func (d *DB) pool(size int, p purpose) *sql.DB {
	db := sql.OpenDB(connector{d.cfg.Driver, d.dialect.address(d.cfg, p)})
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// A connector opens connections to one address.
type connector struct {
	driver  driver.Driver
	address string
}

// Connect implements [driver.Connector].
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	d, ok := c.driver.(driver.DriverContext)
	if !ok {
		return c.driver.Open(c.address)
	}
	each, err := d.OpenConnector(c.address)
	if err != nil {
		return nil, err
	}
	return each.Connect(ctx)
}

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return c.driver }
