//! Nanoseconds of processor time an event for checking alone, from blocks in memory. Needs Linux.
//!
//! `cargo bench -p throughline-screening --bench evaluation`

mod simulated;

use std::time::Duration;

use simulated::Simulated;
use throughline_screening::block::Block;
use throughline_screening::engine::{
    CountsOnly, NoFacts, OutOfOrder, Plan, Screened, Shard, Sink, screen,
};
use throughline_screening::event::Event;

const CASES: u64 = 100_000;
const IN_BLOCK: usize = 4_096;
const ROUNDS: usize = 5;

fn main() {
    let mut simulated = Simulated::new(CASES, 5);
    let plan = &simulated.plan;
    println!(
        "{} cases, {} standards",
        simulated.truth.len(),
        plan.standard_count()
    );
    let sorted = blocks(plan, &simulated.cases);
    for (_, events) in &mut simulated.cases {
        events.reverse();
    }
    let reversed = blocks(plan, &simulated.cases);
    for threads in [1, 2] {
        report("counts, in order", plan, &sorted, threads, || {
            CountsOnly::<OutOfOrder>::new()
        });
        report("counts, reversed", plan, &reversed, threads, || {
            CountsOnly::<OutOfOrder>::new()
        });
        report(
            "findings, in order",
            plan,
            &sorted,
            threads,
            Screened::default,
        );
    }
}

fn blocks(plan: &Plan, cases: &[(String, Vec<Event>)]) -> Vec<Block> {
    cases
        .chunks(IN_BLOCK)
        .map(|cases| plan.block(cases))
        .collect()
}

/// The best of some rounds, of the pass and of what lies across cases.
fn report<S: Sink<Error = OutOfOrder> + Send>(
    what: &str,
    plan: &Plan,
    blocks: &[Block],
    threads: usize,
    sink: impl Fn() -> S,
) {
    let events: usize = blocks.iter().map(Block::len).sum();
    let mut best = (Duration::MAX, Duration::MAX);
    for _ in 0..ROUNDS {
        let mut sink = sink();
        let copies: Vec<Block> = blocks.to_vec();
        let begin = used();
        let shard = pass(plan, copies, threads, &mut sink);
        let passed = used();
        shard.finish(plan, &mut sink).expect("nothing fails");
        best = (best.0.min(passed - begin), best.1.min(used() - passed));
    }
    let each = |time: Duration| time.as_nanos() as f64 / events as f64;
    println!(
        "{what}, {threads} thread(s): {events} events, {:.1} ns an event, and {:.1} across cases",
        each(best.0),
        each(best.1)
    );
}

/// The time that this process has used the processor, so that other work on the machine does not
/// count.
fn used() -> Duration {
    let text = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = text.rsplit(')').next().unwrap_or_default();
    let ticks: u64 = (after_name.split_whitespace().skip(11).take(2))
        .filter_map(|field| field.parse::<u64>().ok())
        .sum();
    Duration::from_millis(10 * ticks)
}

fn pass<S: Sink<Error = OutOfOrder> + Send>(
    plan: &Plan,
    blocks: Vec<Block>,
    threads: usize,
    sink: &mut S,
) -> Shard {
    let parts = blocks.into_iter().map(|block| Some(Ok(block)));
    screen(plan, parts, &NoFacts::default(), threads, sink).expect("cases are in order")
}
