-- Activities and their seats (FEATURES.md rows 13 and 14, SPECS.md 2.2).

create table activity (
    community_id text not null,
    number integer not null,
    room_id text not null references room,
    organiser_id integer not null references person,
    title text not null,
    place text not null,                         -- empty: not said
    starts_at_ms integer not null,
    ends_at_ms integer,                          -- null: not said
    capacity integer check (capacity > 0),       -- places; null: as many as come
    state text not null check (state in ('open', 'cancelled')),
    posted_at_ms integer not null,
    primary key (community_id, number),
    foreign key (community_id, number) references item,
    check (ends_at_ms is null or ends_at_ms > starts_at_ms)
) strict;
create index activity_by_start on activity (room_id, starts_at_ms) where state = 'open';

-- One row for whoever signed up, and one for each neighbour they signed up by name.
create table seat (
    seat_id integer primary key autoincrement,   -- the order of arrival
    community_id text not null,
    number integer not null,
    person_id integer not null references person,  -- who signed up
    guest text not null,                         -- signed up by name (代报名); empty: oneself
    adults integer not null check (adults > 0),
    children integer not null check (children >= 0),
    state text not null check (state in ('going', 'waiting')),
    unique (community_id, number, person_id, guest),
    foreign key (community_id, number) references activity
) strict;
create index seat_by_person on seat (person_id);
