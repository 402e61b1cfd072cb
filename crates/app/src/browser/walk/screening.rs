//! From a sentence that is typed in to the drawn timeline of a case that missed it.

use super::{CASES, Walk};
use throughline_simulator::{Parameters, write_all};

/// A standard as somebody types it, with a word that is not known.
const MISTYPED: &str = "standard N1
  title   Child seen within 12 hours of a referral at high risk
  when a referral is received with risk H, a child is sene within 12 hours";

impl Walk {
    /// The events of the same force as the case list.
    pub(super) async fn lead_imports_the_timelines(&self) {
        let directory = tempfile::tempdir().expect("a directory");
        let parameters = Parameters::default_force(CASES, 7);
        write_all(&parameters, directory.path(), &mut |_| {}).expect("a force");
        let page = self.as_person("lead").await;
        self.open_inspection().await;
        page.follow("Screening").await;
        page.expect("What comes next").await;
        page.follow("Import the timelines").await;
        page.attach("file", &directory.path().join("events.csv"))
            .await;
        page.press("Read the file").await;
        page.expect("What the file holds").await;
        self.look_at("walk-screening-1-what-the-file-holds").await;
        page.press("Take the timelines in").await;
        page.expect("The timelines of 300 cases are in").await;
        self.look_at("walk-screening-1-timelines-in").await;
    }

    /// The first try has a slip, and the page points at it; mended, the program says in English
    /// what it understood.
    pub(super) async fn lead_types_a_standard(&self) {
        let page = &self.chromium;
        page.follow("What the standards say").await;
        page.fill("standards", MISTYPED).await;
        page.press("Say what was understood").await;
        page.expect("did you mean").await;
        self.look_at("walk-screening-2-slip").await;
        page.fill("standards", &MISTYPED.replace("sene", "seen"))
            .await;
        page.press("Say what was understood").await;
        page.expect("nothing is kept yet").await;
        self.look_at("walk-screening-3-understood").await;
        page.press("Keep these standards").await;
        page.expect("kept as version 1").await;
        page.follow("Screening").await;
    }

    /// The work goes on in the background, and ends at the table of all standards.
    pub(super) async fn lead_has_every_case_checked(&self) {
        let page = &self.chromium;
        page.press("Check every case").await;
        page.expect("Every standard, on every case").await;
        page.expect("Child seen within 12 hours of a referral at high risk")
            .await;
        self.look_at("walk-screening-4-standards").await;
    }

    /// The new standard, the cases that missed it, and one of them to scale.
    pub(super) async fn lead_opens_a_standard_and_a_case(&self) {
        let page = &self.chromium;
        page.follow("Child seen within 12 hours").await;
        page.expect("By area").await;
        self.look_at("walk-screening-5-standard").await;
        page.follow("cases that missed it").await;
        page.expect("Cases that missed it").await;
        self.look_at("walk-screening-6-missed").await;
        page.follow("CP-2025-").await;
        page.expect("The case to scale").await;
        self.look_at("walk-screening-7-case").await;
    }
}
