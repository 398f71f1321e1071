-- Somebody was asked below a message with chips, after a room was chosen.
update question set awaits = 'digit', post_id = (select min(outbox_id) from outbox), chosen_room_id = '!chosen:example.org'
where person_id in (select person_id from question order by person_id limit 1);
