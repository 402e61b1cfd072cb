//! The criteria of the 2016 framework, under the stages of a child's journey.

use crate::category::Category;
use crate::coded::coded;

coded! {
    /// A stage of a child's journey through the force.
    Stage {
        /// The first report and what was done at once.
        InitialContact = "initial-contact",
        /// Weighing the risk with the other agencies.
        Assessment = "assessment",
        /// The investigation.
        Investigation = "investigation",
        /// Decisions, and why they were taken.
        DecisionMaking = "decision-making",
        /// A person the child can trust.
        TrustedAdult = "trusted-adult",
        /// Managing those who are a danger to children.
        ManagingRisk = "managing-risk",
        /// Children in police detention.
        Detention = "detention",
    }
}

coded! {
    /// One question a reader answers about a case.
    Criterion {
        /// The risk was spotted.
        RiskSpotted = "initial-contact.risk-spotted",
        /// Officers came in time.
        TimelyAttendance = "initial-contact.timely-attendance",
        /// The child was seen and heard.
        ChildSeenAndHeard = "initial-contact.child-seen-and-heard",
        /// Other children were thought of.
        OtherChildren = "initial-contact.other-children",
        /// A missing child was recognised as a child at risk.
        MissingAtRisk = "initial-contact.missing-at-risk",
        /// The council was told.
        ReferralMade = "assessment.referral-made",
        /// The agencies met to decide what to do.
        StrategyDiscussion = "assessment.strategy-discussion",
        /// There was a plan beyond the first days.
        LongerPlan = "assessment.longer-plan",
        /// Those concerned were told what happened.
        Feedback = "assessment.feedback",
        /// The right team had the case.
        RightTeam = "investigation.right-team",
        /// Every line of enquiry was followed.
        LinesOfEnquiry = "investigation.lines-of-enquiry",
        /// A supervisor looked at the case in good time.
        Supervision = "investigation.supervision",
        /// The agencies worked together.
        JointWork = "investigation.joint-work",
        /// The crime was recorded.
        CrimeRecorded = "investigation.crime-recorded",
        /// Reasons were recorded.
        ReasonsRecorded = "decision-making.reasons-recorded",
        /// The power to protect was used rightly.
        PowerToProtect = "decision-making.power-to-protect",
        /// The child dealt with one person.
        OnePerson = "trusted-adult.one-person",
        /// Visits to the offender were up to date.
        VisitsUpToDate = "managing-risk.visits-up-to-date",
        /// What was known was passed on.
        InformationShared = "managing-risk.information-shared",
        /// Breaches were acted on.
        BreachesActedOn = "managing-risk.breaches-acted-on",
        /// Detention was needed, and short.
        NeededAndShort = "detention.needed-and-short",
        /// An appropriate adult came in time.
        AppropriateAdult = "detention.appropriate-adult",
        /// A child refused bail was moved to council accommodation.
        PostChargeMove = "detention.post-charge-move",
        /// The child's vulnerability was seen.
        VulnerabilitySeen = "detention.vulnerability-seen",
    }
}

/// How many criteria there are.
pub(crate) const CRITERIA: usize = Criterion::ALL.len();

impl Criterion {
    /// The stage this criterion belongs to.
    pub fn stage(self) -> Stage {
        let code = self.code();
        let stage = code.split('.').next().unwrap_or(code);
        Stage::find_by_code(stage).expect("every criterion's code begins with its stage")
    }

    /// How often this criterion is the one that fails in a case of this category, relative to the
    /// others; zero where the question does not arise at all.
    pub(crate) const fn weight_in(self, category: Category) -> f64 {
        use Category as K;
        use Criterion as C;
        match (self, category) {
            (C::Supervision, K::Detention) => 0.5,
            (C::Supervision, _) => 2.5,
            (C::LinesOfEnquiry, K::Detention) => 0.0,
            (C::LinesOfEnquiry, _) => 2.0,
            (C::MissingAtRisk, K::Missing) => 4.0,
            (C::MissingAtRisk, K::Exploitation) => 2.0,
            (C::MissingAtRisk, _) => 0.0,
            (C::PowerToProtect, K::PoliceProtection) => 4.0,
            (C::PowerToProtect, K::S47Enquiry) => 0.5,
            (C::PowerToProtect, _) => 0.0,
            (C::VisitsUpToDate | C::BreachesActedOn, K::OffenderManagement) => 3.0,
            (C::VisitsUpToDate | C::BreachesActedOn, _) => 0.0,
            (C::InformationShared, K::OffenderManagement) => 2.0,
            (C::InformationShared, K::Exploitation | K::Missing) => 1.0,
            (C::InformationShared, _) => 0.0,
            (C::NeededAndShort | C::AppropriateAdult | C::PostChargeMove, K::Detention) => 3.0,
            (C::VulnerabilitySeen, K::Detention) => 2.0,
            (
                C::NeededAndShort | C::AppropriateAdult | C::VulnerabilitySeen | C::PostChargeMove,
                _,
            ) => 0.0,
            (C::CrimeRecorded | C::RightTeam, K::OffenderManagement | K::Detention) => 0.0,
            (C::StrategyDiscussion | C::JointWork, K::Detention) => 0.3,
            (C::StrategyDiscussion, K::S47Enquiry | K::Exploitation | K::Missing) => 2.0,
            (C::ChildSeenAndHeard, K::DomesticAbuse) => 2.0,
            _ => 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_stage_has_a_criterion() {
        for stage in Stage::ALL {
            assert!(
                Criterion::ALL.iter().any(|c| c.stage() == *stage),
                "{stage}"
            );
        }
    }
}
