//! A small world for tests: a real database, a force or two, and one person of each role.
//!
//! `THROUGHLINE_TEST_DATABASE` chooses the database: `sqlite` (also when unset), or the
//! address of a PostgreSQL server on which each test makes its own database.

use crate::account::{self, NewAccount};
use crate::app::{App, Call};
use crate::arrival::Arrivals;
use crate::finding::{self, NewFinding};
use crate::force;
use crate::inspection::{self, NewInspection};
use crate::plan::{self, NewAction};
use crate::recommendation::{self, NewRecommendation};
use crate::referral;
use crate::store::{Store, Value, insert_many};
use crate::web::visit::session_cookie;
use crate::web::{Web, application};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use jiff::{SignedDuration, Timestamp};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use throughline_domain::access::{Action, Actor, Role};
use throughline_domain::audit::{self, Answered, Content, Failing};
use throughline_domain::event::Event;
use throughline_domain::id::{
    ActionId, AuditId, CaseListId, EvidenceId, FailingId, FindingId, ForceId, InspectionId,
    RecommendationId, ReferralId, SampleId,
};

/// The password of everybody in the world.
pub const PASSWORD: &str = "correct horse battery";

/// When the world begins: a Monday morning.
pub const BEGINNING: &str = "2026-02-02T09:00:00Z";

/// A database with people in it, and a clock that stands still until it is moved.
pub struct World {
    pub app: Arc<App>,
    pub force: ForceId,
    pub other_force: ForceId,
    people: BTreeMap<&'static str, Actor>,
    now: Arc<AtomicI64>,
    _directory: Option<tempfile::TempDir>,
    _arrivals: Option<tempfile::TempDir>,
}

/// Who lives in the world: name, role, and of which force (1 or 2).
const PEOPLE: [(&str, Role, u8); 9] = [
    ("lead", Role::LeadInspector, 0),
    ("other-lead", Role::LeadInspector, 0),
    ("inspector", Role::Inspector, 0),
    ("second", Role::Inspector, 0),
    ("administrator", Role::Administrator, 0),
    ("liaison", Role::ForceLiaison, 1),
    ("chief", Role::ForceChief, 1),
    ("other-liaison", Role::ForceLiaison, 2),
    ("reader", Role::Reader, 0),
];

impl World {
    /// A new world on the database that the tests were asked to run on.
    pub async fn new() -> Self {
        let (store, directory) = open_store().await;
        let app = App::new(store, [7; 32]);
        let now: Timestamp = BEGINNING.parse().expect("a time");
        let operator = app.call(Actor::operator(), now);
        let force = force::add(&operator, "norhaven", "Norhaven Police", "england")
            .await
            .expect("a force");
        let other_force = force::add(&operator, "sudmark", "Sudmark Police", "england")
            .await
            .expect("a force");
        let mut people = BTreeMap::new();
        for (name, role, of) in PEOPLE {
            let force = match of {
                1 => force.to_string(),
                2 => other_force.to_string(),
                _ => String::new(),
            };
            let email = format!("{name}@example.org");
            let new = NewAccount {
                email: email.clone(),
                name: format!("The {name}"),
                role: role.code().into(),
                force,
                password: PASSWORD.into(),
                chosen: true,
            };
            account::add(&operator, &new).await.expect("an account");
            let actor = account::find_actor(&app, &email)
                .await
                .expect("the account");
            people.insert(name, actor);
        }
        World {
            app,
            force,
            other_force,
            people,
            now: Arc::new(AtomicI64::new(now.as_second())),
            _directory: directory,
            _arrivals: None,
        }
    }

    /// A new world in which files that arrive are put aside in a folder of their own.
    pub async fn with_own_arrivals() -> Self {
        let mut world = Self::new().await;
        let folder = tempfile::tempdir().expect("a folder");
        let arrivals = Arrivals::in_folder(folder.path().to_owned());
        let store = world.app.store.clone();
        world.app = App::with_arrivals(store, [8; 32], arrivals);
        world._arrivals = Some(folder);
        world
    }

    /// A world with nobody and nothing in it, at that time.
    pub async fn empty(now: Timestamp) -> Self {
        let (store, directory) = open_store().await;
        World {
            app: App::new(store, [7; 32]),
            force: ForceId::from_random(1),
            other_force: ForceId::from_random(2),
            people: BTreeMap::new(),
            now: Arc::new(AtomicI64::new(now.as_second())),
            _directory: directory,
            _arrivals: None,
        }
    }

    /// The present moment in this world.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_second(self.now.load(Ordering::SeqCst)).expect("a time")
    }

    /// Lets time pass.
    pub fn pass(&self, time: SignedDuration) {
        self.now.fetch_add(time.as_secs(), Ordering::SeqCst);
    }

    /// Somebody of this world.
    pub fn person(&self, name: &str) -> Actor {
        self.people
            .get(name)
            .unwrap_or_else(|| panic!("nobody is called {name}"))
            .clone()
    }

    /// A call by somebody of this world, now.
    pub fn call(&self, name: &str) -> Call {
        self.app.call(self.person(name), self.now())
    }

    /// A call by the machine's operator, now.
    pub fn operator(&self) -> Call {
        self.app.call(Actor::operator(), self.now())
    }

    /// An open inspection of the first force, announced to it, with `lead`, `inspector` and `second` on its team.
    pub async fn inspection(&self) -> InspectionId {
        let lead = self.call("lead");
        let new = NewInspection {
            force: self.force.to_string(),
            framework: "child-protection-2016@1".into(),
            title: "Child protection inspection".into(),
            fieldwork_from: "2026-02-02".into(),
            fieldwork_to: "2026-05-29".into(),
        };
        let id = inspection::open(&lead, &new).await.expect("an inspection");
        for name in ["inspector", "second"] {
            let user = self.person(name).user.expect("a user");
            inspection::join(&lead, &id, &user).await.expect("a member");
        }
        inspection::announce(&lead, &id).await.expect("announced");
        id
    }

    /// An inspection with a case list of 40 cases in two categories and two areas. References are
    /// `CP-2025-0000001` and on.
    pub async fn listed_inspection(&self) -> InspectionId {
        let id = self.inspection().await;
        let lead = self.person("lead").user.expect("a user");
        let list = CaseListId::from_random(self.app.random());
        let at = self.now().to_string();
        let mut transaction = self.app.store.begin().await.expect("a transaction");
        sqlx::query(
            "INSERT INTO case_list (id, inspection_id, version, file_name, file_digest, mapping, declared,
             period_from, period_to, case_count, imported_by, imported_at)
             VALUES ($1, $2, 1, 'list.csv', 'digest', '{}', '{}', '2025-01-01', '2025-12-31', 40, $3, $4)",
        )
        .bind(list.as_str())
        .bind(id.as_str())
        .bind(lead.as_str())
        .bind(&at)
        .execute(&mut *transaction)
        .await
        .expect("a case list");
        let cases: Vec<Vec<Value>> = (1..=40)
            .map(|n: i64| {
                let category = if n % 2 == 0 {
                    "missing"
                } else {
                    "domestic-abuse"
                };
                let area = if n % 4 < 2 { "N1" } else { "E2" };
                vec![
                    id.as_str().into(),
                    reference(n).into(),
                    category.into(),
                    area.into(),
                    "2025-03-01".into(),
                    Value::Whole(1),
                ]
            })
            .collect();
        let head = "INSERT INTO case_record (inspection_id, reference, category, area, opened_on, version)";
        insert_many(&mut transaction, head, &cases)
            .await
            .expect("cases");
        transaction.commit().await.expect("committed");
        id
    }

    /// A listed inspection of whose 40 cases 12 are drawn and 4 are in reserve.
    pub async fn sampled_inspection(&self) -> InspectionId {
        let id = self.listed_inspection().await;
        let lead = self.person("lead").user.expect("a user");
        let sample = SampleId::from_random(self.app.random());
        let at = self.now().to_string();
        let mut transaction = self.app.store.begin().await.expect("a transaction");
        sqlx::query(
            "INSERT INTO sample (id, inspection_id, case_list_id, seed, size, certificate, drawn_by, drawn_at)
             SELECT $1, inspection_id, id, 'seed', 12, '{}', $3, $4 FROM case_list WHERE inspection_id = $2",
        )
        .bind(sample.as_str())
        .bind(id.as_str())
        .bind(lead.as_str())
        .bind(&at)
        .execute(&mut *transaction)
        .await
        .expect("a sample");
        let sampled: Vec<Vec<Value>> = (1..=16)
            .map(|n: i64| {
                let stratum = if n % 2 == 0 {
                    "missing"
                } else {
                    "domestic-abuse"
                };
                let state = if n <= 12 { "drawn" } else { "reserve" };
                vec![
                    id.as_str().into(),
                    reference(n).into(),
                    sample.as_str().into(),
                    stratum.into(),
                    Value::Whole(n),
                    Value::Real(0.3),
                    state.into(),
                ]
            })
            .collect();
        let head = "INSERT INTO sampled_case (inspection_id, reference, sample_id, stratum, position, inclusion_probability, state)";
        insert_many(&mut transaction, head, &sampled)
            .await
            .expect("a sample");
        transaction.commit().await.expect("committed");
        id
    }

    /// A sampled inspection whose 12 drawn cases were audited by `inspector`: 3 good, 5 requiring
    /// improvement and 4 inadequate; each of the 9 below good has one failing.
    pub async fn audited_inspection(&self) -> InspectionId {
        let id = self.sampled_inspection().await;
        let reader = self.person("inspector").user.expect("a user");
        let at = self.now().to_string();
        let mut transaction = self.app.store.begin().await.expect("a transaction");
        for n in 1..=12_i64 {
            let audit = AuditId::from_random(self.app.random());
            let grade = match n {
                1..=3 => "good",
                4..=8 => "requires-improvement",
                _ => "inadequate",
            };
            sqlx::query(
                "INSERT INTO audit (id, inspection_id, reference, reader_id, reading, state, due_on, grade, grade_reason,
                 revision, assigned_at, submitted_at) VALUES ($1, $2, $3, $4, 'first', 'submitted', '2026-03-01', $5, 'As recorded.', 3, $6, $6)",
            )
            .bind(audit.as_str())
            .bind(id.as_str())
            .bind(reference(n))
            .bind(reader.as_str())
            .bind(grade)
            .bind(&at)
            .execute(&mut *transaction)
            .await
            .expect("an audit");
            sqlx::query(
                "INSERT INTO case_grade (inspection_id, reference, grade, settled, audit_id, settled_at)
                 VALUES ($1, $2, $3, 'single', $4, $5)",
            )
            .bind(id.as_str())
            .bind(reference(n))
            .bind(grade)
            .bind(audit.as_str())
            .bind(&at)
            .execute(&mut *transaction)
            .await
            .expect("a grade");
            if n > 3 {
                let cause =
                    ["leadership", "training", "organisation", "judgement"][(n % 4) as usize];
                sqlx::query(
                    "INSERT INTO failing (id, audit_id, inspection_id, criterion, cause, passage, detail)
                     VALUES ($1, $2, $3, 'initial-contact.risk-spotted', $4, 'entry 3', 'Marker not read.')",
                )
                .bind(FailingId::from_random(self.app.random()).as_str())
                .bind(audit.as_str())
                .bind(id.as_str())
                .bind(cause)
                .execute(&mut *transaction)
                .await
                .expect("a failing");
            }
        }
        transaction.commit().await.expect("committed");
        id
    }

    /// Has the first cases of an audited inspection read a second time, by `second`: so many graded
    /// alike, and then so many otherwise. Cases beyond those drawn come to the sample, graded good.
    pub async fn read_twice(&self, inspection: &InspectionId, same: i64, differing: i64) {
        let mut transaction = self.app.store.begin().await.expect("a transaction");
        for n in 13..=same + differing {
            self.add_to_sample(&mut transaction, inspection, n).await;
        }
        for n in 1..=same + differing {
            let (first, at): (String, String) = sqlx::query_as(
                "SELECT grade, submitted_at FROM audit WHERE inspection_id = $1 AND reference = $2 AND reading = 'first'",
            )
            .bind(inspection.as_str())
            .bind(reference(n))
            .fetch_one(&mut *transaction)
            .await
            .expect("a first reading");
            let grade = match (n <= same, first.as_str()) {
                (true, same) => same,
                (false, "inadequate") => "good",
                (false, _) => "inadequate",
            };
            let reading = ("second", "second", grade);
            self.submit(&mut transaction, inspection, n, reading, &at)
                .await;
        }
        transaction.commit().await.expect("committed");
    }

    /// The second readings are given anew, as the first.
    pub async fn readers_agree(&self, inspection: &InspectionId) {
        let mut transaction = self.app.store.begin().await.expect("a transaction");
        sqlx::query(
            "UPDATE audit SET grade = (SELECT first_reading.grade FROM audit AS first_reading
               WHERE first_reading.inspection_id = audit.inspection_id
                 AND first_reading.reference = audit.reference AND first_reading.reading = 'first')
             WHERE inspection_id = $1 AND reading = 'second'",
        )
        .bind(inspection.as_str())
        .execute(&mut *transaction)
        .await
        .expect("graded anew");
        transaction.commit().await.expect("committed");
    }

    async fn add_to_sample(
        &self,
        connection: &mut sqlx::AnyConnection,
        inspection: &InspectionId,
        n: i64,
    ) {
        sqlx::query(
            "INSERT INTO sampled_case (inspection_id, reference, sample_id, stratum, position, inclusion_probability, state)
             SELECT inspection_id, $2, sample_id, $3, CAST($4 AS BIGINT), inclusion_probability, 'drawn' FROM sampled_case
             WHERE inspection_id = $1 AND reference = $5
             ON CONFLICT (inspection_id, reference) DO UPDATE SET state = 'drawn'",
        )
        .bind(inspection.as_str())
        .bind(reference(n))
        .bind(if n % 2 == 0 { "missing" } else { "domestic-abuse" })
        .bind(n)
        .bind(reference(1))
        .execute(&mut *connection)
        .await
        .expect("a drawn case");
        let at = self.now().to_string();
        let audit = self
            .submit(
                connection,
                inspection,
                n,
                ("inspector", "first", "good"),
                &at,
            )
            .await;
        sqlx::query(
            "INSERT INTO case_grade (inspection_id, reference, grade, settled, audit_id, settled_at)
             VALUES ($1, $2, 'good', 'single', $3, $4)",
        )
        .bind(inspection.as_str())
        .bind(reference(n))
        .bind(audit.as_str())
        .bind(&at)
        .execute(connection)
        .await
        .expect("a grade");
    }

    /// A submitted audit: by whom, which reading, and the grade.
    async fn submit(
        &self,
        connection: &mut sqlx::AnyConnection,
        inspection: &InspectionId,
        n: i64,
        (name, reading, grade): (&str, &str, &str),
        at: &str,
    ) -> AuditId {
        let audit = AuditId::from_random(self.app.random());
        let reader = self.person(name).user.expect("a user");
        sqlx::query(
            "INSERT INTO audit (id, inspection_id, reference, reader_id, reading, state, due_on, grade, grade_reason,
             revision, assigned_at, submitted_at) VALUES ($1, $2, $3, $4, $5, 'submitted', '2026-03-01', $6, 'As recorded.', 3, $7, $7)",
        )
        .bind(audit.as_str())
        .bind(inspection.as_str())
        .bind(reference(n))
        .bind(reader.as_str())
        .bind(reading)
        .bind(grade)
        .bind(at)
        .execute(connection)
        .await
        .expect("an audit");
        audit
    }

    /// A recommendation of an inspection, written by the lead and published today, with an
    /// action of the force due in 30 days and a file of evidence under it.
    pub async fn published_recommendation(&self, inspection: &InspectionId) -> Asked {
        let lead = self.call("lead");
        let new = NewFinding {
            kind: "cause-of-concern".into(),
            title: "Warning markers are not read".into(),
            detail: "Call handlers answer before they search the systems.".into(),
            failings: Vec::new(),
        };
        let finding = finding::write(&lead, inspection, &new)
            .await
            .expect("a finding");
        let new = NewRecommendation {
            detail: "Immediately, see that every warning marker is read before an officer is sent."
                .into(),
            owner: "Chief constable".into(),
            limit: "three-months".into(),
            findings: vec![finding.clone()],
        };
        let recommendation = recommendation::write(&lead, inspection, &new)
            .await
            .expect("a recommendation");
        self.publish(inspection).await;
        let liaison = self.call("liaison");
        let new = NewAction {
            title: "Train every call handler".into(),
            owner: "Head of contact".into(),
            due_on: liaison
                .today()
                .saturating_add(jiff::Span::new().days(30))
                .to_string(),
        };
        let action = plan::add_action(&liaison, &recommendation, &new)
            .await
            .expect("an action");
        let evidence =
            plan::add_evidence(&liaison, &action, "Training plan.pdf", b"%PDF-1.7\nplan")
                .await
                .expect("a file");
        Asked {
            finding,
            recommendation,
            action,
            evidence,
        }
    }

    /// Takes in timelines of the 40 cases of a sampled inspection and screens them. In the first
    /// two cases the child was seen late, in every third not at all, and in the others in time.
    pub async fn screening(&self, inspection: &InspectionId) -> crate::screening::Screening {
        let lead = self.call("lead");
        let text = events_csv();
        let imported = crate::screening::import::import_bytes(
            &lead,
            inspection,
            "events.csv",
            text.as_bytes(),
        )
        .await
        .expect("timelines");
        assert!(
            matches!(imported, crate::screening::Imported::As(_)),
            "{imported:?}"
        );
        crate::screening::run::run(&lead, inspection, "")
            .await
            .expect("a screening");
        let latest = crate::screening::find_latest(&lead, inspection).await;
        latest.expect("an answer").expect("the screening")
    }

    /// Publishes an inspection's recommendations today, as its report does.
    pub async fn publish(&self, inspection: &InspectionId) {
        let lead = self.call("lead");
        let (_, leave) = inspection::load_for(&lead, inspection, Action::PublishReport)
            .await
            .expect("leave");
        let mut operation = lead.begin().await.expect("a transaction");
        let asked = recommendation::list_asked(operation.connection(), inspection)
            .await
            .expect("recommendations");
        recommendation::publish_frozen(&lead, &mut operation, &leave, inspection, &asked)
            .await
            .expect("published");
        let event = ReportWasPublished(inspection.clone());
        operation.commit(&leave, &event).await.expect("committed");
    }

    /// A case of a sampled inspection sent straight back by `inspector`, now.
    pub async fn referral(&self, inspection: &InspectionId, case: i64) -> ReferralId {
        let draft = referral::Draft {
            audit: String::new(),
            reference: reference(case),
            reason: "child-at-present-risk".into(),
            risk: "No visit is on record since the report.".into(),
            addressed_to: referral::EVERYBODY.into(),
        };
        referral::raise(&self.call("inspector"), inspection, &draft)
            .await
            .expect("a referral")
    }

    /// Everybody, and nobody, with their roles.
    pub fn everybody() -> Vec<(&'static str, Role)> {
        let mut all: Vec<_> = PEOPLE.iter().map(|&(name, role, _)| (name, role)).collect();
        all.push(("nobody", Role::Public));
        all
    }

    /// One real thing for each parameter that a path can have, all of the first force. The
    /// tests of the router try every route on them.
    pub async fn things(&self) -> BTreeMap<&'static str, String> {
        let inspection = self.audited_inspection().await;
        let asked = self.published_recommendation(&inspection).await;
        crate::published::tests::publish(self, &self.inspection().await).await;
        let audit: String = sqlx::query_scalar(
            "SELECT id FROM audit WHERE inspection_id = $1 ORDER BY reference LIMIT 1",
        )
        .bind(inspection.as_str())
        .fetch_one(self.app.store.reader())
        .await
        .expect("an audit");
        let screening = self.screening(&inspection).await;
        crate::screening::showing::show(&self.call("lead"), &inspection, &screening.id)
            .await
            .expect("shown to the force");
        let report = crate::report::begin(&self.call("lead"), &inspection)
            .await
            .expect("a report");
        BTreeMap::from([
            ("force", "norhaven".to_owned()),
            ("finding", asked.finding.to_string()),
            ("recommendation", asked.recommendation.to_string()),
            ("action", asked.action.to_string()),
            ("evidence", asked.evidence.to_string()),
            ("referral", self.referral(&inspection, 9).await.to_string()),
            ("file", "record.csv".to_owned()),
            ("inspection", inspection.to_string()),
            ("report", report.to_string()),
            ("table", "grades".to_owned()),
            ("standard", "S1".to_owned()),
            ("case", reference(1)),
            ("audit", audit),
            ("topic", "initial-contact".into()),
            (
                "account",
                self.person("second").user.expect("a user").to_string(),
            ),
        ])
    }

    /// The web application of this world.
    pub fn web(&self) -> Router {
        let now = Arc::clone(&self.now);
        application(Web {
            app: Arc::clone(&self.app),
            clock: Arc::new(move || {
                Timestamp::from_second(now.load(Ordering::SeqCst)).expect("a time")
            }),
            https: false,
            notice: None,
        })
    }

    /// A browser without scripts, signed in as somebody; `nobody` for the public.
    pub async fn browser(&self, name: &str) -> Browser {
        self.browser_with_password(name, PASSWORD).await
    }

    /// As [`World::browser`], where the person has another password than the world's.
    pub async fn browser_with_password(&self, name: &str, password: &str) -> Browser {
        let mut browser = Browser {
            router: self.web(),
            cookie: String::new(),
            form_token: String::new(),
        };
        if name == "nobody" {
            return browser;
        }
        let address = format!("{name}-{}", self.app.random());
        let email = format!("{name}@example.org");
        let public = self.app.call(Actor::public(), self.now());
        let origin = account::Origin {
            address: &address,
            browser: None,
        };
        let token = account::sign_in(&public, &email, password, origin)
            .await
            .expect("signed in")
            .session;
        let visitor = account::recognise(&self.app, &token, self.now())
            .await
            .expect("recognised");
        browser.form_token = visitor.expect("a visitor").form_token;
        browser.cookie = session_cookie(false, &token)
            .split(';')
            .next()
            .unwrap_or_default()
            .to_owned();
        browser
    }
}

/// What [`World::published_recommendation`] made.
pub struct Asked {
    pub finding: FindingId,
    pub recommendation: RecommendationId,
    pub action: ActionId,
    pub evidence: EvidenceId,
}

#[derive(serde::Serialize)]
struct ReportWasPublished(InspectionId);

impl Event for ReportWasPublished {
    const NAME: &'static str = "report published";
    fn subject(&self) -> String {
        format!("inspection/{}", self.0)
    }
}

/// The reference of a case in the worlds of tests.
pub fn reference(number: i64) -> String {
    format!("CP-2025-{number:07}")
}

/// A whole audit: everything met but, below good, the first criterion.
pub fn content(category: &str, grade: &str) -> Content {
    let framework = crate::framework::find("child-protection-2016@1").expect("a framework");
    let mut content = Content {
        grade: Some(grade.into()),
        grade_reason: "As the answers show.".into(),
        ..Content::default()
    };
    for (number, (topic, criterion)) in framework.criteria_for(category).into_iter().enumerate() {
        let fails = number == 0 && grade != "good";
        let answered = Answered {
            criterion: criterion.code.clone(),
            answer: Some(if fails {
                audit::Answer::NotMet
            } else {
                audit::Answer::Met
            }),
            reason: if fails {
                "The marker was there and was not read.".into()
            } else {
                String::new()
            },
        };
        content.answers.insert(criterion.code.clone(), answered);
        if fails {
            content.failings.push(Failing {
                id: None,
                criterion: criterion.code.clone(),
                cause: "training".into(),
                passage: "entry 3".into(),
                detail: "Marker not read.".into(),
            });
        }
        content
            .topic_grades
            .insert(topic.code.clone(), grade.into());
    }
    content
}

/// The events that [`World::screening`] takes in.
pub fn events_csv() -> String {
    let mut text =
        String::from("case_reference,child_key,event_time,recorded_at,activity,risk,child_name\n");
    for number in 1..=40 {
        let case = reference(number);
        let mut add = |time: &str, activity: &str, risk: &str| {
            let row = format!("{case},C-{number:04x},{time},,{activity},{risk},Somebody\n");
            text.push_str(&row);
        };
        add("2025-03-03T09:00:00+00:00", "REFERRAL_RECEIVED", "H");
        add("2025-03-03T10:00:00+00:00", "ALLOCATED", "");
        match number {
            1 | 2 => add("2025-03-07T09:00:00+00:00", "CHILD_SEEN", ""),
            _ if number % 3 == 0 => {}
            _ => add("2025-03-03T15:00:00+00:00", "CHILD_SEEN", ""),
        }
        if number == 1 {
            add("2025-03-10", "MISSING_RETURNED", "");
            add("2025-03-20", "STRATEGY_DISCUSSION", "");
        }
        if number == 40 {
            add("2025-03-20T18:00:00+00:00", "MISSING_RETURNED", "");
        }
    }
    text
}

/// A page as it came.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub location: Option<String>,
    pub headers: header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    /// The page's text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Sends requests as one person, straight into the router.
pub struct Browser {
    router: Router,
    cookie: String,
    /// The session's form token, for forms that are sent by hand.
    pub form_token: String,
}

impl Browser {
    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty(), "").await
    }

    /// Sends a form, with the session's token added.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut fields = fields.to_vec();
        fields.insert(0, ("form_token", &self.form_token));
        let body = serde_html_form::to_string(&fields).expect("a form");
        self.send(
            Method::POST,
            path,
            Body::from(body),
            "application/x-www-form-urlencoded",
        )
        .await
    }

    /// Sends a form with one file, with the session's token first.
    pub async fn upload(
        &self,
        path: &str,
        fields: &[(&str, &str)],
        file: (&str, &str, &[u8]),
    ) -> Answer {
        const EDGE: &str = "an-edge-that-no-file-holds";
        let mut body = Vec::new();
        let mut fields = fields.to_vec();
        fields.insert(0, ("form_token", &self.form_token));
        for (name, value) in fields {
            body.extend(
                format!(
                    "--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
                )
                .bytes(),
            );
        }
        let (field, name, bytes) = file;
        body.extend(
            format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: application/octet-stream\r\n\r\n").bytes(),
        );
        body.extend(bytes);
        body.extend(format!("\r\n--{EDGE}--\r\n").bytes());
        self.send(
            Method::POST,
            path,
            Body::from(body),
            &format!("multipart/form-data; boundary={EDGE}"),
        )
        .await
    }

    /// Sends anything.
    pub async fn send(&self, method: Method, path: &str, body: Body, media_type: &str) -> Answer {
        use tower::ServiceExt;
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "localhost");
        if !self.cookie.is_empty() {
            request = request.header(header::COOKIE, &self.cookie);
        }
        if !media_type.is_empty() {
            request = request.header(header::CONTENT_TYPE, media_type);
        }
        let request = request.body(body).expect("a request");
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("an answer");
        let (parts, body) = response.into_parts();
        Answer {
            status: parts.status,
            location: parts
                .headers
                .get(header::LOCATION)
                .and_then(|v| v.to_str().ok())
                .map(str::to_owned),
            headers: parts.headers,
            body: to_bytes(body, 64 * 1024 * 1024)
                .await
                .expect("a body")
                .to_vec(),
        }
    }
}

/// A fresh database: a directory of its own, or a database of its own on the server.
pub async fn open_store() -> (Store, Option<tempfile::TempDir>) {
    let (address, directory) = new_database().await;
    (Store::open(&address).await.expect("a database"), directory)
}

/// The address of a fresh database without tables, for tests that open it themselves.
pub async fn new_database() -> (String, Option<tempfile::TempDir>) {
    match std::env::var("THROUGHLINE_TEST_DATABASE") {
        Ok(server) if server != "sqlite" => (new_on_server(&server).await, None),
        _ => {
            let directory = tempfile::tempdir().expect("a directory");
            let file = directory.path().join("throughline.sqlite3");
            let address = format!("sqlite://{}?mode=rwc", file.display());
            (address, Some(directory))
        }
    }
}

async fn new_on_server(server: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    static RUN: OnceLock<u64> = OnceLock::new();
    let run = RUN.get_or_init(|| {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("random bytes");
        ChaCha20Rng::from_seed(bytes).next_u64()
    });
    let name = format!("test_{run:016x}_{}", COUNT.fetch_add(1, Ordering::SeqCst));
    sqlx::any::install_default_drivers();
    // The address may name the server's own database or not.
    let server = server.trim_end_matches("/postgres").trim_end_matches('/');
    let server_address = format!("{server}/postgres");
    let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(&server_address)
        .await
        .expect("the server");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .expect("a database");
    format!("{server}/{name}")
}
