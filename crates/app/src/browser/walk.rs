//! The whole path in a real browser, from an inspection that is not yet opened to the published
//! report and the next quarter: what each person does, and what they see.

pub(super) mod audit;
mod beginning;
mod case_list;
mod conclusion;
mod figure;
mod follow_up;
mod publication;
mod referral;
mod screening;

use super::Chromium;
use crate::testing::World;
use jiff::SignedDuration;
use std::cell::RefCell;

/// What the inspection is called.
const TITLE: &str = "Child protection inspection 2026";

/// The framework it is made under.
const FRAMEWORK: &str = "child-protection-2016@1";

/// How many cases the force's list holds, and how many of them are read.
const CASES: u64 = 300;
const SAMPLE: usize = 12;

/// A world without an inspection, and a browser on it.
struct Walk {
    world: World,
    chromium: Chromium,
    /// What axe found on the way.
    wrong: RefCell<Vec<String>>,
}

impl Walk {
    async fn set_out() -> Self {
        let world = World::new().await;
        let chromium = Chromium::open(&world).await;
        let wrong = RefCell::default();
        Walk {
            world,
            chromium,
            wrong,
        }
    }

    /// Somebody signs in, and is at their work.
    async fn as_person(&self, name: &str) -> &Chromium {
        self.chromium.sign_in(&format!("{name}@example.org")).await;
        self.chromium.expect("Your work").await;
        &self.chromium
    }

    /// Nobody is signed in, as for everyone who reads what is public.
    async fn as_public(&self) -> &Chromium {
        let cookies = self.chromium.driver.delete_all_cookies().await;
        cookies.expect("signed out");
        &self.chromium
    }

    /// From the list of inspections to this one's own page.
    async fn open_inspection(&self) {
        self.chromium.visit("Inspections").await;
        self.chromium.follow(TITLE).await;
        self.chromium.expect("What comes next").await;
    }

    /// Takes a picture of the page, wide and narrow, and notes what axe finds wrong with it.
    async fn look_at(&self, name: &str) {
        let found = self.chromium.look_at(name).await;
        let named = found.iter().map(|wrong| format!("{name}: {wrong}"));
        self.wrong.borrow_mut().extend(named);
    }

    fn pass_hours(&self, hours: i64) {
        self.world.pass(SignedDuration::from_hours(hours));
    }

    /// Closes the browser, as at the end of a day, and opens a new one that knows nothing.
    async fn close_and_open_again(self) -> Self {
        self.chromium.close().await;
        let chromium = Chromium::open(&self.world).await;
        Walk { chromium, ..self }
    }
}

#[tokio::test]
async fn whole_path_from_the_case_list_to_the_next_quarter() {
    let mut walk = Walk::set_out().await;
    walk.lead_opens_the_inspection().await;
    walk.lead_adds_the_team().await;
    walk.lead_is_told_what_is_wrong_with_a_list().await;
    walk.lead_imports_the_list().await;
    walk.lead_imports_the_timelines().await;
    walk.lead_types_a_standard().await;
    walk.lead_has_every_case_checked().await;
    walk.lead_opens_a_standard_and_a_case().await;
    walk.lead_draws_the_sample().await;
    walk.lead_assigns_the_cases().await;
    let audit = walk.inspector_begins_an_audit().await;
    walk = walk.close_and_open_again().await;
    walk.inspector_finds_the_draft_again(&audit).await;
    walk.inspector_sends_the_case_straight_back(&audit).await;
    walk.liaison_acts_at_once().await;
    walk.liaison_answers("No visit was recorded; one was made today.")
        .await;
    walk.inspector_refuses_the_answer().await;
    walk.liaison_answers("A visit was made and a safety plan agreed.")
        .await;
    walk.inspector_accepts_the_answer().await;
    walk.inspector_finishes_the_audit(&audit).await;
    walk.readers_finish_the_others().await;
    walk.second_reader_differs().await;
    walk.lead_settles_the_case().await;
    walk.lead_writes_a_finding().await;
    walk.lead_recommends().await;
    walk.lead_writes_the_report().await;
    walk.liaison_comments_on_the_draft().await;
    walk.lead_decides_the_comment().await;
    walk.author_may_not_approve_but_another_lead_does().await;
    walk.lead_sets_the_time_and_the_report_is_published_then()
        .await;
    walk.public_reads_and_takes_it_away().await;
    walk.liaison_writes_the_plan().await;
    walk.lead_opens_the_next_quarter_and_judges_progress().await;
    walk.chief_reads_the_handover().await;
    walk.reader_prints_the_brief().await;
    walk.journal_verifies().await;
    walk.chromium.close().await;
    let wrong = walk.wrong.take();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn inspector_sees_how_far_the_figures_hold() {
    let walk = Walk::set_out().await;
    let listed = walk.world.listed_inspection().await;
    let first = walk.world.audited_inspection().await;
    walk.world.read_twice(&first, 16, 12).await;
    let later = walk.world.audited_inspection().await;
    walk.join_as_next_round(&first, &later).await;
    walk.lead_sees_what_a_plan_can_tell(&listed).await;
    walk.lead_finds_the_gate_shut(&first).await;
    walk.gate_opens(&first).await;
    walk.lead_reads_how_a_figure_was_made(&first).await;
    walk.lead_compares_two_rounds(&later).await;
    walk.chromium.close().await;
    let wrong = walk.wrong.take();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
