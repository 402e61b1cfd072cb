use super::Owes;
use crate::error::Error;
use crate::testing::World;
use jiff::SignedDuration;

#[tokio::test]
async fn new_chief_sees_what_is_open_and_who_owes_it() {
    let world = World::new().await;
    let inspection = world.audited_inspection().await;
    world.published_recommendation(&inspection).await;
    world.referral(&inspection, 12).await;
    world.pass(SignedDuration::from_hours(24 * 40));
    let handover = super::draw_up(&world.call("chief"), "norhaven")
        .await
        .expect("a handover");
    let of = |title: &str| {
        handover
            .duties
            .iter()
            .find(|d| d.title == title)
            .expect("a duty")
    };
    let referral = &of("Cases sent straight back").items[0];
    assert_eq!(
        referral.clock.as_ref().expect("a clock").words,
        "Acknowledgement overdue by 39 days"
    );
    let recommendation = &of("Recommendations not complete").items[0];
    assert_eq!(
        (
            recommendation.age_days,
            of("Recommendations not complete").run_out()
        ),
        (40, 0)
    );
    assert_eq!(of("Late actions of the plan").run_out(), 1);
    assert_eq!(of("Plans not begun").items.len(), 0);
    assert_eq!(of("Reports not published").items.len(), 1);
    let sum: usize = handover.duties.iter().map(|duty| duty.items.len()).sum();
    assert_eq!(
        handover.open(&Owes::Force) + handover.open(&Owes::Inspectorate),
        sum
    );
    let page = world
        .browser("chief")
        .await
        .get("/handover/norhaven")
        .await
        .text();
    assert!(page.contains("2 clocks have run out"));
    assert!(!page.contains("CP-2025-0000012"), "it names no case");
}

#[tokio::test]
async fn team_reads_it_and_strangers_do_not() {
    let world = World::new().await;
    world.inspection().await;
    super::draw_up(&world.call("inspector"), "norhaven")
        .await
        .expect("a handover");
    for name in ["other-lead", "other-liaison", "administrator", "reader"] {
        let tried = super::draw_up(&world.call(name), "norhaven").await;
        assert!(matches!(tried, Err(Error::NotFound)), "{name}");
    }
    let unknown = super::draw_up(&world.call("chief"), "nowhere").await;
    assert!(matches!(unknown, Err(Error::NotFound)));
}

#[tokio::test]
async fn force_is_not_told_how_far_a_draft_has_come() {
    let world = World::new().await;
    world.inspection().await;
    let stands = |handover: &super::Handover| {
        let duty = handover
            .duties
            .iter()
            .find(|d| d.title == "Reports not published");
        duty.expect("a duty").items[0].stands.clone()
    };
    let chief = super::draw_up(&world.call("chief"), "norhaven")
        .await
        .expect("a handover");
    assert!(stands(&chief).starts_with("Not served yet"));
    let lead = super::draw_up(&world.call("lead"), "norhaven")
        .await
        .expect("a handover");
    assert!(stands(&lead).starts_with("Not begun"));
}
