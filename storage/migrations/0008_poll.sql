-- Quick polls (FEATURES.md rows 31 and 32, SPECS.md 2.3).

create table poll (
    community_id text not null,
    number integer not null,
    room_id text not null references room,       -- where it was started
    starter_id integer not null references person,
    question text not null,
    options text not null,                       -- JSON: list of texts; the first is answered by 1
    closes_at_ms integer not null,               -- answers count up to this instant
    state text not null check (state in ('open', 'closed', 'announced')),
    posted_at_ms integer not null,
    turnout integer not null default 0,          -- how many have an answer that stands, kept with every ballot
    primary key (community_id, number),
    foreign key (community_id, number) references item
) strict;

create index poll_closing on poll (community_id, closes_at_ms) where state = 'open';

-- Answers as they came; the last one of a person by at_ms counts, then the last by ballot_id.
create table ballot (
    ballot_id integer primary key autoincrement, -- the order of arrival
    community_id text not null,
    number integer not null,
    person_id integer not null references person,
    event_id text not null unique,
    room_id text,                                -- the room it was given in; null: by private message
    choice integer,                              -- 1 for the first option; null: no vote, or one that can't be counted
    at_ms integer not null,                      -- origin_server_ts, but no later than we first saw it
    native integer not null,                     -- 1: an answer to the native poll, 0: typed
    struck integer not null default 0,           -- 1: taken back, or not among what the room shows
    foreign key (community_id, number) references poll
) strict;
create index ballot_latest on ballot (community_id, number, person_id, at_ms, ballot_id) where struck = 0;
