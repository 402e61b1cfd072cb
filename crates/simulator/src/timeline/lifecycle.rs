//! From the referral to the closure: what every case has.

use super::{Due, Timeline, plus_days, plus_hours};
use crate::event::{Activity, Agency, Risk};
use crate::standard::{Lapse, Standard, Verdict};

/// The most time between reviews.
const REVIEW_GAP_DAYS: i64 = 28;

impl Timeline<'_> {
    pub(super) fn receive(&mut self) {
        let agency = Agency::ALL[self.chance.weighted(&[0.35, 0.15, 0.2, 0.1, 0.2])];
        let risk = self.situation.risk;
        let event = self.log(Activity::ReferralReceived, self.opened_at);
        event.risk = Some(risk);
        event.agency = Some(agency);
    }

    pub(super) fn allocate(&mut self) {
        let count = if self.breaks(Standard::Allocations) {
            self.chance.between(4, 6)
        } else {
            1 + self.chance.weighted(&[0.78, 0.17, 0.05]) as i64
        };
        let mut at = self.hours_after(self.opened_at, 0.5, 40.0);
        for _ in 0..count {
            self.log(Activity::Allocated, at);
            at = self.days_after(at, 1.0, 9.0);
        }
    }

    pub(super) fn judge_allocations(&mut self) {
        let known = self
            .events
            .iter()
            .filter(|event| event.activity == Activity::Allocated && event.at < self.cutoff)
            .count();
        let verdict = match known {
            0 => Verdict::NotApplicable,
            1..=3 => Verdict::Met,
            _ => Verdict::Missed(Lapse::TooMany),
        };
        self.note(Standard::Allocations, verdict);
    }

    /// A plan needs an assessment before it: the assessment is left out only where no plan is
    /// made, and always where a plan is made without one.
    pub(super) fn assess(&mut self) {
        let never = match (
            self.situation.plan,
            self.breaks(Standard::PlanRestsOnAssessment),
        ) {
            (false, _) => super::NEVER,
            (true, false) => 0.0,
            (true, true) => 1.0,
        };
        let by = self.calendar.end_of_working_day_after(self.opened_at, 1);
        let due = Due {
            by,
            on_time: self.hours_after(self.opened_at, 0.5, 20.0),
            late: self.days_after(by, 0.5, 12.0),
        };
        self.assessed_at =
            self.respond_or_never(Standard::RiskAssessed, self.opened_at, due, never);
    }

    pub(super) fn see_child(&mut self) {
        if self.situation.transferred {
            let at = self.hours_after(self.opened_at, 2.0, 20.0);
            self.log(Activity::CaseTransferred, at);
            self.excuse_child_seen(at);
        } else if self.situation.risk == Risk::High {
            // A child who is missing is seen after the return.
            let soonest = if self.situation.missing_episodes > 0 {
                13.0
            } else {
                1.0
            };
            let by = plus_hours(self.opened_at, 24);
            let due = Due {
                by,
                on_time: self.hours_after(self.opened_at, soonest, 22.5),
                late: self.hours_after(by, 4.0, 180.0),
            };
            self.respond(Standard::HighRiskChildSeen, self.opened_at, due);
        } else if self.chance.happens(0.8) {
            let at = self.hours_after(self.opened_at, 14.0, 130.0);
            self.log(Activity::ChildSeen, at);
        }
    }

    fn excuse_child_seen(&mut self, transferred_at: i64) {
        let verdict = if transferred_at < self.cutoff {
            Verdict::Excused
        } else {
            Verdict::Pending
        };
        self.note(Standard::HighRiskChildSeen, verdict);
    }

    pub(super) fn agree_plan(&mut self) {
        if !self.situation.plan {
            return;
        }
        let at = match self.assessed_at {
            Some(assessed_at) => self.days_after(assessed_at, 2.0, 8.0),
            None => self.days_after(self.opened_at, 3.0, 9.0),
        };
        let at = self.log_day(Activity::PlanAgreed, at);
        self.judge_plan(at, self.assessed_at.is_some());
    }

    fn judge_plan(&mut self, agreed_at: i64, assessed: bool) {
        if agreed_at < self.cutoff {
            let missed = Verdict::Missed(Lapse::Missing);
            self.note(
                Standard::PlanRestsOnAssessment,
                if assessed { Verdict::Met } else { missed },
            );
        }
    }

    /// Reviews, closes and perhaps reopens the case; gives when it was closed, if it stands so.
    pub(super) fn close(&mut self) -> Option<i64> {
        let least = if self.breaks(Standard::ReviewGap) {
            plus_days(self.opened_at, 75)
        } else {
            0
        };
        let done = self.hours_after(self.busy_until, 2.0, 40.0);
        let closed_at = done
            .max(self.opened_at + self.situation.open_for)
            .max(least);
        self.review_until(closed_at);
        self.log(Activity::CaseClosed, closed_at);
        self.judge_suspects(closed_at);
        self.judge_last_visit(closed_at);
        if self.reopens() {
            self.reopen(closed_at)
        } else {
            self.known(closed_at)
        }
    }

    fn known(&self, at: i64) -> Option<i64> {
        (at < self.cutoff).then_some(at)
    }

    fn review_until(&mut self, closed_at: i64) {
        let mut last = self.opened_at;
        let mut broken = self.breaks(Standard::ReviewGap);
        while closed_at - last > plus_days(0, 26) {
            let next = if broken {
                self.days_after(last, 32.0, 60.0)
            } else {
                self.days_after(last, 15.0, 26.0)
            };
            broken = false;
            let next = self.log_review(next, closed_at);
            self.judge(
                Standard::ReviewGap,
                last,
                plus_days(last, REVIEW_GAP_DAYS),
                Some(next),
            );
            last = next;
        }
        self.judge(
            Standard::ReviewGap,
            last,
            plus_days(last, REVIEW_GAP_DAYS),
            Some(closed_at),
        );
    }

    /// Of a review on the day of the closure the time is recorded, or it would not be known which
    /// came first.
    fn log_review(&mut self, at: i64, closed_at: i64) -> i64 {
        if self.calendar.day_of(at) == self.calendar.day_of(closed_at) {
            self.log(Activity::Review, at);
            at
        } else {
            self.log_day(Activity::Review, at)
        }
    }

    /// A plan may also lack its assessment after the case was opened again.
    fn reopens(&self) -> bool {
        let unassessed_later =
            self.breaks(Standard::PlanRestsOnAssessment) && self.assessed_at.is_some();
        self.situation.reopened || unassessed_later
    }

    fn reopen(&mut self, closed_at: i64) -> Option<i64> {
        let reopened_at = self.days_after(closed_at, 5.0, 40.0);
        self.log(Activity::Reopened, reopened_at);
        // A force that never assessed the risk at first does not do so now either.
        let assesses = !self.breaks(Standard::PlanRestsOnAssessment) && self.assessed_at.is_some();
        if assesses {
            let at = self.hours_after(reopened_at, 2.0, 30.0);
            self.log(Activity::RiskAssessed, at);
        }
        if self.situation.plan {
            let at = self.days_after(reopened_at, 4.0, 11.0);
            let at = self.log_day(Activity::PlanAgreed, at);
            self.judge_plan(at, assesses);
        }
        let again_at = self.days_after(reopened_at, 14.0, 25.0);
        self.log(Activity::CaseClosed, again_at);
        self.judge(
            Standard::ReviewGap,
            reopened_at,
            plus_days(reopened_at, REVIEW_GAP_DAYS),
            Some(again_at),
        );
        if reopened_at < self.cutoff {
            self.known(again_at)
        } else {
            self.known(closed_at)
        }
    }
}
