-- Somebody was asked what was missing.
update question set awaits = 'words' where person_id in (select person_id from question order by person_id limit 1);
