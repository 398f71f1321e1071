//! What a message says to whoever has 长辈模式 on: the commands that it names become digits, or go with their sentence where
//! nobody could answer with a digit. Pure functions of cards.

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
const MENU: &str = "0";

/// The commands become digits; they are given in the order of the digits. `kind` is asked for a command and whether
/// something was put into it.
pub(crate) fn numbered(card: Card, kind: impl Fn(&str, bool) -> Kind) -> (Card, Vec<String>) {
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
                Kind::Menu => out.push((Style::Bold, Span::Ours(MENU.into()))),
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
                    out.push((Style::Bold, Span::Ours((at + 1).to_string())));
                }
            }
        }
        if !too_many {
            lines.push(out);
        }
    }
    (Card { lines, ..card }, commands)
}

/// Sentences that name something to be typed go: nobody has to type or to remember it.
pub(crate) fn without_commands(card: Card) -> Card {
    let mut lines: Vec<Line> = Vec::new();
    for line in card.lines {
        if line.iter().all(|(style, _)| *style != Style::Code) {
            lines.push(line);
            continue;
        }
        let kept: Line = sentences(line)
            .into_iter()
            .filter(|one| one.iter().all(|(style, _)| *style != Style::Code))
            .flatten()
            .collect();
        if kept.iter().any(|(_, span)| span.plain().chars().any(char::is_alphanumeric)) {
            lines.push(ended(kept));
        }
    }
    Card { lines, ..card }
}

/// A line whose last sentences went ends like one.
fn ended(mut line: Line) -> Line {
    if let Some((_, Span::Ours(text))) = line.last_mut() {
        text.truncate(text.trim_end_matches(['；', ';', '，', ',', ' ']).len());
    }
    line
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
    let ours: String = spans.iter().filter(|span| matches!(span, Span::Ours(_))).map(Span::plain).collect();
    if ours.replace(ONE_MORE, "").contains(|c: char| c.is_ascii_digit()) {
        return Says::Example;
    }
    Says::Command { put_in: spans.iter().any(|span| !matches!(span, Span::Ours(_))) }
}

/// Where a sentence, or a part that could be one, ends.
fn ends(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '；' | ';')
}

fn sentences(line: Line) -> Vec<Line> {
    let mut out: Vec<Line> = vec![Line::new()];
    for (style, span) in line {
        let Span::Ours(text) = &span else {
            push(&mut out, style, span);
            continue;
        };
        if style == Style::Code {
            push(&mut out, style, span);
            continue;
        }
        let mut from = String::new();
        let mut chars = text.chars().peekable();
        while let Some(c) = chars.next() {
            from.push(c);
            // English ends a sentence with a mark and a blank.
            let english = matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|next| *next == ' ');
            if ends(c) || english {
                push(&mut out, style, Span::Ours(std::mem::take(&mut from)));
                out.push(Line::new());
            }
        }
        if !from.is_empty() {
            push(&mut out, style, Span::Ours(from));
        }
    }
    out
}

fn push(sentences: &mut [Line], style: Style, span: Span) {
    if let Some(last) = sentences.last_mut() {
        last.push((style, span));
    }
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
            numbered(card(vec![line]), |text, _| if text == "帮助" { Kind::Menu } else { Kind::Command });
        assert_eq!(card.plain(), "办好了发 1；来不了发 2；看别的发 0");
        assert_eq!(commands, ["完成 12", "放弃 12"]);
    }

    #[test]
    fn examples_stay_words() {
        for example in ["报名 12", "投 12 2"] {
            let (card, commands) = numbered(card(vec![typed(example, None)]), |_, _| Kind::Command);
            assert_eq!((card.plain().as_str(), commands.len()), (example, 0));
        }
        // What only looks like a command of ours is none either.
        let (card, commands) = numbered(card(vec![typed("换灯泡", None)]), |_, _| Kind::Example);
        assert_eq!((card.plain().as_str(), commands.len()), ("换灯泡", 0));
    }

    #[test]
    fn no_line_asks_for_a_tenth_digit() {
        let lines: Vec<Line> = (1..=12).map(|number| typed("认领 ", Some(number))).collect();
        let (card, commands) = numbered(card(lines), |_, _| Kind::Command);
        assert_eq!((card.lines.len(), commands.len()), (9, 9));
    }

    #[test]
    fn what_can_be_typed_goes_with_its_sentence() {
        for (line, left) in [
            (
                vec![vec![ours("这是听听大家的意见。经过：发 ")], typed("！轨迹 ", Some(12))].concat(),
                "这是听听大家的意见。",
            ),
            (
                vec![vec![ours("帮好了：点 ✅ 完成；满意了发 ")], typed("确认 ", Some(12))].concat(),
                "帮好了：点 ✅ 完成",
            ),
            (vec![vec![ours("Thanks. Send ")], typed("done ", Some(12)), vec![ours(" then.")]].concat(), "Thanks."),
        ] {
            assert_eq!(without_commands(card(vec![line])).plain(), left);
        }
        let only = [vec![ours("经过：发 ")], typed("！轨迹 ", Some(12))].concat();
        assert_eq!(without_commands(card(vec![vec![ours("修灯")], only])).lines.len(), 1);
    }
}
