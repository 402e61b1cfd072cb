//! What a programme of inspection asks and by which rules: its *framework*.
//!
//! A framework is a TOML text under a version, not code: the grade scale, the
//! topics and criteria, the case categories, the causes of failings, the clocks of
//! a referral and every time limit. Two are shipped ([`Framework::shipped`]); an
//! inspectorate can load its own. Whatever is made under a framework names it by
//! its [`FrameworkId`], and a version once used is never changed: a change is a
//! new version.

use jiff::civil::Date;
use serde::Serialize;

use crate::calendar::Period;

mod code;
mod fault;
mod id;
mod parse;
mod reader;
#[cfg(test)]
mod tests;

pub(crate) use code::nearest;
pub use fault::FrameworkFault;
pub use id::{FrameworkId, FrameworkIdFault};

/// One version of a programme's framework.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Framework {
    /// The name and version that everything made under it records.
    pub id: FrameworkId,
    /// What people call it.
    pub title: String,
    /// The code of the programme it belongs to; later versions keep it.
    pub programme: String,
    /// The first day inspections were, or are, made under it.
    pub in_force_from: Date,
    /// The last such day; `None` while it is in force.
    pub in_force_to: Option<Date>,
    /// Where its words come from and what standing they have.
    pub provenance: String,
    /// The grade scale, best first.
    pub grades: Vec<Grade>,
    /// What is judged, in the order of the form.
    pub topics: Vec<Topic>,
    /// The kinds of case a case list is divided into.
    pub categories: Vec<Category>,
    /// What a failing can be put down to.
    pub causes: Vec<Cause>,
    /// Why a case is sent straight back, and the clocks that then run.
    pub referral: ReferralTerms,
    /// Every time limit outside the referral.
    pub time_limits: TimeLimits,
    /// How far a recommendation has come at a round, worst first.
    pub progress: Vec<Progress>,
    /// What the register can say of a recommendation.
    pub statuses: Vec<Status>,
    /// Why a sampled case may be left out or replaced.
    pub eliminations: Vec<Elimination>,
    /// The smallest count, 2 or more, that may be published below the level of a
    /// whole force; smaller ones are suppressed.
    pub disclosure_threshold: u32,
    /// How many audits are read twice, and how well the readings must agree.
    pub second_reading: SecondReading,
}

/// One grade of the scale.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Grade {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub label: String,
    /// A few letters for narrow columns.
    pub short: String,
    /// What it means.
    pub description: String,
    /// 1 for the best grade, counting up to the worst.
    pub rank: u32,
    /// Whether it counts among the cases graded below good.
    pub below_good: bool,
}

/// Whether a topic is judged case by case or for the force as a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Judged in every case read.
    Case,
    /// Judged once, of the inspection as a whole.
    Force,
}

/// A stage or theme that is judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub title: String,
    /// What it covers.
    pub description: String,
    /// Case by case, or of the force.
    pub level: Level,
    /// Whether it is given a grade of its own.
    pub graded: bool,
    /// What is asked under it.
    pub criteria: Vec<Criterion>,
}

/// One thing a reader answers: met, not met, not applicable or cannot tell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Criterion {
    /// `topic-code.criterion-code`, unique in the framework.
    pub code: String,
    /// The criterion in a few words.
    pub title: String,
    /// What to look for in the record.
    pub look_for: String,
    /// Which categories of case it is asked of.
    pub applies_to: AppliesTo,
}

/// The categories of case that a criterion is asked of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum AppliesTo {
    /// Every category.
    All,
    /// The categories with these codes.
    Categories(Vec<String>),
}

impl AppliesTo {
    /// Whether a case of this category is asked.
    #[must_use]
    pub fn includes(&self, category: &str) -> bool {
        match self {
            AppliesTo::All => true,
            AppliesTo::Categories(codes) => codes.iter().any(|code| code == category),
        }
    }
}

/// A kind of case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Category {
    /// How records and case lists name it.
    pub code: String,
    /// How people read it.
    pub title: String,
}

/// What a failing is put down to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cause {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub title: String,
    /// When to choose it.
    pub description: String,
}

/// Why cases are sent back, and what then runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReferralTerms {
    /// The reasons a case can be sent back for.
    pub reasons: Vec<ReferralReason>,
    /// The clocks that start when it is sent.
    pub clocks: ReferralClocks,
}

/// Why a case is sent straight back to the force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReferralReason {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub title: String,
    /// When to choose it.
    pub description: String,
}

/// The clocks of a referral, all counted from the moment it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ReferralClocks {
    /// Clock hours until the force has confirmed that it has it.
    pub acknowledge_hours: u32,
    /// Clock hours until the first step that protects the child.
    pub protective_step_hours: u32,
    /// How long the full answer may take.
    pub answer: Period,
    /// Who is told when a clock has run out, soonest first.
    pub escalation: Vec<EscalationStep>,
}

/// One rung of the ladder: who is told, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct EscalationStep {
    /// Clock hours after the limit has run out.
    pub overdue_hours: u32,
    /// The role told: one of [`ESCALATION_ROLES`].
    pub tell: String,
}

/// The roles that an escalation may tell: those who may know of the case.
pub const ESCALATION_ROLES: [&str; 4] = [
    "force-liaison",
    "force-chief",
    "inspector",
    "lead-inspector",
];

/// The time limits of a report, its audits and its recommendations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TimeLimits {
    /// The limits a recommendation may carry, counted from publication.
    pub recommendations: Vec<RecommendationLimit>,
    /// From publication until the force has sent its action plan.
    pub force_action_plan: Period,
    /// From publication until the local policing body has published its comments.
    pub local_policing_body_comments: Period,
    /// From sending the draft until the force has said what is wrong in it.
    pub accuracy_check: Period,
    /// From assigning a case until its audit is due.
    pub audit: Period,
}

/// A time limit that a recommendation can carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RecommendationLimit {
    /// How records name it.
    pub code: String,
    /// The words a recommendation begins with.
    pub title: String,
    /// Counted from the day of publication.
    pub within: Period,
}

/// A judgement on a recommendation at a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub title: String,
    /// When to choose it.
    pub description: String,
    /// Whether nothing more is asked after it.
    pub closes: bool,
}

/// What the public register says of a recommendation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub title: String,
    /// Whether the recommendation still waits for something.
    pub open: bool,
}

/// Why a sampled case is left out or replaced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Elimination {
    /// How records name it.
    pub code: String,
    /// How people read it.
    pub title: String,
    /// When to choose it.
    pub description: String,
    /// Whether the next case on the draw's reserve takes its place.
    pub replaced: bool,
}

/// The second, blind readings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct SecondReading {
    /// The share of audits read a second time, in per cent.
    pub share_percent: u32,
    /// The share of second readings that must come to the same grade, in per cent;
    /// below it, grades do not leave the team.
    pub agreement_percent: u32,
    /// How likely true agreement must be to lie above that share, in per cent.
    pub likelihood_percent: u32,
    /// The fewest cases read twice from which anything is said of agreement.
    pub cases_min: u32,
}

const SHIPPED: [(&str, &str); 2] = [
    (
        "child-protection-2016.toml",
        include_str!("../frameworks/child-protection-2016.toml"),
    ),
    (
        "child-protection-2024.toml",
        include_str!("../frameworks/child-protection-2024.toml"),
    ),
];

impl Framework {
    /// Reads a framework's text. `file_name` only names the file in faults.
    ///
    /// # Errors
    /// Every fault in the text, in the order of its lines.
    pub fn parse(file_name: &str, text: &str) -> Result<Framework, Vec<FrameworkFault>> {
        parse::framework(file_name, text)
    }

    /// The frameworks that come with the program, oldest first.
    #[must_use]
    pub fn shipped() -> Vec<Framework> {
        SHIPPED
            .into_iter()
            .map(|(file, text)| {
                Framework::parse(file, text).expect("a test reads every shipped framework")
            })
            .collect()
    }

    /// The file names and texts of the shipped frameworks, oldest first.
    #[must_use]
    pub fn shipped_texts() -> [(&'static str, &'static str); 2] {
        SHIPPED
    }

    /// The shipped framework of that name and version.
    #[must_use]
    pub fn find_shipped(id: &FrameworkId) -> Option<Framework> {
        Framework::shipped().into_iter().find(|f| f.id == *id)
    }

    /// The scale in one line, best first: "good/requires improvement/inadequate".
    ///
    /// Two frameworks with the same line grade on the same scale; the published
    /// record names its scales in the same way.
    #[must_use]
    pub fn scale(&self) -> String {
        let labels: Vec<String> = self.grades.iter().map(|g| g.label.to_lowercase()).collect();
        labels.join("/")
    }

    /// Whether inspections are made under it on that day.
    #[must_use]
    pub fn is_in_force(&self, day: Date) -> bool {
        self.in_force_from <= day && self.in_force_to.is_none_or(|last| day <= last)
    }

    /// The grade with that code.
    #[must_use]
    pub fn find_grade(&self, code: &str) -> Option<&Grade> {
        self.grades.iter().find(|grade| grade.code == code)
    }

    /// The topic with that code.
    #[must_use]
    pub fn find_topic(&self, code: &str) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.code == code)
    }

    /// The criterion with that code, `topic-code.criterion-code`.
    #[must_use]
    pub fn find_criterion(&self, code: &str) -> Option<&Criterion> {
        self.criteria().find(|criterion| criterion.code == code)
    }

    /// The category with that code.
    #[must_use]
    pub fn find_category(&self, code: &str) -> Option<&Category> {
        self.categories
            .iter()
            .find(|category| category.code == code)
    }

    /// What the category with that code is called; the code itself where there is none.
    #[must_use]
    pub fn category_title(&self, code: &str) -> String {
        self.find_category(code)
            .map_or_else(|| code.to_owned(), |found| found.title.clone())
    }

    /// The cause with that code.
    #[must_use]
    pub fn find_cause(&self, code: &str) -> Option<&Cause> {
        self.causes.iter().find(|cause| cause.code == code)
    }

    /// The referral reason with that code.
    #[must_use]
    pub fn find_referral_reason(&self, code: &str) -> Option<&ReferralReason> {
        self.referral
            .reasons
            .iter()
            .find(|reason| reason.code == code)
    }

    /// The recommendation limit with that code.
    #[must_use]
    pub fn find_recommendation_limit(&self, code: &str) -> Option<&RecommendationLimit> {
        let limits = &self.time_limits.recommendations;
        limits.iter().find(|limit| limit.code == code)
    }

    /// The judgement on progress with that code.
    #[must_use]
    pub fn find_progress(&self, code: &str) -> Option<&Progress> {
        self.progress.iter().find(|progress| progress.code == code)
    }

    /// Whether a judgement says that a recommendation is well on its way or done: the better
    /// half of the judgements, which stand from the least to the most.
    #[must_use]
    pub fn is_good_progress(&self, code: &str) -> bool {
        let place = self.progress.iter().position(|one| one.code == code);
        place.is_some_and(|place| place >= self.progress.len().div_ceil(2))
    }

    /// The register status with that code.
    #[must_use]
    pub fn find_status(&self, code: &str) -> Option<&Status> {
        self.statuses.iter().find(|status| status.code == code)
    }

    /// The reason for leaving out a sampled case with that code.
    #[must_use]
    pub fn find_elimination(&self, code: &str) -> Option<&Elimination> {
        self.eliminations.iter().find(|reason| reason.code == code)
    }

    /// The topics judged at that level, in the order of the form.
    pub fn topics_at(&self, level: Level) -> impl Iterator<Item = &Topic> {
        self.topics.iter().filter(move |topic| topic.level == level)
    }

    /// Every criterion, in the order of the form.
    pub fn criteria(&self) -> impl Iterator<Item = &Criterion> {
        self.topics.iter().flat_map(|topic| &topic.criteria)
    }

    /// What a case of that category is asked, topic by topic in the order of the
    /// form. Topics judged of the force as a whole are not asked of a case. Empty
    /// for a category the framework does not know.
    #[must_use]
    pub fn criteria_for(&self, category: &str) -> Vec<(&Topic, &Criterion)> {
        if self.find_category(category).is_none() {
            return Vec::new();
        }
        self.topics_at(Level::Case)
            .flat_map(|topic| {
                topic
                    .criteria
                    .iter()
                    .map(move |criterion| (topic, criterion))
            })
            .filter(|(_, criterion)| criterion.applies_to.includes(category))
            .collect()
    }
}
