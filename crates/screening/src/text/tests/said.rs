use super::*;
use crate::standard::{Counting, Key, Limit, Limits, Nth, Pattern, Response, Sharing, Test, Unit};
use crate::vocabulary::{AttributeId, AttributeKind};

fn response(sentence: &str) -> Response {
    match rule(sentence) {
        Rule::Response(response) => response,
        other => panic!("{other:?}"),
    }
}

fn limit(amount: u32, unit: Unit) -> Limit {
    Limit {
        amount,
        unit,
        beginning_with_the_day: false,
    }
}

fn codes(pattern: &Pattern) -> Vec<u16> {
    pattern.any_of.iter().map(|test| test.activity.0).collect()
}

#[test]
fn articles_capitals_and_line_breaks_do_not_matter() {
    let plain = rule("when missing child returns, return interview within 72 hours");
    let ornate = "When  a Missing child\n     returns, THE return\n  interview within 72 hours.";
    assert_eq!(rule(ornate), plain);
    assert_eq!(rule("when a RETURNED, talked within 72 hours"), plain);
}

#[test]
fn a_condition_belongs_to_the_activity_before_it() {
    let said = response(
        "when a referral or a visit to the offender with risk H or VH or a closure, a return interview within 1 day",
    );
    assert_eq!(codes(&said.trigger.pattern), [0, 2, 3]);
    let conditions: Vec<usize> = said
        .trigger
        .pattern
        .any_of
        .iter()
        .map(|test| test.conditions.len())
        .collect();
    assert_eq!(conditions, [0, 1, 0]);
    let test = &said.trigger.pattern.any_of[1].conditions[0].test;
    assert_eq!(*test, Test::Is(vec!["H".to_owned(), "VH".to_owned()]));
}

#[test]
fn every_condition_can_be_said() {
    for (said, test) in [
        ("risk is H", Test::Is(vec!["H".to_owned()])),
        ("risk not L", Test::IsNot(vec!["L".to_owned()])),
        ("age at least 10", Test::AtLeast(10.0)),
        ("age at most 17.5", Test::AtMost(17.5)),
        ("risk recorded", Test::IsRecorded(true)),
        ("risk is not recorded", Test::IsRecorded(false)),
        ("officer the same as suspect", Test::SameAs(AttributeId(4))),
        (
            "officer different from suspect",
            Test::DiffersFrom(AttributeId(4)),
        ),
        (
            "risk level \"recorded\"",
            Test::Is(vec!["recorded".to_owned()]),
        ),
    ] {
        let said = response(&format!(
            "when a referral with {said}, a closure within 1 day"
        ));
        assert_eq!(said.trigger.pattern.any_of[0].conditions[0].test, test);
    }
}

#[test]
fn every_limit_can_be_said() {
    let with_the_day = |amount, unit| Limit {
        beginning_with_the_day: true,
        ..limit(amount, unit)
    };
    for (said, meant) in [
        ("within 90 minutes", limit(90, Unit::Minutes)),
        ("within one hour", limit(1, Unit::Hours)),
        ("within 7 days", limit(7, Unit::Days)),
        ("within 7 calendar days", limit(7, Unit::CalendarDays)),
        ("within 15 working days", limit(15, Unit::WorkingDays)),
        (
            "by the end of the 2nd working day",
            limit(2, Unit::WorkingDays),
        ),
        (
            "by the end of the next working day",
            limit(1, Unit::WorkingDays),
        ),
        (
            "by the end of the same day",
            with_the_day(1, Unit::CalendarDays),
        ),
        ("within 6 calendar weeks", limit(6, Unit::CalendarWeeks)),
        (
            "within 3 months beginning with the day",
            with_the_day(3, Unit::Months),
        ),
        ("within 2 years", limit(2, Unit::Years)),
    ] {
        let found = response(&format!("when a referral, a closure {said}")).limits;
        assert_eq!(found, Limits::One(meant), "{said}");
    }
}

#[test]
fn a_limit_may_hang_on_a_value() {
    let said = response(
        "when a visit to the offender, a visit to the offender within 31 days where risk is VH, 92 days where risk is H or M unless a closure",
    );
    let Limits::ByValue { attribute, limits } = said.limits else {
        panic!("{said:?}");
    };
    assert_eq!(attribute, AttributeId(0));
    assert_eq!(
        limits[1],
        (vec!["H".to_owned(), "M".to_owned()], limit(92, Unit::Days))
    );
    assert_eq!(codes(&said.unless.unwrap()), [3]);
}

#[test]
fn every_clause_of_a_response_can_be_said_and_in_any_order() {
    let said = response(
        "for each suspect, when the 3rd referral in 90 days, a closure for the same suspect \
         after the first of them and within 7 days, each with its own, not counting from a visit \
         to the offender until a return, starting again at a referral with 2 days, starting again \
         at a return unless a sight of the child within that time",
    );
    let nth = Nth {
        count: 3,
        within: Some(limit(90, Unit::Days)),
    };
    assert_eq!(said.trigger.nth, Some(nth));
    assert!(said.from_first && !said.or_at_once && !said.gap);
    assert_eq!(said.same, Some(AttributeId(4)));
    assert_eq!(said.resets.len(), 2);
    assert_eq!(said.resets[0].1, Some(limit(2, Unit::Days)));
    assert_eq!(said.sharing, Sharing::OneEach);
    let (stops, goes_on) = said.pause.unwrap();
    assert_eq!((codes(&stops), codes(&goes_on)), (vec![2], vec![6]));
    let at_once = response("when a referral, a closure at once or within 2 hours");
    assert!(at_once.or_at_once);
}

#[test]
fn every_form_can_be_said() {
    let name = |sentence| match rule(sentence) {
        Rule::Response(response) => match response.gap {
            true => "gap",
            false => "response",
        },
        Rule::Precedence(_) => "precedence",
        Rule::Since(_) => "since",
        Rule::NeverWhile(_) => "never while",
        Rule::AtMost(_) => "at most",
        Rule::NotWithin(_) => "not within",
        Rule::Elapsed(_) => "elapsed",
    };
    for (sentence, form) in [
        (
            "when a referral is received, a child is seen within 1 day",
            "response",
        ),
        (
            "no more than 28 days from a referral or a return to the next closure",
            "gap",
        ),
        (
            "a closure needs a sight of the child in the 15 working days before",
            "precedence",
        ),
        ("a closure needs a sight of the child before", "precedence"),
        (
            "a closure needs a sight of the child since the last referral",
            "since",
        ),
        (
            "no closure while an identified suspect has no return interview for the same suspect",
            "never while",
        ),
        ("at most 3 referrals in 90 days", "at most"),
        ("after a referral, no closure within 24 hours", "not within"),
        (
            "measure from a referral to the next sight of the child",
            "elapsed",
        ),
    ] {
        assert_eq!(name(sentence), form, "{sentence}");
    }
}

#[test]
fn the_fields_of_a_standard_are_read() {
    let text = format!(
        "{HEAD}ignored NOTE, LETTER\n\n# a remark\nstandard X.1-a\n  title A long\n    title\n  \
         source Act, section 1\n  source https://example.org/#part\n  nation England, Wales\n  in force \
         from 2014-01-01 to 2020-02-29\n  counts each suspect\n  bears on a.b\n  switched off \
         because it is new\n  for each suspect, at most 1 closure\n"
    );
    let library = parse(&text).unwrap();
    assert_eq!(library.vocabulary.ignored, ["NOTE", "LETTER"]);
    assert_eq!(library.vocabulary.attributes[3].kind, AttributeKind::Key);
    let standard = &library.standards[0];
    assert_eq!((standard.id.as_str(), standard.line), ("X.1-a", 20));
    assert_eq!(standard.title, "A long title");
    assert_eq!(
        standard.sources,
        ["Act, section 1", "https://example.org/#part"]
    );
    assert_eq!(standard.nations, ["England", "Wales"]);
    assert_eq!(standard.in_force_to.unwrap().to_string(), "2020-02-29");
    assert_eq!(standard.counts, Counting::Each(AttributeId(4)));
    assert_eq!(standard.bears_on.as_deref(), Some("a.b"));
    assert_eq!(standard.switched_off.as_deref(), Some("it is new"));
    assert_eq!(standard.key, Key::Attribute(AttributeId(4)));
}
