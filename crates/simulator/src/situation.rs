//! What a case involves, before anyone handles it well or badly.

use crate::category::Category;
use crate::chance::Chance;
use crate::event::Risk;
use crate::standard::Standard;

/// What a case involves.
#[derive(Clone, Debug)]
pub(crate) struct Situation {
    pub(crate) category: Category,
    pub(crate) risk: Risk,
    /// The child was referred less than 30 days before, in another case.
    pub(crate) referred_before_at: Option<i64>,
    /// Nobody ever called the agencies together over this child.
    pub(crate) discussions_withheld: bool,
    pub(crate) transferred: bool,
    pub(crate) discussed: bool,
    pub(crate) conference: bool,
    pub(crate) plan: bool,
    pub(crate) crime: bool,
    pub(crate) suspects: u8,
    pub(crate) arrest: bool,
    pub(crate) missing_episodes: u8,
    pub(crate) offender_risk: Option<Risk>,
    pub(crate) offender_released: bool,
    pub(crate) offender_breach: bool,
    pub(crate) bail_refused: bool,
    pub(crate) reopened: bool,
    /// How long the case is open, in seconds, if nothing keeps it open longer.
    pub(crate) open_for: i64,
}

/// How likely each feature is in a category.
struct Likelihood {
    discussed: f64,
    conference: f64,
    plan: f64,
    crime: f64,
    /// None, one, two suspects.
    suspects: [f64; 3],
    arrest: f64,
    /// None, one, two, three times missing.
    missing: [f64; 4],
    days: (f64, f64),
}

impl Likelihood {
    const fn of(category: Category) -> Self {
        let none = [1.0, 0.0, 0.0, 0.0];
        let (shares, suspects, missing, days) = match category {
            Category::S47Enquiry => (
                [0.9, 0.30, 0.6, 0.6, 0.5],
                [0.5, 0.4, 0.1],
                none,
                (35.0, 90.0),
            ),
            Category::DomesticAbuse => (
                [0.2, 0.02, 0.25, 0.8, 0.5],
                [0.25, 0.7, 0.05],
                none,
                (8.0, 40.0),
            ),
            Category::OtherConcern => (
                [0.12, 0.01, 0.12, 0.3, 0.2],
                [0.8, 0.18, 0.02],
                none,
                (6.0, 35.0),
            ),
            Category::Exploitation => (
                [0.6, 0.06, 0.5, 0.6, 0.3],
                [0.4, 0.4, 0.2],
                [0.5, 0.25, 0.15, 0.10],
                (30.0, 110.0),
            ),
            Category::OnlineAbuse => (
                [0.25, 0.02, 0.25, 0.95, 0.4],
                [0.3, 0.6, 0.1],
                none,
                (30.0, 120.0),
            ),
            Category::Missing => (
                [0.1, 0.0, 0.2, 0.1, 0.0],
                [0.95, 0.05, 0.0],
                [0.0, 0.55, 0.25, 0.20],
                (6.0, 40.0),
            ),
            Category::PoliceProtection => (
                [0.75, 0.15, 0.45, 0.4, 0.4],
                [0.5, 0.4, 0.1],
                none,
                (12.0, 50.0),
            ),
            Category::OffenderManagement => (
                [0.1, 0.0, 0.6, 0.0, 0.0],
                [1.0, 0.0, 0.0],
                none,
                (90.0, 220.0),
            ),
            Category::Detention => (
                [0.05, 0.0, 0.05, 0.0, 0.0],
                [1.0, 0.0, 0.0],
                none,
                (3.0, 25.0),
            ),
        };
        let [discussed, conference, plan, crime, arrest] = shares;
        Self {
            discussed,
            conference,
            plan,
            crime,
            suspects,
            arrest,
            missing,
            days,
        }
    }
}

impl Situation {
    /// Draws what a case of this category involves.
    pub(crate) fn draw(
        category: Category,
        referred_before_at: Option<i64>,
        discussions_withheld: bool,
        chance: &mut Chance,
    ) -> Self {
        let likely = Likelihood::of(category);
        let risk = [Risk::Low, Risk::Medium, Risk::High][chance.weighted(&[0.35, 0.45, 0.20])];
        let withheld = discussions_withheld;
        let most_missing = if withheld { 2 } else { 3 };
        let missing_episodes = chance.weighted(&likely.missing).min(most_missing) as u8;
        let discussed = chance.happens(likely.discussed) || referred_before_at.is_some();
        let discussed = discussed && !withheld;
        let conference = chance.happens(likely.conference / likely.discussed);
        let suspects = chance.weighted(&likely.suspects) as u8;
        let offender = category == Category::OffenderManagement;
        Self {
            category,
            risk,
            referred_before_at,
            discussions_withheld,
            transferred: risk == Risk::High && chance.happens(0.04),
            discussed,
            conference: conference && discussed && missing_episodes < 3,
            plan: chance.happens(likely.plan),
            crime: chance.happens(likely.crime),
            suspects,
            arrest: suspects > 0 && chance.happens(likely.arrest),
            missing_episodes,
            offender_risk: offender.then(|| draw_offender_risk(chance)),
            offender_released: offender && chance.happens(0.4),
            offender_breach: offender && chance.happens(0.35),
            bail_refused: category == Category::Detention && chance.happens(0.15),
            reopened: !offender && chance.happens(0.04),
            open_for: chance.days(likely.days.0, likely.days.1),
        }
    }

    /// Whether this standard arises in the case and can be broken by its handling alone.
    pub(crate) fn can_break(&self, standard: Standard) -> bool {
        let detention = self.category == Category::Detention;
        match standard {
            Standard::HighRiskChildSeen => self.risk == Risk::High && !self.transferred,
            Standard::ReturnInterview => self.missing_episodes > 0,
            Standard::DiscussionBeforeConference
            | Standard::CoreGroup
            | Standard::ReviewConference => self.conference,
            Standard::ReviewGap | Standard::RiskAssessed | Standard::Allocations => true,
            Standard::SuspectsInterviewed => self.suspects > 0,
            Standard::DiscussionAfterThirdMissing => self.missing_episodes >= 3,
            Standard::PlanRestsOnAssessment => self.plan && self.offender_risk.is_none(),
            // Both follow from what is done in another case or under another standard.
            Standard::DiscussionAfterSecondReferral | Standard::Conference => false,
            Standard::S47Completed => self.category == Category::S47Enquiry,
            Standard::PoliceProtection => self.category == Category::PoliceProtection,
            Standard::FirstDetentionReview
            | Standard::LaterDetentionReviews
            | Standard::DetentionWithoutCharge
            | Standard::AppropriateAdult => detention,
            Standard::PostChargeMove => self.bail_refused,
            Standard::VictimInformed => self.arrest,
            Standard::CrimeRecorded => self.crime,
            Standard::OffenderRiskAssessed => self.offender_released,
            Standard::OffenderVisits => self.offender_risk.is_some(),
            Standard::BreachActedOn => self.offender_breach,
        }
    }
}

fn draw_offender_risk(chance: &mut Chance) -> Risk {
    [Risk::Medium, Risk::High, Risk::VeryHigh][chance.weighted(&[0.45, 0.40, 0.15])]
}
