-- Somebody had been in a hurry.
insert into bucket (kind, subject, level_milli, at_ms, dry, notice_at_ms) values ('command', '1', 500, 1767607200000, 0, 1767607200000);
