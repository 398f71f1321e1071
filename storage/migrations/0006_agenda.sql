-- What falls due when, settings of rooms, and who wants quiet.

create table agenda (
    agenda_id integer primary key autoincrement,
    community_id text not null references community,
    key text not null,                           -- what for, once: 'poll.close 12', 'digest !room'
    kind text not null,                          -- which feature's business: 'poll.close', 'digest' …
    number integer,                              -- the item concerned
    room_id text,                                -- the room concerned
    person_id integer references person,         -- the person concerned
    due_at_ms integer not null,
    stale_at_ms integer,                         -- from this instant on it is dropped; null: never stale
    unasked integer not null,                    -- 1: happens inside the evening window only
    state text not null default 'waiting' check (state in ('waiting', 'done', 'dropped', 'faulted')),
    unique (community_id, key)
) strict;
create index agenda_due on agenda (due_at_ms, agenda_id) where state = 'waiting';
create index agenda_of_item on agenda (community_id, number) where state = 'waiting';

-- What a room has chosen, for example who may start polls.
create table room_setting (
    community_id text not null references community,
    room_id text not null references room,
    name text not null,                          -- 'poll'
    value text not null,                         -- 'everyone' …
    primary key (room_id, name)
) strict;

-- Those with power level 50 or more, as last seen in each bound room: whom a request beyond one room goes to. What
-- somebody may do is read anew when they do it.
create table room_captain (
    community_id text not null references community,
    room_id text not null references room,
    person_id integer not null references person,
    primary key (room_id, person_id)
) strict;

-- Who isn't to be rung by anything unasked (免打扰).
create table quiet (
    person_id integer primary key references person,
    until_ms integer                             -- null: until taken back
) strict;

-- An unasked message is sent only while the window of its community is open, whenever its turn comes.
alter table outbox add column unasked_in text references community;
alter table outbox add column stale_at_ms integer;  -- from this instant on it is dropped
-- The order in which rows go, by age and urgency (10,000: a lane's lead in milliseconds, see outbox.rs).
create index outbox_next on outbox (created_at_ms + lane * 10000, outbox_id) where state = 'queued';
create index outbox_edits_sent on outbox (target_id, sent_at_ms) where kind = 'edit' and state = 'sent';
