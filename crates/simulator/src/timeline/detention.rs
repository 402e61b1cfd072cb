//! A child in police detention.

use super::{Due, Timeline, plus_hours};
use crate::event::Activity;
use crate::standard::Standard;

impl Timeline<'_> {
    pub(super) fn detain(&mut self) {
        let authorised_at = self.hours_after(self.opened_at, 0.4, 3.0);
        self.log(Activity::DetentionAuthorised, authorised_at);
        self.call_appropriate_adult(authorised_at);
        let reviews = self.draw_reviews(authorised_at);
        let ended_at = self.end_of_detention(authorised_at, &reviews);
        self.review_detention(authorised_at, &reviews, ended_at);
        self.end_detention(authorised_at, ended_at);
    }

    fn call_appropriate_adult(&mut self, authorised_at: i64) {
        let requested_at = self.hours_after(authorised_at, 0.1, 0.8);
        self.log(Activity::AppropriateAdultRequested, requested_at);
        let by = plus_hours(requested_at, 4);
        let due = Due {
            by,
            on_time: self.hours_after(requested_at, 0.3, 3.7),
            late: self.hours_after(by, 0.7, 8.0),
        };
        self.respond(Standard::AppropriateAdult, requested_at, due);
    }

    /// When the detention would be reviewed if it lasted; only the reviews before its end are held.
    fn draw_reviews(&mut self, authorised_at: i64) -> Vec<i64> {
        let first = if self.breaks(Standard::FirstDetentionReview) {
            (7.0, 8.5)
        } else {
            (3.0, 5.8)
        };
        let second = if self.breaks(Standard::LaterDetentionReviews) {
            (10.0, 12.0)
        } else {
            (5.0, 8.7)
        };
        let mut reviews = vec![self.hours_after(authorised_at, first.0, first.1)];
        reviews.push(self.hours_after(reviews[0], second.0, second.1));
        for review in 1..7 {
            reviews.push(self.hours_after(reviews[review], 5.0, 8.7));
        }
        reviews
    }

    fn end_of_detention(&mut self, authorised_at: i64, reviews: &[i64]) -> i64 {
        if self.breaks(Standard::DetentionWithoutCharge) {
            return self.hours_after(authorised_at, 25.5, 34.0);
        }
        let shown_by = if self.breaks(Standard::LaterDetentionReviews) {
            reviews[1]
        } else if self.breaks(Standard::FirstDetentionReview) {
            reviews[0]
        } else {
            0
        };
        let ended_at = self.hours_after(authorised_at, 4.0, 22.5);
        ended_at.max(shown_by + 1_800)
    }

    /// The end of the detention excuses the next review if it comes before that is due.
    fn review_detention(&mut self, authorised_at: i64, reviews: &[i64], ended_at: i64) {
        let mut last = authorised_at;
        let (mut standard, mut hours) = (Standard::FirstDetentionReview, 6);
        for review in reviews.iter().copied().filter(|at| *at < ended_at) {
            self.log(Activity::DetentionReviewed, review);
            self.judge(standard, last, plus_hours(last, hours), Some(review));
            (standard, hours) = (Standard::LaterDetentionReviews, 9);
            last = review;
        }
        self.judge(standard, last, plus_hours(last, hours), Some(ended_at));
    }

    fn end_detention(&mut self, authorised_at: i64, ended_at: i64) {
        let by = plus_hours(authorised_at, 24);
        self.judge(
            Standard::DetentionWithoutCharge,
            authorised_at,
            by,
            Some(ended_at),
        );
        let charged = self.situation.bail_refused || self.chance.happens(0.2);
        self.log(
            if charged {
                Activity::Charged
            } else {
                Activity::Released
            },
            ended_at,
        );
        if self.situation.bail_refused {
            self.refuse_bail(ended_at);
        }
    }

    fn refuse_bail(&mut self, charged_at: i64) {
        let refused_at = self.hours_after(charged_at, 0.1, 1.0);
        self.log(Activity::BailRefused, refused_at);
        let by = plus_hours(refused_at, 24);
        let due = Due {
            by,
            on_time: self.hours_after(refused_at, 1.0, 9.0),
            late: self.hours_after(by, 2.0, 30.0),
        };
        self.respond_or_never(Standard::PostChargeMove, refused_at, due, 0.8);
    }
}
