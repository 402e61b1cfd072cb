//! Whether intervals of complex samples hold the truth as often as they say.

use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

use super::super::*;

const L95: Level = Level::NINETY_FIVE;

fn number(random: &mut ChaCha20Rng) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// The first `n` of a random order.
fn drawn(random: &mut ChaCha20Rng, mut all: Vec<usize>, n: usize) -> Vec<usize> {
    for i in 0..n {
        let j = i + (random.next_u64() % (all.len() - i) as u64) as usize;
        all.swap(i, j);
    }
    all.truncate(n);
    all
}

/// Of 60 areas of 40 cases, 15 areas are drawn and 8 cases in each.
#[test]
fn clustered_shares_hold_the_truth() {
    let mut random = ChaCha20Rng::from_seed([21; 32]);
    let population: Vec<Vec<bool>> = (0..60)
        .map(|_| {
            let share = 0.45 + 0.5 * number(&mut random);
            (0..40).map(|_| number(&mut random) < share).collect()
        })
        .collect();
    let truth = population.iter().flatten().filter(|hit| **hit).count() as f64 / 2400.0;
    let sizes = (0..60).map(|area: usize| (area.to_string(), 40));
    let listed =
        ListSizes::of_clusters([("all".to_owned(), 60)].into()).with_cases(sizes.collect());
    let rounds = 1500;
    let mut held = [0, 0];
    for _ in 0..rounds {
        let areas = drawn(&mut random, (0..60).collect(), 15);
        let mut rows = Vec::new();
        for area in areas {
            for case in drawn(&mut random, (0..40).collect(), 8) {
                rows.push(Observation {
                    value: f64::from(u8::from(population[area][case])),
                    weight: 20.0,
                    stratum: "all".into(),
                    cluster: area.to_string(),
                });
            }
        }
        for (held, listed) in held.iter_mut().zip([None, Some(listed.clone())]) {
            let strand = RandomStrand::new(rows.clone(), listed).unwrap();
            let found = weighted_share(&strand, L95).unwrap();
            *held += u32::from(found.lower <= truth && truth <= found.upper);
        }
    }
    let [replaced, of_list] = held.map(|held| f64::from(held) / f64::from(rounds));
    assert!((0.94..0.99).contains(&replaced), "{replaced}");
    assert!((0.94..0.975).contains(&of_list), "{of_list}");
}

/// 1,000 cases screened rightly nine times of ten, 80 of them audited.
#[test]
fn screening_with_audits_holds_the_truth_and_is_narrower() {
    let mut random = ChaCha20Rng::from_seed([22; 32]);
    for (chance, right) in [(0.7, 0.9), (0.05, 0.95), (0.97, 0.6)] {
        let cases: Vec<(bool, f64)> = (0..1000)
            .map(|_| {
                let hit = number(&mut random) < chance;
                let screened = hit == (number(&mut random) < right);
                (hit, f64::from(u8::from(screened)))
            })
            .collect();
        let truth = cases.iter().filter(|case| case.0).count() as f64 / 1000.0;
        let rounds = 1000;
        let (mut held, mut joined, mut plain) = (0, 0.0, 0.0);
        for _ in 0..rounds {
            let audited = drawn(&mut random, (0..1000).collect(), 80);
            let mut list: Vec<Screened> = cases
                .iter()
                .map(|&(_, screening)| Screened {
                    stratum: "all".into(),
                    screening,
                    audit: None,
                })
                .collect();
            audited
                .iter()
                .for_each(|&i| list[i].audit = Some(cases[i].0));
            let found = two_phase_share(&list, L95).unwrap();
            held += u32::from(found.lower <= truth && truth <= found.upper);
            joined += found.standard_error.unwrap();
            let k = audited.iter().filter(|&&i| cases[i].0).count() as u64;
            let alone = stratified(
                &[Stratum {
                    population: 1000,
                    n: 80,
                    k,
                }],
                L95,
            )
            .unwrap();
            plain += alone.standard_error.unwrap();
        }
        let share = f64::from(held) / f64::from(rounds);
        assert!((0.93..0.99).contains(&share), "{chance} {right}: {share}");
        // Screening as often wrong as the answer is rare is no help.
        assert!(
            chance != 0.7 || joined < plain,
            "{chance} {right}: {joined} {plain}"
        );
    }
}
