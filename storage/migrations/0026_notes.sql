-- What a 接龙 says behind a name apart from who comes (带饺子皮); empty: nothing.
alter table seat add column note text not null default '';
