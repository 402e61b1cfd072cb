//! References in braces, and the plain text between them.

use super::MarkupFault;
use super::number;
use super::passage::Passage;
use super::token::{Token, tokens};
use crate::document::Inline;
use crate::figure::{Figures, Form};

/// A stretch of a passage.
enum Stretch {
    /// Plain text from one place to another.
    Plain(usize, usize),
    /// What stands between braces, which open at the first place.
    Braced(usize, usize),
}

/// What a reference stands for.
enum Meaning {
    Figure(Inline),
    /// A number that is not a figure.
    Number(String),
}

/// Reads a passage into inlines.
pub(super) fn read(passage: &Passage, figures: &Figures) -> Result<Vec<Inline>, Vec<MarkupFault>> {
    let (stretches, mut faults) = stretches(passage);
    let mut inlines = Vec::new();
    let mut stream = Vec::new();
    for stretch in stretches {
        match stretch {
            Stretch::Plain(from, to) => {
                stream.extend(tokens(&passage.letters, from, to));
                push_text(&mut inlines, passage.letters[from..to].iter().collect());
            }
            Stretch::Braced(from, to) => match meaning(passage, from, to, figures) {
                Err(fault) => faults.push(fault),
                Ok(Meaning::Figure(inline)) => {
                    stream.push(Token::figure(&passage.letters, from));
                    inlines.push(inline);
                }
                Ok(Meaning::Number(text)) => {
                    stream.push(Token::excused(&passage.letters, from, &text));
                    push_text(&mut inlines, text);
                }
            },
        }
    }
    faults.extend(number::refusals(passage, &stream));
    faults.sort_by_key(|fault| (fault.line, fault.column));
    if faults.is_empty() {
        Ok(inlines)
    } else {
        Err(faults)
    }
}

fn push_text(inlines: &mut Vec<Inline>, more: String) {
    match inlines.last_mut() {
        Some(Inline::Text { text }) => text.push_str(&more),
        _ if more.is_empty() => {}
        _ => inlines.push(Inline::Text { text: more }),
    }
}

fn stretches(passage: &Passage) -> (Vec<Stretch>, Vec<MarkupFault>) {
    let letters = &passage.letters;
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let (mut plain, mut at) = (0, 0);
    while at < letters.len() {
        match letters[at] {
            '{' => match closing(letters, at) {
                Some(end) => {
                    found.push(Stretch::Plain(plain, at));
                    found.push(Stretch::Braced(at, end));
                    (plain, at) = (end + 1, end + 1);
                    continue;
                }
                None => faults.push(passage.fault(
                    at,
                    "a brace opens here and is not closed",
                    "Close the reference with '}' in the same paragraph",
                )),
            },
            '}' => faults.push(passage.fault(
                at,
                "a brace closes here that was never opened",
                "Remove it, or open the reference with '{'",
            )),
            _ => {}
        }
        at += 1;
    }
    found.push(Stretch::Plain(plain, letters.len()));
    (found, faults)
}

fn closing(letters: &[char], open: usize) -> Option<usize> {
    let length = letters[open + 1..]
        .iter()
        .position(|letter| matches!(letter, '{' | '}'))?;
    let end = open + 1 + length;
    (letters[end] == '}').then_some(end)
}

fn meaning(
    passage: &Passage,
    from: usize,
    to: usize,
    figures: &Figures,
) -> Result<Meaning, MarkupFault> {
    let inside: String = passage.letters[from + 1..to].iter().collect();
    let (key, form) = match inside.split_once(':') {
        Some((key, form)) => (key.trim(), Some(form.trim())),
        None => (inside.trim(), None),
    };
    if key == "number" {
        return excused_number(passage, from, form.unwrap_or_default());
    }
    let figure = figures
        .find(key)
        .ok_or_else(|| no_such_figure(passage, from, key, figures))?;
    let form = match form {
        None => Form::Value,
        Some(word) => Form::find(word).ok_or_else(|| no_such_form(passage, from, word))?,
    };
    if figure.print(form).is_none() {
        let what = format!("the figure '{key}' has no {}", form.word());
        return Err(passage.fault(from, what, format!("Write {{{key}}} for its value")));
    }
    Ok(Meaning::Figure(Inline::Figure {
        key: key.to_owned(),
        form,
    }))
}

fn no_such_figure(passage: &Passage, at: usize, key: &str, figures: &Figures) -> MarkupFault {
    let mend = match figures.nearest_key(key) {
        Some(nearest) => format!("Did you mean {{{nearest}}}?"),
        None => "Choose a key from the report's list of figures".into(),
    };
    passage.fault(at, format!("there is no figure '{key}'"), mend)
}

fn no_such_form(passage: &Passage, at: usize, word: &str) -> MarkupFault {
    let what = format!("a figure has no form '{word}'");
    passage.fault(at, what, "The forms are value, interval and count")
}

/// Longest number, in characters, that can be excused.
const EXCUSED_MAX: usize = 20;

fn excused_number(passage: &Passage, at: usize, text: &str) -> Result<Meaning, MarkupFault> {
    let plain =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '.' | ',' | ':' | '-' | '/');
    if text.is_empty() || text.chars().count() > EXCUSED_MAX || !text.chars().all(plain) {
        let what = "{number:…} holds one number and nothing else";
        return Err(passage.fault(
            at,
            what,
            "Write for instance {number:24} hours; a share or a count of cases must be a figure",
        ));
    }
    Ok(Meaning::Number(text.to_owned()))
}
