//! What must hold of the definition whatever the standards and the log.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::calendar::Calendar;
use crate::definition::{prove, verdicts};
use crate::event::{Event, Happening, When};
use crate::random;
use crate::standard::{Key, Library, Rule, Sharing, Test};
use crate::verdict::{Lapse, Outcome, Verdict};

fn library() -> impl Strategy<Value = Library> {
    random::library(3).prop_map(|mut library| {
        for standard in &mut library.standards {
            standard.key = Key::Case;
        }
        library
    })
}

fn log(most: usize) -> impl Strategy<Value = (Vec<Event>, i64)> {
    random::timeline(most).prop_flat_map(|events| {
        let as_of = random::as_of(&events);
        (Just(events), as_of)
    })
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        max_shrink_iters: 3_000,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_decided_verdict_never_changes_as_the_day_advances(
        library in library(),
        events in random::timeline(7),
    ) {
        never_changes(&library, &events)?;
    }

    #[test]
    fn the_order_of_rows_matters_only_among_rows_of_one_activity_and_time(
        library in library(),
        (events, as_of) in log(8),
        keys in vec(any::<u32>(), 8),
    ) {
        let calendar = random::calendar();
        let order = shuffled(&events, &keys);
        let shuffled: Vec<Event> = order.iter().map(|&place| events[place].clone()).collect();
        let back = |place: u32| order[place as usize] as u32;
        let found: Vec<Verdict> = verdicts(&library, calendar, as_of, &shuffled)
            .into_iter()
            .map(|verdict| Verdict {
                activating: back(verdict.activating),
                deciding: verdict.deciding.map(back),
                ..verdict
            })
            .collect();
        prop_assert_eq!(found, verdicts(&library, calendar, as_of, &events));
    }

    #[test]
    fn how_often_a_standard_is_met_hangs_on_no_order_of_rows(
        library in library(),
        (events, as_of) in log(8),
        keys in vec(any::<u32>(), 8),
    ) {
        let calendar = random::calendar();
        let mut order: Vec<usize> = (0..events.len()).collect();
        order.sort_by_key(|&place| keys[place]);
        let shuffled: Vec<Event> = order.iter().map(|&place| events[place].clone()).collect();
        let tally = |events: &[Event]| {
            let mut tally = BTreeMap::new();
            for verdict in verdicts(&library, calendar, as_of, events) {
                let rule = &library.standards[usize::from(verdict.standard)].rule;
                if !chooses_among_rows(rule) {
                    *tally.entry((verdict.standard, verdict.outcome)).or_insert(0) += 1;
                }
            }
            tally
        };
        prop_assert_eq!(tally(&shuffled), tally(&events));
    }

    #[test]
    fn an_event_of_which_no_standard_speaks_changes_nothing(
        library in library(),
        (events, as_of) in log(7),
        when in any::<Index>(),
    ) {
        let calendar = random::calendar();
        let times: Vec<When> = events.iter().map(|event| event.when).chain([When::ANY]).collect();
        let mut more = events.clone();
        more.push(Event {
            happening: Happening::Known(random::IRRELEVANT),
            when: *when.get(&times),
            recorded_at: None,
            values: Vec::new(),
        });
        prop_assert_eq!(
            verdicts(&library, calendar, as_of, &more),
            verdicts(&library, calendar, as_of, &events)
        );
    }

    #[test]
    fn every_verdict_is_proved_and_no_other_is(library in library(), (events, as_of) in log(8)) {
        let calendar = random::calendar();
        for verdict in verdicts(&library, calendar, as_of, &events) {
            prop_assert_eq!(prove(&library, calendar, as_of, &events, &verdict), Ok(()));
            for other in falsified(verdict, events.len()) {
                let proof = prove(&library, calendar, as_of, &events, &other);
                prop_assert!(proof.is_err(), "{other:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn what_is_sure_holds_whatever_the_unknown_times_and_values_are(
        library in library(),
        (events, as_of) in log(6),
        choices in vec(vec(any::<(u16, u16)>(), 6), 40),
    ) {
        holds_of_all_completions(&library, &events, as_of, &choices)?;
    }

    #[test]
    fn what_is_sure_of_a_response_holds_whatever_the_times_within_days_are(
        rule in random::dense_response(),
        events in random::dense_timeline(7),
        days in 0i64..6,
        choices in vec(vec(any::<(u16, u16)>(), 7), 40),
    ) {
        let library = random::library_of(vec![random::standard_of(rule)]);
        let as_of = days_from(random::first_day(&events), days);
        holds_of_all_completions(&library, &events, as_of, &choices)?;
    }

    #[test]
    fn a_decided_response_never_changes_as_the_day_advances(
        rule in random::dense_response(),
        events in random::dense_timeline(8),
    ) {
        let library = random::library_of(vec![random::standard_of(rule)]);
        never_changes(&library, &events)?;
    }
}

/// That what is found surely is found in the log with any choice of times and values too.
fn holds_of_all_completions(
    library: &Library,
    events: &[Event],
    as_of: i64,
    choices: &[Vec<(u16, u16)>],
) -> Result<(), TestCaseError> {
    let calendar = random::calendar();
    let found = verdicts(library, calendar, as_of, events);
    for choice in choices {
        let complete = completed(library, calendar, events, choice);
        let true_ones = verdicts(library, calendar, as_of, &complete);
        for verdict in found.iter().filter(|it| is_decided(it.outcome)) {
            let truth = find(&true_ones, verdict);
            prop_assert!(
                truth.is_some_and(|truth| agrees(verdict.outcome, truth.outcome)),
                "{verdict:?} is {truth:?} in {complete:?}"
            );
        }
        for truth in &true_ones {
            prop_assert!(
                find(&found, truth).is_some(),
                "{truth:?} is not seen: {complete:?}"
            );
        }
    }
    Ok(())
}

/// That no verdict but a pending one changes as the days go by, and none goes.
fn never_changes(library: &Library, events: &[Event]) -> Result<(), TestCaseError> {
    let first = random::first_day(events);
    let mut earlier: Vec<Verdict> = Vec::new();
    for as_of in (-2..12).map(|days| days_from(first, days)) {
        let now = verdicts(library, random::calendar(), as_of, events);
        for was in &earlier {
            let is = find(&now, was);
            let stands = is.is_some_and(|is| was.outcome == Outcome::Pending || stands(was, is));
            prop_assert!(stands, "{was:?} became {is:?}");
        }
        earlier = now;
    }
    Ok(())
}

fn days_from(first: Date, days: i64) -> i64 {
    let day = first.saturating_add(days.days());
    random::calendar().end_of(day).expect("a day of the tables")
}

fn find<'a>(verdicts: &'a [Verdict], wanted: &Verdict) -> Option<&'a Verdict> {
    let same = |it: &&Verdict| (it.standard, it.activating) == (wanted.standard, wanted.activating);
    verdicts.iter().find(same)
}

/// Whether a decided verdict stands later: that *never* became *late* is no change.
fn stands(decided: &Verdict, later: &Verdict) -> bool {
    agrees(decided.outcome, later.outcome)
        && (decided.deciding == later.deciding || later.outcome == Outcome::Missed(Lapse::Late))
}

fn agrees(found: Outcome, truth: Outcome) -> bool {
    let never = Outcome::Missed(Lapse::Never);
    let late = Outcome::Missed(Lapse::Late);
    found == truth || (found, truth) == (never, late)
}

fn is_decided(outcome: Outcome) -> bool {
    !matches!(outcome, Outcome::Pending | Outcome::CannotTell(_))
}

/// Whether rows of one activity at one instant that differ otherwise may have different parts.
fn chooses_among_rows(rule: &Rule) -> bool {
    match rule {
        Rule::Response(rule) => rule.trigger.nth.is_some() || rule.sharing == Sharing::OneEach,
        Rule::NotWithin(rule) => rule.trigger.nth.is_some(),
        Rule::Elapsed(rule) => rule.trigger.nth.is_some(),
        _ => false,
    }
}

/// An order of the rows in which those of one activity and time keep their order.
fn shuffled(events: &[Event], keys: &[u32]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..events.len()).collect();
    order.sort_by_key(|&place| keys[place]);
    let kind = |place: usize| (events[place].when, events[place].happening);
    let mut waiting: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for place in (0..events.len()).rev() {
        waiting.entry(kind(place)).or_default().push(place);
    }
    let next = |place| waiting.get_mut(&kind(place)).and_then(Vec::pop);
    order.into_iter().filter_map(next).collect()
}

fn falsified(verdict: Verdict, events: usize) -> Vec<Verdict> {
    let outcome = match verdict.outcome {
        Outcome::Met => Outcome::Missed(Lapse::Never),
        _ => Outcome::Met,
    };
    let deciding = match verdict.deciding {
        Some(place) if place > 0 => Some(place - 1),
        Some(_) => None,
        None => Some(events as u32 - 1),
    };
    let due = verdict.due.is_none().then_some(When::at(0));
    vec![
        Verdict { outcome, ..verdict },
        Verdict {
            deciding,
            ..verdict
        },
        Verdict { due, ..verdict },
        Verdict {
            activating: events as u32,
            ..verdict
        },
        Verdict {
            standard: u16::MAX,
            ..verdict
        },
    ]
}

/// The log with a possible time for each time that is not recorded, and a possible value for each
/// that is missing unless a standard asks whether it is recorded.
fn completed(
    library: &Library,
    calendar: &Calendar,
    events: &[Event],
    choices: &[(u16, u16)],
) -> Vec<Event> {
    let asks = format!("{library:?}").contains("IsRecorded");
    let complete = |(event, (time, value)): (&Event, &(u16, u16))| {
        let mut event = event.clone();
        event.when = When::at(instant(calendar, events, event.when, usize::from(*time)));
        if !asks {
            fill(&mut event.values, usize::from(*value));
        }
        event
    };
    events.iter().zip(choices).map(complete).collect()
}

fn instant(calendar: &Calendar, events: &[Event], when: When, choice: usize) -> i64 {
    if when.is_exact() {
        return when.earliest;
    }
    let hour = 3_600_000_000;
    let known = events
        .iter()
        .map(|event| event.when)
        .filter(|it| *it != When::ANY);
    let known: Vec<When> = known.collect();
    let edges = known.iter().flat_map(|it| [it.earliest, it.latest]);
    let mut possible: Vec<i64> = edges
        .flat_map(|edge| [edge, edge + 1, edge - 1, edge + 12 * hour, edge + 24 * hour])
        .chain(calendar.end_of(random::SPANS[0]))
        .filter(|instant| when.earliest <= *instant && *instant <= when.latest)
        .collect();
    possible.sort_unstable();
    possible.dedup();
    possible
        .get(choice % possible.len().max(1))
        .copied()
        .unwrap_or(when.earliest)
}

fn fill(values: &mut [Option<String>], choice: usize) {
    let possible = [
        ["H", "L", "X"],
        ["1", "5", "9"],
        ["A", "B", "E"],
        ["C", "D", "A"],
    ];
    for (place, (value, possible)) in values.iter_mut().zip(possible).enumerate() {
        if value.is_none() {
            *value = Some(possible[(choice >> (2 * place)) % 3].to_owned());
        }
    }
}

#[test]
fn a_library_that_asks_whether_a_value_is_recorded_is_known() {
    assert!(format!("{:?}", Test::IsRecorded(true)).contains("IsRecorded"));
}
