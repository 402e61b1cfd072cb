//! An inspection's own page: where it stands, what is urgent, what comes next.

use super::{LISTED, in_state};
use crate::app::Call;
use crate::error::Result;
use crate::framework;
use crate::inspection::{self, Inspection, TeamMember, line, line::Place, line::Stop};
use crate::referral::{self, Record};
use crate::sample::opening;
use throughline_domain::access::{Action, Role};
use throughline_domain::id::InspectionId;

/// What the page says.
#[derive(Debug)]
pub struct Hub {
    /// The inspection.
    pub inspection: Inspection,
    /// Its framework's title.
    pub framework: String,
    /// Its stages.
    pub line: Vec<Stop>,
    /// Its team, for the team itself.
    pub team: Vec<TeamMember>,
    /// Referrals past a limit, longest first.
    pub urgent: Vec<Record>,
    /// How many of these there are in all.
    pub urgent_total: i64,
    /// What comes next for this person.
    pub next: Next,
    /// Every round of the series, in order.
    pub rounds: Vec<Inspection>,
    /// The parts, with what each is for.
    pub parts: Vec<Part>,
    /// Whether this person may tell the force, which does not know of it yet.
    pub may_announce: bool,
    /// Whether this person may send a case straight back.
    pub may_refer: bool,
}

/// What comes next.
#[derive(Debug, PartialEq, Eq)]
pub struct Next {
    /// What, in a sentence.
    pub words: String,
    /// Where, with the words of the button.
    pub button: Option<(&'static str, String)>,
}

/// A part of the inspection.
#[derive(Debug)]
pub struct Part {
    /// Its name.
    pub name: &'static str,
    /// Where it is.
    pub path: String,
    /// What stands there.
    pub note: String,
    /// What it is for.
    pub words: &'static str,
}

/// The page of an inspection, as this person may see it.
///
/// # Errors
/// When there is none, or it is not for them.
pub async fn load(call: &Call, id: &InspectionId) -> Result<Hub> {
    let (inspection, _leave) = inspection::load_for(call, id, Action::ReadInspection).await?;
    let of_force = call.actor.role.is_of_a_force();
    let line = line::line(call, &inspection).await?;
    let (urgent, urgent_total) = referral::list(call, &of(id, "past-limit"), (LISTED, 0)).await?;
    let team = if of_force {
        Vec::new()
    } else {
        inspection::team(call, &inspection).await?
    };
    let next = next(call, &inspection, &line).await?;
    let rounds = inspection::store::list_of_series(call.reader(), &inspection.series_id).await?;
    let may_announce = call.actor.role == Role::LeadInspector
        && !inspection::is_announced(call, &inspection).await?;
    Ok(Hub {
        may_announce,
        framework: framework::find(&inspection.framework).map_or_else(
            || inspection.framework.clone(),
            |framework| framework.title.clone(),
        ),
        team,
        urgent,
        urgent_total,
        next,
        rounds: visible(call, rounds).await?,
        parts: parts(call.actor.role, &inspection, &line),
        may_refer: !of_force
            && line
                .iter()
                .any(|stop| stop.place == Place::CaseList && stop.done),
        line,
        inspection,
    })
}

/// The rounds that this person may see: not every team member is on every round's team.
async fn visible(call: &Call, rounds: Vec<Inspection>) -> Result<Vec<Inspection>> {
    let own = inspection::list(call).await?;
    let seen = |round: &Inspection| own.iter().any(|each| each.id == round.id);
    Ok(rounds.into_iter().filter(seen).collect())
}

fn of(inspection: &InspectionId, state: &str) -> referral::Filter {
    referral::Filter {
        inspection: inspection.to_string(),
        ..in_state(state)
    }
}

async fn next(call: &Call, inspection: &Inspection, line: &[Stop]) -> Result<Next> {
    let id = &inspection.id;
    let open = referral::count(call, &of(id, "open")).await?;
    let answered = referral::count(call, &of(id, "answered")).await?;
    if call.actor.role.is_of_a_force() {
        if let Some(next) = draw_to_contribute_to(call, id).await? {
            return Ok(next);
        }
        return Ok(next_of_force(id, open - answered));
    }
    if answered > 0 {
        let words = format!("{} for your decision.", waits(answered, "answer"));
        let path = format!("/referrals?inspection={id}&state=answered");
        return Ok(with_button(words, "Decide on the answers", path));
    }
    Ok(next_of_team(line))
}

async fn draw_to_contribute_to(call: &Call, id: &InspectionId) -> Result<Option<Next>> {
    let waiting = opening::waiting(call).await?;
    let here = waiting.iter().any(|draw| draw.inspection == id.as_str());
    Ok(here.then(|| {
        with_button(
            "The inspectorate draws which cases it reads, and asks for your part of the lot.",
            "Give your part of the draw",
            format!("/inspections/{id}/draw"),
        )
    }))
}

fn waits(count: i64, noun: &str) -> String {
    match count {
        1 => format!("One {noun} waits"),
        _ => format!("{count} {noun}s wait"),
    }
}

fn with_button(words: impl Into<String>, button: &'static str, path: String) -> Next {
    Next {
        words: words.into(),
        button: Some((button, path)),
    }
}

fn next_of_force(id: &InspectionId, owed: i64) -> Next {
    if owed > 0 {
        let words = format!("{} for you to answer.", waits(owed, "referral"));
        let path = format!("/referrals?inspection={id}&state=open");
        return with_button(words, "See the referrals", path);
    }
    Next {
        words: "Nothing waits for you here. A case sent straight back, a draft to check or a recommendation appears the moment it is served.".into(),
        button: None,
    }
}

/// What to do at the stage where the work is now.
fn next_of_team(line: &[Stop]) -> Next {
    let stop = line.iter().find(|stop| stop.current);
    let Some(stop) = stop else {
        return Next {
            words: "Every stage is done.".into(),
            button: None,
        };
    };
    let (words, button) = match stop.place {
        Place::CaseList => (
            "Bring in the force’s case list: every case in scope, by reference.",
            "Go to the case list",
        ),
        Place::Screening => (
            "Have the timeline of every case checked against the handling standards, or go on to the sample.",
            "Go to the screening",
        ),
        Place::Sample => (
            "Draw the sample: which cases are read is chance, and can be checked.",
            "Go to the sample",
        ),
        Place::Audits => (
            "Read the cases. Where a child may still be at risk, send the case straight back.",
            "Go to the audits",
        ),
        Place::Findings => (
            "Say what the failings come to, and what you recommend.",
            "Go to the findings",
        ),
        Place::Plan => (
            "The force owes its plan for each recommendation.",
            "See the plan",
        ),
        Place::Quarters => (
            "Open the next round, and see whether the figures have really moved.",
            "Go to the rounds",
        ),
        Place::SentBack => (
            "Decide on what the force answers.",
            "Go to what was sent back",
        ),
        Place::Report => (
            "Write the report from the figures, let the force check it, have it approved, and publish it.",
            "Go to the report",
        ),
    };
    Next {
        words: words.into(),
        button: stop.path.clone().map(|path| (button, path)),
    }
}

/// What each stage is for, beside the line.
fn parts(role: Role, inspection: &Inspection, line: &[Stop]) -> Vec<Part> {
    let mut parts: Vec<Part> = line
        .iter()
        .filter_map(|stop| {
            Some(Part {
                name: stop.name,
                path: stop.path.clone()?,
                note: stop.note.clone(),
                words: words_of(stop.place),
            })
        })
        .collect();
    if role == Role::LeadInspector {
        parts.push(Part {
            name: "Team",
            path: format!("/inspections/{}/team", inspection.id),
            note: String::new(),
            words: "Who may see this inspection’s cases",
        });
    }
    parts
}

fn words_of(place: Place) -> &'static str {
    match place {
        Place::CaseList => "Every case in scope, by reference",
        Place::Screening => "The timeline of every case against the handling standards",
        Place::Sample => "Which cases are read, and the proof that chance chose them",
        Place::Audits => "How each case was handled, and why",
        Place::SentBack => {
            "Cases in which a child may still be at risk, and what the force answered"
        }
        Place::Findings => "What the failings come to",
        Place::Report => "The report, from draft to publication",
        Place::Plan => "What is recommended, and what the force undertakes",
        Place::Quarters => "The follow-up rounds, and whether the figures have moved",
    }
}
