//! Findings and recommendations of the inspection, and what the force makes of them.

use super::people::Who;
use super::round::Round;
use super::story::Story;
use super::words::Concern;
use crate::error::Result;
use crate::finding::{self, NewFinding};
use crate::inspection;
use crate::plan::{self, NewAction, NewProgress};
use crate::recommendation::{self, NewRecommendation, NewStatus};
use crate::round;
use throughline_domain::access::Action;
use throughline_domain::id::{ActionId, RecommendationId};

/// A recommendation with the words it was made of.
#[derive(Debug)]
pub struct Asked {
    /// Which.
    pub id: RecommendationId,
    /// Its words.
    pub concern: &'static Concern,
}

/// Gathers failings into findings, the most frequent ones first of each, and recommends.
pub async fn conclude(
    story: &mut Story<'_>,
    round: &Round,
    concerns: &'static [Concern],
) -> Result<Vec<Asked>> {
    let call = story.call(round.plan.lead, story.on(round.read() - 1, "10:30"));
    let (inspection, leave) = inspection::load_for(&call, &round.id, Action::ReadFinding).await?;
    let mut asked = Vec::new();
    for concern in concerns {
        let behind = finding::Filter {
            criterion: concern.criterion.into(),
            ..finding::Filter::default()
        };
        let new = NewFinding {
            kind: concern.kind.into(),
            title: concern.title.into(),
            detail: concern.detail.into(),
            failings: finding::failing_ids(&call, &leave, &inspection, &behind).await?,
        };
        let finding = finding::write(&call, &round.id, &new).await?;
        let new = NewRecommendation {
            detail: concern.asked.into(),
            owner: concern.owner.into(),
            limit: concern.limit.into(),
            findings: vec![finding],
        };
        let id = recommendation::write(&call, &round.id, &new).await?;
        story.made.recommendations += 1;
        asked.push(Asked { id, concern });
    }
    Ok(asked)
}

/// The force plans an action under each recommendation, from some days after publication.
/// Days are counted back from today.
pub async fn plan(story: &Story<'_>, asked: &[Asked], published: i64) -> Result<Vec<ActionId>> {
    let mut actions = Vec::new();
    for (place, one) in (0..).zip(asked) {
        let due = match place {
            // Late by now.
            1 => 20,
            // Still ahead.
            7 => -40,
            _ => published - 75 - 15 * place,
        };
        actions.push(undertake(story, one, published - 13 - place, due).await?);
    }
    for one in asked {
        let status = "The force has accepted the recommendation and is planning its work.";
        record(story, one, published - 26, "will-be-progressed", status).await?;
    }
    Ok(actions)
}

/// The force undertakes an action, due on a day counted back from today.
pub async fn undertake(story: &Story<'_>, asked: &Asked, day: i64, due: i64) -> Result<ActionId> {
    let call = story.call(Who::Hazel, story.on(day, "13:00"));
    let new = NewAction {
        title: asked.concern.action.into(),
        owner: asked.concern.action_owner.into(),
        due_on: story.day(due).to_string(),
    };
    plan::add_action(&call, &asked.id, &new).await
}

/// What the force reports on its actions: all but the second and the last are done.
pub async fn report_progress(
    story: &Story<'_>,
    actions: &[ActionId],
    published: i64,
) -> Result<()> {
    for action in actions {
        let day = published - 42;
        let detail = "Begun in two areas; the others follow.";
        progress(story, action, day, "under-way", detail).await?;
    }
    let last = actions.len().saturating_sub(1);
    for (place, action) in actions.iter().enumerate() {
        if place == 1 || place == last {
            continue;
        }
        let day = published - 62 - 5 * i64::try_from(place).unwrap_or(0);
        let call = story.call(Who::Hazel, story.on(day, "15:30"));
        plan::add_evidence(&call, action, "progress-by-area.csv", EVIDENCE_TABLE).await?;
        if place == 0 {
            plan::add_evidence(&call, action, "note-to-supervisors.txt", EVIDENCE_NOTE).await?;
        }
        let detail = "In place in every area. The table shows it.";
        progress(story, action, day, "done", detail).await?;
    }
    Ok(())
}

const EVIDENCE_TABLE: &[u8] = b"area,open cases,reviewed this week\nN1,41,41\nN2,33,32\nE1,38,35\nE2,30,30\nS1,36,36\nS2,27,24\nW1,35,35\nW2,33,33\n";
const EVIDENCE_NOTE: &[u8] = b"To all supervisors in child protection\n\nFrom Monday every open case has one entry of yours a week that says what is to be done next, by whom, and by when. A signature alone no longer counts as a review.\n";

async fn progress(
    story: &Story<'_>,
    action: &ActionId,
    day: i64,
    state: &str,
    detail: &str,
) -> Result<()> {
    let call = story.call(Who::Hazel, story.on(day, "15:40"));
    let new = NewProgress {
        state: state.into(),
        detail: detail.into(),
        ..NewProgress::default()
    };
    plan::record_progress(&call, action, &new).await
}

/// Where a recommendation stands, as its lead records it.
pub async fn record(
    story: &Story<'_>,
    asked: &Asked,
    day: i64,
    status: &str,
    detail: &str,
) -> Result<()> {
    let call = story.call(Who::Oak, story.on(day, "11:10"));
    let new = NewStatus {
        status: status.into(),
        detail: detail.into(),
    };
    recommendation::record_status(&call, &asked.id, &new).await
}

/// Judges progress on every recommendation; the judgements are worst first.
pub async fn judge(
    story: &Story<'_>,
    round: &Round,
    asked: &[Asked],
    judgements: &[&str],
) -> Result<()> {
    let call = story.call(round.plan.lead, story.on(round.read() - 1, "12:00"));
    for (one, judgement) in asked.iter().zip(judgements.iter().cycle()) {
        let rests_on = match *judgement {
            "no-progress" => "The cases of this round show what the earlier ones showed.",
            "some-progress" => "Begun in some areas; most files do not show it yet.",
            "good-progress" => "Most files show it; two areas lag behind.",
            _ => "Every file that we read shows it, and the force checks it each week.",
        };
        round::judge(&call, &round.id, &one.id, judgement, rests_on).await?;
    }
    Ok(())
}
