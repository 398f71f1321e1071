//! Stories: files that anyone in the building could read, played on a stage and compared with what is written.
//!
//! ```text
//! # a remark
//! stewards: 赵主任
//! room 3号楼 (encrypted): 王楼长 50, 李阿姨, 张叔
//! people: 赵姐, 钱叔                     (have their private chats open before any room)
//! closed: 张叔                          (his private chat isn't open yet; before the room)
//!
//! 李阿姨 @3号楼: ！许愿 修灯              (says)
//! 张叔 @3号楼 +✋ 我来 → ✨ 心愿 1        (taps the last message that begins so)
//! 张叔 @3号楼 -✋ 我来 → ✨ 心愿 1        (takes the tap back)
//! 张叔 @3号楼 ↩ ✨ 心愿 1 : 认领          (replies to the last message that begins so)
//! 小机器人 @3号楼 (notice): 你好
//! 李阿姨 @私信 (voice)                    (leaves a voice message; with ↩ … in reply to one)
//! 张叔 @私信: 积分                        (in the private chat with the bot)
//! 李阿姨 @3号楼: #接龙 ⏎ 1. 老赵          (says it in two lines)
//! 李阿姨 @3号楼 redacts ！许愿 修灯       (takes back the last message that begins so)
//! 李阿姨 @3号楼 edits ！许愿 修灯 : ！许愿 修门   (changes it)
//! 张叔 leaves 3号楼
//! 张叔 @3号楼 votes 2 → （原生投票）     (answers the last native poll that begins so)
//! clock: 2026-01-06 19:30               (time passes; what falls due happens, each at its own time)
//! 赵姐 invites to 5号楼: 赵姐 100, 钱叔
//! 张叔 accepts
//!   [3号楼] 掌灯                          (indented: everything that looks different afterwards)
//!     ✨ 心愿 1：修灯
//!     ‹✋ 我来›
//! ```

use chrono::{DateTime, NaiveDateTime};

use crate::{
    Result,
    stage::{DIRECT, Members, STORY_AT, Sight, Stage, console::ConsoleStage, synapse::SynapseStage},
    view,
};

/// Where to play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Where {
    /// On the console.
    Console,
    /// On a real homeserver.
    Synapse,
}

/// With this variable set, what the console plays is written into the story file instead of being compared.
pub const BLESS_VARIABLE: &str = "LAMPLIGHTER_BLESS";

/// What is said, in its lines.
fn lines(text: &str) -> String {
    text.trim().replace(" ⏎ ", "\n")
}

fn members(text: &str) -> Result<Members> {
    let mut members = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let mut words = part.split_whitespace();
        let name = words.next().ok_or("a member needs a name")?;
        members.push((name.to_owned(), words.next().map(str::parse).transpose()?.unwrap_or(0)));
    }
    Ok(members)
}

/// Somebody's act: who, where, and the rest of the line.
fn act(line: &str) -> Option<(&str, &str, &str)> {
    let (who, rest) = line.split_once(" @")?;
    let end = rest.find([' ', ':'])?;
    let (place, rest) = rest.split_at(end);
    Some((who, place, rest))
}

/// Plays a story and gives it back as it was played: the acts as written, and what could be seen after each.
pub async fn play(text: &str, place: Where) -> Result<String> {
    let stewards: Vec<String> = text
        .lines()
        .find_map(|line| line.strip_prefix("stewards:"))
        .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect())
        .unwrap_or_default();
    let mut stage = match place {
        Where::Console => Stage::Console(Box::new(ConsoleStage::open(&stewards).await?)),
        Where::Synapse => Stage::Synapse(Box::new(SynapseStage::open(&stewards).await?)),
    };
    let mut sight = stage.sight().await?;
    let mut played = String::new();
    for line in text.lines() {
        if line.starts_with("  ") {
            continue;
        }
        played.push_str(line);
        played.push('\n');
        if line.trim().is_empty() || line.starts_with('#') || line.starts_with("stewards:") {
            continue;
        }
        let set_up = perform(&mut stage, &sight, line).await.map_err(|error| format!("{line}\n{error}"))?;
        let now = stage.sight().await?;
        if !set_up {
            for (place, messages) in &now {
                let before = sight.iter().find(|(known, _)| known == place).map(|(_, messages)| messages.as_slice());
                let mut before = before.unwrap_or_default().to_vec();
                // What a resident says is in the story already; it is shown again only when something stands under it.
                let said = messages.iter().filter(|message| {
                    message.by != crate::stage::BOT_NAME
                        && message.chips.is_empty()
                        && !before.iter().any(|old| old.id == message.id)
                });
                before.extend(said.cloned().collect::<Vec<_>>());
                played.push_str(&view::changes(place, &before, messages));
            }
        }
        sight = now;
    }
    stage.close().await?;
    Ok(played)
}

/// Does one line; says whether it only set the stage.
async fn perform(stage: &mut Stage, sight: &Sight, line: &str) -> Result<bool> {
    for (head, interest) in [("room ", false), ("interest room ", true)] {
        if let Some(rest) = line.strip_prefix(head) {
            let (name, people) = rest.split_once(':').ok_or("a room needs people")?;
            let encrypted = name.contains("(encrypted)");
            stage.room(name.replace("(encrypted)", "").trim(), interest, encrypted, &members(people)?).await?;
            return Ok(true);
        }
    }
    if let Some(names) = line.strip_prefix("people:") {
        for name in names.split(',') {
            stage.person(name.trim()).await?;
        }
        return Ok(true);
    }
    if let Some(names) = line.strip_prefix("closed:") {
        for name in names.split(',') {
            stage.leave_invited(name.trim()).await?;
        }
        return Ok(true);
    }
    if let Some((who, rest)) = line.split_once(" invites to ") {
        let (room, people) = rest.split_once(':').ok_or("a room needs people")?;
        stage.invite(who, room.trim(), &members(people)?).await?;
        return Ok(false);
    }
    if let Some(who) = line.strip_suffix(" accepts") {
        stage.accept(who).await?;
        return Ok(false);
    }
    if let Some(at) = line.strip_prefix("clock:") {
        let at = NaiveDateTime::parse_from_str(at.trim(), "%Y-%m-%d %H:%M")?;
        let zone = DateTime::parse_from_rfc3339(STORY_AT)?.timezone();
        stage.clock(at.and_local_timezone(zone).single().ok_or("there is no such time")?).await?;
        return Ok(false);
    }
    if let Some((who, room)) = line.split_once(" leaves ") {
        stage.leave(who, room.trim()).await?;
        return Ok(false);
    }
    let (who, place, rest) = act(line).ok_or("nobody understands this line of the story")?;
    let seen_place = if place == DIRECT { crate::stage::direct_place(who) } else { place.to_owned() };
    let find = |prefix: &str| -> Result<String> {
        sight
            .iter()
            .filter(|(place, _)| *place == seen_place)
            .flat_map(|(_, messages)| messages.iter().rev())
            .find(|message| message.text.starts_with(prefix.trim()))
            .map(|message| message.id.clone())
            .ok_or_else(|| format!("nothing in {seen_place} begins with {prefix:?}").into())
    };
    if let Some(rest) = rest.strip_prefix(" (voice)") {
        let on = rest.strip_prefix(" ↩ ").map(&find).transpose()?;
        stage.voice(who, place, on.as_deref()).await?;
    } else if let Some(text) = rest.strip_prefix(" (notice):") {
        stage.say(who, place, &lines(text), None, true).await?;
    } else if let Some(text) = rest.strip_prefix(':') {
        stage.say(who, place, &lines(text), None, false).await?;
    } else if let Some(rest) = rest.strip_prefix(" ↩ ") {
        let (prefix, text) = rest.split_once(" : ").ok_or("a reply needs a text after ' : '")?;
        stage.say(who, place, &lines(text), Some(&find(prefix)?), false).await?;
    } else if let Some(prefix) = rest.strip_prefix(" redacts ") {
        stage.redact(who, place, &find(prefix)?).await?;
    } else if let Some(rest) = rest.strip_prefix(" edits ") {
        let (prefix, text) = rest.split_once(" : ").ok_or("an edit needs a text after ' : '")?;
        stage.edit(who, place, &find(prefix)?, text.trim()).await?;
    } else if let Some(rest) = rest.strip_prefix(" votes ") {
        let (option, prefix) = rest.split_once(" → ").ok_or("a vote needs a poll after ' → '")?;
        stage.answer(who, place, &find(prefix)?, option.trim().parse()?).await?;
    } else if let Some((key, prefix)) = rest.trim().split_once(" → ") {
        let on = find(prefix)?;
        if let Some(key) = key.strip_prefix('+') {
            stage.tap(who, place, &on, key).await?;
        } else if let Some(key) = key.strip_prefix('-') {
            stage.untap(who, place, &on, key).await?;
        } else {
            return Err("a tap begins with + or -".into());
        }
    } else {
        return Err("nobody understands this line of the story".into());
    }
    Ok(false)
}

/// Plays a story file and compares, or writes it anew (see [`BLESS_VARIABLE`]).
pub async fn check(file: &std::path::Path, place: Where) -> Result<()> {
    let text = std::fs::read_to_string(file)?;
    let played = play(&text, place).await?;
    if played == text {
        return Ok(());
    }
    if std::env::var_os(BLESS_VARIABLE).is_some() && place == Where::Console {
        std::fs::write(file, played)?;
        return Ok(());
    }
    let mut report = format!("{} is played differently on {place:?}:\n", file.display());
    let (written, seen): (Vec<&str>, Vec<&str>) = (text.lines().collect(), played.lines().collect());
    let same = written.iter().zip(&seen).take_while(|(a, b)| a == b).count();
    /// Lines of context around the first difference.
    const CONTEXT: usize = 12;
    report.push_str(&format!("--- line {} as written\n", same + 1));
    report.push_str(&written.iter().skip(same.saturating_sub(3)).take(CONTEXT).copied().collect::<Vec<_>>().join("\n"));
    report.push_str("\n--- as played\n");
    report.push_str(&seen.iter().skip(same.saturating_sub(3)).take(CONTEXT).copied().collect::<Vec<_>>().join("\n"));
    Err(report.into())
}
