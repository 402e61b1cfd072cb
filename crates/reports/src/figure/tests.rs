use super::*;

fn basis() -> Basis {
    Basis {
        sample: "374 cases drawn from the list of 9,410".into(),
        method: "Wilson interval".into(),
        in_words: "The share of the cases read whose overall grade is below good".into(),
        population: Some(9410),
        design: String::new(),
        weights: String::new(),
        left_out: String::new(),
        withheld: String::new(),
        seed: Some("2016-05-03".into()),
        framework: "2016.1".into(),
        standards: String::new(),
        computed_at: "2016-09-01T09:00:00Z".into(),
        inputs_digest: "sha256:00".into(),
    }
}

fn figure(measure: Measure) -> Figure {
    Figure {
        key: "below-good".into(),
        label: "Cases graded below good".into(),
        measure,
        basis: basis(),
    }
}

fn below_good() -> Measure {
    Measure::Proportion {
        k: 278,
        n: 374,
        value: 278.0 / 374.0,
        lower: 0.6968,
        upper: 0.7851,
        level: 0.95,
    }
}

fn text(measure: &Measure, form: Form) -> Option<String> {
    measure
        .print(form)
        .map(|printed| printed.text.replace(NO_BREAK, " "))
}

#[test]
fn a_proportion_prints_its_value_interval_and_parts() {
    let measure = below_good();
    assert_eq!(text(&measure, Form::Value).unwrap(), "74.3 %");
    assert_eq!(
        text(&measure, Form::Interval).unwrap(),
        "74.3 % (69.7 % to 78.5 %)"
    );
    assert_eq!(text(&measure, Form::Count).unwrap(), "278 of 374");
}

#[test]
fn a_difference_is_signed_and_told_in_points() {
    let measure = Measure::Difference {
        from: "2021".into(),
        to: "2024".into(),
        value: -0.061,
        lower: -0.13,
        upper: 0.008,
        p_value: 0.083,
        verdict: "no more than chance would bring".into(),
    };
    assert_eq!(
        text(&measure, Form::Interval).unwrap(),
        "−6.1 percentage points (−13.0 to +0.8)"
    );
    assert_eq!(text(&measure, Form::Count), None);
    assert!(
        figure(measure)
            .explanation()
            .contains("Verdict: no more than chance would bring (p = 0.083).")
    );
}

#[test]
fn a_time_and_its_bounds_share_one_unit() {
    let measure = Measure::Duration {
        median_hours: 31.0,
        lower: 24.5,
        upper: 80.0,
        n: 38,
    };
    assert_eq!(
        text(&measure, Form::Interval).unwrap(),
        "31 hours (24.5 to 80 hours)"
    );
}

#[test]
fn withheld_and_unknown_numbers_print_alike_in_every_form_and_say_why_aloud() {
    let withheld = Measure::Suppressed {
        why: "so few children could be recognised".into(),
    };
    let unknown = Measure::Unknown {
        why: "the force kept no record".into(),
    };
    for form in Form::ALL {
        assert_eq!(withheld.print(form).unwrap().text, "c");
        assert_eq!(
            withheld.print(form).unwrap().spoken(),
            "suppressed: so few children could be recognised"
        );
        assert_eq!(unknown.print(form).unwrap().text, "not known");
        assert_eq!(
            unknown.print(form).unwrap().spoken(),
            "not known: the force kept no record"
        );
    }
}

#[test]
fn coefficient_of_agreement_prints_with_its_interval_and_its_cases() {
    let measure = Measure::Coefficient {
        value: 0.781,
        lower: 0.6,
        upper: 0.964,
        level: 0.95,
        n: 38,
    };
    assert_eq!(
        text(&measure, Form::Interval).unwrap(),
        "0.78 (0.60 to 0.96)"
    );
    let words = figure(measure).explanation();
    assert!(words.contains("38 cases that two readers read"), "{words}");
}

#[test]
fn questions_without_an_answer_are_not_asked() {
    let mut made = figure(below_good());
    let asked = |figure: &Figure| -> Vec<&str> {
        figure
            .how_made()
            .into_iter()
            .map(|(what, _)| what)
            .collect()
    };
    assert!(!asked(&made).contains(&"Left out"));
    made.basis.left_out = "2 files not found".into();
    assert!(asked(&made).contains(&"Left out"));
    assert!(made.explanation().contains("Left out: 2 files not found."));
}

#[test]
fn a_figure_says_how_it_was_made() {
    let words = figure(below_good()).explanation();
    for part in [
        "below good.",
        "Counted from: 374 cases",
        "speaks for: 9,410 cases.",
        "Seed of the draw",
        "confidence level of 95\u{a0}%",
    ] {
        assert!(words.contains(part), "{part:?} is missing from {words:?}");
    }
}

#[test]
fn figures_survive_being_frozen_as_json() {
    let mut figures = Figures::new();
    figures.add(figure(below_good())).unwrap();
    let frozen = serde_json::to_string(&figures).unwrap();
    assert_eq!(serde_json::from_str::<Figures>(&frozen).unwrap(), figures);
}

#[test]
fn two_figures_cannot_share_a_key() {
    let twice = vec![figure(below_good()), figure(below_good())];
    let frozen = serde_json::to_string(&twice).unwrap();
    let refusal = serde_json::from_str::<Figures>(&frozen)
        .unwrap_err()
        .to_string();
    assert!(
        refusal.contains("two figures have the key 'below-good'"),
        "{refusal}"
    );
}

#[test]
fn the_nearest_key_is_suggested_and_a_far_one_is_not() {
    let mut figures = Figures::new();
    figures.add(figure(below_good())).unwrap();
    assert_eq!(figures.nearest_key("below-god"), Some("below-good"));
    assert_eq!(figures.nearest_key("xyz"), None);
}

#[test]
fn rate_of_a_full_count_has_no_interval_and_says_what_cannot_be_told() {
    let rate = |untold| Measure::Rate {
        k: 30,
        n: 120,
        untold,
    };
    let text = |form| rate(Some(40)).print(form).map(|printed| printed.text);
    assert_eq!(text(Form::Value).as_deref(), Some("25.0\u{a0}%"));
    assert_eq!(text(Form::Count).as_deref(), Some("30 of 120"));
    assert_eq!(text(Form::Interval), None);
    let words = figure(rate(Some(40))).explanation();
    assert!(
        words.contains("18.8\u{a0}% if none of them counted, and 43.8\u{a0}% if all did"),
        "{words}"
    );
    assert!(
        !figure(rate(Some(0)))
            .explanation()
            .contains("cannot be told")
    );
    let withheld = figure(rate(None));
    assert!(
        withheld
            .explanation()
            .contains("cannot be told is withheld")
    );
    assert_eq!(withheld.measure.rate_bounds(), None);
}
