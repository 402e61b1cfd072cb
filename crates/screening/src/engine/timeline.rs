//! The events of one key in order, and where those of each pattern are.

use std::cmp::Ordering;
use std::ops::Range;

use super::plan::{CompiledCondition, CompiledPattern, Group, PatternId, Plan};
use super::truth::Truth;
use crate::block::Block;
use crate::event::When;
use crate::verdict::Doubt;

/// The events of one key as they are known on a day, in order: columns of a block.
#[derive(Clone, Copy)]
pub(super) struct Timeline<'a> {
    block: &'a Block,
    start: usize,
    activities: &'a [u16],
    earliest: &'a [i64],
    latest: &'a [i64],
    /// For each event its place in the span it came from, where that is another.
    order: Option<&'a [u32]>,
    /// The longest time in which an event may have taken place, of those that have a beginning.
    pub(super) longest: i64,
}

impl<'a> Timeline<'a> {
    pub(super) fn len(&self) -> usize {
        self.activities.len()
    }

    pub(super) fn when(&self, place: u32) -> When {
        When {
            earliest: self.earliest[place as usize],
            latest: self.latest[place as usize],
        }
    }

    pub(super) fn earliest(&self, place: u32) -> i64 {
        self.earliest[place as usize]
    }

    pub(super) fn activity(&self, place: u32) -> u16 {
        self.activities[place as usize]
    }

    pub(super) fn class(&self, attribute: usize, place: u32) -> u16 {
        self.block.classes[attribute][self.start + place as usize]
    }

    pub(super) fn hash(&self, attribute: usize, place: u32) -> u128 {
        self.block.hashes[attribute][self.start + place as usize]
    }

    /// The place of an event in the span it came from.
    pub(super) fn origin(&self, place: u32) -> u32 {
        self.order.map_or(place, |order| order[place as usize])
    }

    /// Adds an event to the columns of a block that a group needs.
    pub(super) fn copy_to(&self, to: &mut Block, place: u32, group: &Group) {
        let place = self.start + place as usize;
        to.activities.push(self.block.activities[place]);
        to.earliest.push(self.block.earliest[place]);
        to.latest.push(self.block.latest[place]);
        to.classes.resize_with(self.block.classes.len(), Vec::new);
        to.hashes.resize_with(self.block.hashes.len(), Vec::new);
        for attribute in &group.classes {
            to.classes[*attribute].push(self.block.classes[*attribute][place]);
        }
        for attribute in &group.hashes {
            to.hashes[*attribute].push(self.block.hashes[*attribute][place]);
        }
    }

    /// Whether two events have a key in common, where one is asked for.
    pub(super) fn same(&self, key: Option<usize>, one: u32, other: u32) -> Truth {
        let Some(key) = key else {
            return Truth::SURE;
        };
        compare(self.hash(key, one), self.hash(key, other))
    }

    /// Whether an event is one of a pattern's activity in one of these ways.
    fn is(&self, place: u32, ways: &[Vec<CompiledCondition>]) -> Truth {
        if ways.is_empty() {
            return Truth::SURE;
        }
        ways.iter().fold(Truth::NO, |so_far, conditions| {
            let all = conditions.iter().fold(Truth::SURE, |so_far, condition| {
                so_far.and(self.meets(place, condition))
            });
            so_far.or(all)
        })
    }

    fn meets(&self, place: u32, condition: &CompiledCondition) -> Truth {
        match condition {
            CompiledCondition::Class { attribute, table } => {
                let class = usize::from(self.class(*attribute, place));
                table
                    .get(class)
                    .map_or(Truth::unsure(Doubt::MissingValue), |sureness| {
                        Truth::of_value(*sureness)
                    })
            }
            CompiledCondition::Compare { left, right, same } => {
                let equal = compare(self.hash(*left, place), self.hash(*right, place));
                if *same { equal } else { equal.not() }
            }
        }
    }
}

fn compare(one: u128, other: u128) -> Truth {
    if one == 0 || other == 0 {
        Truth::unsure(Doubt::MissingValue)
    } else {
        Truth::of(one == other)
    }
}

/// Where the events of a key are put in order, if they are not.
#[derive(Default)]
pub(super) struct Arena {
    block: Block,
    order: Vec<u32>,
}

impl Arena {
    /// The known events of a span of a block, in order of earliest instant, latest instant,
    /// activity and values. Those that are in order are not copied.
    pub(super) fn timeline<'a>(
        &'a mut self,
        block: &'a Block,
        span: Range<usize>,
        as_of: i64,
    ) -> Timeline<'a> {
        if let Some(timeline) = Timeline::find(block, &span, as_of) {
            return timeline;
        }
        self.copy(block, span, as_of);
        let (earliest, latest) = (&self.block.earliest, &self.block.latest);
        let longest = earliest.iter().zip(latest).fold(0, longer);
        let all = 0..self.order.len();
        Timeline::new(&self.block, all, Some(&self.order), longest)
    }

    fn copy(&mut self, block: &Block, span: Range<usize>, as_of: i64) {
        let start = span.start;
        self.order.clear();
        self.order.extend(
            (span.clone())
                .filter(|place| block.earliest[*place] < as_of)
                .map(|place| (place - start) as u32),
        );
        let place = |event: &u32| start + *event as usize;
        self.order
            .sort_unstable_by(|a, b| compare_events(block, place(a), place(b)).then(a.cmp(b)));
        let order = &self.order;
        let to = &mut self.block;
        fill(&mut to.activities, &block.activities, start, order);
        fill(&mut to.earliest, &block.earliest, start, order);
        fill(&mut to.latest, &block.latest, start, order);
        to.classes.resize_with(block.classes.len(), Vec::new);
        for (to, from) in to.classes.iter_mut().zip(&block.classes) {
            fill(to, from, start, order);
        }
        to.hashes.resize_with(block.hashes.len(), Vec::new);
        for (to, from) in to.hashes.iter_mut().zip(&block.hashes) {
            fill(to, from, start, order);
        }
    }
}

fn fill<T: Copy>(to: &mut Vec<T>, from: &[T], start: usize, order: &[u32]) {
    to.clear();
    if !from.is_empty() {
        to.extend(order.iter().map(|place| from[start + *place as usize]));
    }
}

/// The order of two events: that of their times and activities, and of what was read of their
/// values, so that it does not hang on the order of rows.
pub(super) fn compare_events(block: &Block, one: usize, other: usize) -> Ordering {
    let times = |place: usize| (block.earliest[place], block.latest[place]);
    times(one)
        .cmp(&times(other))
        .then_with(|| block.activities[one].cmp(&block.activities[other]))
        .then_with(|| compare_values(block, one, other))
}

fn compare_values(block: &Block, one: usize, other: usize) -> Ordering {
    let classes = (block.classes.iter())
        .filter(|column| !column.is_empty())
        .map(|column| column[one].cmp(&column[other]));
    let hashes = (block.hashes.iter())
        .filter(|column| !column.is_empty())
        .map(|column| column[one].cmp(&column[other]));
    classes
        .chain(hashes)
        .find(|order| *order != Ordering::Equal)
        .unwrap_or(Ordering::Equal)
}

impl<'a> Timeline<'a> {
    /// The known events of a span, if it is in order.
    fn find(block: &'a Block, span: &Range<usize>, as_of: i64) -> Option<Self> {
        let (mut known, mut longest, mut last) = (0, 0, i64::MIN);
        for place in span.clone() {
            let (earliest, latest) = (block.earliest[place], block.latest[place]);
            if earliest <= last && place > span.start {
                let in_order = earliest == last
                    && compare_events(block, place - 1, place) != Ordering::Greater;
                if !in_order {
                    return None;
                }
            }
            last = earliest;
            known += usize::from(earliest < as_of);
            longest = longer(longest, (&earliest, &latest));
        }
        let known = span.start..span.start + known;
        Some(Self::new(block, known, None, longest))
    }

    fn new(block: &'a Block, span: Range<usize>, order: Option<&'a [u32]>, longest: i64) -> Self {
        Self {
            block,
            start: span.start,
            activities: &block.activities[span.clone()],
            earliest: &block.earliest[span.clone()],
            latest: &block.latest[span],
            order,
            longest,
        }
    }
}

/// The greater of a length and that of the time in which an event with a beginning took place.
fn longer(longest: i64, (earliest, latest): (&i64, &i64)) -> i64 {
    match *earliest {
        i64::MIN => longest,
        earliest => longest.max(latest.saturating_sub(earliest)),
    }
}

/// An event of a pattern.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) place: u32,
    pub(super) truth: Truth,
}

/// The events of a pattern, surely or unsurely, in order.
#[derive(Default)]
pub(super) struct Hits {
    pub(super) list: Vec<Hit>,
    /// Whether all are sure, and their times recorded.
    pub(super) plain: bool,
    /// How many at the front have no beginning.
    pub(super) boundless: usize,
    made_for: u64,
}

const NONE: u32 = u32::MAX;

/// Which activities a timeline holds and where.
pub(super) struct Index {
    /// For each activity, and at the end for unknown ones, its first event.
    first: Vec<u32>,
    last: Vec<u32>,
    /// For each event the next of its activity.
    next: Vec<u32>,
    /// A bit for each rule of the group that something activates.
    touched: Vec<u64>,
    hits: Vec<Hits>,
    /// The number of the timeline.
    number: u64,
}

impl Index {
    pub(super) fn new(plan: &Plan) -> Self {
        let slots = plan.activity_count() + 1;
        let words = plan.groups.iter().map(|group| group.words).max();
        Self {
            first: vec![NONE; slots],
            last: vec![NONE; slots],
            next: Vec::new(),
            touched: vec![0; words.unwrap_or(1)],
            hits: (0..plan.patterns.len()).map(|_| Hits::default()).collect(),
            number: 0,
        }
    }

    /// Looks through a timeline.
    pub(super) fn fill(&mut self, timeline: &Timeline, group: &Group) {
        self.number += 1;
        self.touched.fill(0);
        self.next.clear();
        self.next.resize(timeline.len(), NONE);
        let unknown = self.first.len() - 1;
        for (place, activity) in (0..).zip(timeline.activities) {
            let slot = usize::from(*activity).min(unknown);
            if self.first[slot] == NONE {
                self.first[slot] = place;
                let row = group.activated_by(*activity);
                for (word, bits) in self.touched.iter_mut().zip(row) {
                    *word |= bits;
                }
            } else {
                self.next[self.last[slot] as usize] = place;
            }
            self.last[slot] = place;
        }
    }

    /// Forgets a timeline.
    pub(super) fn clear(&mut self, timeline: &Timeline) {
        let unknown = self.first.len() - 1;
        for activity in timeline.activities {
            self.first[usize::from(*activity).min(unknown)] = NONE;
        }
    }

    /// The places of the rules that something activates, of one word of bits.
    pub(super) fn touched(&self, word: usize) -> u64 {
        self.touched[word]
    }

    /// Finds the events of a rule's patterns; nothing if there is none of the first, which activates
    /// it.
    pub(super) fn find_all(&mut self, ids: &[PatternId], plan: &Plan, timeline: &Timeline) -> bool {
        for (number, id) in ids.iter().enumerate() {
            self.find(*id, &plan.patterns[usize::from(id.0)], timeline);
            if number == 0 && self.hits(*id).list.is_empty() {
                return false;
            }
        }
        true
    }

    /// Finds the events of a pattern, once for each timeline.
    fn find(&mut self, id: PatternId, pattern: &CompiledPattern, timeline: &Timeline) {
        let hits = &mut self.hits[usize::from(id.0)];
        if hits.made_for == self.number {
            return;
        }
        hits.made_for = self.number;
        hits.list.clear();
        hits.plain = true;
        hits.boundless = 0;
        let mut runs = 0;
        for (activity, ways) in &pattern.activities {
            let mut place = self.first[usize::from(*activity)];
            runs += usize::from(place != NONE);
            while place != NONE {
                hits.push(timeline, place, timeline.is(place, ways));
                place = self.next[place as usize];
            }
        }
        if pattern.awaited {
            let mut place = self.first[self.first.len() - 1];
            runs += usize::from(place != NONE);
            while place != NONE {
                hits.push(timeline, place, Truth::unsure(Doubt::FaultyRow));
                place = self.next[place as usize];
            }
        }
        if runs > 1 {
            hits.list.sort_unstable_by_key(|hit| hit.place);
        }
    }

    pub(super) fn hits(&self, id: PatternId) -> &Hits {
        &self.hits[usize::from(id.0)]
    }
}

impl Hits {
    fn push(&mut self, timeline: &Timeline, place: u32, truth: Truth) {
        if truth.is_no() {
            return;
        }
        let when = timeline.when(place);
        self.plain &= truth.is_sure() && when.is_exact();
        self.boundless += usize::from(when.earliest == i64::MIN);
        self.list.push(Hit { place, truth });
    }
}
