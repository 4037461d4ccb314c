-- Nothing is changed or removed in the record but by erasure, which blanks
-- fields and salt together.
CREATE TRIGGER record_stays BEFORE DELETE ON record BEGIN
	SELECT RAISE(ABORT, 'the record is never removed');
END;
CREATE TRIGGER record_unchanged BEFORE UPDATE ON record
WHEN NEW.fields IS NOT NULL OR NEW.salt IS NOT NULL
	OR NEW.region <> OLD.region OR NEW.seq <> OLD.seq OR NEW.time <> OLD.time OR NEW."on" <> OLD."on"
	OR NEW.actor <> OLD.actor OR NEW.role <> OLD.role OR NEW.behalf <> OLD.behalf OR NEW.org <> OLD.org
	OR NEW.matter <> OLD.matter OR NEW.kind <> OLD.kind OR NEW.edition <> OLD.edition
	OR NEW.corrects <> OLD.corrects OR NEW.blind <> OLD.blind OR NEW.digest <> OLD.digest
BEGIN
	SELECT RAISE(ABORT, 'the record is never changed');
END;
CREATE TRIGGER reading_stays BEFORE DELETE ON reading BEGIN
	SELECT RAISE(ABORT, 'reading is only ever added to');
END;
CREATE TRIGGER reading_unchanged BEFORE UPDATE ON reading BEGIN
	SELECT RAISE(ABORT, 'reading is only ever added to');
END;
CREATE TRIGGER trail_stays BEFORE DELETE ON trail BEGIN
	SELECT RAISE(ABORT, 'trail is only ever added to');
END;
CREATE TRIGGER trail_unchanged BEFORE UPDATE ON trail BEGIN
	SELECT RAISE(ABORT, 'trail is only ever added to');
END;
CREATE TRIGGER denied_stays BEFORE DELETE ON denied BEGIN
	SELECT RAISE(ABORT, 'denied is only ever added to');
END;
CREATE TRIGGER denied_unchanged BEFORE UPDATE ON denied BEGIN
	SELECT RAISE(ABORT, 'denied is only ever added to');
END;

-- The planner is told the shape of a full city and never measures: otherwise it
-- takes the region that leads every key for a narrow choice, and reads the
-- whole record for one matter.
ANALYZE sqlite_schema;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('record', 'sqlite_autoindex_record_1', '1000000 1000000 1'),
	('record', 'record_matter', '1000000 1000000 3 1'),
	('record', 'record_org', '1000000 1000000 120 2'),
	('cell', 'cell', '2000000 2000000 100000 12 1'),
	('outbox', 'outbox', '100000 100000 3 2 1 1'),
	('outbox', 'outbox_due', '1000 1000 2'),
	('attachment', 'attachment', '100000 100000 1'),
	('attachment', 'attachment_at', '100000 100000 1'),
	('attachment_link', 'attachment_link', '100000 100000 2 1'),
	('attachment_link', 'attachment_link_seq', '100000 100000 2'),
	('account', 'account', '100000 100000 1'),
	('account', 'account_name', '100000 100000 1'),
	('session', 'session', '100000 100000 1'),
	('session', 'session_person', '100000 100000 2'),
	('session', 'session_seen', '100000 100000 1'),
	('token', 'token', '10000 10000 1'),
	('token', 'token_person', '10000 10000 2'),
	('throttle', 'throttle', '10000 10000 1'),
	('throttle', 'throttle_last', '10000 10000 1'),
	('reading', 'reading', '1000000 1000000 10 1 1 1 1 1'),
	('reading', 'reading_reader', '1000000 1000000 100 1'),
	('trail', 'trail', '100000 100000 1 1 1 1 1 1'),
	('denied', 'denied', '100000 100000 1 1 1 1 1 1'),
	('mark', 'mark', '100000 100000 30 1'),
	('view', 'view', '500000 500000 100000 1'),
	('draft', 'draft', '10000 10000 2 1'),
	('draft', 'draft_at', '10000 10000 1');
