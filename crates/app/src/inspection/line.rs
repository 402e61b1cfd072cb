//! The line: an inspection's stages as stops, which says at a glance where it stands.

mod place;

use super::Inspection;
use crate::app::Call;
use crate::error::Result;
use crate::store::Text;
pub use place::Place;

use sqlx::{AssertSqlSafe, FromRow};
use throughline_domain::access::{Relation, allowed};
use throughline_domain::id::ForceId;
use throughline_domain::report::State;

/// A stop on the line.
#[derive(Debug, Clone)]
pub struct Stop {
    /// The stage.
    pub place: Place,
    /// Its name.
    pub name: &'static str,
    /// Where it leads, where this person may go.
    pub path: Option<String>,
    /// What stands there, in a few words: `1,204 cases`.
    pub note: String,
    /// Whether its work is done.
    pub done: bool,
    /// Whether it is where the work is now.
    pub current: bool,
    /// Whether a clock has run out here.
    pub risk: bool,
}

impl Stop {
    /// The classes of the stop, for the template.
    pub fn classes(&self) -> &'static str {
        match (self.done, self.current, self.risk) {
            (true, _, false) => "tl-line__stop tl-line__stop--done",
            (true, _, true) => "tl-line__stop tl-line__stop--done tl-line__stop--risk",
            (false, true, false) => "tl-line__stop tl-line__stop--current",
            (false, true, true) => "tl-line__stop tl-line__stop--current tl-line__stop--risk",
            (false, false, false) => "tl-line__stop tl-line__stop--to-come",
            (false, false, true) => "tl-line__stop tl-line__stop--to-come tl-line__stop--risk",
        }
    }
}

#[derive(Debug, FromRow)]
struct Counts {
    cases: i64,
    screened: i64,
    sampled: i64,
    audits: i64,
    submitted: i64,
    referrals: i64,
    referrals_open: i64,
    referrals_late: i64,
    findings: i64,
    recommendations: i64,
    actions: i64,
    later_rounds: i64,
    report: Option<Text<State>>,
}

impl Counts {
    fn audits_done(&self) -> bool {
        self.audits > 0 && self.submitted == self.audits
    }

    fn report(&self) -> Option<State> {
        self.report.as_ref().map(|state| state.0)
    }

    fn is_published(&self) -> bool {
        self.report() == Some(State::Published)
    }

    /// The same without what is not for the force to know: a draft that it was not sent.
    fn for_the_force(mut self) -> Self {
        self.report = self.report.filter(|state| state.0 != State::Draft);
        self
    }
}

/// The stops of an inspection, as this person may see them.
///
/// # Errors
/// When the database does not answer.
pub async fn line(call: &Call, inspection: &Inspection) -> Result<Vec<Stop>> {
    let counts = count(call, inspection).await?;
    let team = call.actor.role.is_inspecting();
    let (relation, counts) = if team {
        (Relation::Team, counts)
    } else {
        (Relation::Served, counts.for_the_force())
    };
    // How far the inspectorate has come with the others is not for the force to know, nor that
    // there is a screening that it was not shown.
    let unshown = |place: &Place| !team && *place == Place::Screening && counts.screened == 0;
    let seen = Place::ALL
        .into_iter()
        .filter(|place| allowed(call.actor.role, place.action(), relation) && !unshown(place));
    let places: Vec<Place> = seen.collect();
    // For the team, what is sent back keeps its own time beside the line; the force owes it.
    let is_beside = |place: Place| team && place == Place::SentBack;
    let is_next = |place: &Place| {
        !place.is_done(&counts) && !place.may_be_passed(&counts) && !is_beside(*place)
    };
    let next = places.iter().copied().find(is_next);
    let stop = |place: Place| Stop {
        current: Some(place) == next,
        ..place.stop(inspection, &counts)
    };
    Ok(places.into_iter().map(stop).collect())
}

/// A count with its noun: `1 case`, `1,204 cases`, `none yet`.
pub fn plural(count: i64, noun: &str) -> String {
    match count {
        0 => "none yet".into(),
        1 => format!("1 {noun}"),
        _ => format!("{} {noun}s", thousands(count)),
    }
}

/// A whole number with its thousands set apart: `11,300`.
pub fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 {
        format!("−{text}")
    } else {
        text
    }
}

/// The audits of the sample: those of picked cases stand beside it, and of those taken out none
/// is awaited.
const AUDITS: &str =
    "FROM audit JOIN sampled_case ON sampled_case.inspection_id = audit.inspection_id
    AND sampled_case.reference = audit.reference AND sampled_case.state = 'drawn'
    WHERE audit.inspection_id = $1";

async fn count(call: &Call, inspection: &Inspection) -> Result<Counts> {
    Ok(sqlx::query_as(AssertSqlSafe(format!(
        "SELECT
           COALESCE((SELECT case_count FROM case_list WHERE inspection_id = $1
              ORDER BY version DESC LIMIT 1), 0) AS cases,
           COALESCE((SELECT case_count FROM screening WHERE inspection_id = $1
              AND ($5 = '' OR EXISTS (SELECT 1 FROM served
                WHERE thing = 'screening/' || screening.id AND force_id = $5))
              ORDER BY number DESC LIMIT 1), 0) AS screened,
           (SELECT COUNT(*) FROM sampled_case WHERE inspection_id = $1 AND state = 'drawn') AS sampled,
           (SELECT COUNT(*) {AUDITS}) AS audits,
           (SELECT COUNT(*) {AUDITS} AND audit.state = 'submitted') AS submitted,
           (SELECT COUNT(*) FROM referral WHERE inspection_id = $1 AND withdrawn_at IS NULL) AS referrals,
           (SELECT COUNT(*) FROM referral WHERE inspection_id = $1 AND accepted_at IS NULL
              AND withdrawn_at IS NULL) AS referrals_open,
           (SELECT COUNT(*) FROM referral WHERE inspection_id = $1 AND next_limit < $2) AS referrals_late,
           (SELECT COUNT(*) FROM finding WHERE inspection_id = $1) AS findings,
           (SELECT COUNT(*) FROM recommendation WHERE inspection_id = $1) AS recommendations,
           (SELECT COUNT(*) FROM plan_action JOIN recommendation ON recommendation.id = recommendation_id
              WHERE inspection_id = $1) AS actions,
           (SELECT COUNT(*) FROM inspection WHERE series_id = $3 AND round > $4) AS later_rounds,
           (SELECT state FROM report WHERE inspection_id = $1) AS report"
    )))
    .bind(inspection.id.as_str())
    .bind(call.now.to_string())
    .bind(inspection.series_id.as_str())
    .bind(inspection.round)
    .bind(call.actor.force.as_ref().map_or("", ForceId::as_str))
    .fetch_one(call.reader())
    .await?)
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn thousands_are_set_apart() {
        for (number, text) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_234_567, "1,234,567"),
            (-1200, "−1,200"),
        ] {
            assert_eq!(thousands(number), text);
        }
    }
}
