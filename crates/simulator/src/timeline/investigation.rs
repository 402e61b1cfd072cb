//! The crime and the suspects.

use super::{Due, Timeline, plus_hours};
use crate::event::Activity;
use crate::standard::{Lapse, Standard, Verdict};

impl Timeline<'_> {
    pub(super) fn record_crime(&mut self) {
        if !self.situation.crime {
            return;
        }
        let reported_at = self.hours_after(self.opened_at, 0.05, 2.0);
        self.log(Activity::CrimeReported, reported_at);
        let by = plus_hours(reported_at, 24);
        let due = Due {
            by,
            on_time: self.hours_after(reported_at, 0.2, 22.0),
            late: self.hours_after(by, 4.0, 300.0),
        };
        self.respond(Standard::CrimeRecorded, reported_at, due);
    }

    /// Where the standard is broken, the last suspect is never interviewed.
    pub(super) fn identify_suspects(&mut self) {
        for suspect in 0..self.situation.suspects {
            let key = Some(self.suspect_keys[usize::from(suspect)]);
            let identified_at = self.hours_after(self.opened_at, 3.0, 150.0);
            self.log(Activity::SuspectIdentified, identified_at)
                .suspect_key = key;
            let mut at = self.hours_after(identified_at, 2.0, 60.0);
            if suspect == 0 && self.situation.arrest {
                self.log(Activity::SuspectArrested, at).suspect_key = key;
                self.inform_victim(at);
                at = self.hours_after(at, 1.0, 12.0);
            } else {
                at = self.hours_after(at, 4.0, 240.0);
            }
            let last = suspect + 1 == self.situation.suspects;
            if !(last && self.breaks(Standard::SuspectsInterviewed)) {
                self.log(Activity::SuspectInterviewed, at).suspect_key = key;
            }
        }
    }

    fn inform_victim(&mut self, arrested_at: i64) {
        let by = self.calendar.end_of_working_day_after(arrested_at, 1);
        let due = Due {
            by,
            on_time: self.hours_after(arrested_at, 1.0, 20.0),
            late: self.days_after(by, 0.5, 9.0),
        };
        self.respond(Standard::VictimInformed, arrested_at, due);
    }

    pub(super) fn judge_suspects(&mut self, closed_at: i64) {
        let identified = self
            .events
            .iter()
            .any(|event| event.activity == Activity::SuspectIdentified && event.at < self.cutoff);
        if !identified || closed_at >= self.cutoff {
            return;
        }
        let verdict = if self.breaks(Standard::SuspectsInterviewed) {
            Verdict::Missed(Lapse::Missing)
        } else {
            Verdict::Met
        };
        self.note(Standard::SuspectsInterviewed, verdict);
    }
}
