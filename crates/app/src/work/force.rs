//! The force's first page: only what was served on it.

use super::{
    Card, LISTED, Section, Task, Work, due_in_words, in_state, mark, referral_task, referrals,
    store,
};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::framework;
use crate::referral;
use jiff::civil::Date;
use throughline_domain::id::ForceId;

pub(super) async fn overview(call: &Call) -> Result<Work> {
    let force = call.actor.force.as_ref().ok_or(Error::NotFound)?;
    let (urgent, urgent_total) = referrals(call, "past-limit").await?;
    let (open, open_total) = referrals(call, "open").await?;
    let with_inspectorate = referral::count(call, &in_state("answered")).await?;
    let owed = open_total - with_inspectorate;
    let recommendations = recommendations(call, force).await?;
    let actions = actions(call, force).await?;
    let checks = checks(call, force).await?;
    let cards = vec![
        Card {
            urgent: urgent_total > 0,
            ..Card::new(
                "Referrals past a limit",
                urgent_total,
                "/referrals?state=past-limit",
                "a child may be at risk",
            )
        },
        Card::new(
            "Referrals waiting for you",
            owed,
            "/referrals?state=open",
            format!("{with_inspectorate} with the inspectorate"),
        ),
        Card::new(
            "Recommendations open",
            recommendations.total,
            "/recommendations",
            "until they are closed",
        ),
        Card::new(
            "Actions not yet done",
            actions.total,
            "/recommendations",
            "of your plan",
        ),
    ];
    let waiting = open
        .iter()
        .filter(|record| record.foremost_clock(call.now).is_some());
    Ok(Work {
        urgent,
        urgent_total,
        cards,
        sections: vec![
            Section {
                heading: "Referrals waiting for you",
                tasks: waiting.map(|record| referral_task(call, record)).collect(),
                total: owed,
                empty: "No case is waiting for you. When one is sent back, you see it here at once.",
                all: Some("/referrals?state=open"),
            },
            checks,
            recommendations,
            actions,
        ],
    })
}

/// Whether a recommendation of that status still waits for something. One without a status
/// does.
fn is_open(status: Option<&str>) -> bool {
    let Some(status) = status else {
        return true;
    };
    let known = framework::all()
        .iter()
        .find_map(|framework| framework.find_status(status));
    known.is_none_or(|status| status.open)
}

async fn recommendations(call: &Call, force: &ForceId) -> Result<Section> {
    let due = store::due_recommendations(call.reader(), force).await?;
    let today = call.today();
    let open = due
        .into_iter()
        .filter(|each| is_open(each.status.as_deref()));
    let tasks = open.map(|each| {
        let (due, mark) = standing(&each, today);
        Task {
            title: format!("Recommendation {}", each.number),
            path: format!("/recommendations/{}", each.id),
            note: format!("{}, {}", each.title, each.owner),
            due,
            mark,
        }
    });
    Ok(section(
        "Recommendations due",
        tasks.collect(),
        "No recommendation is due.",
    ))
}

/// Where a recommendation stands: one that a published round judged good or complete says that,
/// and is not called late.
fn standing(each: &store::DueRecommendation, today: Date) -> (String, &'static str) {
    let due = due_in_words(*each.due_on, today);
    let late = mark(*each.due_on, today);
    let judged = each.judged_under.as_deref().zip(each.judgement.as_deref());
    let Some((framework, code)) = judged else {
        return (due, late);
    };
    let Some(framework) = framework::find(framework) else {
        return (due, late);
    };
    let judgement = framework
        .find_progress(code)
        .map_or(code, |progress| progress.title.as_str());
    if framework.is_good_progress(code) {
        (format!("Judged: {}", judgement.to_lowercase()), "")
    } else {
        (format!("{due}; judged: {}", judgement.to_lowercase()), late)
    }
}

async fn actions(call: &Call, force: &ForceId) -> Result<Section> {
    let due = store::due_actions(call.reader(), force).await?;
    let today = call.today();
    let tasks = due.into_iter().map(|each| Task {
        title: each.title,
        path: format!("/recommendations/{}", each.recommendation_id),
        note: each.owner,
        due: due_in_words(*each.due_on, today),
        mark: mark(*each.due_on, today),
    });
    Ok(section(
        "Actions of your plan",
        tasks.collect(),
        "No action of your plan is waiting.",
    ))
}

async fn checks(call: &Call, force: &ForceId) -> Result<Section> {
    let drafts = store::drafts_to_check(call.reader(), force).await?;
    let today = call.today();
    let tasks = drafts.into_iter().map(|draft| Task {
        title: draft.title,
        path: format!("/reports/{}", draft.id),
        note: "Say where it is not accurate, passage by passage".into(),
        due: draft
            .accuracy_due_on
            .map_or_else(String::new, |due| due_in_words(*due, today)),
        mark: draft.accuracy_due_on.map_or("", |due| mark(*due, today)),
    });
    let mut section = section(
        "Drafts to check",
        tasks.collect(),
        "No draft waits for your accuracy check.",
    );
    section.all = Some("/reports");
    Ok(section)
}

/// The first few, with how many there are.
fn section(heading: &'static str, mut tasks: Vec<Task>, empty: &'static str) -> Section {
    let total = i64::try_from(tasks.len()).unwrap_or(i64::MAX);
    tasks.truncate(usize::try_from(LISTED).unwrap_or(usize::MAX));
    Section {
        heading,
        tasks,
        total,
        empty,
        all: Some("/recommendations"),
    }
}
