//! What must not change anything does not.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{config, library, log, plan};
use crate::block::{Block, CaseSpan};
use crate::engine::fragment::{case, extend};
use crate::engine::{CaseList, CountsOnly, OutOfOrder, Plan, Screened, Shard, check_with, screen};
use crate::event::{Event, Happening};
use crate::random::IRRELEVANT;

fn case_list() -> CaseList {
    let mut list = CaseList::default();
    for number in 0..4 {
        let (area, category) = (["", "N1", "S2"][number % 3], ["missing", "s47"][number % 2]);
        list.add(&format!("case-{number}"), area, category);
    }
    list
}

/// Cuts a block before these events, also within cases.
fn cut(plan: &Plan, whole: &Block, cuts: &[Index]) -> Vec<Block> {
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(whole.len() + 1)).collect();
    cuts.sort_unstable();
    cuts.push(whole.len());
    let mut blocks = Vec::new();
    let mut begin = 0;
    for end in cuts {
        let mut block = plan.empty_block();
        for place in 0..whole.cases.len() {
            let (reference, span) = case(whole, place);
            let span = span.start.max(begin)..span.end.min(end);
            if !span.is_empty() {
                extend(&mut block, whole, span);
                block.references.push_str(reference);
                block.cases.push(CaseSpan {
                    reference_end: block.references.len() as u32,
                    events_end: block.len() as u32,
                });
            }
        }
        blocks.push(block);
        begin = end;
    }
    blocks
}

fn run(plan: &Plan, blocks: Vec<Block>, in_part: usize, threads: usize) -> Screened {
    let mut parts = Vec::new();
    let mut blocks = blocks.into_iter().map(Ok::<Block, OutOfOrder>).peekable();
    while blocks.peek().is_some() {
        parts.push(blocks.by_ref().take(in_part).collect::<Vec<_>>());
    }
    let mut screened = Screened::default();
    let facts = case_list();
    let shard = screen(plan, parts.into_iter(), &facts, threads, &mut screened).unwrap();
    screened.tally = shard.finish(plan, &mut screened).unwrap();
    screened
}

fn without_empty(cases: &[(String, Vec<Event>)]) -> Vec<(String, Vec<Event>)> {
    let full = cases.iter().filter(|(_, events)| !events.is_empty());
    full.cloned().collect()
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn neither_cuts_nor_threads_nor_the_order_of_rows_change_anything(
        library in library(5),
        (cases, as_of) in log(4, 8),
        cuts in vec(any::<Index>(), 0..6),
        keys in vec(any::<u32>(), 8),
        in_part in 1usize..4,
        threads in 1usize..4,
    ) {
        let cases = without_empty(&cases);
        let plan = plan(&library, as_of);
        let whole = check_with(&plan, &cases, &case_list()).unwrap();
        let mut shuffled = cases.clone();
        for (_, events) in &mut shuffled {
            let mut keyed: Vec<_> = keys.iter().zip(events.drain(..)).collect();
            keyed.sort_by_key(|(key, _)| **key);
            events.extend(keyed.into_iter().map(|(_, event)| event));
        }
        let blocks = cut(&plan, &plan.block(&shuffled), &cuts);
        prop_assert_eq!(run(&plan, blocks, in_part, threads), whole);
    }

    #[test]
    fn shards_that_were_written_read_and_merged_are_the_whole(
        library in library(5),
        (cases, as_of) in log(4, 8),
        first in any::<Index>(),
    ) {
        let plan = plan(&library, as_of);
        let facts = case_list();
        let whole = check_with(&plan, &cases, &facts).unwrap();
        let (one, other) = cases.split_at(first.index(cases.len() + 1));
        let shard = |cases: &[(String, Vec<Event>)]| {
            let parts = std::iter::once(Some(Ok(plan.block(cases))));
            let mut counts = CountsOnly::<OutOfOrder>::new();
            let shard = screen(&plan, parts, &facts, 1, &mut counts).unwrap();
            let mut file = Vec::new();
            shard.write(&plan, &mut file).unwrap();
            Shard::read(&plan, &mut file.as_slice()).unwrap()
        };
        let mut merged = shard(other);
        merged.merge(shard(one)).unwrap();
        let mut screened = Screened::default();
        screened.tally = merged.finish(&plan, &mut screened).unwrap();
        prop_assert_eq!(screened.across, whole.across);
        prop_assert_eq!(screened.tally, whole.tally);
    }

    #[test]
    fn an_irrelevant_event_changes_nothing(
        library in library(5),
        (cases, as_of) in log(3, 8),
        (target, model) in (any::<Index>(), any::<Index>()),
    ) {
        let plan = plan(&library, as_of);
        let before = check_with(&plan, &cases, &case_list()).unwrap();
        let all: Vec<Event> = cases.iter().flat_map(|(_, events)| events).cloned().collect();
        prop_assume!(!all.is_empty());
        let mut more = cases.clone();
        let place = target.index(more.len());
        more[place].1.push(Event {
            happening: Happening::Known(IRRELEVANT),
            ..all[model.index(all.len())].clone()
        });
        let after = check_with(&plan, &more, &case_list()).unwrap();
        prop_assert_eq!(before.cases, after.cases);
        prop_assert_eq!(before.across, after.across);
        prop_assert_eq!(before.tally.standards, after.tally.standards);
    }
}

proptest! {
    #![proptest_config(config(200))]

    #[test]
    fn a_damaged_shard_is_never_taken_for_whole(
        library in library(3),
        (cases, as_of) in log(3, 6),
        (place, bit) in (any::<Index>(), 0u8..8),
    ) {
        let plan = plan(&library, as_of);
        let parts = std::iter::once(Some(Ok(plan.block(&cases))));
        let mut counts = CountsOnly::<OutOfOrder>::new();
        let shard = screen(&plan, parts, &case_list(), 1, &mut counts).unwrap();
        let mut file = Vec::new();
        shard.write(&plan, &mut file).unwrap();
        let place = place.index(file.len());
        prop_assert!(Shard::read(&plan, &mut &file[..place]).is_err());
        file[place] ^= 1 << bit;
        prop_assert!(Shard::read(&plan, &mut file.as_slice()).is_err());
    }
}

#[test]
fn cases_out_of_order_are_refused() {
    let library = crate::standard::Library {
        title: "None".to_owned(),
        version: "1".to_owned(),
        zone: "Europe/London".to_owned(),
        vocabulary: crate::random::vocabulary(),
        standards: Vec::new(),
    };
    let as_of = super::CALENDAR.end_of(crate::random::SPANS[0]).unwrap();
    let plan = plan(&library, as_of);
    let event = Event {
        happening: Happening::Unknown,
        when: crate::event::When::at(0),
        recorded_at: None,
        values: vec![None; 4],
    };
    let of = |reference: &str| plan.block(&[(reference, vec![event.clone()])]);
    for threads in [1, 3] {
        let blocks = [of("b"), of("c"), of("a")].map(|block| Some(Ok(block)));
        let mut counts = CountsOnly::<OutOfOrder>::new();
        let facts = case_list();
        let refused = screen(&plan, blocks.into_iter(), &facts, threads, &mut counts);
        assert_eq!(refused.err(), Some(OutOfOrder));
    }
}
