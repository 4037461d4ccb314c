-- Nothing is changed or removed in the record but by erasure, which blanks
-- fields and salt together.
CREATE FUNCTION record_unchanged() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF NEW.fields IS NOT NULL OR NEW.salt IS NOT NULL
		OR (NEW.region, NEW.seq, NEW.time, NEW."on", NEW.actor, NEW.role, NEW.behalf, NEW.org, NEW.matter, NEW.kind, NEW.edition, NEW.corrects, NEW.blind, NEW.digest)
		IS DISTINCT FROM
		(OLD.region, OLD.seq, OLD.time, OLD."on", OLD.actor, OLD.role, OLD.behalf, OLD.org, OLD.matter, OLD.kind, OLD.edition, OLD.corrects, OLD.blind, OLD.digest)
	THEN
		RAISE EXCEPTION 'the record is never changed';
	END IF;
	RETURN NEW;
END
$$;
CREATE FUNCTION kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME;
END
$$;
CREATE TRIGGER record_unchanged BEFORE UPDATE ON record FOR EACH ROW EXECUTE FUNCTION record_unchanged();
CREATE TRIGGER record_stays BEFORE DELETE OR TRUNCATE ON record FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER reading_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON reading FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER trail_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON trail FOR EACH STATEMENT EXECUTE FUNCTION kept();
CREATE TRIGGER denied_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON denied FOR EACH STATEMENT EXECUTE FUNCTION kept();
