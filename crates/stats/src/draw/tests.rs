use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;

fn seed(number: u64) -> Seed {
    let mut bytes = [7; 32];
    bytes[..8].copy_from_slice(&number.to_le_bytes());
    Bytes32(bytes)
}

fn list(strata: &[(&str, u64)]) -> Frame {
    let cases = strata
        .iter()
        .flat_map(|&(name, size)| (0..size).map(move |i| (format!("{name}-{i:04}"), name)));
    Frame::new(cases).unwrap()
}

fn plan(size: u64, allocation: Allocation, minimum: u64) -> Plan {
    Plan {
        size,
        allocation,
        minimum_per_stratum: minimum,
        reserves_per_stratum: 3,
    }
}

fn sizes(strata: &[(&str, u64)], plan: &Plan) -> Vec<u64> {
    plan.allocate(&strata.iter().copied().collect()).unwrap()
}

const FORCE: [(&str, u64); 3] = [("a", 500), ("b", 300), ("c", 200)];

#[test]
fn neyman_split_of_a_hundred_adds_up() {
    let spread: BTreeMap<String, f64> = [("a", 0.8_f64), ("b", 0.5), ("c", 0.25)]
        .map(|(h, p)| (h.into(), (p * (1.0 - p)).sqrt()))
        .into();
    // 45.81, 34.36 and 19.84 before rounding.
    assert_eq!(
        sizes(&FORCE, &plan(100, Allocation::Neyman { spread }, 1)),
        [46, 34, 20]
    );
}

#[test]
fn allocations_keep_minimum_and_population() {
    assert_eq!(
        sizes(&FORCE, &plan(10, Allocation::Proportional, 1)),
        [5, 3, 2]
    );
    assert_eq!(
        sizes(&FORCE, &plan(11, Allocation::Proportional, 1)),
        [6, 3, 2]
    );
    assert_eq!(sizes(&FORCE, &plan(10, Allocation::Equal, 1)), [4, 3, 3]);
    assert_eq!(
        sizes(
            &[("a", 990), ("b", 5), ("c", 5)],
            &plan(20, Allocation::Proportional, 4)
        ),
        [12, 4, 4]
    );
    assert_eq!(
        sizes(
            &[("a", 90), ("b", 2), ("c", 40)],
            &plan(60, Allocation::Equal, 1)
        ),
        [29, 2, 29]
    );
    assert_eq!(sizes(&FORCE, &plan(7, Allocation::SimpleRandom, 0)), [7]);
}

#[test]
fn plans_that_cannot_be_carried_out_are_refused() {
    let frame = list(&[("a", 97), ("b", 3)]);
    let refuse = |plan| draw(&frame, &plan, seed(1)).unwrap_err();
    assert_eq!(
        refuse(plan(0, Allocation::Equal, 0)),
        DrawError::NothingWanted
    );
    assert_eq!(
        refuse(plan(101, Allocation::Equal, 0)),
        DrawError::TooMany {
            size: 101,
            population: 100
        }
    );
    assert_eq!(
        refuse(plan(5, Allocation::Equal, 3)),
        DrawError::MinimumTooHigh {
            minimum: 3,
            needed: 6,
            size: 5
        }
    );
    assert_eq!(
        refuse(plan(5, Allocation::Proportional, 0)),
        DrawError::LeftOut {
            stratum: "b".into()
        }
    );
    for spread in [
        vec![("a", 1.0)],
        vec![("a", 1.0), ("b", f64::NAN)],
        vec![("a", 0.0), ("b", 0.0)],
        vec![("z", 1.0)],
    ] {
        let spread = spread.into_iter().map(|(h, s)| (h.to_owned(), s)).collect();
        assert!(matches!(
            refuse(plan(5, Allocation::Neyman { spread }, 1)),
            DrawError::Spread { .. }
        ));
    }
}

#[test]
fn lists_that_are_not_lists_are_refused() {
    assert_eq!(
        Frame::new(Vec::<(String, String)>::new()).unwrap_err(),
        DrawError::EmptyFrame
    );
    assert_eq!(
        Frame::new([("x", "a"), ("", "a")]).unwrap_err(),
        DrawError::NoReference { row: 2 }
    );
    assert_eq!(
        Frame::new([("x", "")]).unwrap_err(),
        DrawError::NoStratum {
            reference: "x".into()
        }
    );
    assert_eq!(
        Frame::new([("x", "a"), ("x", "b")]).unwrap_err(),
        DrawError::Twice {
            reference: "x".into()
        }
    );
}

#[test]
fn digest_ignores_row_order_and_nothing_else() {
    let digest = |rows: &[(&str, &str)]| Frame::new(rows.to_vec()).unwrap().digest();
    let first = digest(&[("x", "a"), ("y", "b")]);
    assert_eq!(first, digest(&[("y", "b"), ("x", "a")]));
    assert_ne!(first, digest(&[("x", "a"), ("y", "a")]));
    assert_ne!(first, digest(&[("x", "ay"), ("y", "b")]));
}

#[test]
fn a_longer_draw_begins_with_the_shorter_one() {
    let frame = list(&FORCE);
    let references = |size| -> Vec<String> {
        let drawn = draw(&frame, &plan(size, Allocation::SimpleRandom, 0), seed(5)).unwrap();
        drawn.sample().map(|case| case.reference.clone()).collect()
    };
    assert_eq!(references(40)[..], references(90)[..40]);
}

#[test]
fn certificate_survives_json_and_verifies() {
    let frame = list(&FORCE);
    let drawn = draw(&frame, &plan(50, Allocation::Proportional, 5), seed(9)).unwrap();
    let back: Draw = serde_json::from_str(&serde_json::to_string(&drawn).unwrap()).unwrap();
    assert_eq!(back, drawn);
    assert_eq!(verify(&back, &frame), Ok(()));
    assert_eq!(drawn.sample().count(), 50);
    assert_eq!(drawn.reserves("b").count(), 3);
}

#[test]
fn a_chance_of_any_fraction_is_read_back_as_that_very_number() {
    for population in 20..400 {
        let frame = list(&[("a", population)]);
        let drawn = draw(
            &frame,
            &plan(7, Allocation::Proportional, 1),
            seed(population),
        )
        .unwrap();
        let back: Draw = serde_json::from_str(&serde_json::to_string(&drawn).unwrap()).unwrap();
        assert_eq!(verify(&back, &frame), Ok(()), "7 of {population}");
    }
}

#[test]
fn verify_names_what_was_tampered_with() {
    let frame = list(&FORCE);
    let honest = draw(&frame, &plan(50, Allocation::Proportional, 5), seed(9)).unwrap();
    let outsider = frame
        .cases()
        .iter()
        .find(|c| honest.cases.iter().all(|d| d.reference != c.reference))
        .unwrap();
    let found = |change: &dyn Fn(&mut Draw)| -> String {
        let mut forged = honest.clone();
        change(&mut forged);
        let differences = verify(&forged, &frame).unwrap_err();
        differences.iter().map(|d| format!("{d}\n")).collect()
    };
    let swapped = found(&|forged| forged.cases[0].reference = outsider.reference.clone());
    assert!(
        swapped.contains(&format!(
            "case {} would not have been drawn",
            outsider.reference
        )),
        "{swapped}"
    );
    assert!(
        swapped.contains(&format!(
            "case {} would have been drawn but",
            honest.cases[0].reference
        )),
        "{swapped}"
    );
    assert!(
        found(&|forged| forged.cases[0].reference = "ghost".into())
            .contains("case ghost is not in this list")
    );
    assert!(found(&|forged| forged.cases.swap(0, 1)).contains("not in the order"));
    assert!(
        found(&|forged| forged.cases[2].reserve = true)
            .contains("gives reserve true, drawing again gives false")
    );
    assert!(
        found(&|forged| forged.cases[2].inclusion_probability.value = 0.5)
            .contains("inclusion probability")
    );
    assert!(found(&|forged| forged.cases.push(honest.cases[0].clone())).contains("more than once"));
    assert!(found(&|forged| forged.seed = seed(10)).contains("would not have been drawn"));
    assert!(
        found(&|forged| forged.strata[0].population = 499)
            .contains("stratum a: the certificate has 499 cases")
    );
    assert!(found(&|forged| forged.plan.size = 5000).contains("cannot be carried out"));
    assert!(found(&|forged| forged.specification = "other".into()).contains("follows \"other\""));
    assert!(found(&|forged| forged.method = Method::SimpleRandom).contains("SimpleRandom"));
}

#[test]
fn verify_notices_any_change_of_the_list() {
    let frame = list(&FORCE);
    let drawn = draw(&frame, &plan(50, Allocation::Proportional, 5), seed(9)).unwrap();
    let other = list(&[("a", 500), ("b", 300), ("c", 201)]);
    let differences = verify(&drawn, &other).unwrap_err();
    assert!(matches!(differences[0], Difference::List { .. }));
    assert!(
        differences
            .iter()
            .any(|d| matches!(d, Difference::Stratum { name, .. } if name == "c"))
    );
}

#[test]
fn every_case_is_drawn_as_often_as_every_other() {
    let frame = list(&[("a", 12), ("b", 8)]);
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    let rounds = 4000;
    for number in 0..rounds {
        let drawn = draw(&frame, &plan(5, Allocation::Proportional, 1), seed(number)).unwrap();
        drawn
            .sample()
            .for_each(|case| *counts.entry(case.reference.clone()).or_default() += 1.0);
    }
    assert_eq!(counts.len(), 20);
    for (name, population, sampled) in [("a", 12.0, 3.0), ("b", 8.0, 2.0)] {
        let expected = f64::from(rounds as u32) * sampled / population;
        let spread = expected * (1.0 - sampled / population);
        let distance: f64 = counts
            .iter()
            .filter(|(reference, _)| reference.starts_with(name))
            .map(|(_, count)| (count - expected).powi(2) / spread)
            .sum::<f64>()
            * (population - 1.0)
            / population;
        // Chi-squared with population − 1 degrees of freedom; 0.1 % point of 11 is 31.3.
        assert!(distance < 31.3, "{name}: {distance}");
    }
}

#[test]
fn every_pair_is_drawn_as_often_as_every_other() {
    let frame = list(&[("a", 5)]);
    let mut counts: BTreeMap<Vec<String>, f64> = BTreeMap::new();
    for number in 0..3000 {
        let drawn = draw(&frame, &plan(2, Allocation::SimpleRandom, 0), seed(number)).unwrap();
        let pair: BTreeSet<String> = drawn.sample().map(|case| case.reference.clone()).collect();
        *counts.entry(pair.into_iter().collect()).or_default() += 1.0;
    }
    let distance: f64 = counts
        .values()
        .map(|count| (count - 300.0).powi(2) / 300.0)
        .sum();
    assert_eq!(counts.len(), 10);
    assert!(
        distance < 27.9,
        "chi-squared with 9 degrees of freedom: {distance}"
    );
}

#[test]
fn joint_seed_needs_both_sides() {
    let (frame, secret) = (list(&FORCE).digest(), seed(77));
    let first = joint_seed(&frame, &secret, b"dice 4 2 6 1");
    assert_ne!(first, joint_seed(&frame, &secret, b"dice 4 2 6 2"));
    assert_ne!(first, joint_seed(&frame, &seed(78), b"dice 4 2 6 1"));
    assert!(commit(&secret).opened_by(&secret) && !commit(&secret).opened_by(&seed(78)));
}

#[test]
fn hex_that_is_not_a_seed_is_refused() {
    assert!("abc".parse::<Seed>().is_err());
    assert_eq!(seed(3).to_string().parse::<Seed>(), Ok(seed(3)));
}

fn sized(sizes: &[u64]) -> Frame {
    let case = |(i, &size): (usize, &u64)| (format!("c{i:03}"), "all", size);
    Frame::with_sizes(sizes.iter().enumerate().map(case)).unwrap()
}

fn stages(areas: u64, by_size: bool) -> Allocation {
    Allocation::TwoStage { areas, by_size }
}

/// How often each case was drawn less how often it should have been, in standard errors; the same for
/// each two cases together, as far as both can be drawn.
fn strayed(frame: &Frame, plan: &Plan, rounds: u64) -> f64 {
    let mut drawn: BTreeMap<[String; 2], (f64, f64)> = BTreeMap::new();
    for number in 0..rounds {
        let certificate = draw(frame, plan, seed(number)).unwrap();
        let joint = joint_probabilities(&certificate, frame).unwrap();
        let sample: Vec<&DrawnCase> = certificate.sample().collect();
        for (i, a) in sample.iter().enumerate() {
            for (j, b) in sample.iter().enumerate() {
                let pair = [a.reference.clone(), b.reference.clone()];
                let entry = drawn.entry(pair).or_insert((0.0, joint[i][j]));
                assert!((entry.1 - joint[i][j]).abs() < 1e-12);
                entry.0 += 1.0;
            }
        }
    }
    let rounds = rounds as f64;
    let far = |&(count, chance): &(f64, f64)| {
        let spread = (rounds * chance * (1.0 - chance)).sqrt();
        (count - rounds * chance).abs() / spread.max(1e-9)
    };
    drawn.values().map(far).fold(0.0, f64::max)
}

#[test]
fn pairs_are_drawn_as_often_as_their_joint_probabilities_say() {
    let areas = list(&[("a", 3), ("b", 9), ("c", 4), ("d", 2), ("e", 6)]);
    for (frame, size, allocation) in [
        (
            sized(&[1, 2, 4, 6, 8, 9, 40]),
            4,
            Allocation::ProportionalToSize,
        ),
        (
            sized(&[3, 3, 3, 3, 3, 3]),
            2,
            Allocation::ProportionalToSize,
        ),
        (list(&[("a", 11)]), 4, Allocation::Systematic),
        (list(&[("a", 6), ("b", 5)]), 4, Allocation::Proportional),
        (list(&[("a", 9)]), 4, Allocation::SimpleRandom),
        (areas.clone(), 6, stages(2, true)),
        (areas, 9, stages(3, false)),
    ] {
        let plan = plan(size, allocation, 1);
        let far = strayed(&frame, &plan, 3000);
        assert!(far < 4.5, "{plan:?}: {far}");
    }
}

/// The example of Tillé 2006, chapter 6, as R's `sampling::UPtillepi2` gives it.
#[test]
fn joint_probabilities_by_size_are_those_of_r_sampling() {
    let elimination = by_size::Elimination::of(vec![7, 17, 41, 61, 83, 91]);
    for (i, j, wanted) in [
        (0, 1, 0.0),
        (0, 2, 0.002407407407),
        (1, 2, 0.005846560847),
        (2, 3, 0.160952380952),
        (3, 4, 0.44539682540),
        (0, 4, 0.05111111111),
        (4, 5, 0.74),
    ] {
        let found = elimination.joint(i, j, 3);
        assert!((found - wanted).abs() < 1e-11, "{i} {j}: {found}");
    }
}

#[test]
fn joint_probabilities_by_size_add_up() {
    for (sizes, n) in [
        (vec![1, 2, 3, 4], 2),
        (vec![7, 17, 41, 61, 83, 91], 3),
        (vec![1, 1, 1, 50, 60, 2, 9], 4),
    ] {
        let elimination = by_size::Elimination::of(sizes.clone());
        let single = |i| elimination.chance(i, n).value;
        assert!(((0..sizes.len()).map(single).sum::<f64>() - n as f64).abs() < 1e-12);
        for i in 0..sizes.len() {
            let others = (0..sizes.len()).filter(|&j| j != i);
            let pairs: f64 = others.clone().map(|j| elimination.joint(i, j, n)).sum();
            assert!(
                (pairs - (n - 1) as f64 * single(i)).abs() < 1e-12,
                "{sizes:?} {i}"
            );
            for j in others {
                assert!(elimination.joint(i, j, n) <= single(i) * single(j) + 1e-12);
            }
        }
    }
}

#[test]
fn large_cases_are_certain_and_the_rest_in_proportion() {
    let frame = sized(&[1, 2, 3, 4, 90]);
    let drawn = draw(&frame, &plan(2, Allocation::ProportionalToSize, 0), seed(3)).unwrap();
    let chance = |reference: &str| {
        let case = drawn.cases.iter().find(|c| c.reference == reference);
        case.map(|c| {
            (
                c.inclusion_probability.numerator,
                c.inclusion_probability.denominator,
            )
        })
    };
    assert_eq!(chance("c004"), Some((1, 1)));
    assert!((0..4).all(|i| chance(&format!("c00{i}")).is_none_or(|p| p == (i + 1, 10))));
    assert_eq!(drawn.cases.len(), 5);
}

#[test]
fn systematic_sample_has_every_stretch_of_the_list() {
    let frame = list(&[("b", 10), ("a", 20), ("c", 10)]);
    let drawn = draw(&frame, &plan(8, Allocation::Systematic, 0), seed(4)).unwrap();
    let sample: Vec<&str> = drawn.sample().map(|case| case.stratum.as_str()).collect();
    assert_eq!(sample, ["a", "a", "a", "a", "b", "b", "c", "c"]);
    assert_eq!(
        drawn.reserves("c").count(),
        3,
        "a reserve may replace any case"
    );
}

#[test]
fn areas_by_size_give_every_case_the_same_chance() {
    let frame = list(&[("a", 30), ("b", 20), ("c", 40), ("d", 10)]);
    let drawn = draw(&frame, &plan(12, stages(2, true), 0), seed(4)).unwrap();
    assert!(
        drawn
            .cases
            .iter()
            .all(|c| (c.inclusion_probability.value - 0.12).abs() < 1e-12)
    );
    assert_eq!((drawn.strata.len(), drawn.sample().count()), (2, 12));
}

#[test]
fn designs_that_cannot_be_carried_out_are_refused() {
    let frame = list(&[("a", 5), ("b", 5), ("c", 5)]);
    let refuse = |size, allocation| draw(&frame, &plan(size, allocation, 1), seed(1)).unwrap_err();
    assert_eq!(
        refuse(3, Allocation::ProportionalToSize),
        DrawError::NoSizes
    );
    for (size, areas) in [(4, 1), (8, 4), (5, 2)] {
        let error = refuse(size, stages(areas, false));
        assert!(matches!(error, DrawError::Areas { .. }), "{error}");
    }
    for sizes in [
        vec![("a", 2), ("b", 2)],
        vec![("a", 2), ("b", 2), ("c", 6)],
        vec![("a", 2), ("b", 2), ("c", 0)],
        vec![("a", 2), ("b", 2), ("c", 3)],
        vec![("a", 2), ("b", 2), ("c", 2), ("d", 1)],
    ] {
        let sizes = sizes.into_iter().map(|(h, n)| (h.to_owned(), n)).collect();
        let error = refuse(6, Allocation::Given { sizes });
        assert!(matches!(error, DrawError::Given { .. }), "{error}");
    }
    assert!(matches!(
        Frame::with_sizes([("x", "a", 0)]),
        Err(DrawError::NoSize { .. })
    ));
    assert_eq!(
        Frame::with_sizes([("x", "a", u64::MAX), ("y", "a", 1)]),
        Err(DrawError::SizesTooLarge)
    );
}

#[test]
fn verify_notices_a_forged_chance_of_an_area_and_a_changed_size() {
    let frame = list(&[("a", 30), ("b", 20), ("c", 40)]);
    let honest = draw(&frame, &plan(12, stages(2, true), 0), seed(4)).unwrap();
    assert_eq!(verify(&honest, &frame), Ok(()));
    let mut forged = honest.clone();
    forged.strata[0].inclusion_probability = None;
    let said = verify(&forged, &frame).unwrap_err()[0].to_string();
    assert!(said.contains("drawn with chance"), "{said}");
    let (small, large) = (sized(&[1, 2, 3, 4]), sized(&[1, 2, 3, 5]));
    let drawn = draw(&small, &plan(2, Allocation::ProportionalToSize, 0), seed(1)).unwrap();
    assert_eq!(verify(&drawn, &small), Ok(()));
    assert!(matches!(
        verify(&drawn, &large).unwrap_err()[0],
        Difference::List { .. }
    ));
    assert_eq!(
        joint_probabilities(&drawn, &large),
        Err(DrawError::OtherList)
    );
}

#[test]
fn reserves_replace_cases_in_order_and_reasons_are_counted() {
    let frame = list(&[("a", 30), ("b", 6)]);
    let drawn = draw(&frame, &plan(12, Allocation::Equal, 1), seed(4)).unwrap();
    let of = |stratum: &'static str, reserve: bool| -> Vec<String> {
        let cases = drawn.cases.iter();
        cases
            .filter(|c| c.stratum == stratum && c.reserve == reserve)
            .map(|c| c.reference.clone())
            .collect()
    };
    let (a, reserves, b) = (of("a", false), of("a", true), of("b", false));
    let out = |reference: &String, reason: &str| Eliminated {
        reference: reference.clone(),
        reason: reason.into(),
    };
    let reasons: BTreeSet<String> = ["not ours", "sealed"].map(Into::into).into();
    let given = [
        out(&a[2], "sealed"),
        out(&reserves[0], "not ours"),
        out(&b[0], "sealed"),
    ];
    let kept = eliminate(&drawn, &given, &reasons).unwrap();
    assert_eq!(kept.replaced[0].by.as_ref(), Some(&reserves[1]));
    assert_eq!(
        (kept.replaced[1].by.as_ref(), kept.replaced[2].by.as_ref()),
        (None, None)
    );
    assert_eq!((kept.unfilled, kept.read.len()), (1, 11));
    assert_eq!(kept.reasons["sealed"], 2);
    for wrong in [
        vec![out(&a[2], "no time")],
        vec![out(&a[2], "sealed"), out(&a[2], "sealed")],
        vec![out(&"ghost".to_owned(), "sealed")],
    ] {
        assert!(eliminate(&drawn, &wrong, &reasons).is_err());
    }
}

fn any_strata() -> impl Strategy<Value = Vec<u64>> {
    prop::collection::vec(1_u64..60, 1..8)
}

proptest! {
    #[test]
    fn allocation_adds_up_and_keeps_its_bounds(
        populations in any_strata(),
        part in 0.0_f64..=1.0,
        minimum in 0_u64..5,
        spreads in prop::collection::vec(0.0_f64..1.0, 8),
        kind in 0..3,
    ) {
        let names: Vec<String> = (0..populations.len()).map(|h| format!("s{h}")).collect();
        let strata: BTreeMap<&str, u64> = names.iter().map(String::as_str).zip(populations.iter().copied()).collect();
        let total: u64 = populations.iter().sum();
        let allocation = match kind {
            0 => Allocation::Proportional,
            1 => Allocation::Equal,
            _ => Allocation::Neyman { spread: names.iter().cloned().zip(spreads).collect() },
        };
        let size = 1 + (part * (total - 1) as f64) as u64;
        if let Ok(sizes) = plan(size, allocation, minimum).allocate(&strata) {
            prop_assert_eq!(sizes.iter().sum::<u64>(), size);
            for (n, population) in sizes.iter().zip(&populations) {
                prop_assert!(n <= population && *n >= minimum.min(*population) && *n >= 1);
            }
        }
    }

    #[test]
    fn a_draw_has_distinct_cases_and_repeats_itself(populations in any_strata(), part in 0.0_f64..=1.0, number: u64) {
        let names: Vec<String> = (0..populations.len()).map(|h| format!("s{h}")).collect();
        let strata: Vec<(&str, u64)> = names.iter().map(String::as_str).zip(populations.iter().copied()).collect();
        let frame = list(&strata);
        let least = populations.len() as u64;
        let size = least + (part * (frame.population() - least) as f64) as u64;
        let wanted = plan(size, Allocation::Proportional, 1);
        let drawn = draw(&frame, &wanted, seed(number)).unwrap();
        let distinct: BTreeSet<&str> = drawn.cases.iter().map(|case| case.reference.as_str()).collect();
        prop_assert_eq!(distinct.len(), drawn.cases.len());
        prop_assert_eq!(drawn.sample().count() as u64, size);
        prop_assert_eq!(&drawn, &draw(&frame, &wanted, seed(number)).unwrap());
        prop_assert_eq!(verify(&drawn, &frame), Ok(()));
    }
}

#[test]
fn verify_checks_how_a_joint_seed_came_about() {
    let frame = list(&FORCE);
    let secret = seed(77);
    let origin = Origin::Joint {
        commitment: commit(&secret),
        secret,
        contribution: "dice 4 2 6 1".into(),
    };
    let plan = plan(50, Allocation::Proportional, 5);
    let honest = draw_from(&frame, &plan, origin.clone()).unwrap();
    assert_eq!(
        honest.seed,
        joint_seed(&frame.digest(), &secret, b"dice 4 2 6 1")
    );
    assert_eq!(verify(&honest, &frame), Ok(()));
    let found = |origin: Origin| {
        let forged = Draw {
            origin,
            ..honest.clone()
        };
        let differences = verify(&forged, &frame).expect_err("it was forged");
        differences
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n")
    };
    let with = |secret: Bytes32, contribution: &str| Origin::Joint {
        commitment: commit(&seed(77)),
        secret,
        contribution: contribution.into(),
    };
    assert!(found(with(seed(78), "dice 4 2 6 1")).contains("not the one that the inspectorate"));
    assert!(found(with(seed(77), "dice 4 2 6 2")).contains("list, secret and contribution give"));
    assert!(found(with(seed(77), "")).contains("contribution is empty"));
    let alone = Origin::InspectorateAlone {
        commitment: commit(&secret),
        secret,
        reason: "no-answer".into(),
    };
    assert!(found(alone.clone()).contains("list, secret and contribution give"));
    let alone = draw_from(&frame, &plan, alone).unwrap();
    assert_eq!(verify(&alone, &frame), Ok(()));
}
