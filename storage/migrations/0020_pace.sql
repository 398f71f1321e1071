-- What is said when the homeserver lets little through, and cards that were posted anew.

-- An answer that the card shows as well: a ✅ on a word. It may be left out once the card's edit is there.
alter table outbox add column shown_by integer references outbox;
-- The message that this one links to: it waits until that has an event id.
alter table outbox add column points_to integer references outbox;

-- A card that was edited too often is posted anew; taps and replies under the earlier messages still mean the card.
create table former_post (
    post_id integer primary key references outbox,
    card_id integer not null references card
) strict;
create index former_post_of_card on former_post (card_id);

-- When the homeserver last said that we send too much, for the operator. One row.
create table rate_limit (
    only integer primary key check (only = 1),
    refused_at_ms integer not null,
    wait_ms integer not null,                    -- for how long, that time
    times integer not null                       -- how often in all
) strict;
