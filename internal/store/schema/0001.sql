-- The record and everything that stands beside it. Both databases run this
-- file; for PostgreSQL the words INTEGER, BLOB and the options after the last
-- parenthesis are put into its own. Times are microseconds since 1970 in UTC,
-- days and months are counted, ids are the bare numbers.

-- The record is the truth. Its rows are large and come in order, so it is the
-- one table with a hidden row number. fields and salt are NULL once erased.
CREATE TABLE record (
	region   INTEGER NOT NULL,
	seq      INTEGER NOT NULL,
	time     INTEGER NOT NULL,
	"on"     INTEGER NOT NULL,
	actor    INTEGER NOT NULL,
	role     TEXT NOT NULL,
	behalf   INTEGER NOT NULL,
	org      INTEGER NOT NULL,
	matter   TEXT NOT NULL,
	kind     TEXT NOT NULL,
	edition  INTEGER NOT NULL,
	corrects INTEGER NOT NULL,
	fields   BLOB,
	salt     BLOB,
	blind    BLOB NOT NULL,
	digest   BLOB NOT NULL,
	PRIMARY KEY (region, seq)
) STRICT;
CREATE INDEX record_matter ON record (region, matter, seq);
CREATE INDEX record_org ON record (region, org, "on");
CREATE INDEX record_correcting ON record (region, seq) WHERE corrects > 0;

-- What a request with an idempotency key was told.
CREATE TABLE answer (
	region  INTEGER NOT NULL,
	actor   INTEGER NOT NULL,
	key     TEXT NOT NULL,
	request BLOB NOT NULL,
	seq     INTEGER NOT NULL,
	PRIMARY KEY (region, actor, key)
) STRICT, WITHOUT ROWID;

-- Derived rows that decisions need; written with the record, rebuilt at will.
CREATE TABLE view (
	region INTEGER NOT NULL,
	name   TEXT NOT NULL,
	key    TEXT NOT NULL,
	seq    INTEGER NOT NULL,
	body   BLOB NOT NULL,
	PRIMARY KEY (region, name, key)
) STRICT, WITHOUT ROWID;

-- How far each follower of the record has come.
CREATE TABLE position (
	region   INTEGER NOT NULL,
	follower TEXT NOT NULL,
	seq      INTEGER NOT NULL,
	PRIMARY KEY (region, follower)
) STRICT, WITHOUT ROWID;

-- Figures: one sum and one set of people for each organisation and month.
CREATE TABLE cell (
	region INTEGER NOT NULL,
	figure TEXT NOT NULL,
	org    INTEGER NOT NULL,
	month  INTEGER NOT NULL,
	sum    INTEGER NOT NULL,
	people BLOB NOT NULL,
	PRIMARY KEY (region, figure, org, month)
) STRICT, WITHOUT ROWID;

-- Notices on their way, one for each record, kind and receiver. done is 0
-- until it was delivered.
CREATE TABLE outbox (
	region INTEGER NOT NULL,
	seq    INTEGER NOT NULL,
	kind   TEXT NOT NULL,
	person INTEGER NOT NULL,
	org    INTEGER NOT NULL,
	matter TEXT NOT NULL,
	tries  INTEGER NOT NULL,
	due    INTEGER NOT NULL,
	done   INTEGER NOT NULL,
	PRIMARY KEY (region, seq, kind, person, org)
) STRICT, WITHOUT ROWID;
CREATE INDEX outbox_due ON outbox (region, due) WHERE done = 0;

-- Attachments that were checked and kept, and the records that show them.
CREATE TABLE attachment (
	region INTEGER NOT NULL,
	hash   TEXT NOT NULL,
	size   INTEGER NOT NULL,
	type   TEXT NOT NULL,
	owner  INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_at ON attachment (region, at);
CREATE TABLE attachment_link (
	region INTEGER NOT NULL,
	hash   TEXT NOT NULL,
	seq    INTEGER NOT NULL,
	matter TEXT NOT NULL,
	PRIMARY KEY (region, hash, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX attachment_link_seq ON attachment_link (region, seq);

-- Who can sign in, and how. secret and pending are sealed by the caller.
CREATE TABLE account (
	region   INTEGER NOT NULL,
	person   INTEGER NOT NULL,
	version  INTEGER NOT NULL,
	name     TEXT NOT NULL,
	hash     TEXT NOT NULL,
	since    INTEGER NOT NULL,
	secret   BLOB,
	pending  BLOB,
	step     INTEGER NOT NULL,
	recovery TEXT NOT NULL,
	epoch    INTEGER NOT NULL,
	disabled INTEGER NOT NULL,
	PRIMARY KEY (region, person)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_name ON account (region, name) WHERE name <> '';

-- hash is the digest of what only the browser holds: nobody can sign in with
-- what stands in these tables.
CREATE TABLE session (
	region INTEGER NOT NULL,
	hash   BLOB NOT NULL,
	person INTEGER NOT NULL,
	epoch  INTEGER NOT NULL,
	began  INTEGER NOT NULL,
	seen   INTEGER NOT NULL,
	proved INTEGER NOT NULL,
	factor INTEGER NOT NULL,
	device TEXT NOT NULL,
	source TEXT NOT NULL,
	agent  TEXT NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (region, person);
CREATE INDEX session_seen ON session (region, seen);

-- Tokens of programs.
CREATE TABLE token (
	region INTEGER NOT NULL,
	hash   BLOB NOT NULL,
	person INTEGER NOT NULL,
	title  TEXT NOT NULL,
	scope  TEXT NOT NULL,
	made   INTEGER NOT NULL,
	until  INTEGER NOT NULL,
	seen   INTEGER NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX token_person ON token (region, person);

-- Links that serve once.
CREATE TABLE invite (
	region INTEGER NOT NULL,
	hash   BLOB NOT NULL,
	person INTEGER NOT NULL,
	"by"   INTEGER NOT NULL,
	made   INTEGER NOT NULL,
	until  INTEGER NOT NULL,
	used   INTEGER NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;

-- Counters of failed attempts, by what is protected.
CREATE TABLE throttle (
	region INTEGER NOT NULL,
	key    TEXT NOT NULL,
	count  INTEGER NOT NULL,
	last   INTEGER NOT NULL,
	PRIMARY KEY (region, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_last ON throttle (region, last);

-- What befell accounts, who was turned away, and who looked at whose details.
-- The key is the whole row: the same thing in the same microsecond is one.
CREATE TABLE trail (
	region INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	actor  INTEGER NOT NULL,
	what   TEXT NOT NULL,
	person INTEGER NOT NULL,
	source TEXT NOT NULL,
	note   TEXT NOT NULL,
	PRIMARY KEY (region, at, actor, what, person, source, note)
) STRICT, WITHOUT ROWID;
CREATE TABLE denied (
	region INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	actor  INTEGER NOT NULL,
	what   TEXT NOT NULL,
	person INTEGER NOT NULL,
	source TEXT NOT NULL,
	note   TEXT NOT NULL,
	PRIMARY KEY (region, at, actor, what, person, source, note)
) STRICT, WITHOUT ROWID;
CREATE TABLE reading (
	region  INTEGER NOT NULL,
	person  INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	reader  INTEGER NOT NULL,
	role    TEXT NOT NULL,
	purpose TEXT NOT NULL,
	matter  TEXT NOT NULL,
	PRIMARY KEY (region, person, at, reader, role, purpose, matter)
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_reader ON reading (region, reader, at);

-- Meetings where people can check in, and who did.
CREATE TABLE door (
	region INTEGER NOT NULL,
	matter TEXT NOT NULL,
	org    INTEGER NOT NULL,
	nonce  BLOB NOT NULL,
	"by"   INTEGER NOT NULL,
	opened INTEGER NOT NULL,
	closed INTEGER NOT NULL,
	PRIMARY KEY (region, matter)
) STRICT, WITHOUT ROWID;
CREATE TABLE mark (
	region INTEGER NOT NULL,
	matter TEXT NOT NULL,
	person INTEGER NOT NULL,
	at     INTEGER NOT NULL,
	device TEXT NOT NULL,
	PRIMARY KEY (region, matter, person)
) STRICT, WITHOUT ROWID;

-- Forms kept between requests.
CREATE TABLE draft (
	region INTEGER NOT NULL,
	person INTEGER NOT NULL,
	form   TEXT NOT NULL,
	body   BLOB NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (region, person, form)
) STRICT, WITHOUT ROWID;
CREATE INDEX draft_at ON draft (region, at);

-- The last checkpoint that each witness confirmed.
CREATE TABLE witness (
	region INTEGER NOT NULL,
	name   TEXT NOT NULL,
	note   BLOB NOT NULL,
	PRIMARY KEY (region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
	region INTEGER NOT NULL,
	key    TEXT NOT NULL,
	value  BLOB NOT NULL,
	PRIMARY KEY (region, key)
) STRICT, WITHOUT ROWID;
