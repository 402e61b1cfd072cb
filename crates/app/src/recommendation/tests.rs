use super::register::{self, Filter};
use super::{NewRecommendation, NewStatus};
use crate::error::Error;
use crate::finding::{self, NewFinding};
use crate::recommendation;
use crate::testing::World;
use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::access::Action;
use throughline_domain::id::{InspectionId, RecommendationId};

async fn draft(world: &World, inspection: &InspectionId, limit: &str) -> RecommendationId {
    let lead = world.call("lead");
    let pool = world.app.store.reader();
    let filter = finding::Filter::default();
    let failings = finding::store::failings(pool, inspection, &filter, (1_000, 0))
        .await
        .expect("failings");
    let new = NewFinding {
        kind: "cause-of-concern".into(),
        title: "Warning markers are not read".into(),
        detail: "In most of the cases read.".into(),
        failings: failings.into_iter().map(|f| f.id.0).collect(),
    };
    let finding = finding::write(&lead, inspection, &new)
        .await
        .expect("a finding");
    let new = NewRecommendation {
        detail: "See that every marker is read.".into(),
        owner: "Chief constable".into(),
        limit: limit.into(),
        findings: vec![finding],
    };
    recommendation::write(&lead, inspection, &new)
        .await
        .expect("a recommendation")
}

fn progressed(status: &str) -> NewStatus {
    NewStatus {
        status: status.into(),
        detail: "The force sent its plan.".into(),
    }
}

async fn statuses(world: &World, id: &RecommendationId) -> Vec<(String, Option<String>)> {
    let lead = world.call("lead");
    let (loaded, _) = recommendation::load_for(&lead, id, Action::ReadPlan)
        .await
        .expect("a recommendation");
    let history = recommendation::history(&lead, &loaded)
        .await
        .expect("a history");
    history
        .into_iter()
        .map(|entry| (entry.day.to_string(), entry.status))
        .collect()
}

/// How many recommendations the register shows to somebody.
async fn in_register(world: &World, name: &str, filter: &Filter) -> usize {
    let register = register::load(&world.call(name), filter).await;
    register.expect("the register").rows.len()
}

#[tokio::test]
async fn register_counts_and_filters_what_the_person_may_see() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    world.published_recommendation(&inspection).await;
    draft(&world, &inspection, "immediate").await;
    world.pass(SignedDuration::from_hours(24 * 200));
    let loaded = register::load(&world.call("lead"), &Filter::default()).await;
    let loaded = loaded.expect("the register");
    let counts = loaded.counts;
    assert_eq!((counts.open, counts.overdue, counts.drafts), (1, 1, 1));
    assert_eq!(loaded.rows[0].time_limit, "three-months", "overdue first");
    assert_eq!(loaded.offered.limits.len(), 2);
    let only = |stands: &str, limit: &str| Filter {
        stands: stands.into(),
        limit: limit.into(),
        ..Filter::default()
    };
    for (stands, limit, found) in [
        ("open", "", 1),
        ("overdue", "", 1),
        ("closed", "", 0),
        ("draft", "", 1),
        ("", "immediate", 1),
        ("overdue", "immediate", 0),
    ] {
        let filter = only(stands, limit);
        assert_eq!(
            in_register(&world, "lead", &filter).await,
            found,
            "{filter:?}"
        );
    }
    assert_eq!(in_register(&world, "chief", &Filter::default()).await, 1);
    for name in ["other-liaison", "other-lead", "administrator", "reader"] {
        assert_eq!(
            in_register(&world, name, &Filter::default()).await,
            0,
            "{name}"
        );
    }
}

#[tokio::test]
async fn force_knows_of_it_only_once_served_or_published() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = draft(&world, &inspection, "three-months").await;
    for name in ["liaison", "chief"] {
        let seen = recommendation::load_for(&world.call(name), &id, Action::ReadPlan).await;
        assert!(matches!(seen, Err(Error::NotFound)), "{name}");
        assert_eq!(in_register(&world, name, &Filter::default()).await, 0);
    }
    world.publish(&inspection).await;
    for name in ["liaison", "chief"] {
        let seen = recommendation::load_for(&world.call(name), &id, Action::ReadPlan).await;
        assert!(seen.is_ok(), "{name}");
        assert_eq!(in_register(&world, name, &Filter::default()).await, 1);
    }
    let other = recommendation::load_for(&world.call("other-liaison"), &id, Action::ReadPlan).await;
    assert!(matches!(other, Err(Error::NotFound)));
}

#[tokio::test]
async fn force_knows_of_it_when_the_draft_is_served() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = draft(&world, &inspection, "three-months").await;
    let lead = world.person("lead").user.expect("a user");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO report (id, inspection_id, force_id, title, state, revision, written_by, begun_at)
         VALUES ('000000000001', $1, $2, 'Report', 'draft', 1, $3, '2026-02-02T09:00:00Z')",
    )
    .bind(inspection.as_str())
    .bind(world.force.as_str())
    .bind(lead.as_str())
    .execute(&mut *transaction)
    .await
    .expect("a report");
    transaction.commit().await.expect("committed");
    let chief = world.call("chief");
    assert!(
        recommendation::load_for(&chief, &id, Action::ReadPlan)
            .await
            .is_err()
    );
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE report SET state = 'accuracy-check'")
        .execute(&mut *transaction)
        .await
        .expect("served");
    transaction.commit().await.expect("committed");
    let seen = recommendation::load_for(&chief, &id, Action::ReadPlan).await;
    assert!(seen.is_ok(), "the draft was served");
    let early = recommendation::comment(&chief, &id, "We disagree.").await;
    assert!(
        matches!(early, Err(Error::Refused(_))),
        "the register has not begun"
    );
}

#[tokio::test]
async fn publication_starts_the_clock_and_the_history() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = draft(&world, &inspection, "three-months").await;
    let lead = world.call("lead");
    let early = recommendation::record_status(&lead, &id, &progressed("being-progressed")).await;
    assert!(matches!(early, Err(Error::Refused(_))));
    world.publish(&inspection).await;
    let (loaded, _) = recommendation::load_for(&lead, &id, Action::ReadPlan)
        .await
        .expect("it");
    assert_eq!(
        loaded.published_on.map(|d| d.to_string()).as_deref(),
        Some("2026-02-02")
    );
    assert_eq!(
        loaded.due_on.map(|d| d.to_string()).as_deref(),
        Some("2026-05-02")
    );
    let first = ("2026-02-02".to_owned(), Some("awaiting-review".to_owned()));
    assert_eq!(statuses(&world, &id).await, vec![first.clone()]);
    world.pass(SignedDuration::from_hours(48));
    world.publish(&inspection).await;
    assert_eq!(
        statuses(&world, &id).await,
        [first],
        "a correction changes no clock"
    );
}

#[tokio::test]
async fn history_only_grows() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = draft(&world, &inspection, "immediate").await;
    world.publish(&inspection).await;
    world.pass(SignedDuration::from_hours(24 * 3));
    let lead = world.call("lead");
    recommendation::record_status(&lead, &id, &progressed("being-progressed"))
        .await
        .expect("it");
    let again = recommendation::record_status(&lead, &id, &progressed("being-progressed")).await;
    assert!(matches!(again, Err(Error::Refused(_))));
    recommendation::comment(&world.call("chief"), &id, "All are trained.")
        .await
        .expect("said");
    world.pass(-SignedDuration::from_hours(24 * 2));
    let before = recommendation::comment(&world.call("lead"), &id, "Dated before.").await;
    assert!(matches!(before, Err(Error::Refused(_))));
    let history = statuses(&world, &id).await;
    let expected = [
        ("2026-02-05", None),
        ("2026-02-05", Some("being-progressed")),
        ("2026-02-02", Some("awaiting-review")),
    ];
    assert_eq!(
        history,
        expected.map(|(d, s)| (d.to_owned(), s.map(str::to_owned)))
    );
}

#[tokio::test]
async fn force_cannot_record_its_own_status() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let asked = world.published_recommendation(&inspection).await;
    for name in ["liaison", "chief"] {
        let tried = recommendation::record_status(
            &world.call(name),
            &asked.recommendation,
            &progressed("complete"),
        )
        .await;
        assert!(matches!(tried, Err(Error::Refused(_))), "{name}");
    }
}

#[tokio::test]
async fn one_click_leads_to_the_cases_for_the_team_alone() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = draft(&world, &inspection, "three-months").await;
    world.publish(&inspection).await;
    let path = format!("/recommendations/{id}/cases");
    let page = world.browser("inspector").await.get(&path).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text().contains("CP-2025-0000012") && !page.text().contains("CP-2025-0000001"));
    for name in ["chief", "liaison", "other-lead", "reader", "administrator"] {
        let page = world.browser(name).await.get(&path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{name}");
    }
    let reads: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal_entry WHERE action = 'read' AND subject = $1",
    )
    .bind(format!("recommendation/{id}"))
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(reads, 1);
}

#[tokio::test]
async fn words_stay_once_published() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let id = draft(&world, &inspection, "three-months").await;
    let lead = world.call("lead");
    let new = NewRecommendation {
        detail: "See that every warning marker is read.".into(),
        owner: "Chief constable".into(),
        limit: "six-months".into(),
        findings: Vec::new(),
    };
    recommendation::change(&lead, &id, &new)
        .await
        .expect("changed");
    world.publish(&inspection).await;
    let late = NewRecommendation {
        limit: "immediate".into(),
        ..new
    };
    let tried = recommendation::change(&lead, &id, &late).await;
    assert!(matches!(tried, Err(Error::Refused(_))));
}

#[tokio::test]
async fn public_register_holds_only_what_is_published() {
    let world = World::new().await;
    let first = world.audited_inspection().await;
    let id = draft(&world, &first, "immediate").await;
    let pool = world.app.store.reader();
    assert!(
        recommendation::published_register(pool, None)
            .await
            .expect("it")
            .is_empty()
    );
    world.publish(&first).await;
    recommendation::comment(&world.call("lead"), &id, "New recommendation.")
        .await
        .expect("said");
    draft(&world, &first, "six-months").await;
    let register = recommendation::published_register(pool, Some(&world.force))
        .await
        .expect("it");
    assert_eq!(register.len(), 1);
    let kinds: Vec<_> = register[0]
        .history
        .iter()
        .map(|entry| entry.kind.as_str())
        .collect();
    assert_eq!(kinds, ["status", "comment"]);
    let other = recommendation::published_register(pool, Some(&world.other_force)).await;
    assert!(other.expect("it").is_empty());
}

#[tokio::test]
async fn register_shows_overdue_first_and_filters() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    draft(&world, &inspection, "six-months").await;
    draft(&world, &inspection, "immediate").await;
    world.publish(&inspection).await;
    world.pass(SignedDuration::from_hours(24 * 5));
    let chief = world.browser("chief").await;
    let text = chief.get("/recommendations").await.text();
    let at = |words: &str| {
        text.find(words)
            .unwrap_or_else(|| panic!("{words} is not there"))
    };
    assert!(at("Overdue by 5 days") < at("Due in 176 days"));
    let text = chief.get("/recommendations?stands=overdue").await.text();
    assert!(text.contains("1 of 2 recommendations") && !text.contains("Due in 176 days"));
}

#[tokio::test]
async fn form_names_every_fault() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    draft(&world, &inspection, "immediate").await;
    let browser = world.browser("lead").await;
    let answer = browser
        .post(
            &format!("/inspections/{inspection}/recommendations/new"),
            &[],
        )
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Choose at least one finding",
        "Say what is asked",
        "Say who is to do it",
        "Choose by when",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
}
