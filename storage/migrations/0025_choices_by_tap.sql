-- Questions with a few answers are answered by a tap on a chip too.

-- The row of the outbox that asks, under which the chips stand; null: by digits only, or the question awaits words.
alter table question add column post_id integer;
-- The room that was chosen before this was asked; null: none.
alter table question add column chosen_room_id text;
create index question_post on question (post_id);
