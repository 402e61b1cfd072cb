//! The ten standards of the study on timelines small enough to judge by eye.

use super::library::{check, events, outcomes, outcomes_of_child, study, when};
use crate::definition::verdicts_without_key;
use crate::event::Event;
use crate::random::calendar;
use crate::verdict::Doubt::{FaultyRow, MissingValue, NoCalendar, OrderWithinDay};
use crate::verdict::Lapse::{Late, Never, TooMany, Unmatched};
use crate::verdict::Outcome::{CannotTell, Excused, Met, Missed, Pending};

#[test]
fn s1_a_child_at_high_risk_is_seen_within_a_day_unless_the_case_goes() {
    let s1 = study("S1");
    let referred = |rest: &str| format!("2026-03-02T09:00 REFERRAL_RECEIVED risk=H\n{rest}");
    let at_once = "2026-03-02T09:00 CHILD_SEEN\n2026-03-03T09:00 CHILD_SEEN";
    assert_eq!(outcomes(&s1, "2026-03-10", &referred(at_once)), [Met]);
    let late = "2026-03-03T09:01 CHILD_SEEN";
    assert_eq!(outcomes(&s1, "2026-03-10", &referred(late)), [Missed(Late)]);
    assert_eq!(outcomes(&s1, "2026-03-02", &referred(late)), [Pending]);
    assert_eq!(outcomes(&s1, "2026-03-10", &referred("")), [Missed(Never)]);
    let gone = "2026-03-02T10:00 CASE_TRANSFERRED\n2026-03-02T11:00 CHILD_SEEN";
    assert_eq!(outcomes(&s1, "2026-03-10", &referred(gone)), [Excused]);
    let seen_first = "2026-03-02T10:00 CHILD_SEEN\n2026-03-02T10:00 CASE_TRANSFERRED";
    assert_eq!(outcomes(&s1, "2026-03-10", &referred(seen_first)), [Met]);
}

#[test]
fn s1_what_is_missing_is_never_a_pass() {
    let s1 = study("S1");
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED\n2026-03-02T10:00 CHILD_SEEN";
    assert_eq!(outcomes(&s1, "2026-03-10", log), [CannotTell(MissingValue)]);
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED risk=L";
    assert_eq!(outcomes(&s1, "2026-03-10", log), []);
    let log = "? REFERRAL_RECEIVED risk=H\n2026-03-02T10:00 CHILD_SEEN";
    assert_eq!(outcomes(&s1, "2026-03-10", log), [CannotTell(FaultyRow)]);
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED risk=H\n2026-03-02T10:00 SEEN_BY_NOBODY";
    assert_eq!(outcomes(&s1, "2026-03-10", log), [CannotTell(FaultyRow)]);
}

#[test]
fn s2_a_verdict_that_hangs_on_the_order_within_a_day_cannot_be_told() {
    let s2 = study("S2");
    let log = "2026-03-02 MISSING_RETURNED\n2026-03-02 RETURN_INTERVIEW";
    assert_eq!(
        outcomes(&s2, "2026-03-10", log),
        [CannotTell(OrderWithinDay)]
    );
    assert_eq!(outcomes(&s2, "2026-03-04", log), [Pending]);
    let log = "2026-03-02 MISSING_RETURNED\n2026-03-04 RETURN_INTERVIEW";
    let [verdict] = check(&s2, "2026-03-10", log)[..] else {
        panic!("one verdict")
    };
    assert_eq!((verdict.outcome, verdict.deciding), (Met, Some(1)));
    let (first, last) = (when("2026-03-05"), when("2026-03-05"));
    assert_eq!(
        verdict.due.map(|due| (due.earliest, due.latest)),
        Some((first.earliest, last.latest))
    );
}

#[test]
fn s3_the_working_days_before_a_conference_step_over_weekends() {
    let s3 = study("S3");
    let log = "2026-03-02T09:00 STRATEGY_DISCUSSION\n2026-03-23T10:00 CONFERENCE";
    assert_eq!(outcomes(&s3, "2026-03-31", log), [Met]);
    let log = "2026-03-01T23:00 STRATEGY_DISCUSSION\n2026-03-23T10:00 CONFERENCE";
    assert_eq!(outcomes(&s3, "2026-03-31", log), [Missed(Never)]);
    let log = "2023-03-20T23:00 STRATEGY_DISCUSSION\n2023-03-23T10:00 CONFERENCE";
    assert_eq!(outcomes(&s3, "2026-03-31", log), [CannotTell(NoCalendar)]);
}

#[test]
fn s4_no_gap_is_longer_than_four_weeks_while_a_case_is_open() {
    let log = "2026-01-05T09:00 REFERRAL_RECEIVED
        2026-02-02T09:00 REVIEW
        2026-03-03T09:00 REVIEW
        2026-03-05T09:00 CASE_CLOSED
        2026-03-20T09:00 REOPENED";
    assert_eq!(
        outcomes(&study("S4"), "2026-03-31", log),
        [Met, Missed(Late), Met, Pending]
    );
}

#[test]
fn s5_no_case_is_closed_while_a_suspect_is_not_interviewed() {
    let s5 = study("S5");
    let log = "2026-03-02T09:00 SUSPECT_IDENTIFIED suspect=A
        2026-03-02T09:00 SUSPECT_IDENTIFIED suspect=B
        2026-03-03T09:00 SUSPECT_INTERVIEWED suspect=A
        2026-03-04T09:00 CASE_CLOSED
        2026-03-05T09:00 SUSPECT_INTERVIEWED suspect=B
        2026-03-06T09:00 CASE_CLOSED";
    let found = check(&s5, "2026-03-31", log);
    let parts: Vec<_> = found.iter().map(|it| (it.outcome, it.deciding)).collect();
    assert_eq!(parts, [(Missed(Unmatched), Some(1)), (Met, None)]);
    let log = "2026-03-02T09:00 SUSPECT_IDENTIFIED suspect=A
        2026-03-03T09:00 SUSPECT_INTERVIEWED
        2026-03-04T09:00 CASE_CLOSED";
    assert_eq!(outcomes(&s5, "2026-03-31", log), [CannotTell(MissingValue)]);
}

#[test]
fn s6_the_third_time_missing_in_ninety_days_is_discussed() {
    let s6 = study("S6");
    let log = "2026-01-05T09:00 MISSING_REPORTED
        2026-01-06T09:00 MISSING_REPORTED
        2026-01-07 MISSING_REPORTED
        2026-01-10T09:00 STRATEGY_DISCUSSION
        2026-04-06T12:00 MISSING_REPORTED
        2026-04-07T12:00 MISSING_REPORTED";
    let doubt = CannotTell(OrderWithinDay);
    assert_eq!(outcomes(&s6, "2026-05-31", log), [Met, doubt]);
    let log = "2026-01-05T09:00 MISSING_REPORTED
        2026-01-05T09:00 MISSING_REPORTED
        2026-01-05T09:00 MISSING_REPORTED";
    assert_eq!(outcomes(&s6, "2026-01-06", log), [Pending]);
}

#[test]
fn s7_a_plan_needs_a_risk_assessed_since_the_last_referral() {
    let s7 = study("S7");
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED
        2026-03-03T09:00 RISK_ASSESSED
        2026-03-04T09:00 PLAN_AGREED
        2026-03-05T09:00 REOPENED
        2026-03-06T09:00 PLAN_AGREED";
    assert_eq!(outcomes(&s7, "2026-03-31", log), [Met, Missed(Never)]);
    let log = "2026-03-03 REFERRAL_RECEIVED
        2026-03-03T09:00 RISK_ASSESSED
        2026-03-04T09:00 PLAN_AGREED";
    assert_eq!(
        outcomes(&s7, "2026-03-31", log),
        [CannotTell(OrderWithinDay)]
    );
}

#[test]
fn s8_a_deadline_at_the_end_of_the_last_day_is_missed() {
    let s8 = study("S8");
    let log = "2025-12-24T15:00 REFERRAL_RECEIVED\n2025-12-30T00:00 RISK_ASSESSED";
    assert_eq!(outcomes(&s8, "2025-12-28", log), [Pending]);
    assert_eq!(outcomes(&s8, "2025-12-29", log), [Missed(Never)]);
    assert_eq!(outcomes(&s8, "2025-12-30", log), [Missed(Late)]);
    let log = "2025-12-24 REFERRAL_RECEIVED\n2025-12-29 RISK_ASSESSED";
    assert_eq!(outcomes(&s8, "2025-12-30", log), [Met]);
}

#[test]
fn s9_a_second_referral_is_discussed_in_any_case_of_the_child() {
    let s9 = study("S9");
    let log = "2026-03-02T09:00 REFERRAL_RECEIVED child=C
        2026-03-10T09:00 STRATEGY_DISCUSSION child=C
        2026-03-20T09:00 REFERRAL_RECEIVED child=C";
    assert_eq!(outcomes_of_child(&s9, "2026-03-31", log), [(2, Met)]);
    let log = "2026-03-02T09:00 STRATEGY_DISCUSSION child=C
        2026-03-02T09:00 REFERRAL_RECEIVED child=C
        2026-03-20T09:00 REFERRAL_RECEIVED child=C";
    assert_eq!(
        outcomes_of_child(&s9, "2026-03-31", log),
        [(2, Missed(Never))]
    );
    assert_eq!(outcomes(&s9, "2026-03-31", log), []);
}

#[test]
fn s9_a_referral_of_no_known_child_cannot_be_told() {
    let events = events("2026-03-02T09:00 REFERRAL_RECEIVED\n2026-03-02T09:00 CHILD_SEEN");
    let events: Vec<(u32, Event)> = (5u32..).zip(events).collect();
    let as_of = super::library::end_of("2026-03-31");
    let key = super::library::CHILD;
    let found = verdicts_without_key(&study("S9"), calendar(), as_of, key, &events);
    let found: Vec<_> = found.iter().map(|(case, it)| (*case, it.outcome)).collect();
    assert_eq!(found, [(5, CannotTell(MissingValue))]);
}

#[test]
fn s10_a_fourth_allocation_is_one_too_many() {
    let s10 = study("S10");
    let log = "2026-03-02T09:00 ALLOCATED
        2026-03-03T09:00 ALLOCATED
        2026-03-04 ALLOCATED
        2026-03-04 ALLOCATED";
    let doubt = CannotTell(OrderWithinDay);
    assert_eq!(outcomes(&s10, "2026-03-31", log), [Met, Met, doubt, doubt]);
    let log = "2026-03-02T09:00 ALLOCATED
        2026-03-04T09:00 ALLOCATED
        2026-03-04T09:00 ALLOCATED
        2026-03-04T09:00 ALLOCATED";
    assert_eq!(
        outcomes(&s10, "2026-03-31", log),
        [Met, Met, Met, Missed(TooMany)]
    );
}
