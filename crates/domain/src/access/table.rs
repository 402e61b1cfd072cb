//! The table itself.

use super::Action::{self, *};
use super::Relation::{self, *};
use super::Role::{self, *};
use std::fmt::Write;

/// Whether a role may do an action in a relation.
pub fn allowed(role: Role, action: Action, relation: Relation) -> bool {
    rule(action)
        .iter()
        .any(|(roles, relations)| roles.contains(&role) && relations.contains(&relation))
}

type Rule = &'static [(&'static [Role], &'static [Relation])];

const TEAM: &[Role] = &[Inspector, LeadInspector];
const LEAD: &[Role] = &[LeadInspector];
const FORCE: &[Role] = &[ForceLiaison, ForceChief];
const SIGNED_IN: &[Role] = &Role::OF_ACCOUNTS;
const EVERYBODY: &[Role] = &Role::ALL;

/// Who may do the action, and in what relation to the thing.
fn rule(action: Action) -> Rule {
    match action {
        SignIn => &[(EVERYBODY, &[Open])],
        UseOwnAccount => &[(SIGNED_IN, &[Own])],
        ManageAccounts | ManageForces => &[(&[Administrator, Operator], &[Open])],
        // What it is about is shown only to the team of the inspection: see the journal's pages.
        ReadJournal => &[(&[Administrator, LeadInspector, Operator], &[Open])],
        PublishCheckpoint | CopyDatabase => &[(&[Operator], &[Open])],

        ReadWork => &[(SIGNED_IN, &[Own])],
        OpenInspection => &[(LEAD, &[Open])],
        ReadInspection => &[(TEAM, &[Team, Own]), (FORCE, &[Served])],
        AnnounceInspection => &[(LEAD, &[Team, Own])],
        ManageTeam => &[(LEAD, &[Team, Own])],

        ImportCaseList => &[(TEAM, &[Team, Own])],
        ReadCaseList | ReadSample => &[(TEAM, &[Team, Own])],
        ImportTimelines => &[(TEAM, &[Team, Own])],
        WriteStandards | RunScreening | ShowScreening => &[(LEAD, &[Team, Own])],
        ReadScreening => &[(TEAM, &[Team, Own]), (FORCE, &[Served])],
        DrawSample => &[(LEAD, &[Team, Own])],
        ContributeToDraw => &[(FORCE, &[Served])],
        ReplaceCase | PickCase => &[(TEAM, &[Team, Own])],

        AssignAudit | ModerateAudit => &[(LEAD, &[Team, Own])],
        WriteAudit => &[(TEAM, &[Own])],
        ReadAudit => &[(TEAM, &[Team, Own])],

        RaiseReferral => &[(TEAM, &[Team, Own])],
        ReadReferral => &[(TEAM, &[Team, Own]), (FORCE, &[Served])],
        AcknowledgeReferral | AnswerReferral => &[(FORCE, &[Served])],
        DecideReferral => &[(TEAM, &[Team, Own])],
        EscalateReferral => &[(TEAM, &[Team, Own]), (&[Clock], &[Open])],

        ReadFinding | WriteFinding => &[(TEAM, &[Team, Own])],
        ReadRecommendation => &[
            (TEAM, &[Team, Own]),
            (FORCE, &[Served]),
            (EVERYBODY, &[Open]),
        ],
        WriteRecommendation | RecordRecommendationStatus => &[(TEAM, &[Team, Own])],
        CommentOnRecommendation => &[(TEAM, &[Team, Own]), (FORCE, &[Served])],

        ReadPlan | ReadEvidence => &[(TEAM, &[Team, Own]), (FORCE, &[Served])],
        WritePlan | AddEvidence => &[(FORCE, &[Served])],

        OpenRound => &[(LEAD, &[Team, Own])],
        JudgeProgress | ReadRound => &[(TEAM, &[Team, Own])],

        ReadDraft => &[
            (TEAM, &[Team, Own]),
            (FORCE, &[Served]),
            (&[Reader], &[Briefed]),
        ],
        WriteReport | DecideComment => &[(TEAM, &[Team, Own])],
        CommentOnDraft => &[(FORCE, &[Served])],
        ApproveReport => &[(LEAD, &[Team])],
        SendForAccuracyCheck | BriefReader | CorrectReport => &[(LEAD, &[Team, Own])],
        PublishReport => &[(LEAD, &[Team, Own]), (&[Clock], &[Open])],

        ReadPublished => &[(EVERYBODY, &[Open])],
        ImportPublishedRecord => &[(&[LeadInspector, Operator], &[Open])],
        ReadHandover => &[(TEAM, &[Team, Own]), (FORCE, &[Served])],
    }
}

/// The table as Markdown: a row an action, a column a role, the relations in each cell.
pub fn print() -> String {
    let mut text = String::from("| action |");
    for role in Role::ALL {
        let _ = write!(text, " {role} |");
    }
    text.push_str("\n|---|");
    text.push_str(&"---|".repeat(Role::ALL.len()));
    text.push('\n');
    for action in Action::ALL {
        let _ = write!(text, "| {} |", action.phrase());
        for role in Role::ALL {
            let _ = write!(text, " {} |", relations_in_words(role, action));
        }
        text.push('\n');
    }
    text
}

fn relations_in_words(role: Role, action: Action) -> String {
    let named: Vec<String> = Relation::ALL
        .into_iter()
        .filter(|&relation| allowed(role, action, relation))
        .map(|relation| relation.to_string())
        .collect();
    if named.is_empty() {
        "–".into()
    } else {
        named.join(", ")
    }
}
