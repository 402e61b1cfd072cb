use super::*;
use crate::error::Fault;
use crate::testing::{World, reference};
use axum::http::StatusCode;
use jiff::SignedDuration;
use throughline_domain::audit::{
    Answer, Answered, Content, Failing, GradesPart, Strength, TopicPart,
};
use throughline_domain::id::UserId;

fn user(world: &World, name: &str) -> UserId {
    world.person(name).user.expect("a user")
}

/// Every answer met but the first, which is not met; every grade the same.
fn content(framework: &str, category: &str, grade: &str) -> Content {
    let framework = crate::framework::find(framework).expect("a framework");
    let mut content = Content {
        grade: Some(grade.into()),
        grade_reason: "As the answers show.".into(),
        ..Content::default()
    };
    for (number, (topic, criterion)) in framework.criteria_for(category).into_iter().enumerate() {
        let not_met = number == 0;
        content.answers.insert(
            criterion.code.clone(),
            Answered {
                criterion: criterion.code.clone(),
                answer: Some(if not_met { Answer::NotMet } else { Answer::Met }),
                reason: if not_met {
                    "The marker was there.".into()
                } else {
                    String::new()
                },
            },
        );
        if not_met {
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

const SHAPE_2016: &str = "child-protection-2016@1";

/// Case 1 with a first reading by `inspector` and a second one by `second`.
async fn twice_read(world: &World) -> (InspectionId, AuditId, AuditId) {
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let one = |name: &'static str, reading| {
        let (lead, inspection) = (lead.clone(), inspection.clone());
        let reader = user(world, name);
        async move { assign(&lead, &inspection, &reference(1), &reader, reading).await }
    };
    let first = one("inspector", Reading::First).await.expect("assigned");
    let second = one("second", Reading::Second).await.expect("assigned");
    (inspection, first, second)
}

fn of_case_1(grade: &str) -> Content {
    content(SHAPE_2016, "domestic-abuse", grade)
}

fn fields(faults: Vec<Fault>) -> Vec<String> {
    faults.into_iter().map(|fault| fault.field).collect()
}

#[tokio::test]
async fn lead_shares_cases_out_evenly_and_readers_see_their_work() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let readers = [user(&world, "inspector"), user(&world, "second")];
    let count = assign_evenly(&world.call("lead"), &inspection, &readers)
        .await
        .expect("assigned");
    assert_eq!(count, 12);
    for name in ["inspector", "second"] {
        let work = own_work(&world.call(name)).await.expect("work");
        assert_eq!(work.len(), 6, "{name}");
        // ten working days from Monday 2 February
        assert_eq!(work[0].due_on.to_string(), "2026-02-16");
        assert!(!work[0].late && work[0].asked > 5 && work[0].answered == 0);
    }
    assert!(
        own_work(&world.call("lead"))
            .await
            .expect("work")
            .is_empty()
    );
    let again = assign_evenly(&world.call("lead"), &inspection, &readers).await;
    assert!(matches!(again, Err(Error::Refused(_))));
    world.pass(SignedDuration::from_hours(24 * 15));
    assert!(own_work(&world.call("second")).await.expect("work")[0].late);
}

#[tokio::test]
async fn only_a_lead_of_the_team_assigns_and_only_to_the_team() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let reader = user(&world, "inspector");
    let try_as = |name: &'static str| {
        let (call, inspection, reader) = (world.call(name), inspection.clone(), reader.clone());
        async move { assign(&call, &inspection, &reference(1), &reader, Reading::First).await }
    };
    assert!(matches!(try_as("inspector").await, Err(Error::Refused(_))));
    for name in ["other-lead", "other-liaison", "administrator", "reader"] {
        let tried = try_as(name).await;
        assert!(matches!(tried, Err(Error::NotFound)), "{name}");
    }
    // the force knows of the inspection, and may not assign
    assert!(matches!(try_as("liaison").await, Err(Error::Refused(_))));
    let stranger = user(&world, "other-lead");
    let lead = world.call("lead");
    let outside = assign(&lead, &inspection, &reference(1), &stranger, Reading::First).await;
    assert!(matches!(outside, Err(Error::Invalid(_))));
    let reserve = assign(&lead, &inspection, &reference(13), &reader, Reading::First).await;
    assert!(matches!(reserve, Err(Error::Refused(_))));
}

#[tokio::test]
async fn audit_goes_from_first_save_to_final_grade() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let reader = user(&world, "inspector");
    let lead = world.call("lead");
    let audit = assign(&lead, &inspection, &reference(1), &reader, Reading::First)
        .await
        .expect("assigned");
    let call = world.call("inspector");
    let whole = of_case_1("inadequate");
    let mut revision = 0;
    for topic in crate::framework::find(SHAPE_2016)
        .expect("it")
        .topics
        .iter()
    {
        let prefix = format!("{}.", topic.code);
        let part = TopicPart {
            topic: topic.code.clone(),
            answers: whole
                .answers
                .values()
                .filter(|one| one.criterion.starts_with(&prefix))
                .cloned()
                .collect(),
            failings: whole
                .failings
                .iter()
                .filter(|one| one.criterion.starts_with(&prefix))
                .cloned()
                .collect(),
        };
        if !part.answers.is_empty() {
            revision = save_topic(&call, &audit, revision, part)
                .await
                .expect("saved");
        }
    }
    let strength = Strength {
        detail: "The child was heard alone.".into(),
        passage: "entry 9".into(),
    };
    revision = save_strengths(&call, &audit, revision, vec![strength])
        .await
        .expect("saved");
    let early = submit(&call, &audit, revision)
        .await
        .expect_err("incomplete");
    assert!(fields(early.into_faults().expect("faults")).contains(&"grades#grade".into()));
    let grades_part = GradesPart {
        topic_grades: whole.topic_grades.clone(),
        grade: whole.grade.clone(),
        grade_reason: whole.grade_reason.clone(),
    };
    revision = save_grades(&call, &audit, revision, grades_part)
        .await
        .expect("saved");
    submit(&call, &audit, revision).await.expect("submitted");

    let all = grades(world.app.store.reader(), &inspection)
        .await
        .expect("grades");
    assert_eq!(all.len(), 1);
    assert_eq!(
        (all[0].grade.as_str(), all[0].settled.0.code()),
        ("inadequate", "single")
    );
    let rows = failings(
        world.app.store.reader(),
        &inspection,
        &FailingFilter::default(),
    )
    .await
    .expect("failings");
    assert_eq!(
        (rows.len(), rows[0].cause.as_str(), rows[0].passage.as_str()),
        (1, "training", "entry 3")
    );
    let other = FailingFilter {
        cause: Some("leadership".into()),
        ..FailingFilter::default()
    };
    assert!(
        failings(world.app.store.reader(), &inspection, &other)
            .await
            .expect("failings")
            .is_empty()
    );
    assert!(own_work(&call).await.expect("work").is_empty());
    let closed = save_strengths(&call, &audit, revision + 1, Vec::new()).await;
    assert!(matches!(closed, Err(Error::Refused(_))));
}

#[tokio::test]
async fn incomplete_draft_keeps_everything_and_says_what_is_missing() {
    let world = World::new().await;
    let (_, audit, _) = twice_read(&world).await;
    let browser = world.browser("inspector").await;
    let path = format!("/audits/{audit}/topics/initial-contact");
    let saved = browser
        .post(
            &path,
            &[
                ("revision", "0"),
                ("answer-risk-spotted", "not-met"),
                ("reason-risk-spotted", ""),
                ("failing-risk-spotted-1", ""),
                ("cause-risk-spotted-1", ""),
                ("passage-risk-spotted-1", "entry 3"),
                ("detail-risk-spotted-1", "Marker <not> read"),
                ("reason-timely-attendance", "Only half written"),
                ("go", "next"),
            ],
        )
        .await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER);
    assert_eq!(
        saved.location,
        Some(format!("/audits/{audit}/topics/assessment"))
    );
    let text = browser.get(&path).await.text();
    for kept in [
        "Marker &#60;not&#62; read",
        "entry 3",
        "Only half written",
        "Still missing",
    ] {
        assert!(text.contains(kept), "{kept}");
    }
    let check = browser.get(&format!("/audits/{audit}/check")).await.text();
    assert!(check.contains("name=\"revision\" value=\"1\""));
    let refused = browser
        .post(&format!("/audits/{audit}/submit"), &[("revision", "1")])
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = refused.text();
    for link in [
        "topics/initial-contact?missing=yes#reason-risk-spotted",
        "topics/initial-contact?missing=yes#cause-risk-spotted-1",
        "topics/initial-contact?missing=yes#answer-timely-attendance",
        "grades?missing=yes#grade_reason",
    ] {
        assert!(
            text.contains(&format!("href=\"/audits/{audit}/{link}\"")),
            "{link}"
        );
    }
    for (page, field) in [
        (&path, "cause-risk-spotted-1"),
        (&path, "answer-timely-attendance"),
    ] {
        let text = browser.get(page).await.text();
        assert!(text.contains(&format!("id=\"{field}\"")), "{field}");
    }
}

#[tokio::test]
async fn failing_keeps_its_id_over_saves_and_another_can_be_added_and_removed() {
    let world = World::new().await;
    let (_, audit, _) = twice_read(&world).await;
    let call = world.call("inspector");
    let part = |failings| TopicPart {
        topic: "initial-contact".into(),
        answers: Vec::new(),
        failings,
    };
    let failing = |passage: &str| Failing {
        id: None,
        criterion: "initial-contact.risk-spotted".into(),
        cause: "training".into(),
        passage: passage.into(),
        detail: String::new(),
    };
    let one = save_topic(&call, &audit, 0, part(vec![failing("one")]))
        .await
        .expect("saved");
    let before = open(&call, &audit).await.expect("open").content.failings;
    let both = vec![before[0].clone(), failing("two")];
    let two = save_topic(&call, &audit, one, part(both))
        .await
        .expect("saved");
    let after = open(&call, &audit).await.expect("open").content.failings;
    assert_eq!((after.len(), &after[0].id), (2, &before[0].id));
    save_topic(&call, &audit, two, part(vec![after[1].clone()]))
        .await
        .expect("saved");
    let last = open(&call, &audit).await.expect("open").content.failings;
    assert_eq!((last.len(), &last[0].id), (1, &after[1].id));
}

#[tokio::test]
async fn save_over_a_newer_save_of_the_same_page_is_refused_and_loses_nothing() {
    let world = World::new().await;
    let (_, audit, _) = twice_read(&world).await;
    let browser = world.browser("inspector").await;
    let path = format!("/audits/{audit}/topics/initial-contact");
    let send = |reason: &'static str, revision: &'static str| {
        let (browser, path) = (&browser, &path);
        async move {
            let fields = [
                ("revision", revision),
                ("answer-risk-spotted", "not-met"),
                ("reason-risk-spotted", reason),
                ("go", "stay"),
            ];
            browser.post(path, &fields).await
        }
    };
    assert_eq!(
        send("From the first tab", "0").await.status,
        StatusCode::SEE_OTHER
    );
    let refused = send("From the second tab", "0").await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    let text = refused.text();
    for both in ["From the second tab", "From the first tab", "Not saved"] {
        assert!(text.contains(both), "{both}");
    }
    assert!(text.contains("name=\"revision\" value=\"1\""));
    let stored = browser.get(&path).await.text();
    assert!(stored.contains("From the first tab") && !stored.contains("From the second tab"));
    // another page, begun before that save, is no conflict
    let grades = browser
        .post(
            &format!("/audits/{audit}/grades"),
            &[
                ("revision", "0"),
                ("grade", "good"),
                ("grade_reason", "Why"),
            ],
        )
        .await;
    assert_eq!(grades.status, StatusCode::SEE_OTHER);
    // knowing of the other, one can save one's own
    assert_eq!(
        send("From the second tab", "2").await.status,
        StatusCode::SEE_OTHER
    );
    assert!(
        browser
            .get(&path)
            .await
            .text()
            .contains("From the second tab")
    );
    let stale = submit(&world.call("inspector"), &audit, 1).await;
    assert!(matches!(stale, Err(Error::Conflict(_))));
}

#[tokio::test]
async fn neither_reader_finds_the_other_reading_before_submitting_their_own() {
    let world = World::new().await;
    let (inspection, first, second) = twice_read(&world).await;
    let hidden = |name: &'static str, audit: AuditId| {
        let call = world.call(name);
        async move { matches!(open(&call, &audit).await, Err(Error::NotFound)) }
    };
    complete(&world.call("inspector"), &first, &of_case_1("inadequate"))
        .await
        .expect("submitted");
    assert!(hidden("second", first.clone()).await);
    let list = format!("/inspections/{inspection}/audits");
    let text = world.browser("second").await.get(&list).await.text();
    assert!(!text.contains("Inadequate"), "the grade is in the list");
    assert!(!text.contains(first.as_str()), "the list leads to it");
    let page = world
        .browser("second")
        .await
        .get(&format!("/audits/{first}/read"))
        .await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    // and the first reader does not see the second one's draft
    assert!(hidden("inspector", second.clone()).await);
    complete(&world.call("second"), &second, &of_case_1("inadequate"))
        .await
        .expect("submitted");
    open(&world.call("second"), &first)
        .await
        .expect("both are in");
    open(&world.call("inspector"), &second)
        .await
        .expect("both are in");
    let all = grades(world.app.store.reader(), &inspection)
        .await
        .expect("grades");
    assert_eq!(
        (all[0].grade.as_str(), all[0].settled.0.code()),
        ("inadequate", "agreed")
    );
    let pairs = agreement_pairs(world.app.store.reader(), &inspection)
        .await
        .expect("pairs");
    assert_eq!(pairs, [("inadequate".to_owned(), "inadequate".to_owned())]);
    let rows = failings(
        world.app.store.reader(),
        &inspection,
        &FailingFilter::default(),
    )
    .await;
    assert_eq!(
        rows.expect("failings").len(),
        1,
        "only one reading's failings stand"
    );
}

#[tokio::test]
async fn missing_answer_is_marked_on_a_page_that_was_never_saved() {
    let world = World::new().await;
    let (_, audit, _) = twice_read(&world).await;
    let reader = world.browser("inspector").await;
    let submit = format!("/audits/{audit}/submit");
    let refused = reader.post(&submit, &[("revision", "0")]).await.text();
    let places = refused
        .split("href=\"")
        .filter_map(|part| part.split('"').next());
    let places: Vec<&str> = places
        .filter(|place| place.contains("?missing=yes"))
        .collect();
    for page in ["topics/", "grades"] {
        let start = format!("/audits/{audit}/{page}");
        let place = places.iter().find(|place| place.starts_with(&start));
        let place = place
            .expect("a link to the page")
            .split('#')
            .next()
            .unwrap_or_default();
        let marked = reader.get(place).await.text();
        assert!(marked.contains("tl-missing"), "{place}");
        let unasked = place.split('?').next().unwrap_or_default();
        assert!(!reader.get(unasked).await.text().contains("tl-missing"));
    }
}

#[tokio::test]
async fn reader_who_loses_an_audit_keeps_what_they_had_typed() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let first = user(&world, "inspector");
    let audit = assign(&lead, &inspection, &reference(1), &first, Reading::First)
        .await
        .expect("assigned");
    let reader = world.browser("inspector").await;
    assert_eq!(
        reader.get(&format!("/audits/{audit}/grades")).await.status,
        StatusCode::OK
    );
    assert_eq!(
        reader
            .get(&format!("/audits/{audit}/strengths"))
            .await
            .status,
        StatusCode::OK
    );
    reassign(&lead, &audit, &user(&world, "second"))
        .await
        .expect("passed on");
    let typed = [
        ("revision", "0"),
        ("detail-1", "The school was asked the same day."),
        ("go", "next"),
    ];
    let kept = reader
        .post(&format!("/audits/{audit}/strengths"), &typed)
        .await;
    assert_eq!(kept.status, StatusCode::CONFLICT);
    let text = kept.text();
    assert!(text.contains("passed this audit on") && text.contains(&reference(1)));
    assert!(
        text.contains("The school was asked the same day."),
        "{text}"
    );
    let stranger = world.browser("other-lead").await;
    let refused = stranger
        .post(&format!("/audits/{audit}/strengths"), &typed)
        .await;
    assert!(
        !refused.text().contains("passed this audit on"),
        "never theirs"
    );
    let content = draft::open(&world.call("second"), &audit)
        .await
        .expect("open")
        .content;
    assert!(content.strengths.is_empty());
}

#[tokio::test]
async fn lead_does_not_settle_a_case_that_they_read_themselves() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let own = user(&world, "lead");
    let first = assign(&lead, &inspection, &reference(1), &own, Reading::First)
        .await
        .expect("assigned");
    let other = user(&world, "second");
    let second = assign(&lead, &inspection, &reference(1), &other, Reading::Second)
        .await
        .expect("assigned");
    complete(&lead, &first, &of_case_1("good"))
        .await
        .expect("submitted");
    complete(&world.call("second"), &second, &of_case_1("inadequate"))
        .await
        .expect("submitted");
    let browser = world.browser("lead").await;
    let work = browser.get("/work").await.text();
    assert!(work.contains("href=\"/moderation\"") && work.contains("1 read by you"));
    let queue = browser.get("/moderation").await.text();
    assert!(queue.contains(&reference(1)) && queue.contains("Another lead: you read it"));
    let page = format!("/audits/{first}/moderation");
    let shown = browser.get(&page).await.text();
    assert!(shown.contains("You read this case yourself") && !shown.contains("Settle the case"));
    let decision = moderation::Decision {
        grade: "good".into(),
        reason: "Mine stands.".into(),
        standing: first.to_string(),
    };
    let tried = moderate(&lead, &first, &decision).await;
    let Err(Error::Refused(why)) = tried else {
        panic!("settled their own reading: {tried:?}");
    };
    assert!(why.contains("Another lead inspector"), "{why}");
    let settled = grades(world.app.store.reader(), &inspection).await;
    assert!(settled.expect("grades").is_empty());
}

#[tokio::test]
async fn differing_readings_are_settled_by_a_lead_with_a_reason() {
    let world = World::new().await;
    let (inspection, first, second) = twice_read(&world).await;
    complete(&world.call("inspector"), &first, &of_case_1("good"))
        .await
        .expect("submitted");
    complete(&world.call("second"), &second, &of_case_1("inadequate"))
        .await
        .expect("submitted");
    assert!(
        grades(world.app.store.reader(), &inspection)
            .await
            .expect("grades")
            .is_empty()
    );
    let lead = world.browser("lead").await;
    let queue = format!("/inspections/{inspection}/moderation");
    assert!(lead.get(&queue).await.text().contains(&reference(1)));
    let page = format!("/audits/{first}/moderation");
    assert!(lead.get(&page).await.text().contains("Grades differ"));
    let bare = lead.post(&page, &[]).await;
    assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
    let tried = moderate(
        &world.call("inspector"),
        &first,
        &moderation::Decision::default(),
    )
    .await;
    assert!(matches!(tried, Err(Error::Refused(_))));
    let settled = lead
        .post(
            &page,
            &[
                ("grade", "inadequate"),
                ("reason", "The marker decides."),
                ("standing", second.as_str()),
            ],
        )
        .await;
    assert_eq!(settled.location, Some(queue.clone()));
    let all = grades(world.app.store.reader(), &inspection)
        .await
        .expect("grades");
    assert_eq!(
        (all[0].grade.as_str(), all[0].settled.0.code()),
        ("inadequate", "moderated")
    );
    let rows = failings(
        world.app.store.reader(),
        &inspection,
        &FailingFilter::default(),
    )
    .await
    .expect("failings");
    assert_eq!(rows[0].audit_id.0, second);
    assert!(lead.get(&queue).await.text().contains("No case waits"));
    let twice = lead
        .post(
            &page,
            &[
                ("grade", "good"),
                ("reason", "Again."),
                ("standing", first.as_str()),
            ],
        )
        .await;
    assert_eq!(twice.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn lead_returns_an_audit_with_a_reason_and_its_grade_no_longer_stands() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let audit: String = sqlx::query_scalar("SELECT id FROM audit WHERE reference = $1")
        .bind(reference(4))
        .fetch_one(world.app.store.reader())
        .await
        .expect("an audit");
    let audit: AuditId = audit.parse().expect("an id");
    let lead = world.call("lead");
    let silent = return_to_reader(&lead, &audit, " ").await;
    assert!(matches!(silent, Err(Error::Invalid(_))));
    let own = return_to_reader(&world.call("inspector"), &audit, "mine").await;
    assert!(matches!(own, Err(Error::Refused(_))));
    return_to_reader(&lead, &audit, "The passage is missing.")
        .await
        .expect("returned");
    assert_eq!(
        grades(world.app.store.reader(), &inspection)
            .await
            .expect("grades")
            .len(),
        11
    );
    let work = own_work(&world.call("inspector")).await.expect("work");
    assert!(work.len() == 1 && work[0].returned);
    let page = world
        .browser("inspector")
        .await
        .get(&format!("/audits/{audit}"))
        .await;
    assert!(page.text().contains("The passage is missing."));
    let reason: Option<String> =
        sqlx::query_scalar("SELECT reason FROM journal_entry WHERE action = 'audit returned'")
            .fetch_one(world.app.store.reader())
            .await
            .expect("an entry");
    assert_eq!(reason.as_deref(), Some("The passage is missing."));
}

#[tokio::test]
async fn two_people_on_one_audit_are_told_of_each_other() {
    let world = World::new().await;
    let (_, audit, _) = twice_read(&world).await;
    let (inspector, lead) = (
        world.browser("inspector").await,
        world.browser("lead").await,
    );
    let tasks = format!("/audits/{audit}");
    assert!(
        !inspector
            .get(&tasks)
            .await
            .text()
            .contains("has this audit open")
    );
    let read = lead.get(&format!("/audits/{audit}/read")).await.text();
    assert!(read.contains("The inspector</strong> has this audit open too, since 09:00"));
    assert!(read.contains("still being written"));
    world.pass(SignedDuration::from_mins(10));
    for page in [
        "",
        "/topics/initial-contact",
        "/strengths",
        "/grades",
        "/check",
    ] {
        let text = inspector.get(&format!("{tasks}{page}")).await.text();
        assert!(
            text.contains("The lead</strong> has this audit open too"),
            "{page}"
        );
    }
    world.pass(SignedDuration::from_mins(20));
    assert!(
        !inspector
            .get(&tasks)
            .await
            .text()
            .contains("has this audit open")
    );
    // somebody else's draft is not for other inspectors
    let other = world.browser("second").await.get(&tasks).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn reassigned_audit_takes_its_draft_along_but_never_to_its_other_reader() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let reader = user(&world, "inspector");
    let audit = assign(&lead, &inspection, &reference(1), &reader, Reading::First)
        .await
        .expect("assigned");
    let strength = Strength {
        detail: "Heard alone.".into(),
        passage: String::new(),
    };
    save_strengths(&world.call("inspector"), &audit, 0, vec![strength])
        .await
        .expect("saved");
    reassign(&lead, &audit, &user(&world, "second"))
        .await
        .expect("reassigned");
    let late = save_strengths(&world.call("inspector"), &audit, 1, Vec::new()).await;
    assert!(matches!(late, Err(Error::NotFound)));
    let draft = open(&world.call("second"), &audit).await.expect("open");
    assert_eq!(draft.content.strengths.len(), 1);
    let both = assign(
        &lead,
        &inspection,
        &reference(1),
        &user(&world, "second"),
        Reading::Second,
    )
    .await;
    assert!(matches!(both, Err(Error::Refused(_))));
    let page = format!(
        "/inspections/{inspection}/audits/reader?reference={}",
        reference(1)
    );
    let browser = world.browser("lead").await;
    assert!(
        browser
            .get(&page)
            .await
            .text()
            .contains("The second has it")
    );
}

#[tokio::test]
async fn second_readings_are_drawn_from_a_recorded_seed_and_go_to_people_who_have_not_looked() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.call("lead");
    let everybody = [user(&world, "inspector"), user(&world, "second")];
    let early = assign_second_readings(&lead, &inspection, &everybody).await;
    assert!(matches!(early, Err(Error::Refused(_))));
    assign_evenly(&lead, &inspection, &everybody[..1])
        .await
        .expect("assigned");
    let count = assign_second_readings(&lead, &inspection, &everybody)
        .await
        .expect("chosen");
    // ten per cent of twelve, rounded up
    assert_eq!(count, 2);
    assert_eq!(
        own_work(&world.call("second")).await.expect("work").len(),
        2
    );
    let again = assign_second_readings(&lead, &inspection, &everybody).await;
    assert!(matches!(again, Err(Error::Refused(_))));
    let draw = store::find_second_reading_draw(world.app.store.reader(), &inspection)
        .await
        .expect("an answer")
        .expect("a draw");
    assert_eq!(
        (draw.seed.len(), draw.chosen_from, draw.chosen),
        (64, 12, 2)
    );
}

#[tokio::test]
async fn nobody_who_has_opened_the_first_reading_is_given_the_second() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    let second = world.browser("second").await;
    let audit: String = sqlx::query_scalar("SELECT id FROM audit WHERE reference = $1")
        .bind(reference(1))
        .fetch_one(world.app.store.reader())
        .await
        .expect("an audit");
    assert_eq!(
        second.get(&format!("/audits/{audit}/read")).await.status,
        StatusCode::OK
    );
    let lead = world.call("lead");
    let who = user(&world, "second");
    let seen = assign(&lead, &inspection, &reference(1), &who, Reading::Second).await;
    assert!(matches!(seen, Err(Error::Refused(_))));
    assign(&lead, &inspection, &reference(2), &who, Reading::Second)
        .await
        .expect("not looked at");
    // the case waits for its second reading before its grade is final again
    assert_eq!(
        grades(world.app.store.reader(), &inspection)
            .await
            .expect("grades")
            .len(),
        11
    );
}

#[tokio::test]
async fn audits_do_not_exist_for_strangers() {
    let world = World::new().await;
    let (inspection, audit, _) = twice_read(&world).await;
    for name in ["other-lead", "liaison", "chief", "administrator", "reader"] {
        let browser = world.browser(name).await;
        for path in [
            format!("/audits/{audit}"),
            format!("/audits/{audit}/read"),
            format!("/audits/{audit}/topics/initial-contact"),
            format!("/inspections/{inspection}/audits"),
            format!("/inspections/{inspection}/moderation"),
        ] {
            assert_eq!(
                browser.get(&path).await.status,
                StatusCode::NOT_FOUND,
                "{name} {path}"
            );
        }
    }
}

#[tokio::test]
async fn every_look_at_an_audit_is_entered_in_the_journal() {
    let world = World::new().await;
    let (inspection, audit, _) = twice_read(&world).await;
    let browser = world.browser("inspector").await;
    for page in [
        "",
        "/topics/initial-contact",
        "/strengths",
        "/grades",
        "/check",
        "/read",
    ] {
        assert_eq!(
            browser.get(&format!("/audits/{audit}{page}")).await.status,
            StatusCode::OK,
            "{page}"
        );
    }
    let looks: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM journal_entry WHERE action = 'read' AND subject = $1",
    )
    .bind(format!("case/{inspection}/{}", reference(1)))
    .fetch_one(world.app.store.reader())
    .await
    .expect("a count");
    assert_eq!(looks, 6);
}

#[tokio::test]
async fn form_follows_the_2024_framework_with_its_five_grades() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    sqlx::query("UPDATE inspection SET framework = $1 WHERE id = $2")
        .bind("child-protection-2024@1")
        .bind(inspection.as_str())
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
    let reader = user(&world, "inspector");
    let lead = world.call("lead");
    let audit = assign(&lead, &inspection, &reference(2), &reader, Reading::First)
        .await
        .expect("assigned");
    let browser = world.browser("inspector").await;
    let text = browser.get(&format!("/audits/{audit}/grades")).await.text();
    assert!(text.contains("Outstanding") && text.contains("Partnership working"));
    assert!(
        !text.contains("Leadership"),
        "a topic of the force as a whole is not asked of a case"
    );
    let whole = content("child-protection-2024@1", "missing", "adequate");
    complete(&world.call("inspector"), &audit, &whole)
        .await
        .expect("submitted");
    let all = topic_grades(world.app.store.reader(), &inspection)
        .await
        .expect("grades");
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|one| one.grade == "adequate"));
    let read = browser.get(&format!("/audits/{audit}/read")).await.text();
    assert!(read.contains("Adequate") && read.contains("Marker not read."));
}

#[tokio::test]
async fn progress_is_filtered_by_reader_and_state() {
    let world = World::new().await;
    let inspection = world.sampled_inspection().await;
    let lead = world.browser("lead").await;
    let list = format!("/inspections/{inspection}/audits");
    assert!(lead.get(&list).await.text().contains("No reader yet"));
    let (one, two) = (user(&world, "inspector"), user(&world, "second"));
    let sent = lead
        .post(
            &format!("{list}/assign"),
            &[("readers", one.as_str()), ("readers", two.as_str())],
        )
        .await;
    assert_eq!(sent.location, Some(list.clone()));
    let count = |query: String| {
        let (lead, list) = (&lead, &list);
        async move {
            let text = lead.get(&format!("{list}?{query}")).await.text();
            text.matches("<th scope=\"row\"").count()
        }
    };
    assert_eq!(count(String::new()).await, 12);
    assert_eq!(count(format!("reader={one}")).await, 6);
    assert_eq!(count(format!("reader={one}&state=assigned")).await, 6);
    assert_eq!(count("state=submitted".into()).await, 0);
    assert_eq!(count("state=late".into()).await, 0);
    let nobody = lead.post(&format!("{list}/assign"), &[]).await;
    assert_eq!(nobody.status, StatusCode::UNPROCESSABLE_ENTITY);
}
