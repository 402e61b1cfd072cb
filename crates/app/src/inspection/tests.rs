use crate::error::Error;
use crate::testing::World;
use axum::http::StatusCode;

#[tokio::test]
async fn lead_opens_an_inspection_and_the_force_sees_it() {
    let world = World::new().await;
    let id = world.inspection().await;
    for name in ["lead", "inspector", "liaison", "chief"] {
        let seen = super::list(&world.call(name)).await.expect("a list");
        assert_eq!(
            seen.iter().map(|i| i.id.0.clone()).collect::<Vec<_>>(),
            std::slice::from_ref(&id),
            "{name}"
        );
    }
}

#[tokio::test]
async fn inspection_does_not_exist_for_strangers() {
    let world = World::new().await;
    let id = world.inspection().await;
    for name in ["other-lead", "other-liaison", "administrator", "reader"] {
        let tried = super::load(&world.call(name), &id).await;
        assert!(matches!(tried, Err(Error::NotFound)), "{name}");
        assert!(
            super::list(&world.call(name))
                .await
                .expect("a list")
                .is_empty(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn inspector_cannot_change_the_team() {
    let world = World::new().await;
    let id = world.inspection().await;
    let other = world.person("other-lead").user.expect("a user");
    assert!(matches!(
        super::join(&world.call("inspector"), &id, &other).await,
        Err(Error::Refused(_))
    ));
    super::join(&world.call("lead"), &id, &other)
        .await
        .expect("joined");
    super::load(&world.call("other-lead"), &id)
        .await
        .expect("on the team now");
}

#[tokio::test]
async fn form_names_every_fault_at_once() {
    let world = World::new().await;
    let lead = world.browser("lead").await;
    let fields = [
        ("title", " "),
        ("fieldwork_from", "2026-13-01"),
        ("fieldwork_to", ""),
    ];
    let answer = lead.post("/inspections/new", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in [
        "Choose the force",
        "Enter a title",
        "Choose the framework",
        "Enter a day on which the field work begins",
    ] {
        assert!(answer.text().contains(words), "{words}");
    }
}

#[tokio::test]
async fn what_is_done_stands_in_the_journal() {
    let world = World::new().await;
    let id = world.inspection().await;
    let actions: Vec<String> =
        sqlx::query_scalar("SELECT action FROM journal_entry WHERE subject = $1 ORDER BY seq")
            .bind(format!("inspection/{id}"))
            .fetch_all(world.app.store.reader())
            .await
            .expect("the journal");
    assert_eq!(
        actions,
        [
            "inspection opened",
            "team joined",
            "team joined",
            "inspection announced"
        ]
    );
}

#[tokio::test]
async fn line_says_where_the_inspection_stands() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let lead = world.call("lead");
    let inspection = super::load(&lead, &id).await.expect("an inspection");
    let line = super::line::line(&lead, &inspection).await.expect("a line");
    let notes: Vec<_> = line
        .iter()
        .map(|stop| (stop.name, stop.note.as_str(), stop.done))
        .collect();
    assert_eq!(
        notes[..4],
        [
            ("Case list", "40 cases", true),
            ("Screening", "none yet", false),
            ("Sample", "12 cases", true),
            ("Audits", "12 of 12", true)
        ]
    );
    let sent_back = (line[4].note.as_str(), line[4].done, line[4].risk);
    assert_eq!(sent_back, ("none", true, false), "nothing was sent back");
    assert!(line[5].current, "findings are next");
    let chief = world.call("chief");
    let seen = super::line::line(&chief, &inspection)
        .await
        .expect("a line");
    let names: Vec<_> = seen.iter().map(|stop| stop.name).collect();
    assert_eq!(
        names,
        ["Sent back", "Report", "Plan"],
        "nothing of how far the rest has come"
    );
}

#[tokio::test]
async fn ring_stands_at_the_report_from_the_findings_until_it_is_published() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    world.published_recommendation(&id).await;
    let lead = world.call("lead");
    let inspection = super::load(&lead, &id).await.expect("an inspection");
    let mut seen = Vec::new();
    for state in ["", "draft", "accuracy-check", "approved", "published"] {
        set_report(&world, &id, state).await;
        let mut stops = Vec::new();
        for name in ["lead", "chief"] {
            let line = super::line::line(&world.call(name), &inspection).await;
            let line = line.expect("a line");
            let report = line.iter().find(|stop| stop.name == "Report");
            let ring = line.iter().find(|stop| stop.current).map(|stop| stop.name);
            stops.push((report.expect("a stop").note.clone(), ring));
        }
        seen.push(stops);
    }
    let notes: Vec<[&str; 2]> = seen
        .iter()
        .map(|of| [of[0].0.as_str(), of[1].0.as_str()])
        .collect();
    assert_eq!(
        notes,
        [
            ["not yet", "not yet"],
            ["draft", "not yet"],
            ["accuracy check", "accuracy check"],
            ["approved", "approved"],
            ["published", "published"],
        ],
        "a draft that was not sent is not for the force to know"
    );
    let rings: Vec<Option<&str>> = seen.iter().map(|of| of[0].1).collect();
    assert_eq!(rings[..4], [Some("Report"); 4]);
    assert_eq!(rings[4], Some("Quarters"));
}

async fn set_report(world: &World, inspection: &throughline_domain::id::InspectionId, state: &str) {
    let mut transaction = world.app.store.begin().await.expect("a transaction");
    let lead = world.person("lead").user.expect("a user");
    let sql = "INSERT INTO report (id, inspection_id, force_id, title, state, revision, written_by, begun_at)
         SELECT '0123456789ab', id, force_id, title, 'draft', 0, $2, opened_at FROM inspection
         WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM report WHERE inspection_id = $1)";
    if !state.is_empty() {
        sqlx::query(sql)
            .bind(inspection.as_str())
            .bind(lead.as_str())
            .execute(&mut *transaction)
            .await
            .expect("a report");
    }
    sqlx::query("UPDATE report SET state = $2 WHERE inspection_id = $1")
        .bind(inspection.as_str())
        .bind(state)
        .execute(&mut *transaction)
        .await
        .expect("changed");
    transaction.commit().await.expect("committed");
}

#[tokio::test]
async fn inspection_does_not_exist_for_the_force_before_it_is_announced_or_served() {
    let world = World::new().await;
    let lead = world.call("lead");
    let new = super::NewInspection {
        force: world.force.to_string(),
        framework: "child-protection-2016@1".into(),
        title: "Unannounced".into(),
        fieldwork_from: "2026-02-02".into(),
        fieldwork_to: "2026-05-29".into(),
    };
    let id = super::open(&lead, &new).await.expect("an inspection");
    let chief = world.call("chief");
    assert!(matches!(
        super::load(&chief, &id).await,
        Err(Error::NotFound)
    ));
    assert!(super::list(&chief).await.expect("a list").is_empty());
    let handover = world.browser("chief").await.get("/handover/norhaven").await;
    assert_eq!(handover.status, StatusCode::OK);
    assert!(!handover.text().contains("Unannounced"));
    let browser = world.browser("lead").await;
    let page = browser.get(&format!("/inspections/{id}")).await.text();
    assert!(page.contains("Announce it to the force"), "{page}");
    let asked = browser
        .get(&format!("/inspections/{id}/announce"))
        .await
        .text();
    assert!(asked.contains("It cannot be hidden again."), "{asked}");
    assert!(super::list(&chief).await.expect("a list").is_empty());
    let told = browser
        .post(&format!("/inspections/{id}/announce"), &[])
        .await;
    assert_eq!(told.status, StatusCode::SEE_OTHER);
    super::load(&chief, &id).await.expect("they know of it");
    assert!(matches!(
        super::announce(&lead, &id).await,
        Err(Error::Refused(_))
    ));
}
