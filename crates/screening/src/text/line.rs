//! The lines of a file, and the words of a line.

use super::fault::{Fault, Problem};

/// A line that says something.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Line<'a> {
    /// From 1.
    pub number: u32,
    /// How many blanks it begins with.
    pub indent: u32,
    /// All of it.
    pub whole: &'a str,
}

/// A word, a mark or a quotation.
#[derive(Clone, Debug)]
pub(crate) struct Word<'a> {
    /// What it says, without quotation marks.
    pub text: String,
    /// In lower case, for comparing; empty for a quotation, which is never a word of the language.
    pub lower: String,
    /// The line on which it stands.
    pub line: Line<'a>,
    /// Its first character, from 1.
    pub column: u32,
}

impl<'a> Line<'a> {
    /// The lines of a text that are neither blank nor a remark.
    pub(crate) fn all(text: &'a str) -> Vec<Line<'a>> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        text.lines()
            .zip(1..)
            .map(|(whole, number)| Line::new(whole, number))
            .filter(|line| !line.said().is_empty() && !line.said().starts_with('#'))
            .collect()
    }

    fn new(whole: &'a str, number: u32) -> Self {
        let indent = whole.chars().take_while(|c| c.is_whitespace()).count() as u32;
        Line {
            number,
            indent,
            whole,
        }
    }

    /// A line to which a fault of the whole file may be put.
    pub(crate) fn start(first: Option<Line<'a>>) -> Line<'a> {
        first.unwrap_or_else(|| Line::new("", 1))
    }

    /// What it says, without blanks around.
    pub(crate) fn said(self) -> &'a str {
        self.whole.trim()
    }

    /// What it says after its first `count` words.
    pub(crate) fn after(self, count: usize) -> &'a str {
        (0..count).fold(self.said(), |rest, _| {
            rest.trim_start_matches(|c: char| !c.is_whitespace())
                .trim_start()
        })
    }

    /// Its words.
    ///
    /// # Errors
    ///
    /// Where a quotation does not end.
    pub(crate) fn words(self) -> Result<Vec<Word<'a>>, Fault> {
        let mut words = Vec::new();
        let mut left = self.whole.chars().zip(1..).peekable();
        while let Some((first, column)) = left.next() {
            if first.is_whitespace() {
                continue;
            }
            if first == '"' {
                words.push(self.quotation(&mut left, column)?);
                continue;
            }
            let mut text = String::from(first);
            while let Some((c, _)) = left.next_if(|(c, _)| first != ',' && is_of_word(*c)) {
                text.push(c);
            }
            if text.len() > 1 && text.ends_with('.') {
                text.pop();
            }
            words.push(self.word(text, column));
        }
        Ok(words)
    }

    fn quotation(
        self,
        left: &mut std::iter::Peekable<impl Iterator<Item = (char, u32)>>,
        column: u32,
    ) -> Result<Word<'a>, Fault> {
        let mut text = String::new();
        while let Some((c, _)) = left.next() {
            if c == '"' && left.next_if(|(next, _)| *next == '"').is_none() {
                let lower = String::new();
                return Ok(Word {
                    text,
                    lower,
                    line: self,
                    column,
                });
            }
            text.push(c);
        }
        let problem = Problem::Unsound("the quotation that begins here does not end".to_owned());
        Err(self.fault(column, "\"", problem))
    }

    fn word(self, text: String, column: u32) -> Word<'a> {
        let lower = text.to_lowercase();
        Word {
            text,
            lower,
            line: self,
            column,
        }
    }

    /// A fault at a word of it.
    pub(crate) fn fault(self, column: u32, word: &str, problem: Problem) -> Fault {
        Fault {
            line: self.number,
            column,
            word: word.to_owned(),
            problem,
            nearest: None,
            advice: None,
            text: self.whole.into(),
        }
    }

    /// A fault at its first word.
    pub(crate) fn fault_at_start(self, problem: Problem) -> Fault {
        let first = self.said().split_whitespace().next().unwrap_or_default();
        self.fault(self.indent + 1, first, problem)
    }

    /// A fault after its last word.
    pub(crate) fn fault_at_end(self, problem: Problem) -> Fault {
        let column = self.whole.trim_end().chars().count() as u32 + 1;
        self.fault(column, "", problem)
    }
}

impl Word<'_> {
    /// Whether it is `a`, `an` or `the`, which the language does not hear.
    pub(crate) fn is_article(&self) -> bool {
        matches!(self.lower.as_str(), "a" | "an" | "the")
    }

    /// A fault at it.
    pub(crate) fn fault(&self, problem: Problem) -> Fault {
        self.line.fault(self.column, &self.text, problem)
    }

    /// A fault at it that is no matter of the words expected.
    pub(crate) fn unsound(&self, why: impl Into<String>) -> Fault {
        self.fault(Problem::Unsound(why.into()))
    }
}

fn is_of_word(c: char) -> bool {
    !c.is_whitespace() && c != ',' && c != '"'
}
