-- A backup was restored yesterday; one card of the lost time was taken over, another says that it is void.
insert into epoch (epoch_id, begun_at_ms, backup_at_ms, caught_up_at_ms)
    values ('0badcafe', 1767693600000, 1767607200000, 1767693660000);
insert into lost_echo (event_id, room_id, tail, epoch_id, kind, about_event_id, content, number, said_at_ms, outbox_id, void)
    values ('$taken', '!new:example.org', 'aa', '', 'post', null, null, 7, 1767610800000, 1, 0),
           ('$void', '!new:example.org', 'bb', '', 'post', null, null, 8, 1767610800000, null, 1),
           ('$chip', '!new:example.org', 'cc', '', 'tap', '$void', '{"tap":{"key":"✋ 我来"}}', null, 1767610800000, null, 0);
