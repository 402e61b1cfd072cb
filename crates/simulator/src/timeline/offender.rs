//! A registered offender who is managed because a child may be at risk.

use super::{Due, Timeline, plus_days};
use crate::event::{Activity, Risk};
use crate::standard::Standard;

impl Timeline<'_> {
    pub(super) fn manage_offender(&mut self) {
        let Some(risk) = self.situation.offender_risk else {
            return;
        };
        self.release_offender();
        self.report_breach();
        self.visit_offender(self.risk_visited(risk));
    }

    /// Between visits to an offender of medium risk there is half a year: too long to be missed
    /// within most cases.
    fn risk_visited(&self, risk: Risk) -> Risk {
        let missed = self.breaks(Standard::OffenderVisits);
        if missed && risk == Risk::Medium {
            Risk::High
        } else {
            risk
        }
    }

    fn release_offender(&mut self) {
        if !self.situation.offender_released {
            return;
        }
        let key = Some(self.suspect_keys[0]);
        let released_at = self.hours_after(self.opened_at, 1.0, 30.0);
        self.log(Activity::OffenderReleased, released_at)
            .suspect_key = key;
        let by = plus_days(released_at, 15);
        let due = Due {
            by,
            on_time: self.days_after(released_at, 1.0, 13.5),
            late: self.days_after(by, 2.0, 25.0),
        };
        self.respond(Standard::OffenderRiskAssessed, released_at, due);
    }

    fn report_breach(&mut self) {
        if !self.situation.offender_breach {
            return;
        }
        let key = Some(self.suspect_keys[0]);
        let reported_at = self.days_after(self.opened_at, 5.0, 45.0);
        self.log(Activity::BreachReported, reported_at).suspect_key = key;
        let by = plus_days(reported_at, 7);
        let due = Due {
            by,
            on_time: self.hours_after(reported_at, 3.0, 150.0),
            late: self.days_after(by, 1.5, 30.0),
        };
        self.respond(Standard::BreachActedOn, reported_at, due);
    }

    fn visit_offender(&mut self, risk: Risk) {
        let limit = visit_days_max(risk);
        let end = self
            .busy_until
            .max(self.opened_at + self.situation.open_for);
        let mut broken = self.breaks(Standard::OffenderVisits);
        let mut last = self.days_after(self.opened_at, 1.0, 10.0);
        self.log_visit(last, risk);
        loop {
            let (low, high) = if broken { (1.2, 1.5) } else { (0.5, 0.85) };
            let next = self.days_after(last, low * limit as f64, high * limit as f64);
            if !broken && next >= end {
                break;
            }
            broken = false;
            self.log_visit(next, risk);
            self.judge(
                Standard::OffenderVisits,
                last,
                plus_days(last, limit),
                Some(next),
            );
            last = next;
        }
        self.busy_until = self.busy_until.max(end);
        self.next_visit_due = Some((last, plus_days(last, limit)));
    }

    /// Closing the case excuses the next visit; it comes within two days of the last event, before
    /// that visit is due.
    pub(super) fn judge_last_visit(&mut self, closed_at: i64) {
        if let Some((last, by)) = self.next_visit_due {
            self.judge(Standard::OffenderVisits, last, by, Some(closed_at));
        }
    }

    fn log_visit(&mut self, at: i64, risk: Risk) {
        let key = Some(self.suspect_keys[0]);
        let event = self.log(Activity::OffenderVisited, at);
        event.suspect_key = key;
        event.risk = Some(risk);
    }
}

/// Days within which an offender is visited again.
fn visit_days_max(risk: Risk) -> i64 {
    match risk {
        Risk::VeryHigh => 31,
        Risk::High => 92,
        Risk::Medium | Risk::Low => 183,
    }
}
