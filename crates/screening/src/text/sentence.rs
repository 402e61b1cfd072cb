//! The sentence of a standard: one function a form, each beginning with the form said aloud.

mod limit;
mod needs;
mod never;
mod number;
mod pattern;
mod response;

pub(crate) use number::is_number;

use std::cell::RefCell;

use super::fault::{Fault, Problem, nearest};
use super::line::{Line, Word};
use super::phrase::Phrases;
use super::slip::{self, END};
use crate::standard::{Key, Rule};
use crate::vocabulary::{AttributeId, AttributeKind};

/// What reading finds, or the first thing that is wrong.
pub(crate) type Read<T> = Result<T, Box<Fault>>;

/// The words of the language, which a value must stand in quotation marks to be.
pub(crate) const RESERVED: &[&str] = &[
    "a",
    "after",
    "again",
    "an",
    "and",
    "any",
    "as",
    "at",
    "before",
    "beginning",
    "between",
    "by",
    "counting",
    "different",
    "each",
    "end",
    "first",
    "for",
    "from",
    "has",
    "in",
    "is",
    "its",
    "last",
    "least",
    "measure",
    "more",
    "most",
    "needs",
    "next",
    "no",
    "not",
    "of",
    "once",
    "or",
    "own",
    "recorded",
    "same",
    "since",
    "starting",
    "than",
    "that",
    "the",
    "them",
    "time",
    "to",
    "unless",
    "until",
    "when",
    "where",
    "while",
    "with",
    "within",
];

/// Reads the words of a sentence from left to right.
pub(crate) struct Sentence<'a> {
    phrases: &'a Phrases<'a>,
    words: &'a [Word<'a>],
    at: usize,
    last: Line<'a>,
    /// The places at which the last activity's name begins and ends.
    named: (usize, usize),
    /// The furthest place at which words of the language were looked for, and which.
    tried: RefCell<(usize, Vec<&'static str>)>,
}

/// Reads a whole sentence, which ends on the line `last`.
pub(crate) fn read<'a>(
    words: &'a [Word<'a>],
    last: Line<'a>,
    phrases: &'a Phrases<'a>,
) -> Read<(Key, Rule)> {
    let mut sentence = Sentence {
        phrases,
        words,
        at: 0,
        last,
        named: (0, 0),
        tried: RefCell::default(),
    };
    let key = sentence.key()?;
    let rule = sentence.rule()?;
    sentence.end()?;
    Ok((key, rule))
}

impl<'a> Sentence<'a> {
    /// `[for each child,] …`
    fn key(&mut self) -> Read<Key> {
        if !self.take("for each") {
            return Ok(Key::Case);
        }
        if self.take("case") {
            self.take(",");
            return Ok(Key::Case);
        }
        let key = self.attribute(AttributeKind::Key)?;
        self.take(",");
        Ok(Key::Attribute(key))
    }

    fn rule(&mut self) -> Read<Rule> {
        if self.take("when") || self.take("after") {
            self.response()
        } else if self.take("measure from") {
            self.elapsed()
        } else if self.take("at most") {
            self.at_most()
        } else if self.take("no more than") {
            self.gap()
        } else if self.take("no") {
            self.never_while()
        } else {
            self.needs()
        }
    }

    fn end(&self) -> Read<()> {
        if self.start() < self.words.len() {
            self.note(self.start(), END);
            return Err(self.lost());
        }
        Ok(())
    }

    /// `[for the same suspect]`
    fn same(&mut self) -> Read<Option<AttributeId>> {
        if self.take("for the same") {
            return self.attribute(AttributeKind::Key).map(Some);
        }
        Ok(None)
    }

    /// The name of an attribute of a kind.
    fn attribute(&mut self, kind: AttributeKind) -> Read<AttributeId> {
        let place = self.start();
        let id = self.any_attribute(Some(kind))?;
        let attribute = self.phrases.vocabulary.attribute(id);
        if attribute.kind == kind {
            return Ok(id);
        }
        let why = match kind {
            AttributeKind::Key => format!(
                "{} is no key: its declaration must end in `, a key`",
                attribute.name
            ),
            AttributeKind::Value => format!(
                "{} is a key, whose values no standard may ask for; say `recorded`, `the same as` or `for the same {0}`",
                attribute.name
            ),
        };
        Err(Box::new(self.words[place].unsound(why)))
    }

    /// The name of an attribute; where there is none, one of that kind is suggested.
    fn any_attribute(&mut self, kind: Option<AttributeKind>) -> Read<AttributeId> {
        let ahead = self.ahead();
        let words: Vec<&str> = ahead.iter().map(|(word, _)| *word).collect();
        if let Some((id, count)) = self.phrases.find_attribute(&words) {
            self.at = ahead[count - 1].1;
            return Ok(id);
        }
        let mut fault = self.fault_here(Problem::Unknown(match kind {
            Some(AttributeKind::Key) => "key",
            _ => "attribute",
        }));
        fault.nearest = self.phrases.nearest_attribute(&fault.word, kind);
        let later = words.get(1..).unwrap_or_default();
        if self.phrases.find_attribute(later).is_some() {
            fault.advice = Some("name the attribute before its value: `with risk H`");
        }
        Err(fault)
    }

    /// The place of the next word that is no article.
    fn start(&self) -> usize {
        self.heard(self.at)
    }

    fn heard(&self, from: usize) -> usize {
        let articles = self.words[from.min(self.words.len())..].iter();
        from + articles.take_while(|word| word.is_article()).count()
    }

    /// The next words that may name something, each with the place after it.
    fn ahead(&self) -> Vec<(&'a str, usize)> {
        self.ahead_of(self.at)
    }

    fn ahead_of(&self, place: usize) -> Vec<(&'a str, usize)> {
        let words = self.words.iter().zip(1..).skip(place);
        words
            .take_while(|(word, _)| word.lower != "," && !word.lower.is_empty())
            .filter(|(word, _)| !word.is_article())
            .map(|(word, after)| (word.lower.as_str(), after))
            .take(16)
            .collect()
    }

    /// Takes these words, if they stand here.
    fn take(&mut self, words: &'static str) -> bool {
        let mut at = self.at;
        let mut rest = words;
        while !rest.is_empty() {
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            if word != "the" {
                at = self.heard(at);
                if self.words.get(at).is_none_or(|said| said.lower != word) {
                    self.note(at, rest);
                    return false;
                }
                at += 1;
            }
            rest = after;
        }
        self.at = at;
        true
    }

    /// Takes these words, if they stand here; nobody is told that they were looked for.
    fn take_quietly(&mut self, words: &'static str) -> bool {
        let tried = self.tried.borrow().clone();
        let taken = self.take(words);
        self.tried.replace(tried);
        taken
    }

    /// Takes these words, which must stand here.
    fn expect(&mut self, words: &'static str) -> Read<()> {
        if self.take(words) {
            return Ok(());
        }
        Err(self.lost())
    }

    /// Remembers what was looked for.
    fn note(&self, place: usize, what: &'static str) {
        let mut tried = self.tried.borrow_mut();
        if place > tried.0 {
            *tried = (place, Vec::new());
        }
        if place == tried.0 && !tried.1.contains(&what) {
            tried.1.push(what);
        }
    }

    /// The fault that nothing that was looked for stands at the furthest place looked at.
    fn lost(&self) -> Box<Fault> {
        let (place, tried) = self.tried.borrow().clone();
        let expected = tried.iter().map(|what| quoted(what)).collect();
        let mut fault = self.fault_at(place, Problem::Expected(expected));
        let first_words = tried.iter().filter(|what| is_word_of_language(what));
        fault.nearest = nearest(
            &fault.word,
            first_words.filter_map(|what| what.split(' ').find(|word| *word != "the")),
        );
        let word = fault.word.to_lowercase();
        fault.advice = slip::advice(&word, &tried);
        if fault.advice.is_some() && RESERVED.contains(&word.as_str()) {
            // It is a word of the language, only not here: nothing was misspelt.
            fault.nearest = None;
        }
        if fault.nearest.is_none() && fault.advice.is_none() && place == self.heard(self.named.1) {
            fault.nearest = self.nearest_longer_name();
        }
        Box::new(fault)
    }

    /// The activity that may have been meant where a shorter name fits: `review conferenc`.
    fn nearest_longer_name(&self) -> Option<String> {
        let (start, end) = self.named;
        let short = self.words[start..end]
            .iter()
            .filter(|word| !word.is_article())
            .count();
        let ahead = self.ahead_of(start);
        let words: Vec<&str> = ahead.iter().map(|(word, _)| *word).collect();
        let (name, differs) = self.phrases.nearest_activity(&words, short)?;
        (short > 0 && differs >= short).then_some(name)
    }

    fn fault_here(&self, problem: Problem) -> Box<Fault> {
        Box::new(self.fault_at(self.start(), problem))
    }

    fn fault_at(&self, place: usize, problem: Problem) -> Fault {
        match self.words.get(place) {
            Some(word) => word.fault(problem),
            None => self.last.fault_at_end(problem),
        }
    }

    /// The fault that what ends here makes no sense.
    fn unsound(&self, place: usize, why: impl Into<String>) -> Box<Fault> {
        Box::new(self.fault_at(place, Problem::Unsound(why.into())))
    }
}

fn quoted(what: &str) -> String {
    if is_word_of_language(what) {
        format!("`{what}`")
    } else {
        what.to_owned()
    }
}

/// Whether it is to be said as it stands, rather than a kind of thing such as `an activity`.
fn is_word_of_language(what: &str) -> bool {
    !(what.starts_with("a ") || what.starts_with("an ") || what == END)
}
