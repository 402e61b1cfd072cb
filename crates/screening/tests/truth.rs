//! The shipped standards find in simulated cases exactly what the simulator put there.

#[path = "../benches/evaluation/simulated.rs"]
mod simulated;

use std::collections::BTreeMap;

use simulated::Simulated;
use throughline_screening::engine::{Finding, Screened, check};
use throughline_screening::verdict::Outcome;
use throughline_simulator::{Standard, Verdict};

/// The worst that was found, by case and standard.
fn worst(simulated: &Simulated, screened: &Screened) -> BTreeMap<(String, String), Outcome> {
    let mut worst: BTreeMap<(String, String), Outcome> = BTreeMap::new();
    let found = screened.cases.iter().chain(&screened.across);
    let each = found.flat_map(|(reference, findings)| findings.iter().map(move |f| (reference, f)));
    for (
        reference,
        Finding {
            standard, outcome, ..
        },
    ) in each
    {
        let id = simulated.plan.standard_id(*standard).to_owned();
        let noted = worst.entry((reference.clone(), id)).or_insert(*outcome);
        *noted = (*noted).max(*outcome);
    }
    worst
}

fn agrees(truth: Verdict, found: Option<Outcome>) -> bool {
    match truth {
        Verdict::Missed(_) => matches!(found, Some(Outcome::Missed(_))),
        Verdict::Pending => found == Some(Outcome::Pending),
        Verdict::Met | Verdict::Excused | Verdict::NotApplicable => {
            !matches!(found, Some(Outcome::Missed(_) | Outcome::Pending))
        }
    }
}

#[test]
fn missed_and_pending_standards_are_those_of_the_truth() {
    for (cases, seed) in [(14_000, 5), (6_000, 11), (3_000, 2_026)] {
        let simulated = Simulated::new(cases, seed);
        let screened = check(&simulated.plan, &simulated.cases).unwrap();
        let found = worst(&simulated, &screened);
        let mut differences = Vec::new();
        let mut missed = 0;
        for case in &simulated.truth {
            let reference = case.reference.to_string();
            for standard in Standard::ALL {
                let truth = case.truth.verdict(*standard);
                missed += usize::from(matches!(truth, Verdict::Missed(_)));
                let key = (reference.clone(), standard.code().to_owned());
                let found = found.get(&key).copied();
                if !agrees(truth, found) {
                    differences.push(format!("{} {standard} {truth:?} {found:?}", key.0));
                }
            }
        }
        assert!(
            missed as u64 > cases / 10,
            "{missed} missed in {cases} cases"
        );
        differences.sort_by_key(|d| d.split_once(' ').map(|(_, rest)| rest.to_owned()));
        assert!(
            differences.is_empty(),
            "{} differences with seed {seed}:\n{}",
            differences.len(),
            differences[..differences.len().min(40)].join("\n")
        );
        assert_eq!(screened.tally.cases, cases);
    }
}
