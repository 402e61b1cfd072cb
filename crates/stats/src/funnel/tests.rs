use proptest::prelude::*;

use super::*;

fn near(found: f64, wanted: f64, tolerance: f64) {
    assert!((found - wanted).abs() <= tolerance, "{found} for {wanted}");
}

#[test]
fn only_those_standing_apart_are_named() {
    let forces = [
        Counted::new(278, 374),
        Counted::new(5, 8),
        Counted::new(40, 100),
        Counted::new(96, 100),
    ];
    let found = funnel(&forces, Some(0.7), Level::NINETY_FIVE).unwrap();
    let standings: Vec<Standing> = found
        .positions
        .iter()
        .map(|position| position.standing)
        .collect();
    assert_eq!(
        standings,
        [
            Standing::Within,
            Standing::Within,
            Standing::Below,
            Standing::Above
        ]
    );
    assert!(found.dispersion.unwrap() > 5.0);
}

#[test]
fn over_dispersion_widens_limits() {
    // 40 large forces that truly differ by about 6 points, and one that stands apart.
    let mut forces: Vec<Counted> = (0..40)
        .map(|i| Counted::new([640, 700, 760, 670, 730][i % 5], 1000))
        .collect();
    forces.push(Counted::new(300, 1000));
    let apart =
        |positions: Vec<Standing>| positions.iter().filter(|s| **s != Standing::Within).count();
    let plain = funnel(&forces, Some(0.7), Level::NINETY_FIVE).unwrap();
    assert!(apart(plain.positions.iter().map(|p| p.standing).collect()) > 20);
    for dispersion in [Dispersion::Multiplicative, Dispersion::Additive] {
        let found =
            dispersed_funnel(&forces, Some(0.7), Level::NINETY_FIVE, dispersion, 0.1).unwrap();
        let standings: Vec<Standing> = found.positions.iter().map(|p| p.standing).collect();
        assert_eq!(
            (apart(standings), found.positions[40].standing),
            (1, Standing::Below)
        );
    }
    // z is ±4.14, ±2.07 or 0 and the outlier is winsorised to -4.14: φ by hand.
    let found = dispersed_funnel(
        &forces,
        Some(0.7),
        Level::NINETY_FIVE,
        Dispersion::Additive,
        0.1,
    )
    .unwrap();
    let (unit, counts) = (0.21 / 1000.0, 16.0 * 0.0036 + 16.0 * 0.0009 + 0.0036);
    near(found.phi, counts / unit / 41.0, 1e-9);
    // With equal sizes τ² is s²(Iφ − (I − 1))/(I − 1).
    near(
        found.tau.powi(2),
        unit * (41.0 * found.phi - 40.0) / 40.0,
        1e-12,
    );
}

#[test]
fn chance_alone_leaves_limits_as_they_are() {
    let forces: Vec<Counted> = (0..9).map(|i| Counted::new(68 + i % 5, 100)).collect();
    let found = dispersed_funnel(
        &forces,
        None,
        Level::NINETY_FIVE,
        Dispersion::Multiplicative,
        0.1,
    )
    .unwrap();
    assert!(found.phi < 1.0 && found.tau == 0.0);
    assert_eq!(found.positions[0].z, found.positions[0].z_adjusted);
    for (forces, target, winsorise) in [
        (&forces[..2], 0.7, 0.1),
        (&forces[..], 1.0, 0.1),
        (&forces[..], 0.7, 0.5),
    ] {
        assert!(
            dispersed_funnel(
                forces,
                Some(target),
                Level::NINETY_FIVE,
                Dispersion::Additive,
                winsorise
            )
            .is_err()
        );
    }
}

/// Two kinds of case; the second force only looks worse because it has the harder kind.
#[test]
fn case_mix_does_not_pass_for_handling() {
    let forces = [
        vec![Counted::new(81, 90), Counted::new(5, 10)],
        vec![Counted::new(9, 10), Counted::new(45, 90)],
    ];
    let found = direct(&forces, &[100.0, 100.0], Level::NINETY_FIVE).unwrap();
    near(found[0].crude, 0.86, 1e-12);
    near(found[1].crude, 0.54, 1e-12);
    near(found[0].share, 0.7, 1e-12);
    near(found[1].share, 0.7, 1e-12);
    // V = ¼(0.09/90 + 0.25/10): Wilson with n = 0.21/V.
    let effective = 0.21 / (0.25 * (0.09 / 90.0 + 0.25 / 10.0));
    let wanted = crate::interval::wilson_effective(0.7, effective, Level::NINETY_FIVE).unwrap();
    near(found[0].interval.lower, wanted.lower, 1e-12);
    let ratios = indirect(&forces, Level::NINETY_FIVE).unwrap();
    near(ratios[0].expected, 90.0 * 0.9 + 10.0 * 0.5, 1e-12);
    near(ratios[0].ratio, 1.0, 1e-12);
    // scipy: chi2.ppf(0.025, 172)/2 and chi2.ppf(0.975, 174)/2 for 86 seen.
    near(ratios[0].interval.lower * 86.0, 68.78889924416998, 1e-6);
    near(ratios[0].interval.upper * 86.0, 106.20930038194719, 1e-6);
}

#[test]
fn standardising_what_is_not_there_is_refused() {
    let force = |k, n| vec![Counted::new(k, n), Counted::new(1, 2)];
    let error = direct(&[force(0, 0)], &[1.0, 1.0], Level::NINETY_FIVE).unwrap_err();
    assert!(
        error.to_string().contains("standardise indirectly"),
        "{error}"
    );
    assert!(direct(&[force(0, 0)], &[0.0, 1.0], Level::NINETY_FIVE).is_ok());
    for (forces, standard) in [
        (vec![], vec![1.0]),
        (vec![force(3, 2)], vec![1.0, 1.0]),
        (vec![force(1, 2)], vec![1.0]),
        (vec![force(1, 2)], vec![0.0, 0.0]),
        (vec![force(1, 2)], vec![f64::NAN, 1.0]),
    ] {
        assert!(direct(&forces, &standard, Level::NINETY_FIVE).is_err());
    }
    assert!(indirect(&[vec![Counted::new(0, 4)]], Level::NINETY_FIVE).is_err());
    assert!(indirect(&[vec![Counted::new(0, 0)]], Level::NINETY_FIVE).is_err());
}

#[test]
fn lowest_is_only_said_when_the_data_say_it() {
    let mut forces: Vec<Counted> = (0..12)
        .map(|i| Counted::new(140 + 4 * (i % 6), 200))
        .collect();
    let near_call = rank(&forces, Level::NINETY_FIVE).unwrap();
    assert_eq!(near_call.lowest, None);
    let words = near_call.lowest_in_words(&[]);
    assert!(
        words.starts_with("No force can be called the lowest"),
        "{words}"
    );
    forces[4] = Counted::new(60, 200);
    let clear = rank(&forces, Level::NINETY_FIVE).unwrap();
    assert_eq!((clear.lowest, clear.highest), (Some(4), None));
    let force = &clear.forces[4];
    assert_eq!((force.rank_lower, force.rank_upper), (1, 1));
    assert!(
        force.share > 0.3 && force.share < 0.4,
        "drawn towards the mean: {}",
        force.share
    );
    // A tiny force with no good case at all is not called the lowest.
    forces[4] = Counted::new(0, 2);
    let tiny = rank(&forces, Level::NINETY_FIVE).unwrap();
    assert_eq!(tiny.lowest, None);
}

#[test]
fn ranks_add_up() {
    let forces: Vec<Counted> = [(3, 10), (40, 60), (70, 90), (12, 40), (200, 300), (0, 3)]
        .map(|(k, n)| Counted::new(k, n))
        .to_vec();
    let found = rank(&forces, Level::NINETY_FIVE).unwrap();
    // scipy: beta-binomial likelihood by Nelder-Mead, and 4 million draws from the posteriors.
    near(found.mean, 0.518625087, 1e-6);
    near(found.spread, 0.189462551, 1e-6);
    let simulated = [
        (0.38156666, 2.26347525, 0.22771800),
        (0.65326173, 4.44907475, 0.0000085),
        (0.76166721, 5.89446750, 0.0),
        (0.32826349, 1.84241225, 0.36165850),
        (0.66378426, 4.54993775, 0.00000025),
        (0.34491911, 2.00063250, 0.41061475),
    ];
    for (force, (share, rank, lowest)) in found.forces.iter().zip(simulated) {
        near(force.share, share, 3e-4);
        near(force.rank, rank, 3e-3);
        near(force.lowest, lowest, 1e-3);
    }
    let sum = |part: fn(&Ranked) -> f64| found.forces.iter().map(part).sum::<f64>();
    near(sum(|f| f.rank), 21.0, 1e-3);
    near(sum(|f| f.lowest), 1.0, 1e-3);
    near(sum(|f| f.highest), 1.0, 1e-3);
    for force in &found.forces {
        let crude = force.counted.k as f64 / force.counted.n as f64;
        assert!((force.share - found.mean) * (crude - found.mean) >= 0.0);
        assert!((force.share - found.mean).abs() <= (crude - found.mean).abs() + 1e-9);
        assert!(
            force.rank_lower as f64 <= force.rank + 0.5
                && force.rank <= force.rank_upper as f64 + 0.5
        );
    }
}

#[test]
fn forces_alike_have_no_order() {
    let alike = rank(&[Counted::new(70, 100); 5], Level::NINETY_FIVE).unwrap();
    assert_eq!(
        (alike.spread, alike.lowest, alike.forces[0].rank),
        (0.0, None, 3.0)
    );
    let words = alike.lowest_in_words(&[]);
    assert!(
        words.ends_with("forces differ by no more than chance explains."),
        "{words}"
    );
    assert!(
        rank(&[Counted::new(0, 9); 4], Level::NINETY_FIVE)
            .unwrap()
            .lowest
            .is_none()
    );
    assert!(rank(&[Counted::new(1, 2); 2], Level::NINETY_FIVE).is_err());
    assert!(rank(&[Counted::new(3, 2); 4], Level::NINETY_FIVE).is_err());
}

#[test]
fn limits_narrow_with_more_cases() {
    let width = |n| {
        let found = limits(n, 0.7, Level::NINETY_FIVE).unwrap();
        found.upper - found.lower
    };
    assert!(width(10) > width(50) && width(50) > width(400));
    // Near the normal limits where there are many cases.
    let found = limits(10_000, 0.7, Level::NINETY_FIVE).unwrap();
    assert!((found.lower - (0.7 - 1.96 * (0.21_f64 / 1e4).sqrt())).abs() < 1e-4);
}

#[test]
fn forces_that_cannot_be_are_refused() {
    assert!(funnel(&[], None, Level::NINETY_FIVE).is_err());
    assert!(funnel(&[Counted::new(3, 2)], None, Level::NINETY_FIVE).is_err());
    assert!(limits(5, f64::NAN, Level::NINETY_FIVE).is_err());
    let none = funnel(&[Counted::new(0, 2)], None, Level::NINETY_FIVE).unwrap();
    assert_eq!(
        (none.dispersion, none.positions[0].standing),
        (None, Standing::Within)
    );
}

proptest! {
    #[test]
    fn a_force_standing_apart_lies_outside_its_limits(n in 1_u64..200, part in 0.0_f64..=1.0, target in 0.01_f64..0.99) {
        let counted = Counted::new((part * n as f64).round() as u64, n);
        let found = funnel(&[counted], Some(target), Level::NINETY_FIVE).unwrap().positions[0];
        prop_assert!(found.limits.lower <= found.limits.upper);
        match found.standing {
            Standing::Within => {}
            Standing::Above => prop_assert!(found.share >= found.limits.upper - 1e-9),
            Standing::Below => prop_assert!(found.share <= found.limits.lower + 1e-9),
        }
    }
}
