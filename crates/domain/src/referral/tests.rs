use super::*;
use crate::access::{Action, Actor, Permit, Relation, Role, permit};
use crate::calendar::{Nation, Period};
use crate::framework::{Framework, ReferralClocks};
use crate::id::{InspectionId, ReferralId};
use jiff::{SignedDuration, Timestamp};
use std::fmt::Write;

fn clocks() -> ReferralClocks {
    Framework::shipped()[0].referral.clocks.clone()
}

fn at(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

/// A Monday morning.
fn monday() -> Timestamp {
    at("2026-02-02T09:00:00Z")
}

fn after_hours(hours: i64) -> Timestamp {
    monday() + SignedDuration::from_hours(hours)
}

fn leave(role: Role, action: Action) -> Permit {
    let actor = Actor {
        role,
        ..Actor::public()
    };
    let relation = match role {
        Role::Clock => Relation::Open,
        role if role.is_of_a_force() => Relation::Served,
        _ => Relation::Team,
    };
    permit(&actor, action, relation).expect("leave")
}

fn team(step: Step) -> Permit {
    leave(Role::Inspector, step.action())
}

fn force(step: Step) -> Permit {
    leave(Role::ForceLiaison, step.action())
}

fn new() -> NewReferral {
    NewReferral {
        referral: ReferralId::from_random(1),
        inspection: InspectionId::from_random(2),
        audit: None,
        reference: "CP-2025-0000001".into(),
        number: 1,
        reason: "child-at-present-risk".into(),
        risk: "No visit is on record since the report.".into(),
        addressed_to: "The liaison".into(),
    }
}

fn raised() -> Referral {
    let leave = team(Step::Withdraw);
    raise(&leave, new(), &clocks(), Nation::England, monday())
        .expect("raised")
        .0
}

fn acknowledged() -> Referral {
    let (referral, _) = raised()
        .acknowledge(&force(Step::Acknowledge), after_hours(1))
        .expect("acknowledged");
    referral
}

fn an_answer() -> Answer {
    Answer {
        found: Found::RiskConfirmed,
        found_detail: "The visit was not made.".into(),
        protected: "Visited, and a plan agreed.".into(),
        protected_at: after_hours(3),
        further_risk: FurtherRisk::No,
        further_detail: String::new(),
        outcome: Outcome::NotYetKnown,
        actions: Vec::new(),
    }
}

fn answered() -> Referral {
    let (referral, _) = acknowledged()
        .answer(&force(Step::Answer), an_answer(), after_hours(30))
        .expect("answered");
    referral
}

fn refused() -> Referral {
    let why = "It does not say who visited.".into();
    let (referral, _) = answered()
        .refuse(
            &team(Step::Refuse),
            why,
            &clocks(),
            Nation::England,
            after_hours(50),
        )
        .expect("refused");
    referral
}

#[test]
fn every_step_is_allowed_or_refused_in_every_state() {
    let mut table = String::new();
    for state in State::ALL {
        for step in Step::ALL {
            let _ = match state.after(step) {
                Ok(next) => writeln!(table, "{state} + {step:?} = {next}"),
                Err(why) => writeln!(table, "{state} + {step:?} : {why}"),
            };
        }
    }
    insta::assert_snapshot!("transitions", table);
}

#[test]
fn referral_goes_round_until_the_answer_is_accepted() {
    let again = refused();
    assert_eq!(again.state, State::Refused);
    assert_eq!(again.answered_at, None, "another answer is owed");
    assert_eq!(
        again.first_answered_at,
        Some(after_hours(30)),
        "and the first is not unsaid"
    );
    assert!(
        again.answer_by > answered().answer_by,
        "under a fresh clock"
    );
    let (second, _) = again
        .answer(&force(Step::Answer), an_answer(), after_hours(60))
        .expect("answered again");
    let (closed, _) = second
        .accept(&team(Step::Accept), String::new(), after_hours(70))
        .expect("accepted");
    assert_eq!(closed.state, State::Accepted);
    assert_eq!(closed.next_limit(), None, "nothing runs");
}

#[test]
#[should_panic(expected = "a permit for another action")]
fn force_cannot_close_its_own_referral() {
    let leave = force(Step::Answer);
    let _ = answered().accept(&leave, String::new(), after_hours(31));
}

#[test]
fn exactly_at_the_limit_is_in_time() {
    let limit = raised().acknowledge_by;
    assert_eq!(limit, after_hours(4));
    let seen = |now| raised().clocks(now)[0].state;
    let second = SignedDuration::from_secs(1);
    assert_eq!(seen(limit), ClockState::Soon);
    assert_eq!(seen(limit + second), ClockState::RunOut);
    let stopped = |now| {
        let (after, _) = raised()
            .acknowledge(&force(Step::Acknowledge), now)
            .expect("acknowledged");
        after.clocks(now)[0].state
    };
    assert_eq!(stopped(limit), ClockState::StoppedInTime);
    assert_eq!(stopped(limit + second), ClockState::StoppedLate);
}

#[test]
fn clock_runs_out_soon_when_a_quarter_of_its_time_is_left() {
    let seen = |now| raised().clocks(now)[0].state;
    assert_eq!(
        seen(after_hours(3) - SignedDuration::from_secs(1)),
        ClockState::Running
    );
    assert_eq!(seen(after_hours(3)), ClockState::Soon);
}

#[test]
fn answer_is_due_at_the_end_of_the_tenth_working_day_in_london() {
    assert_eq!(raised().answer_by, at("2026-02-16T23:59:59Z"));
    let summer = limit(
        Period::WorkingDays(10),
        at("2026-06-01T09:00:00Z"),
        Nation::England,
    );
    assert_eq!(
        summer,
        Ok(at("2026-06-15T22:59:59Z")),
        "an hour earlier in summer"
    );
}

#[test]
fn referral_is_raised_even_where_the_bank_holidays_are_not_on_record() {
    let far = at("2040-03-01T09:00:00Z");
    let found = limit(Period::WorkingDays(10), far, Nation::Wales);
    assert_eq!(
        found,
        Ok(at("2040-03-11T23:59:59Z")),
        "calendar days are the stricter limit"
    );
}

#[test]
fn clocks_say_how_they_stand() {
    let words = |referral: &Referral, now| -> Vec<String> {
        referral.clocks(now).iter().map(Clock::in_words).collect()
    };
    assert_eq!(
        words(&raised(), after_hours(9)),
        [
            "Acknowledgement 5 hours past its limit",
            "First protective step due in 15 hours",
            "Answer due in 14 days",
        ]
    );
    assert_eq!(
        words(&answered(), after_hours(31)),
        [
            "Acknowledged after 1 hour",
            "First protective step taken after 3 hours",
            "Answered after 30 hours",
        ]
    );
}

#[test]
fn spans_are_never_more_than_they_are() {
    for (seconds, words) in [
        (59, "less than a minute"),
        (60, "1 minute"),
        (3599, "59 minutes"),
        (3600, "1 hour"),
        (48 * 3600 - 1, "47 hours"),
        (48 * 3600, "2 days"),
        (72 * 3600 - 1, "2 days"),
    ] {
        assert_eq!(span_in_words(SignedDuration::from_secs(seconds)), words);
    }
}

#[test]
fn each_rung_is_told_once_for_each_limit() {
    let ladder = clocks().escalation;
    let told_at = |now| -> Vec<_> {
        due_escalations(&raised(), &ladder, &[], now)
            .into_iter()
            .map(|due| (due.told.clock, due.told.rung))
            .collect()
    };
    assert_eq!(told_at(after_hours(4)), [], "at the limit nothing is late");
    assert_eq!(told_at(after_hours(5)), [(ClockName::Acknowledgement, 0)]);
    assert_eq!(
        told_at(after_hours(25)),
        [
            (ClockName::Acknowledgement, 0),
            (ClockName::ProtectiveStep, 0),
            (ClockName::Acknowledgement, 1),
        ]
    );
    let told: Vec<_> = due_escalations(&raised(), &ladder, &[], after_hours(25))
        .into_iter()
        .map(|due| due.told)
        .collect();
    assert_eq!(
        due_escalations(&raised(), &ladder, &told, after_hours(25)),
        []
    );
}

#[test]
fn answer_clock_after_a_refusal_can_run_out_again() {
    let ladder = clocks().escalation;
    let first = Told {
        clock: ClockName::Answer,
        limit: raised().answer_by,
        rung: 0,
    };
    let late = refused().answer_by + SignedDuration::from_hours(2);
    let due = due_escalations(&refused(), &ladder, &[first], late);
    assert_eq!(due.len(), 1);
    assert_eq!(due[0].told.limit, refused().answer_by);
}

#[test]
fn inspector_escalates_up_the_ladder_until_it_ends() {
    let ladder = clocks().escalation;
    let mut referral = raised();
    for role in ["lead-inspector", "force-chief", "lead-inspector"] {
        let (after, event) = referral
            .escalate(
                &team(Step::Escalate),
                &ladder,
                "No answer by telephone.".into(),
                monday(),
            )
            .expect("escalated");
        assert_eq!(event.to, role);
        assert_eq!(
            after.state,
            State::Raised,
            "it still waits for the same thing"
        );
        referral = after;
    }
    assert!(referral.next_to_tell(&ladder).is_err());
}

#[test]
fn mistake_is_withdrawn_within_a_quarter_of_an_hour_unless_acknowledged() {
    let withdraw = |referral: &Referral, minutes| {
        let now = monday() + SignedDuration::from_mins(minutes);
        referral.withdraw(&team(Step::Withdraw), "The wrong case.".into(), now)
    };
    let (after, _) = withdraw(&raised(), WITHDRAW_MINUTES).expect("withdrawn");
    assert_eq!((after.state, after.next_limit()), (State::Withdrawn, None));
    assert!(withdraw(&raised(), WITHDRAW_MINUTES + 1).is_err());
    assert!(withdraw(&acknowledged(), 1).is_err());
}

#[test]
fn only_the_earliest_protective_step_stops_the_clock() {
    let step = |referral: &Referral, hours| {
        referral
            .record_protective_step(
                &force(Step::RecordProtectiveStep),
                "Visited.".into(),
                after_hours(hours),
                after_hours(20),
            )
            .expect("recorded")
    };
    let (once, event) = step(&raised(), 10);
    assert!(event.first);
    let (later, event) = step(&once, 12);
    assert!(!event.first);
    assert_eq!(later.protected_at, Some(after_hours(10)));
    let (earlier, _) = step(&once, 2);
    assert_eq!(earlier.protected_at, Some(after_hours(2)));
    let future = raised().record_protective_step(
        &force(Step::RecordProtectiveStep),
        "Visited.".into(),
        after_hours(21),
        after_hours(20),
    );
    assert!(future.is_err());
}

#[test]
fn entries_read_back_as_they_were_said() {
    let (_, event) = acknowledged()
        .answer(&force(Step::Answer), an_answer(), after_hours(30))
        .expect("answered");
    let content = serde_json::to_string(&event).expect("a text");
    assert_eq!(
        Said::read(ResponseReceived::KIND, &content),
        Ok(Said::Answered(event))
    );
    assert!(Said::read("praised", "{}").is_err());
}
