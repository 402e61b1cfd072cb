use super::{Filter, NewFinding};
use crate::error::Error;
use crate::finding;
use crate::testing::World;
use axum::http::StatusCode;
use throughline_domain::access::Action;
use throughline_domain::id::{FailingId, FindingId, InspectionId};

fn concern(failings: Vec<FailingId>) -> NewFinding {
    NewFinding {
        kind: "cause-of-concern".into(),
        title: "Warning markers are not read".into(),
        detail: "In most of the cases read.".into(),
        failings,
    }
}

async fn failings(world: &World, inspection: &InspectionId) -> Vec<FailingId> {
    let pool = world.app.store.reader();
    let all =
        finding::store::failings(pool, inspection, &Filter::default(), None, (1_000, 0)).await;
    all.expect("failings").into_iter().map(|f| f.id.0).collect()
}

async fn counts(world: &World, id: &FindingId) -> (i64, i64) {
    let lead = world.call("lead");
    let (finding, ..) = finding::load_for(&lead, id, Action::ReadFinding)
        .await
        .expect("a finding");
    (finding.failings, finding.cases)
}

#[tokio::test]
async fn inspector_gathers_failings_behind_a_finding() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let all = failings(&world, &inspection).await;
    assert_eq!(all.len(), 9, "one for each case below good");
    let inspector = world.call("inspector");
    let id = finding::write(&inspector, &inspection, &concern(all[..4].to_vec()))
        .await
        .expect("a finding");
    assert_eq!(counts(&world, &id).await, (4, 4));
    finding::gather(&inspector, &id, &all[4..6], &all[..1])
        .await
        .expect("gathered");
    assert_eq!(counts(&world, &id).await, (5, 5));
    let other = finding::write(&inspector, &inspection, &concern(all[..6].to_vec())).await;
    assert_eq!(
        counts(&world, &other.expect("a second finding")).await,
        (6, 6),
        "may stand behind several"
    );
    let nothing = finding::gather(&inspector, &id, &all[4..6], &[]).await;
    assert!(matches!(nothing, Err(Error::Refused(_))));
}

#[tokio::test]
async fn failings_of_a_reading_that_was_set_aside_do_not_count() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let all = failings(&world, &inspection).await;
    let lead = world.call("lead");
    let id = finding::write(&lead, &inspection, &concern(all.clone()))
        .await
        .expect("a finding");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE audit SET state = 'draft' WHERE reference = 'CP-2025-0000012'")
        .execute(&mut *transaction)
        .await
        .expect("set aside");
    transaction.commit().await.expect("committed");
    assert_eq!(counts(&world, &id).await, (8, 8));
    let gone = finding::write(&lead, &inspection, &concern(all)).await;
    assert!(matches!(gone, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn cause_of_concern_lacks_a_recommendation_until_it_has_one() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let lead = world.call("lead");
    finding::write(&lead, &inspection, &concern(Vec::new()))
        .await
        .expect("a finding");
    let pool = world.app.store.reader();
    let lacking = finding::causes_without_recommendation(pool, &inspection)
        .await
        .expect("a list");
    assert_eq!(lacking.len(), 1);
    world.published_recommendation(&inspection).await;
    let lacking = finding::causes_without_recommendation(pool, &inspection)
        .await
        .expect("a list");
    assert_eq!(lacking.len(), 1, "only the one that nothing rests on");
}

#[tokio::test]
async fn finding_stays_as_it_is_once_its_recommendation_is_published() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let asked = world.published_recommendation(&inspection).await;
    let lead = world.call("lead");
    let mut other = concern(Vec::new());
    other.title = "Markers are sometimes read".into();
    let changed = finding::change(&lead, &asked.finding, &other).await;
    assert!(matches!(changed, Err(Error::Refused(_))));
    let all = failings(&world, &inspection).await;
    let gathered = finding::gather(&lead, &asked.finding, &all, &[]).await;
    assert!(matches!(gathered, Err(Error::Refused(_))));
}

#[tokio::test]
async fn change_keeps_what_was_said_before_in_the_journal() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let lead = world.call("lead");
    let id = finding::write(&lead, &inspection, &concern(Vec::new()))
        .await
        .expect("a finding");
    let mut after = concern(Vec::new());
    after.title = "Warning markers are seldom read".into();
    finding::change(&lead, &id, &after).await.expect("changed");
    let change: String = sqlx::query_scalar(
        "SELECT change FROM journal_entry WHERE subject = $1 AND action = 'finding changed'",
    )
    .bind(format!("finding/{id}"))
    .fetch_one(world.app.store.reader())
    .await
    .expect("an entry");
    assert!(change.contains("markers are not read") && change.contains("seldom"));
}

#[tokio::test]
async fn matrix_adds_up_and_leads_to_its_failings() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let pool = world.app.store.reader();
    let counted = finding::store::count_failings(pool, &inspection, &Filter::default(), None).await;
    let counts = finding::Counts::new(counted.expect("counts"));
    let framework = crate::framework::find("child-protection-2016@1").expect("a framework");
    let filter = Filter::default();
    let matrix = finding::matrix::Matrix::new(framework, &counts, &filter);
    let cells: usize = matrix.totals.iter().map(|cell| cell.count.failings).sum();
    let rows: usize = matrix
        .topics
        .iter()
        .flat_map(|t| &t.rows)
        .map(|row| row.total.count.failings)
        .sum();
    assert_eq!((cells, rows, matrix.total.failings), (9, 9, 9));
    let every = failings(&world, &inspection).await;
    assert_eq!(every.len(), 9, "the list has what the table counts");
    for row in matrix.topics.iter().flat_map(|topic| &topic.rows) {
        for cell in row.cells.iter().filter(|cell| cell.count.failings > 0) {
            let path = format!("/inspections/{inspection}/failings?{}", cell.query);
            let text = world.browser("inspector").await.get(&path).await.text();
            let said = format!("{} failing", cell.count.failings);
            assert!(text.contains(&said), "{path}: {said}");
        }
    }
    let browser = world.browser("inspector").await;
    let page = browser
        .get(&format!(
            "/inspections/{inspection}/failings?cause=training&category=missing"
        ))
        .await;
    assert_eq!(page.status, StatusCode::OK);
    let none = browser
        .get(&format!("/inspections/{inspection}/failings?area=nowhere"))
        .await;
    assert!(none.text().contains("No failing in these cases"));
}

#[tokio::test]
async fn ticks_attach_and_clearing_them_takes_off() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let all = failings(&world, &inspection).await;
    let lead = world.call("lead");
    let id = finding::write(&lead, &inspection, &concern(all[..2].to_vec()))
        .await
        .expect("a finding");
    let browser = world.browser("lead").await;
    let fields: Vec<(&str, &str)> = vec![
        ("shown", all[0].as_str()),
        ("shown", all[1].as_str()),
        ("shown", all[2].as_str()),
        ("failing", all[1].as_str()),
        ("failing", all[2].as_str()),
    ];
    let answer = browser
        .post(&format!("/findings/{id}/failings"), &fields)
        .await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let behind = finding::store::failings_behind(world.app.store.reader(), &id)
        .await
        .expect("some");
    let behind: Vec<_> = behind.into_iter().map(|f| f.id.0).collect();
    assert!(behind.contains(&all[1]) && behind.contains(&all[2]) && behind.len() == 2);
}

#[tokio::test]
async fn looking_at_failings_is_entered_in_the_journal() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    world
        .browser("inspector")
        .await
        .get(&format!("/inspections/{inspection}/failings"))
        .await;
    let reads: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal_entry WHERE action = 'read' AND subject = $1",
    )
    .bind(format!("failings/{inspection}"))
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(reads, 1);
}

#[tokio::test]
async fn force_sees_no_finding() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let asked = world.published_recommendation(&inspection).await;
    for name in ["chief", "liaison", "other-lead", "administrator"] {
        let tried = finding::load_for(&world.call(name), &asked.finding, Action::ReadFinding).await;
        assert!(matches!(tried, Err(Error::NotFound)), "{name}");
    }
}

#[tokio::test]
async fn form_names_every_fault() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let browser = world.browser("lead").await;
    let answer = browser
        .post(&format!("/inspections/{inspection}/findings/new"), &[])
        .await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Choose what kind",
        "Say it in one line",
        "Say what was found",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
}

#[tokio::test]
async fn failings_of_a_case_still_to_be_read_are_hidden_and_who_sees_one_is_not_given_its_case() {
    use crate::testing::reference;
    use throughline_domain::audit::Reading::Second;
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let lead = world.call("lead");
    let second = world.person("second").user.expect("a user");
    crate::audit::assign(&lead, &inspection, &reference(9), &second, Second)
        .await
        .expect("assigned");
    let path = format!("/inspections/{inspection}/failings");
    let page = world.browser("second").await.get(&path).await.text();
    assert!(!page.contains(&reference(9)), "{page}");
    assert!(page.contains(&reference(5)), "{page}");
    let seen = crate::audit::assign(&lead, &inspection, &reference(5), &second, Second).await;
    assert!(matches!(seen, Err(Error::Refused(_))), "{seen:?}");
    crate::audit::assign(&lead, &inspection, &reference(1), &second, Second)
        .await
        .expect("nothing of this one was shown");
}

#[tokio::test]
async fn figure_typed_in_a_finding_is_refused_with_its_field() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let inspector = world.call("inspector");
    let typed = NewFinding {
        title: "Late in 9 cases".into(),
        detail: "In 75 % of cases. The law gives 56 days, under section 47.".into(),
        ..concern(Vec::new())
    };
    let faults = finding::write(&inspector, &inspection, &typed)
        .await
        .expect_err("typed")
        .into_faults()
        .expect("faults");
    let fields: Vec<&str> = faults.iter().map(|fault| fault.field.as_str()).collect();
    assert_eq!(fields, ["title", "detail"]);
    let plain = NewFinding {
        detail: "The law gives 56 days, under section 47, since 2004.".into(),
        ..concern(Vec::new())
    };
    finding::write(&inspector, &inspection, &plain)
        .await
        .expect("no figure of cases");
}

#[tokio::test]
async fn gathered_failings_lead_on_to_the_recommendation() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let lead = world.call("lead");
    let id = finding::write(&lead, &inspection, &concern(Vec::new())).await;
    let id = id.expect("a finding");
    let browser = world.browser("lead").await;
    let path = format!("/findings/{id}/failings");
    let next = format!("/inspections/{inspection}/recommendations/new?finding={id}");
    let before = browser.get(&path).await.text();
    assert!(before.contains("No failing stands behind the finding yet."));
    let all = failings(&world, &inspection).await;
    let ticked = all[0].to_string();
    let fields = [("shown", ticked.as_str()), ("failing", ticked.as_str())];
    browser.post(&path, &fields).await;
    let after = browser.get(&path).await.text();
    assert!(after.contains("1 failing in 1 case stands behind the finding."));
    assert!(after.contains(&next), "{after}");
}
