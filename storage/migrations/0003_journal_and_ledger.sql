-- The chain of everything that changed, and the points. Rows are never updated or deleted (ARCHITECTURE.md, Rules).

create table journal (
    community_id text not null references community,
    sequence integer not null,                   -- 1, 2, 3 … within the community
    kind text not null,                          -- e.g. wish.claimed, ledger.transfer
    number integer,                              -- the item concerned
    pseudonym blob,                              -- who acted
    at_ms integer not null,
    payload_hash blob not null,                  -- SHA-256 of salt and payload, both in journal_payload
    previous_hash blob not null,                 -- of the row before; 32 zero bytes at the start
    hash blob not null,                          -- SHA-256 over all columns above
    primary key (community_id, sequence)
) strict;
create index journal_by_number on journal (community_id, number);
create trigger journal_is_never_updated before update on journal
    begin select raise(abort, 'journal rows are never updated'); end;
create trigger journal_is_never_deleted before delete on journal
    begin select raise(abort, 'journal rows are never deleted'); end;

-- `insert or replace` deletes without asking the trigger above.
create trigger journal_is_never_replaced before insert on journal
    when exists (select 1 from journal where community_id = new.community_id and sequence = new.sequence)
    begin select raise(abort, 'journal rows are never replaced'); end;

-- Texts and causes; may be erased without breaking the chain.
create table journal_payload (
    community_id text not null,
    sequence integer not null,
    salt blob not null,
    payload text not null,                       -- JSON
    cause text not null,                         -- event id
    primary key (community_id, sequence),
    foreign key (community_id, sequence) references journal
) strict;

create table account (
    account_id integer primary key,
    community_id text not null references community,
    currency text not null,                      -- 'points'
    kind text not null check (kind in ('issuer', 'person')),
    pseudonym blob,                              -- the holder; null for the issuer
    check ((kind = 'person') = (pseudonym is not null))
) strict;
create unique index one_issuer on account (community_id, currency) where kind = 'issuer';
create unique index one_account_per_person on account (community_id, currency, pseudonym) where kind = 'person';

create table transfer (
    transfer_id integer primary key,
    community_id text not null references community,
    currency text not null,
    rule text not null,                          -- e.g. wish_fulfilled
    number integer not null,                     -- the item it was earned with
    debit_account_id integer not null references account,
    credit_account_id integer not null references account,
    amount integer not null check (amount > 0),
    at_ms integer not null,
    journal_sequence integer not null,           -- its link of the chain
    unique (community_id, rule, number, credit_account_id),  -- pays once
    foreign key (community_id, journal_sequence) references journal (community_id, sequence),
    check (debit_account_id <> credit_account_id)
) strict;
create index transfer_by_credit on transfer (credit_account_id, at_ms);
create index transfer_by_debit on transfer (debit_account_id, at_ms);
create trigger transfer_is_never_updated before update on transfer
    begin select raise(abort, 'transfers are never updated'); end;
create trigger transfer_is_never_deleted before delete on transfer
    begin select raise(abort, 'transfers are never deleted'); end;
create trigger transfer_is_never_replaced before insert on transfer
    when exists (select 1 from transfer where transfer_id = new.transfer_id
        or (community_id = new.community_id and rule = new.rule and number = new.number
            and credit_account_id = new.credit_account_id))
    begin select raise(abort, 'transfers are never replaced'); end;
