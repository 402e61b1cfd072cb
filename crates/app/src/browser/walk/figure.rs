//! How far figures hold: what a plan could tell, whether readers agree, how a figure was made,
//! what is withheld, and whether two rounds really differ.

use super::Walk;
use throughline_domain::id::InspectionId;

impl Walk {
    /// Before anything is drawn the lead sees what the plan can tell.
    pub(super) async fn lead_sees_what_a_plan_can_tell(&self, inspection: &InspectionId) {
        let page = self.as_person("lead").await;
        page.goto(&format!("/inspections/{inspection}/sample?size=20&minimum=2&reserves=2&share=50&margin=10&rare=2"))
            .await;
        page.expect("What this plan gives").await;
        page.expect("would be noticed in 8 of 10 such rounds").await;
        page.expect("the chance that the sample meets at least one")
            .await;
        self.look_at("figures-01-plan").await;
    }

    /// Readers disagree: the lead sees by how much, and the report waits.
    pub(super) async fn lead_finds_the_gate_shut(&self, inspection: &InspectionId) {
        let page = self.as_person("lead").await;
        page.goto(&format!("/inspections/{inspection}/audits"))
            .await;
        page.follow("Agreement between readers").await;
        page.expect("Gate shut").await;
        page.expect("Cohen’s kappa").await;
        self.look_at("figures-02-gate-shut").await;
        page.goto(&format!("/inspections/{inspection}/report"))
            .await;
        page.press("Begin the report").await;
        page.press("Freeze the figures again").await;
        page.expect("recalibrate on common cases").await;
        self.look_at("figures-03-freeze-refused").await;
    }

    /// The second readings are given anew, and agree: the gate opens and the figures are frozen.
    pub(super) async fn gate_opens(&self, inspection: &InspectionId) {
        self.world.readers_agree(inspection).await;
        let page = self.as_person("lead").await;
        page.goto(&format!("/inspections/{inspection}/agreement"))
            .await;
        page.expect("Gate open").await;
        self.look_at("figures-04-gate-open").await;
        page.goto(&format!("/inspections/{inspection}/report"))
            .await;
        page.press("Freeze the figures again").await;
        page.expect("The figures are computed anew and frozen.")
            .await;
    }

    /// One click from a figure stands how it was made, and under a table what is withheld.
    pub(super) async fn lead_reads_how_a_figure_was_made(&self, inspection: &InspectionId) {
        let page = self.as_person("lead").await;
        page.goto(&format!("/inspections/{inspection}/report"))
            .await;
        page.expect("Numbers marked c are withheld").await;
        page.find("main a[href='#figure-below-good']")
            .await
            .click()
            .await
            .expect("followed");
        page.find("#figure-below-good:target").await;
        for words in [
            "How cases were chosen",
            "Seed of the draw",
            "How each case counts",
        ] {
            page.expect(words).await;
        }
        self.look_at("figures-05-how-made").await;
    }

    /// Two rounds beside each other, with a word on whether they differ.
    pub(super) async fn lead_compares_two_rounds(&self, later: &InspectionId) {
        let page = self.as_person("lead").await;
        page.goto(&format!("/inspections/{later}/rounds")).await;
        page.expect("Has it really changed?").await;
        page.expect("How each share was made").await;
        self.look_at("figures-06-two-rounds").await;
    }

    /// An inspection becomes the next round of another.
    pub(super) async fn join_as_next_round(&self, first: &InspectionId, later: &InspectionId) {
        let mut transaction = self.world.app.store.begin().await.expect("a transaction");
        sqlx::query(
            "UPDATE inspection SET round = 1, kind = 'quarterly-update',
               series_id = (SELECT series_id FROM inspection WHERE id = $2) WHERE id = $1",
        )
        .bind(later.as_str())
        .bind(first.as_str())
        .execute(&mut *transaction)
        .await
        .expect("joined");
        transaction.commit().await.expect("committed");
    }
}
