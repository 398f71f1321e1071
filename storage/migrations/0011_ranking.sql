-- Who chose to be named in the ranking of points (上榜, FEATURES.md row 79).

create table ranked (
    community_id text not null references community,
    person_id integer not null references person,  -- chose to be named
    since_ms integer not null,
    primary key (community_id, person_id)
) strict;
