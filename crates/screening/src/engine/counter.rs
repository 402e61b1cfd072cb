//! Counting while cases pass, in tables by number; names come at the end.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use super::facts::{CaseFacts, Labels, Recoding};
use super::plan::Plan;
use super::tally::{Cells, Counted, Counts, StandardTally, Tally, Times};
use super::timeline::Timelines;
use crate::event::When;
use crate::standard::Counting;
use crate::verdict::{Outcome, Verdict};
use crate::vocabulary::AttributeId;

/// The counts of one thread.
pub(super) struct Counter {
    cases: u64,
    events: u64,
    standards: Vec<StandardCounter>,
}

#[derive(Default)]
struct StandardCounter {
    activations: Cells,
    cases: Cells,
    months: Vec<Cells>,
    areas: Vec<Cells>,
    categories: Vec<Cells>,
    /// For each breakdown, by class.
    attributes: Vec<Vec<Cells>>,
    times: Vec<i64>,
}

/// A finding on a person or thing, of which only the worst counts in the end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Thing {
    pub(super) standard: u16,
    pub(super) key: u128,
    pub(super) outcome: Outcome,
    pub(super) when: When,
    pub(super) facts: CaseFacts,
    pub(super) classes: Box<[u16]>,
}

impl Counter {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            cases: 0,
            events: 0,
            standards: (plan.standards().iter())
                .map(|_| StandardCounter::default())
                .collect(),
        }
    }

    /// Counts a case that was read, and its events that are known.
    pub(super) fn add_case(&mut self, events: usize) {
        self.cases += 1;
        self.events += events as u64;
    }

    /// Counts the verdicts of one standard on one timeline that belong to one case, in order.
    pub(super) fn add(
        &mut self,
        plan: &Plan,
        timelines: &Timelines,
        verdicts: &[Verdict],
        facts: CaseFacts,
        things: &mut Vec<Thing>,
    ) {
        let Some(first) = verdicts.first() else {
            return;
        };
        let standard = usize::from(first.standard);
        self.standards[standard].count(plan, timelines, verdicts, facts);
        if let Counting::Each(key) = plan.standards()[standard].counts {
            let key = usize::from(key.0);
            let thing = |verdict| Thing::of(plan, timelines, verdict, key, facts);
            things.extend(verdicts.iter().map(thing));
        }
    }

    /// As [`add`](Self::add) for verdicts on many timelines, which cannot be counted as they come
    /// because those of a case lie apart: one that stands for its activation.
    pub(super) fn add_activation(&mut self, plan: &Plan, row: &Row, facts: CaseFacts) {
        let counter = &mut self.standards[usize::from(row.standard)];
        counter.activations[row.outcome.place()] += 1;
        if let Some(time) = row.time {
            counter.times.push(time);
        }
        if plan.standards()[usize::from(row.standard)].counts == Counting::EachActivation {
            counter.break_down(plan, row, facts);
        }
    }

    /// The worst verdict on a case.
    pub(super) fn add_worst(&mut self, plan: &Plan, row: &Row, facts: CaseFacts) {
        let counter = &mut self.standards[usize::from(row.standard)];
        counter.cases[row.outcome.place()] += 1;
        if plan.standards()[usize::from(row.standard)].counts == Counting::EachCase {
            counter.break_down(plan, row, facts);
        }
    }

    /// Adds the counts of another thread.
    pub(super) fn merge(&mut self, other: Counter) {
        self.cases += other.cases;
        self.events += other.events;
        for (own, other) in self.standards.iter_mut().zip(other.standards) {
            own.merge(other);
        }
    }

    /// The counts under their names.
    pub(super) fn tally(self, plan: &Plan, labels: &Labels) -> Tally {
        let (library, version) = plan.library();
        let checked =
            (plan.standards().iter().zip(self.standards)).filter(|(standard, _)| standard.checked);
        Tally {
            library: library.to_owned(),
            version: version.to_owned(),
            as_of: plan.as_of(),
            cases: self.cases,
            events: self.events,
            standards: checked
                .map(|(standard, counter)| StandardTally {
                    id: standard.id.clone(),
                    counts: match standard.counts {
                        Counting::EachActivation => Counted::Activations,
                        Counting::EachCase => Counted::Cases,
                        Counting::Each(key) => Counted::Things(key.0),
                    },
                    ..counter.tally(plan, labels)
                })
                .collect(),
        }
    }
}

/// What counting needs of a verdict.
pub(super) struct Row {
    pub(super) standard: u16,
    pub(super) outcome: Outcome,
    pub(super) when: When,
    pub(super) time: Option<i64>,
    pub(super) classes: Box<[u16]>,
}

impl Row {
    pub(super) fn of(plan: &Plan, timelines: &Timelines, verdict: &Verdict) -> Self {
        let when = timelines.when(verdict.activating);
        let measures = plan.standards()[usize::from(verdict.standard)].measures;
        let time = verdict
            .deciding
            .filter(|_| measures)
            .map(|end| timelines.earliest(end) - when.earliest);
        Self {
            standard: verdict.standard,
            outcome: verdict.outcome,
            when,
            time,
            classes: (plan.breakdowns().iter())
                .map(|by| timelines.class(usize::from(by.0), verdict.activating))
                .collect(),
        }
    }
}

impl Thing {
    pub(super) fn of(
        plan: &Plan,
        timelines: &Timelines,
        verdict: &Verdict,
        key: usize,
        facts: CaseFacts,
    ) -> Self {
        let row = Row::of(plan, timelines, verdict);
        Self {
            standard: row.standard,
            key: timelines.hash(key, verdict.activating),
            outcome: row.outcome,
            when: row.when,
            facts,
            classes: row.classes,
        }
    }

    pub(super) fn recode(&mut self, recoding: &Recoding) {
        self.facts = recoding.of(self.facts);
    }

    /// Of what was found of the same thing the worst comes first, and of those alike the earliest.
    fn order(&self, other: &Thing) -> Ordering {
        let key = |thing: &Thing| {
            (
                thing.standard,
                thing.key,
                Reverse(thing.outcome),
                thing.when,
                thing.facts,
            )
        };
        key(self)
            .cmp(&key(other))
            .then_with(|| self.classes.cmp(&other.classes))
    }
}

/// Keeps of each thing the worst; those without a name are all kept.
pub(super) fn keep_worst(things: &mut Vec<Thing>) {
    things.sort_unstable_by(Thing::order);
    things.dedup_by(|b, a| b.standard == a.standard && b.key == a.key && b.key != 0);
}

impl StandardCounter {
    fn count(
        &mut self,
        plan: &Plan,
        timelines: &Timelines,
        verdicts: &[Verdict],
        facts: CaseFacts,
    ) {
        let standard = &plan.standards()[usize::from(verdicts[0].standard)];
        let mut worst = &verdicts[0];
        for verdict in verdicts {
            self.activations[verdict.outcome.place()] += 1;
            if verdict.outcome > worst.outcome {
                worst = verdict;
            }
            if standard.measures
                && let Some(end) = verdict.deciding
            {
                let start = timelines.earliest(verdict.activating);
                self.times.push(timelines.earliest(end) - start);
            }
            if standard.counts == Counting::EachActivation {
                self.place(plan, timelines, verdict, facts);
            }
        }
        self.cases[worst.outcome.place()] += 1;
        if standard.counts == Counting::EachCase {
            self.place(plan, timelines, worst, facts);
        }
    }

    fn place(&mut self, plan: &Plan, timelines: &Timelines, verdict: &Verdict, facts: CaseFacts) {
        let outcome = verdict.outcome.place();
        self.place_in(plan, timelines.earliest(verdict.activating), outcome, facts);
        if !plan.breakdowns().is_empty() {
            self.attributes
                .resize_with(plan.breakdowns().len(), Vec::new);
            for (counts, by) in self.attributes.iter_mut().zip(plan.breakdowns()) {
                let class = timelines.class(usize::from(by.0), verdict.activating);
                slot(counts, class)[outcome] += 1;
            }
        }
    }

    /// Counts by month, and by what the case list says, if it does.
    fn place_in(&mut self, plan: &Plan, at: i64, outcome: usize, facts: CaseFacts) {
        slot(&mut self.months, plan.month_of(at))[outcome] += 1;
        if facts.area != 0 {
            slot(&mut self.areas, facts.area)[outcome] += 1;
        }
        if facts.category != 0 {
            slot(&mut self.categories, facts.category)[outcome] += 1;
        }
    }

    fn break_down(&mut self, plan: &Plan, row: &Row, facts: CaseFacts) {
        let outcome = row.outcome.place();
        self.place_in(plan, row.when.earliest, outcome, facts);
        self.attributes.resize_with(row.classes.len(), Vec::new);
        for (counts, class) in self.attributes.iter_mut().zip(&row.classes) {
            slot(counts, *class)[outcome] += 1;
        }
    }

    fn merge(&mut self, other: StandardCounter) {
        add(&mut self.activations, &other.activations);
        add(&mut self.cases, &other.cases);
        merge_slots(&mut self.months, &other.months);
        merge_slots(&mut self.areas, &other.areas);
        merge_slots(&mut self.categories, &other.categories);
        self.attributes
            .resize_with(self.attributes.len().max(other.attributes.len()), Vec::new);
        for (own, other) in self.attributes.iter_mut().zip(&other.attributes) {
            merge_slots(own, other);
        }
        self.times.extend(other.times);
    }

    fn tally(self, plan: &Plan, labels: &Labels) -> StandardTally {
        let by_attribute = (plan.breakdowns().iter().zip(&self.attributes))
            .map(|(by, counts)| (by.0, named(counts, |class| class_name(plan, *by, class))))
            .collect();
        let label = |label: Option<&str>| label.unwrap_or_default().to_owned();
        let areas = with_unlisted(self.areas, &self.months);
        let categories = with_unlisted(self.categories, &self.months);
        StandardTally {
            activations: Counts::from(&self.activations),
            cases: Counts::from(&self.cases),
            by_month: named(&self.months, Plan::month_name),
            by_area: named(&areas, |code| label(labels.area(code))),
            by_category: named(&categories, |code| label(labels.category(code))),
            by_attribute,
            times: Times::of(self.times),
            ..StandardTally::default()
        }
    }
}

/// Counts by label, with those without a label at the front: what the labelled ones leave of all,
/// which are counted by month.
fn with_unlisted(mut labelled: Vec<Cells>, months: &[Cells]) -> Vec<Cells> {
    let mut unlisted = Cells::default();
    months.iter().for_each(|cells| add(&mut unlisted, cells));
    for cells in &labelled {
        (unlisted.iter_mut().zip(cells)).for_each(|(all, labelled)| *all -= labelled);
    }
    *slot(&mut labelled, 0) = unlisted;
    labelled
}

/// Adds to a tally what was found of things, the worst of each.
pub(super) fn count_things(tally: &mut Tally, plan: &Plan, labels: &Labels, things: &[Thing]) {
    let label = |label: Option<&str>| label.unwrap_or_default().to_owned();
    for thing in things {
        let id = plan.standard_id(thing.standard);
        let Some(standard) = tally.standards.iter_mut().find(|s| s.id == id) else {
            continue;
        };
        let outcome = thing.outcome;
        standard.things.add(outcome);
        let count = |map: &mut BTreeMap<String, Counts>, key: String| {
            map.entry(key).or_default().add(outcome);
        };
        let month = Plan::month_name(plan.month_of(thing.when.earliest));
        count(&mut standard.by_month, month);
        count(&mut standard.by_area, label(labels.area(thing.facts.area)));
        let category = label(labels.category(thing.facts.category));
        count(&mut standard.by_category, category);
        for (by, class) in plan.breakdowns().iter().zip(&thing.classes) {
            let counts = standard.by_attribute.entry(by.0).or_default();
            count(counts, class_name(plan, *by, *class));
        }
    }
}

fn class_name(plan: &Plan, attribute: AttributeId, class: u16) -> String {
    match class {
        0 => String::new(),
        class => plan
            .classes(attribute)
            .and_then(|classes| classes.name_of(class))
            .unwrap_or("other")
            .to_owned(),
    }
}

fn slot(cells: &mut Vec<Cells>, place: u16) -> &mut Cells {
    let place = usize::from(place);
    if place >= cells.len() {
        cells.resize(place + 1, Cells::default());
    }
    &mut cells[place]
}

fn add(own: &mut Cells, other: &Cells) {
    own.iter_mut()
        .zip(other)
        .for_each(|(own, other)| *own += other);
}

fn merge_slots(own: &mut Vec<Cells>, other: &[Cells]) {
    own.resize(own.len().max(other.len()), Cells::default());
    own.iter_mut()
        .zip(other)
        .for_each(|(own, other)| add(own, other));
}

fn named(cells: &[Cells], name: impl Fn(u16) -> String) -> BTreeMap<String, Counts> {
    let mut named: BTreeMap<String, Counts> = BTreeMap::new();
    for (place, cells) in (0..).zip(cells) {
        let counts = Counts::from(cells);
        if counts.total() > 0 {
            named.entry(name(place)).or_default().merge(&counts);
        }
    }
    named
}
