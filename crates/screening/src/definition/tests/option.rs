//! What a standard may say besides: resets, pauses, sharing, limits by value, dates in force, and
//! the forms that the study has not.

use jiff::civil::date;

use super::library::{
    RISK, SUSPECT, check, library, limit, of, on, outcomes, response, standard, study, when,
};
use crate::standard::{
    Elapsed, Library, Limits, NotWithin, Response, Rule, Sharing, Standard, Unit,
};
use crate::verdict::Doubt::{MissingValue, OrderWithinDay};
use crate::verdict::Lapse::{Forbidden, Late, Never};
use crate::verdict::Outcome::{CannotTell, Met, Missed, Pending};

fn seen_within(days: u32, change: impl Fn(&mut Response)) -> Library {
    let trigger = on(of("REFERRAL_RECEIVED"));
    let mut rule = response(trigger, "CHILD_SEEN", limit(days, Unit::Days));
    change(&mut rule);
    library(vec![standard("R", Rule::Response(rule))])
}

#[test]
fn a_clock_starts_again_only_before_it_has_run_out() {
    let again = seen_within(2, |rule| {
        rule.resets = vec![
            (of("REVIEW"), None),
            (of("REOPENED"), Some(limit(1, Unit::Days))),
        ];
    });
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-04T09:00 REVIEW
        2026-03-05T09:00 REOPENED
        2026-03-06T09:00 CHILD_SEEN";
    let [verdict] = check(&again, "2026-03-31", log)[..] else {
        panic!("one verdict")
    };
    assert_eq!(verdict.outcome, Met);
    assert_eq!(verdict.due, Some(when("2026-03-06T09:00")));
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-04T09:01 REVIEW
        2026-03-05T09:00 CHILD_SEEN";
    assert_eq!(outcomes(&again, "2026-03-31", log), [Missed(Late)]);
}

#[test]
fn resets_on_one_day_leave_open_from_which_of_them_the_clock_runs() {
    let again = seen_within(2, |rule| rule.resets = vec![(of("REVIEW"), None)]);
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-03 REVIEW
        2026-03-03T12:00 REVIEW
        2026-03-05T18:00 CHILD_SEEN";
    assert_eq!(
        outcomes(&again, "2026-03-31", log),
        [CannotTell(OrderWithinDay)]
    );
}

#[test]
fn a_clock_stands_while_it_is_stopped() {
    let stopped = seen_within(2, |rule| {
        rule.pause = Some((of("CASE_TRANSFERRED"), of("REOPENED")));
    });
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-03T09:00 CASE_TRANSFERRED
        2026-03-04T09:00 CASE_TRANSFERRED
        2026-03-13T09:00 REOPENED
        2026-03-14T09:00 CHILD_SEEN";
    let [verdict] = check(&stopped, "2026-03-31", log)[..] else {
        panic!("one verdict")
    };
    assert_eq!(verdict.outcome, Met);
    assert_eq!(verdict.due, Some(when("2026-03-14T09:00")));
    let [verdict] = check(&stopped, "2026-03-12", log)[..] else {
        panic!("one verdict")
    };
    assert_eq!((verdict.outcome, verdict.due), (Pending, None));
}

#[test]
fn one_answer_serves_all_or_only_the_first() {
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-02T10:00 REFERRAL_RECEIVED
        2026-03-03T09:00 CHILD_SEEN";
    let all = seen_within(2, |_| {});
    assert_eq!(outcomes(&all, "2026-03-31", log), [Met, Met]);
    let each = seen_within(2, |rule| rule.sharing = Sharing::OneEach);
    assert_eq!(outcomes(&each, "2026-03-31", log), [Met, Missed(Never)]);
    let log = "2026-03-02 REFERRAL_RECEIVED
        2026-03-02 REFERRAL_RECEIVED
        2026-03-03T09:00 CHILD_SEEN";
    let doubt = CannotTell(OrderWithinDay);
    assert_eq!(outcomes(&each, "2026-03-31", log), [doubt, doubt]);
}

#[test]
fn the_limit_may_hang_on_a_value() {
    let by_risk = seen_within(2, |rule| {
        rule.limits = Limits::ByValue {
            attribute: RISK,
            limits: vec![
                (vec!["H".into(), "VH".into()], limit(1, Unit::Days)),
                (vec!["M".into()], limit(3, Unit::Days)),
            ],
        };
    });
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED risk=VH
        2026-03-02T09:01 REFERRAL_RECEIVED risk=M
        2026-03-02T09:02 REFERRAL_RECEIVED risk=L
        2026-03-02T09:03 REFERRAL_RECEIVED
        2026-03-04T09:00 CHILD_SEEN";
    assert_eq!(
        outcomes(&by_risk, "2026-03-31", log),
        [Missed(Late), Met, CannotTell(MissingValue)]
    );
}

#[test]
fn only_what_happens_while_it_is_in_force_activates_a_standard() {
    let mut library = study("S2");
    library.standards[0].in_force_from = Some(date(2026, 3, 3));
    library.standards[0].in_force_to = Some(date(2026, 3, 4));
    let log = "2026-03-02T23:59 MISSING_RETURNED
        2026-03-03T00:00 MISSING_RETURNED
        2026-03-04 MISSING_RETURNED
        2026-03-05T00:00 MISSING_RETURNED";
    assert_eq!(outcomes(&library, "2026-03-04", log), [Pending, Pending]);
    library.standards[0].switched_off = Some("no source".to_owned());
    assert_eq!(outcomes(&library, "2026-03-04", log), []);
}

#[test]
fn what_must_not_follow_is_forbidden_until_its_time_is_over() {
    let rule = NotWithin {
        trigger: on(of("SUSPECT_IDENTIFIED")),
        forbidden: of("SUSPECT_INTERVIEWED"),
        same: Some(SUSPECT),
        limits: Limits::One(limit(24, Unit::Hours)),
    };
    let library = library(vec![standard("N", Rule::NotWithin(rule))]);
    let log = "2026-03-02T09:00 SUSPECT_IDENTIFIED suspect=A
        2026-03-02T10:00 SUSPECT_IDENTIFIED suspect=B
        2026-03-02T11:00 SUSPECT_INTERVIEWED suspect=A";
    assert_eq!(
        outcomes(&library, "2026-03-02", log),
        [Missed(Forbidden), Pending]
    );
    assert_eq!(
        outcomes(&library, "2026-03-03", log),
        [Missed(Forbidden), Met]
    );
}

#[test]
fn a_measure_ends_with_the_first_that_surely_follows() {
    let rule = |_| Elapsed {
        trigger: on(of("REFERRAL_RECEIVED")),
        until: of("CHILD_SEEN"),
        same: None,
    };
    let measure: Standard = standard("E", Rule::Elapsed(rule(())));
    let library = library(vec![measure]);
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-05T09:00 CHILD_SEEN
        2026-03-04T09:00 CHILD_SEEN";
    let [verdict] = check(&library, "2026-03-31", log)[..] else {
        panic!("one verdict")
    };
    assert_eq!((verdict.outcome, verdict.deciding), (Met, Some(2)));
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-02 CHILD_SEEN
        2026-03-04T09:00 CHILD_SEEN";
    assert_eq!(
        outcomes(&library, "2026-03-31", log),
        [CannotTell(OrderWithinDay)]
    );
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED";
    assert_eq!(outcomes(&library, "2026-03-31", log), [Pending]);
}
