//! What publication starts: how many recommendations become public, and when their limits end.

use super::{Asked, framework_of, nation, store};
use crate::app::Call;
use crate::error::{Error, Result};
use crate::inspection::Inspection;
use jiff::civil::Date;
use std::collections::BTreeMap;
use throughline_domain::calendar::CalendarFault;
use throughline_domain::recommendation::{self as step, Standing};

/// What begins on the day of publication.
#[derive(Debug, Clone, Default)]
pub struct Starting {
    /// How many recommendations become public.
    pub recommendations: usize,
    /// The limits that begin to run, in words, each with its last day; none without a
    /// recommendation.
    pub limits: Vec<(String, Date)>,
}

/// What begins when these recommendations are published on a day. Those that are public already
/// keep their days and do not count.
///
/// # Errors
/// When the database does not answer, or a limit cannot be counted from that day.
pub async fn foresee(
    call: &Call,
    inspection: &Inspection,
    asked: &[Asked],
    day: Date,
) -> Result<Starting> {
    let mut connection = call.reader().acquire().await?;
    let made = store::list_of_series_of(&mut connection, &inspection.id).await?;
    drop(connection);
    let is_new = |one: &&Asked| {
        made.iter()
            .any(|made| made.number == one.number && made.standing() == Standing::Draft)
    };
    let new: Vec<&Asked> = asked.iter().filter(is_new).collect();
    if new.is_empty() {
        return Ok(Starting::default());
    }
    Ok(Starting {
        recommendations: new.len(),
        limits: limits(inspection, &new, day)?,
    })
}

fn limits(inspection: &Inspection, new: &[&Asked], day: Date) -> Result<Vec<(String, Date)>> {
    let framework = framework_of(&inspection.framework)?;
    let nation = nation(&inspection.nation);
    let refused = |fault: CalendarFault| Error::Refused(fault.to_string());
    let mut of_limit: BTreeMap<&str, usize> = BTreeMap::new();
    for one in new {
        *of_limit.entry(&one.time_limit).or_default() += 1;
    }
    let limits = &framework.time_limits;
    let mut begun = vec![
        (
            "The force’s action plan".to_owned(),
            step::plan_due_on(limits, day, nation).map_err(refused)?,
        ),
        (
            "The comments of the local policing body".to_owned(),
            step::comments_due_on(limits, day, nation).map_err(refused)?,
        ),
    ];
    for limit in &limits.recommendations {
        let Some(count) = of_limit.get(limit.code.as_str()) else {
            continue;
        };
        let noun = match count {
            1 => "recommendation",
            _ => "recommendations",
        };
        let due = step::due_on(limit, day, nation).map_err(refused)?;
        begun.push((format!("{count} {noun}, “{}”", limit.title), due));
    }
    Ok(begun)
}
