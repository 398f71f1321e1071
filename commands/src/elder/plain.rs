//! What a message says to whoever has 长辈模式 on: the commands that it names become digits. Where nobody could answer with a
//! digit they go with their sentence ([`Card::without_commands`]). Pure functions of cards.

use crate::{
    card::{Card, Line, Span, Style},
    choice::OPTIONS_MAX,
};

/// What a command that a message names becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// One that can be done as it stands: a digit.
    Command,
    /// The way back to the menu: 0.
    Menu,
    /// Words that are an example.
    Example,
}

/// What answers with 0.
const MENU: usize = 0;

/// The commands become digits; they are given in the order of the digits. `kind` is asked for a command and whether
/// something was put into it. `taken`: so many digits stand for something else already.
pub(crate) fn numbered(card: Card, taken: usize, kind: impl Fn(&str, bool) -> Kind) -> (Card, Vec<String>) {
    let mut commands: Vec<String> = Vec::new();
    let mut lines = Vec::new();
    for line in card.lines {
        let mut out = Line::new();
        let mut too_many = false;
        for piece in pieces(line) {
            let Piece::Typed(spans) = piece else {
                out.extend(piece.into_line());
                continue;
            };
            let command = command_of(&spans);
            let kind = match what_it_says(&spans) {
                Says::Example => Kind::Example,
                Says::Command { put_in } => kind(&command, put_in),
            };
            match kind {
                Kind::Example => out.extend(spans.into_iter().map(|span| (Style::Normal, span))),
                Kind::Menu => out.push((Style::Bold, Span::digit(MENU))),
                Kind::Command => {
                    let known = commands.iter().position(|known| *known == command);
                    let at = known.unwrap_or(commands.len());
                    if at >= OPTIONS_MAX {
                        too_many = true;
                        break;
                    }
                    if known.is_none() {
                        commands.push(command);
                    }
                    out.push((Style::Bold, Span::digit(taken + at + 1)));
                }
            }
        }
        if !too_many {
            lines.push(out);
        }
    }
    (Card { lines, ..card }, commands)
}

/// A line in pieces.
enum Piece {
    /// What can be typed.
    Typed(Vec<Span>),
    /// Anything else.
    Other(Style, Span),
}

impl Piece {
    fn into_line(self) -> Line {
        match self {
            Self::Typed(spans) => spans.into_iter().map(|span| (Style::Code, span)).collect(),
            Self::Other(style, span) => vec![(style, span)],
        }
    }
}

fn pieces(line: Line) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::new();
    for (style, span) in line {
        match (style, out.last_mut()) {
            (Style::Code, Some(Piece::Typed(spans))) => spans.push(span),
            (Style::Code, _) => out.push(Piece::Typed(vec![span])),
            _ => out.push(Piece::Other(style, span)),
        }
    }
    out
}

/// The command without the mark that stands before it in a room.
fn command_of(spans: &[Span]) -> String {
    let text: String = spans.iter().map(Span::plain).collect();
    text.trim_start_matches(['！', '!']).trim().to_owned()
}

/// One more comes along.
const ONE_MORE: &str = "+1";

enum Says {
    /// A number of ours, which is nobody's.
    Example,
    /// A command, with what was put into it or without.
    Command { put_in: bool },
}

fn what_it_says(spans: &[Span]) -> Says {
    let ours: String = spans.iter().filter(|span| span.is_ours()).map(Span::plain).collect();
    if ours.replace(ONE_MORE, "").contains(|c: char| c.is_ascii_digit()) {
        return Says::Example;
    }
    Says::Command { put_in: spans.iter().any(|span| !span.is_ours()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ours(text: &str) -> (Style, Span) {
        (Style::Normal, Span::Ours(text.into()))
    }

    fn typed(text: &str, number: Option<i64>) -> Vec<(Style, Span)> {
        let number = number.map(|number| (Style::Code, Span::Theirs(number.to_string())));
        std::iter::once((Style::Code, Span::Ours(text.into()))).chain(number).collect()
    }

    fn card(lines: Vec<Line>) -> Card {
        Card { lines, ..Card::default() }
    }

    #[test]
    fn commands_become_digits() {
        let line = [
            vec![ours("办好了发 ")],
            typed("完成 ", Some(12)),
            vec![ours("；来不了发 ")],
            typed("！放弃 ", Some(12)),
            vec![ours("；看别的发 ")],
            typed("！帮助", None),
        ]
        .concat();
        let (card, commands) =
            numbered(card(vec![line]), 0, |text, _| if text == "帮助" { Kind::Menu } else { Kind::Command });
        assert_eq!(card.plain(), "办好了发 1；来不了发 2；看别的发 0");
        assert_eq!(commands, ["完成 12", "放弃 12"]);
    }

    #[test]
    fn examples_stay_words() {
        for example in ["报名 12", "投 12 2"] {
            let (card, commands) = numbered(card(vec![typed(example, None)]), 0, |_, _| Kind::Command);
            assert_eq!((card.plain().as_str(), commands.len()), (example, 0));
        }
        // What only looks like a command of ours is none either.
        let (card, commands) = numbered(card(vec![typed("换灯泡", None)]), 0, |_, _| Kind::Example);
        assert_eq!((card.plain().as_str(), commands.len()), ("换灯泡", 0));
    }

    #[test]
    fn no_line_asks_for_a_tenth_digit() {
        let lines: Vec<Line> = (1..=12).map(|number| typed("认领 ", Some(number))).collect();
        let (card, commands) = numbered(card(lines.clone()), 0, |_, _| Kind::Command);
        assert_eq!((card.lines.len(), commands.len()), (9, 9));
        // Digits that stand for something else stay theirs.
        let (beside, commands) = numbered(self::card(lines.into_iter().take(3).collect()), 8, |_, _| Kind::Command);
        assert_eq!((beside.plain().as_str(), commands.len()), ("9\n10\n11", 3));
    }
}
