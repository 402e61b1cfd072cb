//! The handling standards that a timeline can be checked against, and what checking should find.

use crate::coded::coded;
use crate::criterion::Criterion;
use crate::event::Activity;

coded! {
    /// A handling standard that the simulated timelines either keep or visibly break.
    ///
    /// Unless said otherwise a window is (t, t + limit], in elapsed time for hours and days, and to
    /// the end of the last day in London for working days and months.
    Standard {
        /// `REFERRAL_RECEIVED` with risk `H`: `CHILD_SEEN` within 24 hours, unless
        /// `CASE_TRANSFERRED` within them.
        HighRiskChildSeen = "S1",
        /// `MISSING_RETURNED`: `RETURN_INTERVIEW` within 72 hours.
        ReturnInterview = "S2",
        /// `CONFERENCE`: `STRATEGY_DISCUSSION` within the 15 working days before.
        DiscussionBeforeConference = "S3",
        /// No more than 28 days from `REFERRAL_RECEIVED`, `REVIEW` or `REOPENED` to the next
        /// `REVIEW` or `CASE_CLOSED`.
        ReviewGap = "S4",
        /// No `CASE_CLOSED` while a suspect identified has not been interviewed. Applies where a
        /// case with a suspect is closed.
        SuspectsInterviewed = "S5",
        /// Third `MISSING_REPORTED` of the case in 90 days: `STRATEGY_DISCUSSION` within 7 days.
        DiscussionAfterThirdMissing = "S6",
        /// `PLAN_AGREED`: `RISK_ASSESSED` since the last `REFERRAL_RECEIVED` or `REOPENED`.
        PlanRestsOnAssessment = "S7",
        /// `REFERRAL_RECEIVED`: `RISK_ASSESSED` by the end of the next working day.
        RiskAssessed = "S8",
        /// A child's next `REFERRAL_RECEIVED` within 30 days: `STRATEGY_DISCUSSION` in any of the
        /// child's cases after the earlier one and within 7 days of the later one. Judged in the
        /// case of the later referral.
        DiscussionAfterSecondReferral = "S9",
        /// At most 3 `ALLOCATED`: kept so far, or missed.
        Allocations = "S10",
        /// `STRATEGY_DISCUSSION` that decided `conference-needed`: `CONFERENCE` within 15 working
        /// days.
        Conference = "H01",
        /// `CONFERENCE`: `CORE_GROUP` within 10 working days.
        CoreGroup = "H02",
        /// `CONFERENCE`: `REVIEW_CONFERENCE` within 3 months.
        ReviewConference = "H04",
        /// `S47_STARTED`: `S47_COMPLETED` within 45 working days.
        S47Completed = "H07",
        /// `POLICE_PROTECTION_TAKEN`: `POLICE_PROTECTION_ENDED` within 72 hours.
        PoliceProtection = "H11",
        /// `DETENTION_AUTHORISED`: `DETENTION_REVIEWED` within 6 hours, unless `CHARGED` or
        /// `RELEASED` within them.
        FirstDetentionReview = "H18",
        /// `DETENTION_REVIEWED`: `DETENTION_REVIEWED` within 9 hours, unless `CHARGED` or
        /// `RELEASED` within them.
        LaterDetentionReviews = "H19",
        /// `DETENTION_AUTHORISED`: `CHARGED` or `RELEASED` within 24 hours.
        DetentionWithoutCharge = "H20",
        /// `BAIL_REFUSED`: `MOVED_TO_COUNCIL`; the law names no number, here within 24 hours.
        PostChargeMove = "H21",
        /// `APPROPRIATE_ADULT_REQUESTED`: `APPROPRIATE_ADULT_ARRIVED`; the law names no number,
        /// here within 4 hours.
        AppropriateAdult = "H24",
        /// `SUSPECT_ARRESTED`: `VICTIM_INFORMED` by the end of the next working day.
        VictimInformed = "H29",
        /// `CRIME_REPORTED`: `CRIME_RECORDED` within 24 hours.
        CrimeRecorded = "H35",
        /// `OFFENDER_RELEASED`: `OFFENDER_RISK_ASSESSED` within 15 days.
        OffenderRiskAssessed = "H40",
        /// `OFFENDER_VISITED`: the next one within 31 days (risk `VH`), 92 days (`H`) or 183 days
        /// (`M`), unless `CASE_CLOSED` within them.
        OffenderVisits = "H41",
        /// `BREACH_REPORTED`: `BREACH_ACTED_ON` within 7 days; a local limit.
        BreachActedOn = "L01",
    }
}

/// How many standards there are.
pub(crate) const STANDARDS: usize = Standard::ALL.len();

impl Standard {
    /// The criterion that is not met where this standard is missed.
    pub const fn criterion(self) -> Criterion {
        match self {
            Standard::HighRiskChildSeen => Criterion::ChildSeenAndHeard,
            Standard::ReturnInterview => Criterion::MissingAtRisk,
            Standard::DiscussionBeforeConference
            | Standard::DiscussionAfterThirdMissing
            | Standard::DiscussionAfterSecondReferral
            | Standard::Conference => Criterion::StrategyDiscussion,
            Standard::ReviewGap => Criterion::Supervision,
            Standard::SuspectsInterviewed => Criterion::LinesOfEnquiry,
            Standard::PlanRestsOnAssessment
            | Standard::CoreGroup
            | Standard::ReviewConference
            | Standard::S47Completed => Criterion::LongerPlan,
            Standard::RiskAssessed => Criterion::RiskSpotted,
            Standard::Allocations => Criterion::OnePerson,
            Standard::PoliceProtection => Criterion::PowerToProtect,
            Standard::FirstDetentionReview
            | Standard::LaterDetentionReviews
            | Standard::DetentionWithoutCharge => Criterion::NeededAndShort,
            Standard::PostChargeMove => Criterion::PostChargeMove,
            Standard::AppropriateAdult => Criterion::AppropriateAdult,
            Standard::VictimInformed => Criterion::Feedback,
            Standard::CrimeRecorded => Criterion::CrimeRecorded,
            Standard::OffenderRiskAssessed => Criterion::InformationShared,
            Standard::OffenderVisits => Criterion::VisitsUpToDate,
            Standard::BreachActedOn => Criterion::BreachesActedOn,
        }
    }

    /// The event that is late or missing where this standard is missed. For [`Lapse::TooMany`] it
    /// is the event that came too often. Detention without charge may end with either of two; this
    /// names the one that ends most of them.
    pub const fn expected(self) -> Activity {
        match self {
            Standard::HighRiskChildSeen => Activity::ChildSeen,
            Standard::ReturnInterview => Activity::ReturnInterview,
            Standard::DiscussionBeforeConference
            | Standard::DiscussionAfterThirdMissing
            | Standard::DiscussionAfterSecondReferral => Activity::StrategyDiscussion,
            Standard::ReviewGap => Activity::Review,
            Standard::SuspectsInterviewed => Activity::SuspectInterviewed,
            Standard::PlanRestsOnAssessment | Standard::RiskAssessed => Activity::RiskAssessed,
            Standard::Allocations => Activity::Allocated,
            Standard::Conference => Activity::Conference,
            Standard::CoreGroup => Activity::CoreGroup,
            Standard::ReviewConference => Activity::ReviewConference,
            Standard::S47Completed => Activity::S47Completed,
            Standard::PoliceProtection => Activity::PoliceProtectionEnded,
            Standard::FirstDetentionReview | Standard::LaterDetentionReviews => {
                Activity::DetentionReviewed
            }
            Standard::DetentionWithoutCharge => Activity::Released,
            Standard::PostChargeMove => Activity::MovedToCouncil,
            Standard::AppropriateAdult => Activity::AppropriateAdultArrived,
            Standard::VictimInformed => Activity::VictimInformed,
            Standard::CrimeRecorded => Activity::CrimeRecorded,
            Standard::OffenderRiskAssessed => Activity::OffenderRiskAssessed,
            Standard::OffenderVisits => Activity::OffenderVisited,
            Standard::BreachActedOn => Activity::BreachActedOn,
        }
    }
}

/// In which way a standard was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lapse {
    /// The event came, too late but before the same was due again.
    Late,
    /// The event never came.
    Missing,
    /// The event came too often.
    TooMany,
}

impl Lapse {
    /// The code in `truth.csv`.
    pub const fn code(self) -> &'static str {
        match self {
            Lapse::Late => "late",
            Lapse::Missing => "missing",
            Lapse::TooMany => "too-many",
        }
    }
}

/// What a right check of the timeline finds at the end of the last day. Where a standard applies
/// several times in one case, the case's verdict is the greatest in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// The standard does not apply to the case.
    NotApplicable,
    /// What would have been due need not be done.
    Excused,
    /// Kept.
    Met,
    /// Neither kept nor missed yet.
    Pending,
    /// Missed.
    Missed(Lapse),
}
