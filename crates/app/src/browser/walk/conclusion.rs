//! What the failings come to, and what is asked of the force.

use super::Walk;

pub(super) const FINDING: &str = "Warning markers are not read";
pub(super) const RECOMMENDATION: &str =
    "See that every warning marker is read before an officer is sent.";

impl Walk {
    /// The lead looks where the failings gather, and writes the finding from there.
    pub(super) async fn lead_writes_a_finding(&self) {
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Go to the findings").await;
        page.follow("the failings by criterion and cause").await;
        self.look_at("walk-21-failings").await;
        page.follow_first("tfoot td a").await;
        page.follow("Write a finding from").await;
        page.choose("kind", "cause-of-concern").await;
        page.fill("title", FINDING).await;
        page.fill(
            "detail",
            "Calls are answered before the systems are searched.",
        )
        .await;
        page.press("Write the finding").await;
        page.expect("The finding is written.").await;
        page.expect("A cause of concern needs one before the report is published.")
            .await;
        self.look_at("walk-22-finding").await;
    }

    /// A cause of concern needs a recommendation, with an owner and a time limit.
    pub(super) async fn lead_recommends(&self) {
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Findings").await;
        page.follow(&format!("Write a recommendation for: {FINDING}"))
            .await;
        page.press("Write the recommendation").await;
        page.expect("There is a problem").await;
        page.fill("detail", RECOMMENDATION).await;
        page.fill("owner", "Chief constable").await;
        page.choose("limit", "three-months").await;
        page.press("Write the recommendation").await;
        page.expect("Its time limit runs from the day the report is published.")
            .await;
        page.follow("The cases behind it").await;
        page.expect("CP-2025-").await;
    }
}
