//! What must not be in a case list, recognised by heading and by content.

use std::fmt;

use serde::Serialize;

use super::heading::words;
use super::value::is_long_text;

/// A kind of content that names or describes a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sensitive {
    /// A person's name.
    Name,
    /// A date of birth.
    DateOfBirth,
    /// An address or postcode.
    Address,
    /// A telephone number.
    Phone,
    /// An e-mail address.
    Email,
    /// Text in somebody's own words.
    FreeText,
}

impl fmt::Display for Sensitive {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Sensitive::Name => "names",
            Sensitive::DateOfBirth => "dates of birth",
            Sensitive::Address => "addresses",
            Sensitive::Phone => "telephone numbers",
            Sensitive::Email => "e-mail addresses",
            Sensitive::FreeText => "free text",
        })
    }
}

impl Sensitive {
    /// What a heading announces, if anything that must not be in a list.
    #[must_use]
    pub fn by_heading(heading: &str) -> Option<Sensitive> {
        let words = words(heading);
        let has = |any: &[&str]| words.iter().any(|word| any.contains(&word.as_str()));
        let joined = words.join(" ");
        let of_a_unit = has(&[
            "area", "borough", "force", "unit", "category", "team", "district", "division", "bcu",
        ]);
        if has(&["dob", "birth", "born", "birthday", "birthdate"]) {
            Some(Sensitive::DateOfBirth)
        } else if has(&["email"]) || joined.contains("e mail") {
            Some(Sensitive::Email)
        } else if has(&["phone", "telephone", "mobile", "tel"]) {
            Some(Sensitive::Phone)
        } else if has(&["address", "postcode", "street", "house"]) || joined.contains("post code") {
            Some(Sensitive::Address)
        } else if has(&[
            "surname",
            "forename",
            "firstname",
            "lastname",
            "alias",
            "nickname",
        ]) || (has(&["name", "names"]) && !of_a_unit)
        {
            Some(Sensitive::Name)
        } else if has(&FREE_TEXT) {
            Some(Sensitive::FreeText)
        } else {
            None
        }
    }

    /// What a cell holds, whatever its heading says.
    pub(super) fn by_content(cell: &str) -> Option<Sensitive> {
        let cell = cell.trim();
        if is_email(cell) {
            Some(Sensitive::Email)
        } else if is_phone(cell) {
            Some(Sensitive::Phone)
        } else if is_postcode(cell) {
            Some(Sensitive::Address)
        } else if is_long_text(cell) {
            Some(Sensitive::FreeText)
        } else {
            None
        }
    }
}

const FREE_TEXT: [&str; 13] = [
    "note",
    "notes",
    "comment",
    "comments",
    "description",
    "summary",
    "narrative",
    "detail",
    "details",
    "remark",
    "remarks",
    "circumstances",
    "text",
];

pub(super) fn is_email(cell: &str) -> bool {
    cell.split_whitespace().any(|word| {
        word.split_once('@')
            .is_some_and(|(before, after)| !before.is_empty() && after.contains('.'))
    })
}

/// Ten to thirteen digits beginning with 0 or +44, however they are spaced.
pub(super) fn is_phone(cell: &str) -> bool {
    let begins_well = cell.starts_with('0') || cell.starts_with("+44") || cell.starts_with("(0");
    let spacing = |c: char| matches!(c, ' ' | '-' | '(' | ')' | '+');
    begins_well
        && cell.chars().all(|c| c.is_ascii_digit() || spacing(c))
        && (10..=13).contains(&cell.bytes().filter(u8::is_ascii_digit).count())
}

/// A postcode among the words of the cell, with or without its space.
pub(super) fn is_postcode(cell: &str) -> bool {
    let mut previous = "";
    cell.split([' ', ',', ';', '\n']).any(|word| {
        let split = word
            .len()
            .checked_sub(3)
            .filter(|at| word.is_char_boundary(*at));
        let joined = split.is_some_and(|at| is_outward(&word[..at]) && is_inward(&word[at..]));
        let apart = is_inward(word) && is_outward(previous);
        previous = word;
        joined || apart
    })
}

/// "SW1A", "E1", "BN21": one or two letters, a digit, perhaps one more.
fn is_outward(word: &str) -> bool {
    let rest = word.trim_start_matches(|c: char| c.is_ascii_alphabetic());
    let letters = word.len() - rest.len();
    let mut rest = rest.chars();
    (1..=2).contains(&letters)
        && rest.next().is_some_and(|c| c.is_ascii_digit())
        && rest.next().is_none_or(|c| c.is_ascii_alphanumeric())
        && rest.next().is_none()
}

/// "1AA": a digit and two letters.
fn is_inward(word: &str) -> bool {
    let bytes = word.as_bytes();
    bytes.len() == 3 && bytes[0].is_ascii_digit() && bytes[1..].iter().all(u8::is_ascii_alphabetic)
}

/// Two to four words of letters, each with a capital: how a name is mostly written.
/// Names of places are written so too; this is only asked of columns that serve no
/// purpose.
pub(super) fn reads_like_a_name(cell: &str) -> bool {
    let words: Vec<&str> = cell.split_whitespace().collect();
    (2..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.starts_with(char::is_uppercase)
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | ',' | '.'))
        })
}
