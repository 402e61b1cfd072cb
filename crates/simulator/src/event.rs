//! What a timeline is made of: dated administrative events.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::calendar::date_of;
use crate::case::SuspectKey;
use crate::coded::coded;

coded! {
    /// What was done or what happened.
    Activity {
        /// The case came to the police; every case begins with it.
        ReferralReceived = "REFERRAL_RECEIVED",
        /// An officer was put in charge.
        Allocated = "ALLOCATED",
        /// The risk was assessed.
        RiskAssessed = "RISK_ASSESSED",
        /// An officer saw the child.
        ChildSeen = "CHILD_SEEN",
        /// The case went to another force.
        CaseTransferred = "CASE_TRANSFERRED",
        /// A supervisor reviewed the case.
        Review = "REVIEW",
        /// The case was closed.
        CaseClosed = "CASE_CLOSED",
        /// A closed case was opened again.
        Reopened = "REOPENED",
        /// Police, council and health discussed what to do.
        StrategyDiscussion = "STRATEGY_DISCUSSION",
        /// A section 47 enquiry began.
        S47Started = "S47_STARTED",
        /// The assessment of a section 47 enquiry was finished.
        S47Completed = "S47_COMPLETED",
        /// The initial child protection conference was held.
        Conference = "CONFERENCE",
        /// The core group met.
        CoreGroup = "CORE_GROUP",
        /// The review conference was held.
        ReviewConference = "REVIEW_CONFERENCE",
        /// A plan to protect the child was agreed.
        PlanAgreed = "PLAN_AGREED",
        /// A crime was reported.
        CrimeReported = "CRIME_REPORTED",
        /// The crime was recorded.
        CrimeRecorded = "CRIME_RECORDED",
        /// A suspect became known.
        SuspectIdentified = "SUSPECT_IDENTIFIED",
        /// The suspect was arrested.
        SuspectArrested = "SUSPECT_ARRESTED",
        /// The suspect was interviewed.
        SuspectInterviewed = "SUSPECT_INTERVIEWED",
        /// The victim's family was told of the arrest.
        VictimInformed = "VICTIM_INFORMED",
        /// The child was reported missing.
        MissingReported = "MISSING_REPORTED",
        /// The child came back.
        MissingReturned = "MISSING_RETURNED",
        /// The return home interview took place.
        ReturnInterview = "RETURN_INTERVIEW",
        /// The child was taken into police protection.
        PoliceProtectionTaken = "POLICE_PROTECTION_TAKEN",
        /// Police protection ended.
        PoliceProtectionEnded = "POLICE_PROTECTION_ENDED",
        /// A managed offender came out of prison.
        OffenderReleased = "OFFENDER_RELEASED",
        /// The released offender's risk was assessed.
        OffenderRiskAssessed = "OFFENDER_RISK_ASSESSED",
        /// A managed offender was visited.
        OffenderVisited = "OFFENDER_VISITED",
        /// A breach of the offender's conditions came to notice.
        BreachReported = "BREACH_REPORTED",
        /// The breach was acted on.
        BreachActedOn = "BREACH_ACTED_ON",
        /// Detention of a child was authorised.
        DetentionAuthorised = "DETENTION_AUTHORISED",
        /// The detention was reviewed.
        DetentionReviewed = "DETENTION_REVIEWED",
        /// An appropriate adult was asked for.
        AppropriateAdultRequested = "APPROPRIATE_ADULT_REQUESTED",
        /// The appropriate adult came.
        AppropriateAdultArrived = "APPROPRIATE_ADULT_ARRIVED",
        /// The child was charged.
        Charged = "CHARGED",
        /// The child was released from detention.
        Released = "RELEASED",
        /// Bail was refused after charge.
        BailRefused = "BAIL_REFUSED",
        /// The child was moved to council accommodation.
        MovedToCouncil = "MOVED_TO_COUNCIL",
    }
}

coded! {
    /// How great the risk was held to be.
    Risk {
        /// Low.
        Low = "L",
        /// Medium.
        Medium = "M",
        /// High.
        High = "H",
        /// Very high; of managed offenders only.
        VeryHigh = "VH",
    }
}

coded! {
    /// Where a referral came from, or who led.
    Agency {
        /// The police themselves.
        Police = "police",
        /// The council's children's services.
        Council = "council",
        /// A school.
        School = "school",
        /// A health service.
        Health = "health",
        /// A member of the public.
        Public = "public",
    }
}

coded! {
    /// What a strategy discussion decided.
    Outcome {
        /// A child protection conference is to be held.
        ConferenceNeeded = "conference-needed",
        /// No conference is needed.
        NoConference = "no-conference",
    }
}

/// One event of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What happened.
    pub activity: Activity,
    /// The suspect or offender it is about.
    pub suspect_key: Option<SuspectKey>,
    /// The risk recorded with it.
    pub risk: Option<Risk>,
    /// The agency recorded with it.
    pub agency: Option<Agency>,
    /// What was decided.
    pub outcome: Option<Outcome>,
    /// Seconds since 1970; the beginning of the day in London where only the day is known.
    pub(crate) at: i64,
    pub(crate) day: i32,
    pub(crate) date_only: bool,
    pub(crate) recorded_at: i64,
}

/// When an event happened, as exactly as it was recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventTime {
    /// To the second.
    Moment(Timestamp),
    /// Some time on this day, in London.
    Day(Date),
}

impl Event {
    /// When it happened.
    pub fn time(&self) -> EventTime {
        if self.date_only {
            EventTime::Day(date_of(i64::from(self.day)))
        } else {
            EventTime::Moment(timestamp(self.at))
        }
    }

    /// The instant it is sorted by: its time, or the beginning of its day in London.
    pub fn sorted_at(&self) -> Timestamp {
        timestamp(self.at)
    }

    /// When it was entered into the force's system.
    pub fn recorded_at(&self) -> Timestamp {
        timestamp(self.recorded_at)
    }
}

fn timestamp(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).expect("the years of a force lie within 2000 to 2101")
}
