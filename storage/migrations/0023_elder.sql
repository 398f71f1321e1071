-- Who has asked for large letters, plain words and answers by a digit (长辈模式). What a room has asked for stands among
-- its settings.
create table elder (
    person_id integer primary key references person
) strict;
