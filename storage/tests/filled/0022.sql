-- Somebody chose a language, and so did a room.
update person set language = 'zh-Hant' where person_id in (select person_id from person order by person_id limit 1);
insert into room_setting (community_id, room_id, name, value)
select community_id, room_id, 'language', 'en' from room where community_id is not null order by room_id limit 1;
