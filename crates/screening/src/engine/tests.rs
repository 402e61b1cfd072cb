mod agreement;
mod invariance;

use std::sync::{Arc, LazyLock};

use proptest::collection::vec;
use proptest::prelude::*;

use super::{Basis, Breakdown, Plan};
use crate::calendar::Calendar;
use crate::event::Event;
use crate::random;
use crate::standard::Library;
use crate::vocabulary::AttributeId;

/// The calendar of all random timelines, made once.
static CALENDAR: LazyLock<Arc<Calendar>> = LazyLock::new(|| Arc::new(random::calendar().clone()));

/// Some cases and the instant after the last day of which they are known.
type Log = (Vec<(String, Vec<Event>)>, i64);

fn log(cases: usize, events: usize) -> impl Strategy<Value = Log> {
    vec(random::timeline(events), 1..=cases).prop_flat_map(|cases| {
        let all: Vec<Event> = cases.iter().flatten().cloned().collect();
        let as_of = random::as_of(&all);
        let named: Vec<(String, Vec<Event>)> = (cases.into_iter().enumerate())
            .map(|(number, events)| (format!("case-{number}"), events))
            .collect();
        (Just(named), as_of)
    })
}

fn plan(library: &Library, as_of: i64) -> Plan {
    let basis = Basis {
        breakdowns: vec![Breakdown {
            attribute: AttributeId(0),
            values: vec!["H".to_owned()],
        }],
        ..Basis::new(
            CALENDAR.clone(),
            CALENDAR.date_of(as_of - 1).expect("a day of the calendar"),
        )
    };
    Plan::compile(library, &basis).unwrap_or_else(|error| panic!("{error}"))
}

/// Random libraries without clocks in days that stop, which do not compile.
fn library(most: usize) -> impl Strategy<Value = Library> {
    random::library(most).prop_map(|mut library| {
        for standard in &mut library.standards {
            if let crate::standard::Rule::Response(rule) = &mut standard.rule
                && !is_elapsed(rule)
            {
                rule.pause = None;
            }
        }
        library
    })
}

fn is_elapsed(rule: &crate::standard::Response) -> bool {
    use crate::standard::Limits;
    let own = match &rule.limits {
        Limits::One(limit) => vec![*limit],
        Limits::ByValue { limits, .. } => limits.iter().map(|(_, limit)| *limit).collect(),
    };
    let resets = rule.resets.iter().filter_map(|(_, limit)| *limit);
    own.into_iter()
        .chain(resets)
        .all(|limit| limit.unit.is_elapsed())
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}
