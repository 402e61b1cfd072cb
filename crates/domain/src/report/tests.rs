use super::*;
use crate::access::{Actor, Relation, Role, permit};

fn leave(role: Role, action: Action, relation: Relation) -> Permit {
    let actor = Actor {
        role,
        ..Actor::public()
    };
    permit(&actor, action, relation).expect("leave")
}

fn report() -> ReportId {
    ReportId::from_random(1)
}

/// What each state allows, written out by hand: a row a state, a column a step in the order
/// of the work.
const TABLE: [(State, [u8; 12]); 4] = [
    // save, freeze, send, comment, decide, finish, approve, brief, schedule, publish, correct,
    // approve correction
    (State::Draft, [1, 1, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0]),
    (State::AccuracyCheck, [1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0]),
    (State::Approved, [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0]),
    (State::Published, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1]),
];

#[test]
fn every_state_allows_the_steps_of_its_row_and_no_other() {
    for (state, row) in TABLE {
        for (step, expected) in Step::ALL.into_iter().zip(row) {
            assert_eq!(state.allows(step), expected == 1, "{state:?} {step:?}");
        }
    }
}

#[test]
fn codes_read_back() {
    for state in State::ALL {
        assert_eq!(state.code().parse(), Ok(state));
    }
    for decision in Decision::ALL {
        assert_eq!(decision.code().parse(), Ok(decision));
    }
}

fn approve_with(standing: Approval) -> Result<(State, ReportApproved), Refusal> {
    let leave = leave(Role::LeadInspector, Action::ApproveReport, Relation::Team);
    let event = ReportApproved {
        report: report(),
        revision: 3,
        freeze: 1,
    };
    approve(&leave, State::AccuracyCheck, standing, event)
}

#[test]
fn nothing_left_undone_is_approved() {
    assert!(approve_with(Approval::default()).is_ok());
    let author = Approval {
        by_author: true,
        ..Approval::default()
    };
    assert!(matches!(approve_with(author), Err(Refusal::NotAllowed(_))));
    let open = Approval {
        check_open: true,
        ..Approval::default()
    };
    assert!(
        matches!(approve_with(open), Err(Refusal::NotNow(why)) if why.contains("check is done"))
    );
    let undecided = Approval {
        undecided: 1,
        ..Approval::default()
    };
    assert!(
        matches!(approve_with(undecided), Err(Refusal::NotNow(why)) if why.starts_with("1 comment waits"))
    );
    let stale = Approval {
        stale: true,
        ..Approval::default()
    };
    assert!(
        matches!(approve_with(stale), Err(Refusal::NotNow(why)) if why.contains("Freeze them again"))
    );
    let disagreeing = Approval {
        readers_disagree: true,
        ..Approval::default()
    };
    assert!(
        matches!(approve_with(disagreeing), Err(Refusal::NotNow(why)) if why.contains("recalibrate"))
    );
    let unanswered = Approval {
        unanswered_concerns: 2,
        ..Approval::default()
    };
    assert!(
        matches!(approve_with(unanswered), Err(Refusal::NotNow(why)) if why.starts_with("2 causes of concern have"))
    );
}

#[test]
fn grades_are_neither_frozen_nor_sent_while_readers_disagree() {
    let leave_for = |action| leave(Role::LeadInspector, action, Relation::Own);
    let frozen = || FiguresFrozen {
        report: report(),
        inputs_digest: String::new(),
    };
    let sent = || DraftSent {
        report: report(),
        due_on: jiff::civil::date(2026, 6, 1),
        revision: 1,
    };
    let (writes, sends) = (
        leave_for(Action::WriteReport),
        leave_for(Action::SendForAccuracyCheck),
    );
    let shut = Some("Agreement is too low.");
    for told in [
        freeze(&writes, State::Draft, shut, frozen()).err(),
        send_for_accuracy_check(&sends, State::Draft, shut, sent()).err(),
    ] {
        assert!(
            matches!(&told, Some(Refusal::NotNow(why)) if why.contains("Agreement is too low. Settle")),
            "{told:?}"
        );
    }
    assert!(freeze(&writes, State::Draft, None, frozen()).is_ok());
    assert!(send_for_accuracy_check(&sends, State::Draft, None, sent()).is_ok());
}

#[test]
fn nothing_is_published_before_its_time() {
    let leave = leave(Role::Clock, Action::PublishReport, Relation::Open);
    let at: Timestamp = "2026-06-01T23:01:00Z".parse().expect("a time");
    let before: Timestamp = "2026-06-01T23:00:59Z".parse().expect("a time");
    let event = || ReportPublished {
        report: report(),
        document_digest: String::new(),
    };
    assert!(publish(&leave, State::Approved, None, at, event()).is_err());
    assert!(publish(&leave, State::Approved, Some(at), before, event()).is_err());
    let (state, _) = publish(&leave, State::Approved, Some(at), at, event()).expect("its time");
    assert_eq!(state, State::Published);
}

#[test]
#[should_panic(expected = "a permit for another action")]
fn leave_for_one_step_is_none_for_another() {
    let leave = leave(Role::LeadInspector, Action::WriteReport, Relation::Team);
    let event = ReportApproved {
        report: report(),
        revision: 1,
        freeze: 1,
    };
    let _ = approve(&leave, State::AccuracyCheck, Approval::default(), event);
}

#[test]
fn reasons_stand_in_the_journal() {
    let corrected = ReportCorrected {
        report: report(),
        version: 2,
        why: "A table had the wrong heading.".into(),
        document_digest: String::new(),
    };
    assert_eq!(corrected.reason(), Some("A table had the wrong heading."));
}

#[test]
fn nobody_approves_their_own_correction_and_one_waits_at_a_time() {
    let corrected = || ReportCorrected {
        report: report(),
        version: 2,
        why: "A table had the wrong heading.".into(),
        document_digest: String::new(),
    };
    let approves = leave(Role::LeadInspector, Action::ApproveReport, Relation::Team);
    let tried = |by_author| {
        let standing = CorrectionStanding { by_author };
        approve_correction(&approves, State::Published, standing, corrected())
    };
    assert!(tried(false).is_ok());
    assert!(matches!(tried(true), Err(Refusal::NotAllowed(_))));
    let proposes = leave(Role::LeadInspector, Action::CorrectReport, Relation::Own);
    let proposed = || CorrectionProposed {
        report: report(),
        number: 1,
        why: "A table had the wrong heading.".into(),
    };
    assert!(propose_correction(&proposes, State::Published, false, proposed()).is_ok());
    assert!(propose_correction(&proposes, State::Published, true, proposed()).is_err());
    assert!(propose_correction(&proposes, State::Approved, false, proposed()).is_err());
}
