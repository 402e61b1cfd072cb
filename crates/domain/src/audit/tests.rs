use super::*;
use crate::access::{Actor, Relation, Role, permit};
use crate::framework::Framework;
use crate::id::UserId;

fn leave(action: Action) -> Permit {
    let lead = Actor {
        role: Role::LeadInspector,
        ..Actor::public()
    };
    permit(&lead, action, Relation::Own).expect("leave")
}

fn standing(state: State) -> Standing {
    Standing {
        audit: AuditId::from_random(1),
        state,
        revision: 4,
    }
}

fn framework(id: &str) -> Framework {
    Framework::find_shipped(&id.parse().expect("an id")).expect("a framework")
}

fn reader(number: u64) -> UserId {
    UserId::from_random(number)
}

fn strengths() -> Part {
    Part::Strengths(StrengthsPart {
        strengths: Vec::new(),
    })
}

/// Every answer met, every grade good.
fn complete(framework: &Framework, category: &str) -> Content {
    let mut content = Content {
        grade: Some("good".into()),
        grade_reason: "The response fitted the risk.".into(),
        ..Content::default()
    };
    for (topic, criterion) in framework.criteria_for(category) {
        answer(&mut content, &criterion.code, Answer::Met, "");
        content
            .topic_grades
            .insert(topic.code.clone(), "good".into());
    }
    content
}

fn answer(content: &mut Content, criterion: &str, answer: Answer, reason: &str) {
    content.answers.insert(
        criterion.into(),
        Answered {
            criterion: criterion.into(),
            answer: Some(answer),
            reason: reason.into(),
        },
    );
}

#[test]
fn transition_table() {
    let content = complete(&framework("child-protection-2016@1"), "missing");
    let reassigned = |from| AuditReassigned {
        audit: AuditId::from_random(1),
        from,
        to: reader(2),
        due_on: jiff::civil::date(2026, 2, 16),
    };
    let mut table = String::new();
    for state in State::ALL {
        let before = standing(state);
        let write = leave(Action::WriteAudit);
        let after = [
            (
                "save",
                save(&write, &before, strengths()).map(|(next, _)| next.state),
            ),
            (
                "submit",
                submit(&write, &before, &content, &[]).map(|(next, _)| next.state),
            ),
            (
                "return",
                return_to_reader(&leave(Action::ModerateAudit), &before, "why", None, 0)
                    .map(|(next, _)| next.state),
            ),
            (
                "reassign",
                reassign(
                    &leave(Action::AssignAudit),
                    &before,
                    "CP-1",
                    None,
                    reassigned(reader(1)),
                )
                .map(|_| state),
            ),
        ];
        for (action, result) in after {
            let next =
                result.map_or_else(|refusal| format!("refused: {refusal}"), |s| s.to_string());
            table.push_str(&format!("{state} {action}: {next}\n"));
        }
    }
    insta::assert_snapshot!(table, @r"
    assigned save: draft
    assigned submit: submitted
    assigned return: refused: This audit is not submitted: its reader still has it.
    assigned reassign: assigned
    draft save: draft
    draft submit: submitted
    draft return: refused: This audit is not submitted: its reader still has it.
    draft reassign: draft
    submitted save: refused: This audit is submitted. A lead inspector can return it to its reader.
    submitted submit: refused: This audit is submitted already.
    submitted return: draft
    submitted reassign: refused: This audit is submitted. Return it to its reader before somebody else takes it.
    ");
}

#[test]
fn every_save_counts() {
    let (next, event) = save(
        &leave(Action::WriteAudit),
        &standing(State::Draft),
        strengths(),
    )
    .expect("saved");
    assert_eq!((next.revision, event.revision), (5, 5));
}

#[test]
fn nothing_is_missing_in_a_complete_audit_of_any_category() {
    for framework in Framework::shipped() {
        for category in &framework.categories {
            let content = complete(&framework, &category.code);
            assert_eq!(
                missing(&framework, &category.code, &content),
                [],
                "{}",
                category.code
            );
            let mut without = content.clone();
            let first = content.answers.keys().next().expect("a criterion").clone();
            without.answers.remove(&first);
            assert_eq!(missing(&framework, &category.code, &without).len(), 1);
        }
    }
}

#[test]
fn not_met_needs_a_reason_and_a_failing_with_cause_and_passage() {
    let framework = framework("child-protection-2016@1");
    let code = "initial-contact.risk-spotted";
    let mut content = complete(&framework, "missing");
    answer(&mut content, code, Answer::NotMet, "");
    let fields = |content: &Content| -> Vec<String> {
        missing(&framework, "missing", content)
            .into_iter()
            .map(|one| format!("{}#{}", one.step.code(), one.field))
            .collect()
    };
    assert_eq!(
        fields(&content),
        [
            "topics/initial-contact#reason-risk-spotted",
            "topics/initial-contact#cause-risk-spotted-1"
        ]
    );
    answer(&mut content, code, Answer::NotMet, "The marker was there.");
    content.failings.push(Failing {
        id: None,
        criterion: code.into(),
        cause: String::new(),
        passage: String::new(),
        detail: "Marker not read.".into(),
    });
    assert_eq!(
        fields(&content),
        [
            "topics/initial-contact#cause-risk-spotted-1",
            "topics/initial-contact#passage-risk-spotted-1"
        ]
    );
    content.failings[0].cause = "training".into();
    content.failings[0].passage = "entry 3".into();
    assert_eq!(fields(&content), [""; 0]);
    answer(&mut content, code, Answer::Met, "");
    assert_eq!(
        fields(&content),
        ["topics/initial-contact#answer-risk-spotted"]
    );
}

#[test]
fn topic_in_which_nothing_applied_needs_no_grade() {
    let framework = framework("child-protection-2024@1");
    let mut content = complete(&framework, "missing");
    content.topic_grades.remove("partnership-working");
    assert_eq!(missing(&framework, "missing", &content).len(), 1);
    for (topic, criterion) in framework.criteria_for("missing") {
        if topic.code == "partnership-working" {
            answer(&mut content, &criterion.code, Answer::NotApplicable, "");
        }
    }
    assert_eq!(missing(&framework, "missing", &content), []);
}

#[test]
fn codes_that_the_framework_does_not_know_are_refused() {
    let framework = framework("child-protection-2016@1");
    let grades = Part::Grades(GradesPart {
        grade: Some("splendid".into()),
        ..GradesPart::default()
    });
    assert!(grades.checked(&framework, "missing").is_err());
    let topic = |criterion: &str| {
        Part::Topic(TopicPart {
            topic: "initial-contact".into(),
            answers: vec![Answered {
                criterion: criterion.into(),
                answer: Some(Answer::Met),
                reason: String::new(),
            }],
            failings: Vec::new(),
        })
    };
    assert!(
        topic("initial-contact.risk-spotted")
            .checked(&framework, "missing")
            .is_ok()
    );
    assert!(
        topic("assessment.referral-made")
            .checked(&framework, "missing")
            .is_err()
    );
}

#[test]
fn nobody_is_assigned_both_readings_of_a_case() {
    let assigned = |reading, reader| AuditsAssigned {
        inspection: InspectionId::from_random(1),
        reading,
        due_on: jiff::civil::date(2026, 2, 16),
        audits: vec![Assigned {
            audit: AuditId::from_random(2),
            reference: "CP-1".into(),
            reader,
        }],
    };
    let leave = leave(Action::AssignAudit);
    let first = [("CP-1".to_owned(), Reading::First, reader(1))];
    assert!(assign(&leave, assigned(Reading::First, reader(2)), &first).is_err());
    assert!(assign(&leave, assigned(Reading::Second, reader(1)), &first).is_err());
    assert!(assign(&leave, assigned(Reading::Second, reader(2)), &[]).is_err());
    assert!(assign(&leave, assigned(Reading::Second, reader(2)), &first).is_ok());
}

#[test]
fn cases_are_shared_out_evenly_and_to_nobody_who_is_barred() {
    let cases: Vec<String> = (1..=7).map(|n| format!("CP-{n}")).collect();
    let readers = vec![
        Reader {
            id: reader(1),
            load: 2,
        },
        Reader {
            id: reader(2),
            load: 0,
        },
        Reader {
            id: reader(3),
            load: 0,
        },
    ];
    let barred = BTreeMap::from([("CP-1".to_owned(), vec![reader(2), reader(3)])]);
    let shared = share_out(&cases, readers.clone(), &barred).expect("shared");
    assert_eq!(shared[0].1, reader(1));
    let count = |n| shared.iter().filter(|(_, who)| *who == reader(n)).count();
    assert_eq!((count(1), count(2), count(3)), (1, 3, 3));
    let nobody = BTreeMap::from([("CP-2".to_owned(), vec![reader(1), reader(2), reader(3)])]);
    let refused = share_out(&cases, readers, &nobody).expect_err("nobody");
    assert_eq!(refused.reference, "CP-2");
}

#[test]
fn the_share_of_second_readings_is_rounded_up() {
    let cases: Vec<String> = (1..=12).map(|n| format!("CP-{n:02}")).collect();
    let mut next = 0_u64;
    let chosen = choose_second_readings(&cases, 10, || {
        next = next
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(97);
        next
    });
    assert_eq!(chosen.len(), 2);
    assert!(choose_second_readings(&[], 10, || 0).is_empty());
    assert_eq!(choose_second_readings(&cases, 100, || 0), cases);
}

#[test]
fn readings_settle_a_case_only_when_all_are_in_and_agree() {
    let inspection = InspectionId::from_random(1);
    let reading = |n, state, grade: &str| SubmittedReading {
        audit: AuditId::from_random(n),
        state,
        grade: Some(grade.into()),
        reader: UserId::from_random(n),
    };
    let settled = |readings: &[SubmittedReading]| {
        settle(&inspection, "CP-1", readings).map(|one| (one.settled, one.grade))
    };
    let first = reading(1, State::Submitted, "good");
    assert_eq!(
        settled(std::slice::from_ref(&first)),
        Some((Settled::Single, "good".into()))
    );
    let agreeing = reading(2, State::Submitted, "good");
    assert_eq!(
        settled(&[first.clone(), agreeing]),
        Some((Settled::Agreed, "good".into()))
    );
    let draft = reading(2, State::Draft, "good");
    assert_eq!(settled(&[first.clone(), draft]), None);
    let differing = [first, reading(2, State::Submitted, "inadequate")];
    assert_eq!(settled(&differing), None);
    let choice = |audit| Settlement {
        grade: "inadequate".into(),
        reason: "The second reading saw the marker.".into(),
        audit,
    };
    let leave = leave(Action::ModerateAudit);
    let moderated = moderate(
        &leave,
        &inspection,
        "CP-1",
        &differing,
        choice(AuditId::from_random(2)),
    )
    .expect("settled");
    assert_eq!(moderated.settled, Settled::Moderated);
    for reader in [1, 2] {
        let lead = Actor {
            role: Role::LeadInspector,
            user: Some(UserId::from_random(reader)),
            ..Actor::public()
        };
        let own = permit(&lead, Action::ModerateAudit, Relation::Own).expect("leave");
        let chosen = choice(AuditId::from_random(2));
        let refused = moderate(&own, &inspection, "CP-1", &differing, chosen);
        let why = refused.expect_err("they read it themselves").to_string();
        assert!(why.contains("Another lead inspector"), "{why}");
    }
    assert!(
        moderate(
            &leave,
            &inspection,
            "CP-1",
            &differing,
            choice(AuditId::from_random(9))
        )
        .is_err()
    );
    assert!(
        moderate(
            &leave,
            &inspection,
            "CP-1",
            &differing[..1],
            choice(AuditId::from_random(1))
        )
        .is_err()
    );
}
