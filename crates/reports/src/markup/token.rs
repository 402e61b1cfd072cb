//! Plain text as words, numbers and signs, so that numbers can be judged by their neighbours.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A run of letters.
    Word,
    /// A run of digits with the signs inside it: `1,204`, `14:30`, `2019-20`.
    Number,
    /// Any other single character.
    Sign,
    /// A reference to a figure.
    Figure,
    /// A number excused by `{number:…}`.
    Excused,
}

/// A token and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub kind: Kind,
    /// The text in lower case, with ASCII digits for digits of other scripts.
    pub text: String,
    /// Where it begins in the passage.
    pub at: usize,
    /// Whether white space stands before it.
    pub spaced: bool,
}

impl Token {
    fn new(kind: Kind, letters: &[char], at: usize, text: String) -> Self {
        let spaced = at > 0 && letters[at - 1].is_whitespace();
        Self {
            kind,
            text,
            at,
            spaced,
        }
    }

    /// A reference to a figure that begins at `at`.
    pub fn figure(letters: &[char], at: usize) -> Self {
        Self::new(Kind::Figure, letters, at, String::new())
    }

    /// An excused number that begins at `at`.
    pub fn excused(letters: &[char], at: usize, text: &str) -> Self {
        Self::new(Kind::Excused, letters, at, text.to_lowercase())
    }

    pub fn is(&self, words: &[&str]) -> bool {
        words.contains(&self.text.as_str())
    }
}

/// The tokens from one place to another.
pub(super) fn tokens(letters: &[char], from: usize, to: usize) -> Vec<Token> {
    let mut found = Vec::new();
    let mut at = from;
    while at < to {
        let first = letters[at];
        let (kind, end) = if first.is_whitespace() {
            at += 1;
            continue;
        } else if first.is_numeric() {
            (Kind::Number, number_end(letters, at, to))
        } else if first.is_alphabetic() {
            (Kind::Word, word_end(letters, at, to))
        } else {
            (Kind::Sign, at + 1)
        };
        let text = letters[at..end]
            .iter()
            .flat_map(|letter| folded(*letter))
            .collect();
        found.push(Token::new(kind, letters, at, text));
        at = end;
    }
    found
}

fn number_end(letters: &[char], from: usize, to: usize) -> usize {
    let mut end = from + 1;
    while end < to {
        let inside = matches!(letters[end], '.' | ',' | ':' | '/' | '-' | '\u{2013}');
        if letters[end].is_numeric() {
            end += 1;
        } else if inside && end + 1 < to && letters[end + 1].is_numeric() {
            end += 2;
        } else {
            break;
        }
    }
    end
}

fn word_end(letters: &[char], from: usize, to: usize) -> usize {
    letters[from..to]
        .iter()
        .position(|letter| !letter.is_alphabetic())
        .map_or(to, |length| from + length)
}

fn folded(letter: char) -> Vec<char> {
    match letter {
        '\u{2013}' => vec!['-'],
        '\u{ff10}'..='\u{ff19}' => char::from_digit(letter as u32 - 0xff10, 10)
            .into_iter()
            .collect(),
        _ => letter.to_lowercase().collect(),
    }
}
