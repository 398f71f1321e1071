//! What kind of thing came in, for counting: the command's word, or what else it was. A pure function; it looks at a text
//! the way the house does, but decides nothing.

use crate::{
    incoming::{Incoming, Place, What},
    language::{
        Phrase,
        addressed::{self, Signs},
    },
    reading,
};

/// Feature and word (`wish/post`), or what else it was. None: our own message that came back.
pub fn of(incoming: &Incoming, bot_names: &[String]) -> Option<String> {
    let kind = match &incoming.what {
        What::Message(message) => {
            if message.voice {
                return Some("voice".to_owned());
            }
            let signs = Signs {
                direct: matches!(incoming.place, Place::Direct { .. }),
                mention: message.mentions_bot,
                reply: message.reply_to.is_some(),
                names: bot_names,
            };
            let (how, text) = addressed::determine(&Phrase::new(&message.text), signs);
            return Some(match reading::command_of(how, &text) {
                Some(found) => format!("{}/{}", found.feature.name, found.word.key),
                None => "text".to_owned(),
            });
        }
        What::Tap { .. } => "tap",
        What::Redaction { .. } => "redaction",
        What::Edit { .. } => "edit",
        What::Left { .. } => "left",
        What::OwnLeave => "own_leave",
        What::Upgraded { .. } => "upgraded",
        What::OwnJoin { .. } => "join",
        What::PollAnswer { .. } => "poll_answer",
        What::Due { .. } => "due",
        What::Echo { .. } => return None,
    };
    Some(kind.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::incoming::{Message, Sender};

    fn kind(what: What) -> Option<String> {
        let place = Place::Room { name: String::new(), captains: Vec::new(), lacks: Vec::new() };
        let incoming = Incoming {
            event_id: "$a".into(),
            room_id: "!a".into(),
            sender: Sender::default(),
            sent_at_ms: 0,
            place,
            what,
        };
        of(&incoming, &["掌灯".to_owned()])
    }

    fn said(text: &str, mentions_bot: bool) -> Option<String> {
        kind(What::Message(Message {
            text: text.to_owned(),
            notice: false,
            voice: false,
            mentions_bot,
            mentions: Vec::new(),
            neighbours: Vec::new(),
            reply_to: None,
            thread: None,
        }))
    }

    #[test]
    fn words_are_counted_by_what_they_mean_not_by_how_they_are_typed() {
        for (text, mentions_bot) in
            [("！许愿 修灯", false), ("!wish a lamp", false), ("@掌灯 许愿 修灯", true), ("！我来许个愿 修灯", false)]
        {
            assert_eq!(said(text, mentions_bot).as_deref(), Some("wish/post"), "{text}");
        }
        for text in ["今天天气真好", "许愿修灯"] {
            assert_eq!(said(text, false).as_deref(), Some("text"), "{text}: nobody is spoken to");
        }
        assert_eq!(kind(What::Tap { on: "$b".into(), key: "✋".into() }).as_deref(), Some("tap"));
        assert_eq!(kind(What::Echo { transaction_id: "ll-1".into() }), None);
    }
}
