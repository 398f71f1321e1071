-- Numbered items, the cards that show them, and the taps on those.

create table item (
    community_id text not null references community,
    number integer not null,
    kind text not null,                          -- 'wish', …
    room_id text not null references room,
    primary key (community_id, number)
) strict;

create table card (
    card_id integer primary key,
    community_id text not null references community,
    kind text not null,                          -- 'wish', 'wish_offer', 'binding_request', …
    number integer not null,                     -- of the item (or of the request)
    room_id text,                                -- where it stands; null: a private chat
    person_id integer references person,         -- whose private chat
    post_id integer not null unique references outbox,
    open integer not null default 1              -- can still be acted on
) strict;
create index card_by_number on card (community_id, kind, number);
create index card_open_in_room on card (room_id, kind) where open = 1;

-- The chips that the bot put under a card.
create table chip (
    card_id integer not null references card,
    key text not null,
    tap_id integer not null references outbox,
    primary key (card_id, key)
) strict;

-- What people tapped, so that a redaction is understood.
create table tap (
    event_id text primary key,                   -- of the reaction
    card_id integer not null references card,
    person_id integer not null references person,
    key text not null,
    redacted integer not null default 0          -- taken back, or refused: nothing to take back any more
) strict;
create index tap_standing on tap (card_id, person_id) where redacted = 0;

-- Who has been told that a tap wasn't theirs to make; once a card.
create table tap_notice (
    card_id integer not null references card,
    person_id integer not null references person,
    primary key (card_id, person_id)
) strict;
