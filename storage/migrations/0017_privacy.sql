-- What people can have erased (忘记我). The tables that hold something of theirs are gone through one by one in
-- storage/src/privacy/erase.rs; a test asks for a decision about every column of every table.

-- 1: what it says is dropped as soon as it is sent (a file with somebody's data, what is said at a farewell).
alter table outbox add column forget_when_sent integer not null default 0;

-- Answers of people who were forgotten to polls that are still open: the room still shows them, and reading it back must not
-- bring them in again. Only a hash is kept, and only until the result is said.
create table forgotten_event (
    community_id text not null references community,
    number integer not null,                     -- of the item that it belonged to
    event_hash blob not null,                    -- SHA-256 of the event's id
    primary key (community_id, number, event_hash)
) strict;
