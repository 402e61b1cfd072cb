//! Random libraries and timelines, for tests that must hold of all of them.
//!
//! There are few activities, values, days and instants, so that what seldom happens in a log
//! happens often: ties, dates without times, missing values, unknown activities, faulty times, a
//! change of the clocks, bank holidays, days of which the bank holidays are not known.

use std::sync::LazyLock;

use jiff::civil::{Date, date};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

use crate::calendar::{BankHolidays, Calendar};
use crate::event::{Event, Happening, When};
use crate::standard::{
    AtMost, Condition, Counting, Elapsed, EventTest, Key, Library, Limit, Limits, NeverWhile,
    NotWithin, Nth, Pattern, Precedence, Response, Rule, Sharing, Since, Standard, Test, Trigger,
    Unit,
};
use crate::vocabulary::{Activity, ActivityId, Attribute, AttributeId, AttributeKind, Vocabulary};

/// An activity of which no random standard speaks.
pub const IRRELEVANT: ActivityId = ActivityId(4);
/// The key that random standards compare.
pub const SUSPECT: AttributeId = AttributeId(2);
/// The key by which random standards look across cases.
pub const CHILD: AttributeId = AttributeId(3);

const RISK: AttributeId = AttributeId(0);
const COUNT: AttributeId = AttributeId(1);
const ZONE: &str = "Europe/London";

/// The words that random libraries use.
pub fn vocabulary() -> Vocabulary {
    let activity = |code: &str| Activity {
        code: code.to_owned(),
        phrases: vec![code.to_lowercase()],
    };
    let attribute = |name: &str, kind| Attribute {
        name: name.to_owned(),
        column: name.to_owned(),
        kind,
    };
    Vocabulary {
        activities: ["REFERRED", "SEEN", "MISSING", "CLOSED", "NOTED"]
            .map(activity)
            .into(),
        attributes: vec![
            attribute("risk", AttributeKind::Value),
            attribute("count", AttributeKind::Value),
            attribute("suspect", AttributeKind::Key),
            attribute("child", AttributeKind::Key),
        ],
        ignored: Vec::new(),
    }
}

/// The calendar in which random timelines lie: London's, with some bank holidays of 2025 and 2026,
/// which are known for 2025 and 2026 only.
///
/// # Panics
///
/// Where the time zone database is not there.
pub fn calendar() -> &'static Calendar {
    static CALENDAR: LazyLock<Calendar> = LazyLock::new(|| {
        let holidays = BankHolidays {
            known_from: date(2025, 1, 1),
            known_to: date(2026, 12, 31),
            days: vec![
                date(2025, 1, 1),
                date(2025, 12, 25),
                date(2025, 12, 26),
                date(2026, 1, 1),
                date(2026, 4, 3),
                date(2026, 4, 6),
            ],
        };
        Calendar::new(ZONE, &holidays).expect("London is in the time zone database")
    });
    &CALENDAR
}

/// The first days of the spans in which random timelines lie.
pub const SPANS: [Date; 4] = [
    date(2025, 12, 23),
    date(2026, 3, 27),
    date(2026, 10, 23),
    date(2024, 12, 29),
];

/// A timeline: up to so many events of six days of one span, in any order.
pub fn timeline(most: usize) -> impl Strategy<Value = Vec<Event>> {
    select(&SPANS[..]).prop_flat_map(move |first| vec(event(first), 0..=most))
}

/// The end of one of the days of which a random timeline is known: some before it, some long after.
pub fn as_of(events: &[Event]) -> impl Strategy<Value = i64> + use<> {
    let calendar = calendar();
    let first = first_day(events);
    prop_oneof![4 => 0i64..8, 1 => 8i64..70].prop_map(move |days| {
        let day = first.saturating_add(jiff::Span::new().days(days));
        calendar.end_of(day).unwrap_or(0)
    })
}

/// The first day of a timeline.
pub fn first_day(events: &[Event]) -> Date {
    let times = events.iter().map(|event| event.when);
    let first = times.filter(|when| *when != When::ANY).min();
    first
        .and_then(|when| calendar().date_of(when.earliest).ok())
        .unwrap_or(SPANS[0])
}

fn event(first: Date) -> impl Strategy<Value = Event> {
    let happening = prop_oneof![
        20 => (0u16..4).prop_map(|id| Happening::Known(ActivityId(id))),
        1 => Just(Happening::Known(IRRELEVANT)),
        1 => Just(Happening::Unknown),
    ];
    (happening, when(first), values()).prop_map(|(happening, when, values)| Event {
        happening,
        when,
        recorded_at: None,
        values,
    })
}

fn when(first: Date) -> impl Strategy<Value = When> {
    let calendar = calendar();
    let day = (0i64..6).prop_map(move |days| {
        let day = first.saturating_add(jiff::Span::new().days(days));
        calendar.day(day).unwrap_or(When::ANY)
    });
    let hours = prop_oneof![1 => Just(0i64), 4 => Just(9), 2 => Just(12)];
    let instant = (day.clone(), hours)
        .prop_map(|(day, hours)| When::at(day.earliest + hours * 3_600_000_000));
    let last = day.clone().prop_map(|day| When::at(day.latest));
    prop_oneof![
        12 => instant,
        1 => last,
        4 => day,
        1 => Just(When::ANY),
    ]
}

fn values() -> impl Strategy<Value = Vec<Option<String>>> {
    let one = |values: &'static [&'static str]| {
        option::weighted(0.85, select(values).prop_map(str::to_owned))
    };
    (
        one(&["H", "L"]),
        one(&["1", "5", "many"]),
        one(&["A", "B"]),
        one(&["C", "D"]),
    )
        .prop_map(|(risk, count, suspect, child)| vec![risk, count, suspect, child])
}

/// A library of up to so many standards of any form.
pub fn library(most: usize) -> impl Strategy<Value = Library> {
    vec(standard(), 1..=most).prop_map(library_of)
}

/// A library of these standards, which get identifiers and lines in turn.
pub fn library_of(standards: Vec<Standard>) -> Library {
    Library {
        title: "Random".to_owned(),
        version: "1".to_owned(),
        zone: ZONE.to_owned(),
        vocabulary: vocabulary(),
        standards: (1u32..)
            .zip(standards)
            .map(|(line, standard)| Standard {
                id: format!("R{line}"),
                line,
                ..standard
            })
            .collect(),
    }
}

/// A standard of any form.
pub fn standard() -> impl Strategy<Value = Standard> {
    let key = prop_oneof![5 => Just(Key::Case), 1 => Just(Key::Attribute(CHILD))];
    let counts = select(vec![
        Counting::EachActivation,
        Counting::EachCase,
        Counting::Each(CHILD),
    ]);
    let day = || {
        option::weighted(
            0.1,
            (select(&SPANS[..]), 0i64..6)
                .prop_map(|(day, days)| day.saturating_add(jiff::Span::new().days(days))),
        )
    };
    let off = option::weighted(0.05, Just("its source is not known".to_owned()));
    (rule(), key, counts, day(), day(), off).prop_map(
        |(rule, key, counts, in_force_from, in_force_to, switched_off)| Standard {
            counts,
            in_force_from,
            in_force_to,
            switched_off,
            key,
            ..standard_of(rule)
        },
    )
}

/// A standard that says this of each case, and nothing else.
pub fn standard_of(rule: Rule) -> Standard {
    Standard {
        id: "R".to_owned(),
        title: "A random standard".to_owned(),
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

/// A rule of any form.
pub fn rule() -> impl Strategy<Value = Rule> {
    prop_oneof![
        6 => response().prop_map(Rule::Response),
        1 => precedence().prop_map(Rule::Precedence),
        1 => since().prop_map(Rule::Since),
        1 => never_while().prop_map(Rule::NeverWhile),
        1 => at_most().prop_map(Rule::AtMost),
        1 => not_within().prop_map(Rule::NotWithin),
        1 => elapsed().prop_map(Rule::Elapsed),
    ]
}

fn response() -> impl Strategy<Value = Response> {
    let first = (trigger(), pattern(), same(), limits(), any::<bool>());
    let resets = prop_oneof![
        2 => Just(Vec::new()),
        1 => vec((pattern(), option::of(limit())), 1..=2),
    ];
    let second = (
        option::weighted(0.3, pattern()),
        resets,
        option::weighted(0.25, (pattern(), pattern())),
        select(vec![
            Sharing::OneForAll,
            Sharing::OneForAll,
            Sharing::OneEach,
        ]),
        any::<bool>(),
    );
    (first, second).prop_map(|(first, second)| {
        let (trigger, expected, same, limits, or_at_once) = first;
        let (unless, resets, pause, sharing, from_first) = second;
        Response {
            from_first: from_first && trigger.nth.is_some(),
            gap: trigger.pattern == expected,
            trigger,
            expected,
            same,
            or_at_once,
            limits,
            unless,
            resets,
            pause,
            sharing,
        }
    })
}

/// A rule of the form with the most options, each activity in one part, on which few verdicts are
/// beyond telling: in a [`dense_timeline`] its options meet often.
pub fn dense_response() -> impl Strategy<Value = Rule> {
    let of = |activity| Pattern {
        any_of: vec![EventTest {
            activity: ActivityId(activity),
            conditions: Vec::new(),
        }],
    };
    let hours = || select(vec![3u32, 12, 24, 36, 48]).prop_map(hours);
    let nth = (2u32..4).prop_map(|count| Nth {
        count,
        within: None,
    });
    let resets = vec(((2u16..4).prop_map(of), option::of(hours())), 0..=2);
    let parts = (option::weighted(0.3, nth), hours(), resets);
    let options = (
        option::weighted(0.3, Just(of(3))),
        option::weighted(0.3, Just((of(2), of(3)))),
        select(vec![Sharing::OneForAll, Sharing::OneEach]),
        any::<bool>(),
        any::<bool>(),
    );
    (parts, options).prop_map(move |((nth, limit, resets), options)| {
        let (unless, pause, sharing, or_at_once, from_first) = options;
        Rule::Response(Response {
            trigger: Trigger {
                pattern: of(0),
                nth,
            },
            expected: of(1),
            same: None,
            from_first: from_first && nth.is_some(),
            or_at_once,
            limits: Limits::One(limit),
            unless,
            resets,
            pause,
            sharing,
            gap: false,
        })
    })
}

/// A timeline of up to so many events of three days, all known, some without a time of day.
pub fn dense_timeline(most: usize) -> impl Strategy<Value = Vec<Event>> {
    let day = select(vec![0usize, 1, 2]).prop_map(|days| {
        let day = SPANS[1].saturating_add(jiff::Span::new().days(days as i64));
        calendar().day(day).unwrap_or(When::ANY)
    });
    let instant = (day.clone(), select(vec![0i64, 9, 12]))
        .prop_map(|(day, hours)| When::at(day.earliest + hours * 3_600_000_000));
    let event = (prop_oneof![2 => instant, 1 => day], 0u16..4).prop_map(|(when, id)| Event {
        happening: Happening::Known(ActivityId(id)),
        when,
        recorded_at: None,
        values: vec![None; 4],
    });
    vec(event, 2..=most)
}

fn hours(amount: u32) -> Limit {
    Limit {
        amount,
        unit: Unit::Hours,
        beginning_with_the_day: false,
    }
}

fn precedence() -> impl Strategy<Value = Precedence> {
    (pattern(), pattern(), same(), option::weighted(0.8, limit())).prop_map(
        |(activation, required, same, within)| Precedence {
            activation,
            required,
            same,
            within,
        },
    )
}

fn since() -> impl Strategy<Value = Since> {
    (pattern(), pattern(), pattern(), same()).prop_map(|(activation, required, boundary, same)| {
        Since {
            activation,
            required,
            boundary,
            same,
        }
    })
}

fn never_while() -> impl Strategy<Value = NeverWhile> {
    (pattern(), pattern(), pattern(), same()).prop_map(|(forbidden, opened, closed, same)| {
        NeverWhile {
            forbidden,
            opened,
            closed,
            same,
        }
    })
}

fn at_most() -> impl Strategy<Value = AtMost> {
    (1u32..4, pattern(), option::of(limit())).prop_map(|(count, counted, within)| AtMost {
        count,
        counted,
        within,
    })
}

fn not_within() -> impl Strategy<Value = NotWithin> {
    (trigger(), pattern(), same(), limits()).prop_map(|(trigger, forbidden, same, limits)| {
        NotWithin {
            trigger,
            forbidden,
            same,
            limits,
        }
    })
}

fn elapsed() -> impl Strategy<Value = Elapsed> {
    (trigger(), pattern(), same()).prop_map(|(trigger, until, same)| Elapsed {
        trigger,
        until,
        same,
    })
}

fn trigger() -> impl Strategy<Value = Trigger> {
    let nth = (2u32..4, option::of(limit())).prop_map(|(count, within)| Nth { count, within });
    (pattern(), option::weighted(0.25, nth)).prop_map(|(pattern, nth)| Trigger { pattern, nth })
}

fn same() -> impl Strategy<Value = Option<AttributeId>> {
    option::weighted(0.3, Just(SUSPECT))
}

/// A pattern of one or two kinds of events.
pub fn pattern() -> impl Strategy<Value = Pattern> {
    let conditions = prop_oneof![3 => Just(Vec::new()), 1 => vec(condition(), 1..=2)];
    let test =
        ((0u16..4).prop_map(ActivityId), conditions).prop_map(|(activity, conditions)| EventTest {
            activity,
            conditions,
        });
    prop_oneof![3 => vec(test.clone(), 1), 1 => vec(test, 2)].prop_map(|any_of| Pattern { any_of })
}

fn condition() -> impl Strategy<Value = Condition> {
    let risks = || {
        select(vec![
            vec!["H".to_owned()],
            vec!["H".to_owned(), "L".to_owned()],
        ])
    };
    let of = |attribute| move |test| Condition { attribute, test };
    prop_oneof![
        3 => risks().prop_map(Test::Is).prop_map(of(RISK)),
        1 => Just(Test::IsNot(vec!["L".to_owned()])).prop_map(of(RISK)),
        1 => Just(Test::AtLeast(2.0)).prop_map(of(COUNT)),
        1 => Just(Test::AtMost(2.0)).prop_map(of(COUNT)),
        1 => any::<bool>().prop_map(Test::IsRecorded).prop_map(of(RISK)),
        1 => Just(Test::SameAs(CHILD)).prop_map(of(SUSPECT)),
        1 => Just(Test::DiffersFrom(CHILD)).prop_map(of(SUSPECT)),
    ]
}

/// A limit in any unit.
pub fn limit() -> impl Strategy<Value = Limit> {
    let elapsed = prop_oneof![
        Just((30, Unit::Minutes)),
        select(vec![3u32, 12, 24, 48, 72]).prop_map(|hours| (hours, Unit::Hours)),
        (0u32..4).prop_map(|days| (days, Unit::Days)),
    ]
    .prop_map(|(amount, unit)| (amount, unit, false));
    let working = (0u32..4).prop_map(|days| (days, Unit::WorkingDays, false));
    let civil = prop_oneof![
        4 => (1u32..4).prop_map(|days| (days, Unit::CalendarDays)),
        1 => Just((1, Unit::CalendarWeeks)),
        1 => Just((1, Unit::Months)),
        1 => Just((1, Unit::Years)),
    ];
    let civil = (civil, any::<bool>()).prop_map(|((amount, unit), with)| (amount, unit, with));
    prop_oneof![3 => elapsed, 1 => working, 1 => civil].prop_map(|(amount, unit, with)| Limit {
        amount,
        unit,
        beginning_with_the_day: with,
    })
}

fn limits() -> impl Strategy<Value = Limits> {
    let by_value = (limit(), limit(), any::<bool>()).prop_map(|(high, low, both)| {
        let mut limits = vec![(vec!["H".to_owned()], high)];
        if both {
            limits.push((vec!["L".to_owned()], low));
        }
        Limits::ByValue {
            attribute: RISK,
            limits,
        }
    });
    prop_oneof![4 => limit().prop_map(Limits::One), 1 => by_value]
}
