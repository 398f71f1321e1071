-- People, communities and rooms. Instants are UTC milliseconds in 64 bits everywhere.

create table community (
    community_id text primary key,               -- the id given in the config
    next_number integer not null default 1       -- the number the next card gets; one counter for all kinds of item
) strict;

create table person (
    person_id integer primary key,
    user_id text not null unique,                -- Matrix user id; in the console the plain name
    display_name text not null                   -- as last seen; shown on cards
) strict;

-- Who a pseudonym is. The journal and the ledger know people by pseudonym only, so that this row can be erased.
create table pseudonym (
    community_id text not null references community,
    person_id integer not null references person,
    pseudonym blob not null unique,              -- 16 random bytes
    primary key (community_id, person_id)
) strict;

create table room (
    room_id text primary key,                    -- opaque (room version 12 has no server part)
    community_id text references community,      -- null: not bound yet
    kind text check (kind in ('building', 'interest')),  -- null: not bound yet
    name text not null,                          -- what the community calls it, e.g. 3号楼
    joined_at_ms integer not null,               -- when the bot came in
    check ((community_id is null) = (kind is null))
) strict;
create index room_by_community on room (community_id);

-- A captain's wish to bind a room, waiting for one steward's yes (docs/PROTOCOL.md, Words).
create table binding_request (
    request_id integer primary key,
    room_id text not null references room,
    community_id text not null references community,
    kind text not null check (kind in ('building', 'interest')),
    name text not null,
    asked_by integer not null references person,
    captains text not null,                      -- JSON: names of those with power in the room when it was asked
    lacks text not null,                         -- JSON: rights the bot lacked when it was asked
    state text not null default 'waiting' check (state in ('waiting', 'approved', 'rejected', 'lapsed')),
    asked_at_ms integer not null
) strict;
create unique index one_waiting_request_per_room on binding_request (room_id) where state = 'waiting';

-- Captains named by a steward; those with power level 50 or more need no row.
create table captain (
    community_id text not null references community,
    room_id text not null references room,
    person_id integer not null references person,
    named_at_ms integer not null,
    primary key (room_id, person_id)
) strict;

-- The private chat with a person.
create table direct_chat (
    person_id integer primary key references person,
    room_id text unique,                         -- null: not made yet
    notice_given_at_ms integer                   -- when a room was told "私信已发"; once only
) strict;

-- A question that is answered by one digit, one per person and room; asking again replaces it.
create table question (
    room_id text not null,                       -- where it was asked; may be a private chat
    person_id integer not null references person,
    options text not null,                       -- JSON: list of ids, the first is answered by 1
    text text not null,                          -- the command that is repeated with the choice
    asked_at_ms integer not null,
    primary key (room_id, person_id)
) strict;
