-- What came in and what is to go out. Both drop people and texts after the retention.

create table inbox (
    sequence integer primary key autoincrement,  -- the order of arrival
    event_id text not null unique,
    room_id text not null,
    state text not null check (state in ('handled', 'refused', 'faulted', 'waiting')),  -- waiting: for its key
    attempts integer not null default 0,         -- how often the process died while this was being handled
    sent_at_ms integer not null,                 -- origin_server_ts
    first_seen_at_ms integer not null,
    fault_code text,                             -- four digits, for `lamplighter fault`
    fault_text text,                             -- the technical cause, without names or message text
    raw text                                     -- the encrypted event's JSON while waiting
) strict;
create index inbox_waiting on inbox (sequence) where state = 'waiting';
create index inbox_fault on inbox (fault_code) where fault_code is not null;

-- The position in the homeserver's stream up to which everything is committed. One row.
create table sync_cursor (
    only integer primary key check (only = 1),
    next_batch text not null
) strict;

create table outbox (
    outbox_id integer primary key autoincrement,
    cause text not null,                         -- event id, or key of an agenda row
    ordinal integer not null,                    -- 0, 1, 2 … within the cause
    transaction_id text not null unique,         -- made from cause and ordinal: a retry is the same message
    kind text not null check (kind in ('post', 'edit', 'tap', 'untap')),
    room_id text,                                -- where to; null: the private chat of person_id
    person_id integer references person,         -- to whom, privately
    fallback_room_id text,                       -- the room that is told when a private chat isn't open
    target_id integer references outbox,         -- the row that an edit, tap or untap is about
    target_event_id text,                        -- or a resident's event
    lane integer not null,                       -- 0 answer, 1 ping, 2 edit and chip, 3 digest
    stream text not null,                        -- rows of one stream go out in order
    content text,                                -- JSON; dropped after the retention
    state text not null default 'queued' check (state in ('queued', 'sent', 'superseded', 'parked', 'dropped')),
    attempts integer not null default 0,
    not_before_ms integer not null default 0,    -- after a failure
    created_at_ms integer not null,
    sent_at_ms integer,
    event_id text unique,                        -- what the homeserver called it
    last_error text,
    unique (cause, ordinal),
    check (room_id is not null or person_id is not null)
) strict;
create index outbox_queue on outbox (stream, outbox_id) where state = 'queued';
create index outbox_parked on outbox (outbox_id) where state = 'parked';
create index outbox_queued_edit on outbox (target_id) where state = 'queued' and kind = 'edit';
