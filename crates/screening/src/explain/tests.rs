use proptest::prelude::*;

use super::*;
use crate::random;
use crate::standard::{
    Condition, EventTest, Limit, Limits, NeverWhile, Pattern, Response, Rule, Test, Trigger, Unit,
};
use crate::text;
use crate::vocabulary::{ActivityId, AttributeId};

/// The shipped library's head with this sentence.
fn head() -> String {
    let text = Library::england_and_wales_text();
    text[..text.find("\nstandard ").unwrap()].to_owned()
}

fn explained(id: &str) -> String {
    let library = Library::england_and_wales();
    let standard = library.standards.iter().find(|one| one.id == id).unwrap();
    explain(&library, standard).to_string()
}

#[test]
fn a_standard_is_explained_in_english() {
    assert_eq!(
        explained("S1"),
        "\
S1  Child at high risk seen within 24 hours
  when a referral is received with risk H, a sight of the child within 24 hours unless a case is transferred within that time
  Applies       Each time that a referral is received with risk H. Where risk is not recorded, it cannot be told.
  Looks at      The events of one case.
  Clock         24 hours of elapsed time from that instant, through weekends and changes of the clocks.
  Met           When there is a sight of the child after it and by the deadline.
  Excused       When a case is transferred after it and by the deadline, and none of what is expected has come by then.
  Missed        When the deadline has passed and there was none: late if one comes afterwards, never if none does.
  Pending       While there is none and the deadline has not passed by the end of the as-of day.
  Cannot tell   When the answer hangs on a value that is not recorded, on the order of events on a day of which only the date is recorded, or on a row whose time or activity is faulty, once the deadline has passed.
  Counted       Each time that it applies counts once.
  Source        No statute: a standard of good practice.
  Bears on      initial-contact.child-seen-and-heard.
"
    );
}

#[test]
fn an_explanation_names_what_is_particular_to_a_standard() {
    for (id, said) in [
        (
            "S3",
            "15 working days back from the day on which it happens",
        ),
        (
            "S5",
            "When every identified suspect before it was followed by an interview of the suspect",
        ),
        (
            "S6",
            "Each missing report that is at least the 3rd in the 90 days (each of 24 hours)",
        ),
        (
            "S9",
            "The events of one child, in whichever cases they stand.",
        ),
        ("S10", "When it is number 4 or higher (too many)."),
        (
            "H04",
            "or of the month's last day where there is no such day",
        ),
        ("H26", "from 2017-04-03 to 2022-10-27"),
        ("H37", "of which the day on which it happens is the first"),
        ("H39", "It starts again at a notification of a change"),
        ("H41", "Where risk is VH: 31 days of 24 hours each"),
        ("L01", "Because it is a local limit"),
    ] {
        let explained = explained(id);
        assert!(explained.contains(said), "{explained}\nlacks: {said}");
    }
}

#[test]
fn every_shipped_standard_reads_back_from_its_sentence() {
    let library = Library::england_and_wales();
    let mut text = head();
    for standard in &library.standards {
        let said = sentence(&library.vocabulary, standard.key, &standard.rule);
        text.push_str(&format!(
            "\nstandard {}\n  title T\n  {said}\n",
            standard.id
        ));
    }
    let again = text::parse(&text).unwrap_or_else(|faults| panic!("{faults}"));
    for (one, other) in library.standards.iter().zip(&again.standards) {
        assert_eq!((one.key, &one.rule), (other.key, &other.rule), "{}", one.id);
    }
}

const RANDOM_HEAD: &str = "\
library \"Random\" version \"1\"
zone Europe/London
activities
  REFERRED
  SEEN
  MISSING
  CLOSED
  NOTED
attributes
  risk in column risk
  count in column count
  suspect in column suspect, a key
  child in column child, a key
";

/// The nearest rule that makes sense: random ones have limits of nothing, and clocks of days that
/// stand still.
fn sensible(rule: Rule) -> Rule {
    let longer = |limit: Limit| Limit {
        amount: limit.amount.max(1),
        ..limit
    };
    let all = |limits: Limits| match limits {
        Limits::One(limit) => Limits::One(longer(limit)),
        Limits::ByValue { attribute, limits } => Limits::ByValue {
            attribute,
            limits: limits
                .into_iter()
                .map(|(values, limit)| (values, longer(limit)))
                .collect(),
        },
    };
    let trigger = |mut trigger: Trigger| {
        if let Some(nth) = &mut trigger.nth {
            nth.within = nth.within.map(longer);
        }
        trigger
    };
    match rule {
        Rule::Response(response) => Rule::Response(sensible_response(Response {
            trigger: trigger(response.trigger),
            limits: all(response.limits),
            resets: response
                .resets
                .into_iter()
                .map(|(at, limit)| (at, limit.map(longer)))
                .collect(),
            ..response
        })),
        Rule::NotWithin(mut one) => {
            one.trigger = trigger(one.trigger);
            one.limits = all(one.limits);
            Rule::NotWithin(one)
        }
        Rule::Elapsed(mut one) => {
            one.trigger = trigger(one.trigger);
            Rule::Elapsed(one)
        }
        Rule::Precedence(mut one) => {
            one.within = one.within.map(longer);
            Rule::Precedence(one)
        }
        Rule::AtMost(mut one) => {
            one.within = one.within.map(longer);
            Rule::AtMost(one)
        }
        other => other,
    }
}

fn sensible_response(mut response: Response) -> Response {
    response.from_first &= !response.gap;
    response.or_at_once &= !response.gap && !response.from_first;
    let civil = |limit: &Limit| !limit.unit.is_elapsed();
    let limits_are_civil = match &response.limits {
        Limits::One(limit) => civil(limit),
        Limits::ByValue { limits, .. } => limits.iter().any(|(_, limit)| civil(limit)),
    };
    if limits_are_civil
        || response
            .resets
            .iter()
            .any(|(_, limit)| limit.as_ref().is_some_and(civil))
    {
        response.pause = None;
    }
    response
}

/// A rule that asks for values that might be taken for words of the language.
fn with_values(values: Vec<String>) -> Rule {
    let pattern = |activity, test: Option<Test>| Pattern {
        any_of: vec![EventTest {
            activity: ActivityId(activity),
            conditions: test
                .map(|test| Condition {
                    attribute: AttributeId(0),
                    test,
                })
                .into_iter()
                .collect(),
        }],
    };
    Rule::NeverWhile(NeverWhile {
        forbidden: pattern(3, Some(Test::IsNot(values.clone()))),
        opened: pattern(0, Some(Test::Is(values))),
        closed: pattern(1, None),
        same: None,
    })
}

fn reads_back(key: Key, rule: &Rule) -> Result<(), TestCaseError> {
    let said = sentence(&random::vocabulary(), key, rule);
    let text = format!("{RANDOM_HEAD}standard R\n  title R\n  {said}\n");
    let library = text::parse(&text)
        .map_err(|faults| TestCaseError::fail(format!("{said}\n{faults}\n{rule:?}")))?;
    prop_assert_eq!(&library.vocabulary, &random::vocabulary());
    prop_assert_eq!(library.standards[0].key, key);
    prop_assert_eq!(&library.standards[0].rule, rule, "{}", said);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(800))]

    #[test]
    fn every_rule_can_be_said_and_reads_back(rule in random::rule(), across in any::<bool>()) {
        let key = if across { Key::Attribute(random::CHILD) } else { Key::Case };
        reads_back(key, &sensible(rule))?;
    }

    #[test]
    fn every_value_can_be_said(values in prop::collection::hash_set("[a-zA-Z \",.#'-]{0,6}|or|the|recorded|seen|no|closed|within", 1..4)) {
        reads_back(Key::Case, &with_values(values.into_iter().collect()))?;
    }

    #[test]
    fn every_rule_is_explained(rule in random::standard()) {
        let library = Library {
            title: String::new(),
            version: String::new(),
            zone: String::new(),
            vocabulary: random::vocabulary(),
            standards: Vec::new(),
        };
        prop_assert!(explain(&library, &rule).points.len() >= 4);
    }
}

#[test]
fn amounts_and_ordinals_are_english() {
    let one = |amount, unit| {
        sentence::amount(Limit {
            amount,
            unit,
            beginning_with_the_day: false,
        })
    };
    assert_eq!(one(1, Unit::WorkingDays), "1 working day");
    assert_eq!(one(2, Unit::Months), "2 months");
    let ordinals = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].map(sentence::ordinal);
    assert_eq!(
        ordinals.join(" "),
        "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th"
    );
}
