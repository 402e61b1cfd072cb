//! Fifty people who open pages, each at their own pace.

use super::place::{NOW, Opened, Person, Place};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use jiff::Timestamp;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::sync::Arc;
use std::time::{Duration, Instant};
use throughline::app::App;
use throughline::web::{Web, application, visit::session_cookie};
use throughline_domain::access::Role;
use tower::ServiceExt;

/// How many members of the public read what is published meanwhile.
const PUBLIC: usize = 2;
/// The longest that somebody looks at a page; on average half of that.
const LOOKED_AT_MAX: Duration = Duration::from_secs(2);

/// Who opens a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Who {
    Lead,
    Inspector,
    Force,
    Administrator,
    Public,
}

impl Who {
    fn of(role: Role) -> Self {
        match role {
            Role::LeadInspector => Who::Lead,
            Role::Inspector => Who::Inspector,
            Role::ForceLiaison | Role::ForceChief => Who::Force,
            Role::Administrator => Who::Administrator,
            _ => Who::Public,
        }
    }
}

/// A kind of page: its name, who opens it, and its address, where there is one of it.
struct Kind {
    name: &'static str,
    who: &'static [Who],
    address: fn(&Eye<'_>) -> Option<String>,
}

/// What somebody has before them: one of their inspections, and things of it by chance.
struct Eye<'a> {
    place: &'a Place,
    person: Option<(usize, &'a Person)>,
    opened: &'a Opened,
    chance: usize,
}

impl Eye<'_> {
    fn one_of(&self, ids: &[String]) -> Option<String> {
        (!ids.is_empty()).then(|| ids[self.chance % ids.len()].clone())
    }

    fn inspection(&self, rest: &str) -> Option<String> {
        Some(format!("/inspections/{}{rest}", self.opened.inspection))
    }

    /// A draft of this person's own.
    fn draft(&self) -> Option<&str> {
        let (own, _) = self.person?;
        let mut drafts = self.opened.drafts.iter();
        drafts
            .find(|(reader, _)| *reader == own)
            .map(|(_, id)| id.as_str())
    }

    fn force_code(&self) -> &str {
        &self.place.forces[self.opened.force].1
    }
}

const TEAM: &[Who] = &[Who::Lead, Who::Inspector];
const LEAD: &[Who] = &[Who::Lead];
const INSPECTOR: &[Who] = &[Who::Inspector];
const FORCE: &[Who] = &[Who::Force];
const OFFICE: &[Who] = &[Who::Administrator];
const PUBLIC_ONLY: &[Who] = &[Who::Public];

macro_rules! kinds {
    ($($who:ident $name:literal $eye:ident $address:expr;)+) => {
        &[$(Kind { name: $name, who: $who, address: |$eye| $address }),+]
    };
}

const KINDS: &[Kind] = kinds! {
    LEAD "work, lead" _eye Some("/work".into());
    INSPECTOR "work, inspector" _eye Some("/work".into());
    FORCE "work, force" _eye Some("/work".into());
    OFFICE "work, administrator" _eye Some("/work".into());
    TEAM "inspections" _eye Some("/inspections".into());
    TEAM "inspection" eye eye.inspection("");
    TEAM "case list" eye eye.inspection("/case-list");
    TEAM "cases" eye eye.inspection("/cases");
    TEAM "cases, searched" eye eye.inspection("/cases?q=0000123");
    TEAM "cases, a far page" eye eye.inspection("/cases?page=20");
    TEAM "sample" eye eye.inspection("/sample");
    TEAM "audits" eye eye.inspection("/audits");
    TEAM "audits, drafts" eye eye.inspection("/audits?state=draft");
    LEAD "assign" eye eye.inspection("/audits/assign");
    LEAD "moderation" eye eye.inspection("/moderation");
    INSPECTOR "audit, its tasks" eye eye.draft().map(|id| format!("/audits/{id}"));
    INSPECTOR "audit, a topic" eye eye.draft().map(|id| format!("/audits/{id}/topics/assessment"));
    INSPECTOR "audit, its check" eye eye.draft().map(|id| format!("/audits/{id}/check"));
    LEAD "audit, read" eye eye.one_of(&eye.opened.audits).map(|id| format!("/audits/{id}/read"));
    TEAM "referrals" _eye Some("/referrals".into());
    TEAM "referrals, past a limit" _eye Some("/referrals?state=past-limit".into());
    TEAM "referrals, of one" eye Some(format!("/referrals?inspection={}", eye.opened.inspection));
    FORCE "referrals, force" _eye Some("/referrals".into());
    TEAM "referral" eye eye.one_of(&eye.opened.referrals).map(|id| format!("/referrals/{id}"));
    TEAM "findings" eye eye.inspection("/findings");
    TEAM "failings" eye eye.inspection("/failings");
    TEAM "finding" eye eye.one_of(&eye.opened.findings).map(|id| format!("/findings/{id}"));
    LEAD "finding, its failings" eye eye.opened.findings.last().map(|id| format!("/findings/{id}/failings"));
    TEAM "recommendations" _eye Some("/recommendations".into());
    TEAM "recommendations, of one" eye Some(format!("/recommendations?inspection={}", eye.opened.inspection));
    FORCE "recommendations, force" _eye Some("/recommendations".into());
    TEAM "recommendation" eye eye.one_of(&eye.opened.recommendations).map(|id| format!("/recommendations/{id}"));
    TEAM "recommendation, its plan" eye eye.one_of(&eye.opened.recommendations).map(|id| format!("/recommendations/{id}/plan"));
    LEAD "recommendation, its cases" eye eye.one_of(&eye.opened.recommendations).map(|id| format!("/recommendations/{id}/cases"));
    LEAD "handover" eye Some(format!("/handover/{}", eye.force_code()));
    TEAM "rounds" eye eye.inspection("/rounds");
    LEAD "progress of rounds" eye eye.inspection("/progress");
    LEAD "reports" _eye Some("/reports".into());
    OFFICE "journal" _eye Some("/journal".into());
    OFFICE "journal, one kind" _eye Some("/journal?subject=referral".into());
    OFFICE "journal, reads" _eye Some("/journal?action=read".into());
    OFFICE "accounts" _eye Some("/accounts".into());
    PUBLIC_ONLY "front" _eye Some("/".into());
    PUBLIC_ONLY "published" _eye Some("/published".into());
    PUBLIC_ONLY "published, a force" eye Some(format!("/published/forces/{}", eye.force_code()));
    PUBLIC_ONLY "published, comparison" _eye Some("/published/compare".into());
    PUBLIC_ONLY "published, a report" eye eye.opened.report.as_ref().map(|id| format!("/published/reports/{id}"));
    PUBLIC_ONLY "published, recommendations" _eye Some("/published/recommendations".into());
    PUBLIC_ONLY "published, one of them" eye eye.one_of(&eye.opened.recommendations).map(|id| format!("/published/recommendations/{id}"));
    PUBLIC_ONLY "published, data" _eye Some("/published/data".into());
    PUBLIC_ONLY "interface, reports" _eye Some("/api/v1/reports".into());
    PUBLIC_ONLY "interface, recommendations" _eye Some("/api/v1/recommendations".into());
};

/// How long a kind of page took: alone, and among fifty.
#[derive(Debug, Clone, Default)]
pub struct Measured {
    pub name: &'static str,
    pub alone: Option<Duration>,
    pub crowded: Vec<Duration>,
    /// Answers that were no page, with the last address.
    pub faulty: usize,
    pub faulty_address: String,
}

/// The router with everybody's cookies.
struct Door {
    router: Router,
    cookies: Vec<String>,
}

impl Door {
    /// Opens a page and reads it to its end.
    async fn open(&self, person: Option<usize>, address: &str) -> (StatusCode, Duration) {
        let begun = Instant::now();
        let mut request = Request::builder()
            .uri(address)
            .header(header::HOST, "localhost");
        if let Some(person) = person {
            request = request.header(header::COOKIE, &self.cookies[person]);
        }
        let request = request.body(Body::empty()).expect("a request");
        let response = self.router.clone().oneshot(request).await;
        let (parts, body) = response.expect("an answer").into_parts();
        to_bytes(body, usize::MAX).await.expect("a body");
        (parts.status, begun.elapsed())
    }
}

/// Opens every kind of page alone, then lets fifty people work for so long.
pub async fn measure(app: &Arc<App>, place: Arc<Place>, working: Duration) -> Vec<Measured> {
    let now: Timestamp = NOW.parse().expect("a time");
    let cookies = place.sign_in(app).await;
    let cookie = |token: String| {
        let cookie = session_cookie(false, &token);
        cookie.split(';').next().unwrap_or_default().to_owned()
    };
    let door = Arc::new(Door {
        router: application(Web {
            app: Arc::clone(app),
            clock: Arc::new(move || now),
            https: false,
            notice: None,
        }),
        cookies: cookies.into_iter().map(cookie).collect(),
    });
    let mut measured = alone(&door, &place).await;
    let there: Vec<bool> = measured.iter().map(|kind| kind.alone.is_some()).collect();
    let there = Arc::new(there);
    let people = place.people.len();
    let mut crowd = tokio::task::JoinSet::new();
    for number in 0..people + PUBLIC {
        let (door, place) = (Arc::clone(&door), Arc::clone(&place));
        let person = (number < people).then_some(number);
        let there = Arc::clone(&there);
        crowd.spawn(async move { work(&door, &place, person, &there, working).await });
    }
    while let Some(opened) = crowd.join_next().await {
        for (kind, status, address, took) in opened.expect("somebody at work") {
            note(&mut measured[kind], status, address, took);
        }
    }
    measured
}

fn note(measured: &mut Measured, status: StatusCode, address: String, took: Duration) {
    measured.crowded.push(took);
    if status != StatusCode::OK {
        measured.faulty += 1;
        measured.faulty_address = format!("{status} {address}");
    }
}

/// The shortest of a few openings of each kind of page, by somebody who may. None where there
/// is no such page.
async fn alone(door: &Door, place: &Place) -> Vec<Measured> {
    let mut random = ChaCha20Rng::seed_from_u64(1);
    let mut all = Vec::new();
    for kind in KINDS {
        let mut measured = Measured {
            name: kind.name,
            ..Measured::default()
        };
        for _ in 0..5 {
            let person = somebody(place, kind, &mut random);
            let Some(address) = address(place, kind, person, &mut random) else {
                continue;
            };
            let (status, took) = door.open(person, &address).await;
            if status == StatusCode::OK {
                measured.alone = Some(measured.alone.map_or(took, |least| least.min(took)));
            } else {
                measured.faulty_address = format!("{status} {address}");
            }
        }
        all.push(measured);
    }
    all
}

fn somebody(place: &Place, kind: &Kind, random: &mut ChaCha20Rng) -> Option<usize> {
    let able: Vec<usize> = (0..place.people.len())
        .filter(|n| kind.who.contains(&Who::of(place.people[*n].role)))
        .collect();
    (!able.is_empty()).then(|| able[random.next_u32() as usize % able.len()])
}

/// The address of such a page, on one of the person's inspections. A few are looked at, since
/// not everybody has a draft everywhere.
fn address(
    place: &Place,
    kind: &Kind,
    person: Option<usize>,
    random: &mut ChaCha20Rng,
) -> Option<String> {
    (0..20).find_map(|_| {
        let chance = random.next_u32() as usize;
        let teams = person.map_or(&[][..], |n| &place.people[n].teams);
        let number = match teams {
            [] => chance % place.inspections.len(),
            teams => teams[chance % teams.len()],
        };
        (kind.address)(&Eye {
            place,
            person: person.map(|n| (n, &place.people[n])),
            opened: &place.inspections[number],
            chance: random.next_u32() as usize,
        })
    })
}

/// One person's work: what they opened, how it ended and how long it took.
async fn work(
    door: &Door,
    place: &Place,
    person: Option<usize>,
    there: &[bool],
    working: Duration,
) -> Vec<(usize, StatusCode, String, Duration)> {
    let who = person.map_or(Who::Public, |n| Who::of(place.people[n].role));
    let own: Vec<usize> = (0..KINDS.len())
        .filter(|n| there[*n] && KINDS[*n].who.contains(&who))
        .collect();
    let mut random = ChaCha20Rng::seed_from_u64(person.map_or(1_000, |n| n as u64));
    let mut opened = Vec::new();
    let end = Instant::now() + working;
    while Instant::now() < end {
        let looked_at = LOOKED_AT_MAX.mul_f64(f64::from(random.next_u32()) / f64::from(u32::MAX));
        tokio::time::sleep(looked_at).await;
        let kind = own[random.next_u32() as usize % own.len()];
        if let Some(address) = address(place, &KINDS[kind], person, &mut random) {
            let (status, took) = door.open(person, &address).await;
            opened.push((kind, status, address, took));
        }
    }
    opened
}
