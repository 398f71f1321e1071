-- What people asked to be reminded of (提醒我).

create table reminder (
    reminder_id integer primary key autoincrement,
    community_id text not null references community,
    person_id integer not null references person,
    number integer not null,                     -- the person's own counter, from 1
    text text not null,
    due_at_ms integer not null,
    room_id text,                                -- where it was asked; null: in the private chat
    state text not null check (state in ('waiting', 'sent', 'cancelled')),
    unique (community_id, person_id, number)
) strict;
