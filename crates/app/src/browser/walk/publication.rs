//! The report: written, checked by the force, approved by somebody else, published at its time.

use super::{TITLE, Walk};
use crate::report;

impl Walk {
    /// The lead begins the report and makes its words their own. A figure cannot be typed.
    pub(super) async fn lead_writes_the_report(&self) {
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Report").await;
        page.press("Begin the report").await;
        page.expect("The report is begun, with its figures as they are now.")
            .await;
        page.press("Freeze the figures again").await;
        page.expect("The figures are computed anew and frozen.")
            .await;
        self.look_at("walk-23-report-draft").await;
        page.follow("Write").await;
        page.fill("text-summary", "Of all cases, 75 % were below good.")
            .await;
        page.press("Save").await;
        page.expect("There is a problem").await;
        self.look_at("walk-24-typed-figure-refused").await;
        page.fill(
            "text-summary",
            "Of the cases read, {below-good:count} were below good.",
        )
        .await;
        page.press("Save").await;
        page.expect("The text is saved as revision").await;
        page.follow("Send to the force").await;
        page.expect("You are about to send this draft").await;
        self.look_at("walk-24-about-to-send").await;
        page.press("Send it to the force").await;
        page.expect("The draft is with the force for its accuracy check.")
            .await;
    }

    /// The force's liaison finds the draft in their work, and says what is wrong in a passage.
    pub(super) async fn liaison_comments_on_the_draft(&self) {
        let page = self.as_person("liaison").await;
        page.expect("Drafts to check").await;
        page.follow(TITLE).await;
        page.follow("Comment on a passage").await;
        let passage = page.values("passage").await.remove(0);
        page.choose("passage", &passage).await;
        page.fill("detail", "The systems were searched in two of these.")
            .await;
        page.press("Send the comment").await;
        page.expect("Your comment is with the inspectorate.").await;
        self.look_at("walk-25-accuracy-comment").await;
        page.visit("Reports").await;
        page.follow(TITLE).await;
        page.press("Say that our check is done").await;
        page.expect("The inspectorate knows that your check is done.")
            .await;
    }

    /// The lead decides on the comment, and the decision stands beside it.
    pub(super) async fn lead_decides_the_comment(&self) {
        let page = self.as_person("lead").await;
        page.expect("Reports on their way").await;
        page.follow(TITLE).await;
        page.follow("Accuracy comments").await;
        page.choose("decision", "not-accepted").await;
        page.fill("reason", "The search was made after the officer was sent.")
            .await;
        page.press("Decide").await;
        page.expect("The decision stands beside the comment.").await;
    }

    /// Who wrote the report cannot approve it; the other lead can.
    pub(super) async fn author_may_not_approve_but_another_lead_does(&self) {
        let page = self.as_person("lead").await;
        page.follow(TITLE).await;
        let text = page.text().await;
        assert!(!text.contains("Approve the report"), "{text}");
        self.look_at("walk-26-author-may-not-approve").await;
        let page = self.as_person("other-lead").await;
        page.follow(TITLE).await;
        page.follow("Approve the report").await;
        page.expect("You are about to approve this report").await;
        self.look_at("walk-26-about-to-approve").await;
        page.press("Approve the report").await;
        page.expect("The report is approved. Next: the time of its publication.")
            .await;
    }

    /// Its time is set for tomorrow. Nobody outside reads it before; at that time it is public.
    pub(super) async fn lead_sets_the_time_and_the_report_is_published_then(&self) {
        let page = self.as_person("lead").await;
        page.follow(TITLE).await;
        page.follow("Set the time of publication").await;
        page.fill("day", "2026-02-03").await;
        page.fill("time", "09:30").await;
        page.press("Continue").await;
        page.expect("You are about to set the time of publication")
            .await;
        page.expect("On 3 February 2026, 09:30, by itself.").await;
        self.look_at("walk-26-about-to-publish").await;
        page.press("Set the time").await;
        page.expect("It is published by itself on 3 February 2026, 09:30.")
            .await;
        self.publish_what_is_due(0).await;
        let page = self.as_public().await;
        page.goto("/published").await;
        page.expect("No report has been published here yet.").await;
        self.pass_hours(24);
        self.publish_what_is_due(1).await;
    }

    async fn publish_what_is_due(&self, expected: usize) {
        let due = report::publish_due(&self.world.app, self.world.now()).await;
        assert_eq!(due.expect("published").len(), expected);
    }

    /// Anyone reads the report, and takes it away as PDF, workbook and tables.
    pub(super) async fn public_reads_and_takes_it_away(&self) {
        let page = self.as_public().await;
        page.goto("/").await;
        self.look_at("walk-27-landing").await;
        page.follow(TITLE).await;
        page.expect("were below good").await;
        self.look_at("walk-28-published-report").await;
        let links = page.links().await;
        for (ending, media_type) in [
            ("report.pdf", "application/pdf"),
            (
                "tables.xlsx",
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
            (".csv", "text/csv"),
        ] {
            let path = links.iter().find(|path| path.ends_with(ending));
            let path = path.unwrap_or_else(|| panic!("no link to {ending}"));
            self.expect_file(path, media_type).await;
        }
    }

    /// A file that anyone may have comes, and is what it says.
    pub(super) async fn expect_file(&self, path: &str, media_type: &str) {
        let answer = self.world.browser("nobody").await.get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        let said = answer.headers["content-type"].to_str().expect("a text");
        assert!(said.starts_with(media_type), "{path} is {said}");
        assert!(!answer.body.is_empty(), "{path}");
    }
}
