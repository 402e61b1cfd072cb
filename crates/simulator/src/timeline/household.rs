//! What police and council do together: discussions, enquiries, conferences, police protection.

use super::{Due, Timeline, plus_hours};
use crate::calendar::{DAY, date_of, epoch_day};
use crate::category::Category;
use crate::event::{Activity, Agency, Outcome};
use crate::standard::{Lapse, Standard, Verdict};

impl Timeline<'_> {
    pub(super) fn discuss(&mut self) {
        let discussed_at =
            (self.situation.discussed && !self.skips_discussion()).then(|| self.hold_discussion());
        if self.situation.referred_before_at.is_some() {
            let by = self.opened_at + 7 * DAY;
            let standard = Standard::DiscussionAfterSecondReferral;
            self.judge(standard, self.opened_at, by, discussed_at);
        }
        if self.situation.category == Category::S47Enquiry {
            self.enquire(discussed_at.unwrap_or(self.opened_at));
        }
        if self.situation.conference {
            self.confer(discussed_at);
        }
    }

    /// A conference may lack its discussion for good, unless another standard asks for that too.
    fn skips_discussion(&mut self) -> bool {
        self.breaks(Standard::DiscussionBeforeConference)
            && self.situation.referred_before_at.is_none()
            && self.chance.happens(0.4)
    }

    fn hold_discussion(&mut self) -> i64 {
        let at = self.hours_after(self.opened_at, 4.0, 110.0);
        let outcome = if self.situation.conference {
            Outcome::ConferenceNeeded
        } else {
            Outcome::NoConference
        };
        let event = self.log(Activity::StrategyDiscussion, at);
        event.outcome = Some(outcome);
        event.agency = Some(Agency::Council);
        at
    }

    fn enquire(&mut self, after: i64) {
        let started_at = self.hours_after(after, 1.0, 40.0);
        self.log(Activity::S47Started, started_at);
        let by = self.calendar.end_of_working_day_after(started_at, 45);
        let due = Due {
            by,
            on_time: self.working_time_after(started_at, 12, 41),
            late: self.days_after(by, 2.0, 25.0),
        };
        self.respond(Standard::S47Completed, started_at, due);
    }

    fn confer(&mut self, discussed_at: Option<i64>) {
        let held_at = match discussed_at {
            None => self.working_time_after(self.opened_at, 8, 14),
            Some(at) if self.breaks(Standard::DiscussionBeforeConference) => {
                self.working_time_after(at, 18, 30)
            }
            Some(at) => self.working_time_after(at, 5, 12),
        };
        let held_at = self.log_day(Activity::Conference, held_at);
        if held_at < self.cutoff {
            let missed = self.breaks(Standard::DiscussionBeforeConference);
            let verdict = if missed {
                Verdict::Missed(Lapse::Missing)
            } else {
                Verdict::Met
            };
            self.note(Standard::DiscussionBeforeConference, verdict);
        }
        if let Some(at) = discussed_at {
            let by = self.calendar.end_of_working_day_after(at, 15);
            self.judge(Standard::Conference, at, by, Some(held_at));
        }
        self.meet_as_core_group(held_at);
        self.confer_again(held_at);
    }

    fn meet_as_core_group(&mut self, conference_at: i64) {
        let by = self.calendar.end_of_working_day_after(conference_at, 10);
        let due = Due {
            by,
            on_time: self.working_time_after(conference_at, 3, 8),
            late: self.days_after(by, 3.0, 20.0),
        };
        self.respond(Standard::CoreGroup, conference_at, due);
    }

    fn confer_again(&mut self, conference_at: i64) {
        let held_on = date_of(self.calendar.day_of(conference_at));
        let last_day = held_on.saturating_add(jiff::Span::new().months(3));
        let by = self.calendar.end_of(epoch_day(last_day));
        let due = Due {
            by,
            on_time: self.days_after(conference_at, 60.0, 85.0),
            late: self.days_after(by, 8.0, 40.0),
        };
        self.respond(Standard::ReviewConference, conference_at, due);
    }

    pub(super) fn protect(&mut self) {
        let taken_at = self.hours_after(self.opened_at, 0.1, 3.0);
        self.log(Activity::PoliceProtectionTaken, taken_at).agency = Some(Agency::Police);
        let by = plus_hours(taken_at, 72);
        let due = Due {
            by,
            on_time: self.hours_after(taken_at, 6.0, 69.0),
            late: self.hours_after(by, 3.0, 40.0),
        };
        self.respond_or_never(Standard::PoliceProtection, taken_at, due, 0.15);
    }
}
