use super::*;
use crate::case_list::{AcceptedList, import_rows};
use crate::testing::{World, reference};
use axum::http::StatusCode;
use jiff::civil::date;
use throughline_domain::case_list::{CaseRow, DeclaredTotals, InspectedPeriod, Mapping};
use throughline_domain::sample::{NoContribution, State};
use throughline_stats::draw::Origin;

const SEED: [u8; 32] = [9; 32];

/// An inspection with this many cases: half missing, a third domestic abuse, the rest exploitation.
pub(crate) async fn listed(world: &World, cases: i64) -> InspectionId {
    let id = world.inspection().await;
    import_rows(&world.call("lead"), &id, &list_of(1..=cases))
        .await
        .expect("imported");
    id
}

pub(crate) fn list_of(cases: impl Iterator<Item = i64>) -> AcceptedList {
    let rows: Vec<CaseRow> = cases
        .map(|n| CaseRow {
            reference: reference(n),
            category: match n % 6 {
                0..=2 => "missing",
                3 | 4 => "domestic-abuse",
                _ => "exploitation",
            }
            .into(),
            area: "N1".into(),
            opened: date(2025, 3, 1),
            closed: None,
            own_grade: None,
        })
        .collect();
    AcceptedList {
        file_name: "list.csv".into(),
        digest: format!("{:064x}", rows.len()),
        mapping: Mapping::default(),
        period: InspectedPeriod::new(date(2025, 1, 1), date(2025, 12, 31)).expect("a period"),
        declared: DeclaredTotals::default(),
        rows,
    }
}

async fn all_cases(world: &World, id: &InspectionId) -> Vec<SampledCase> {
    store::cases(world.app.store.reader(), id, 0, 0)
        .await
        .expect("cases")
}

#[tokio::test]
async fn draw_adds_up_and_comes_out_the_same_again() {
    let world = World::new().await;
    let id = listed(&world, 120).await;
    let lead = world.call("lead");
    draw_with_seed(&lead, &id, 30, 3, 2, SEED)
        .await
        .expect("drawn");
    let cases = all_cases(&world, &id).await;
    let in_state = |state: State| cases.iter().filter(|case| case.state.0 == state).count();
    assert_eq!((in_state(State::Drawn), in_state(State::Reserve)), (30, 6));
    let certificate = find(&lead, &id)
        .await
        .expect("an answer")
        .expect("a sample");
    let strata = certificate.certificate().expect("a certificate").strata;
    let sizes: Vec<_> = strata
        .iter()
        .map(|s| (s.name.as_str(), s.population, s.sampled))
        .collect();
    assert_eq!(
        sizes,
        [
            ("domestic-abuse", 40, 10),
            ("exploitation", 20, 5),
            ("missing", 60, 15)
        ]
    );
    assert_eq!(
        redraw(&lead, &id).await.expect("checked"),
        Vec::<String>::new()
    );
    let other = World::new().await;
    let same = listed(&other, 120).await;
    draw_with_seed(&other.call("lead"), &same, 30, 3, 2, SEED)
        .await
        .expect("drawn");
    let references = |cases: &[SampledCase]| -> Vec<String> {
        cases.iter().map(|case| case.reference.clone()).collect()
    };
    assert_eq!(
        references(&cases),
        references(&all_cases(&other, &same).await)
    );
}

#[tokio::test]
async fn tampering_with_the_list_or_the_sample_is_found() {
    for (sql, word) in [
        (
            "UPDATE case_record SET category = 'missing' WHERE reference = 'CP-2025-0000005'",
            "digest",
        ),
        (
            "UPDATE sampled_case SET position = 99 WHERE stratum = 'missing' AND position = 1",
            "the sample does not",
        ),
        ("UPDATE sample SET certificate = 'x'", "cannot be read"),
    ] {
        let world = World::new().await;
        let id = listed(&world, 60).await;
        let lead = world.call("lead");
        draw_with_seed(&lead, &id, 12, 1, 1, SEED)
            .await
            .expect("drawn");
        let mut transaction = world.app.store.begin().await.expect("a transaction");
        sqlx::query(sql)
            .execute(&mut *transaction)
            .await
            .expect("changed");
        transaction.commit().await.expect("committed");
        let differences = redraw(&lead, &id).await.expect("checked").join("\n");
        assert!(differences.contains(word), "{sql}: {differences}");
    }
}

#[tokio::test]
async fn sample_is_drawn_once_by_the_lead_and_without_the_withdrawn() {
    let world = World::new().await;
    let id = listed(&world, 60).await;
    let lead = world.call("lead");
    import_rows(&lead, &id, &list_of(1..=30))
        .await
        .expect("corrected");
    let refused = draw_with_seed(&world.call("inspector"), &id, 10, 1, 1, SEED).await;
    assert!(matches!(refused, Err(Error::Refused(_))), "{refused:?}");
    let too_many = draw_with_seed(&lead, &id, 31, 1, 1, SEED).await;
    assert!(matches!(too_many, Err(Error::Invalid(_))), "{too_many:?}");
    draw_with_seed(&lead, &id, 30, 1, 1, SEED)
        .await
        .expect("drawn");
    let cases = all_cases(&world, &id).await;
    assert!(cases.iter().all(|case| case.reference <= reference(30)));
    let again = draw_with_seed(&lead, &id, 10, 1, 1, SEED).await;
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
}

#[tokio::test]
async fn reserves_take_the_place_in_the_order_of_the_draw() {
    let world = World::new().await;
    let id = listed(&world, 60).await;
    draw_with_seed(&world.call("lead"), &id, 12, 1, 2, SEED)
        .await
        .expect("drawn");
    let inspector = world.call("inspector");
    let before = all_cases(&world, &id).await;
    let of = |state: State| -> Vec<String> {
        before
            .iter()
            .filter(|case| case.stratum == "missing" && case.state.0 == state)
            .map(|case| case.reference.clone())
            .collect()
    };
    let (drawn, reserves) = (of(State::Drawn), of(State::Reserve));
    assert_eq!(reserves.len(), 2);
    for (case, reserve) in drawn
        .iter()
        .zip([Some(&reserves[0]), Some(&reserves[1]), None])
    {
        let event = replace(&inspector, &id, case, "no-child-involved")
            .await
            .expect("replaced");
        assert_eq!(event.replaced_by.as_ref(), reserve);
    }
    let again = replace(&inspector, &id, &drawn[0], "no-child-involved").await;
    assert!(matches!(again, Err(Error::Refused(_))), "{again:?}");
    let event = replace(&inspector, &id, &reserves[0], "file-not-found")
        .await
        .expect("left out");
    assert_eq!((event.replaced_by, event.state), (None, State::LeftOut));
    let after = all_cases(&world, &id).await;
    assert_eq!(after.len(), before.len(), "both stay on record");
    let took = after
        .iter()
        .find(|case| case.reference == reserves[1])
        .expect("kept");
    assert_eq!(
        (took.state.0, took.instead_of.as_deref()),
        (State::Drawn, Some(drawn[1].as_str()))
    );
    let reasons = store::count_by_reason(world.app.store.reader(), &id)
        .await
        .expect("counts");
    assert_eq!(
        reasons,
        [
            ("file-not-found".to_owned(), 1),
            ("no-child-involved".to_owned(), 3)
        ]
    );
    assert_eq!(
        redraw(&inspector, &id).await.expect("checked"),
        Vec::<String>::new()
    );
}

#[tokio::test]
async fn case_that_was_read_or_is_unknown_is_not_replaced() {
    let world = World::new().await;
    let id = world.audited_inspection().await;
    let lead = world.call("lead");
    let read = replace(&lead, &id, &reference(1), "outside-period").await;
    assert!(matches!(read, Err(Error::Refused(_))), "{read:?}");
    let unknown = replace(&lead, &id, "CP-0", "outside-period").await;
    assert!(matches!(unknown, Err(Error::NotFound)), "{unknown:?}");
    let no_reason = replace(&lead, &id, &reference(1), "because").await;
    assert!(matches!(no_reason, Err(Error::Invalid(_))), "{no_reason:?}");
}

#[tokio::test]
async fn lead_plans_draws_checks_and_replaces_on_the_pages() {
    let world = World::new().await;
    let id = listed(&world, 1204).await;
    let lead = world.browser("lead").await;
    let path = format!("/inspections/{id}/sample");
    let plan = lead
        .get(&format!("{path}?size=60&minimum=5&reserves=2"))
        .await
        .text();
    for words in [
        "60 of 1204 cases",
        "12.3 percentage points",
        "Open the draw of 60 cases",
    ] {
        assert!(plan.contains(words), "{words}");
    }
    let faulty = lead
        .get(&format!("{path}?size=9999&minimum=5&reserves=2"))
        .await;
    assert_eq!(faulty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(faulty.text().contains("the list has only 1204"));
    assert!(plan.contains("name=\"shown\" value=\"60-5-2\""), "{plan}");
    let fields = [("size", "30"), ("minimum", "5"), ("reserves", "2")];
    let changed = [fields.as_slice(), &[("shown", "60-5-2"), ("step", "open")]].concat();
    let again = lead.post(&path, &changed).await;
    assert_eq!(again.status, StatusCode::OK);
    for words in [
        "Nothing was opened",
        "30 of 1204 cases",
        "Open the draw of 30 cases",
        "name=\"shown\" value=\"30-5-2\"",
    ] {
        assert!(again.text().contains(words), "{words}");
    }
    let fields = [("size", "60"), ("minimum", "5"), ("reserves", "2")];
    let shown = [fields.as_slice(), &[("shown", "60-5-2"), ("step", "show")]].concat();
    assert_eq!(lead.post(&path, &shown).await.status, StatusCode::OK);
    let nothing = opening::find(&world.call("lead"), &id).await;
    assert!(nothing.expect("an answer").is_none(), "nothing is open");
    let opened = [fields.as_slice(), &[("shown", "60-5-2"), ("step", "open")]].concat();
    let answer = lead.post(&path, &opened).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let open = opening::find(&world.call("lead"), &id).await;
    let open = open.expect("an answer").expect("an opening");
    assert_eq!(open.plan().expect("a plan").size, 60);
    assert!(lead.get(&path).await.text().contains("Not given yet"));
    let liaison = world.browser("liaison").await;
    let asked = format!("/inspections/{id}/draw");
    assert!(liaison.get("/work").await.text().contains(&asked));
    let empty = liaison.post(&asked, &[("contribution", " ")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    let given = [("contribution", "dice 4 2 6 1")];
    let answer = liaison.post(&asked, &given).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let drawn = lead.post(&format!("{path}/draw"), &[]).await;
    assert_eq!(drawn.status, StatusCode::SEE_OTHER);
    let page = lead.get(&path).await.text();
    for words in ["dice 4 2 6 1", "From both sides", "1 to 50 of 66"] {
        assert!(page.contains(words), "{words}");
    }
    let certificate = lead.get(&format!("{path}/certificate.json")).await.text();
    assert!(certificate.contains("\"kind\":\"joint\""), "{certificate}");
    let checked = lead.post(&format!("{path}/check"), &[]).await.text();
    assert!(checked.contains("The draw holds"));
    let case = all_cases(&world, &id).await[0].reference.clone();
    let ask = lead
        .get(&format!("{path}/replace?reference={case}"))
        .await
        .text();
    assert!(ask.contains("Outside the period"));
    let fields = [("reference", case.as_str()), ("reason", "")];
    let answer = lead.post(&format!("{path}/replace"), &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("reference", case.as_str()), ("reason", "outside-period")];
    let answer = lead.post(&format!("{path}/replace"), &fields).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(lead.get(&path).await.text().contains("in place of"));
}

#[tokio::test]
async fn seed_of_an_opened_draw_comes_from_both_sides() {
    let world = World::new().await;
    let id = listed(&world, 120).await;
    let (lead, liaison) = (world.call("lead"), world.call("liaison"));
    assert!(opening::draw(&lead, &id, None).await.is_err());
    assert!(
        opening::contribute(&liaison, &id, Some("4 2"))
            .await
            .is_err()
    );
    opening::open(&lead, &id, 30, 3, 2).await.expect("opened");
    let opened = opening::find_for_force(&liaison, &id)
        .await
        .expect("an answer");
    let commitment = opened.expect("an opening").commitment;
    assert!(opening::open(&lead, &id, 31, 3, 2).await.is_err());
    let alone = opening::draw(&lead, &id, Some(NoContribution::NoAnswer)).await;
    assert!(matches!(alone, Err(Error::Refused(_))), "{alone:?}");
    assert!(opening::contribute(&lead, &id, Some("4 2")).await.is_err());
    opening::contribute(&liaison, &id, Some("4 2"))
        .await
        .expect("given");
    assert!(
        opening::contribute(&world.call("chief"), &id, None)
            .await
            .is_err()
    );
    opening::draw(&lead, &id, None).await.expect("drawn");
    let sample = find(&lead, &id)
        .await
        .expect("an answer")
        .expect("a sample");
    match sample.certificate().expect("a certificate").origin {
        Origin::Joint {
            commitment: kept,
            contribution,
            ..
        } => assert_eq!(
            (kept.0.to_string(), contribution),
            (commitment, "4 2".into())
        ),
        other => panic!("{other:?}"),
    }
    assert_eq!(redraw(&lead, &id).await.expect("checked"), [""; 0]);
}

#[tokio::test]
async fn lead_draws_alone_only_when_the_time_is_over_and_says_why() {
    let world = World::new().await;
    let id = listed(&world, 120).await;
    opening::open(&world.call("lead"), &id, 30, 3, 2)
        .await
        .expect("opened");
    world.pass(jiff::SignedDuration::from_hours(72));
    let lead = world.call("lead");
    assert!(opening::draw(&lead, &id, None).await.is_err());
    let path = format!("/inspections/{id}/sample/draw");
    let page = world.browser("lead").await;
    let whim = page.post(&path, &[("reason", "a-whim")]).await;
    assert_eq!(whim.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(whim.text().contains("Choose one of the reasons"));
    opening::draw(&lead, &id, Some(NoContribution::NoAnswer))
        .await
        .expect("drawn");
    let sample = find(&lead, &id)
        .await
        .expect("an answer")
        .expect("a sample");
    let origin = sample.certificate().expect("a certificate").origin;
    assert!(matches!(origin, Origin::InspectorateAlone { reason, .. } if reason == "no-answer"));
    let reason: Option<String> =
        sqlx::query_scalar("SELECT reason FROM journal_entry WHERE action = 'sample drawn'")
            .fetch_one(world.app.store.reader())
            .await
            .expect("an entry");
    assert_eq!(reason.as_deref(), Some("no-answer"));
}

#[tokio::test]
async fn sample_does_not_exist_for_the_force_and_for_strangers() {
    let world = World::new().await;
    let id = world.sampled_inspection().await;
    for name in [
        "liaison",
        "chief",
        "other-liaison",
        "administrator",
        "other-lead",
        "reader",
    ] {
        let call = world.call(name);
        assert!(
            matches!(find(&call, &id).await, Err(Error::NotFound)),
            "{name}"
        );
        assert!(
            matches!(read_cases(&call, &id, 0, 10).await, Err(Error::NotFound)),
            "{name}"
        );
        assert!(
            replace(&call, &id, &reference(1), "outside-period")
                .await
                .is_err(),
            "{name}"
        );
    }
}

#[tokio::test]
async fn chance_of_a_case_has_one_form_on_the_page() {
    let world = World::new().await;
    let id = world.sampled_inspection().await;
    let path = format!("/inspections/{id}/sample");
    let page = world.browser("lead").await.get(&path).await.text();
    let numbers: Vec<&str> = page
        .split("tl-number\">")
        .skip(1)
        .filter_map(|cell| cell.split('<').next())
        .collect();
    assert!(numbers.iter().any(|number| number.ends_with("\u{a0}%")));
    let fractions: Vec<_> = numbers
        .iter()
        .filter(|n| n.starts_with("0.") && !n.ends_with('%'))
        .collect();
    assert!(fractions.is_empty(), "{fractions:?}");
    assert!(
        page.contains("Assign the cases to readers"),
        "none has a reader"
    );
}

#[test]
fn precision_is_that_of_a_finite_list() {
    let points = |size, population| {
        100.0 * margin(0.5, size, Some(population), Level::NINETY_FIVE).expect("a margin")
    };
    assert!((points(60, 1204) - 12.34).abs() < 0.01);
    assert_eq!(points(40, 40), 0.0);
    assert!(precision_in_words(0, 40).starts_with("No case is read"));
}
