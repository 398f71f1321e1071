-- People and rooms choose the language in which they are spoken to.

-- The language that this person has chosen for what is said to them privately ('zh-CN', 'zh-Hant', 'en'); none: that of the
-- community. What a room has chosen stands in room_setting, under the name 'language'.
alter table person add column language text;
