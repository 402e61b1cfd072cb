use super::*;
use crate::access::{Actor, Relation, Role, permit};
use crate::framework::Framework;
use jiff::civil::date;

fn leave(action: Action) -> Permit {
    let lead = Actor {
        role: Role::LeadInspector,
        ..Actor::public()
    };
    permit(&lead, action, Relation::Team).expect("a lead may")
}

fn framework() -> Framework {
    Framework::shipped().remove(0)
}

fn id() -> RecommendationId {
    RecommendationId::from_random(1)
}

fn words(detail: &str) -> Words {
    Words {
        detail: detail.into(),
        owner: "The chief officer".into(),
        limit: "immediate".into(),
    }
}

fn status(code: &str, day: Date) -> RecommendationStatusRecorded {
    RecommendationStatusRecorded {
        recommendation: id(),
        number: 2,
        day,
        status: code.into(),
        detail: "The plan was received.".into(),
    }
}

/// The report of the Metropolitan Police inspection was published on 25 November 2016.
const PUBLISHED: Date = date(2016, 11, 25);

#[test]
fn limits_of_2016_end_where_they_should() {
    let limits = framework().time_limits;
    let due = |code: &str| {
        let limit = limits.recommendations.iter().find(|l| l.code == code);
        due_on(limit.expect("a limit"), PUBLISHED, Nation::England).expect("a day")
    };
    assert_eq!(due("immediate"), PUBLISHED);
    assert_eq!(due("three-months"), date(2017, 2, 25));
    assert_eq!(due("six-months"), date(2017, 5, 25));
}

#[test]
fn plan_is_due_six_weeks_from_publication() {
    let due = plan_due_on(&framework().time_limits, PUBLISHED, Nation::England);
    assert_eq!(due, Ok(date(2017, 1, 6)));
}

#[test]
fn day_of_publication_is_the_first_of_the_56_days() {
    let due = comments_due_on(&framework().time_limits, PUBLISHED, Nation::England);
    assert_eq!(due, Ok(date(2017, 1, 19)));
}

#[test]
fn months_end_on_the_last_day_of_a_shorter_month() {
    let limits = framework().time_limits;
    let three = limits
        .recommendations
        .iter()
        .find(|l| l.code == "three-months");
    let due = due_on(three.expect("a limit"), date(2016, 11, 30), Nation::England);
    assert_eq!(due, Ok(date(2017, 2, 28)));
}

#[test]
fn first_status_is_one_the_frameworks_know() {
    for framework in Framework::shipped() {
        assert!(framework.find_status(FIRST_STATUS).is_some_and(|s| s.open));
    }
}

#[test]
fn every_standing_and_action() {
    let row = |standing| {
        let changed = RecommendationChanged {
            recommendation: id(),
            before: words("Read every marker."),
            after: words("Read every warning marker."),
        };
        let published = RecommendationPublished {
            recommendation: id(),
            published_on: PUBLISHED,
            due_on: PUBLISHED,
            status: FIRST_STATUS,
        };
        let commented = RecommendationCommented {
            recommendation: id(),
            number: 2,
            day: PUBLISHED,
            detail: "New recommendation.".into(),
        };
        let recorded = status("being-progressed", PUBLISHED);
        [
            change(
                &leave(Action::WriteRecommendation),
                false,
                standing,
                changed,
            )
            .is_ok(),
            publish(&leave(Action::PublishReport), standing, published).is_ok(),
            record_status(
                &leave(Action::RecordRecommendationStatus),
                standing,
                None,
                recorded,
            )
            .is_ok(),
            comment(
                &leave(Action::CommentOnRecommendation),
                standing,
                None,
                commented,
            )
            .is_ok(),
        ]
    };
    let table: Vec<_> = Standing::ALL.into_iter().map(|s| (s, row(s))).collect();
    assert_eq!(
        table,
        [
            (Standing::Draft, [true, true, false, false]),
            (Standing::Open, [false, false, true, true]),
            (Standing::Closed, [false, false, true, true]),
        ]
    );
}

#[test]
fn history_goes_forward_only() {
    let permit = leave(Action::RecordRecommendationStatus);
    let last = Some(Last {
        day: PUBLISHED,
        status: FIRST_STATUS,
    });
    let on = |code: &str, day| record_status(&permit, Standing::Open, last, status(code, day));
    assert!(on("being-progressed", date(2016, 11, 24)).is_err());
    assert!(
        on(FIRST_STATUS, PUBLISHED).is_err(),
        "the same status again"
    );
    assert!(on("being-progressed", PUBLISHED).is_ok());
}

#[test]
fn recommendation_rests_on_a_finding() {
    let written = RecommendationWritten {
        recommendation: id(),
        inspection: InspectionId::from_random(1),
        number: 1,
        words: words("Read every marker."),
        findings: Vec::new(),
    };
    assert!(write(&leave(Action::WriteRecommendation), false, written).is_err());
}

#[test]
fn nothing_is_written_or_changed_while_the_report_is_approved() {
    let written = RecommendationWritten {
        recommendation: id(),
        inspection: InspectionId::from_random(1),
        number: 1,
        words: words("Read every marker."),
        findings: vec![crate::id::FindingId::from_random(2)],
    };
    let writes = leave(Action::WriteRecommendation);
    assert!(write(&writes, false, written.clone()).is_ok());
    assert!(write(&writes, true, written).is_err());
    let changed = RecommendationChanged {
        recommendation: id(),
        before: words("Read every marker."),
        after: words("Read every warning marker."),
    };
    assert!(change(&writes, true, Standing::Draft, changed).is_err());
}
