-- A database that was restored from a backup begins a new epoch: what it says is never taken for what was said between
-- the backup and the restore, and numbers go on beyond any that was given then (ARCHITECTURE.md, "A backup is restored").

create table epoch (
    epoch_id text primary key,                   -- eight hexadecimal digits, part of every transaction id from then on
    begun_at_ms integer not null,
    backup_at_ms integer,                        -- the last instant the backup knows; null: a database that is new
    caught_up_at_ms integer                      -- when all that was said since the backup had been read; null: not yet
) strict;

-- What the bot said after the backup was taken: known by its echo alone. What says the same again takes it over.
create table lost_echo (
    event_id text primary key,
    room_id text not null,
    tail text not null,                          -- of the transaction id: the hash of cause and ordinal
    epoch_id text not null,                      -- of the transaction id; empty: from before epochs
    kind text not null check (kind in ('post', 'edit', 'tap', 'end')),  -- end: of a native poll
    about_event_id text,                         -- what an edit, tap or end is about
    content text,                                -- of a tap, as the outbox writes it
    number integer,                              -- of the item that a card shows
    said_at_ms integer not null,
    outbox_id integer references outbox,         -- the row that took it over
    void integer not null default 0              -- 1: a card that nothing took over; it says so
) strict;
create index lost_echo_by_tail on lost_echo (tail);
create index lost_echo_by_target on lost_echo (about_event_id);
create index lost_echo_taken on lost_echo (outbox_id) where outbox_id is not null;
