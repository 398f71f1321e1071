//! The hash chain of everything that changed, one per community. It holds pseudonyms and hashes of salted
//! payloads; texts lie in a side table that can be erased (ARCHITECTURE.md, "The journal can forget").

use sha2::{Digest, Sha256};

use crate::{Error, Result, Storage, Tx};

/// What is appended.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The community whose chain grows.
    pub community_id: &'a str,
    /// For example `wish.claimed`.
    pub kind: &'a str,
    /// The item concerned.
    pub number: Option<i64>,
    /// Who acted.
    pub pseudonym: Option<&'a [u8]>,
    /// Who really acted, for them; none: nobody else.
    pub proxy: Option<&'a [u8]>,
    /// When.
    pub at_ms: i64,
    /// JSON; erasable.
    pub payload: &'a str,
    /// The event that caused it; erasable.
    pub cause: &'a str,
    /// 16 random bytes, so that a short payload can't be guessed from its hash.
    pub salt: [u8; 16],
}

/// A row read back for a trail.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Link {
    /// Its place in the chain.
    pub sequence: i64,
    /// For example `wish.claimed`.
    pub kind: String,
    /// When.
    pub at_ms: i64,
    /// The display name of who acted; none if erased.
    pub name: Option<String>,
    /// Number of who acted; none if erased.
    pub person_id: Option<i64>,
    /// Somebody else acted for them.
    pub proxied: bool,
    /// The display name of that one; none if erased.
    pub proxy_name: Option<String>,
    /// JSON; none if erased.
    pub payload: Option<String>,
}

#[derive(sqlx::FromRow)]
struct Row {
    sequence: i64,
    kind: String,
    number: Option<i64>,
    pseudonym: Option<Vec<u8>>,
    proxy: Option<Vec<u8>>,
    at_ms: i64,
    payload_hash: Vec<u8>,
    previous_hash: Vec<u8>,
    hash: Vec<u8>,
    salt: Option<Vec<u8>>,
    payload: Option<String>,
}

/// What the hash of a link is made of.
struct Hashed<'a> {
    community_id: &'a str,
    sequence: i64,
    kind: &'a str,
    number: Option<i64>,
    pseudonym: Option<&'a [u8]>,
    proxy: Option<&'a [u8]>,
    at_ms: i64,
    payload_hash: &'a [u8],
    previous_hash: &'a [u8],
}

impl Hashed<'_> {
    /// Every field goes in with its length before it, and nothing with a length that nothing has, so that no two rows
    /// read the same.
    fn hash(&self) -> [u8; 32] {
        let number = self.number.map(i64::to_be_bytes);
        let fields: [Option<&[u8]>; 8] = [
            Some(self.community_id.as_bytes()),
            Some(&self.sequence.to_be_bytes()),
            Some(self.kind.as_bytes()),
            number.as_ref().map(|bytes| &bytes[..]),
            self.pseudonym,
            Some(&self.at_ms.to_be_bytes()),
            Some(self.payload_hash),
            Some(self.previous_hash),
        ];
        let mut hasher = Sha256::new();
        // Links from before there were proxies, and all without one, read as ever.
        let proxy = self.proxy.map(Some);
        for field in fields.into_iter().chain(proxy) {
            hasher.update(field.map_or(u64::MAX, |field| field.len() as u64).to_be_bytes());
            hasher.update(field.unwrap_or_default());
        }
        hasher.finalize().into()
    }
}

fn payload_hash(salt: &[u8], payload: &str) -> [u8; 32] {
    let mut hasher = Sha256::new();
    hasher.update(salt);
    hasher.update(payload.as_bytes());
    hasher.finalize().into()
}

/// Appends one link and gives its place in the chain.
pub async fn append(tx: &mut Tx, entry: Entry<'_>) -> Result<i64> {
    let last: Option<(i64, Vec<u8>)> =
        sqlx::query_as("select sequence, hash from journal where community_id = $1 order by sequence desc limit 1")
            .bind(entry.community_id)
            .fetch_optional(tx.connection())
            .await?;
    let (sequence, previous_hash) = last.map_or((1, vec![0; 32]), |(sequence, hash)| (sequence + 1, hash));
    let payload_hash = payload_hash(&entry.salt, entry.payload);
    let hash = Hashed {
        community_id: entry.community_id,
        sequence,
        kind: entry.kind,
        number: entry.number,
        pseudonym: entry.pseudonym,
        proxy: entry.proxy,
        at_ms: entry.at_ms,
        payload_hash: &payload_hash,
        previous_hash: &previous_hash,
    }
    .hash();
    sqlx::query(
        "insert into journal (community_id, sequence, kind, number, pseudonym, at_ms, payload_hash, previous_hash, hash,
         proxy) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
    )
    .bind(entry.community_id)
    .bind(sequence)
    .bind(entry.kind)
    .bind(entry.number)
    .bind(entry.pseudonym)
    .bind(entry.at_ms)
    .bind(&payload_hash[..])
    .bind(previous_hash)
    .bind(&hash[..])
    .bind(entry.proxy)
    .execute(tx.connection())
    .await?;
    sqlx::query(
        "insert into journal_payload (community_id, sequence, salt, payload, cause) values ($1, $2, $3, $4, $5)",
    )
    .bind(entry.community_id)
    .bind(sequence)
    .bind(&entry.salt[..])
    .bind(entry.payload)
    .bind(entry.cause)
    .execute(tx.connection())
    .await?;
    Ok(sequence)
}

/// The links of one item, oldest first, at most `limit`.
pub async fn of_number(tx: &mut Tx, community_id: &str, number: i64, limit: i64) -> Result<Vec<Link>> {
    Ok(sqlx::query_as(
        "select j.sequence, j.kind, j.at_ms, person.display_name as name, person.person_id, j.proxy is not null as proxied,
           other.display_name as proxy_name, p.payload
         from journal j
         left join journal_payload p on p.community_id = j.community_id and p.sequence = j.sequence
         left join pseudonym s on s.community_id = j.community_id and s.pseudonym = j.pseudonym
         left join person on person.person_id = s.person_id
         left join pseudonym o on o.community_id = j.community_id and o.pseudonym = j.proxy
         left join person other on other.person_id = o.person_id
         where j.community_id = $1 and j.number = $2 order by j.sequence limit $3",
    )
    .bind(community_id)
    .bind(number)
    .bind(limit)
    .fetch_all(tx.connection())
    .await?)
}

/// Erases what an event's links said, so that the chain still holds. False: there was nothing to erase.
pub async fn forget(tx: &mut Tx, community_id: &str, cause: &str) -> Result<bool> {
    let done = sqlx::query("delete from journal_payload where community_id = $1 and cause = $2")
        .bind(community_id)
        .bind(cause)
        .execute(tx.connection())
        .await?;
    Ok(done.rows_affected() > 0)
}

/// Checks the whole chain of a community; the first bad row is named. Erased payloads are no fault.
pub async fn verify(storage: &Storage, community_id: &str) -> Result<std::result::Result<i64, i64>> {
    let mut tx = storage.begin().await?;
    let verdict = verify_in(&mut tx, community_id).await;
    tx.roll_back().await?;
    verdict
}

/// Links are read this many at a time: a chain of years doesn't fit into memory.
const VERIFIED_AT_ONCE: i64 = 1000;

/// The same inside a transaction.
pub async fn verify_in(tx: &mut Tx, community_id: &str) -> Result<std::result::Result<i64, i64>> {
    let mut previous = vec![0; 32];
    let mut expected_sequence = 1;
    // A database that is looked at before it is migrated may know no proxies.
    let knows: Option<i64> = sqlx::query_scalar("select 1 from pragma_table_info('journal') where name = 'proxy'")
        .fetch_optional(tx.connection())
        .await?;
    let proxy = if knows.is_some() { "proxy" } else { "null as proxy" };
    let sql = format!(
        "select j.sequence, kind, number, pseudonym, {proxy}, at_ms, payload_hash, previous_hash, hash, salt, payload
         from journal j left join journal_payload p on p.community_id = j.community_id and p.sequence = j.sequence
         where j.community_id = $1 and j.sequence > $2 order by j.sequence limit $3"
    );
    // Below any number that a row may have.
    let mut after = i64::MIN;
    loop {
        let rows: Vec<Row> = sqlx::query_as(sqlx::AssertSqlSafe(sql.clone()))
            .bind(community_id)
            .bind(after)
            .bind(VERIFIED_AT_ONCE)
            .fetch_all(tx.connection())
            .await?;
        let Some(last) = rows.last() else { return Ok(Ok(expected_sequence - 1)) };
        after = last.sequence;
        for row in rows {
            let hash = Hashed {
                community_id,
                sequence: row.sequence,
                kind: &row.kind,
                number: row.number,
                pseudonym: row.pseudonym.as_deref(),
                proxy: row.proxy.as_deref(),
                at_ms: row.at_ms,
                payload_hash: &row.payload_hash,
                previous_hash: &row.previous_hash,
            }
            .hash();
            let payload_fits = match (&row.salt, &row.payload) {
                (Some(salt), Some(payload)) => payload_hash(salt, payload)[..] == row.payload_hash,
                _ => true,
            };
            let fits = row.sequence == expected_sequence && row.previous_hash == previous && hash[..] == row.hash;
            if !fits || !payload_fits {
                return Ok(Err(row.sequence));
            }
            previous = row.hash;
            expected_sequence += 1;
        }
    }
}

/// The kinds, people and payloads of one item, for the test that folds them (SPECS.md C2).
pub async fn fold_input(storage: &Storage, community_id: &str, number: i64) -> Result<Vec<Link>> {
    let mut tx = storage.begin().await?;
    let links = of_number(&mut tx, community_id, number, i64::MAX).await?;
    tx.roll_back().await?;
    if links.iter().any(|link| link.payload.is_none()) {
        return Err(Error::Inconsistent("an erased payload cannot be folded"));
    }
    Ok(links)
}
