//! After publication: the force's plan, the next quarter, the handover, the brief, the journal.

use super::conclusion::RECOMMENDATION;
use super::{FRAMEWORK, TITLE, Walk};
use crate::journal::verification::verify;

const QUARTER: &str = "Quarterly update, May 2026";

impl Walk {
    /// The liaison says what the force will do, and shows a file that proves it.
    pub(super) async fn liaison_writes_the_plan(&self) {
        let page = self.as_person("liaison").await;
        page.follow("Recommendation 1").await;
        page.expect(RECOMMENDATION).await;
        page.follow("Add the first").await;
        page.fill("title", "Train every call handler").await;
        page.fill("owner", "Head of contact").await;
        page.fill("due_on", "2026-03-31").await;
        page.press("Add to the plan").await;
        page.expect("The action stands in the plan. The inspectorate sees it.")
            .await;
        page.follow("Train every call handler").await;
        page.follow("Add a file").await;
        let directory = tempfile::tempdir().expect("a directory");
        let file = directory.path().join("Training plan.txt");
        std::fs::write(&file, "Who is trained when.\n").expect("written");
        page.attach("file", &file).await;
        page.press("Add the file").await;
        page.expect("The file is kept as evidence.").await;
        page.follow("Record progress").await;
        page.choose("state", "under-way").await;
        page.fill("detail", "Half of them are trained.").await;
        page.press("Record it").await;
        page.expect("The progress is recorded.").await;
        self.look_at("walk-29-action").await;
    }

    /// A quarter later the lead opens the next round, and judges how far the force has come.
    pub(super) async fn lead_opens_the_next_quarter_and_judges_progress(&self) {
        self.pass_hours(24 * 89);
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Quarters").await;
        page.follow("Open the next round").await;
        page.choose("kind", "quarterly-update").await;
        page.fill("title", QUARTER).await;
        page.choose("framework", FRAMEWORK).await;
        page.fill("fieldwork_from", "2026-05-04").await;
        page.fill("fieldwork_to", "2026-05-29").await;
        page.press("Open the round").await;
        page.expect("The round is open, with the same team. Next: its case list.")
            .await;
        self.look_at("walk-30-rounds").await;
        page.follow("Judge progress on the recommendations").await;
        page.expect("wait for a judgement in this round").await;
        page.follow("Judge").await;
        page.choose("judgement", "some-progress").await;
        page.fill("rests_on", "The training records of the control room.")
            .await;
        page.press("Record the judgement").await;
        page.expect("The judgement is recorded.").await;
        page.expect("Every recommendation has been judged in this round.")
            .await;
        self.look_at("walk-31-progress").await;
    }

    /// A new chief sees everything that is open, since when, and who owes what.
    pub(super) async fn chief_reads_the_handover(&self) {
        let page = self.as_person("chief").await;
        page.visit("Recommendations").await;
        page.follow("Handover of Norhaven Police").await;
        page.expect("Recommendations not complete").await;
        page.expect("One clock has run out").await;
        page.expect("Train every call handler").await;
        self.look_at("walk-32-handover").await;
    }

    /// A minister asks this afternoon: the reader finds one true page, and prints it.
    pub(super) async fn reader_prints_the_brief(&self) {
        let page = self.as_person("reader").await;
        page.visit("Published").await;
        page.expect(TITLE).await;
        page.follow("One-page brief").await;
        page.expect("Norhaven Police: how children’s cases were handled")
            .await;
        self.look_at("walk-33-brief").await;
        let links = page.links().await;
        let pdf = links.iter().find(|path| path.ends_with("brief.pdf"));
        self.expect_file(pdf.expect("a PDF"), "application/pdf")
            .await;
    }

    /// Everything that was done and read stands in the journal, in order and unaltered.
    pub(super) async fn journal_verifies(&self) {
        let page = self.as_person("administrator").await;
        page.visit("Journal").await;
        page.expect("Journal").await;
        self.look_at("walk-34-journal").await;
        let snapshot = self.world.app.store.begin_snapshot().await;
        let mut snapshot = snapshot.expect("a snapshot");
        let held = verify(&mut snapshot, &[]).await.expect("read");
        let held = held.unwrap_or_else(|finding| panic!("{finding}"));
        assert!(held.verified.size > 100, "{held:?}");
    }
}
