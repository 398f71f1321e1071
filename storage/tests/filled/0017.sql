-- Somebody was forgotten while a poll was open that they had answered.
insert into forgotten_event (community_id, number, event_hash) values ('console', 4, x'00112233');
