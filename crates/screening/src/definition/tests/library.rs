//! The ten standards of the study, built by hand, and small timelines to check them on.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::definition::{verdicts, verdicts_of_key};
use crate::event::{Event, Happening, When};
use crate::random::calendar;
use crate::standard::{
    AtMost, Condition, Counting, EventTest, Key, Library, Limit, Limits, NeverWhile, Nth, Pattern,
    Precedence, Response, Rule, Sharing, Since, Standard, Test, Trigger, Unit,
};
use crate::verdict::{Outcome, Verdict};
use crate::vocabulary::{Activity, ActivityId, Attribute, AttributeId, AttributeKind, Vocabulary};

pub(super) const RISK: AttributeId = AttributeId(0);
pub(super) const SUSPECT: AttributeId = AttributeId(1);
pub(super) const CHILD: AttributeId = AttributeId(2);

const CODES: [&str; 16] = [
    "REFERRAL_RECEIVED",
    "CHILD_SEEN",
    "CASE_TRANSFERRED",
    "MISSING_RETURNED",
    "RETURN_INTERVIEW",
    "CONFERENCE",
    "STRATEGY_DISCUSSION",
    "REVIEW",
    "REOPENED",
    "CASE_CLOSED",
    "SUSPECT_IDENTIFIED",
    "SUSPECT_INTERVIEWED",
    "MISSING_REPORTED",
    "PLAN_AGREED",
    "RISK_ASSESSED",
    "ALLOCATED",
];

pub(super) fn id(code: &str) -> ActivityId {
    let place = CODES.iter().position(|one| *one == code);
    ActivityId(place.expect("a known code") as u16)
}

/// Events of any of these activities.
pub(super) fn of(codes: &str) -> Pattern {
    let test = |code| EventTest {
        activity: id(code),
        conditions: Vec::new(),
    };
    Pattern {
        any_of: codes.split(' ').map(test).collect(),
    }
}

pub(super) fn limit(amount: u32, unit: Unit) -> Limit {
    Limit {
        amount,
        unit,
        beginning_with_the_day: false,
    }
}

pub(super) fn on(pattern: Pattern) -> Trigger {
    Trigger { pattern, nth: None }
}

pub(super) fn nth(codes: &str, count: u32, days: u32) -> Trigger {
    Trigger {
        pattern: of(codes),
        nth: Some(Nth {
            count,
            within: Some(limit(days, Unit::Days)),
        }),
    }
}

pub(super) fn response(trigger: Trigger, expected: &str, within: Limit) -> Response {
    Response {
        trigger,
        expected: of(expected),
        same: None,
        from_first: false,
        or_at_once: false,
        limits: Limits::One(within),
        unless: None,
        resets: Vec::new(),
        pause: None,
        sharing: Sharing::OneForAll,
        gap: false,
    }
}

pub(super) fn standard(id: &str, rule: Rule) -> Standard {
    Standard {
        id: id.to_owned(),
        title: id.to_owned(),
        sources: Vec::new(),
        nations: Vec::new(),
        in_force_from: None,
        in_force_to: None,
        counts: Counting::EachActivation,
        bears_on: None,
        switched_off: None,
        key: Key::Case,
        rule,
        line: 1,
    }
}

pub(super) fn library(standards: Vec<Standard>) -> Library {
    let activity = |code: &str| Activity {
        code: code.to_owned(),
        phrases: vec![code.to_lowercase().replace('_', " ")],
    };
    let attribute = |(name, kind): (&str, _)| Attribute {
        name: name.to_owned(),
        column: name.to_owned(),
        kind,
    };
    Library {
        title: "The study".to_owned(),
        version: "1".to_owned(),
        zone: "Europe/London".to_owned(),
        vocabulary: Vocabulary {
            activities: CODES.map(activity).into(),
            attributes: [
                ("risk", AttributeKind::Value),
                ("suspect", AttributeKind::Key),
                ("child", AttributeKind::Key),
            ]
            .map(attribute)
            .into(),
            ignored: Vec::new(),
        },
        standards,
    }
}

/// One of the ten standards of the study, `S1` to `S10`.
pub(super) fn study(name: &str) -> Library {
    let mut found = standard(name, rule_of(name));
    if name == "S9" {
        found.key = Key::Attribute(CHILD);
    }
    library(vec![found])
}

fn rule_of(name: &str) -> Rule {
    match name {
        "S1" => Rule::Response(Response {
            trigger: on(with_risk(of("REFERRAL_RECEIVED"), "H")),
            unless: Some(of("CASE_TRANSFERRED")),
            ..response(on(of("CASE_CLOSED")), "CHILD_SEEN", limit(24, Unit::Hours))
        }),
        "S2" => Rule::Response(response(
            on(of("MISSING_RETURNED")),
            "RETURN_INTERVIEW",
            limit(72, Unit::Hours),
        )),
        "S3" => Rule::Precedence(Precedence {
            activation: of("CONFERENCE"),
            required: of("STRATEGY_DISCUSSION"),
            same: None,
            within: Some(limit(15, Unit::WorkingDays)),
        }),
        "S4" => Rule::Response(Response {
            gap: true,
            ..response(
                on(of("REFERRAL_RECEIVED REVIEW REOPENED")),
                "REFERRAL_RECEIVED REVIEW REOPENED CASE_CLOSED",
                limit(28, Unit::Days),
            )
        }),
        "S5" => Rule::NeverWhile(NeverWhile {
            forbidden: of("CASE_CLOSED"),
            opened: of("SUSPECT_IDENTIFIED"),
            closed: of("SUSPECT_INTERVIEWED"),
            same: Some(SUSPECT),
        }),
        "S6" => Rule::Response(response(
            nth("MISSING_REPORTED", 3, 90),
            "STRATEGY_DISCUSSION",
            limit(7, Unit::Days),
        )),
        "S7" => Rule::Since(Since {
            activation: of("PLAN_AGREED"),
            required: of("RISK_ASSESSED"),
            boundary: of("REFERRAL_RECEIVED REOPENED"),
            same: None,
        }),
        "S8" => Rule::Response(response(
            on(of("REFERRAL_RECEIVED")),
            "RISK_ASSESSED",
            limit(1, Unit::WorkingDays),
        )),
        "S9" => Rule::Response(Response {
            from_first: true,
            ..response(
                nth("REFERRAL_RECEIVED", 2, 30),
                "STRATEGY_DISCUSSION",
                limit(7, Unit::Days),
            )
        }),
        _ => Rule::AtMost(AtMost {
            count: 3,
            counted: of("ALLOCATED"),
            within: None,
        }),
    }
}

fn with_risk(mut pattern: Pattern, risk: &str) -> Pattern {
    for test in &mut pattern.any_of {
        test.conditions.push(Condition {
            attribute: RISK,
            test: Test::Is(vec![risk.to_owned()]),
        });
    }
    pattern
}

/// The first instant after a day, as the day up to which a log is known.
pub(super) fn end_of(day: &str) -> i64 {
    calendar()
        .end_of(day.parse().expect("a day"))
        .expect("a day of the tables")
}

/// The events of a log of lines such as `2026-03-02T09:00 REFERRAL_RECEIVED risk=H`; a day alone is
/// a date without a time, `?` a faulty time.
pub(super) fn events(log: &str) -> Vec<Event> {
    log.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(event)
        .collect()
}

fn event(line: &str) -> Event {
    let mut words = line.split(' ');
    let when = when(words.next().expect("a time"));
    let code = words.next().expect("an activity");
    let place = CODES.iter().position(|one| *one == code);
    let happening = place.map_or(Happening::Unknown, |at| {
        Happening::Known(ActivityId(at as u16))
    });
    let mut values = vec![None; 3];
    for (name, value) in words.filter_map(|word| word.split_once('=')) {
        let names = ["risk", "suspect", "child"];
        let place = names.iter().position(|one| *one == name);
        values[place.expect("an attribute")] = Some(value.to_owned());
    }
    Event {
        happening,
        when,
        recorded_at: None,
        values,
    }
}

pub(super) fn when(text: &str) -> When {
    if text == "?" {
        return When::ANY;
    }
    if text.contains('T') {
        let time: DateTime = text.parse().expect("a time");
        let zone = TimeZone::get("Europe/London").expect("London");
        let instant = time.to_zoned_datetime(zone).expect("a time of London");
        return When::at(instant.timestamp().as_microsecond());
    }
    calendar()
        .day(text.parse().expect("a day"))
        .expect("a day of the tables")
}

/// The verdicts of a library on a log that is known up to and including a day.
pub(super) fn check(library: &Library, as_of: &str, log: &str) -> Vec<Verdict> {
    verdicts(library, calendar(), end_of(as_of), &events(log))
}

pub(super) fn outcomes(library: &Library, as_of: &str, log: &str) -> Vec<Outcome> {
    let verdicts = check(library, as_of, log);
    verdicts
        .into_iter()
        .map(|verdict| verdict.outcome)
        .collect()
}

/// The case and outcome of each verdict on the events of one child, each in its own case.
pub(super) fn outcomes_of_child(library: &Library, as_of: &str, log: &str) -> Vec<(u32, Outcome)> {
    let events: Vec<(u32, Event)> = (0u32..).zip(events(log)).collect();
    verdicts_of_key(library, calendar(), end_of(as_of), CHILD, &events)
        .into_iter()
        .map(|(case, verdict)| (case, verdict.outcome))
        .collect()
}
