use super::*;

fn basis() -> Basis {
    Basis {
        framework: "framework 3".into(),
        population: "all kinds of case".into(),
        design: Some("stratified random sample".into()),
    }
}

fn round(i: usize, k: u64, n: u64) -> Round {
    Round {
        label: format!("round {}", i + 1),
        from: format!("20{i:02}-01-01"),
        to: format!("20{i:02}-12-31"),
        k,
        n,
        basis: basis(),
    }
}

fn series(counts: &[(u64, u64)]) -> Series {
    let rounds = counts.iter().enumerate().map(|(i, &(k, n))| round(i, k, n));
    join(rounds.collect()).unwrap()
}

/// Anhøj & Olesen 2014; values of R: round(log2(n)) + 3 and qbinom(0.05, n - 1, 0.5).
#[test]
fn run_limits_are_the_published_ones() {
    for (useful, longest, crossings) in [
        (10, 6, 2),
        (11, 6, 2),
        (12, 7, 3),
        (15, 7, 4),
        (20, 7, 6),
        (24, 8, 8),
        (30, 8, 10),
        (45, 8, 17),
        (60, 9, 23),
    ] {
        assert_eq!(run_limits(useful), (longest, crossings), "{useful}");
    }
}

#[test]
fn a_step_is_seen_and_wobbling_is_not() {
    let mut step: Vec<(u64, u64)> = (0..20)
        .map(|i| (if i < 10 { 30 + i % 3 } else { 40 + i % 3 }, 60))
        .collect();
    let found = run_chart(&series(&step)).unwrap();
    assert!(
        found.signal && found.crossings == 1 && found.longest_run == 10,
        "{found:?}"
    );
    step.iter_mut()
        .enumerate()
        .for_each(|(i, one)| one.0 = 30 + [0, 5, 2, 7, 3, 6, 1][i % 7]);
    let found = run_chart(&series(&step)).unwrap();
    assert!(!found.signal, "{found:?}");
}

/// As R's `qicharts2::qic(chart = "p")`: centre ± 3 √(p̄(1−p̄)/n).
#[test]
fn p_chart_has_three_sigma_limits_and_names_the_round_beyond() {
    let mut counts = vec![(40, 50); 12];
    counts[7] = (18, 50);
    let found = p_chart(&series(&counts), Spread::Binomial).unwrap();
    let centre = (11.0 * 40.0 + 18.0) / 600.0;
    assert!((found.centre - centre).abs() < 1e-12);
    let reach = 3.0 * (centre * (1.0 - centre) / 50.0).sqrt();
    assert!((found.rounds[0].limits.lower - (centre - reach)).abs() < 1e-12);
    let signals: Vec<usize> = (0..12).filter(|&i| found.rounds[i].signal).collect();
    assert_eq!(signals, [7]);
}

#[test]
fn laney_widens_limits_of_large_rounds_that_differ() {
    // Thousands of cases a round: binomial limits would alarm at nearly every one.
    let counts: Vec<(u64, u64)> = [700, 760, 690, 775, 720, 740, 680, 765, 710, 750, 700, 745]
        .map(|k| (k * 10, 10_000))
        .to_vec();
    let alarms = |spread| {
        let chart = p_chart(&series(&counts), spread).unwrap();
        chart.rounds.iter().filter(|round| round.signal).count()
    };
    assert!(alarms(Spread::Binomial) >= 8);
    assert_eq!(alarms(Spread::Laney), 0);
    let chart = p_chart(&series(&counts), Spread::Laney).unwrap();
    // The mean step between neighbours is 625/11 thousandths.
    let error = (chart.centre * (1.0 - chart.centre) / 10_000.0).sqrt();
    let sigma = 0.625 / 11.0 / error / 1.128;
    assert!(
        (chart.sigma_z.unwrap() - sigma).abs() < 1e-9,
        "{:?} {sigma}",
        chart.sigma_z
    );
}

#[test]
fn charts_of_agreement_and_of_few_rounds() {
    let all = p_chart(&series(&[(9, 9); 10]), Spread::Laney).unwrap();
    assert_eq!(
        (all.centre, all.sigma_z, all.rounds[0].signal),
        (1.0, None, false)
    );
    let runs = run_chart(&series(&[(9, 9); 10])).unwrap();
    assert_eq!((runs.useful, runs.signal), (0, false));
    assert!(run_chart(&series(&[(1, 2); 9])).is_err());
    assert!(p_chart(&series(&[(1, 2); 9]), Spread::Binomial).is_err());
}

#[test]
fn what_is_not_comparable_is_not_joined() {
    let second = |change: fn(&mut Round)| {
        let mut later = round(1, 3, 9);
        change(&mut later);
        join(vec![round(0, 4, 9), later]).unwrap_err()
    };
    let error = second(|later| later.basis.framework = "framework 4".into());
    assert_eq!(
        error.to_string(),
        "round 1 and round 2 must not be joined: the rules changed from framework 3 to framework 4; show them apart"
    );
    let error = second(|later| {
        later.basis.population = "abuse cases".into();
        later.basis.design = Some("simple random sample".into());
        later.from = "2000-07-01".into();
    });
    assert_eq!(error.reasons.len(), 3);
    let error = second(|later| later.basis.design = None);
    assert!(
        error.to_string().contains("were picked for a reason"),
        "{error}"
    );
    for change in [
        (|later| later.k = 10) as fn(&mut Round),
        |later| later.n = 0,
        |later| later.from = "yesterday".into(),
        |later| later.to = "2001-13-01".into(),
        |later| later.to = "2000-12-31".into(),
    ] {
        assert!(matches!(second(change).reasons[0], Reason::Numbers { .. }));
    }
}

#[test]
fn random_rounds_rarely_alarm() {
    let mut random: rand_chacha::ChaCha20Rng = rand_core::SeedableRng::from_seed([5; 32]);
    let mut hits = |n: u64| {
        (0..n)
            .filter(|_| !rand_core::Rng::next_u64(&mut random).is_multiple_of(4))
            .count() as u64
    };
    let charts = 600;
    let (mut runs, mut points) = (0, 0);
    for _ in 0..charts {
        let counts: Vec<(u64, u64)> = (0..24).map(|_| (hits(60), 60)).collect();
        let series = series(&counts);
        runs += u64::from(run_chart(&series).unwrap().signal);
        let chart = p_chart(&series, Spread::Binomial).unwrap();
        points += chart.rounds.iter().filter(|round| round.signal).count();
    }
    assert!(runs < charts * 11 / 100, "{runs}");
    assert!(points < 24 * charts as usize / 100, "{points}");
}
