//! The audits: one written page by page, one read a second time, and one settled.

use super::Walk;
use crate::audit::{OwnAudit, complete, load_for, own_work};
use crate::testing::content;
use throughline_domain::access::Action;
use throughline_domain::audit::Reading;
use throughline_domain::id::AuditId;

const REASON: &str = "The marker was there and was not read.";

/// The grade that a first reader gives: the case's own, whoever reads it.
fn grade_of(reference: &str) -> &'static str {
    let grades = ["good", "requires-improvement", "inadequate"];
    let sum: usize = reference.bytes().map(usize::from).sum();
    grades[sum % grades.len()]
}

impl Walk {
    /// The inspector opens an audit from the list of their own work, answers the first page,
    /// and is told at once what is missing when they try to submit it.
    pub(super) async fn inspector_begins_an_audit(&self) -> OwnAudit {
        let audit = self.work_of("inspector", Reading::First).await.remove(0);
        let page = self.as_person("inspector").await;
        page.expect("Audits to write").await;
        self.look_at("walk-09-work-of-an-inspector").await;
        page.follow(&format!("Audit {}", audit.reference)).await;
        page.expect("Check and submit").await;
        self.open_first_topic().await;
        self.answer_the_page(true).await;
        self.look_at("walk-10-audit-topic").await;
        page.press("Save draft").await;
        page.expect("Your draft is saved.").await;
        page.follow("Check and submit").await;
        page.press("Submit the audit").await;
        page.expect("things are missing").await;
        self.look_at("walk-11-audit-missing").await;
        let first = ".govuk-error-summary__list a";
        page.follow_first(first).await;
        page.find("main :target").await;
        audit
    }

    /// In a new browser the draft is where it was left.
    pub(super) async fn inspector_finds_the_draft_again(&self, audit: &OwnAudit) {
        let page = self.as_person("inspector").await;
        page.expect("begun").await;
        page.follow(&format!("Audit {}", audit.reference)).await;
        self.open_first_topic().await;
        let reason = page.fields("reason-").await.remove(0);
        assert_eq!(page.value(&reason).await, REASON);
        page.expect("Last saved").await;
    }

    /// The inspector goes on through every page, and submits.
    pub(super) async fn inspector_finishes_the_audit(&self, audit: &OwnAudit) {
        let page = self.as_person("inspector").await;
        page.follow(&format!("Audit {}", audit.reference)).await;
        self.write_every_page(grade_of(&audit.reference)).await;
        self.look_at("walk-18-audit-check").await;
        page.press("Submit the audit").await;
        page.expect("The audit is submitted.").await;
        self.look_at("walk-19-audit-read").await;
    }

    /// The other first readings are written in the same way.
    pub(super) async fn readers_finish_the_others(&self) {
        for name in ["inspector", "second"] {
            for audit in self.work_of(name, Reading::First).await {
                self.complete_as(name, &audit.id, grade_of(&audit.reference))
                    .await;
            }
        }
    }

    /// A second reader, who knows nothing of the first reading, comes to another grade.
    pub(super) async fn second_reader_differs(&self) {
        let mut waiting = Vec::new();
        for name in ["inspector", "second"] {
            let work = self.work_of(name, Reading::Second).await;
            waiting.extend(work.into_iter().map(|audit| (name, audit)));
        }
        let (name, audit) = waiting.remove(0);
        for (other, alike) in waiting {
            self.complete_as(other, &alike.id, grade_of(&alike.reference))
                .await;
        }
        let page = self.as_person(name).await;
        page.follow(&format!("Second reading of {}", audit.reference))
            .await;
        page.expect("Second reading").await;
        let first = grade_of(&audit.reference);
        let other = if first == "good" {
            "inadequate"
        } else {
            "good"
        };
        self.write_every_page(other).await;
        page.press("Submit the audit").await;
        page.expect("The audit is submitted.").await;
    }

    /// The lead sees both readings side by side, and settles the grade with a reason.
    pub(super) async fn lead_settles_the_case(&self) {
        let page = self.as_person("lead").await;
        page.expect("Gradings to settle").await;
        self.open_inspection().await;
        page.follow("Audits").await;
        page.follow("Settle 1 differing case").await;
        page.expect("came to different grades").await;
        page.follow("CP-2025-").await;
        page.expect("Answer by answer").await;
        self.look_at("walk-20-moderation").await;
        page.press("Settle the case").await;
        page.expect("There is a problem").await;
        page.choose("grade", "inadequate").await;
        page.fill("reason", "The failing weighs more than what was done well.")
            .await;
        let standing = page.values("standing").await.remove(0);
        page.choose("standing", &standing).await;
        page.press("Settle the case").await;
        page.expect("The case is settled.").await;
    }

    async fn work_of(&self, name: &str, reading: Reading) -> Vec<OwnAudit> {
        let work = own_work(&self.world.call(name)).await.expect("work");
        work.into_iter()
            .filter(|audit| audit.reading == reading)
            .collect()
    }

    async fn complete_as(&self, name: &str, id: &AuditId, grade: &str) {
        let call = self.world.call(name);
        let loaded = load_for(&call, id, Action::WriteAudit).await;
        let category = loaded.expect("an audit").audit.category;
        complete(&call, id, &content(&category, grade))
            .await
            .expect("submitted");
    }

    async fn open_first_topic(&self) {
        self.chromium.follow_first(".govuk-task-list__link").await;
    }

    /// From the list of the audit's pages to the page before submitting.
    async fn write_every_page(&self, grade: &str) {
        let page = &self.chromium;
        self.open_first_topic().await;
        let mut first = true;
        while page.path().await.contains("/topics/") {
            self.answer_the_page(first).await;
            page.press("Save and continue").await;
            first = false;
        }
        page.expect("Strengths").await;
        page.fill("detail-1", "The officer stayed with the child.")
            .await;
        page.fill("passage-1", "entry 4").await;
        page.press("Save and continue").await;
        for topic in page.fields("grade-").await {
            page.choose(&topic, grade).await;
        }
        page.choose("grade", grade).await;
        page.fill("grade_reason", "As the answers show.").await;
        page.press("Save and continue").await;
        page.expect("nothing missing").await;
    }

    /// Every criterion of the page is met; but the first is not, with its reason and failing.
    async fn answer_the_page(&self, first_fails: bool) {
        let page = &self.chromium;
        for (number, answer) in page.fields("answer-").await.iter().enumerate() {
            if number > 0 || !first_fails {
                page.choose(answer, "met").await;
                continue;
            }
            let short = answer.trim_start_matches("answer-");
            page.choose(answer, "not-met").await;
            page.fill(&format!("reason-{short}"), REASON).await;
            page.choose(&format!("cause-{short}-1"), "training").await;
            page.fill(&format!("passage-{short}-1"), "entry 3").await;
            page.fill(&format!("detail-{short}-1"), "Marker not read.")
                .await;
        }
    }
}
