//! How long a full report takes: its figures, its document, its PDF.
//!
//! 374 cases of nine kinds are graded, as in the largest inspection published so far, out of
//! a list of 20,000; the aim is the PDF in a second.

use std::sync::Arc;
use std::time::{Duration, Instant};
use throughline::account::{self, NewAccount};
use throughline::app::{App, Call};
use throughline::inspection::{self, NewInspection};
use throughline::store::{Store, Value, insert_many};
use throughline::{figure, force, framework, report};
use throughline_domain::access::{Action, Actor, Relation};
use throughline_domain::id::{AuditId, CaseListId, FailingId, InspectionId, SampleId};
use throughline_reports::{html, pdf};

const LISTED: usize = 20_000;
const READ: usize = 374;
const ROUNDS: u32 = 5;
const FRAMEWORK: &str = "child-protection-2016@1";

#[tokio::main]
async fn main() {
    let directory = tempfile::tempdir().expect("a directory");
    let store = Store::open_directory(directory.path())
        .await
        .expect("a database");
    let app = App::new(store, [3; 32]);
    let (call, id) = prepare(&app).await;
    let begun = report::begin(&call, &id).await.expect("a report");
    let leave = call
        .permit(Action::WriteReport, Relation::Own)
        .expect("leave");
    let inspection = inspection::load(&call, &id).await.expect("an inspection");

    let mut times = [Duration::ZERO; 4];
    for _ in 0..ROUNDS {
        let start = Instant::now();
        figure::compute(&call, &leave, &inspection)
            .await
            .expect("figures");
        times[0] += start.elapsed();
        let start = Instant::now();
        let document = report::document(&call, &begun).await.expect("a document");
        times[1] += start.elapsed();
        let start = Instant::now();
        let page = html::render(&document);
        times[2] += start.elapsed();
        let start = Instant::now();
        let bytes = pdf::render(&document).expect("a PDF");
        times[3] += start.elapsed();
        assert!(bytes.len() > 10_000 && page.len() > 10_000);
    }
    println!("a report on {READ} cases read of {LISTED} listed, mean of {ROUNDS}:");
    for (name, time) in ["figures", "document", "page", "PDF"]
        .into_iter()
        .zip(times)
    {
        println!(
            "{name:>10} {:8.1} ms",
            time.as_secs_f64() * 1000.0 / f64::from(ROUNDS)
        );
    }
    app.store.close().await;
}

async fn prepare(app: &Arc<App>) -> (Call, InspectionId) {
    let now = "2026-02-02T09:00:00Z".parse().expect("a time");
    let operator = app.call(Actor::operator(), now);
    let force = force::add(&operator, "norhaven", "Norhaven Police", "england")
        .await
        .expect("a force");
    let new = NewAccount {
        email: "lead@example.org".into(),
        name: "The lead".into(),
        role: "lead-inspector".into(),
        force: String::new(),
        password: "correct horse battery".into(),
        chosen: true,
    };
    account::add(&operator, &new).await.expect("an account");
    let lead = account::find_actor(app, "lead@example.org")
        .await
        .expect("the account");
    let call = app.call(lead, now);
    let new = NewInspection {
        force: force.to_string(),
        framework: FRAMEWORK.into(),
        title: "Child protection inspection".into(),
        fieldwork_from: "2026-02-02".into(),
        fieldwork_to: "2026-05-29".into(),
    };
    let id = inspection::open(&call, &new).await.expect("an inspection");
    fill(&call, &id).await;
    (call, id)
}

/// The rows of a list, a draw and its audits, written as the earlier stages leave them.
async fn fill(call: &Call, id: &InspectionId) {
    let user = call.actor.user.clone().expect("a user");
    let (list, sample) = (CaseListId::from_random(1), SampleId::from_random(2));
    let at = call.now.to_string();
    let mut transaction = call.app.store.begin().await.expect("a transaction");
    let one = |values: Vec<Value>| vec![values];
    let heads = [
        (
            "INSERT INTO case_list (id, inspection_id, version, file_name, file_digest, mapping, declared,
             period_from, period_to, case_count, imported_by, imported_at)",
            one(vec![
                list.as_str().into(), id.as_str().into(), Value::Whole(1), "list.csv".into(),
                "digest".into(), "{}".into(), "{}".into(), "2025-01-01".into(), "2025-12-31".into(),
                Value::Whole(LISTED as i64), user.as_str().into(), at.as_str().into(),
            ]),
        ),
        (
            "INSERT INTO case_record (inspection_id, reference, category, area, opened_on, version)",
            (0..LISTED).map(|n| listed(id, n)).collect(),
        ),
        (
            "INSERT INTO sample (id, inspection_id, case_list_id, seed, size, certificate, drawn_by, drawn_at)",
            one(vec![
                sample.as_str().into(), id.as_str().into(), list.as_str().into(), "seed".into(),
                Value::Whole(READ as i64), "{}".into(), user.as_str().into(), at.as_str().into(),
            ]),
        ),
        (
            "INSERT INTO sampled_case (inspection_id, reference, sample_id, stratum, position, inclusion_probability, state)",
            (0..READ)
                .map(|n| vec![
                    id.as_str().into(), reference(n).into(), sample.as_str().into(), category(n).into(),
                    Value::Whole(n as i64), Value::Real(READ as f64 / LISTED as f64), "drawn".into(),
                ])
                .collect(),
        ),
        (
            "INSERT INTO audit (id, inspection_id, reference, reader_id, reading, state, due_on, grade, revision, assigned_at, submitted_at)",
            (0..READ)
                .map(|n| vec![
                    audit(n).as_str().into(), id.as_str().into(), reference(n).into(), user.as_str().into(),
                    "first".into(), "submitted".into(), "2026-03-01".into(), grade(n).into(),
                    Value::Whole(3), at.as_str().into(), at.as_str().into(),
                ])
                .collect(),
        ),
        (
            "INSERT INTO case_grade (inspection_id, reference, grade, settled, audit_id, settled_at)",
            (0..READ)
                .map(|n| vec![
                    id.as_str().into(), reference(n).into(), grade(n).into(), "single".into(),
                    audit(n).as_str().into(), at.as_str().into(),
                ])
                .collect(),
        ),
        (
            "INSERT INTO failing (id, audit_id, inspection_id, criterion, cause, passage, detail)",
            (0..READ * 3).map(|n| failing(id, n)).collect(),
        ),
    ];
    for (head, rows) in heads {
        insert_many(&mut transaction, head, &rows)
            .await
            .expect("rows");
    }
    transaction.commit().await.expect("committed");
}

fn listed(id: &InspectionId, n: usize) -> Vec<Value> {
    vec![
        id.as_str().into(),
        reference(n).into(),
        category(n).into(),
        format!("N{}", n % 12).into(),
        "2025-03-01".into(),
        Value::Whole(1),
    ]
}

fn failing(id: &InspectionId, n: usize) -> Vec<Value> {
    let framework = framework::find(FRAMEWORK).expect("a framework");
    let criteria: Vec<_> = framework.criteria().collect();
    let criterion = &criteria[n * 7 % criteria.len()].code;
    let cause = &framework.causes[n * 5 % framework.causes.len()].code;
    vec![
        FailingId::from_random(n as u64).as_str().into(),
        audit(n % READ).as_str().into(),
        id.as_str().into(),
        criterion.as_str().into(),
        cause.as_str().into(),
        "entry 3".into(),
        "Marker not read.".into(),
    ]
}

fn reference(n: usize) -> String {
    format!("CP-2025-{n:07}")
}

fn audit(n: usize) -> AuditId {
    AuditId::from_random(n as u64)
}

fn category(n: usize) -> &'static str {
    let categories = &framework::find(FRAMEWORK).expect("a framework").categories;
    &categories[n % categories.len()].code
}

fn grade(n: usize) -> &'static str {
    match n * 31 % 100 {
        0..26 => "good",
        26..64 => "requires-improvement",
        _ => "inadequate",
    }
}
