-- Party members who have checked in (FEATURES.md row 82, SPECS.md 2.11) and their tasks (row 81).

create table check_in (
    check_in_id integer primary key,
    community_id text not null references community,
    person_id integer not null references person,
    note text not null,                          -- unit, skills, free time, as written; empty: nothing was said
    state text not null check (state in ('submitted', 'confirmed', 'rejected', 'closed')),
    asked_at_ms integer not null,
    decided_by integer references person
) strict;
create unique index one_check_in_at_a_time on check_in (community_id, person_id) where state in ('submitted', 'confirmed');

create table task (
    community_id text not null,
    number integer not null,
    room_id text not null references room,       -- the room whose captain asks
    starter_id integer not null references person,
    text text not null,
    starts_at_ms integer not null,
    grain text not null check (grain in ('minute', 'half_day', 'day')),  -- how exactly the time was said
    places integer check (places > 0),           -- null: as many as come
    state text not null check (state in ('waiting', 'sent', 'cancelled')),  -- waiting: for the evening window
    posted_at_ms integer not null,
    primary key (community_id, number),
    foreign key (community_id, number) references item
) strict;

create table task_answer (
    community_id text not null,
    number integer not null,
    person_id integer not null references person,
    answer text not null check (answer in ('silent', 'accepted', 'declined')),
    answered_at_ms integer,
    followed_up integer not null default 0,      -- asked a second time
    primary key (community_id, number, person_id),
    foreign key (community_id, number) references task
) strict;
