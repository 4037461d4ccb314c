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

-- Who can sign in, and how. totp is sealed by the caller; step is the last
-- time step whose code was used, so that no code serves twice. epoch rises
-- whenever all sessions must end.
CREATE TABLE account (
	region   INTEGER NOT NULL,
	person   INTEGER NOT NULL,
	name     TEXT NOT NULL,
	password TEXT NOT NULL,
	totp     BLOB,
	step     INTEGER NOT NULL,
	epoch    INTEGER NOT NULL,
	disabled INTEGER NOT NULL,
	changed  INTEGER NOT NULL,
	PRIMARY KEY (region, person)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX account_name ON account (region, name);

-- hash is the digest of what the browser holds; the table cannot be used to
-- sign in. proved is when the second factor was last shown.
CREATE TABLE session (
	region  INTEGER NOT NULL,
	hash    BLOB NOT NULL,
	person  INTEGER NOT NULL,
	epoch   INTEGER NOT NULL,
	created INTEGER NOT NULL,
	seen    INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	proved  INTEGER NOT NULL,
	source  TEXT NOT NULL,
	agent   TEXT NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_person ON session (region, person);
CREATE INDEX session_expires ON session (region, expires);

-- Tokens of programs.
CREATE TABLE token (
	region  INTEGER NOT NULL,
	hash    BLOB NOT NULL,
	person  INTEGER NOT NULL,
	name    TEXT NOT NULL,
	scopes  TEXT NOT NULL,
	created INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	used    INTEGER NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX token_person ON token (region, person);

-- Links and set-up tokens that serve once.
CREATE TABLE invite (
	region  INTEGER NOT NULL,
	hash    BLOB NOT NULL,
	purpose TEXT NOT NULL,
	person  INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	used    INTEGER NOT NULL,
	PRIMARY KEY (region, hash)
) STRICT, WITHOUT ROWID;

-- Counters of failed attempts, by what is protected: an account, a source.
CREATE TABLE throttle (
	region   INTEGER NOT NULL,
	key      TEXT NOT NULL,
	failures INTEGER NOT NULL,
	began    INTEGER NOT NULL,
	last     INTEGER NOT NULL,
	PRIMARY KEY (region, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX throttle_last ON throttle (region, last);

-- Who looked at whose details, and what was refused for lack of a right.
CREATE TABLE reading (
	region  INTEGER NOT NULL,
	person  INTEGER NOT NULL,
	at      INTEGER NOT NULL,
	reader  INTEGER NOT NULL,
	role    TEXT NOT NULL,
	purpose TEXT NOT NULL,
	matter  TEXT NOT NULL,
	PRIMARY KEY (region, person, at, reader, purpose, matter)
) STRICT, WITHOUT ROWID;
CREATE INDEX reading_reader ON reading (region, reader, at);
CREATE TABLE denied (
	region   INTEGER NOT NULL,
	at       INTEGER NOT NULL,
	actor    INTEGER NOT NULL,
	action   TEXT NOT NULL,
	resource TEXT NOT NULL,
	source   TEXT NOT NULL,
	PRIMARY KEY (region, at, actor, action, resource)
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
	region     INTEGER NOT NULL,
	name       TEXT NOT NULL,
	size       INTEGER NOT NULL,
	checkpoint BLOB NOT NULL,
	at         INTEGER NOT NULL,
	PRIMARY KEY (region, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
	region INTEGER NOT NULL,
	key    TEXT NOT NULL,
	value  TEXT NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (region, key)
) STRICT, WITHOUT ROWID;
