use super::*;
use crate::figure::FigureSet;
use crate::inspection;
use crate::round::NewRound;
use crate::testing::World;
use throughline_domain::access::Action;
use throughline_domain::id::InspectionId;
use throughline_reports::table::table_csv;

async fn computed(world: &World, id: &InspectionId) -> FigureSet {
    let call = world.call("lead");
    let (inspection, leave) = inspection::load_for(&call, id, Action::WriteReport)
        .await
        .expect("an inspection");
    crate::figure::compute(&call, &leave, &inspection)
        .await
        .expect("figures")
}

fn table<'s>(set: &'s FigureSet, id: &str) -> &'s Table {
    let found = set.tables.iter().find(|table| table.id == id);
    found.unwrap_or_else(|| panic!("no table {id}"))
}

fn line(set: &FigureSet, id: &str, title: &str) -> String {
    let csv = table_csv(table(set, id));
    let found = csv.lines().find(|line| line.contains(title));
    found
        .unwrap_or_else(|| panic!("no {title}: {csv}"))
        .to_owned()
}

fn words(set: &FigureSet) -> String {
    format!("{:?}", set.show("screening"))
}

/// The title of the standard that the events of the tests are about.
fn first_title(set: &FigureSet) -> String {
    let figure = set.figures.find("missed-s1").expect("a share");
    figure.label.replace("Missed: ", "")
}

#[tokio::test]
async fn every_case_screened_is_counted_and_each_row_adds_up() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let screening = world.screening(&id).await;
    let set = computed(&world, &id).await;
    for table in &set.tables {
        table.check_sums().expect("parts add up");
    }
    // In 25 of 40 cases the child was seen in time, in 2 late and in 13 not at all.
    let figure = set.figures.find("missed-s1").expect("a share");
    assert_eq!(
        figure.measure,
        Measure::Rate {
            k: 15,
            n: 40,
            untold: Some(0)
        }
    );
    assert!(figure.print(Form::Interval).is_none(), "it is no estimate");
    let made = figure.explanation();
    for wanted in [
        "screening 1",
        "version 1 of the timelines",
        screening.standards_digest.as_str(),
        "no range of chance",
    ] {
        assert!(made.contains(wanted), "{wanted}: {made}");
    }
    assert!(figure.basis.seed.is_none(), "no draw chose these cases");
    let title = first_title(&set);
    let row = line(&set, "standards-by-case", &title);
    assert!(row.ends_with(",25,0,15,0,0,0,40"), "{row}");
    let row = line(&set, "standards-missed", &title);
    assert!(row.contains("15 of 40,37.5,37.5,37.5"), "{row}");
    assert!(words(&set).contains(&screening.standards_digest));
}

#[tokio::test]
async fn report_without_a_screening_says_nothing_of_standards() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let set = computed(&world, &id).await;
    assert!(set.figures.find("cases-checked").is_none());
    assert!(set.show("screening").is_empty() && set.show("standards-missed").is_empty());
    let report = crate::report::begin(&world.call("lead"), &id)
        .await
        .expect("a report");
    let document = crate::report::document(&world.call("lead"), &report)
        .await
        .expect("a document");
    assert!(
        document
            .sections
            .iter()
            .all(|section| section.id != "standards")
    );
}

#[tokio::test]
async fn report_shows_what_was_found_in_all_cases_beside_the_grades() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    world.screening(&id).await;
    let lead = world.call("lead");
    let report = crate::report::begin(&lead, &id).await.expect("a report");
    let document = crate::report::document(&lead, &report)
        .await
        .expect("a document");
    document.check().expect("no fault");
    let page = throughline_reports::html::render(&document).replace('\u{a0}', " ");
    for wanted in ["40 of 40", "15 of 40", "not estimates from a sample"] {
        assert!(page.contains(wanted), "{wanted}");
    }
    throughline_reports::pdf::render(&document).expect("a PDF");
}

/// Moves so many cases from one count of a standard to another, as if the screening had found them.
async fn recount(world: &World, id: &InspectionId, from: &str, to: &str, many: u64) {
    let text: String = sqlx::query_scalar("SELECT tally FROM screening WHERE inspection_id = $1")
        .bind(id.as_str())
        .fetch_one(world.app.store.reader())
        .await
        .expect("a tally");
    let mut tally: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let standards = tally["standards"].as_array_mut().expect("standards");
    let seen = standards
        .iter_mut()
        .find(|one| one["id"] == "S1")
        .expect("it");
    for counts in ["cases", "activations", "things"] {
        let counts = &mut seen[counts];
        let held = counts[from].as_u64().unwrap_or_default();
        if held < many {
            continue;
        }
        counts[from] = (held - many).into();
        counts[to] = (counts[to].as_u64().unwrap_or_default() + many).into();
    }
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE screening SET tally = $2 WHERE inspection_id = $1")
        .bind(id.as_str())
        .bind(tally.to_string())
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
}

#[tokio::test]
async fn what_cannot_be_told_widens_the_share_and_a_small_number_of_it_is_withheld() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    world.screening(&id).await;
    recount(&world, &id, "met", "missing_value", 12).await;
    let set = computed(&world, &id).await;
    let row = line(&set, "standards-missed", &first_title(&set));
    assert!(row.contains("15 of 28,53.6,37.5,67.5"), "{row}");
    recount(&world, &id, "missing_value", "met", 9).await;
    let set = computed(&world, &id).await;
    let row = line(&set, "standards-by-case", &first_title(&set));
    assert!(
        !row.contains(",3,"),
        "three cases are too few to print: {row}"
    );
    let row = line(&set, "standards-missed", &first_title(&set));
    assert!(row.ends_with(",c,c"), "{row}");
}

/// Publishes the report of an inspection as it stands.
async fn publish(world: &World, id: &InspectionId) {
    let (lead, other) = (world.call("lead"), world.call("other-lead"));
    let approver = world.person("other-lead").user.expect("a user");
    inspection::join(&lead, id, &approver)
        .await
        .expect("joined");
    let report = crate::report::begin(&lead, id).await.expect("a report");
    let seen = crate::report::seen(&lead, &report).await.expect("seen");
    crate::report::send_for_accuracy_check(&lead, &report, seen)
        .await
        .expect("sent");
    crate::report::finish_check(&world.call("liaison"), &report)
        .await
        .expect("checked");
    crate::report::approve(&other, &report, seen)
        .await
        .expect("approved");
    crate::report::schedule(&lead, &report, world.now())
        .await
        .expect("public");
}

/// A second round whose cases were found to be as those of the first, with other standards or not.
async fn next_round(world: &World, first: &InspectionId, digest: &str) -> InspectionId {
    let new = NewRound {
        kind: "quarterly-update".into(),
        title: "Quarterly update".into(),
        framework: "child-protection-2016@1".into(),
        fieldwork_from: "2026-06-01".into(),
        fieldwork_to: "2026-08-28".into(),
    };
    let second = crate::round::open(&world.call("lead"), first, &new)
        .await
        .expect("a round");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("INSERT INTO screening_run (id, inspection_id, begun_at) VALUES ($1, $2, $3)")
        .bind("screening2")
        .bind(second.as_str())
        .bind(world.now().to_string())
        .execute(&mut *transaction)
        .await
        .expect("begun");
    sqlx::query(
        "INSERT INTO screening (id, inspection_id, number, as_of, known_at, case_list_version, timelines_version, standards_version,
           library, standards_digest, input_digest, standards, tally, case_count, event_count, without_timeline,
           missing_count, run_by, run_at)
         SELECT $1, $2, number, as_of, known_at, case_list_version, timelines_version, standards_version, library,
           COALESCE(NULLIF($3, ''), standards_digest), input_digest, standards, tally, case_count, event_count,
           without_timeline, missing_count, run_by, run_at
         FROM screening WHERE inspection_id = $4",
    )
    .bind("screening2")
    .bind(second.as_str())
    .bind(digest)
    .bind(first.as_str())
    .execute(&mut *transaction)
    .await
    .expect("copied");
    transaction.commit().await.expect("committed");
    second
}

#[tokio::test]
async fn rounds_are_set_side_by_side_only_under_the_very_same_standards() {
    let world = World::new().await;
    let first = world.audited_inspection().await;
    world.screening(&first).await;
    publish(&world, &first).await;
    let same = next_round(&world, &first, "").await;
    let set = computed(&world, &same).await;
    let row = line(&set, "standards-since-last-round", &first_title(&set));
    assert!(row.ends_with("37.5 %,37.5,0.0"), "{row}");
}

#[tokio::test]
async fn rounds_under_other_standards_are_not_compared_and_the_report_says_why() {
    let world = World::new().await;
    let first = world.audited_inspection().await;
    world.screening(&first).await;
    publish(&world, &first).await;
    let other = next_round(&world, &first, "another text").await;
    let set = computed(&world, &other).await;
    assert!(set.show("standards-since-last-round").is_empty());
    assert!(
        words(&set).contains("found with other standards"),
        "{}",
        words(&set)
    );
}
