-- Somebody brings something along.
update seat set note = '带饺子皮';
