//! The first pages of those who see no cases: administrators, and readers under embargo.

use super::{Card, Section, Task, Work, store};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::web::moment;

pub(super) async fn administrator(call: &Call) -> Result<Work> {
    let counts = store::office_counts(call.reader()).await?;
    let cards = vec![
        Card::new(
            "Accounts",
            counts.accounts,
            "/accounts",
            format!("{} closed", counts.closed),
        ),
        Card::new(
            "Forces",
            counts.forces,
            "/accounts",
            "people can be added to each",
        ),
        Card::new(
            "Journal entries",
            counts.entries,
            "/journal",
            "who did what, and who read what",
        ),
    ];
    Ok(Work {
        cards,
        ..Work::default()
    })
}

pub(super) async fn reader(call: &Call) -> Result<Work> {
    let user = call.actor.user.as_ref().ok_or(Error::SignInFirst)?;
    let briefings = store::briefings(call.reader(), user).await?;
    let tasks: Vec<Task> = briefings
        .into_iter()
        .map(|draft| Task {
            title: draft.title,
            path: format!("/reports/{}", draft.id),
            note: format!(
                "{}. Under embargo: for you alone until it is published",
                draft.force_name
            ),
            due: draft.publish_at.map_or_else(
                || "No time of publication is set".into(),
                |at| format!("To be published {}", moment::in_words(*at)),
            ),
            mark: "",
        })
        .collect();
    Ok(Work {
        sections: vec![Section {
            heading: "Briefed to you",
            total: i64::try_from(tasks.len()).unwrap_or(i64::MAX),
            tasks,
            empty: "No draft is briefed to you. What is published is open to everybody.",
            all: Some("/reports"),
        }],
        ..Work::default()
    })
}
