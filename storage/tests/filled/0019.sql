-- A room in which nothing could be read, told so once, and readable again; one message there was given up.
insert into unreadable_room (room_id, in_a_row, since_ms, told_at_ms) values ('!new:example.org', 0, 1767607200000, 1767607500000);
insert into inbox (event_id, room_id, state, sent_at_ms, first_seen_at_ms, given_up_at_ms)
    values ('$unread', '!new:example.org', 'handled', 1767607200000, 1767607200000, 1768212000000);
