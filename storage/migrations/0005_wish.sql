-- Wishes (FEATURES.md rows 1-3, SPECS.md 2.1).

create table wish (
    community_id text not null,
    number integer not null,
    room_id text not null references room,
    wisher_id integer not null references person,
    text text not null,
    state text not null check (state in ('open', 'claimed', 'done', 'confirmed', 'withdrawn')),
    helper_id integer references person,         -- set in claimed, done and confirmed
    posted_at_ms integer not null,
    changed_at_ms integer not null,
    primary key (community_id, number),
    foreign key (community_id, number) references item,
    check (helper_id is null or helper_id <> wisher_id),
    check ((state in ('claimed', 'done', 'confirmed')) = (helper_id is not null))
) strict;
create index wish_by_room on wish (room_id, state, number);
create index wish_by_wisher on wish (community_id, wisher_id, number);
create index wish_by_helper on wish (community_id, helper_id, number);

create table wish_standby (
    community_id text not null,
    number integer not null,
    person_id integer not null references person,
    place integer not null,                      -- order of the queue, from 0
    answer text not null default 'waiting' check (answer in ('waiting', 'asked', 'declined')),  -- to the offer
    primary key (community_id, number, person_id),
    foreign key (community_id, number) references wish
) strict;
