use super::answer::AnswerForm;
use super::*;
use crate::testing::{Browser, World, reference};
use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::id::InspectionId;
use throughline_domain::referral::State;
use throughline_reports::figure::Measure;

struct Scene {
    world: World,
    inspection: InspectionId,
    referral: ReferralId,
}

/// A case sent back on a Monday at nine.
async fn scene() -> Scene {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let referral = world.referral(&inspection, 9).await;
    Scene {
        world,
        inspection,
        referral,
    }
}

impl Scene {
    async fn counts(&self) -> ReferralCounts {
        let reader = self.world.app.store.reader();
        let mut connection = reader.acquire().await.expect("a connection");
        let counted = counted_referrals(&mut connection, &self.inspection)
            .await
            .expect("referrals");
        ReferralCounts::of(&counted, self.world.now())
    }

    fn path(&self, rest: &str) -> String {
        format!("/referrals/{}{rest}", self.referral)
    }

    async fn record(&self) -> Record {
        let lead = self.world.call("lead");
        let loaded = load_for(&lead, &self.referral, Action::ReadReferral).await;
        loaded.expect("a referral").0
    }

    async fn state(&self) -> State {
        self.record().await.state.0
    }

    fn answer(&self) -> Answer {
        an_answer().check(self.world.now()).expect("an answer")
    }

    fn pass_hours(&self, hours: i64) {
        self.world.pass(SignedDuration::from_hours(hours));
    }

    async fn acknowledged_and_answered(&self) {
        let liaison = self.world.call("liaison");
        acknowledge(&liaison, &self.referral)
            .await
            .expect("acknowledged");
        answer(&liaison, &self.referral, self.answer())
            .await
            .expect("answered");
    }

    async fn journal(&self) -> Vec<String> {
        sqlx::query_scalar("SELECT action FROM journal_entry WHERE subject = $1 ORDER BY seq")
            .bind(format!("referral/{}", self.referral))
            .fetch_all(self.world.app.store.reader())
            .await
            .expect("the journal")
    }
}

fn an_answer() -> AnswerForm {
    AnswerForm {
        found: "risk-confirmed".into(),
        found_detail: "The visit was not made.".into(),
        protected: "Visited, and a safety plan agreed.".into(),
        protected_day: "2026-02-02".into(),
        protected_time: "09:00".into(),
        further_risk: "no".into(),
        further_detail: String::new(),
        outcome: "not-yet-known".into(),
        action: vec!["Supervisor reviews each week".into(), String::new()],
        action_on: vec!["2026-02-09".into(), String::new()],
    }
}

#[tokio::test]
async fn force_sees_a_referral_the_moment_it_is_raised_and_never_the_audit() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let audit: String = sqlx::query_scalar("SELECT id FROM audit WHERE reference = $1")
        .bind(reference(9))
        .fetch_one(world.app.store.reader())
        .await
        .expect("an audit");
    let inspector = world.browser("inspector").await;
    let form = format!("/inspections/{inspection}/referrals/new");
    let asked = inspector.get(&format!("{form}?audit={audit}")).await.text();
    assert!(asked.contains(&reference(9)));
    assert!(
        asked.contains("2 February 2026, 13:00"),
        "when the first clock runs out"
    );
    let fields = [
        ("audit", audit.as_str()),
        ("reason", "child-at-present-risk"),
        ("risk", "No visit is on record."),
        ("addressed_to", EVERYBODY),
    ];
    let asked = inspector.post(&form, &fields).await;
    assert_eq!(asked.status, StatusCode::OK);
    for words in [
        "You are about to send a case straight back",
        "No visit is on record.",
        "Acknowledge it by 2 February 2026, 13:00.",
        "name=\"confirmed\" value=\"yes\"",
    ] {
        assert!(asked.text().contains(words), "{words}");
    }
    let liaison = world.browser("liaison").await.get("/work").await.text();
    assert!(!liaison.contains("Referral 1"), "asking sends nothing");
    let changed = [fields.as_slice(), &[("confirmed", "change")]].concat();
    let form_again = inspector.post(&form, &changed).await.text();
    assert!(form_again.contains("No visit is on record.</textarea>"));
    let sure = [fields.as_slice(), &[("confirmed", "yes")]].concat();
    let raised = inspector.post(&form, &sure).await;
    let path = raised.location.expect("a referral");
    for name in ["liaison", "chief"] {
        let browser = world.browser(name).await;
        assert!(
            browser.get("/work").await.text().contains("Referral 1"),
            "{name}"
        );
        let page = browser.get(&path).await.text();
        assert!(page.contains("No visit is on record."), "{name}");
        assert!(!page.contains(&audit), "{name} sees no audit");
    }
    assert!(inspector.get(&path).await.text().contains(&audit));
}

#[tokio::test]
async fn every_fault_of_a_referral_is_named_at_once() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let inspector = world.browser("inspector").await;
    let form = format!("/inspections/{inspection}/referrals/new");
    let answer = inspector.post(&form, &[("reference", "CP-0")]).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Enter the reference of a case",
        "Choose why the case is sent back",
        "Say what the risk is",
        "Choose to whom it goes",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
}

#[tokio::test]
async fn sending_the_same_case_back_twice_is_noticed() {
    let scene = scene().await;
    let draft = Draft {
        reference: reference(9),
        reason: "child-at-present-risk".into(),
        risk: "Again.".into(),
        addressed_to: EVERYBODY.into(),
        ..Draft::default()
    };
    let again = raise(&scene.world.call("second"), &scene.inspection, &draft).await;
    let Err(Error::Invalid(faults)) = again else {
        panic!("it was raised twice");
    };
    assert!(faults[0].message.starts_with("Referral 1 is open"));
}

#[tokio::test]
async fn referral_goes_round_until_its_answer_is_accepted() {
    let scene = scene().await;
    let (inspector, liaison) = (scene.world.call("inspector"), scene.world.call("liaison"));
    let early = answer(&liaison, &scene.referral, scene.answer()).await;
    assert!(
        matches!(early, Err(Error::Refused(_))),
        "it is acknowledged first"
    );
    scene.acknowledged_and_answered().await;
    assert_eq!(scene.state().await, State::Answered);
    refuse(&inspector, &scene.referral, "It does not say who visited.")
        .await
        .expect("refused");
    assert_eq!(scene.state().await, State::Refused);
    answer(&liaison, &scene.referral, scene.answer())
        .await
        .expect("answered again");
    accept(&inspector, &scene.referral, "")
        .await
        .expect("accepted");
    assert_eq!(scene.state().await, State::Accepted);
    let late = answer(&liaison, &scene.referral, scene.answer()).await;
    assert!(matches!(late, Err(Error::Refused(_))), "it is closed");
    assert_eq!(
        scene.journal().await,
        [
            "case referred",
            "referral acknowledged",
            "response received",
            "response refused",
            "response received",
            "response accepted",
        ]
    );
}

#[tokio::test]
async fn both_views_stand_side_by_side_for_good() {
    let scene = scene().await;
    scene.acknowledged_and_answered().await;
    let inspector = scene.world.call("inspector");
    refuse(&inspector, &scene.referral, "It does not say who visited.")
        .await
        .expect("refused");
    for name in ["inspector", "liaison"] {
        let page = scene
            .world
            .browser(name)
            .await
            .get(&scene.path(""))
            .await
            .text();
        for words in [
            "No visit is on record since the report.",
            "The visit was not made.",
            "Visited, and a safety plan agreed.",
            "Supervisor reviews each week",
            "9 February 2026",
            "It is not yet known",
            "It does not say who visited.",
            "The inspector, inspector, 2 February 2026, 09:00",
            "The liaison, force liaison, 2 February 2026, 09:00",
            "Nothing from the force yet.",
        ] {
            assert!(page.contains(words), "{name}: {words}");
        }
    }
    let history = history(&inspector, &scene.record().await)
        .await
        .expect("a history");
    let sides = view::exchanges(history);
    let sizes: Vec<_> = sides
        .iter()
        .map(|e| (e.inspectorate.len(), e.force.len()))
        .collect();
    assert_eq!(sizes, [(1, 2), (1, 0)]);
}

#[tokio::test]
async fn page_says_what_one_can_do_and_why_not_the_rest() {
    let scene = scene().await;
    let page = async |name: &str| {
        let browser: Browser = scene.world.browser(name).await;
        browser.get(&scene.path("")).await.text()
    };
    let force = page("liaison").await;
    assert!(force.contains("Acknowledge it") && !force.contains("Decide on the answer"));
    assert!(force.contains("Answering is not possible now: Acknowledge the referral first."));
    let team = page("inspector").await;
    assert!(team.contains("Escalate") && !team.contains("Acknowledge it"));
    assert!(
        team.contains(
            "Deciding on the answer is not possible now: The force has not answered yet."
        )
    );
}

#[tokio::test]
async fn force_works_through_its_forms() {
    let scene = scene().await;
    let liaison = scene.world.browser("liaison").await;
    let done = liaison.post(&scene.path("/acknowledge"), &[]).await;
    assert_eq!(done.location, Some(scene.path("")));
    let step = [
        ("done", "Visited."),
        ("day", "2026-02-02"),
        ("time", "09:30"),
    ];
    let future = liaison.post(&scene.path("/protective-step"), &step).await;
    assert!(future.text().contains("This lies in the future"));
    scene.pass_hours(1);
    let done = liaison.post(&scene.path("/protective-step"), &step).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER);
    let faulty = liaison
        .post(&scene.path("/answer"), &[("found", "risk-confirmed")])
        .await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Say what was found",
        "Enter the day and the time",
        "say at least one action",
        "was charged or cautioned",
    ] {
        assert!(faulty.text().contains(words), "{words}");
    }
    let form = serde_html_form::to_string(fields_of(&an_answer())).expect("a form");
    let fields: Vec<(String, String)> = serde_html_form::from_str(&form).expect("fields");
    let fields: Vec<_> = fields
        .iter()
        .map(|(k, v)| (k.as_str(), v.as_str()))
        .collect();
    let done = liaison.post(&scene.path("/answer"), &fields).await;
    assert_eq!(done.location, Some(scene.path("")));
    let inspector = scene.world.browser("inspector").await;
    let unsaid = inspector
        .post(&scene.path("/decision"), &[("decision", "refuse")])
        .await;
    assert!(
        unsaid
            .text()
            .contains("Say what is missing from the answer")
    );
    let done = inspector
        .post(&scene.path("/decision"), &[("decision", "accept")])
        .await;
    assert_eq!(done.location, Some(scene.path("")));
    assert_eq!(scene.state().await, State::Accepted);
}

fn fields_of(form: &AnswerForm) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("found", form.found.clone()),
        ("found_detail", form.found_detail.clone()),
        ("protected", form.protected.clone()),
        ("protected_day", form.protected_day.clone()),
        ("protected_time", form.protected_time.clone()),
        ("further_risk", form.further_risk.clone()),
        ("outcome", form.outcome.clone()),
    ];
    fields.extend(form.action.iter().map(|what| ("action", what.clone())));
    fields.extend(form.action_on.iter().map(|on| ("action_on", on.clone())));
    fields
}

#[tokio::test]
async fn limits_that_pass_are_escalated_once_by_the_clock() {
    let scene = scene().await;
    let told = || escalate_overdue(&scene.world.app, scene.world.now());
    scene.pass_hours(4);
    assert_eq!(
        told().await.expect("looked"),
        0,
        "exactly at the limit is in time"
    );
    scene.pass_hours(1);
    assert_eq!(told().await.expect("looked"), 1);
    assert_eq!(told().await.expect("looked"), 0, "each rung once");
    scene.pass_hours(20);
    assert_eq!(
        told().await.expect("looked"),
        2,
        "the next rung, and the next limit"
    );
    let record = scene.record().await;
    assert_eq!(record.escalated_to(), Some("force chief"));
    let page = scene
        .world
        .browser("chief")
        .await
        .get(&scene.path(""))
        .await
        .text();
    assert!(page.contains("Acknowledgement is past its limit."));
    assert!(page.contains("By the clock, 2 February 2026, 14:00"));
    let actions = scene.journal().await;
    let escalated = actions
        .iter()
        .filter(|each| *each == "referral escalated")
        .count();
    assert_eq!(escalated, 3);
}

#[tokio::test]
async fn overdue_stands_first_and_is_marked_in_words() {
    let scene = scene().await;
    scene.pass_hours(3);
    let newer = scene.world.referral(&scene.inspection, 10).await;
    acknowledge(&scene.world.call("liaison"), &scene.referral)
        .await
        .expect("acknowledged");
    scene.pass_hours(10);
    let (listed, total) = list(&scene.world.call("chief"), &Filter::default(), (50, 0))
        .await
        .expect("a list");
    let ids: Vec<_> = listed.iter().map(|record| record.id.0.clone()).collect();
    assert_eq!((ids, total), (vec![newer, scene.referral.clone()], 2));
    let page = scene
        .world
        .browser("liaison")
        .await
        .get("/referrals")
        .await
        .text();
    assert!(page.contains("One referral is past a limit"));
    assert!(page.contains("tl-clock--run-out\">Acknowledgement 6 hours past its limit"));
}

#[tokio::test]
async fn list_can_be_narrowed_to_a_state_and_an_inspection() {
    let scene = scene().await;
    let chief = scene.world.call("chief");
    let count = async |state: &str, inspection: &str| {
        let filter = Filter {
            inspection: inspection.into(),
            state: state.into(),
        };
        list(&chief, &filter, (50, 0)).await.expect("a list").1
    };
    assert_eq!(count("raised", "").await, 1);
    assert_eq!(count("answered", "").await, 0);
    assert_eq!(count("open", scene.inspection.as_str()).await, 1);
    assert_eq!(count("past-limit", "").await, 0);
    assert_eq!(count("", "0123456789ab").await, 0);
}

#[tokio::test]
async fn referral_does_not_exist_for_strangers() {
    let scene = scene().await;
    for name in ["other-lead", "other-liaison", "administrator", "reader"] {
        let browser = scene.world.browser(name).await;
        assert_eq!(
            browser.get(&scene.path("")).await.status,
            StatusCode::NOT_FOUND,
            "{name}"
        );
        let call = scene.world.call(name);
        assert!(
            matches!(
                acknowledge(&call, &scene.referral).await,
                Err(Error::NotFound)
            ),
            "{name}"
        );
        assert_eq!(
            list(&call, &Filter::default(), (50, 0))
                .await
                .expect("a list")
                .1,
            0,
            "{name}"
        );
    }
}

#[tokio::test]
async fn force_cannot_accept_its_own_answer_nor_the_team_give_one() {
    let scene = scene().await;
    scene.acknowledged_and_answered().await;
    let chief = accept(&scene.world.call("chief"), &scene.referral, "").await;
    assert!(matches!(chief, Err(Error::Refused(_))));
    let lead = answer(&scene.world.call("lead"), &scene.referral, scene.answer()).await;
    assert!(matches!(lead, Err(Error::Refused(_))));
}

#[tokio::test]
async fn mistake_is_withdrawn_and_stays_on_record() {
    let scene = scene().await;
    withdraw(
        &scene.world.call("inspector"),
        &scene.referral,
        "The wrong case.",
    )
    .await
    .expect("withdrawn");
    let page = scene
        .world
        .browser("liaison")
        .await
        .get(&scene.path(""))
        .await
        .text();
    assert!(page.contains("The wrong case.") && page.contains("Withdrawn"));
    assert_eq!(scene.counts().await, ReferralCounts::default());
}

#[tokio::test]
async fn chasing_and_escalating_are_kept_with_their_reasons() {
    let scene = scene().await;
    let inspector = scene.world.call("inspector");
    chase(&inspector, &scene.referral, "Telephoned the liaison.")
        .await
        .expect("chased");
    escalate(&inspector, &scene.referral, "Nobody answers.")
        .await
        .expect("escalated");
    let page = scene
        .world
        .browser("liaison")
        .await
        .get(&scene.path(""))
        .await
        .text();
    assert!(page.contains("Telephoned the liaison.") && page.contains("Nobody answers."));
    assert!(page.contains("Escalated to the lead inspector"));
    let unsaid = chase(&inspector, &scene.referral, " ").await;
    assert!(matches!(unsaid, Err(Error::Invalid(_))));
}

#[tokio::test]
async fn figures_say_how_many_and_how_long() {
    let scene = scene().await;
    scene.pass_hours(2);
    acknowledge(&scene.world.call("liaison"), &scene.referral)
        .await
        .expect("acknowledged");
    scene.pass_hours(30);
    let late = an_answer();
    let late = AnswerForm {
        protected_day: "2026-02-03".into(),
        protected_time: "15:00".into(),
        ..late
    };
    let given = late.check(scene.world.now()).expect("an answer");
    answer(&scene.world.call("liaison"), &scene.referral, given)
        .await
        .expect("answered");
    world_referral_past_limit(&scene).await;
    let counted = scene.counts().await;
    let expected = ReferralCounts {
        raised: 2,
        acknowledged: 1,
        acknowledged_in_time: 1,
        protected: 1,
        protected_in_time: 0,
        answered: 1,
        answered_in_time: 1,
        accepted: 0,
        open: 2,
        open_past_limit: 1,
        hours_to_acknowledge: vec![2.0],
        hours_to_protective_step: vec![30.0],
        hours_to_answer: vec![32.0],
    };
    assert_eq!(counted, expected);
}

async fn world_referral_past_limit(scene: &Scene) {
    scene.world.referral(&scene.inspection, 10).await;
    scene.pass_hours(5);
}

#[tokio::test]
async fn each_look_at_a_referral_is_entered_in_the_journal() {
    let scene = scene().await;
    scene
        .world
        .browser("chief")
        .await
        .get(&scene.path(""))
        .await;
    assert_eq!(scene.journal().await, ["case referred", "read"]);
}

#[tokio::test]
async fn referral_of_a_case_still_to_be_read_blind_is_hidden_from_its_reader() {
    use throughline_domain::audit::Reading::Second;
    let scene = scene().await;
    let world = &scene.world;
    let other = world.referral(&scene.inspection, 10).await;
    let (lead, second) = (world.call("lead"), world.call("second"));
    let reader = world.person("second").user.expect("a user");
    crate::audit::assign(&lead, &scene.inspection, &reference(9), &reader, Second)
        .await
        .expect("assigned");
    let hidden = open(&second, &scene.referral).await;
    assert!(matches!(hidden, Err(Error::NotFound)));
    let (listed, total) = list(&second, &Filter::default(), (50, 0))
        .await
        .expect("a list");
    assert_eq!((listed.len(), total), (1, 1));
    open(&lead, &scene.referral)
        .await
        .expect("the lead decides");
    open(&world.call("inspector"), &scene.referral)
        .await
        .expect("who raised it");
    open(&second, &other)
        .await
        .expect("they do not read that case");
    let seen =
        crate::audit::assign(&lead, &scene.inspection, &reference(10), &reader, Second).await;
    assert!(matches!(seen, Err(Error::Refused(_))), "{seen:?}");
}

#[tokio::test]
async fn report_counts_a_refused_answer_and_no_withdrawn_referral() {
    let scene = scene().await;
    scene.pass_hours(2);
    scene.acknowledged_and_answered().await;
    let inspector = scene.world.call("inspector");
    refuse(&inspector, &scene.referral, "Say who was seen.")
        .await
        .expect("refused");
    let mistake = scene.world.referral(&scene.inspection, 10).await;
    withdraw(&inspector, &mistake, "The wrong case.")
        .await
        .expect("withdrawn");
    let lead = scene.world.call("lead");
    let (inspection, leave) = inspection::load_for(&lead, &scene.inspection, Action::WriteReport)
        .await
        .expect("an inspection");
    let set = crate::figure::compute(&lead, &leave, &inspection)
        .await
        .expect("figures");
    let value = |key: &str| set.figures.find(key).expect("a figure").measure.clone();
    for (key, value_of) in [
        ("referrals-raised", 1),
        ("referrals-acknowledged", 1),
        ("referrals-answered", 1),
        ("referrals-accepted", 0),
    ] {
        let Measure::Count { value, .. } = value(key) else {
            panic!("{key} is no count");
        };
        assert_eq!(value, value_of, "{key}");
    }
    let counts = scene.counts().await;
    assert!(
        counts
            .hours_to_protective_step
            .iter()
            .all(|hours| *hours >= 0.0)
    );
}
