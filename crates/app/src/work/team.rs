//! The inspectorate's first page.

use super::{
    Card, LISTED, Section, Task, Work, due_in_words, in_state, mark, referral_task, referrals,
    store,
};
use crate::app::Call;
use crate::audit::{self, OwnAudit, moderation};
use crate::error::{Error, Result};
use crate::referral;
use crate::web::moment;
use throughline_domain::access::Role;
use throughline_domain::audit::{Reading, State};
use throughline_domain::id::UserId;

pub(super) async fn overview(call: &Call) -> Result<Work> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let (urgent, urgent_total) = referrals(call, "past-limit").await?;
    let (answered, waiting) = referrals(call, "answered").await?;
    let open = referral::count(call, &in_state("open")).await?;
    let own = audit::own_work(call).await?;
    let count = |wanted: fn(&OwnAudit) -> bool| whole(own.iter().filter(|one| wanted(one)).count());
    let second = count(|one| one.reading == Reading::Second);
    let mut cards = vec![
        Card {
            urgent: urgent_total > 0,
            ..Card::new(
                "Referrals past a limit",
                urgent_total,
                "/referrals?state=past-limit",
                format!("of {open} open"),
            )
        },
        Card::new(
            "Answers to decide on",
            waiting,
            "/referrals?state=answered",
            "from the force",
        ),
        Card::new(
            "Audits to write",
            count(|one| one.reading == Reading::First),
            "#audits",
            late_note(count(|one| one.late)),
        ),
    ];
    if second > 0 {
        cards.push(Card::new(
            "Second readings",
            second,
            "#audits",
            "read blind",
        ));
    }
    if call.actor.role == Role::LeadInspector {
        let unsettled = moderation::count_unsettled(call).await?;
        cards.push(Card::new(
            "Gradings to settle",
            unsettled.cases,
            "/moderation",
            unsettled_note(unsettled.own),
        ));
    }
    Ok(Work {
        urgent,
        urgent_total,
        cards,
        sections: vec![
            Section {
                heading: "Answers that wait for your decision",
                tasks: answered
                    .iter()
                    .map(|record| referral_task(call, record))
                    .collect(),
                total: waiting,
                empty: "No answer waits for a decision.",
                all: Some("/referrals?state=answered"),
            },
            audits(call, &own, usize::try_from(LISTED).unwrap_or(usize::MAX)),
            drafts(call, user).await?,
        ],
    })
}

fn unsettled_note(own: i64) -> String {
    match own {
        0 => "read twice, not settled".into(),
        1 => "1 read by you: another lead settles it".into(),
        _ => format!("{own} read by you: another lead settles them"),
    }
}

fn late_note(late: i64) -> String {
    match late {
        0 => "none late".into(),
        1 => "1 audit late".into(),
        _ => format!("{late} audits late"),
    }
}

/// Every audit that somebody has to write, the first due first.
pub(super) async fn own_audits(call: &Call) -> Result<Section> {
    let own = audit::own_work(call).await?;
    Ok(audits(call, &own, own.len()))
}

fn audits(call: &Call, own: &[OwnAudit], shown: usize) -> Section {
    let today = call.today();
    let tasks = own.iter().take(shown).map(|audit| Task {
        title: match audit.reading {
            Reading::First => format!("Audit {}", audit.reference),
            Reading::Second => format!("Second reading of {}", audit.reference),
        },
        path: format!("/audits/{}", audit.id),
        note: format!(
            "{}, {}{}",
            audit.force_name,
            audit.inspection_title,
            if audit.state == State::Draft {
                ", begun"
            } else {
                ""
            }
        ),
        due: due_in_words(audit.due_on, today),
        mark: mark(audit.due_on, today),
    });
    Section {
        heading: "Audits to write",
        tasks: tasks.collect(),
        total: whole(own.len()),
        empty: "You have no audit to write. A lead inspector assigns them.",
        all: Some("/audits"),
    }
}

fn whole(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

async fn drafts(call: &Call, user: &UserId) -> Result<Section> {
    let drafts = store::drafts_of_team(call.reader(), user).await?;
    let lead = call.actor.role == Role::LeadInspector;
    let tasks: Vec<Task> = drafts
        .into_iter()
        .map(|draft| Task {
            title: draft.title,
            path: format!("/reports/{}", draft.id),
            note: draft.force_name,
            due: match draft.state.as_str() {
                "accuracy-check" if draft.accuracy_done_at.is_some() => {
                    "The force’s check is done: to be approved".into()
                }
                "accuracy-check" => match draft.accuracy_due_on {
                    Some(due) if *due < call.today() => {
                        "The time for the force’s check is over: to be approved".into()
                    }
                    Some(due) => format!("With the force until {}", moment::day_in_words(*due)),
                    None => "With the force for its accuracy check".into(),
                },
                "approved" => match draft.publish_at {
                    Some(at) => format!("To be published {}", moment::in_words(*at)),
                    None => "Approved, no time set".into(),
                },
                _ if lead && draft.written_by.0 != *user => "A draft you may approve".into(),
                _ => "A draft".into(),
            },
            mark: "",
        })
        .collect();
    Ok(Section {
        heading: "Reports on their way",
        total: i64::try_from(tasks.len()).unwrap_or(i64::MAX),
        tasks,
        empty: "No report is being written.",
        all: Some("/reports"),
    })
}
