use proptest::prelude::*;

use super::*;
use crate::figure::{Basis, Figure, Form, Measure};

fn figures() -> Figures {
    let basis = Basis {
        sample: "374 cases".into(),
        method: "Wilson interval".into(),
        in_words: "Share of the cases read".into(),
        population: None,
        design: String::new(),
        weights: String::new(),
        left_out: String::new(),
        withheld: String::new(),
        seed: None,
        framework: "2016.1".into(),
        standards: String::new(),
        computed_at: "2016-09-01T09:00:00Z".into(),
        inputs_digest: "sha256:00".into(),
    };
    let below_good = Measure::Proportion {
        k: 278,
        n: 374,
        value: 0.743,
        lower: 0.697,
        upper: 0.785,
        level: 0.95,
    };
    let mut figures = Figures::new();
    for (key, measure) in [
        ("below-good", below_good),
        (
            "referred",
            Measure::Count {
                value: 38,
                of: None,
            },
        ),
    ] {
        figures
            .add(Figure {
                key: key.into(),
                label: key.into(),
                measure,
                basis: basis.clone(),
            })
            .unwrap();
    }
    figures
}

fn faults(text: &str) -> Vec<MarkupFault> {
    parse(text, &figures()).expect_err(&format!("{text:?} was accepted"))
}

fn accepted(text: &str) -> Vec<Block> {
    parse(text, &figures()).unwrap_or_else(|faults| panic!("{text:?} was refused: {faults:?}"))
}

#[test]
fn paragraphs_points_and_headings_are_told_apart() {
    let blocks = accepted(
        "## What we found\nFirst line\nsecond line.\n\n- one point\n- another,\n  longer point\n\nLast.",
    );
    let text = Inline::text;
    assert_eq!(
        blocks,
        [
            Block::Heading {
                id: "p1".into(),
                inlines: vec![text("What we found")]
            },
            Block::Paragraph {
                id: "p2".into(),
                inlines: vec![text("First line second line.")]
            },
            Block::List {
                id: "p3".into(),
                items: vec![vec![text("one point")], vec![text("another, longer point")]]
            },
            Block::Paragraph {
                id: "p4".into(),
                inlines: vec![text("Last.")]
            },
        ]
    );
}

#[test]
fn a_reference_becomes_a_figure_in_its_form() {
    let blocks = accepted("Of these, {below-good:count} ({below-good}) fell short.");
    let Block::Paragraph { inlines, .. } = &blocks[0] else {
        panic!("not a paragraph")
    };
    assert_eq!(
        inlines[1],
        Inline::Figure {
            key: "below-good".into(),
            form: Form::Count
        }
    );
    assert_eq!(
        inlines[3],
        Inline::Figure {
            key: "below-good".into(),
            form: Form::Value
        }
    );
}

#[test]
fn a_mistyped_key_is_answered_with_the_nearest() {
    let fault = &faults("One.\n\nIn all, {below-god} fell short.")[0];
    assert_eq!((fault.line, fault.column), (3, 9));
    assert_eq!(
        fault.to_string(),
        "line 3, column 9: there is no figure 'below-god'. Did you mean {below-good}?"
    );
}

#[test]
fn a_form_that_a_figure_lacks_is_refused() {
    assert!(
        faults("{referred:interval}")[0]
            .what
            .contains("has no interval")
    );
    assert!(
        faults("{referred:graph}")[0]
            .mend
            .contains("value, interval and count")
    );
}

#[test]
fn braces_without_partner_are_faults() {
    for text in [
        "{below-good",
        "below-good}",
        "{below {below-good}",
        "{}",
        "{number:}",
        "{number:74 %}",
    ] {
        assert!(!faults(text).is_empty());
    }
}

#[test]
fn typed_figures_are_refused() {
    for text in [
        "It was 74 %.",
        "It was 74%.",
        "It was 74.3 per cent.",
        "It was 74pc.",
        "It was 74\nper cent.",
        "It was 74\u{a0}%.",
        "It was ７４％.",
        "It was seventy-four per cent.",
        "It was 74-percent.",
        "We graded 278 of 374 below good.",
        "We graded 278 out of 374 below good.",
        "One in four waited.",
        "Three quarters of children waited.",
        "A third of cases failed.",
        "Half of the cases failed.",
        "There were 38 cases.",
        "There were 38 more urgent cases.",
        "Two children waited.",
        "In 12 audits.",
        "In 2016 children waited.",
        "In this round 74 cases failed.",
        "The force's 24 hours ran out.",
        "It took 31 hours.",
        "Section 47 %.",
        "section 47 and 74 children",
        "It cost £12.",
        "½ of them",
        "{number:74} per cent",
        "{number:74}%",
        "{number:278} of {number:374}",
        "{below-good} %",
        "{below-good} of 374",
        "Some % of them.",
        "It rose by 4 percentage points.",
        "278/374 failed",
    ] {
        assert!(!faults(text).is_empty());
    }
}

#[test]
fn numbers_that_are_no_figures_may_be_typed() {
    for text in [
        "On 12 March 2024 the force replied.",
        "Between 12 and 14 March 2024.",
        "On 12th March.",
        "On 12/03/2024.",
        "On 2024-03-12 at 14:30.",
        "At 9am and 9.30 pm.",
        "In 2016, children waited.",
        "From 2019-20 to 2023/24.",
        "Under section 47 of the Act.",
        "Section 47 investigations",
        "Under s.47 and s 17.",
        "Sections 17 and 47.",
        "Recommendations 3, 4 and 7 stand.",
        "See paragraph 3.2.",
        "Recommendation 3",
        "In round 2 we returned.",
        "In Q3 and after covid-19.",
        "A child aged 16, and a 15-year-old.",
        "The force has {number:24} hours.",
        "One child was seen.",
        "At the 12th attempt.",
        "{below-good:interval} of the cases",
        "One of the children",
    ] {
        accepted(text);
    }
}

#[test]
fn every_fault_of_a_text_is_reported_in_order() {
    let places: Vec<_> = faults("It was 74 %.\n\n- {nothing}\n- 38 cases }")
        .iter()
        .map(|fault| (fault.line, fault.column))
        .collect();
    assert_eq!(places, [(1, 8), (3, 3), (4, 3), (4, 12)]);
}

proptest! {
    #[test]
    fn any_text_is_parsed_or_refused_without_a_panic(text in "(\\PC|[\\n{}:%0-9 -]){0,80}") {
        if let Err(faults) = parse(&text, &figures()) {
            let lines = text.lines().count();
            prop_assert!(faults.iter().all(|fault| (1..=lines).contains(&fault.line) && fault.column >= 1));
        }
    }

    #[test]
    fn every_typed_percentage_is_refused(
        before in "([a-z]{1,9} |section |round |[a-z]{2,5}, |\\(){0,3}",
        number in "[0-9]{1,4}(\\.[0-9]{1,2})?",
        sign in "( |\u{a0}|\n)?(%|per cent|percent|Per Cent|pc|percentage points|％)",
        after in "( [a-z]{1,9}){0,3}[.,]?",
    ) {
        let text = format!("{before}{number}{sign}{after}");
        prop_assert!(parse(&text, &figures()).is_err(), "{text:?} was accepted");
    }

    #[test]
    fn plain_words_pass_unchanged(words in "[a-z]{2,9}( [a-z]{2,9}){0,8}") {
        prop_assume!(parse(&words, &figures()).is_ok());
        let Block::Paragraph { inlines, .. } = &accepted(&words)[0] else { panic!("not a paragraph") };
        prop_assert_eq!(inlines, &vec![Inline::text(words)]);
    }
}
