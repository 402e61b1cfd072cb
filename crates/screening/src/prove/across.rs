//! Standards that look across cases: proved from the events of everybody whom a chosen case is
//! about, in whatever case they happened.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::comparison::{Court, Trial};
use super::known::{Events, Known, Line};
use super::{Grounds, Values};
use crate::definition::{verdicts_of_key, verdicts_without_key};
use crate::engine::Finding;
use crate::standard::Key;
use crate::vocabulary::AttributeId;

/// The events of those whom the chosen cases are about.
pub(super) struct Across<'g> {
    grounds: Grounds<'g>,
    /// What the standards look across cases for.
    keys: Vec<AttributeId>,
    /// For each key the hashes of its values in the chosen cases.
    sought: Vec<HashSet<u128>>,
    /// The cases whose events were taken, and whether they are chosen.
    cases: Vec<(String, bool)>,
    /// For each key and value the events; without a value those of the chosen cases.
    events: BTreeMap<(usize, u128), Vec<(u32, Known)>>,
}

impl<'g> Across<'g> {
    pub fn new(grounds: Grounds<'g>) -> Self {
        let standards = grounds.library.standards.iter();
        let mut keys: Vec<AttributeId> = standards
            .filter(|standard| standard.switched_off.is_none())
            .filter_map(|standard| match standard.key {
                Key::Attribute(key) => Some(key),
                Key::Case => None,
            })
            .collect();
        keys.sort_unstable();
        keys.dedup();
        Self {
            grounds,
            sought: vec![HashSet::new(); keys.len()],
            keys,
            cases: Vec::new(),
            events: BTreeMap::new(),
        }
    }

    /// Notes whom a chosen case is about.
    pub fn choose(&mut self, known: &[Known]) {
        for (key, sought) in self.keys.iter().zip(&mut self.sought) {
            sought.extend(known.iter().map(|known| known.hashes[usize::from(key.0)]));
        }
    }

    /// Whether there is anything to look for in the log once more.
    pub fn has_keys(&self) -> bool {
        self.sought.iter().any(|sought| !sought.is_empty())
    }

    /// Takes of a case what is about those whom the chosen cases are about.
    pub fn take(&mut self, reference: &str, is_chosen: bool, events: &Events) {
        let number = self.cases.len() as u32;
        let mut is_taken = false;
        for known in events.known() {
            for (place, key) in self.keys.iter().enumerate() {
                let hash = known.hashes[usize::from(key.0)];
                let is_sought = match hash {
                    0 => is_chosen,
                    _ => self.sought[place].contains(&hash),
                };
                if is_sought {
                    let of_value = self.events.entry((place, hash)).or_default();
                    of_value.push((number, known.clone()));
                    is_taken = true;
                }
            }
        }
        if is_taken {
            self.cases.push((reference.to_owned(), is_chosen));
        }
    }

    /// Proves what is said of the chosen cases.
    pub fn judge(self, values: &Values, court: &mut Court) {
        let Self {
            grounds,
            keys,
            cases,
            events,
            ..
        } = self;
        let plan = grounds.plan;
        let judged = events.into_iter().map(|((place, hash), known)| {
            let key = keys[place];
            let line = Line::new(known, values, plan, &plan.tie_order(Key::Attribute(key)));
            let follows = grounds.follows(key, hash, &line);
            Judged { line, follows }
        });
        let judged: Vec<Judged> = judged.collect();
        let trials = trials(&cases, &judged);
        let nothing = Trial::default();
        for reference in court.tried.clone() {
            let trial = trials.get(reference.as_str()).unwrap_or(&nothing);
            court.prove_across(&reference, trial);
        }
    }
}

/// The events of one person or thing, or of none, and what follows from them for each case.
struct Judged {
    line: Line,
    follows: Vec<(u32, Finding)>,
}

/// What follows for each chosen case, with the timelines that it is in.
fn trials<'t>(cases: &'t [(String, bool)], judged: &'t [Judged]) -> BTreeMap<&'t str, Trial<'t>> {
    let mut trials: BTreeMap<&str, Trial> = BTreeMap::new();
    let find_chosen = |case: u32| {
        let (reference, is_chosen) = &cases[case as usize];
        is_chosen.then_some(reference.as_str())
    };
    for Judged { line, follows } in judged {
        let of_line: BTreeSet<u32> = line.events.iter().map(|(case, _)| *case).collect();
        for case in of_line {
            if let Some(reference) = find_chosen(case) {
                trials
                    .entry(reference)
                    .or_default()
                    .lines
                    .push((case, line));
            }
        }
        for (case, finding) in follows {
            if let Some(reference) = find_chosen(*case) {
                trials.entry(reference).or_default().follows.push(*finding);
            }
        }
    }
    trials
}

impl Grounds<'_> {
    /// What follows from the events of one person or thing, or of none, each with its case.
    fn follows(&self, key: AttributeId, hash: u128, line: &Line) -> Vec<(u32, Finding)> {
        let (library, calendar, as_of) = (self.library, self.calendar, self.plan.as_of());
        let found = match hash {
            0 => verdicts_without_key(library, calendar, as_of, key, &line.events),
            _ => verdicts_of_key(library, calendar, as_of, key, &line.events),
        };
        let found = found.iter();
        found
            .map(|(case, verdict)| (*case, line.finding(verdict)))
            .collect()
    }
}
