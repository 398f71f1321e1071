-- A card was posted anew after a hundred edits, on a homeserver that once said that it was too much.
insert into former_post (post_id, card_id) select post_id, card_id from card order by card_id limit 1;
insert into rate_limit (only, refused_at_ms, wait_ms, times) values (1, 1767607200000, 5000, 3);
