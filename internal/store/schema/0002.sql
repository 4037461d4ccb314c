-- Delivered notices are read by whom they are for, newest first.
CREATE INDEX outbox_person ON outbox (region, person, seq);
