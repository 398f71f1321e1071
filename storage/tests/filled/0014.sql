-- What was said is remembered, and one message was edited.
insert into command (event_id, community_id, person_id, room_id, feature, text, deed, private, at_ms)
    values ('$said', 'console', 1, '!new:example.org', 'wish', '许愿 三楼的灯坏了', '{"number":1}', 0, 1767607200000);
insert into edited (event_id, reads_as_command, told, at_ms) values ('$said', 1, 1, 1767607300000);
