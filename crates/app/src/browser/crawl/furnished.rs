//! A world in which every page has something to show and a link that leads to it.

use crate::audit::{assign, assign_evenly, complete};
use crate::finding::{self, NewFinding};
use crate::inspection::{self, NewInspection};
use crate::recommendation::{self, NewRecommendation};
use crate::referral;
use crate::report;
use crate::round::{self, NewRound};
use crate::sample::tests::listed;
use crate::sample::{opening, picking};
use crate::screening::import::{self, EventFile};
use crate::screening::showing;
use crate::testing::{World, content, events_csv, reference};
use axum::http::StatusCode;
use throughline_domain::audit::Reading;
use throughline_domain::id::{InspectionId, ReportId, UserId};

/// A published inspection with a later round; a report at each step on its way; an inspection of
/// which the force does not know yet; audits that are still being written, two readings that differ, referrals at each step, and a
/// list that waits.
pub(super) async fn furnish(world: &World) {
    let audited = world.audited_inspection().await;
    world.published_recommendation(&audited).await;
    world.referral(&audited, 9).await;
    let report = approve_a_report(world, &audited).await;
    let published = report::schedule(&world.call("lead"), &report, world.now()).await;
    published.expect("published");
    open_a_round(world, &audited).await;
    let drafted = world.audited_inspection().await;
    let begun = report::begin(&world.call("lead"), &drafted).await;
    let begun = begun.expect("a report");
    send(world, &begun).await;
    let unsent = world.audited_inspection().await;
    let unsent = report::begin(&world.call("lead"), &unsent).await;
    unsent.expect("a report");
    check_a_report(world, &world.audited_inspection().await).await;
    let sampled = world.sampled_inspection().await;
    let screening = world.screening(&sampled).await;
    let shown = showing::show(&world.call("lead"), &sampled, &screening.id).await;
    shown.expect("the first is shown to the force");
    let again = crate::screening::run::run(&world.call("lead"), &sampled, "").await;
    again.expect("a second screening, to compare with the first");
    leave_a_file_waiting(world, &sampled).await;
    pick_cases(world, &sampled).await;
    read_twice(world, &sampled).await;
    answer_a_referral(world, &sampled).await;
    acknowledge_a_referral(world, &sampled).await;
    recommend(world, &sampled).await;
    approve_a_report(world, &sampled).await;
    hand_a_list_over(world).await;
    open_draws(world).await;
    propose_a_correction(world).await;
    open_unannounced(world).await;
}

/// An inspection of which the force does not know yet.
async fn open_unannounced(world: &World) {
    let new = NewInspection {
        force: world.force.to_string(),
        framework: "child-protection-2016@1".into(),
        title: "Inspection to be announced".into(),
        fieldwork_from: "2026-09-01".into(),
        fieldwork_to: "2026-10-30".into(),
    };
    let opened = inspection::open(&world.call("lead"), &new).await;
    opened.expect("an inspection");
}

/// A corrected file of timelines that waits to be looked at, with problems.
async fn leave_a_file_waiting(world: &World, inspection: &InspectionId) {
    let text = events_csv() + "CP-9,C-1,2025-03-03,,CHILD_SEEN,,\n,C-1,soon,,CHILD_FED,,\n";
    let kept = world
        .app
        .arrivals
        .keep("events-2.csv", text.as_bytes())
        .await;
    let file = EventFile {
        file: kept.expect("a file"),
        column_names: std::collections::BTreeMap::new(),
        covers_to: None,
    };
    let read = import::read_file(&world.call("lead"), inspection, file).await;
    read.expect("read").expect("a file that waits");
}

fn user(world: &World, name: &str) -> UserId {
    world.person(name).user.expect("a user")
}

async fn open_a_round(world: &World, from: &InspectionId) {
    let new = NewRound {
        kind: "quarterly-update".into(),
        title: "Quarterly update".into(),
        framework: "child-protection-2016@1".into(),
        fieldwork_from: "2026-06-01".into(),
        fieldwork_to: "2026-06-30".into(),
    };
    let opened = round::open(&world.call("lead"), from, &new).await;
    opened.expect("a round");
}

/// One picked case has its reader, the other waits for one.
async fn pick_cases(world: &World, inspection: &InspectionId) {
    let (inspector, lead) = (world.call("inspector"), world.call("lead"));
    for case in [30, 33] {
        let picked = picking::pick(&inspector, inspection, &reference(case), "at-risk").await;
        picked.expect("picked");
    }
    let (reader, case) = (user(world, "second"), reference(30));
    let given = assign(&lead, inspection, &case, &reader, Reading::First).await;
    given.expect("an audit");
}

/// Case 1 waits to be settled; the others are with one reader, who has more than a page shows.
async fn read_twice(world: &World, inspection: &InspectionId) {
    let lead = world.call("lead");
    let readings = [
        ("inspector", Reading::First, "good"),
        ("second", Reading::Second, "inadequate"),
    ];
    let mut audits = Vec::new();
    for (name, reading, grade) in readings {
        let reader = user(world, name);
        let audit = assign(&lead, inspection, &reference(1), &reader, reading).await;
        audits.push((name, audit.expect("an audit"), grade));
    }
    for (name, audit, grade) in audits {
        let content = content("domestic-abuse", grade);
        let done = complete(&world.call(name), &audit, &content).await;
        done.expect("submitted");
    }
    let readers = [user(world, "inspector")];
    let shared = assign_evenly(&lead, inspection, &readers).await;
    shared.expect("assigned");
}

async fn answer_a_referral(world: &World, inspection: &InspectionId) {
    let path = format!("/referrals/{}", world.referral(inspection, 5).await);
    let liaison = world.browser("liaison").await;
    let fields = [
        ("found", "no-further-risk"),
        ("found_detail", "A visit was made."),
        ("protected", "The child was visited."),
        ("protected_day", "2026-02-02"),
        ("protected_time", "09:00"),
        ("further_risk", "no"),
        ("outcome", "nobody"),
    ];
    for (step, fields) in [("acknowledge", &[][..]), ("answer", &fields[..])] {
        let answer = liaison.post(&format!("{path}/{step}"), fields).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{step}");
    }
}

async fn acknowledge_a_referral(world: &World, inspection: &InspectionId) {
    let referral = world.referral(inspection, 6).await;
    let done = referral::acknowledge(&world.call("liaison"), &referral).await;
    done.expect("acknowledged");
}

/// A recommendation that is not published yet.
async fn recommend(world: &World, inspection: &InspectionId) {
    let lead = world.call("lead");
    let new = NewFinding {
        kind: "finding".into(),
        title: "Visits are late".into(),
        detail: "Visits are made after the day that was set.".into(),
        failings: Vec::new(),
    };
    let finding = finding::write(&lead, inspection, &new).await;
    let new = NewRecommendation {
        detail: "See that visits are made on their day.".into(),
        owner: "Chief constable".into(),
        limit: "three-months".into(),
        findings: vec![finding.expect("a finding")],
    };
    let written = recommendation::write(&lead, inspection, &new).await;
    written.expect("a recommendation");
}

async fn send(world: &World, report: &ReportId) {
    let lead = world.call("lead");
    let seen = report::seen(&lead, report).await.expect("seen");
    let sent = report::send_for_accuracy_check(&lead, report, seen).await;
    sent.expect("sent");
}

/// Checked by the force, and waiting for a lead who wrote nothing of it.
async fn check_a_report(world: &World, inspection: &InspectionId) -> ReportId {
    let lead = world.call("lead");
    let other = user(world, "other-lead");
    let joined = inspection::join(&lead, inspection, &other).await;
    joined.expect("on the team");
    let report = report::begin(&lead, inspection).await.expect("a report");
    send(world, &report).await;
    let done = report::finish_check(&world.call("liaison"), &report).await;
    done.expect("checked");
    report
}

/// Approved by a lead who wrote nothing of it.
async fn approve_a_report(world: &World, inspection: &InspectionId) -> ReportId {
    let report = check_a_report(world, inspection).await;
    let seen = report::seen(&world.call("lead"), &report).await;
    let seen = seen.expect("seen");
    let approved = report::approve(&world.call("other-lead"), &report, seen).await;
    approved.expect("approved");
    report
}

/// Of another published report; it waits for another lead.
async fn propose_a_correction(world: &World) {
    let lead = world.call("lead");
    let report = &approve_a_report(world, &world.audited_inspection().await).await;
    let published = report::schedule(&lead, report, world.now()).await;
    published.expect("published");
    let mut sections = report::sections(&lead, report).await.expect("sections");
    sections[0].text.push_str("\n\nA word was missing here.");
    let correction = report::Correction {
        revision: report::seen(&lead, report).await.expect("seen").revision,
        why: "A word was missing.".into(),
        sections,
        with_new_figures: false,
    };
    let proposed = report::propose_correction(&lead, report, &correction).await;
    proposed.expect("proposed");
}

/// One draw waits for the force's part; another is drawn from both sides.
async fn open_draws(world: &World) {
    let lead = world.call("lead");
    let mut opened = Vec::new();
    for _ in 0..2 {
        let inspection = listed(world, 40).await;
        let open = opening::open(&lead, &inspection, 12, 1, 1).await;
        open.expect("opened");
        opened.push(inspection);
    }
    let given = opening::contribute(&world.call("liaison"), &opened[1], None).await;
    given.expect("given");
    let drawn = opening::draw(&lead, &opened[1], None).await;
    drawn.expect("drawn");
}

/// A list with one fault, checked and not taken in.
async fn hand_a_list_over(world: &World) {
    let path = format!("/inspections/{}/case-list/import", world.inspection().await);
    let lead = world.browser("lead").await;
    let list = "reference,category,area,opened\nCP-2025-0000001,no-such-category,N1,2025-03-01\n";
    let period = [("period_from", "2025-01-01"), ("period_to", "2025-12-31")];
    let file = ("file", "list.csv", list.as_bytes());
    let handed = lead.upload(&path, &period, file).await;
    assert_eq!(handed.status, StatusCode::SEE_OTHER);
    let columns = [
        ("column-0", "reference"),
        ("column-1", "category"),
        ("column-2", "area"),
        ("column-3", "opened"),
    ];
    let checked = lead.post(&format!("{path}/columns"), &columns).await;
    assert_eq!(checked.status, StatusCode::SEE_OTHER);
}
