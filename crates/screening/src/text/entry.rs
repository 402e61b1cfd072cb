//! One standard of a file: its fields, its sentence and its worked examples.

use jiff::civil::Date;

use super::declaration::joined;
use super::fault::{Fault, Problem, nearest};
use super::line::{Line, Word};
use super::phrase::Phrases;
use super::sentence::{self, Read};
use super::{Section, keep};
use crate::standard::{Counting, NATIONS, Standard};
use crate::vocabulary::AttributeKind;

/// The lines of a worked example, with the line that announces them.
pub(crate) struct ExampleLines<'a> {
    pub head: Line<'a>,
    pub body: Vec<Line<'a>>,
}

/// The fields, as they are said.
const FIELDS: [&str; 8] = [
    "title",
    "source",
    "nation",
    "in force",
    "counts",
    "bears on",
    "switched off",
    "example",
];

/// A field or the sentence (which has no name), with the lines that go on with it.
struct Part<'a> {
    field: Option<&'static str>,
    lines: Vec<Line<'a>>,
}

/// A standard and its examples, where nothing is wrong with it.
pub(super) fn read<'a>(
    section: &Section<'a>,
    phrases: &Phrases<'_>,
    faults: &mut Vec<Fault>,
) -> Option<(Standard, Vec<ExampleLines<'a>>)> {
    let before = faults.len();
    let id = keep(id(section.head), faults).unwrap_or_default();
    let parts = parts(&section.body);
    said_once(&parts, faults);
    let fields = Fields { parts: &parts };
    let in_force = keep(fields.in_force(), faults).unwrap_or_default();
    let said = fields.sentence(section.head, phrases, faults)?;
    let (key, rule) = said;
    let counts = keep(fields.counts(phrases, &rule), faults);
    let nations = keep(fields.nations(), faults);
    let title = fields.text("title");
    if title.is_none() {
        let missing = Problem::Missing("the line `title …`");
        faults.push(section.head.fault_at_end(missing));
    }
    if faults.len() > before {
        return None;
    }
    let standard = Standard {
        id,
        title: title?,
        sources: fields.all("source").map(|part| part.text()).collect(),
        nations: nations?,
        in_force_from: in_force.0,
        in_force_to: in_force.1,
        counts: counts?,
        bears_on: fields.text("bears on"),
        switched_off: fields.text("switched off").map(without_because),
        key,
        rule,
        line: section.head.number,
    };
    Some((standard, fields.examples()))
}

/// `standard H16`
fn id(head: Line<'_>) -> Read<String> {
    let words = head.words()?;
    let [_, id] = &words[..] else {
        let expected = "one name after `standard`, such as `standard H16`".to_owned();
        return Err(Box::new(
            head.fault_at_start(Problem::Expected(vec![expected])),
        ));
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    if id.text.is_empty() || !id.text.chars().all(fits) {
        let why = "a standard's name is made of letters, digits, `-` and `.`";
        return Err(Box::new(id.unsound(why)));
    }
    Ok(id.text.clone())
}

/// Lines that begin deeper than the first of a standard go on the one before, and so does a line
/// after the sentence that is no field.
fn parts<'a>(body: &[Line<'a>]) -> Vec<Part<'a>> {
    let margin = body.iter().map(|line| line.indent).min().unwrap_or(0);
    let mut parts: Vec<Part<'a>> = Vec::new();
    for line in body {
        let field = FIELDS.into_iter().find(|field| begins(*line, field));
        match parts.last_mut() {
            Some(part) if line.indent > margin => part.lines.push(*line),
            Some(part) if part.field.is_none() && field.is_none() => part.lines.push(*line),
            _ => parts.push(Part {
                field,
                lines: vec![*line],
            }),
        }
    }
    parts
}

fn begins(line: Line<'_>, field: &str) -> bool {
    let mut said = line.said().split_whitespace();
    field.split(' ').all(|word| {
        said.next()
            .is_some_and(|said| said.eq_ignore_ascii_case(word))
    })
}

fn said_once(parts: &[Part<'_>], faults: &mut Vec<Fault>) {
    for (place, part) in parts.iter().enumerate() {
        if matches!(part.field, None | Some("source" | "example")) {
            continue;
        }
        let before = parts[..place]
            .iter()
            .find(|other| other.field == part.field);
        if let Some(before) = before {
            faults.push(part.lines[0].fault_at_start(Problem::Twice {
                what: "this line of the standard",
                line: before.lines[0].number,
            }));
        }
    }
}

impl Part<'_> {
    fn text(&self) -> String {
        let name = self.field.map_or(0, |field| field.split(' ').count());
        joined(&self.lines, name)
    }

    /// The words after the field's name.
    fn words(&self) -> Read<Vec<Word<'_>>> {
        let mut words = Vec::new();
        for line in &self.lines {
            words.extend(line.words()?);
        }
        let name = self.field.map_or(0, |field| field.split(' ').count());
        Ok(words.split_off(name.min(words.len())))
    }
}

struct Fields<'a, 'b> {
    parts: &'b [Part<'a>],
}

impl<'a> Fields<'a, '_> {
    fn all(&self, field: &'static str) -> impl Iterator<Item = &Part<'a>> {
        self.parts
            .iter()
            .filter(move |part| part.field == Some(field))
    }

    fn text(&self, field: &'static str) -> Option<String> {
        let text = self.all(field).next()?.text();
        (!text.is_empty()).then_some(text)
    }

    /// `nation England, Wales`. One that is not known would be checked for nobody.
    fn nations(&self) -> Read<Vec<String>> {
        let Some(part) = self.all("nation").next() else {
            return Ok(Vec::new());
        };
        let words = part.words()?;
        let named = words
            .iter()
            .filter(|word| !matches!(word.lower.as_str(), "," | "and"));
        named.map(nation).collect()
    }

    /// `in force from 2014-01-01 to 2022-10-27`
    fn in_force(&self) -> Read<(Option<Date>, Option<Date>)> {
        let Some(part) = self.all("in force").next() else {
            return Ok((None, None));
        };
        let words = part.words()?;
        let (from, to) = match &words[..] {
            [from, day] if from.lower == "from" => (Some(date(day)?), None),
            [to, day] if to.lower == "to" => (None, Some(date(day)?)),
            [from, first, to, last] if from.lower == "from" && to.lower == "to" => {
                (Some(date(first)?), Some(date(last)?))
            }
            _ => {
                let form =
                    "`in force from 2014-01-01`, `in force to 2022-10-27` or both".to_owned();
                let problem = Problem::Expected(vec![form]);
                return Err(Box::new(part.lines[0].fault_at_start(problem)));
            }
        };
        match (from, to) {
            (Some(first), Some(last)) if last < first => {
                let why = "the last day in force is before the first";
                Err(Box::new(words[3].unsound(why)))
            }
            both => Ok(both),
        }
    }

    /// The sentence; its faults, and those of whatever else is no field.
    fn sentence(
        &self,
        head: Line<'a>,
        phrases: &Phrases<'_>,
        faults: &mut Vec<Fault>,
    ) -> Option<(crate::standard::Key, crate::standard::Rule)> {
        let mut first = None;
        let mut sentences = self
            .parts
            .iter()
            .filter(|part| part.field.is_none())
            .peekable();
        if sentences.peek().is_none() {
            let missing = "the sentence that says what must be done";
            faults.push(head.fault_at_end(Problem::Missing(missing)));
        }
        for part in sentences {
            let said = keep(read_sentence(part, phrases), faults);
            match &first {
                None => first = said.map(|said| (said, part.lines[0].number)),
                Some((_, line)) if said.is_some() => {
                    faults.push(part.lines[0].fault_at_start(Problem::Twice {
                        what: "the sentence of this standard",
                        line: *line,
                    }));
                }
                Some(_) => {}
            }
        }
        first.map(|(said, _)| said)
    }

    /// `counts each return`, `counts each case`, `counts each child`
    fn counts(&self, phrases: &Phrases<'_>, rule: &crate::standard::Rule) -> Read<Counting> {
        let Some(part) = self.all("counts").next() else {
            return Ok(Counting::EachActivation);
        };
        let words = part.words()?;
        let heard = words.iter().filter(|word| !word.is_article());
        let said: Vec<&str> = heard.map(|word| word.lower.as_str()).collect();
        let after_each = match &said[..] {
            ["each", "activation"] => return Ok(Counting::EachActivation),
            ["each", "case"] => return Ok(Counting::EachCase),
            ["each", rest @ ..] => rest,
            _ => &[],
        };
        if let Some((id, count)) = phrases.find_attribute(after_each) {
            let attribute = phrases.vocabulary.attribute(id);
            if count == after_each.len() && attribute.kind == AttributeKind::Key {
                return Ok(Counting::Each(id));
            }
        }
        let activating = rule.activating().any_of.iter();
        match phrases.find_activity(after_each) {
            Some((id, count)) if count == after_each.len() => {
                if activating.into_iter().any(|test| test.activity == id) {
                    return Ok(Counting::EachActivation);
                }
                let why = "this standard does not begin with that; count what its sentence begins with, each case, or each of a key";
                Err(Box::new(words[1].unsound(why)))
            }
            _ => Err(counts_fault(part, &words, phrases)),
        }
    }

    fn examples(&self) -> Vec<ExampleLines<'a>> {
        self.all("example")
            .map(|part| ExampleLines {
                head: part.lines[0],
                body: part.lines[1..].to_vec(),
            })
            .collect()
    }
}

fn counts_fault(part: &Part<'_>, words: &[Word<'_>], phrases: &Phrases<'_>) -> Box<Fault> {
    let form = "`each activation`, `each case`, or `each` with a key or with what the sentence begins with";
    let problem = Problem::Expected(vec![form.to_owned()]);
    let Some(word) = words.get(1) else {
        return Box::new(part.lines[0].fault_at_end(problem));
    };
    let mut fault = word.fault(problem);
    fault.nearest = nearest(&word.lower, ["activation", "case"])
        .or_else(|| phrases.nearest_attribute(&word.lower, Some(AttributeKind::Key)));
    Box::new(fault)
}

fn read_sentence(
    part: &Part<'_>,
    phrases: &Phrases<'_>,
) -> Read<(crate::standard::Key, crate::standard::Rule)> {
    let words = part.words()?;
    let last = part.lines[part.lines.len() - 1];
    sentence::read(&words, last, phrases).map_err(|mut fault| {
        let is_first = words
            .first()
            .is_some_and(|word| word.line.number == fault.line && word.column == fault.column);
        if is_first && fault.nearest.is_none() {
            let names = FIELDS.iter().filter_map(|field| field.split(' ').next());
            fault.nearest = nearest(&fault.word, names);
        }
        fault
    })
}

fn nation(word: &Word<'_>) -> Read<String> {
    let known = NATIONS
        .into_iter()
        .find(|known| word.text.eq_ignore_ascii_case(known));
    known.map(str::to_owned).ok_or_else(|| {
        let names = NATIONS.map(|name| format!("`{name}`"));
        let mut fault = word.fault(Problem::Expected(names.to_vec()));
        fault.nearest = nearest(&word.text, NATIONS);
        Box::new(fault)
    })
}

fn date(word: &Word<'_>) -> Read<Date> {
    word.text.parse().map_err(|_| {
        let expected = "a day such as `2014-01-01`".to_owned();
        Box::new(word.fault(Problem::Expected(vec![expected])))
    })
}

fn without_because(reason: String) -> String {
    match reason.split_once(' ') {
        Some((because, rest)) if because.eq_ignore_ascii_case("because") => rest.to_owned(),
        _ => reason,
    }
}
