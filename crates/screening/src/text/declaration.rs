//! What a library says before its standards: its name, its zone and its words.

use super::fault::{Fault, Problem, nearest};
use super::line::{Line, Word};
use super::phrase::normal;
use super::sentence::{RESERVED, Read, is_number};
use super::{Section, keep};
use crate::standard::Library;
use crate::vocabulary::{Activity, Attribute, AttributeKind, Vocabulary};

/// Words that would tear a sentence apart if a name held them.
const CONNECTING: &[&str] = &[
    "or", "with", "within", "unless", "while", "needs", "since", "where", "until", "same",
];

/// Words with which a sentence goes on, so that no name may begin with them.
const STARTING: &[&str] = &[
    "after", "and", "as", "at", "by", "each", "for", "from", "has", "in", "is", "last", "measure",
    "more", "most", "next", "no", "not", "of", "recorded", "than", "to", "when",
];

/// The library without its standards.
pub(super) fn read(sections: &[Section<'_>], faults: &mut Vec<Fault>) -> Library {
    let (title, version) = match only(sections, "library", faults) {
        Some(section) => keep(title_and_version(section), faults).unwrap_or_default(),
        None => Default::default(),
    };
    let zone = match only(sections, "zone", faults) {
        Some(section) => keep(zone(section), faults).unwrap_or_default(),
        None => String::new(),
    };
    Library {
        title,
        version,
        zone,
        vocabulary: vocabulary(sections, faults),
        standards: Vec::new(),
    }
}

/// The section of this name, which must stand there once.
fn only<'a, 'b>(
    sections: &'b [Section<'a>],
    name: &'static str,
    faults: &mut Vec<Fault>,
) -> Option<&'b Section<'a>> {
    let mut all = sections.iter().filter(|section| section.name == name);
    let Some(first) = all.next() else {
        let start = Line::start(sections.first().map(|section| section.head));
        let missing = match name {
            "zone" => "the line `zone Europe/London`, by which days begin and end,",
            _ => "the line `library \"…\" version \"…\"`",
        };
        faults.push(start.fault(1, "", Problem::Missing(missing)));
        return None;
    };
    for again in all {
        faults.push(again.head.fault_at_start(Problem::Twice {
            what: "this line",
            line: first.head.number,
        }));
    }
    for line in &first.body {
        faults.push(line.fault_at_start(Problem::Expected(vec!["nothing here".to_owned()])));
    }
    Some(first)
}

/// `library "England and Wales" version "2026.1"`
fn title_and_version(section: &Section<'_>) -> Read<(String, String)> {
    let words = section.head.words()?;
    let is_quotation = |word: &Word<'_>| word.lower.is_empty();
    match &words[..] {
        [_, title, version, number]
            if is_quotation(title) && version.lower == "version" && is_quotation(number) =>
        {
            Ok((title.text.clone(), number.text.clone()))
        }
        _ => Err(Box::new(section.head.fault_at_start(Problem::Expected(
            vec!["`library \"its name\" version \"its version\"`".to_owned()],
        )))),
    }
}

/// `zone Europe/London`
fn zone(section: &Section<'_>) -> Read<String> {
    let words = section.head.words()?;
    let [_, zone] = &words[..] else {
        let expected = Problem::Expected(vec!["one time zone such as `Europe/London`".to_owned()]);
        return Err(Box::new(section.head.fault_at_start(expected)));
    };
    if jiff::tz::TimeZone::get(&zone.text).is_ok() {
        return Ok(zone.text.clone());
    }
    let mut fault = zone.fault(Problem::Unknown("time zone"));
    let known: Vec<String> = jiff::tz::db()
        .available()
        .map(|one| one.to_string())
        .collect();
    fault.nearest = nearest(&zone.text, known.iter().map(String::as_str));
    Err(Box::new(fault))
}

fn vocabulary(sections: &[Section<'_>], faults: &mut Vec<Fault>) -> Vocabulary {
    let mut vocabulary = Vocabulary::default();
    let mut names = Names::default();
    for section in sections {
        match section.name {
            "activities" => {
                for lines in entries(&section.body) {
                    let activity = activity(&lines, &mut names, faults);
                    vocabulary.activities.extend(activity);
                }
            }
            "attributes" => {
                for line in &section.body {
                    let attribute = attribute(*line, &vocabulary);
                    vocabulary.attributes.extend(keep(attribute, faults));
                }
            }
            "ignored" => ignored(section, &mut vocabulary),
            _ => {}
        }
        too_many(section, &vocabulary, faults);
    }
    let twice = ignored_and_declared(sections, &vocabulary);
    faults.extend(twice);
    vocabulary
}

fn too_many(section: &Section<'_>, vocabulary: &Vocabulary, faults: &mut Vec<Fault>) {
    const MOST: usize = 60_000;
    if vocabulary.activities.len().max(vocabulary.attributes.len()) > MOST {
        let why = format!("a library declares at most {MOST} activities and attributes");
        faults.push(section.head.fault_at_start(Problem::Unsound(why)));
    }
}

fn ignored_and_declared(sections: &[Section<'_>], vocabulary: &Vocabulary) -> Option<Fault> {
    let declared = |code: &&String| vocabulary.find_activity(code).is_some();
    let code = vocabulary.ignored.iter().find(declared)?;
    let ignoring = |section: &&Section<'_>| section.name == "ignored";
    let head = sections.iter().find(ignoring)?.head;
    Some(head.fault_at_start(Problem::Unsound(format!(
        "{code} is ignored here and declared under `activities`; take one of the two away"
    ))))
}

/// Lines that begin deeper than the first go on the one before.
pub(super) fn entries<'a>(body: &[Line<'a>]) -> Vec<Vec<Line<'a>>> {
    let margin = body.first().map_or(0, |line| line.indent);
    let mut entries: Vec<Vec<Line<'a>>> = Vec::new();
    for line in body {
        match entries.last_mut() {
            Some(entry) if line.indent > margin => entry.push(*line),
            _ => entries.push(vec![*line]),
        }
    }
    entries
}

/// The names so far, with the lines on which they stand.
type Names = std::collections::HashMap<String, u32>;

/// `MISSING_RETURNED  missing child returns, return of the missing child`
fn activity(lines: &[Line<'_>], names: &mut Names, faults: &mut Vec<Fault>) -> Option<Activity> {
    let first = lines[0];
    let code = first.said().split_whitespace().next()?;
    keep(
        name_once(&code.to_lowercase(), "this activity", first, names),
        faults,
    )?;
    let text = joined(lines, 1);
    let mut phrases = Vec::new();
    for phrase in text.split(',').filter(|phrase| !phrase.trim().is_empty()) {
        phrases.extend(keep(self::phrase(phrase, code, first, names), faults));
    }
    if text.is_empty() {
        let plain = code.to_lowercase().replace('_', " ");
        phrases.extend(phrase(&plain, code, first, names).ok());
    }
    Some(Activity {
        code: code.to_owned(),
        phrases,
    })
}

/// One name of an activity, without an article before it.
fn phrase(said: &str, code: &str, line: Line<'_>, names: &mut Names) -> Read<String> {
    let words = normal(said);
    check_phrase(&words, line)?;
    let name = words.join(" ");
    if name != code.to_lowercase() {
        name_once(&name, "an activity of this name", line, names)?;
    }
    let said: Vec<String> = said.split_whitespace().map(str::to_lowercase).collect();
    let is_article = |word: &&String| matches!(word.as_str(), "a" | "an" | "the");
    let articles = said.iter().take_while(is_article).count();
    Ok(said[articles..].join(" "))
}

fn name_once(name: &str, what: &'static str, line: Line<'_>, names: &mut Names) -> Read<()> {
    match names.insert(name.to_owned(), line.number) {
        None => Ok(()),
        Some(before) => {
            names.insert(name.to_owned(), before);
            let twice = Problem::Twice { what, line: before };
            Err(at_words(line, name, twice))
        }
    }
}

fn check_phrase(words: &[String], line: Line<'_>) -> Read<()> {
    let unsound = |word: &str, why: String| Err(at_words(line, word, Problem::Unsound(why)));
    let Some(first) = words.first() else {
        return unsound(",", "a name stands before each comma".to_owned());
    };
    if STARTING.contains(&first.as_str()) || is_number(first) {
        return unsound(
            first,
            "a name may not begin with this word of the language".to_owned(),
        );
    }
    if let Some(word) = words
        .iter()
        .find(|word| CONNECTING.contains(&word.as_str()))
    {
        return unsound(
            word,
            "a name may not contain this word of the language".to_owned(),
        );
    }
    match words.iter().find(|word| word.contains(['"', '#'])) {
        Some(word) => unsound(
            word,
            "a name has neither quotation marks nor `#`".to_owned(),
        ),
        None => Ok(()),
    }
}

/// A fault at a word of a line, or at its beginning where the word is not on it.
fn at_words(line: Line<'_>, word: &str, problem: Problem) -> Box<Fault> {
    let words = line.words().unwrap_or_default();
    let first = word.split(' ').next().unwrap_or_default();
    let said = words.iter().find(|said| said.lower == first);
    Box::new(match said {
        Some(said) => said.fault(problem),
        None => line.fault_at_start(problem),
    })
}

/// `suspect in column suspect_key, a key`
fn attribute(line: Line<'_>, vocabulary: &Vocabulary) -> Read<Attribute> {
    let wrong = || {
        let form = "`NAME in column COLUMN` or `NAME in column COLUMN, a key`";
        Box::new(line.fault_at_start(Problem::Expected(vec![form.to_owned()])))
    };
    let (name, rest) = line.said().split_once(" in column ").ok_or_else(wrong)?;
    let (column, kind) = match rest.split_once(',') {
        None => (rest.trim(), AttributeKind::Value),
        Some((column, kind)) if normal(kind) == ["key"] => (column.trim(), AttributeKind::Key),
        Some(_) => return Err(wrong()),
    };
    let words = normal(name);
    if words.is_empty() || column.is_empty() {
        return Err(wrong());
    }
    check_phrase(&words, line)?;
    if let Some(word) = words.iter().find(|word| RESERVED.contains(&word.as_str())) {
        let why = "the name of an attribute may not contain this word of the language";
        return Err(at_words(line, word, Problem::Unsound(why.to_owned())));
    }
    let name = words.join(" ");
    if vocabulary.find_attribute(&name).is_some() || name == "case" || name == "activation" {
        let why = "there is an attribute of this name already".to_owned();
        return Err(Box::new(line.fault_at_start(Problem::Unsound(why))));
    }
    Ok(Attribute {
        name,
        column: column.to_owned(),
        kind,
    })
}

/// `ignored NOTE_ADDED, LETTER_SENT`
fn ignored(section: &Section<'_>, vocabulary: &mut Vocabulary) {
    let lines: Vec<Line<'_>> = [section.head]
        .into_iter()
        .chain(section.body.clone())
        .collect();
    for code in joined(&lines, 1).split([',', ' ']) {
        if !code.is_empty() && !vocabulary.ignored.iter().any(|other| other == code) {
            vocabulary.ignored.push(code.to_owned());
        }
    }
}

/// What lines say, without the first words of the first.
pub(super) fn joined(lines: &[Line<'_>], words: usize) -> String {
    let first = lines.first().map(|line| line.after(words));
    let others = lines.iter().skip(1).map(|line| line.said());
    let said: Vec<&str> = first
        .into_iter()
        .chain(others)
        .filter(|said| !said.is_empty())
        .collect();
    said.join(" ")
}
