//! What stands in the tables of an inspection that was read, sent back, found and published.

use super::document::document;
use super::place::{FRAMEWORK, NOW, Opened, Place};
use jiff::{SignedDuration, Timestamp};
use sqlx::AnyConnection;
use std::sync::Arc;
use throughline::app::App;
use throughline::framework;
use throughline::journal;
use throughline::store::{Value, insert_many};
use throughline_domain::access::Actor;
use throughline_domain::framework::Framework;
use throughline_domain::id::{ForceId, InspectionId, ReferralId, from_random};
use throughline_domain::referral::{CaseReferred, ReferralAcknowledged, ReferralChased};
use throughline_journal::Entry;

/// Rows on their way into one table.
struct Rows {
    head: &'static str,
    rows: Vec<Vec<Value>>,
}

impl Rows {
    fn new(head: &'static str) -> Self {
        Rows {
            head,
            rows: Vec::new(),
        }
    }

    fn add(&mut self, row: impl IntoIterator<Item = Value>) {
        self.rows.push(row.into_iter().collect());
    }

    async fn insert(self, connection: &mut AnyConnection) {
        insert_many(connection, self.head, &self.rows)
            .await
            .expect(self.head);
    }
}

fn text(value: impl Into<String>) -> Value {
    Value::Text(value.into())
}

fn whole(number: usize) -> Value {
    Value::Whole(i64::try_from(number).expect("a small number"))
}

fn before(hours: usize) -> String {
    let now: Timestamp = NOW.parse().expect("a time");
    (now - SignedDuration::from_hours(hours as i64)).to_string()
}

/// What every part below needs.
struct Site<'a> {
    app: &'a Arc<App>,
    place: &'a Place,
    number: usize,
    inspection: &'a str,
    force: &'a str,
    framework: &'static Framework,
}

impl Site<'_> {
    fn id(&self) -> String {
        from_random(self.app.random())
    }

    fn lead(&self) -> Value {
        text(&self.place.people[self.number % 4].user)
    }
}

/// Fills an inspection whose sample is drawn.
pub async fn fill_inspection(
    app: &Arc<App>,
    place: &Place,
    (number, inspection, force): (usize, &InspectionId, &ForceId),
    opened: &mut Opened,
) {
    let site = Site {
        app,
        place,
        number,
        inspection: inspection.as_str(),
        force: force.as_str(),
        framework: framework::find(FRAMEWORK).expect("a framework"),
    };
    let cases: Vec<String> = sqlx::query_scalar(
        "SELECT reference FROM sampled_case WHERE inspection_id = $1 AND state = 'drawn' ORDER BY reference",
    )
    .bind(inspection.as_str())
    .fetch_all(app.store.reader())
    .await
    .expect("the sample");
    let mut transaction = app.store.begin().await.expect("a transaction");
    let failings = audits(&site, &mut transaction, &cases, opened).await;
    referrals(&site, &mut transaction, &cases, opened).await;
    findings(&site, &mut transaction, &failings, opened).await;
    recommendations(&site, &mut transaction, opened).await;
    if number % 2 == 0 {
        publication(&site, &mut transaction, opened).await;
    }
    transaction.commit().await.expect("committed");
}

/// The tables of the readings.
struct Readings {
    audits: Rows,
    answers: Rows,
    topics: Rows,
    failings: Rows,
    strengths: Rows,
    grades: Rows,
}

impl Readings {
    fn new() -> Self {
        Readings {
            audits: Rows::new(
                "INSERT INTO audit (id, inspection_id, reference, reader_id, reading, state, due_on,
                 grade, grade_reason, revision, assigned_at, saved_at, submitted_at)",
            ),
            answers: Rows::new(
                "INSERT INTO audit_answer (audit_id, criterion, answer, reason)",
            ),
            topics: Rows::new("INSERT INTO topic_grade (audit_id, topic, grade)"),
            failings: Rows::new(
                "INSERT INTO failing (id, audit_id, inspection_id, criterion, number, cause, passage, detail)",
            ),
            strengths: Rows::new("INSERT INTO strength (audit_id, number, detail, passage)"),
            grades: Rows::new(
                "INSERT INTO case_grade (inspection_id, reference, grade, settled, audit_id, settled_at)",
            ),
        }
    }

    async fn insert(self, connection: &mut AnyConnection) {
        for rows in [
            self.audits,
            self.answers,
            self.topics,
            self.failings,
            self.strengths,
            self.grades,
        ] {
            rows.insert(connection).await;
        }
    }
}

/// Every case is read; one in fifty is a draft still, one in twenty is read twice.
async fn audits(
    site: &Site<'_>,
    connection: &mut AnyConnection,
    cases: &[String],
    opened: &mut Opened,
) -> Vec<String> {
    let mut readings = Readings::new();
    for (n, case) in cases.iter().enumerate() {
        let reader = site.place.reader(site.number, n + n / 50);
        let draft = n % 50 == 49;
        let first = reading(
            site,
            &mut readings,
            (n, case),
            ("first", reader, draft),
            n % 5,
        );
        if draft {
            opened.drafts.push((reader, first));
            continue;
        }
        let twice = n % 20 == 7;
        let differs = n % 40 == 7;
        if twice {
            let reader = site.place.reader(site.number, n + n / 50 + 1);
            let grade = if differs { n % 5 + 2 } else { n % 5 };
            reading(
                site,
                &mut readings,
                (n, case),
                ("second", reader, false),
                grade,
            );
        }
        if !differs {
            let settled = if twice { "agreed" } else { "single" };
            readings.grades.add([
                text(site.inspection),
                text(case),
                text(grade(site, n % 5)),
                text(settled),
                text(&first),
                text(before(200)),
            ]);
        }
        opened.audits.push(first);
    }
    let failings = readings
        .failings
        .rows
        .iter()
        .filter_map(|row| match &row[0] {
            Value::Text(id) => Some(id.clone()),
            _ => None,
        })
        .collect();
    readings.insert(connection).await;
    failings
}

fn grade(site: &Site<'_>, turn: usize) -> String {
    let grades = &site.framework.grades;
    grades[turn % grades.len()].code.clone()
}

/// One reading with all that is written in it.
fn reading(
    site: &Site<'_>,
    into: &mut Readings,
    (n, case): (usize, &str),
    (order, reader, draft): (&str, usize, bool),
    turn: usize,
) -> String {
    let id = site.id();
    let given = grade(site, turn);
    let submitted = if draft {
        Value::Missing
    } else {
        text(before(240))
    };
    into.audits.add([
        text(&id),
        text(site.inspection),
        text(case),
        text(&site.place.people[reader].user),
        text(order),
        text(if draft { "draft" } else { "submitted" }),
        text(if n % 100 == 99 {
            "2026-01-20"
        } else {
            "2026-03-01"
        }),
        text(&given),
        text("As the answers say, taken together."),
        whole(9),
        text(before(700)),
        text(before(250)),
        submitted,
    ]);
    for topic in &site.framework.topics {
        if topic.graded {
            into.topics
                .add([text(&id), text(&topic.code), text(&given)]);
        }
        for (m, criterion) in topic.criteria.iter().enumerate() {
            let met = if (n + m) % 4 == 0 { "not-met" } else { "met" };
            into.answers.add([
                text(&id),
                text(&criterion.code),
                text(met),
                text("Entry 3 says so."),
            ]);
        }
    }
    into.strengths.add([
        text(&id),
        whole(1),
        text("Parents were told what happens next."),
        text("entry 12"),
    ]);
    for m in 0..(n % 4) {
        failing(site, into, &id, n + m, m + 1);
    }
    id
}

fn failing(site: &Site<'_>, into: &mut Readings, audit: &str, turn: usize, number: usize) {
    let criteria: Vec<_> = site.framework.criteria().collect();
    let causes = &site.framework.causes;
    into.failings.add([
        text(site.id()),
        text(audit),
        text(site.inspection),
        text(&criteria[turn % criteria.len()].code),
        whole(number),
        text(&causes[turn % causes.len()].code),
        text("entry 3"),
        text("The marker was not read before an officer was sent."),
    ]);
}

const REFERRAL: &str = "INSERT INTO referral (id, inspection_id, force_id, audit_id, reference, number,
    risk_reason, risk, addressed_to, state, raised_by, raised_at, acknowledge_by, protect_by, answer_from,
    answer_by, first_answer_by, acknowledged_at, protected_at, answered_at, first_answered_at, accepted_at,
    next_limit, rungs_told)";

/// One audit in ten was sent straight back; two of ten of these are still open.
async fn referrals(
    site: &Site<'_>,
    connection: &mut AnyConnection,
    cases: &[String],
    opened: &mut Opened,
) {
    let mut rows = Rows::new(REFERRAL);
    let mut entries = Rows::new(
        "INSERT INTO referral_entry (referral_id, number, at, account_id, actor, role, kind, content)",
    );
    for (n, case) in cases.iter().step_by(10).enumerate() {
        let id = site.id();
        rows.add(referral(site, &id, case, n));
        for (number, row) in said(site, &id, case, n).into_iter().enumerate() {
            let (role, kind, content) = row;
            entries.add([
                text(&id),
                whole(number + 1),
                text(before(480 - number)),
                Value::Missing,
                text("Somebody"),
                text(role),
                text(kind),
                text(content),
            ]);
        }
        opened.referrals.push(id);
    }
    rows.insert(connection).await;
    entries.insert(connection).await;
}

fn referral(site: &Site<'_>, id: &str, case: &str, n: usize) -> Vec<Value> {
    let (state, next) = match n % 10 {
        0 => ("raised", Some(before(30))),
        1 => ("acknowledged", Some(before(0))),
        2 => ("answered", None),
        _ => ("accepted", None),
    };
    let at = |given: bool, hours| {
        if given {
            text(before(hours))
        } else {
            Value::Missing
        }
    };
    let reasons = &site.framework.referral.reasons;
    let mut row = vec![
        text(id),
        text(site.inspection),
        text(site.force),
        Value::Missing,
        text(case),
        whole(n + 1),
        text(&reasons[n % reasons.len()].code),
        text("No visit is on record since the report."),
        text("Everybody of the force"),
        text(state),
        site.lead(),
        text(before(480)),
        text(before(479)),
        text(before(456)),
        text(before(480)),
        text(before(300)),
        text(before(300)),
    ];
    let rank = n % 10;
    row.extend([
        at(rank >= 1, 479),
        at(rank >= 1, 470),
        at(rank >= 2, 310),
        at(rank >= 2, 310),
        at(rank >= 3, 290),
        next.map_or(Value::Missing, Value::Text),
        whole(0),
    ]);
    row
}

/// What was said of a referral: role, kind, content.
fn said(
    site: &Site<'_>,
    id: &str,
    case: &str,
    n: usize,
) -> Vec<(&'static str, &'static str, String)> {
    let now: Timestamp = NOW.parse().expect("a time");
    let referral: ReferralId = id.parse().expect("an id");
    let raised = CaseReferred {
        referral: referral.clone(),
        inspection: site.inspection.parse().expect("an id"),
        audit: None,
        reference: case.into(),
        number: n as i64 + 1,
        reason: "child-at-present-risk".into(),
        risk: "No visit is on record since the report.".into(),
        addressed_to: "Everybody of the force".into(),
        acknowledge_by: now,
        protect_by: now,
        answer_by: now,
    };
    let acknowledged = ReferralAcknowledged {
        referral: referral.clone(),
    };
    let chased = ReferralChased {
        referral,
        words: "Asked by telephone what was done.".into(),
    };
    vec![
        ("inspector", "raised", json(&raised)),
        ("force-liaison", "acknowledged", json(&acknowledged)),
        ("inspector", "chased", json(&chased)),
        ("inspector", "chased", json(&chased)),
    ]
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("JSON")
}

/// Eight findings, each resting on forty failings. Nothing is recommended from the last.
async fn findings(
    site: &Site<'_>,
    connection: &mut AnyConnection,
    failings: &[String],
    opened: &mut Opened,
) {
    let mut rows = Rows::new(
        "INSERT INTO finding (id, inspection_id, kind, title, detail, written_by, written_at)",
    );
    let mut behind = Rows::new("INSERT INTO finding_failing (finding_id, failing_id)");
    for n in 0..8 {
        let id = site.id();
        let kind = ["cause-of-concern", "area-for-improvement", "finding"][n % 3];
        rows.add([
            text(&id),
            text(site.inspection),
            text(kind),
            text(format!("Warning markers are not read ({n})")),
            text("Call handlers answer before they search the systems."),
            site.lead(),
            text(before(100)),
        ]);
        for failing in failings.iter().skip(n * 5).step_by(7).take(40) {
            behind.add([text(&id), text(failing)]);
        }
        opened.findings.push(id);
    }
    rows.insert(connection).await;
    behind.insert(connection).await;
}

/// The tables of what is asked and undertaken.
struct Register {
    asked: Rows,
    grounds: Rows,
    entries: Rows,
    actions: Rows,
    progress: Rows,
}

impl Register {
    fn new() -> Self {
        Register {
            asked: Rows::new(
                "INSERT INTO recommendation (id, inspection_id, series_id, force_id, number, detail, owner,
                 time_limit, written_by, written_at, published_on, due_on)",
            ),
            grounds: Rows::new(
                "INSERT INTO recommendation_finding (recommendation_id, finding_id)",
            ),
            entries: Rows::new(
                "INSERT INTO recommendation_entry (recommendation_id, number, day, kind, status, detail,
                 actor, role, recorded_at)",
            ),
            actions: Rows::new(
                "INSERT INTO plan_action (id, recommendation_id, force_id, title, owner, due_on, state,
                 added_by, added_at)",
            ),
            progress: Rows::new(
                "INSERT INTO plan_action_entry (action_id, number, at, state, detail, actor, role)",
            ),
        }
    }
}

/// Ten recommendations, each with a history of six entries and a plan of three actions.
async fn recommendations(site: &Site<'_>, connection: &mut AnyConnection, opened: &mut Opened) {
    let series: String = sqlx::query_scalar("SELECT series_id FROM inspection WHERE id = $1")
        .bind(site.inspection)
        .fetch_one(&mut *connection)
        .await
        .expect("the series");
    let mut register = Register::new();
    for n in 0..10 {
        let id = site.id();
        asked(site, &mut register, &series, &id, n);
        let finding = &opened.findings[n % (opened.findings.len() - 1)];
        register.grounds.add([text(&id), text(finding)]);
        undertaken(site, &mut register, &id);
        opened.recommendations.push(id);
    }
    for rows in [
        register.asked,
        register.grounds,
        register.entries,
        register.actions,
        register.progress,
    ] {
        rows.insert(connection).await;
    }
}

fn asked(site: &Site<'_>, register: &mut Register, series: &str, id: &str, n: usize) {
    let statuses = &site.framework.statuses;
    let limits = &site.framework.time_limits.recommendations;
    register.asked.add([
        text(id),
        text(site.inspection),
        text(series),
        text(site.force),
        whole(n + 1),
        text("See that every warning marker is read before an officer is sent."),
        text(["Chief constable", "Head of contact"][n % 2]),
        text(&limits[n % limits.len()].code),
        site.lead(),
        text(before(900)),
        text("2025-12-01"),
        text(if n.is_multiple_of(3) {
            "2026-01-15"
        } else {
            "2026-06-01"
        }),
    ]);
    for entry in 0..6 {
        let status = entry % 2 == 0;
        let code = &statuses[(n + entry) % statuses.len()].code;
        register.entries.add([
            text(id),
            whole(entry + 1),
            text(format!("2025-12-{:02}", entry + 2)),
            text(if status { "status" } else { "comment" }),
            if status { text(code) } else { Value::Missing },
            text("The force has sent its log of markers."),
            text("Somebody"),
            text("lead-inspector"),
            text(before(800 - entry)),
        ]);
    }
}

fn undertaken(site: &Site<'_>, register: &mut Register, recommendation: &str) {
    for n in 0..3 {
        let id = site.id();
        register.actions.add([
            text(&id),
            text(recommendation),
            text(site.force),
            text("Train every call handler"),
            text("Head of contact"),
            text(if n == 0 { "2026-01-20" } else { "2026-04-01" }),
            text(["planned", "under-way", "done"][n % 3]),
            site.lead(),
            text(before(800)),
        ]);
        for number in 1..=2 {
            register.progress.add([
                text(&id),
                whole(number),
                text(before(700)),
                text("under-way"),
                text("Half of them are trained."),
                text("Somebody"),
                text("force-liaison"),
            ]);
        }
    }
}

async fn publication(site: &Site<'_>, connection: &mut AnyConnection, opened: &mut Opened) {
    let id = site.id();
    let at = before(site.number + 24);
    let title = format!("Report {} on Force {:02}", site.number, opened.force + 1);
    let mut reports = Rows::new(
        "INSERT INTO report (id, inspection_id, force_id, title, state, revision, written_by, begun_at, published_at)",
    );
    reports.add([
        text(&id),
        text(site.inspection),
        text(site.force),
        text(&title),
        text("published"),
        whole(1),
        site.lead(),
        text(before(2000)),
        text(&at),
    ]);
    reports.insert(connection).await;
    let mut publications =
        Rows::new("INSERT INTO publication (report_id, version, force_id, published_at, document)");
    publications.add([
        text(&id),
        whole(1),
        text(site.force),
        text(&at),
        text(json(&document(&title, site.number as u64))),
    ]);
    publications.insert(connection).await;
    opened.report = Some(id);
}

/// Two entries for each audit: a read, and a save.
pub async fn fill_journal(app: &Arc<App>, place: &Place, audits: usize) {
    const BATCH: usize = 2_000;
    let now: Timestamp = NOW.parse().expect("a time");
    let call = app.call(Actor::operator(), now);
    let mut head = journal::head(&call).await.expect("a head");
    let mut transaction = app.store.begin().await.expect("a transaction");
    let subjects: Vec<&String> = place.inspections.iter().flat_map(|i| &i.audits).collect();
    for begin in (0..2 * audits).step_by(BATCH) {
        let mut rows = Rows::new(
            "INSERT INTO journal_entry (seq, at, actor, role, action, subject, salt, change, leaf)",
        );
        for n in begin..(begin + BATCH).min(2 * audits) {
            let person = &place.people[n % place.people.len()];
            let entry = Entry {
                seq: head.next_seq(),
                at: NOW.into(),
                actor: format!("{} ({})", person.actor.name, person.user),
                role: person.role.code().into(),
                action: ["read", "audit saved"][n % 2].into(),
                subject: format!("audit/{}", subjects[n % subjects.len()]),
                reason: None,
                salt: format!("{n:032x}"),
                change: "{}".into(),
            };
            let leaf = entry.leaf().expect("a leaf");
            head.append(leaf);
            rows.add([
                whole(usize::try_from(entry.seq).expect("a small number")),
                text(entry.at),
                text(entry.actor),
                text(entry.role),
                text(entry.action),
                text(entry.subject),
                text(entry.salt),
                text(entry.change),
                text(leaf.to_string()),
            ]);
        }
        rows.insert(&mut transaction).await;
    }
    sqlx::query("UPDATE journal_head SET frontier = $1 WHERE id = 1")
        .bind(head.to_string())
        .execute(&mut *transaction)
        .await
        .expect("written");
    transaction.commit().await.expect("committed");
}
