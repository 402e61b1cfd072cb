use super::*;
use crate::published_record;
use crate::testing::World;
use axum::http::StatusCode;
use std::collections::BTreeMap;
use throughline_domain::id::RecommendationId;
use throughline_domain::published::shipped_text;
use throughline_reports::document::{Block, Inline, Section, Status};
use throughline_reports::figure::{Basis, Figure, Figures, Form, Measure};
use throughline_reports::table::{Additive, Cell, Column, ColumnKind, Row, Table};

/// What was published for a test.
pub(crate) struct Published {
    pub report: ReportId,
    pub recommendation: RecommendationId,
}

fn figure(key: &str, label: &str, measure: Measure) -> Figure {
    Figure {
        key: key.into(),
        label: label.into(),
        measure,
        basis: Basis {
            sample: "120 cases drawn on 2 February 2026".into(),
            method: "Wilson interval".into(),
            in_words: "Of the cases read, how many were below good".into(),
            population: Some(1_240),
            design: String::new(),
            weights: String::new(),
            left_out: String::new(),
            withheld: String::new(),
            seed: None,
            framework: "child-protection-2016@1".into(),
            standards: String::new(),
            computed_at: "2026-02-01T09:00:00Z".into(),
            inputs_digest: "digest".into(),
        },
    }
}

/// A small report: a share, a table with a withheld cell and a cell that begins like a formula.
pub(crate) fn document(status: Status, sentence: &str) -> Document {
    let share = figure(
        "below-good",
        "Cases graded below good",
        round::share(84, 120),
    );
    let sent_back = figure(
        "referrals-raised",
        "Cases sent straight back",
        Measure::Count {
            value: 9,
            of: Some(120),
        },
    );
    let count = |key: &str, label: &str, value| {
        let of = Some(120);
        figure(key, label, Measure::Count { value, of })
    };
    let good = count("grade-good", "Cases graded good", 36);
    let middle = count("grade-requires-improvement", "Cases graded RI", 51);
    let mut figures = Figures::new();
    for figure in [share, sent_back, good, middle] {
        figures.add(figure).expect("a new key");
    }
    let areas = Table {
        id: "areas".into(),
        caption: "Cases below good by area".into(),
        columns: vec![
            Column::new("Area", ColumnKind::Text, "The force’s own code of the area"),
            Column::new("Below good", ColumnKind::Count, "Cases graded below good"),
        ],
        rows: [
            vec![Cell::text("=N1"), Cell::Count(80)],
            vec![
                Cell::text("E2"),
                Cell::Suppressed("so few children could be recognised".into()),
            ],
        ]
        .map(Row::part)
        .to_vec(),
        additive: Additive::No,
        notes: Vec::new(),
        source: None,
    };
    Document {
        title: "Child protection inspection of Norhaven Police".into(),
        subtitle: "How 120 cases were handled".into(),
        reference: "NOR-2026".into(),
        version: "1.0".into(),
        status,
        published_on: Some("2026-02-01".into()),
        force: "Norhaven Police".into(),
        programme: "Child protection".into(),
        framework: "child-protection-2016@1".into(),
        sections: vec![Section {
            id: "summary".into(),
            heading: "Summary".into(),
            blocks: vec![
                Block::Paragraph {
                    id: "summary-p1".into(),
                    inlines: vec![
                        Inline::text(sentence),
                        Inline::Figure {
                            key: "below-good".into(),
                            form: Form::Interval,
                        },
                    ],
                },
                Block::Table(areas),
            ],
        }],
        figures,
        corrections: Vec::new(),
    }
}

async fn write(world: &World, sql: &'static str, values: &[Option<&str>]) {
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    let mut query = sqlx::query(sql);
    for value in values {
        query = query.bind(*value);
    }
    query.execute(&mut *transaction).await.expect("written");
    transaction.commit().await.expect("committed");
}

async fn insert_report(world: &World, inspection: &InspectionId, state: &str) -> ReportId {
    let report = ReportId::from_random(world.app.random());
    let lead = world.person("lead").user.expect("a user");
    let title = format!("Norhaven inspection, {state}");
    let values = [
        Some(report.as_str()),
        Some(inspection.as_str()),
        Some(world.force.as_str()),
        Some(title.as_str()),
        Some(state),
        Some(lead.as_str()),
        Some("2026-02-01T09:00:00Z"),
    ];
    let sql = "INSERT INTO report (id, inspection_id, force_id, title, state, revision, written_by, begun_at)
         VALUES ($1, $2, $3, $4, $5, 1, $6, $7)";
    write(world, sql, &values).await;
    report
}

async fn insert_version(
    world: &World,
    report: &ReportId,
    version: i64,
    document: &Document,
    correction: Option<&str>,
) {
    let text = serde_json::to_string(document).expect("JSON");
    let at = format!("2026-02-0{version}T09:30:00Z");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO publication (report_id, version, force_id, published_at, document, correction)
         VALUES ($1, $2, $3, $4, $5, $6)",
    )
    .bind(report.as_str())
    .bind(version)
    .bind(world.force.as_str())
    .bind(at)
    .bind(text)
    .bind(correction)
    .execute(&mut *transaction)
    .await
    .expect("a version");
    transaction.commit().await.expect("committed");
}

async fn insert_recommendation(
    world: &World,
    inspection: &InspectionId,
    number: i64,
    published_on: Option<&str>,
) -> RecommendationId {
    let id = RecommendationId::from_random(world.app.random());
    let lead = world.person("lead").user.expect("a user");
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query(
        "INSERT INTO recommendation (id, inspection_id, series_id, force_id, number, detail, owner, time_limit,
           written_by, written_at, published_on, due_on)
         SELECT $1, id, series_id, force_id, $3, $4, 'Chief constable', 'immediate', $5, '2026-01-01T09:00:00Z', $6, $7
         FROM inspection WHERE id = $2",
    )
    .bind(id.as_str())
    .bind(inspection.as_str())
    .bind(number)
    .bind(format!("Asked of the force, number {number}."))
    .bind(lead.as_str())
    .bind(published_on)
    .bind(published_on)
    .execute(&mut *transaction)
    .await
    .expect("a recommendation");
    if let Some(day) = published_on {
        for (entry, kind, status, detail) in [
            (1_i64, "status", Some("awaiting-review"), "Published."),
            (2, "comment", None, "The force has begun."),
        ] {
            sqlx::query(
                "INSERT INTO recommendation_entry (recommendation_id, number, day, kind, status, detail, account_id, actor, role, recorded_at)
                 VALUES ($1, $2, $3, $4, $5, $6, NULL, 'The lead', 'lead-inspector', '2026-02-01T09:00:00Z')",
            )
            .bind(id.as_str())
            .bind(entry)
            .bind(day)
            .bind(kind)
            .bind(status)
            .bind(detail)
            .execute(&mut *transaction)
            .await
            .expect("an entry");
        }
    }
    transaction.commit().await.expect("committed");
    id
}

/// A published report on an inspection, and a published recommendation that is a day old and
/// was due at once.
pub(crate) async fn publish(world: &World, inspection: &InspectionId) -> Published {
    let report = insert_report(world, inspection, "published").await;
    let document = document(Status::Published, "Of the cases read, below good were ");
    insert_version(world, &report, 1, &document, None).await;
    Published {
        recommendation: insert_recommendation(world, inspection, 1, Some("2026-02-01")).await,
        report,
    }
}

async fn import_record(world: &World) {
    published_record::import(&world.operator(), shipped_text(), "record.csv")
        .await
        .expect("the record");
}

/// Every address that could show something of a report.
fn addresses(report: &ReportId) -> Vec<String> {
    vec![
        format!("/published/reports/{report}"),
        format!("/published/reports/{report}?version=1"),
        format!("/published/reports/{report}/report.pdf"),
        format!("/published/reports/{report}/tables.xlsx"),
        format!("/published/reports/{report}/tables/areas.csv"),
        format!("/api/v1/reports/{report}"),
    ]
}

#[tokio::test]
async fn the_published_report_is_read_by_everybody_in_every_form() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let published = publish(&world, &inspection).await;
    let nobody = world.browser("nobody").await;
    for path in addresses(&published.report) {
        assert_eq!(nobody.get(&path).await.status, StatusCode::OK, "{path}");
    }
    let pdf = nobody.get(&addresses(&published.report)[2]).await;
    assert!(pdf.body.starts_with(b"%PDF"));
    let page = nobody.get(&addresses(&published.report)[0]).await.text();
    assert!(page.contains("70.0"), "the figure is printed: {page}");
}

#[tokio::test]
async fn what_is_not_published_cannot_be_reached_by_any_public_address() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let nobody = world.browser("nobody").await;
    for state in ["draft", "accuracy-check", "approved"] {
        let report = insert_report(&world, &world.inspection().await, state).await;
        for path in addresses(&report) {
            let answer = nobody.get(&path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path} while {state}");
        }
    }
    let hidden = insert_recommendation(&world, &inspection, 7, None).await;
    let path = format!("/published/recommendations/{hidden}");
    assert_eq!(nobody.get(&path).await.status, StatusCode::NOT_FOUND);
    for path in [
        "/published",
        "/published?q=norhaven",
        "/published/forces/norhaven",
        "/published/forces/norhaven/brief",
        "/published/recommendations",
        "/published/compare",
        "/published/data",
        "/published/data/reports.csv",
        "/published/data/rounds.csv",
        "/published/data/recommendations.csv",
        "/published/data/history.csv",
        "/api/v1/forces",
        "/api/v1/reports",
        "/api/v1/recommendations",
    ] {
        let answer = nobody.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        let text = answer.text();
        assert!(
            !text.contains("Norhaven inspection,"),
            "{path} names a draft"
        );
        assert!(
            !text.contains("number 7"),
            "{path} shows a draft recommendation"
        );
    }
}

#[tokio::test]
async fn a_correction_keeps_the_earlier_version_readable_and_says_so() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let published = publish(&world, &inspection).await;
    let corrected = document(Status::Corrected, "Corrected: below good were ");
    let note = "The first version named the wrong quarter.";
    insert_version(&world, &published.report, 2, &corrected, Some(note)).await;
    let nobody = world.browser("nobody").await;
    let path = format!("/published/reports/{}", published.report);
    let latest = nobody.get(&path).await.text();
    assert!(latest.contains("Corrected: below good") && latest.contains(note));
    let earlier = nobody.get(&format!("{path}?version=1")).await.text();
    assert!(
        earlier.contains("Of the cases read, below good"),
        "its own words"
    );
    assert!(earlier.contains("earlier version") && earlier.contains(note));
    let third = nobody.get(&format!("{path}?version=3")).await.status;
    assert_eq!(third, StatusCode::NOT_FOUND);
    let json = nobody
        .get(&format!("/api/v1/reports/{}?version=1", published.report))
        .await
        .text();
    assert!(json.contains("Of the cases read") && !json.contains("Corrected: below"));
}

#[tokio::test]
async fn a_withheld_number_stays_withheld_and_a_formula_stays_a_text_in_every_form() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let published = publish(&world, &inspection).await;
    let nobody = world.browser("nobody").await;
    let base = format!("/published/reports/{}", published.report);
    let csv = nobody.get(&format!("{base}/tables/areas.csv")).await.text();
    assert!(csv.contains("E2,c"), "{csv}");
    assert!(csv.contains("'=N1,80"), "{csv}");
    let page = nobody.get(&base).await.text();
    assert!(page.contains("suppressed: so few children could be recognised"));
    let json = nobody
        .get(&format!("/api/v1/reports/{}", published.report))
        .await
        .text();
    assert!(
        json.contains(r#"{"cell":"suppressed","value":"so few children could be recognised"}"#)
    );
    let missing = nobody
        .get(&format!("{base}/tables/others.csv"))
        .await
        .status;
    assert_eq!(missing, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_metropolitan_page_shows_2016_to_2024_and_says_why_two_rounds_are_not_joined() {
    let world = World::new().await;
    import_record(&world).await;
    let nobody = world.browser("nobody").await;
    let page = nobody
        .get("/published/forces/metropolitan-police")
        .await
        .text();
    for words in [
        "25 November 2016",
        "9 February 2024",
        "These 5 rounds do not make one trend",
        "fall into 3 groups",
        "The quarter 2 update was graded by the force itself and the other by inspectors",
        "The scale of the child exploitation inspection was not published",
        "the exploitation of children only",
        "From 74.3",
        "not known",
        "no correction for a finite list",
    ] {
        assert!(page.contains(words), "{words}");
    }
    for row in throughline_domain::published::shipped().iter().take(5) {
        let address = row.source.replace('&', "&#38;");
        assert!(page.contains(&format!("href=\"{address}\"")), "{address}");
    }
    let chart = page
        .split("<svg")
        .find(|part| part.contains("rounds-chart"))
        .expect("a chart");
    let chart = chart.split("</svg>").next().unwrap_or_default();
    assert_eq!(
        chart.matches("<circle").count(),
        4,
        "a dot for each known share"
    );
    assert_eq!(
        chart.matches("stroke-dasharray").count(),
        4,
        "two gaps between the groups"
    );
    assert!(!chart.contains("<polyline") && !chart.contains("<path"));
}

#[tokio::test]
async fn unknown_stays_unknown_on_the_page_in_the_table_and_in_the_api() {
    let world = World::new().await;
    import_record(&world).await;
    let nobody = world.browser("nobody").await;
    let page = nobody
        .get("/published/forces/lancashire-constabulary")
        .await
        .text();
    assert!(page.contains("class=\"tl-unknown\">not known"));
    let csv = nobody.get("/published/data/record.csv").await.text();
    let row = csv
        .lines()
        .find(|line| line.starts_with("Lancashire"))
        .expect("a row");
    assert!(
        row.contains(",79,not known,not known,30,not known,10,"),
        "{row}"
    );
    let json: serde_json::Value =
        serde_json::from_slice(&nobody.get("/api/v1/record").await.body).expect("JSON");
    let row = json
        .as_array()
        .and_then(|rows| {
            rows.iter()
                .find(|row| row["force"] == "Lancashire Constabulary")
        })
        .expect("a row");
    assert!(row["good"].is_null() && row["below_good"].is_null());
    assert_eq!(row["inadequate"], 30);
}

/// What a report says of the change since an earlier round.
pub(crate) fn change(verdict: &str) -> Measure {
    Measure::Difference {
        from: "Inspection, May 2025".into(),
        to: "Inspection, February 2026".into(),
        value: -0.1,
        lower: -0.2,
        upper: -0.01,
        p_value: 0.03,
        verdict: verdict.into(),
    }
}

/// Publishes a later round of the force with that share and that change.
pub(crate) async fn publish_change(world: &World, share: Measure, change: Measure) {
    let mut figures = Figures::new();
    for (key, measure) in [("below-good", share), ("change-since-previous", change)] {
        let label = "Change since Inspection, May 2025";
        figures.add(figure(key, label, measure)).expect("a new key");
    }
    let document = Document {
        figures,
        ..document(Status::Published, "Below good were ")
    };
    let report = insert_report(world, &world.inspection().await, "published").await;
    insert_version(world, &report, 2, &document, None).await;
}

#[tokio::test]
async fn own_rounds_show_the_grades_and_the_change_that_their_report_published() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    publish(&world, &inspection).await;
    let nobody = world.browser("nobody").await;
    let page = nobody.get("/published/forces/norhaven").await.text();
    for number in [">36<", ">51<", ">9<"] {
        assert!(page.contains(number), "{number}: {page}");
    }
    assert_eq!(page.matches("in the report").count(), 1, "inadequate alone");
    let estimate = Measure::Proportion {
        k: 84,
        n: 120,
        value: 0.64,
        lower: 0.55,
        upper: 0.72,
        level: 0.95,
    };
    let change = change("Fewer cases are below good, by more than chance.");
    publish_change(&world, estimate, change).await;
    let page = nobody.get("/published/forces/norhaven").await.text();
    assert!(page.contains("Inspection, May 2025 to Inspection, February 2026."));
    assert!(page.contains("by more than chance."), "{page}");
}

#[tokio::test]
async fn reports_published_here_are_not_set_in_one_table_with_the_record() {
    let world = World::new().await;
    import_record(&world).await;
    publish(&world, &world.inspection().await).await;
    let nobody = world.browser("nobody").await;
    let page = nobody.get("/published/compare").await.text();
    let (here, record) = page
        .split_once("The published record of earlier inspections")
        .expect("a heading of its own");
    assert!(here.contains("Reports published here") && here.contains("Norhaven Police"));
    assert!(!here.contains("Metropolitan Police"), "{here}");
    assert!(record.contains("Metropolitan Police") && !record.contains("Norhaven Police"));
}

#[tokio::test]
async fn a_comparison_keeps_other_scales_apart_and_does_not_name_a_worst_without_reason() {
    let world = World::new().await;
    import_record(&world).await;
    let published = collection::load(&world.operator())
        .await
        .expect("what is published");
    let league = &published.league;
    let names: Vec<Vec<&str>> = league
        .groups
        .iter()
        .map(|group| {
            group
                .places
                .iter()
                .map(|place| place.force.as_str())
                .collect()
        })
        .collect();
    assert_eq!(
        names[0],
        ["Metropolitan Police", "Derbyshire Constabulary"],
        "one scale, the largest share first"
    );
    assert_eq!(names.len(), 3, "the other scales stand alone");
    assert!(
        league.groups[0].verdict.contains("more than chance"),
        "{}",
        league.groups[0].verdict
    );
    assert_eq!(league.left_out.len(), 1);
    assert!(league.left_out[0].why.contains("30 of 79"));
}

#[tokio::test]
async fn the_register_filters_pages_and_shows_the_history_without_names() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let published = publish(&world, &inspection).await;
    for number in 2..=60 {
        insert_recommendation(&world, &inspection, number, Some("2026-02-02")).await;
    }
    let nobody = world.browser("nobody").await;
    let first = nobody.get("/published/recommendations").await.text();
    assert!(first.contains("1 to 50 of 60") && first.contains("Page 1 of 2"));
    let second = nobody.get("/published/recommendations?page=2").await.text();
    assert!(second.contains("51 to 60 of 60"));
    let late = nobody
        .get("/published/recommendations?overdue=yes")
        .await
        .text();
    assert!(
        late.contains("1 to 1 of 1") && late.contains("1 day past its limit"),
        "{late}"
    );
    let none = nobody
        .get("/published/recommendations?status=complete")
        .await
        .text();
    assert!(none.contains("No published recommendation is like this"));
    let path = format!("/published/recommendations/{}", published.recommendation);
    let page = nobody.get(&path).await.text();
    assert!(page.contains("Awaiting review") && page.contains("The force has begun."));
    assert!(page.contains("by the inspectorate") && !page.contains("The lead"));
}

#[tokio::test]
async fn anonymous_visitors_may_keep_a_page_and_others_may_not() {
    let world = World::new().await;
    import_record(&world).await;
    let nobody = world.browser("nobody").await.get("/published").await;
    assert_eq!(nobody.headers["cache-control"], "public, no-cache");
    assert!(nobody.headers.contains_key("etag"));
    let lead = world.browser("lead").await.get("/published").await;
    assert_eq!(lead.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn a_publication_of_another_process_is_seen_at_once_on_every_public_page() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    let pages = [
        "/published",
        "/published/compare",
        "/published/data/rounds.csv",
        "/published/data/reports.csv",
        "/api/v1/forces",
        "/api/v1/reports",
    ];
    for page in pages {
        let before = nobody.get(page).await.text();
        assert!(!before.contains("Norhaven"), "{page}: {before}");
    }
    publish(&world, &world.inspection().await).await;
    for page in pages {
        let after = nobody.get(page).await.text();
        assert!(after.contains("Norhaven"), "{page}: {after}");
    }
    import_record(&world).await;
    for page in [&pages[..3], &["/api/v1/forces", "/api/v1/record"]].concat() {
        let after = nobody.get(page).await.text();
        assert!(after.contains("Lancashire"), "{page}: {after}");
    }
}

#[tokio::test]
async fn a_status_that_closes_takes_a_recommendation_out_of_what_is_late() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let published = publish(&world, &inspection).await;
    insert_recommendation(&world, &inspection, 2, Some("2026-02-01")).await;
    let nobody = world.browser("nobody").await;
    let late = "/published/recommendations?overdue=yes";
    assert!(nobody.get(late).await.text().contains("1 to 2 of 2"));
    let closing = throughline_domain::framework::Framework::shipped()
        .iter()
        .flat_map(|framework| framework.statuses.clone())
        .find(|status| !status.open)
        .expect("a status that closes");
    let sql = "INSERT INTO recommendation_entry (recommendation_id, number, day, kind, status, detail, account_id, actor, role, recorded_at)
         VALUES ($1, 3, '2026-02-02', 'status', $2, 'Done.', NULL, 'The lead', 'lead-inspector', $3)";
    let values = [
        Some(published.recommendation.as_str()),
        Some(closing.code.as_str()),
        Some("2026-02-02T09:00:00Z"),
    ];
    write(&world, sql, &values).await;
    assert!(nobody.get(late).await.text().contains("1 to 1 of 1"));
    let of_status = format!("/published/recommendations?status={}", closing.code);
    assert!(nobody.get(&of_status).await.text().contains("1 to 1 of 1"));
    let front = nobody.get("/published").await.text();
    assert!(front.contains("1 still open"), "{front}");
    let api = nobody.get("/api/v1/recommendations?overdue=yes").await;
    let api: serde_json::Value = serde_json::from_slice(&api.body).expect("JSON");
    assert_eq!(api["total"], 1);
    let history = &api["recommendations"][0]["history"];
    assert_eq!(history.as_array().map(Vec::len), Some(2), "its own: {api}");
}

#[tokio::test]
async fn every_table_is_there_as_csv_and_workbook_with_what_its_columns_mean() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    publish(&world, &inspection).await;
    import_record(&world).await;
    let nobody = world.browser("nobody").await;
    for (name, _) in open_data::TABLES {
        for ending in ["csv", "xlsx", "csv-metadata.json"] {
            let path = format!("/published/data/{name}.{ending}");
            assert_eq!(nobody.get(&path).await.status, StatusCode::OK, "{path}");
        }
        let table = open_data::load_table(&world.operator(), name)
            .await
            .expect("a table");
        assert!(
            table
                .columns
                .iter()
                .all(|column| !column.description.is_empty())
        );
        assert!(!table.rows.is_empty(), "{name}");
        let listed = open_data::list(&world.operator()).await.expect("the list");
        let listed = listed.iter().find(|listed| listed.table.id == name);
        let rows = listed.map(|listed| listed.rows as usize);
        assert_eq!(rows, Some(table.rows.len()), "{name}");
    }
    for path in ["/published/data/all.xlsx", "/published/data/dictionary.csv"] {
        assert_eq!(nobody.get(path).await.status, StatusCode::OK, "{path}");
    }
    let other = nobody.get("/published/data/account.csv").await.status;
    assert_eq!(other, StatusCode::NOT_FOUND);
    let metadata = nobody
        .get("/published/data/rounds.csv-metadata.json")
        .await
        .text();
    assert!(metadata.contains("share below good (%)"), "{metadata}");
}

#[tokio::test]
async fn no_two_forces_share_a_group_in_the_table_of_rounds() {
    let world = World::new().await;
    import_record(&world).await;
    publish(&world, &world.inspection().await).await;
    let rounds = open_data::load_table(&world.operator(), "rounds").await;
    let mut of_group: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rounds.expect("a table").rows {
        let [force, group] = [0, 3].map(|cell| row.cells[cell].print().text);
        of_group.entry(group).or_default().push(force);
    }
    assert!(of_group.contains_key("norhaven-A"), "{of_group:?}");
    assert!(of_group.contains_key("metropolitan-police-B"));
    for (group, mut forces) in of_group {
        forces.dedup();
        assert_eq!(forces.len(), 1, "{group}: {forces:?}");
    }
}

#[tokio::test]
async fn the_register_offers_only_forces_to_which_something_is_published() {
    let world = World::new().await;
    let inspection = world.inspection().await;
    let nobody = world.browser("nobody").await;
    let path = "/published/recommendations";
    insert_recommendation(&world, &inspection, 1, None).await;
    let page = nobody.get(path).await.text();
    assert!(!page.contains("value=\"norhaven\""), "not published yet");
    insert_recommendation(&world, &inspection, 2, Some("2026-02-01")).await;
    let page = nobody.get(path).await.text();
    assert!(page.contains("value=\"norhaven\""), "{page}");
    assert!(!page.contains("value=\"sudmark\""), "{page}");
}

#[tokio::test]
async fn anybody_can_take_the_checker_of_the_journal() {
    let world = World::new().await;
    let nobody = world.browser("nobody").await;
    let page = nobody.get("/published/check").await.text();
    assert!(page.contains("href=\"/published/verify.py\""), "{page}");
    let file = nobody.get("/published/verify.py").await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.text().contains("import hashlib"));
}
