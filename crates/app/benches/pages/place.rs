//! The inspectorate that is measured: everybody, and all that they look at.
//!
//! Inspections, case lists and samples are made by the program's own operations, so that a
//! certificate is a certificate. The rest is written straight into the tables: it is the
//! scaffolding of a measurement.

use super::record;
use jiff::Timestamp;
use jiff::civil::date;
use std::sync::Arc;
use throughline::account::{self, NewAccount};
use throughline::app::{App, Call};
use throughline::case_list::{self, AcceptedList};
use throughline::inspection::{self, NewInspection};
use throughline::store::{Value, insert_many};
use throughline::{force, framework, sample};
use throughline_domain::access::{Actor, Role};
use throughline_domain::case_list::{CaseRow, DeclaredTotals, InspectedPeriod, Mapping};
use throughline_domain::id::{ForceId, InspectionId};

/// The moment of the measurement.
pub const NOW: &str = "2026-02-02T09:00:00Z";
/// Under which framework everything is graded.
pub const FRAMEWORK: &str = "child-protection-2016@1";
const PASSWORD: &str = "correct horse battery";
const FORCES: usize = 43;
const CASES_PER_AUDIT: usize = 3;

/// An inspection with what pages can be opened on it.
#[derive(Debug, Default)]
pub struct Opened {
    pub inspection: String,
    pub force: usize,
    pub audits: Vec<String>,
    /// Drafts, each with the number of the person who writes it.
    pub drafts: Vec<(usize, String)>,
    pub referrals: Vec<String>,
    pub findings: Vec<String>,
    pub recommendations: Vec<String>,
    pub report: Option<String>,
}

/// Somebody at work.
#[derive(Debug)]
pub struct Person {
    pub role: Role,
    pub user: String,
    pub email: String,
    pub actor: Actor,
    /// On which inspections' teams, by number.
    pub teams: Vec<usize>,
}

/// All of it.
#[derive(Debug, Default)]
pub struct Place {
    pub forces: Vec<(String, String)>,
    pub people: Vec<Person>,
    pub inspections: Vec<Opened>,
}

/// Who is at work: role and how many.
const STAFF: [(Role, usize); 5] = [
    (Role::LeadInspector, 8),
    (Role::Inspector, 26),
    (Role::ForceLiaison, 10),
    (Role::ForceChief, 2),
    (Role::Administrator, 2),
];

/// Builds it, with so many audits.
pub async fn build(app: &Arc<App>, audits: usize) -> Place {
    let now: Timestamp = NOW.parse().expect("a time");
    let operator = app.call(Actor::operator(), now);
    let mut place = Place {
        forces: add_forces(&operator).await,
        ..Place::default()
    };
    let sizes = sizes(audits);
    place.people = add_people(&operator, &place.forces, sizes.len()).await;
    for (number, size) in sizes.into_iter().enumerate() {
        let opened = open(app, &place, number, size).await;
        place.inspections.push(opened);
    }
    record::fill_journal(app, &place, audits).await;
    place
}

/// Inspections of 500 audits; where there are many audits, the first has 2,000.
fn sizes(audits: usize) -> Vec<usize> {
    const USUAL: usize = 500;
    const LARGE: usize = 2_000;
    let large = if audits >= 10 * LARGE { LARGE } else { 0 };
    let mut sizes: Vec<usize> = Vec::new();
    sizes.extend((large > 0).then_some(large));
    let mut left = audits - large;
    while left > 0 {
        sizes.push(left.min(USUAL));
        left -= left.min(USUAL);
    }
    sizes
}

async fn add_forces(operator: &Call) -> Vec<(String, String)> {
    let mut forces = Vec::new();
    for number in 1..=FORCES {
        let code = format!("force-{number:02}");
        let nation = if number < 40 { "england" } else { "wales" };
        let id = force::add(
            operator,
            &code,
            &format!("Force {number:02} Police"),
            nation,
        )
        .await
        .expect("a force");
        forces.push((id.to_string(), code));
    }
    forces
}

async fn add_people(
    operator: &Call,
    forces: &[(String, String)],
    inspections: usize,
) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for (role, count) in STAFF {
        for (number, (force, _)) in forces.iter().enumerate().take(count) {
            let of_force = matches!(role, Role::ForceLiaison | Role::ForceChief);
            let email = format!("{}-{number}@example.org", role.code());
            let new = NewAccount {
                email: email.clone(),
                name: format!("{} {number}", role.title()),
                role: role.code().into(),
                force: if of_force {
                    force.clone()
                } else {
                    String::new()
                },
                password: PASSWORD.into(),
                chosen: true,
            };
            let user = account::add(operator, &new).await.expect("an account");
            people.push(Person {
                role,
                user: user.to_string(),
                actor: account::find_actor(&operator.app, &email)
                    .await
                    .expect("an account"),
                email,
                teams: teams(role, number, inspections),
            });
        }
    }
    people
}

/// A lead is on every team, an inspector on one in five.
fn teams(role: Role, number: usize, inspections: usize) -> Vec<usize> {
    match role {
        Role::LeadInspector => (0..inspections).collect(),
        Role::Inspector => (0..inspections).filter(|n| n % 5 == number % 5).collect(),
        _ => Vec::new(),
    }
}

impl Place {
    /// The number of somebody who reads cases of an inspection.
    pub fn reader(&self, inspection: usize, turn: usize) -> usize {
        let first = STAFF[0].1;
        let readers: Vec<usize> = (first..first + STAFF[1].1)
            .filter(|n| (n - first) % 5 == inspection % 5)
            .collect();
        readers[turn % readers.len()]
    }

    /// Signs everybody in; their sessions' tokens, in order.
    pub async fn sign_in(&self, app: &Arc<App>) -> Vec<String> {
        let now: Timestamp = NOW.parse().expect("a time");
        let public = app.call(Actor::public(), now);
        let mut tokens = Vec::new();
        for (number, person) in self.people.iter().enumerate() {
            let address = format!("192.0.2.{number}");
            let origin = account::Origin {
                address: &address,
                browser: None,
            };
            let admission = account::sign_in(&public, &person.email, PASSWORD, origin)
                .await
                .expect("signed in");
            tokens.push(admission.session);
        }
        tokens
    }
}

async fn open(app: &Arc<App>, place: &Place, number: usize, audits: usize) -> Opened {
    let now: Timestamp = NOW.parse().expect("a time");
    let lead = app.call(place.people[0].actor.clone(), now);
    let force = number % place.forces.len();
    let new = NewInspection {
        force: place.forces[force].0.clone(),
        framework: FRAMEWORK.into(),
        title: format!("Child protection inspection {number}"),
        fieldwork_from: "2025-09-01".into(),
        fieldwork_to: "2026-05-29".into(),
    };
    let id = inspection::open(&lead, &new).await.expect("an inspection");
    fill_team(app, place, number, &id).await;
    let list = case_list_of(number, audits * CASES_PER_AUDIT);
    case_list::import_rows(&lead, &id, &list)
        .await
        .expect("a case list");
    sample::draw_with_seed(&lead, &id, audits as u64, 5, 5, [7; 32])
        .await
        .expect("a sample");
    let force_id: ForceId = place.forces[force].0.parse().expect("an id");
    let mut opened = Opened {
        inspection: id.to_string(),
        force,
        ..Opened::default()
    };
    record::fill_inspection(app, place, (number, &id, &force_id), &mut opened).await;
    opened
}

async fn fill_team(app: &Arc<App>, place: &Place, number: usize, id: &InspectionId) {
    let members = place.people.iter().skip(1);
    let rows: Vec<Vec<Value>> = members
        .filter(|person| person.teams.contains(&number))
        .map(|person| vec![id.as_str().into(), person.user.as_str().into(), NOW.into()])
        .collect();
    let head = "INSERT INTO team_member (inspection_id, account_id, joined_at)";
    let mut transaction = app.store.begin().await.expect("a transaction");
    insert_many(&mut transaction, head, &rows)
        .await
        .expect("members");
    transaction.commit().await.expect("committed");
}

fn case_list_of(number: usize, cases: usize) -> AcceptedList {
    let framework = framework::find(FRAMEWORK).expect("a framework");
    let categories = &framework.categories;
    let first = date(2024, 10, 1);
    let rows = (0..cases).map(|n| CaseRow {
        reference: format!("CP-{number:03}-{n:07}"),
        category: categories[n % categories.len()].code.clone(),
        area: format!("A{}", n % 9),
        opened: first.saturating_add(jiff::Span::new().days((n % 300) as i64)),
        closed: None,
        own_grade: None,
    });
    AcceptedList {
        file_name: "list.csv".into(),
        digest: format!("{number:064x}"),
        mapping: Mapping::default(),
        period: InspectedPeriod::new(first, date(2025, 9, 30)).expect("a period"),
        declared: DeclaredTotals::default(),
        rows: rows.collect(),
    }
}
