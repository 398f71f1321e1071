-- Somebody has a helper who signed them up, left a voice message, and practises; somebody else wants nobody to act for them.
insert into helper (community_id, person_id, helper_id, named_by, named_at_ms)
  select community.community_id, a.person_id, b.person_id, a.person_id, 1767607200000
  from community, person a, person b where a.person_id < b.person_id order by 1, 2, 3 limit 1;
insert into no_proxy (community_id, person_id, since_ms)
  select community_id, person_id, 1767607200000 from community, person order by 1, 2 limit 1;
insert into acted_for (community_id, event_id, person_id, proxy_id, at_ms)
  select community_id, '$for', person_id, helper_id, 1767607200000 from helper;
insert into voice_message (community_id, room_id, person_id, direct, left_at_ms)
  select community_id, room_id, (select min(person_id) from person), 1, 1767607200000
  from room where community_id is not null order by room_id limit 1;
insert into practice (person_id, step, since_ms) select min(person_id), 2, 1767607200000 from person;
update seat set by_proxy = 1;
update wish set by_proxy = 1;
