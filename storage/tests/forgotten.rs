//! Every column of every table has an answer to the question what becomes of it when somebody is forgotten: a new one fails
//! here until it has. That the answers are true is tested by conversations (`commands/tests/forgotten.rs`), which look for a
//! forgotten person's marks in every column.

use std::collections::BTreeSet;

use lamplighter_storage::{Location, Storage, privacy};

/// Columns that hold something of a person, and what becomes of it.
const PERSONAL: &[(&str, &str)] = &[
    ("person.user_id", "'forgotten' and the number"),
    ("person.display_name", "a neighbour who left"),
    ("person.language", "none"),
    ("pseudonym.pseudonym", "the row goes: nothing leads from journal and ledger to anybody"),
    ("pseudonym.person_id", "the row goes"),
    ("bucket.subject", "the row goes, if it is theirs and not a room's"),
    ("binding_request.asked_by", "a number that leads to nobody"),
    ("binding_request.captains", "the name goes from the list"),
    ("binding_request.name", "erased, unless it became the name of the room"),
    ("captain.person_id", "the row goes"),
    ("command.event_id", "the row goes"),
    ("command.person_id", "the row goes"),
    ("command.room_id", "the row goes"),
    ("command.text", "the row goes; of others that name them, too"),
    ("command.deed", "the row goes"),
    ("edited.event_id", "stays without anybody's name until the retention, as in the inbox"),
    ("room_captain.person_id", "the row goes; whoever has power in the room is met there again"),
    ("helper.person_id", "the row goes"),
    ("helper.helper_id", "the row goes"),
    ("helper.named_by", "whoever is helped"),
    ("no_proxy.person_id", "the row goes"),
    ("acted_for.event_id", "the row goes"),
    ("acted_for.person_id", "the row goes"),
    ("acted_for.proxy_id", "the row goes"),
    ("voice_message.person_id", "the row goes"),
    ("practice.person_id", "the row goes"),
    ("direct_chat.person_id", "the row goes"),
    ("direct_chat.room_id", "the row goes"),
    ("question.person_id", "the row goes"),
    ("question.text", "the row goes"),
    ("inbox.event_id", "stays without anybody's name until the retention, so that nothing is handled twice"),
    ("inbox.room_id", "empty where it was their private chat"),
    ("inbox.raw", "goes where it names them"),
    ("inbox.session_id", "goes with what it is the key of"),
    ("unreadable_room.room_id", "the row goes where it was their private chat"),
    ("outbox.cause", "goes where it was sent, and with all that the farewell says"),
    ("outbox.person_id", "a number that leads to nobody"),
    ("outbox.content", "goes where it was sent; what waits loses name and id"),
    ("outbox.room_id", "the rows in their private chat go when the bot has left it"),
    ("outbox.stream", "as room_id"),
    ("outbox.target_event_id", "goes where it was sent"),
    ("outbox.event_id", "goes for what was told them privately"),
    ("outbox.last_error", "goes for what was told them privately"),
    ("journal.proxy", "stays; nothing leads from it to anybody"),
    ("journal.pseudonym", "stays; nothing leads from it to anybody"),
    ("journal_payload.payload", "the row goes; that of a transfer stays, it is the ledger's"),
    ("journal_payload.cause", "empty wherever it was their event"),
    ("account.pseudonym", "stays; nothing leads from it to anybody"),
    ("card.person_id", "cards in their private chat go"),
    ("tap.person_id", "the row goes"),
    ("tap.event_id", "the row goes; a hash stays while the card is open"),
    ("tap_notice.person_id", "the row goes"),
    ("wish.wisher_id", "a number that leads to nobody"),
    ("wish.helper_id", "a number that leads to nobody; where it is open, given back"),
    ("wish.text", "erased"),
    ("wish_standby.person_id", "the row goes"),
    ("agenda.key", "loses the event that ended a poll"),
    ("agenda.person_id", "the row goes"),
    ("quiet.person_id", "the row goes"),
    ("elder.person_id", "the row goes"),
    ("activity.organiser_id", "a number that leads to nobody; what is to come is called off"),
    ("activity.title", "erased"),
    ("activity.place", "erased"),
    ("seat.person_id", "the row goes; a number that leads to nobody where it has taken place"),
    ("seat.guest", "a neighbour who left, and a number"),
    ("seat.note", "erased"),
    ("poll.starter_id", "a number that leads to nobody; an open one ends"),
    ("poll.question", "erased"),
    ("poll.options", "numbers"),
    ("ballot.person_id", "the row goes; where the result was said, a number that leads to nobody"),
    ("ballot.event_id", "'forgotten' and the number"),
    ("check_in.person_id", "a number that leads to nobody"),
    ("check_in.note", "erased"),
    ("check_in.decided_by", "a number that leads to nobody"),
    ("task.starter_id", "a number that leads to nobody; what is to come is called off"),
    ("task.text", "erased"),
    ("task_answer.person_id", "the row goes"),
    ("reminder.person_id", "the row goes"),
    ("reminder.text", "the row goes"),
    ("ranked.person_id", "the row goes"),
    ("lost_echo.about_event_id", "goes where it was taken over; the row goes with the retention"),
    ("forgotten_event.event_hash", "goes once the result is said or the card is closed"),
];

/// Columns in which nothing of a person stands: numbers of items, states, instants, rooms, hashes, settings.
#[rustfmt::skip] // one line a table
const IMPERSONAL: &[&str] = &[
    "acted_for.acted_id", "acted_for.at_ms", "acted_for.community_id", "acted_for.undone",
    "helper.community_id", "helper.named_at_ms", "no_proxy.community_id", "no_proxy.since_ms",
    "practice.since_ms", "practice.step", "seat.by_proxy", "wish.by_proxy",
    "voice_message.community_id", "voice_message.direct", "voice_message.left_at_ms", "voice_message.room_id",
    "voice_message.told_at_ms", "voice_message.voice_id",
    "account.account_id", "account.community_id", "account.currency", "account.kind",
    "activity.capacity", "activity.community_id", "activity.ends_at_ms", "activity.number", "activity.posted_at_ms",
    "activity.room_id", "activity.starts_at_ms", "activity.state",
    "agenda.agenda_id", "agenda.community_id", "agenda.due_at_ms", "agenda.kind", "agenda.number", "agenda.room_id",
    "agenda.stale_at_ms", "agenda.state", "agenda.unasked",
    "ballot.arrival_place", "ballot.at_ms", "ballot.ballot_id", "ballot.choice", "ballot.community_id", "ballot.native", "ballot.number",
    "ballot.room_id", "ballot.struck",
    "binding_request.asked_at_ms", "binding_request.community_id", "binding_request.kind", "binding_request.lacks",
    "binding_request.request_id", "binding_request.room_id", "binding_request.state",
    "bucket.at_ms", "bucket.dry", "bucket.kind", "bucket.level_milli", "bucket.notice_at_ms",
    "captain.community_id", "captain.named_at_ms", "captain.room_id",
    "card.card_id", "card.closed_at_ms", "card.community_id", "card.kind", "card.number", "card.open", "card.post_id", "card.room_id",
    "check_in.asked_at_ms", "check_in.check_in_id", "check_in.community_id", "check_in.state",
    "chip.card_id", "chip.key", "chip.tap_id",
    "command.at_ms", "command.community_id", "command.feature", "command.private",
    "community.community_id", "community.next_number",
    "direct_chat.notice_given_at_ms",
    "edited.at_ms", "edited.reads_as_command", "edited.told",
    "epoch.backup_at_ms", "epoch.begun_at_ms", "epoch.caught_up_at_ms", "epoch.epoch_id",
    "forgotten_event.community_id", "forgotten_event.number",
    "inbox.attempts", "inbox.fault_code", "inbox.fault_text", "inbox.first_seen_at_ms", "inbox.given_up_at_ms", "inbox.sent_at_ms",
    "inbox.sequence", "inbox.state",
    "item.community_id", "item.kind", "item.number", "item.room_id",
    "journal.at_ms", "journal.community_id", "journal.hash", "journal.kind", "journal.number", "journal.payload_hash",
    "journal.previous_hash", "journal.sequence",
    "journal_payload.community_id", "journal_payload.salt", "journal_payload.sequence",
    "lost_echo.content", "lost_echo.epoch_id", "lost_echo.event_id", "lost_echo.kind", "lost_echo.number",
    "lost_echo.outbox_id", "lost_echo.room_id", "lost_echo.said_at_ms", "lost_echo.tail", "lost_echo.void",
    "outbox.attempts", "outbox.created_at_ms", "outbox.fallback_room_id", "outbox.forget_when_sent", "outbox.kind",
    "outbox.lane", "outbox.not_before_ms", "outbox.ordinal", "outbox.outbox_id", "outbox.points_to",
    "outbox.sent_at_ms", "outbox.shown_by", "outbox.stale_at_ms", "outbox.state", "outbox.target_id",
    "outbox.transaction_id", "outbox.unasked_in",
    "person.person_id",
    "poll.closes_at_ms", "poll.community_id", "poll.number", "poll.posted_at_ms", "poll.room_id", "poll.state",
    "poll.turnout", "poll.withdrawn",
    "pseudonym.community_id",
    "question.asked_at_ms", "question.awaits", "question.chosen_room_id", "question.options", "question.post_id",
    "question.room_id",
    "quiet.until_ms",
    "ranked.community_id", "ranked.since_ms",
    "reminder.community_id", "reminder.due_at_ms", "reminder.number", "reminder.reminder_id", "reminder.room_id",
    "reminder.state", "reminder.whole_room",
    "room.arriving", "room.community_id", "room.joined_at_ms", "room.kind", "room.left_at_ms", "room.moved_to", "room.name", "room.room_id",
    "room_captain.community_id", "room_captain.room_id",
    "room_setting.community_id", "room_setting.name", "room_setting.room_id", "room_setting.value",
    "seat.adults", "seat.arrival_place", "seat.children", "seat.community_id", "seat.number", "seat.seat_id", "seat.state",
    "sync_cursor.next_batch", "sync_cursor.only",
    "tap.card_id", "tap.key", "tap.on_event_id", "tap.redacted",
    "former_post.post_id", "former_post.card_id",
    "rate_limit.only", "rate_limit.refused_at_ms", "rate_limit.wait_ms", "rate_limit.times",
    "tap_notice.card_id",
    "task.community_id", "task.grain", "task.number", "task.places", "task.posted_at_ms", "task.room_id",
    "task.starts_at_ms", "task.state",
    "task_answer.answer", "task_answer.answered_at_ms", "task_answer.community_id", "task_answer.followed_up",
    "task_answer.number",
    "transfer.amount", "transfer.at_ms", "transfer.community_id", "transfer.credit_account_id", "transfer.currency",
    "transfer.debit_account_id", "transfer.journal_sequence", "transfer.number", "transfer.rule", "transfer.transfer_id",
    "unreadable_room.in_a_row", "unreadable_room.since_ms", "unreadable_room.told_at_ms",
    "wish.changed_at_ms", "wish.claim_place", "wish.community_id", "wish.number", "wish.posted_at_ms", "wish.room_id", "wish.state",
    "wish_standby.answer", "wish_standby.arrival_place", "wish_standby.community_id", "wish_standby.number", "wish_standby.place",
];

#[tokio::test]
async fn every_column_has_been_thought_of() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let columns: BTreeSet<String> = privacy::every_column(&storage)
        .await
        .expect("the tables")
        .into_iter()
        .map(|(table, column)| format!("{table}.{column}"))
        .collect();
    let decided: BTreeSet<String> =
        PERSONAL.iter().map(|(column, _)| *column).chain(IMPERSONAL.iter().copied()).map(str::to_owned).collect();
    let new: Vec<_> = columns.difference(&decided).collect();
    let gone: Vec<_> = decided.difference(&columns).collect();
    assert!(
        new.is_empty() && gone.is_empty(),
        "say here what becomes of these columns when somebody is forgotten, and see to it in \
         storage/src/privacy/erase.rs: {new:?}; these are gone: {gone:?}"
    );
}

#[tokio::test]
async fn an_unknown_column_would_be_noticed() {
    let storage = Storage::open(Location::Memory).await.expect("a database");
    let columns = privacy::every_column(&storage).await.expect("the tables");
    assert!(columns.len() > 150, "the tables are read: {}", columns.len());
    assert!(columns.contains(&("wish".into(), "text".into())));
}
