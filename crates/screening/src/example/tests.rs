use super::*;
use crate::verdict::{Outcome, Verdict};

fn library() -> Library {
    Library::england_and_wales()
}

#[test]
fn an_example_is_read() {
    let library = library();
    let text = "\
# a remark
2026-03-29 CHILD_SEEN risk=H
2026-01-05T09:00 ? child=c1 recorded=2026-01-07T10:00
2026-10-25T01:30+00:00 RECOMMENDATION_MADE timescale=\"3 months\"
faulty REVIEW
as of 2026-12-31
S1 not applicable
S2 met, missed (late) due 2026-01-06T09:00, cannot tell due end of 2026-01-05 to end of 2026-01-06
";
    let example = Example::parse(text, &library).unwrap_or_else(|fault| panic!("{fault}"));
    assert_eq!(example.as_of.to_string(), "2026-12-31");
    let day = example.events[0].when;
    assert_eq!(day.latest - day.earliest + 1, 23 * 3_600_000_000);
    assert_eq!(
        example.events[1].happening,
        crate::event::Happening::Unknown
    );
    assert!(example.events[1].recorded_at.is_some());
    assert!(example.events[2].when.is_exact());
    assert!(
        example.events[2]
            .values
            .contains(&Some("3 months".to_owned()))
    );
    assert_eq!(example.events[3].when, When::ANY);
    assert!(example.expected[0].findings.is_empty());
    assert_eq!(example.expected[1].findings.len(), 3);
    assert!(example.expected[1].findings[2].due.is_some());
}

#[test]
fn what_was_not_yet_recorded_was_not_known() {
    let text = "\
2026-01-05T09:00 CHILD_SEEN recorded=2026-01-07T10:00
2026-01-05T09:00 REVIEW recorded=2026-01-06T23:59
as of 2026-01-31 known at 2026-01-06
S1 not applicable
";
    let example = Example::parse(text, &library()).unwrap();
    assert_eq!(example.events.len(), 1);
}

#[test]
fn a_faulty_example_says_where() {
    for (line, word) in [
        ("2026-01-05T09:00 CHILD_SEN", "CHILD_SEN"),
        ("2026-01-05T09:00", ""),
        ("2026-13-05 CHILD_SEEN", "2026-13-05"),
        ("2026-10-25T01:30 CHILD_SEEN", "2026-10-25T01:30"),
        ("2026-03-29T01:30 CHILD_SEEN", "2026-03-29T01:30"),
        ("2026-01-05 CHILD_SEEN risk", "risk"),
        ("2026-01-05 CHILD_SEEN colour=red", "colour=red"),
        ("as of yesterday", "yesterday"),
        ("X9 met", "X9"),
        ("S1 kept", "kept"),
        ("S1 met due", ""),
        ("S1 met, ", ""),
    ] {
        let fault = Example::parse(line, &library()).unwrap_err();
        assert_eq!(fault.word, word, "{fault}");
    }
}

#[test]
fn a_difference_is_found() {
    let library = library();
    let text = "2026-01-05T09:00 MISSING_RETURNED\nas of 2026-01-31\nS2 missed (late)\n";
    let example = Example::parse(text, &library).unwrap();
    let verdict = |outcome| Verdict {
        standard: 1,
        activating: 0,
        outcome,
        deciding: None,
        due: None,
    };
    let late = verdict(Outcome::Missed(Lapse::Late));
    assert_eq!(example.find_difference(&library, &[late]), None);
    let never = verdict(Outcome::Missed(Lapse::Never));
    let difference = example.find_difference(&library, &[never]).unwrap();
    assert_eq!((difference.line, difference.standard.as_str()), (3, "S2"));
    assert!(example.find_difference(&library, &[]).is_some());
}
