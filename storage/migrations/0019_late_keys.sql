-- What could be read only later stands where it would have stood if it had been read at once: places are sequences of the
-- inbox. Rows of before have place 0, so whatever was there stays first.

alter table inbox add column session_id text;        -- the room key that is waited for
alter table inbox add column given_up_at_ms integer; -- waited in vain until then; never handled
create index inbox_by_session on inbox (session_id) where state = 'waiting';

alter table wish add column claim_place integer not null default 0;            -- of the helper's claim
alter table wish_standby add column arrival_place integer not null default 0;  -- of standing by
alter table seat add column arrival_place integer not null default 0;          -- of signing up; the order of the roster
alter table ballot add column arrival_place integer not null default 0;        -- decides between answers of one instant

-- When a card closed, so that what was said before and read later finds it; null: open, or closed before this was kept.
alter table card add column closed_at_ms integer;

-- Rooms of whose messages the bot can read none. One row for each room in which the last ones couldn't be read.
create table unreadable_room (
    room_id text primary key,
    in_a_row integer not null,                       -- messages that couldn't be read since one could
    since_ms integer not null,                       -- when the first of them was seen
    told_at_ms integer                               -- when the room was last told
) strict;
