-- What was said to the bot and what came of it, so that taking the message back undoes it and an edit can be answered.
create table command (
    event_id text primary key,                   -- of the message
    community_id text not null references community,
    person_id integer not null references person,  -- who said it
    room_id text not null,                       -- where; may be a private chat
    feature text not null,                       -- whose word it was
    text text,                                   -- as said, its beginning; null: redacted
    deed text,                                   -- JSON of the feature: what is undone; null: there is nothing to undo
    private integer not null,                    -- 1: what it was about is told nobody else
    at_ms integer not null                       -- when it was handled; rows go after the retention
) strict;
create index command_by_age on command (at_ms);

-- Messages that were edited, so that each is answered once.
create table edited (
    event_id text primary key,                   -- of the original
    reads_as_command integer not null,           -- 1: the new version would be one
    told integer not null,                       -- 1: it was said what counts; 0: the original hasn't come in yet
    at_ms integer not null                       -- when it was seen; rows go after the retention
) strict;
create index edited_by_age on edited (at_ms);

-- Rooms that the bot had to leave, and rooms that were upgraded.
alter table room add column left_at_ms integer;  -- since when the bot isn't in it; null: it is
alter table room add column moved_to text;       -- the room that took its place
alter table room add column arriving integer not null default 0;  -- 1: it took the place of another and needs no greeting

alter table poll add column withdrawn integer not null default 0;  -- 1: its starter took it back before anybody answered
alter table tap add column on_event_id text;     -- the post of the card under which it stands
