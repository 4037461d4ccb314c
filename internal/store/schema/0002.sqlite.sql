INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('outbox', 'outbox_person', '100000 100000 20 1');
