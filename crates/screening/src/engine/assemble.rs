//! Blocks from events in memory.

use super::facts::{Facts, NoFacts};
use super::finding::Finding;
use super::plan::Plan;
use super::screen::{OutOfOrder, screen};
use super::sink::Sink;
use super::tally::Tally;
use crate::block::{Block, CaseSpan};
use crate::event::{Event, Happening};
use crate::vocabulary::AttributeId;

impl Plan {
    /// A block of cases with their events, in the order of their references.
    pub fn block<R: AsRef<str>, T: AsRef<[Event]>>(&self, cases: &[(R, T)]) -> Block {
        let mut sorted: Vec<&(R, T)> = cases.iter().collect();
        sorted.sort_by(|a, b| a.0.as_ref().cmp(b.0.as_ref()));
        let mut block = self.empty_block();
        for (reference, events) in sorted {
            for event in events.as_ref() {
                self.push(&mut block, event);
            }
            block.references.push_str(reference.as_ref());
            block.cases.push(CaseSpan {
                reference_end: block.references.len() as u32,
                events_end: block.len() as u32,
            });
        }
        block
    }

    /// A block without cases, with as many columns as the vocabulary has attributes.
    pub fn empty_block(&self) -> Block {
        Block {
            classes: vec![Vec::new(); self.attribute_count()],
            hashes: vec![Vec::new(); self.attribute_count()],
            ..Block::default()
        }
    }

    fn push(&self, block: &mut Block, event: &Event) {
        block.activities.push(match event.happening {
            Happening::Known(activity) => activity.0,
            Happening::Unknown => Block::UNKNOWN,
        });
        block.earliest.push(event.when.earliest);
        block.latest.push(event.when.latest);
        for place in 0..self.attribute_count() {
            let attribute = AttributeId(place as u16);
            let value = event.values.get(place).and_then(Option::as_deref);
            let value = value.map(str::as_bytes);
            if self.wants_class(attribute) {
                block.classes[place].push(self.class_of(attribute, value));
            }
            if self.wants_hash(attribute) {
                block.hashes[place].push(value.map_or(0, Plan::hash_of));
            }
        }
    }
}

/// What was found of cases in memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Screened {
    /// For each case with findings, its reference and the findings of the standards that look at
    /// one case; in the order of references.
    pub cases: Vec<(String, Vec<Finding>)>,
    /// In the same manner those of the standards that look across cases.
    pub across: Vec<(String, Vec<Finding>)>,
    /// How many there are of what.
    pub tally: Tally,
}

impl Sink for Screened {
    type Error = OutOfOrder;

    fn case(&mut self, reference: &str, findings: &[Finding]) -> Result<(), OutOfOrder> {
        self.cases.push((reference.to_owned(), findings.to_vec()));
        Ok(())
    }

    fn across(&mut self, reference: &str, findings: &[Finding]) -> Result<(), OutOfOrder> {
        self.across.push((reference.to_owned(), findings.to_vec()));
        Ok(())
    }
}

/// Checks cases in memory: for tests, and for programs that have few.
///
/// # Errors
///
/// Where two cases have the same reference.
pub fn check<R: AsRef<str>, T: AsRef<[Event]>>(
    plan: &Plan,
    cases: &[(R, T)],
) -> Result<Screened, OutOfOrder> {
    check_with(plan, cases, &NoFacts::default())
}

/// As [`check`], with what the case list says of the cases.
///
/// # Errors
///
/// Where two cases have the same reference.
pub fn check_with<R: AsRef<str>, T: AsRef<[Event]>>(
    plan: &Plan,
    cases: &[(R, T)],
    facts: &dyn Facts,
) -> Result<Screened, OutOfOrder> {
    let mut screened = Screened::default();
    let parts = std::iter::once(Some(Ok(plan.block(cases))));
    let shard = screen(plan, parts, facts, 1, &mut screened)?;
    screened.tally = shard.finish(plan, &mut screened)?;
    Ok(screened)
}
