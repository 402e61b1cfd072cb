//! Events as the definition takes them, from the blocks that readers make.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::block::Block;
use crate::engine::{Evidence, Finding, Plan, TieOrder};
use crate::event::{Event, Happening, When};
use crate::read::Coding;
use crate::standard::Library;
use crate::verdict::Verdict;
use crate::vocabulary::{ActivityId, AttributeId, AttributeKind};

/// The values of attributes as they are read, so that the definition can ask for them. Blocks have a
/// hash of each value; the texts of those that standards may ask for are kept, each once.
pub struct Values {
    activities: HashMap<Vec<u8>, Option<u16>>,
    /// For each attribute whether its values may be asked for: persons and things are only told
    /// apart.
    kept: Vec<bool>,
    texts: Mutex<HashMap<u128, String>>,
}

impl Values {
    /// None yet, of a library's attributes.
    pub fn of(library: &Library) -> Self {
        let vocabulary = &library.vocabulary;
        let codes = vocabulary.activities.iter().map(|one| &one.code);
        let known = codes.zip(0..).map(|(code, place)| (code, Some(place)));
        let ignored = vocabulary.ignored.iter().map(|code| (code, None));
        let attributes = vocabulary.attributes.iter();
        Self {
            activities: (ignored.chain(known))
                .map(|(code, place)| (code.as_bytes().to_vec(), place))
                .collect(),
            kept: attributes
                .map(|one| one.kind == AttributeKind::Value)
                .collect(),
            texts: Mutex::default(),
        }
    }

    /// Events with the texts of their values; where none was kept, the hash stands for it. Events
    /// of one timeline must come together, lest a text be found for some that was not for others.
    fn events<'k>(&self, known: impl Iterator<Item = &'k Known>) -> Vec<Event> {
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let text = |hash: &u128| match (hash, texts.get(hash)) {
            (0, _) => None,
            (_, Some(text)) => Some(text.clone()),
            (hash, None) => Some(format!("{hash:032x}")),
        };
        let event = |known: &Known| Event {
            happening: match known.activity {
                Block::UNKNOWN => Happening::Unknown,
                place => Happening::Known(ActivityId(place)),
            },
            when: known.when,
            recorded_at: None,
            values: known.hashes.iter().map(text).collect(),
        };
        known.map(event).collect()
    }
}

impl Coding for Values {
    fn activity(&self, code: &[u8]) -> Option<u16> {
        let known = self.activities.get(code).copied();
        known.unwrap_or(Some(Block::UNKNOWN))
    }

    /// Keeps the text; the classes are not used.
    fn class_of(&self, _: AttributeId, value: Option<&[u8]>) -> u16 {
        let Some(value) = value else {
            return 0;
        };
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        (texts.entry(Plan::hash_of(value)))
            .or_insert_with(|| String::from_utf8_lossy(value).into_owned());
        1
    }

    fn wants_class(&self, attribute: AttributeId) -> bool {
        self.kept[usize::from(attribute.0)]
    }

    fn wants_hash(&self, _: AttributeId) -> bool {
        true
    }
}

/// The events of a case in a block.
pub(super) struct Events<'b> {
    block: &'b Block,
    places: Range<usize>,
}

impl<'b> Events<'b> {
    /// Those of every case.
    pub fn of_cases(block: &'b Block) -> impl Iterator<Item = (&'b str, Events<'b>)> {
        let mut begin = (0, 0);
        block.cases.iter().map(move |case| {
            let end = (case.reference_end as usize, case.events_end as usize);
            let reference = &block.references[begin.0..end.0];
            let places = begin.1..end.1;
            begin = end;
            (reference, Events { block, places })
        })
    }

    /// What happened in them.
    pub fn activities(&self) -> &'b [u16] {
        &self.block.activities[self.places.clone()]
    }

    /// All of them.
    pub fn known(&self) -> impl Iterator<Item = Known> + '_ {
        self.places.clone().map(|place| Known {
            activity: self.block.activities[place],
            when: When {
                earliest: self.block.earliest[place],
                latest: self.block.latest[place],
            },
            hashes: (self.block.hashes.iter())
                .map(|column| column[place])
                .collect(),
        })
    }
}

/// An event whose values are hashes still.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub activity: u16,
    pub when: When,
    pub hashes: Vec<u128>,
}

/// The events that a standard looks at, each with the number of its case, in the engine's order.
pub(super) struct Line {
    pub events: Vec<(u32, Event)>,
}

impl Line {
    pub fn new(mut known: Vec<(u32, Known)>, values: &Values, plan: &Plan, tie: &TieOrder) -> Self {
        let events = values.events(known.iter().map(|(_, known)| known));
        let mut events: Vec<_> = known.drain(..).zip(events).collect();
        events.sort_by_cached_key(|((case, known), event)| {
            let class = |place: &usize| {
                let value = event.values[*place].as_deref().map(str::as_bytes);
                plan.class_of(AttributeId(*place as u16), value)
            };
            let classes: Vec<u16> = tie.classes.iter().map(class).collect();
            let hashes = tie.hashes.iter().map(|place| known.hashes[*place]);
            let hashes: Vec<u128> = hashes.collect();
            (known.when, known.activity, classes, hashes, *case)
        });
        let events = events.into_iter();
        Self {
            events: events.map(|((case, _), event)| (case, event)).collect(),
        }
    }

    /// The events without their cases.
    pub fn alone(&self) -> Vec<Event> {
        self.events.iter().map(|(_, event)| event.clone()).collect()
    }

    /// A verdict on it with its evidence.
    pub fn finding(&self, verdict: &Verdict) -> Finding {
        let evidence = |place: u32| evidence(&self.events[place as usize].1);
        Finding {
            standard: verdict.standard,
            outcome: verdict.outcome,
            activating: evidence(verdict.activating),
            deciding: verdict.deciding.map(evidence),
            due: verdict.due,
        }
    }

    /// The first place of an event that is so and, where that is asked, of a case.
    pub fn find(&self, sought: &Evidence, case: Option<u32>) -> Option<u32> {
        let is = |(of, event): &(u32, Event)| {
            evidence(event) == *sought && case.is_none_or(|case| case == *of)
        };
        let place = self.events.iter().position(is)?;
        u32::try_from(place).ok()
    }
}

fn evidence(event: &Event) -> Evidence {
    Evidence {
        when: event.when,
        activity: match event.happening {
            Happening::Known(activity) => activity.0,
            Happening::Unknown => Block::UNKNOWN,
        },
    }
}
