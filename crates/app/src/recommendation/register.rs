//! The register as a person may see it: filtered, counted and paged by the database.

use super::store::register::{self as store, Visible};
use super::{Recommendation, framework_of};
use crate::app::Call;
use crate::error::Result;
use crate::web::Paging;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What of the register is looked at. An empty text stands for all.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Filter {
    /// The inspection that makes the recommendation.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub inspection: String,
    /// `open`, `overdue`, `closed` or `draft`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub stands: String,
    /// Who is to do it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub owner: String,
    /// The framework's code of the time limit.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub limit: String,
    /// The page, as it was asked for.
    #[serde(default, skip_serializing)]
    pub page: String,
}

/// How many recommendations stand where.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Open, those past their limit among them.
    pub open: i64,
    /// Open past their limit.
    pub overdue: i64,
    /// Closed.
    pub closed: i64,
    /// Not published.
    pub drafts: i64,
}

impl Counts {
    /// All of them.
    pub fn all(&self) -> i64 {
        self.open + self.closed + self.drafts
    }

    fn add(&mut self, stands: &str, count: i64) {
        match stands {
            "draft" => self.drafts += count,
            "closed" => self.closed += count,
            "overdue" => {
                self.open += count;
                self.overdue += count;
            }
            _ => self.open += count,
        }
    }
}

/// Codes with their words, for a choice.
pub type Choices = Vec<(String, String)>;

/// What one can ask of the register.
#[derive(Debug, Clone, Default)]
pub struct Offered {
    /// The inspections that make one.
    pub inspections: Choices,
    /// The owners.
    pub owners: Choices,
    /// The time limits.
    pub limits: Choices,
    /// The forces asked, by code.
    pub forces: Choices,
}

/// A page of the register.
#[derive(Debug, Clone)]
pub struct Register {
    /// Over everything the person may see.
    pub counts: Counts,
    /// What can be asked.
    pub offered: Offered,
    /// The recommendations of the page: overdue first, then open by what is due soonest, then
    /// drafts, then closed.
    pub rows: Vec<Recommendation>,
    /// Which page it is.
    pub paging: Paging,
}

/// A page of what this person may see of the register.
///
/// # Errors
/// When the database does not answer.
pub async fn load(call: &Call, filter: &Filter) -> Result<Register> {
    let query = serde_html_form::to_string(filter).unwrap_or_default();
    let Some(visible) = Visible::to(&call.actor) else {
        return Ok(Register {
            counts: Counts::default(),
            offered: Offered::default(),
            rows: Vec::new(),
            paging: Paging::of(&filter.page, 0, query),
        });
    };
    let (pool, today) = (call.reader(), call.today());
    let mut counts = Counts::default();
    for (stands, count) in store::count_by_standing(pool, &visible, today).await? {
        counts.add(&stands, count);
    }
    let total = store::count(pool, &visible, today, filter).await?;
    let paging = Paging::of(&filter.page, total, query);
    Ok(Register {
        counts,
        offered: offered(call, &visible).await?,
        rows: store::page(pool, &visible, today, filter, paging.limit_and_offset()).await?,
        paging,
    })
}

async fn offered(call: &Call, visible: &Visible) -> Result<Offered> {
    let pool = call.reader();
    let makers = store::makers(pool, visible).await?;
    let forces: BTreeSet<(String, String)> = makers
        .iter()
        .map(|maker| (maker.force_code.clone(), maker.force_name.clone()))
        .collect();
    let owners = store::owners(pool, visible).await?;
    let limits = store::limits(pool, visible).await?;
    let limits: BTreeSet<(String, String)> = limits
        .into_iter()
        .map(|(code, framework)| {
            let title = framework_of(&framework)
                .ok()
                .and_then(|framework| framework.find_recommendation_limit(&code))
                .map_or_else(|| code.clone(), |limit| limit.title.clone());
            (code, title)
        })
        .collect();
    Ok(Offered {
        inspections: makers
            .into_iter()
            .map(|maker| {
                let words = format!("{}, {}", maker.force_name, maker.title);
                (maker.inspection_id, words)
            })
            .collect(),
        owners: owners.into_iter().map(|one| (one.clone(), one)).collect(),
        limits: limits.into_iter().collect(),
        forces: forces.into_iter().collect(),
    })
}
