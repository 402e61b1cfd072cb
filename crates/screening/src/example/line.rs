//! One line of an example.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;

use super::{Expected, Finding, Told, VERDICTS};
use crate::event::{Event, Happening, When};
use crate::standard::Library;
use crate::text::sentence::Read;
use crate::text::{Fault, Line, Problem, Word, nearest};

/// What a line says.
pub(super) enum Said {
    /// Something happened.
    Event(Event),
    /// `as of 2026-01-31`, `as of 2026-01-31 known at 2026-01-10`
    AsOf(Date, Option<Date>),
    /// `S1 met, missed (late)`
    Expected(Expected),
}

/// Reads a line.
pub(super) fn read(line: Line<'_>, library: &Library) -> Read<Said> {
    let words = line.words()?;
    let Some(first) = words.first() else {
        return Err(Box::new(
            line.fault_at_start(expected("a line of an example")),
        ));
    };
    if first.lower == "as" {
        return as_of(&words, line);
    }
    if first.lower == "faulty" || first.text.starts_with(|c: char| c.is_ascii_digit()) {
        return event(&words, line, library).map(Said::Event);
    }
    let place = library
        .standards
        .iter()
        .position(|one| one.id == first.text);
    let Some(standard) = place.and_then(|place| u16::try_from(place).ok()) else {
        return Err(Box::new(first.fault(Problem::Unknown("standard"))));
    };
    let findings = findings(&words[1..], line, library)?;
    Ok(Said::Expected(Expected {
        line: line.number,
        standard,
        findings,
    }))
}

/// The first instant after a day in the library's zone.
pub(super) fn first_instant_after(day: Date, library: &Library, line: Line<'_>) -> Read<i64> {
    let wrong = || Box::new(line.fault_at_start(expected("a day of which there is a next")));
    let next = day.tomorrow().map_err(|_| wrong())?;
    let next = next.to_zoned_datetime(zone(library)).map_err(|_| wrong())?;
    Ok(next.timestamp().as_microsecond())
}

fn zone(library: &Library) -> TimeZone {
    TimeZone::get(&library.zone).unwrap_or(TimeZone::UTC)
}

fn expected(what: &str) -> Problem {
    Problem::Expected(vec![what.to_owned()])
}

fn as_of(words: &[Word<'_>], line: Line<'_>) -> Read<Said> {
    let said: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
    match said[..] {
        ["as", "of", _] => Ok(Said::AsOf(date(&words[2])?, None)),
        ["as", "of", _, "known", "at", _] => {
            Ok(Said::AsOf(date(&words[2])?, Some(date(&words[5])?)))
        }
        _ => Err(Box::new(line.fault_at_start(expected(
            "`as of 2026-01-31` or `as of 2026-01-31 known at 2026-01-10`",
        )))),
    }
}

fn date(word: &Word<'_>) -> Read<Date> {
    let wrong = |_| Box::new(word.fault(expected("a day such as `2026-01-31`")));
    word.text.parse().map_err(wrong)
}

fn unknown(activity: &Word<'_>, library: &Library) -> Box<Fault> {
    let mut fault = activity.fault(Problem::Unknown("activity"));
    let activities = library.vocabulary.activities.iter();
    fault.nearest = nearest(&activity.text, activities.map(|one| one.code.as_str()));
    Box::new(fault)
}

/// `2026-01-05T09:00 REFERRAL_RECEIVED risk=H`; `?` is an activity that the library does not know.
fn event(words: &[Word<'_>], line: Line<'_>, library: &Library) -> Read<Event> {
    let when = match words[0].lower.as_str() {
        "faulty" => When::ANY,
        _ => time(&words[0], library)?,
    };
    let Some(activity) = words.get(1) else {
        return Err(Box::new(
            line.fault_at_end(expected("an activity's code, or `?`")),
        ));
    };
    let happening = match library.vocabulary.find_activity(&activity.text) {
        Some(id) => Happening::Known(id),
        None if activity.text == "?" => Happening::Unknown,
        None => return Err(unknown(activity, library)),
    };
    let mut event = Event {
        happening,
        when,
        recorded_at: None,
        values: vec![None; library.vocabulary.attributes.len()],
    };
    let mut left = words[2..].iter().peekable();
    while let Some(word) = left.next() {
        let is_quotation = |next: &&Word<'_>| word.text.ends_with('=') && next.lower.is_empty();
        let quotation = left.next_if(is_quotation).map(|next| next.text.as_str());
        value(word, quotation, &mut event, library)?;
    }
    Ok(event)
}

/// `risk=H`, `timescale="3 months"`, `initiating_officer=o1`, `recorded=2026-01-07T10:00`
fn value(
    word: &Word<'_>,
    quotation: Option<&str>,
    event: &mut Event,
    library: &Library,
) -> Read<()> {
    let Some((name, value)) = word.text.split_once('=') else {
        return Err(Box::new(word.fault(expected("a value such as `risk=H`"))));
    };
    let value = quotation.unwrap_or(value);
    if name == "recorded" {
        event.recorded_at = Some(instant(word, value, library)?.latest);
        return Ok(());
    }
    match library.vocabulary.find_attribute(&name.replace('_', " ")) {
        Some(id) => event.values[usize::from(id.0)] = Some(value.to_owned()),
        None => return Err(Box::new(word.fault(Problem::Unknown("attribute")))),
    }
    Ok(())
}

fn time(word: &Word<'_>, library: &Library) -> Read<When> {
    instant(word, &word.text, library)
}

/// A day, a local time, or a time with its offset.
fn instant(word: &Word<'_>, text: &str, library: &Library) -> Read<When> {
    if !text.contains(['T', 't'])
        && let Ok(day) = text.parse::<Date>()
    {
        let start = day.to_zoned_datetime(zone(library)).ok();
        let start = start.map(|start| start.timestamp().as_microsecond());
        return match start {
            Some(earliest) => Ok(When {
                earliest,
                latest: first_instant_after(day, library, word.line)? - 1,
            }),
            None => Err(Box::new(word.fault(expected("a day within reach")))),
        };
    }
    if let Ok(exact) = text.parse::<Timestamp>() {
        return Ok(When::at(exact.as_microsecond()));
    }
    let Ok(local) = text.parse::<DateTime>() else {
        let what = "a time such as `2026-01-05T09:00`, a day, or `faulty`";
        return Err(Box::new(word.fault(expected(what))));
    };
    let here = zone(library).to_ambiguous_timestamp(local).unambiguous();
    match here {
        Ok(exact) => Ok(When::at(exact.as_microsecond())),
        Err(_) => Err(Box::new(word.unsound(
            "the clocks change here, so that this time comes twice or never; add the offset, such as `+01:00`",
        ))),
    }
}

/// `not applicable`, or findings between commas.
fn findings(words: &[Word<'_>], line: Line<'_>, library: &Library) -> Read<Vec<Finding>> {
    let said: Vec<&str> = words.iter().map(|word| word.lower.as_str()).collect();
    if said == ["not", "applicable"] {
        return Ok(Vec::new());
    }
    words
        .split(|word| word.text == ",")
        .map(|one| finding(one, line, library))
        .collect()
}

/// `missed (late) due 2026-01-06T09:00`, `met due end of 2026-01-26`
fn finding(words: &[Word<'_>], line: Line<'_>, library: &Library) -> Read<Finding> {
    let due = words.iter().position(|word| word.lower == "due");
    let (verdict, due) = words.split_at(due.unwrap_or(words.len()));
    let said: Vec<&str> = verdict.iter().map(|word| word.lower.as_str()).collect();
    let Some(told) = told(&said.join(" ")) else {
        let what =
            "`met`, `excused`, `pending`, `cannot tell`, `missed (late)` or `not applicable`";
        let fault = words.first().map(|word| word.fault(expected(what)));
        return Err(Box::new(
            fault.unwrap_or_else(|| line.fault_at_end(expected(what))),
        ));
    };
    let due = match due {
        [] => None,
        [_, times @ ..] => Some(due_at(times, line, library)?),
    };
    Ok(Finding { told, due })
}

/// `2026-01-06T09:00`, `end of 2026-01-06`, or two of these with `to` between them.
fn due_at(words: &[Word<'_>], line: Line<'_>, library: &Library) -> Read<When> {
    let one = |words: &[Word<'_>]| match words {
        [at] => time(at, library),
        [end, of, day] if end.lower == "end" && of.lower == "of" => {
            date(day)?;
            Ok(When::at(time(day, library)?.latest))
        }
        _ => {
            let what = "a time or `end of` and a day, or two of these with `to` between them";
            let word = words.first().map(|word| word.fault(expected(what)));
            Err(Box::new(
                word.unwrap_or_else(|| line.fault_at_end(expected(what))),
            ))
        }
    };
    let Some(to) = words.iter().position(|word| word.lower == "to") else {
        return one(words);
    };
    Ok(When {
        earliest: one(&words[..to])?.earliest,
        latest: one(&words[to + 1..])?.latest,
    })
}

fn told(said: &str) -> Option<Told> {
    let known = VERDICTS.iter().find(|(words, _)| *words == said)?;
    Some(known.1)
}
