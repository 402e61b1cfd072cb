use super::NewRound;
use crate::error::Error;
use crate::inspection;
use crate::testing::World;
use axum::http::StatusCode;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;

fn quarterly() -> NewRound {
    NewRound {
        kind: "quarterly-update".into(),
        title: "Quarterly update".into(),
        framework: "child-protection-2016@1".into(),
        fieldwork_from: "2026-06-01".into(),
        fieldwork_to: "2026-08-28".into(),
    }
}

/// Moves a whole audited round, all good, from its own inspection into another.
async fn give_round_good_cases(world: &World, round: &InspectionId) {
    let source = world.audited_inspection().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    for statement in [
        "INSERT INTO case_record (inspection_id, reference, category, area, opened_on, version)
         SELECT $1, reference, category, area, opened_on, version FROM case_record WHERE inspection_id = $2",
        "INSERT INTO sampled_case (inspection_id, reference, sample_id, stratum, position, inclusion_probability, state)
         SELECT $1, reference, sample_id, stratum, position, inclusion_probability, state FROM sampled_case WHERE inspection_id = $2",
        "INSERT INTO case_grade (inspection_id, reference, grade, settled, audit_id, settled_at)
         SELECT $1, reference, 'good', settled, audit_id, settled_at FROM case_grade WHERE inspection_id = $2",
    ] {
        sqlx::query(statement)
            .bind(round.as_str())
            .bind(source.as_str())
            .execute(&mut *transaction)
            .await
            .expect("copied");
    }
    transaction.commit().await.expect("committed");
}

#[tokio::test]
async fn second_round_says_whether_the_change_is_more_than_chance() {
    let world = World::new().await;
    let lead = world.call("lead");
    let first = world.audited_inspection().await;
    let second = super::open(&lead, &first, &quarterly())
        .await
        .expect("a round");
    give_round_good_cases(&world, &second).await;
    let (_, rounds) = super::series(&lead, &second).await.expect("a series");
    assert_eq!(rounds.len(), 2);
    let change = rounds[1].change_since(&rounds[0]);
    let words = change.in_words();
    assert!(words.contains("(9 of 12) to 0.0 % (0 of 12)"), "{words}");
    assert!(
        words.contains("more than chance alone would explain"),
        "{words}"
    );
    let page = world
        .browser("lead")
        .await
        .get(&format!("/inspections/{second}/rounds"))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("more than chance alone would explain"));
    assert!(page.text().contains("<svg"));
}

#[tokio::test]
async fn round_on_another_scale_is_not_joined_and_says_why() {
    let world = World::new().await;
    let lead = world.call("lead");
    let first = world.audited_inspection().await;
    let new = NewRound {
        framework: "child-protection-2024@1".into(),
        ..quarterly()
    };
    let second = super::open(&lead, &first, &new).await.expect("a round");
    let (_, rounds) = super::series(&lead, &second).await.expect("a series");
    let words = rounds[1].change_since(&rounds[0]).in_words();
    assert!(
        words.contains("cannot be compared") && words.contains("different scales"),
        "{words}"
    );
    let chart = crate::figure::chart_of_rounds(&rounds);
    assert_eq!(chart.groups.len(), 2);
    assert!(
        chart.groups[1]
            .apart_because
            .as_ref()
            .expect("a reason")
            .contains("different scales")
    );
}

#[tokio::test]
async fn next_round_has_the_same_team_and_is_opened_from_the_last_only() {
    let world = World::new().await;
    let lead = world.call("lead");
    let first = world.inspection().await;
    assert!(matches!(
        super::open(&world.call("inspector"), &first, &quarterly()).await,
        Err(Error::Refused(_))
    ));
    let second = super::open(&lead, &first, &quarterly())
        .await
        .expect("a round");
    let inspection = inspection::load(&world.call("second"), &second)
        .await
        .expect("on the team");
    assert_eq!(
        (inspection.round, inspection.kind.code()),
        (1, "quarterly-update")
    );
    assert!(matches!(
        super::open(&lead, &first, &quarterly()).await,
        Err(Error::Refused(_))
    ));
}

#[tokio::test]
async fn progress_is_judged_with_what_it_rests_on() {
    let world = World::new().await;
    let lead = world.call("lead");
    let first = world.inspection().await;
    let second = super::open(&lead, &first, &quarterly())
        .await
        .expect("a round");
    let recommendation = recommend(&world, &first, true).await;
    let nothing_said = super::judge(&lead, &second, &recommendation, "some-progress", " ").await;
    assert!(matches!(nothing_said, Err(Error::Invalid(_))));
    super::judge(
        &lead,
        &second,
        &recommendation,
        "some-progress",
        "The training records of this round.",
    )
    .await
    .expect("judged");
    super::judge(
        &lead,
        &second,
        &recommendation,
        "good-progress",
        "The later training records.",
    )
    .await
    .expect("judged again");
    let (_, judged) = super::judgements(&lead, &second).await.expect("judgements");
    assert_eq!(judged[0].judgement.as_deref(), Some("good-progress"));
    assert!(
        super::judge(&lead, &first, &recommendation, "complete", "x")
            .await
            .is_err()
    );
    let page = world
        .browser("inspector")
        .await
        .get(&format!("/inspections/{second}/progress"))
        .await;
    assert!(
        page.text().contains("Good progress")
            && page.text().contains("The later training records.")
    );
}

#[tokio::test]
async fn unpublished_recommendation_is_not_judged() {
    let world = World::new().await;
    let lead = world.call("lead");
    let first = world.inspection().await;
    let second = super::open(&lead, &first, &quarterly())
        .await
        .expect("a round");
    let recommendation = recommend(&world, &first, false).await;
    let tried = super::judge(&lead, &second, &recommendation, "complete", "Seen.").await;
    assert!(matches!(tried, Err(Error::NotFound)));
}

async fn recommend(
    world: &World,
    inspection: &InspectionId,
    published: bool,
) -> throughline_domain::id::RecommendationId {
    let id = throughline_domain::id::RecommendationId::from_random(world.app.random());
    let lead = world.person("lead").user.expect("a user");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO recommendation (id, inspection_id, series_id, force_id, number, detail, owner,
           time_limit, written_by, written_at, published_on, due_on)
         SELECT $1, id, series_id, force_id, 1, 'Search every record at the first call.', 'Chief',
           'three-months', $3, opened_at, $4, $5 FROM inspection WHERE id = $2",
    )
    .bind(id.as_str())
    .bind(inspection.as_str())
    .bind(lead.as_str())
    .bind(published.then_some("2026-03-02"))
    .bind(published.then_some("2026-06-02"))
    .execute(&mut *transaction)
    .await
    .expect("a recommendation");
    transaction.commit().await.expect("committed");
    id
}

#[tokio::test]
async fn earlier_round_is_compared_as_it_was_published() {
    let world = World::new().await;
    let lead = world.call("lead");
    let first = world.audited_inspection().await;
    let published = crate::published::tests::publish(&world, &first).await;
    let second = super::open(&lead, &first, &quarterly())
        .await
        .expect("a round");
    give_round_good_cases(&world, &second).await;
    let _ = published;
    let digest = async || {
        let (inspection, leave) = crate::inspection::load_for(&lead, &second, Action::WriteReport)
            .await
            .expect("an inspection");
        crate::figure::digest(&lead, &leave, &inspection)
            .await
            .expect("a digest")
    };
    let before = digest().await;
    let (_, rounds) = super::series(&lead, &second).await.expect("a series");
    let as_published = rounds[0].measure.clone();
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE case_grade SET grade = 'good' WHERE inspection_id = $1")
        .bind(first.as_str())
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
    let (_, rounds) = super::series(&lead, &second).await.expect("a series");
    assert_eq!(rounds[0].measure, as_published);
    assert_eq!(digest().await, before);
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE publication SET document = REPLACE(document, 'below-good', 'other')")
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
    assert_ne!(
        digest().await,
        before,
        "what it is compared with is an input"
    );
}
