-- What is done for somebody (代), voice messages, and practice (教我).

-- Who may act for whom, apart from the captains of the room.
create table helper (
    community_id text not null references community,
    person_id integer not null references person,   -- who is helped
    helper_id integer not null references person,
    named_by integer not null references person,    -- whoever is helped, or a captain for them
    named_at_ms integer not null,
    primary key (community_id, person_id, helper_id)
) strict;

-- Who wants nobody to act for them.
create table no_proxy (
    community_id text not null references community,
    person_id integer not null references person,
    since_ms integer not null,
    primary key (community_id, person_id)
) strict;

-- What was done for somebody, so that they can take it back; kept as long as the command is.
create table acted_for (
    acted_id integer primary key,
    community_id text not null references community,
    event_id text not null unique,                  -- the message; its command is the person's for whom it was said
    person_id integer not null references person,   -- for whom
    proxy_id integer not null references person,    -- who said it
    undone integer not null default 0,              -- 1: taken back
    at_ms integer not null
) strict;
create index acted_for_by_person on acted_for (person_id, at_ms);

-- The pseudonym of who really acted, where `pseudonym` is that of the person for whom; null: nobody acted for anybody. It is
-- part of the hash where it is there.
alter table journal add column proxy blob;

-- 1: somebody else signed this person up.
alter table seat add column by_proxy integer not null default 0;
-- 1: somebody else posted it for the wisher.
alter table wish add column by_proxy integer not null default 0;

-- Who left a voice message that the bot can't understand; captains are told in the evening.
create table voice_message (
    voice_id integer primary key,
    community_id text not null references community,
    room_id text not null references room,          -- whose captains are told
    person_id integer not null references person,
    direct integer not null,                        -- 1: in the private chat
    left_at_ms integer not null,
    told_at_ms integer                              -- when the captains were told
) strict;
create index voice_message_by_room on voice_message (room_id, told_at_ms);

-- Who practises just now, and how far they are.
create table practice (
    person_id integer primary key references person,
    step integer not null,
    since_ms integer not null                       -- when they last did something
) strict;
