//! The inspectorate's judgement on a recommendation at a follow-up round.

use crate::access::{Action, Permit, Refusal};
use crate::event::Event;
use crate::framework::Framework;
use crate::id::{InspectionId, RecommendationId};
use serde::Serialize;

/// Progress on a recommendation was judged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgressJudged {
    /// In which round.
    pub inspection: InspectionId,
    /// On which recommendation.
    pub recommendation: RecommendationId,
    /// The judgement, a code of the framework's scale.
    pub judgement: String,
    /// What it rests on.
    pub rests_on: String,
}

impl Event for ProgressJudged {
    const NAME: &'static str = "progress judged";
    fn subject(&self) -> String {
        format!("recommendation/{}", self.recommendation)
    }
    fn reason(&self) -> Option<&str> {
        Some(&self.rests_on)
    }
}

/// Judges progress in a follow-up round. A later judgement in the same round replaces the
/// earlier, which the journal keeps.
///
/// # Errors
/// When the round is no follow-up, or the framework's scale has no such judgement.
pub fn judge(
    permit: &Permit,
    round: i64,
    framework: &Framework,
    judged: ProgressJudged,
) -> Result<ProgressJudged, Refusal> {
    permit.is_for(Action::JudgeProgress);
    if round == 0 {
        return Err(Refusal::not_now(
            "Progress is judged in a follow-up round; this is the inspection itself.",
        ));
    }
    if framework.find_progress(&judged.judgement).is_none() {
        return Err(Refusal::not_now(format!(
            "The framework {} has no judgement called {:?}.",
            framework.id, judged.judgement
        )));
    }
    Ok(judged)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Relation, Role, permit};

    fn judged(judgement: &str) -> ProgressJudged {
        ProgressJudged {
            inspection: InspectionId::from_random(1),
            recommendation: RecommendationId::from_random(2),
            judgement: judgement.into(),
            rests_on: "The cases of this round.".into(),
        }
    }

    #[test]
    fn progress_is_judged_on_the_scale_of_the_framework_and_in_follow_ups_only() {
        let actor = Actor {
            role: Role::Inspector,
            ..Actor::public()
        };
        let leave = permit(&actor, Action::JudgeProgress, Relation::Team).expect("leave");
        let framework = &Framework::shipped()[0];
        assert!(judge(&leave, 1, framework, judged("some-progress")).is_ok());
        assert!(judge(&leave, 0, framework, judged("some-progress")).is_err());
        assert!(judge(&leave, 1, framework, judged("splendid")).is_err());
    }
}
