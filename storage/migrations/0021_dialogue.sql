-- A command with something missing waits for it.

-- What answers the question: 'digit' (one of the options), 'words' (the next thing that this person says there), or 'reply'
-- (somebody else has spoken there since, so that only a reply to the bot is sure to be meant for it).
alter table question add column awaits text not null default 'digit' check (awaits in ('digit', 'words', 'reply'));
