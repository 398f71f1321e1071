//! Who lives there and what they do in the month. Instants are minutes since Monday the 5th of January 2026, 0:00, in
//! the community's zone.

/// Members of the hall, the steward among them.
pub const MEMBERS: usize = 8_664;
/// Buildings, each with a room and a captain.
pub const BUILDINGS: usize = 12;
/// Party members.
pub const PARTY: usize = 264;
/// The room of everybody.
pub const HALL: &str = "社区大厅";
/// The steward.
pub const STEWARD: &str = "社区书记";

/// The minute of a day, hour and minute.
pub const fn at(day: i64, hour: i64, minute: i64) -> i64 {
    (day * 24 + hour) * 60 + minute
}

/// The month is over.
pub const END: i64 = at(30, 12, 0);

/// When the bot is away in the second run: at the start of the window, at the digest, a whole evening, in the morning, over
/// a deadline in the night, over the start of a Saturday, shortly, and from Saturday noon to Sunday noon.
pub const DOWNTIMES: &[(i64, i64)] = &[
    (at(3, 18, 0), at(3, 19, 0)),
    (at(8, 19, 0), at(8, 20, 30)),
    (at(11, 17, 0), at(11, 23, 0)),
    (at(15, 6, 30), at(15, 7, 30)),
    (at(16, 22, 30), at(16, 23, 30)),
    (at(19, 9, 0), at(19, 9, 45)),
    (at(23, 18, 20), at(23, 18, 50)),
    (at(26, 13, 0), at(27, 12, 20)),
];

/// A resident.
pub fn resident(index: usize) -> String {
    format!("居民{index:04}")
}

/// The room of a building, from 0.
pub fn building(index: usize) -> String {
    format!("{}号楼", index + 1)
}

/// Party members.
pub fn party_member(index: usize) -> String {
    resident(1_000 + index)
}

/// How something is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    Word,
    Tap,
}

/// What somebody does.
#[derive(Clone, Debug)]
pub enum Act {
    Activity { room: String, by: String, title: String, start: i64, capacity: Option<usize> },
    Join { title: String, by: String, size: usize, way: Way },
    JoinFor { title: String, by: String, guest: String },
    Leave { title: String, by: String, way: Way },
    CancelActivity { title: String, by: String },
    Move { title: String, by: String, start: i64 },
    ToEvening { title: String, by: String, start: i64 },
    Poll { room: String, by: String, question: String, closes: i64, wide: bool },
    Vote { question: String, by: String, room: Option<String>, option: usize, way: Way },
    EndPoll { question: String, by: String },
    Task { text: String, start: i64 },
    Answer { text: String, by: String, yes: bool, way: Way },
    CancelTask { text: String },
    Remind { room: Option<String>, by: String, text: String, at: i64 },
    CancelReminder { by: String, text: String },
    Quiet { by: String, on: bool },
    Wish { room: String, by: String, text: String },
    Claim { text: String, by: String },
    RefuseChat { by: String },
}

/// Somebody who signs up for an activity in the hall.
fn guest(activity: usize, index: usize) -> String {
    resident(12 + (activity * 37 + index * 13) % 180)
}

/// The same in a building.
fn neighbour(building: usize, activity: usize, index: usize) -> String {
    resident(12 * (20 + activity * 5 + index) + building)
}

const WEEKS: [&str; 4] = ["甲", "乙", "丙", "丁"];

/// Everything that people do, in order.
pub fn acts() -> Vec<(i64, Act)> {
    let mut acts = Vec::new();
    for (week, mark) in WEEKS.iter().enumerate() {
        week_of_activities(week, mark, &mut acts);
    }
    polls(&mut acts);
    tasks(&mut acts);
    small_things(&mut acts);
    acts.sort_by_key(|(at, _)| *at);
    let away = |at: i64| DOWNTIMES.iter().any(|(from, to)| (*from..=*to).contains(&at));
    assert!(acts.iter().all(|(at, _)| !away(*at)), "nobody can act while the bot is away");
    acts
}

fn way(index: usize) -> Way {
    if index.is_multiple_of(2) { Way::Tap } else { Way::Word }
}

fn week_of_activities(week: usize, mark: &str, acts: &mut Vec<(i64, Act)>) {
    let day = 7 * week as i64;
    let join = |title: &str, by: String, index: usize| Act::Join {
        title: title.to_owned(),
        by,
        size: if index == 3 { 2 } else { 1 },
        way: if index == 3 { Way::Word } else { way(index) },
    };
    // Wednesday evening, six places, nine who would like to come; somebody leaves.
    let title = format!("包饺子{mark}");
    let by = guest(week, 0);
    let post = |room: String, by: &str, title: &str, start: i64, capacity| Act::Activity {
        room,
        by: by.to_owned(),
        title: title.to_owned(),
        start,
        capacity,
    };
    acts.push((at(day, 12, 5), post(HALL.into(), &by, &title, at(day + 2, 19, 0), Some(6))));
    acts.extend((0..9).map(|index| (at(day, 12, 10), join(&title, guest(week, index), index))));
    for (minute, index) in [(10, 2), (11, 4)] {
        let leave = Act::Leave { title: title.clone(), by: guest(week, index), way: way(index) };
        acts.push((at(day + 1, 12, minute), leave));
    }
    // Saturday morning in a building; called off every other week.
    let title = format!("修自行车{mark}");
    let by = neighbour(week, 0, 0);
    acts.push((at(day + 1, 12, 15), post(building(week), &by, &title, at(day + 5, 10, 0), None)));
    acts.extend((0..6).map(|index| (at(day + 2, 12, 20), join(&title, neighbour(week, 0, index), index))));
    if week % 2 == 1 {
        acts.push((at(day + 4, 12, 30), Act::CancelActivity { title, by }));
    }
    // Friday evening; moved to Saturday every other week.
    let title = format!("合唱{mark}");
    let by = guest(week + 5, 0);
    acts.push((at(day + 2, 21, 40), post(HALL.into(), &by, &title, at(day + 4, 20, 0), Some(20))));
    acts.extend((0..8).map(|index| (at(day + 3, 12, 40), join(&title, guest(week + 5, index), index))));
    if week % 2 == 1 {
        let title = title.clone();
        acts.push((at(day + 4, 12, 45), Act::Move { title, by, start: at(day + 5, 20, 0) }));
    }
    // Monday morning, when people are at work; moved to the evening by a tap every other week.
    let title = format!("量血压{mark}");
    let by = neighbour(week + 4, 1, 0);
    acts.push((at(day + 3, 12, 50), post(building(week + 4), &by, &title, at(day + 7, 10, 0), None)));
    if week.is_multiple_of(2) {
        acts.push((at(day + 3, 12, 51), Act::ToEvening { title: title.clone(), by, start: at(day + 7, 19, 30) }));
    }
    acts.extend((0..3).map(|index| (at(day + 6, 12, 30), join(&title, neighbour(week + 4, 1, index), index))));
    // Sunday; in one week nobody wants to come.
    let title = format!("广场舞{mark}");
    acts.push((at(day + 4, 12, 55), post(HALL.into(), &guest(week + 9, 0), &title, at(day + 6, 19, 30), None)));
    if week != 2 {
        acts.extend((0..10).map(|index| (at(day + 5, 12, 10), join(&title, guest(week + 9, index), index))));
        let (by, guest_name) = (guest(week + 9, 1), "王奶奶".to_owned());
        acts.push((at(day + 5, 12, 12), Act::JoinFor { title: title.clone(), by, guest: guest_name }));
        acts.push((at(day + 5, 12, 13), Act::Leave { title, by: guest(week + 9, 1), way: Way::Word }));
    }
}

fn polls(acts: &mut Vec<(i64, Act)>) {
    let polls = [
        ("要不要装门禁甲？", HALL.to_owned(), STEWARD.to_owned(), at(2, 12, 0), at(3, 18, 45), false),
        ("要不要修楼道灯乙？", building(0), resident(0), at(5, 12, 0), at(6, 20, 0), false),
        ("要不要建快递柜丙？", HALL.to_owned(), STEWARD.to_owned(), at(7, 12, 0), at(9, 23, 0), true),
        ("要不要换路灯丁？", HALL.to_owned(), STEWARD.to_owned(), at(14, 12, 0), at(16, 22, 45), false),
        ("要不要种树戊？", building(3), resident(3), at(20, 12, 0), at(22, 20, 0), false),
        ("要不要办晚会己？", HALL.to_owned(), STEWARD.to_owned(), at(22, 12, 0), at(26, 8, 0), false),
    ];
    for (index, (question, room, by, asked, closes, wide)) in polls.into_iter().enumerate() {
        let (question, room_of_poll) = (question.to_owned(), room.clone());
        acts.push((asked, Act::Poll { room, by: by.clone(), question: question.clone(), closes, wide }));
        for vote in 0..30 {
            // Polls of one building are answered by those who live there.
            let house = if wide { vote % BUILDINGS } else { [0, 0, 0, 0, 3, 0][index] };
            let room = if wide { building(house) } else { room_of_poll.clone() };
            // Some change their mind, by the other way; some answer by private message.
            let by = neighbour(house, 2 + index, vote % 24 / if wide { BUILDINGS } else { 1 });
            let room = Some(room).filter(|_| vote % 5 != 4);
            let way = if room.is_none() { Way::Word } else { way(vote) };
            let question = question.clone();
            acts.push((asked + 2, Act::Vote { question, by, room, option: 1 + vote % 3 % 2, way }));
        }
        if question.ends_with("戊？") {
            acts.push((at(21, 12, 30), Act::EndPoll { question, by }));
        }
    }
}

fn tasks(acts: &mut Vec<(i64, Act)>) {
    let text = "清楼道".to_owned();
    acts.push((at(9, 12, 0), Act::Task { text: text.clone(), start: at(12, 8, 0) }));
    for index in 0..15 {
        let by = party_member(index * 7);
        acts.push((at(9, 20, 40), Act::Answer { text: text.clone(), by, yes: index % 3 == 0, way: way(index) }));
    }
    let text = "搬桌椅".to_owned();
    acts.push((at(22, 20, 45), Act::Task { text: text.clone(), start: at(26, 14, 0) }));
    for index in 0..6 {
        let by = party_member(index * 11);
        acts.push((at(22, 21, 0), Act::Answer { text: text.clone(), by, yes: true, way: way(index) }));
    }
    acts.push((at(23, 12, 30), Act::CancelTask { text }));
}

fn small_things(acts: &mut Vec<(i64, Act)>) {
    acts.push((at(0, 11, 0), Act::RefuseChat { by: resident(203) }));
    for index in 0..23 {
        let day = index as i64 + 1;
        let room = Some(HALL.to_owned()).filter(|_| index % 2 == 1);
        let (text, by) = (format!("交物业费{}", WEEKS[index % 4].repeat(1 + index / 4)), resident(200 + index));
        let when = if index % 2 == 1 { at(day + 1, 7, 0) } else { at(day + 1, 22, 15) };
        acts.push((at(day, 12, 2), Act::Remind { room, by: by.clone(), text: text.clone(), at: when }));
        if index == 5 || index == 10 {
            acts.push((at(day, 12, 3), Act::CancelReminder { by, text }));
        }
    }
    for by in [guest(0, 1), guest(1, 3), guest(9, 2), guest(6, 4), party_member(5), party_member(100)] {
        acts.push((at(0, 11, 30), Act::Quiet { by, on: true }));
    }
    acts.push((at(14, 11, 30), Act::Quiet { by: guest(9, 2), on: false }));
    for index in 0..10_usize {
        let room = if index % 2 == 0 { HALL.to_owned() } else { building(index) };
        let (text, day) = (format!("借梯子{}", WEEKS[index % 4].repeat(1 + index / 4)), 2 * index as i64);
        acts.push((at(day, 12, 57), Act::Wish { room, by: resident(300 + index), text: text.clone() }));
        acts.push((at(day + 3, 12, 58), Act::Claim { text, by: resident(400 + index) }));
    }
}
