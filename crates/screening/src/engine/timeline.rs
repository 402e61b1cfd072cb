//! The events of keys in order, and where those of each pattern are.

use std::cmp::Ordering;
use std::ops::Range;

use super::plan::{CompiledCondition, Group, How, PatternId, Plan};
use super::truth::Truth;
use crate::block::Block;
use crate::event::When;
use crate::verdict::Doubt;

/// The events of some keys, those of one key after those of another: columns of a block.
#[derive(Clone, Copy)]
pub(super) struct Timelines<'a> {
    block: &'a Block,
    start: usize,
    activities: &'a [u16],
    earliest: &'a [i64],
    latest: &'a [i64],
    /// For each event its place in the spans it came from, where that is another.
    order: Option<&'a [u32]>,
}

/// The events of one key as they are known on a day, in order: a stretch of [`Timelines`].
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeline {
    /// The place of the first, and that after the last.
    start: u32,
    end: u32,
    /// The longest time in which an event may have taken place, of those that have a beginning.
    pub(super) longest: i64,
    /// Whether all times are recorded.
    exact: bool,
}

impl Timeline {
    /// The places of its events.
    pub(super) fn places(&self) -> Range<u32> {
        self.start..self.end
    }

    fn of(places: Range<usize>, longest: i64, first: Option<&i64>) -> Self {
        Self {
            start: places.start as u32,
            end: places.end as u32,
            longest,
            // Events without a beginning stand at the front.
            exact: longest == 0 && (places.is_empty() || first != Some(&i64::MIN)),
        }
    }
}

impl<'a> Timelines<'a> {
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

    /// The place of an event in the spans it came from.
    pub(super) fn origin(&self, place: u32) -> u32 {
        self.order.map_or(place, |order| order[place as usize])
    }

    /// A block with as many columns of attributes, without events.
    pub(super) fn empty_block(&self) -> Block {
        Block {
            classes: vec![Vec::new(); self.block.classes.len()],
            hashes: vec![Vec::new(); self.block.hashes.len()],
            ..Block::default()
        }
    }

    /// Adds an event to the columns of a block that a group needs.
    pub(super) fn copy_to(&self, to: &mut Block, place: u32, group: &Group) {
        let place = self.start + place as usize;
        to.activities.push(self.block.activities[place]);
        to.earliest.push(self.block.earliest[place]);
        to.latest.push(self.block.latest[place]);
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

    /// Whether all conditions hold of an event in one of these ways.
    fn is(&self, place: u32, ways: &[Vec<CompiledCondition>]) -> Truth {
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

/// Where events are put in order, if they are not.
#[derive(Default)]
pub(super) struct Arena {
    block: Block,
    order: Vec<u32>,
    each: Vec<Timeline>,
}

impl Arena {
    /// The known events of spans of a block that follow each other, each in order of earliest
    /// instant, latest instant, activity and values. If all are in order nothing is copied.
    pub(super) fn timelines<'a>(
        &'a mut self,
        block: &'a Block,
        spans: &[Range<usize>],
        as_of: i64,
    ) -> (Timelines<'a>, &'a [Timeline]) {
        let start = spans.first().map_or(0, |span| span.start);
        let end = spans.last().map_or(0, |span| span.end);
        self.each.clear();
        let in_order = spans.iter().all(|span| {
            let timeline = Timeline::find(block, span, start, as_of);
            self.each.extend(timeline);
            timeline.is_some()
        });
        if in_order {
            return (Timelines::new(block, start..end, None), &self.each);
        }
        self.arrange(block, spans, as_of);
        self.copy(block, start);
        let all = 0..self.order.len();
        let timelines = Timelines::new(&self.block, all, Some(&self.order));
        (timelines, &self.each)
    }

    /// Puts the known events of each span in order.
    fn arrange(&mut self, block: &Block, spans: &[Range<usize>], as_of: i64) {
        let start = spans.first().map_or(0, |span| span.start);
        let place = |event: &u32| start + *event as usize;
        self.each.clear();
        self.order.clear();
        for span in spans {
            let begin = self.order.len();
            let known = (span.clone()).filter(|place| block.earliest[*place] < as_of);
            self.order.extend(known.map(|place| (place - start) as u32));
            let events = &mut self.order[begin..];
            events
                .sort_unstable_by(|a, b| compare_events(block, place(a), place(b)).then(a.cmp(b)));
            let times = |event: &u32| (block.earliest[place(event)], block.latest[place(event)]);
            let longest = (events.iter()).fold(0, |longest, event| longer(longest, times(event)));
            let first = events.first().map(|event| times(event).0);
            let places = begin..begin + events.len();
            self.each
                .push(Timeline::of(places, longest, first.as_ref()));
        }
    }

    fn copy(&mut self, block: &Block, start: usize) {
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

impl Timeline {
    /// The known events of a span, if it is in order; places are counted from `base`.
    fn find(block: &Block, span: &Range<usize>, base: usize, as_of: i64) -> Option<Self> {
        let (mut known, mut longest, mut last) = (0, 0, i64::MIN);
        let times = (block.earliest[span.clone()].iter()).zip(&block.latest[span.clone()]);
        for (place, (earliest, latest)) in span.clone().zip(times) {
            if *earliest <= last && place > span.start {
                let in_order = *earliest == last
                    && compare_events(block, place - 1, place) != Ordering::Greater;
                if !in_order {
                    return None;
                }
            }
            last = *earliest;
            known += usize::from(*earliest < as_of);
            longest = longer(longest, (*earliest, *latest));
        }
        let start = span.start - base;
        let first = block.earliest.get(span.start);
        Some(Self::of(start..start + known, longest, first))
    }
}

impl<'a> Timelines<'a> {
    fn new(block: &'a Block, span: Range<usize>, order: Option<&'a [u32]>) -> Self {
        Self {
            block,
            start: span.start,
            activities: &block.activities[span.clone()],
            earliest: &block.earliest[span.clone()],
            latest: &block.latest[span],
            order,
        }
    }
}

/// The greater of a length and that of the time in which an event with a beginning took place.
fn longer(longest: i64, (earliest, latest): (i64, i64)) -> i64 {
    match earliest {
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

/// Where the events of each pattern are, of many timelines.
pub(super) struct Index {
    /// For each pattern its events, surely or unsurely, in order.
    lists: Vec<Vec<Hit>>,
    /// For each timeline, and for one more after the last, a row that says of each pattern how many
    /// of its events come before it.
    before: Vec<u32>,
    /// For each timeline whether all events of patterns are sure, and all times recorded.
    plain: Vec<bool>,
    /// For each event the number of its timeline.
    owners: Vec<u32>,
}

impl Index {
    pub(super) fn new(plan: &Plan) -> Self {
        Self {
            lists: vec![Vec::new(); plan.patterns.len()],
            before: Vec::new(),
            plain: Vec::new(),
            owners: Vec::new(),
        }
    }

    /// Looks through timelines for what the rules of a group ask about.
    pub(super) fn fill(&mut self, timelines: &Timelines, each: &[Timeline], group: &Group) {
        self.lists.iter_mut().for_each(Vec::clear);
        self.before.clear();
        self.plain.clear();
        self.owners.clear();
        self.owners.resize(timelines.activities.len(), 0);
        for (number, timeline) in (0..).zip(each) {
            self.begin_timeline();
            let mut plain = timeline.exact;
            for place in timeline.places() {
                self.owners[place as usize] = number;
                for asking in group.asking(timelines.activity(place)) {
                    let truth = match &asking.how {
                        How::Surely => Truth::SURE,
                        How::If(ways) => timelines.is(place, ways),
                        How::Perhaps => Truth::unsure(Doubt::FaultyRow),
                    };
                    if !truth.is_no() {
                        plain &= truth.is_sure();
                        self.lists[usize::from(asking.pattern.0)].push(Hit { place, truth });
                    }
                }
            }
            self.plain.push(plain);
        }
        self.begin_timeline();
    }

    fn begin_timeline(&mut self) {
        let lengths = self.lists.iter().map(|list| list.len() as u32);
        self.before.extend(lengths);
    }

    /// The events of a pattern on all timelines.
    pub(super) fn list(&self, id: PatternId) -> &[Hit] {
        &self.lists[usize::from(id.0)]
    }

    /// For each event the number of its timeline.
    pub(super) fn owners(&self) -> &[u32] {
        &self.owners
    }

    /// Where the events of a pattern on the timeline of this number are in its list.
    pub(super) fn span(&self, id: PatternId, number: u32) -> Range<usize> {
        let (width, number) = (self.lists.len(), number as usize);
        let pattern = usize::from(id.0);
        let begin = self.before[number * width + pattern];
        let end = self.before[(number + 1) * width + pattern];
        begin as usize..end as usize
    }

    /// The events of a pattern on the timeline of this number, surely or unsurely, in order.
    pub(super) fn hits(&self, id: PatternId, number: u32) -> &[Hit] {
        &self.list(id)[self.span(id, number)]
    }

    /// Whether on the timeline of this number all events of patterns are sure, and all times
    /// recorded.
    pub(super) fn is_plain(&self, number: u32) -> bool {
        self.plain[number as usize]
    }
}
