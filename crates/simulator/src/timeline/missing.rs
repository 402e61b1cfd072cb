//! A child who goes missing, once or again and again.

use super::{Due, Timeline, plus_days, plus_hours};
use crate::category::Category;
use crate::event::Activity;
use crate::standard::Standard;

impl Timeline<'_> {
    /// Reports lie 13 days and more apart, so that a late interview is over before the next one
    /// is due, and all of them within 90 days.
    pub(super) fn go_missing(&mut self) {
        let mut reported_at = if self.situation.category == Category::Missing {
            self.hours_after(self.opened_at, 0.02, 0.3)
        } else {
            self.days_after(self.opened_at, 3.0, 12.0)
        };
        for episode in 1..=self.situation.missing_episodes {
            self.log(Activity::MissingReported, reported_at);
            let longest = if episode == 1 { 12.0 } else { 60.0 };
            let returned_at = self.hours_after(reported_at, 1.0, longest);
            self.log(Activity::MissingReturned, returned_at);
            self.interview_after(returned_at);
            if episode == 3 {
                self.discuss_after_third(reported_at);
            }
            reported_at = self.days_after(reported_at, 13.0, 26.0);
        }
    }

    fn interview_after(&mut self, returned_at: i64) {
        let by = plus_hours(returned_at, 72);
        let due = Due {
            by,
            on_time: self.hours_after(returned_at, 4.0, 66.0),
            late: self.hours_after(by, 6.0, 130.0),
        };
        self.respond(Standard::ReturnInterview, returned_at, due);
    }

    fn discuss_after_third(&mut self, reported_at: i64) {
        let by = plus_days(reported_at, 7);
        let due = Due {
            by,
            on_time: self.hours_after(reported_at, 6.0, 140.0),
            late: self.hours_after(by, 24.0, 160.0),
        };
        self.respond(Standard::DiscussionAfterThirdMissing, reported_at, due);
    }
}
