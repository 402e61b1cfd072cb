//! Opening the inspection, its team, its sample, and who reads what.

use super::{FRAMEWORK, SAMPLE, TITLE, Walk};
use throughline_domain::id::UserId;

impl Walk {
    /// The lead has no inspection yet, and opens one of Norhaven.
    pub(super) async fn lead_opens_the_inspection(&self) {
        let page = self.as_person("lead").await;
        page.visit("Inspections").await;
        page.expect("You are on no inspection’s team yet.").await;
        page.follow("Open an inspection").await;
        page.press("Open the inspection").await;
        page.expect("There is a problem").await;
        page.choose("force", self.world.force.as_str()).await;
        page.fill("title", TITLE).await;
        page.choose("framework", FRAMEWORK).await;
        page.fill("fieldwork_from", "2026-02-02").await;
        page.fill("fieldwork_to", "2026-05-29").await;
        page.press("Open the inspection").await;
        page.expect("The inspection is open. Next: the case list.")
            .await;
        page.expect("Norhaven Police").await;
        self.look_at("walk-01-inspection-opened").await;
    }

    /// The lead adds two inspectors, and another lead who will approve the report.
    pub(super) async fn lead_adds_the_team(&self) {
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Team").await;
        for name in ["inspector", "second", "other-lead"] {
            page.choose("account", self.user(name).as_str()).await;
            page.press("Add to the team").await;
            page.expect(&format!("The {name}")).await;
        }
        page.expect("Only the team sees this inspection’s cases.")
            .await;
    }

    /// The lead sees what a sample of that size would give, and draws it.
    pub(super) async fn lead_draws_the_sample(&self) {
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Go to the sample").await;
        page.fill("size", &SAMPLE.to_string()).await;
        page.fill("minimum", "1").await;
        page.fill("reserves", "1").await;
        page.press("Show what this gives").await;
        page.expect("What this plan gives").await;
        self.look_at("walk-05-sample-planned").await;
        page.press(&format!("Draw {SAMPLE} cases")).await;
        page.expect("The sample is drawn. Its certificate lets anyone draw it again.")
            .await;
        page.press("Check the draw").await;
        page.expect("gives the same cases in the same order").await;
        page.follow("Sample").await;
        self.look_at("walk-06-sample-drawn").await;
    }

    /// The lead shares the cases out over two readers, and has some read twice.
    pub(super) async fn lead_assigns_the_cases(&self) {
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Go to the audits").await;
        page.follow("Assign cases").await;
        self.tick_both("readers").await;
        self.look_at("walk-07-assign").await;
        page.press(&format!("Assign all {SAMPLE} evenly")).await;
        page.expect("12 cases are shared out over 2 readers.").await;
        page.follow("Choose second readings").await;
        self.tick_both("second_readers").await;
        page.press("Choose and assign second readings").await;
        page.expect("chosen at random for a second, blind reading")
            .await;
        self.look_at("walk-08-assigned").await;
    }

    async fn tick_both(&self, field: &str) {
        for name in ["inspector", "second"] {
            self.chromium.tick(field, self.user(name).as_str()).await;
        }
    }

    pub(super) fn user(&self, name: &str) -> UserId {
        self.world.person(name).user.expect("a user")
    }
}
