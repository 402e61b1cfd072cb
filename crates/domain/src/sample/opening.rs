//! The opening of a draw: how the inspectorate and the force make its seed together.
//!
//! The list, the plan and a commitment to a secret are fixed first; then the force gives its part,
//! once; only then is drawn. So neither side can choose the seed.

use crate::access::{Action, Permit, Refusal};
use crate::code::coded;
use crate::event::Event;
use crate::id::{CaseListId, InspectionId};
use jiff::Timestamp;
use serde::Serialize;

/// How long the force has to give its part, in hours from the opening.
pub const CONTRIBUTION_HOURS: u32 = 72;

/// The longest text that the force may give, in characters.
const CONTRIBUTION_MAX: usize = 200;

/// How the seed of a draw came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SeedSource {
    /// From the inspectorate's secret and the force's contribution.
    Joint,
    /// From the inspectorate's secret alone, and why.
    InspectorateAlone(NoContribution),
    /// Somebody gave it: nothing shows that it was not chosen.
    Given,
}

coded! {
    /// Why the force gave no part of the seed.
    NoContribution "reason for drawing alone" {
        /// It did not answer.
        NoAnswer "no-answer" "The force did not answer",
        /// It said that it gives none.
        Declined "declined" "The force said that it gives none",
        /// Nobody of the force can sign in.
        NobodyThere "nobody-there" "Nobody of the force can sign in",
    }
}

/// A draw as opened, as it stands when somebody acts on it.
#[derive(Debug, Clone)]
pub struct Opening {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Until when the force may give its part undisturbed.
    pub due_at: Timestamp,
    /// What the force gave.
    pub contribution: Option<String>,
    /// Whether the sample is drawn.
    pub drawn: bool,
}

/// The draw was opened: list, plan and secret are fixed.
#[derive(Debug, Clone, Serialize)]
pub struct DrawOpened {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// From which version of the case list.
    pub case_list: CaseListId,
    /// The digest of the cases to draw from, in hexadecimal.
    pub frame_digest: String,
    /// The commitment to the secret, in hexadecimal.
    pub commitment: String,
    /// Cases to be read.
    pub size: u64,
    /// At least so many from each category.
    pub minimum_per_stratum: u64,
    /// Reserves for each category.
    pub reserves_per_stratum: u64,
    /// Until when the force may give its part.
    pub due_at: Timestamp,
}

/// The force gave its part of the seed.
#[derive(Debug, Clone, Serialize)]
pub struct ContributionGiven {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// What it gave.
    pub contribution: String,
}

impl Event for DrawOpened {
    const NAME: &'static str = "draw opened";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

impl Event for ContributionGiven {
    const NAME: &'static str = "contribution to draw given";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Opens the draw, once for a version of the case list.
///
/// # Errors
/// When a sample is drawn, or the draw from this version is open already.
pub fn open(
    permit: &Permit,
    drawn: bool,
    opened: bool,
    event: DrawOpened,
) -> Result<DrawOpened, Refusal> {
    permit.is_for(Action::DrawSample);
    if drawn {
        return Err(Refusal::not_now("The sample is drawn already."));
    }
    if opened {
        return Err(Refusal::not_now(
            "The draw from this list is open already. Opening it again would let the secret be \
             chosen by what it gives.",
        ));
    }
    Ok(event)
}

/// The force gives its part: any text of its own, once.
///
/// # Errors
/// When the text is empty or too long, it gave one before, or the sample is drawn.
pub fn contribute(
    permit: &Permit,
    opening: &Opening,
    text: &str,
) -> Result<ContributionGiven, Refusal> {
    permit.is_for(Action::ContributeToDraw);
    if opening.drawn {
        return Err(Refusal::not_now("The sample is drawn already."));
    }
    if opening.contribution.is_some() {
        return Err(Refusal::not_now(
            "The force gave its part already, and it stands.",
        ));
    }
    let text = text.trim();
    if text.is_empty() || text.chars().count() > CONTRIBUTION_MAX {
        return Err(Refusal::not_now(format!(
            "Give between 1 and {CONTRIBUTION_MAX} characters, such as the numbers of dice."
        )));
    }
    Ok(ContributionGiven {
        inspection: opening.inspection.clone(),
        contribution: text.to_owned(),
    })
}

/// What the seed comes from now: both sides where the force gave its part; the inspectorate
/// alone when the time is over and somebody says why.
///
/// # Errors
/// While the force may still give its part, or no reason is given for drawing alone.
pub fn choose_source(
    permit: &Permit,
    opening: &Opening,
    now: Timestamp,
    reason: Option<NoContribution>,
) -> Result<SeedSource, Refusal> {
    permit.is_for(Action::DrawSample);
    match (&opening.contribution, reason) {
        (Some(_), _) => Ok(SeedSource::Joint),
        (None, _) if now < opening.due_at => Err(Refusal::not_now(
            "The force has not given its part of the seed, and its time to do so is not over.",
        )),
        (None, None) => Err(Refusal::not_now(
            "Say why the force gave no part of the seed: without it you draw alone, and the \
             certificate says so.",
        )),
        (None, Some(reason)) => Ok(SeedSource::InspectorateAlone(reason)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Relation, Role, permit};

    fn leave(role: Role, action: Action, relation: Relation) -> Permit {
        let actor = Actor {
            role,
            ..Actor::public()
        };
        permit(&actor, action, relation).expect("leave")
    }

    fn opening(contribution: Option<&str>) -> Opening {
        Opening {
            inspection: InspectionId::from_random(1),
            due_at: Timestamp::from_second(1000).expect("a time"),
            contribution: contribution.map(Into::into),
            drawn: false,
        }
    }

    #[test]
    fn nobody_draws_alone_before_the_time_is_over_or_without_a_reason() {
        let lead = leave(Role::LeadInspector, Action::DrawSample, Relation::Team);
        let [before, after] = [999, 1000].map(|s| Timestamp::from_second(s).expect("a time"));
        let why = Some(NoContribution::NoAnswer);
        let tried = |given, now, why| choose_source(&lead, &opening(given), now, why);
        assert_eq!(tried(Some("4 2"), before, None), Ok(SeedSource::Joint));
        assert_eq!(tried(Some("4 2"), after, why), Ok(SeedSource::Joint));
        assert!(tried(None, before, why).is_err());
        assert!(tried(None, after, None).is_err());
        assert_eq!(
            tried(None, after, why),
            Ok(SeedSource::InspectorateAlone(NoContribution::NoAnswer))
        );
    }

    #[test]
    fn force_gives_its_part_once_and_before_the_draw() {
        let force = leave(Role::ForceChief, Action::ContributeToDraw, Relation::Served);
        let given = contribute(&force, &opening(None), " dice 4 2 ").expect("given");
        assert_eq!(given.contribution, "dice 4 2");
        assert!(contribute(&force, &opening(Some("4")), "5").is_err());
        assert!(contribute(&force, &opening(None), "  ").is_err());
        assert!(contribute(&force, &opening(None), &"6".repeat(201)).is_err());
        let drawn = Opening {
            drawn: true,
            ..opening(None)
        };
        assert!(contribute(&force, &drawn, "5").is_err());
    }
}
