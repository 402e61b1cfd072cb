//! The engine finds what the definition says.

use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;

use super::{CALENDAR, config, library, log, plan};
use crate::block::Block;
use crate::definition::{verdicts, verdicts_of_key, verdicts_without_key};
use crate::engine::{Evidence, Finding, Plan, check};
use crate::event::{Event, Happening};
use crate::random::{self, CHILD};
use crate::standard::{Key, Library};
use crate::verdict::Verdict;
use crate::vocabulary::AttributeId;

/// The order that the engine gives to events that happened at the same time: that of what it read.
fn order(plan: &Plan, group: usize, events: &mut [(u32, Event)]) {
    let group = plan.groups.get(group);
    let key = |(case, event): &(u32, Event)| {
        let value = |place: usize| event.values[place].as_deref().map(str::as_bytes);
        let class = |place: usize| {
            let wanted = group.is_none_or(|group| group.classes.contains(&place));
            let attribute = AttributeId(place as u16);
            (wanted && plan.wants_class(attribute)).then(|| plan.class_of(attribute, value(place)))
        };
        let hash = |place: usize| {
            let wanted = group.is_none_or(|group| group.hashes.contains(&place));
            let attribute = AttributeId(place as u16);
            (wanted && plan.wants_hash(attribute)).then(|| value(place).map_or(0, Plan::hash_of))
        };
        let classes: Vec<_> = (0..4).map(class).collect();
        let hashes: Vec<_> = (0..4).map(hash).collect();
        (event.when, event.happening, classes, hashes, *case)
    };
    events.sort_by_key(key);
}

fn finding(verdict: &Verdict, events: &[(u32, Event)]) -> Finding {
    let evidence = |place: u32| {
        let event = &events[place as usize].1;
        Evidence {
            when: event.when,
            activity: match event.happening {
                Happening::Known(activity) => activity.0,
                Happening::Unknown => Block::UNKNOWN,
            },
        }
    };
    Finding {
        standard: verdict.standard,
        outcome: verdict.outcome,
        activating: evidence(verdict.activating),
        deciding: verdict.deciding.map(evidence),
        due: verdict.due,
    }
}

fn defined(
    library: &Library,
    plan: &Plan,
    as_of: i64,
    case: u32,
    events: &[Event],
) -> Vec<Finding> {
    let mut events: Vec<(u32, Event)> = events.iter().map(|event| (case, event.clone())).collect();
    order(plan, usize::MAX, &mut events);
    let alone: Vec<Event> = events.iter().map(|(_, event)| event.clone()).collect();
    verdicts(library, &CALENDAR, as_of, &alone)
        .iter()
        .map(|verdict| finding(verdict, &events))
        .collect()
}

fn defined_across(
    library: &Library,
    plan: &Plan,
    as_of: i64,
    cases: &[(String, Vec<Event>)],
) -> BTreeMap<String, Vec<Finding>> {
    let Some(group) = (plan.groups.iter()).position(|g| g.key == Key::Attribute(CHILD)) else {
        return BTreeMap::new();
    };
    let mut of_child: BTreeMap<Option<String>, Vec<(u32, Event)>> = BTreeMap::new();
    for (case, (_, events)) in (0..).zip(cases) {
        for event in events {
            let child = event.values[usize::from(CHILD.0)].clone();
            of_child
                .entry(child)
                .or_default()
                .push((case, event.clone()));
        }
    }
    let mut found: BTreeMap<String, Vec<Finding>> = BTreeMap::new();
    for (child, mut events) in of_child {
        order(plan, group, &mut events);
        let verdicts = match child {
            Some(_) => verdicts_of_key(library, &CALENDAR, as_of, CHILD, &events),
            None => verdicts_without_key(library, &CALENDAR, as_of, CHILD, &events),
        };
        for (case, verdict) in verdicts {
            let reference = cases[case as usize].0.clone();
            found
                .entry(reference)
                .or_default()
                .push(finding(&verdict, &events));
        }
    }
    for findings in found.values_mut() {
        sort(findings);
    }
    found
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by_key(|f| (f.standard, f.activating, f.outcome, f.deciding, f.due));
}

fn compare(
    library: &Library,
    cases: &[(String, Vec<Event>)],
    as_of: i64,
) -> Result<(), TestCaseError> {
    let plan = plan(library, as_of);
    let screened = check(&plan, cases).unwrap();
    let found: BTreeMap<String, Vec<Finding>> = screened.cases.into_iter().collect();
    for (case, (reference, events)) in (0..).zip(cases) {
        let expected = defined(library, &plan, as_of, case, events);
        let found = found.get(reference).cloned().unwrap_or_default();
        prop_assert_eq!(found, expected, "{}", reference);
    }
    let mut across: BTreeMap<String, Vec<Finding>> = screened.across.into_iter().collect();
    across.values_mut().for_each(|findings| sort(findings));
    prop_assert_eq!(across, defined_across(library, &plan, as_of, cases));
    Ok(())
}

proptest! {
    #![proptest_config(config(2000))]

    #[test]
    fn verdicts_are_those_of_the_definition(library in library(4), (cases, as_of) in log(3, 8)) {
        compare(&library, &cases, as_of)?;
    }

    #[test]
    fn verdicts_on_dense_timelines_are_those_of_the_definition(
        rules in vec(random::dense_response(), 1..4),
        events in random::dense_timeline(10),
        days in 0i64..6,
    ) {
        let library = random::library_of(rules.into_iter().map(random::standard_of).collect());
        let last = random::first_day(&events).saturating_add(jiff::Span::new().days(days));
        let as_of = CALENDAR.end_of(last).unwrap();
        compare(&library, &[("case-0".to_owned(), events)], as_of)?;
    }
}
