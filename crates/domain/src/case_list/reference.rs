//! The rule for references: something that stands for a case and says nothing of
//! the people in it.
//!
//! A reference has 3 to 40 characters: letters, digits and `-`, `/`, `.`, `_`,
//! with at least one digit. It is not a date. Letters stand in groups of three at
//! most, since a longer one may be a name; a longer group is accepted where it is
//! an everyday word of references (`CASE-0001`), where most references of the file
//! carry the same one, or where the reference is a hexadecimal digest.

use super::value::{looks_like_a_date, parse_day};

/// What is wrong with a reference, and how to mend it.
pub(super) type ReferenceFault = (&'static str, &'static str);

const GIVE_ANOTHER: &str = "give the case a reference made for this list, such as a running number";

/// What is wrong with the form of a reference, if anything.
pub(super) fn fault_of(reference: &str) -> Option<ReferenceFault> {
    if reference.contains(char::is_whitespace) {
        return Some((
            "a reference holds no space; this may be a name",
            GIVE_ANOTHER,
        ));
    }
    if parse_day(reference).is_some() || looks_like_a_date(reference) {
        return Some((
            "a reference must not be a date; it may be one of birth",
            GIVE_ANOTHER,
        ));
    }
    if !reference
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || b"-/._".contains(&b))
    {
        return Some((
            "a reference holds only letters A to Z, digits and - / . _",
            "remove the other characters, in the same way in every row",
        ));
    }
    if !(3..=40).contains(&reference.len()) {
        return Some(("a reference has 3 to 40 characters", GIVE_ANOTHER));
    }
    if !reference.bytes().any(|b| b.is_ascii_digit()) {
        return Some((
            "a reference holds at least one digit; this may be a name",
            GIVE_ANOTHER,
        ));
    }
    None
}

/// What to say where the letters may be a name.
pub(super) const MAY_BE_A_NAME: ReferenceFault = (
    "four letters or more together may be a name",
    "use references whose letters are few or the same in every row",
);

/// The groups of letters, in capitals, that may be a name.
pub(super) fn doubtful_words(reference: &str) -> impl Iterator<Item = String> + '_ {
    let digest = is_digest(reference);
    reference
        .split(|c: char| !c.is_ascii_alphabetic())
        .filter(move |word| word.len() > 3 && !digest)
        .map(str::to_ascii_uppercase)
        .filter(|word| !EVERYDAY.contains(&word.as_str()))
}

const EVERYDAY: [&str; 7] = [
    "CASE", "CHILD", "CRIME", "FILE", "INCIDENT", "RECORD", "REPORT",
];

/// Sixteen hexadecimal digits or more, hyphens apart, figures among them.
fn is_digest(reference: &str) -> bool {
    let digits = reference.bytes().filter(|b| *b != b'-');
    digits.clone().all(|b| b.is_ascii_hexdigit()) && digits.count() >= 16
}
