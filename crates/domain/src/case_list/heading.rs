//! Headings: the words in them, and how a column is named to people.

/// The words of a heading in small letters: "Date_Opened (UK)" gives date, opened, uk.
pub(super) fn words(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for c in heading.chars() {
        let new_word = !c.is_alphanumeric() || (before_small && c.is_uppercase());
        if new_word {
            words.push(String::new());
        }
        if c.is_alphanumeric() {
            words
                .last_mut()
                .expect("never empty")
                .extend(c.to_lowercase());
        }
        before_small = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The letter a spreadsheet gives a column: 0 is A, 25 is Z, 26 is AA.
pub(super) fn letter(column: usize) -> String {
    let mut rest = column + 1;
    let mut letters = Vec::new();
    while rest > 0 {
        letters.push(char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

/// A column as faults name it. The heading is shown only where all of its words
/// are words of headings: in a file without headings its first row would be case
/// material.
#[must_use]
pub fn column_name(column: usize, heading: Option<&str>) -> String {
    let letter = letter(column);
    match heading {
        Some(heading) if is_harmless(heading) => format!("{letter} ({})", heading.trim()),
        _ => letter,
    }
}

/// Whether every word is one that headings are made of.
pub(super) fn is_harmless(heading: &str) -> bool {
    let words = words(heading);
    !words.is_empty()
        && words
            .iter()
            .all(|word| HEADING_WORDS.contains(&word.as_str()))
}

/// Words of headings, in alphabetical order: none of them says anything of a case.
const HEADING_WORDS: &[&str] = &[
    "address",
    "age",
    "alias",
    "area",
    "at",
    "bcu",
    "birth",
    "born",
    "borough",
    "case",
    "category",
    "child",
    "circumstances",
    "class",
    "close",
    "closed",
    "code",
    "comment",
    "comments",
    "contact",
    "created",
    "crime",
    "date",
    "description",
    "detail",
    "details",
    "district",
    "division",
    "dob",
    "e",
    "email",
    "end",
    "ended",
    "ethnicity",
    "family",
    "file",
    "finalised",
    "first",
    "force",
    "forename",
    "free",
    "from",
    "gender",
    "given",
    "home",
    "house",
    "how",
    "id",
    "incident",
    "investigation",
    "key",
    "kind",
    "last",
    "level",
    "local",
    "location",
    "log",
    "mail",
    "middle",
    "mobile",
    "name",
    "names",
    "narrative",
    "nickname",
    "no",
    "note",
    "notes",
    "number",
    "occurrence",
    "of",
    "offence",
    "officer",
    "on",
    "open",
    "opened",
    "outcome",
    "person",
    "phone",
    "post",
    "postcode",
    "pseudonym",
    "raised",
    "received",
    "record",
    "recorded",
    "ref",
    "reference",
    "remark",
    "remarks",
    "reported",
    "school",
    "sex",
    "start",
    "started",
    "status",
    "street",
    "sub",
    "summary",
    "surname",
    "suspect",
    "team",
    "tel",
    "telephone",
    "text",
    "type",
    "unique",
    "unit",
    "victim",
];
