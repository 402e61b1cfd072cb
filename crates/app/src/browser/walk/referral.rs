//! A case sent straight back: raised, acknowledged, answered, refused, answered again, accepted.

use super::Walk;
use crate::audit::OwnAudit;
use crate::web::moment;

impl Walk {
    /// In the middle of the audit the inspector sees that a child may be at risk now.
    pub(super) async fn inspector_sends_the_case_straight_back(&self, audit: &OwnAudit) {
        let page = self.as_person("inspector").await;
        page.follow(&format!("Audit {}", audit.reference)).await;
        page.follow("Send straight back").await;
        page.expect(&audit.reference).await;
        page.choose("reason", "child-at-present-risk").await;
        page.fill("risk", "No visit is on record since the report.")
            .await;
        self.look_at("walk-12-send-straight-back").await;
        page.press("Continue").await;
        page.expect("You are about to send a case straight back")
            .await;
        self.look_at("walk-12-about-to-send-back").await;
        page.press("Send it back now").await;
        page.expect("The case is sent back. The force can see it now and its clocks run.")
            .await;
        page.expect("Nothing from the force yet.").await;
    }

    /// The force's liaison sees it in the same minute, acknowledges it, and records the first
    /// thing that was done for the child.
    pub(super) async fn liaison_acts_at_once(&self) {
        let page = self.as_person("liaison").await;
        page.expect("Referrals waiting for you").await;
        self.look_at("walk-13-work-of-a-liaison").await;
        page.follow("Referral 1").await;
        page.expect("No visit is on record since the report.").await;
        self.pass_hours(1);
        page.press("Acknowledge it").await;
        page.expect("Acknowledged").await;
        self.pass_hours(1);
        page.follow("Record a protective step").await;
        page.fill("done", "The child was visited and is safe.")
            .await;
        let (day, time) = moment::fields(self.world.now());
        page.fill("day", &day).await;
        page.fill("time", &time).await;
        page.press("Record the step").await;
        page.expect("The protective step is recorded.").await;
    }

    /// The force answers in structure.
    pub(super) async fn liaison_answers(&self, found: &str) {
        self.pass_hours(1);
        let page = self.as_person("liaison").await;
        page.follow("Referral 1").await;
        page.follow("Answer").await;
        page.press("Send the answer").await;
        page.expect("There is a problem").await;
        page.choose("found", "risk-confirmed").await;
        page.fill("found_detail", found).await;
        page.fill("protected", "The child was visited and is safe.")
            .await;
        let (day, time) = moment::fields(self.world.now());
        page.fill("protected_day", &day).await;
        page.fill("protected_time", &time).await;
        page.choose("further_risk", "no").await;
        page.choose("outcome", "nobody").await;
        page.fill("action", "Visit again within a week.").await;
        page.fill("action_on", "2026-02-09").await;
        self.look_at("walk-14-answer").await;
        page.press("Send the answer").await;
        page.expect("Your answer is with the inspectorate.").await;
    }

    /// Something is missing: the inspector says what, and a fresh clock runs.
    pub(super) async fn inspector_refuses_the_answer(&self) {
        let page = self.as_person("inspector").await;
        page.expect("Answers that wait for your decision").await;
        self.look_at("walk-15-answer-waits").await;
        page.follow("Referral 1").await;
        page.follow("Decide on the answer").await;
        page.choose("decision", "refuse").await;
        page.press("Decide").await;
        page.expect("There is a problem").await;
        page.choose("decision", "refuse").await;
        page.fill("words", "Who agreed the safety plan is missing.")
            .await;
        page.press("Decide").await;
        page.expect("The answer is refused. The force can see why, and a fresh clock runs.")
            .await;
    }

    /// The second answer will do. Both views stay side by side.
    pub(super) async fn inspector_accepts_the_answer(&self) {
        let page = self.as_person("inspector").await;
        page.follow("Referral 1").await;
        page.follow("Decide on the answer").await;
        page.choose("decision", "accept").await;
        page.press("Decide").await;
        page.expect("The answer is accepted and the referral is closed.")
            .await;
        page.expect("Who agreed the safety plan is missing.").await;
        page.expect("A visit was made and a safety plan agreed.")
            .await;
        self.look_at("walk-16-both-views").await;
    }
}
