-- Reminders for everybody in a room (提醒大家), and how fast people and rooms may make the bot work.

alter table reminder add column whole_room integer not null default 0 check (whole_room in (0, 1));  -- 1: room_id is told

-- Token buckets against floods. Kept here, so that a restart gives nobody a full bucket and the same events in the same
-- order leave the same level. A row that is old is full again, and is deleted.
create table bucket (
    kind text not null check (kind in ('command', 'tap', 'room')),  -- of a person's commands, of their taps, of a room's answers
    subject text not null,                       -- the person's number, or the room's id
    level_milli integer not null,                -- thousandths of what may still be done at once
    at_ms integer not null,                      -- when that was so; never goes back
    dry integer not null check (dry in (0, 1)),  -- 1: it ran empty and hasn't recovered yet, so nothing is done
    notice_at_ms integer,                        -- when somebody was last told so
    primary key (kind, subject)
) strict;
create index bucket_by_age on bucket (at_ms);
