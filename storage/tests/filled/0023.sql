-- Somebody wants large letters.
insert into elder (person_id) select min(person_id) from person;
