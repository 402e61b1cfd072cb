//! What a person sees of a screening. Every look begins here: the screening is loaded with leave
//! to read it, and the look is entered in the journal, before anything of it is read.
//!
//! To the force only what it was shown exists. Whoever is still to read a case themselves finds
//! nothing of what was found in it, so that their reading stays blind; whoever was shown it reads
//! the case no more blind.

use super::{
    AtRisk, KeptEvent, KeptVerdict, MissFilter, Screening, VerdictRow, showing, store, timeline,
};
use crate::app::Call;
use crate::audit;
use crate::case_list::{CaseRecord, find_case};
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::sample::picking::{self, Chosen};
use jiff::Timestamp;
use std::collections::BTreeSet;
use throughline_domain::access::{Action, Permit, Relation};
use throughline_domain::id::InspectionId;
use throughline_domain::sample::Choice;

/// An inspection with leave to read its screenings.
///
/// # Errors
/// [`Error::NotFound`] when there is none, it is not for this person, or they are of the force
/// and it was shown no screening.
pub async fn load_for(call: &Call, id: &InspectionId) -> Result<(Inspection, Permit)> {
    let (inspection, leave, _) = load_newest(call, id, 1).await?;
    Ok((inspection, leave))
}

async fn load_newest(
    call: &Call,
    id: &InspectionId,
    many: i64,
) -> Result<(Inspection, Permit, Vec<Screening>)> {
    let inspection = inspection::store::find(call.reader(), id)
        .await?
        .ok_or(Error::NotFound)?;
    let stands = inspection::relation(call.reader(), &call.actor, &inspection).await?;
    let shown_to = match stands {
        Relation::Served => Some(&inspection.force_id.0),
        _ => None,
    };
    let newest = store::screenings(call.reader(), &inspection.id, many, shown_to).await?;
    let relation = match stands {
        Relation::Served if newest.is_empty() => Relation::Stranger,
        other => other,
    };
    let leave = call.permit(Action::ReadScreening, relation)?;
    Ok((inspection, leave, newest))
}

/// The newest screening that this person may see, if there is one: for whoever counts on it and
/// shows nothing of a case.
///
/// # Errors
/// As [`load_for`].
pub async fn find_latest(call: &Call, inspection: &InspectionId) -> Result<Option<Screening>> {
    Ok(list_newest(call, inspection, 1).await?.into_iter().next())
}

/// The newest screenings that this person may see, so many, the newest first. As
/// [`find_latest`].
///
/// # Errors
/// As [`load_for`].
pub async fn list_newest(
    call: &Call,
    inspection: &InspectionId,
    many: i64,
) -> Result<Vec<Screening>> {
    let (_, _, newest) = load_newest(call, inspection, many).await?;
    Ok(newest)
}

/// The newest screenings that this person may see, so many, the newest first. Entered in the
/// journal.
///
/// # Errors
/// As [`load_for`].
pub async fn read_newest(
    call: &Call,
    inspection: &InspectionId,
    many: i64,
) -> Result<(Inspection, Vec<Screening>)> {
    let (inspection, leave, newest) = load_newest(call, inspection, many).await?;
    if !newest.is_empty() {
        call.record_read(&leave, format!("case/{}", inspection.id))
            .await?;
    }
    Ok((inspection, newest))
}

/// The newest screening as a whole.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The screening.
    pub screening: Screening,
    /// Whether there is one before it to compare it with.
    pub before: bool,
    /// How much is pending with a time.
    pub pending: i64,
    /// How many cases are at risk now.
    pub at_risk: i64,
    /// When the force was shown it, if it was.
    pub shown_at: Option<Timestamp>,
}

/// The newest screening that this person may see, as a whole; none before the first. Entered in
/// the journal.
///
/// # Errors
/// As [`load_for`].
pub async fn read_overview(
    call: &Call,
    inspection: &InspectionId,
) -> Result<(Inspection, Option<Overview>)> {
    let (inspection, newest) = read_newest(call, inspection, 2).await?;
    let before = newest.len() > 1;
    let Some(screening) = newest.into_iter().next() else {
        return Ok((inspection, None));
    };
    let hidden = audit::cases_still_to_read(call, &inspection.id).await?;
    let (pending, at_risk) = store::urgent_counts(call.reader(), &screening.id, &hidden).await?;
    let overview = Overview {
        before,
        pending,
        at_risk,
        shown_at: showing::find_shown_at(call, &inspection, &screening.id).await?,
        screening,
    };
    Ok((inspection, Some(overview)))
}

/// The newest screening, loaded for a look at its cases, and which of them are kept from the
/// person.
struct Look {
    inspection: Inspection,
    screening: Screening,
    still_to_read: BTreeSet<String>,
    chosen: Chosen,
}

impl Look {
    /// Loads the newest screening that the person may see and enters the look at a case, or at
    /// all of them, in the journal.
    async fn begin(call: &Call, id: &InspectionId, reference: Option<&str>) -> Result<Self> {
        let (inspection, leave, newest) = load_newest(call, id, 1).await?;
        let screening = newest.into_iter().next().ok_or(Error::NotFound)?;
        let subject = match reference {
            Some(reference) => format!("case/{}/{reference}", inspection.id),
            None => format!("case/{}", inspection.id),
        };
        call.record_read(&leave, subject).await?;
        Ok(Look {
            still_to_read: audit::cases_still_to_read(call, &inspection.id).await?,
            chosen: picking::chosen(call, &inspection.id).await?,
            inspection,
            screening,
        })
    }

    /// Notes that the person was shown what was found in cases, once the sample is drawn: before
    /// that the team works on a screening without being barred from every second reading
    /// afterwards.
    async fn note_shown<'r>(
        &self,
        call: &Call,
        references: impl Iterator<Item = &'r String>,
    ) -> Result<()> {
        if !call.actor.role.is_inspecting() || !self.chosen.sample_drawn() {
            return Ok(());
        }
        let shown: BTreeSet<String> = references.cloned().collect();
        audit::note_shown(call, &self.inspection.id, &shown).await
    }

    fn listed<T>(self, rows: Vec<T>, count: u64) -> Listed<T> {
        Listed {
            inspection: self.inspection,
            screening: self.screening,
            still_to_read: self.still_to_read.len(),
            chosen: self.chosen,
            rows,
            count,
        }
    }
}

/// Some rows of a long list of cases.
#[derive(Debug, Clone)]
pub struct Listed<T> {
    /// The inspection.
    pub inspection: Inspection,
    /// The screening that found them.
    pub screening: Screening,
    /// The rows asked for.
    pub rows: Vec<T>,
    /// How many rows there are.
    pub count: u64,
    /// How many cases this person is still to read. Nothing of them is in the list, whatever was
    /// found in them.
    pub still_to_read: usize,
    chosen: Chosen,
}

impl<T> Listed<T> {
    /// How a case stands to the sample.
    pub fn choice(&self, reference: &str) -> Choice {
        self.chosen.of(reference)
    }
}

/// The cases that missed a standard, so many from one on. Entered in the journal.
///
/// # Errors
/// As [`load_for`].
pub async fn read_missed(
    call: &Call,
    inspection: &InspectionId,
    standard: &str,
    filter: &MissFilter,
    part: (u64, u64),
) -> Result<Listed<VerdictRow>> {
    let look = Look::begin(call, inspection, None).await?;
    let (pool, screening, hidden) = (call.reader(), &look.screening.id, &look.still_to_read);
    let (rows, count) = store::missed(pool, screening, standard, filter, hidden, part).await?;
    look.note_shown(call, rows.iter().map(|row| &row.reference))
        .await?;
    Ok(look.listed(rows, count))
}

/// What is pending with a time, the first due first, so many from one on. Entered in the journal.
///
/// # Errors
/// As [`load_for`].
pub async fn read_pending(
    call: &Call,
    inspection: &InspectionId,
    part: (u64, u64),
) -> Result<Listed<VerdictRow>> {
    let look = Look::begin(call, inspection, None).await?;
    let (pool, screening, hidden) = (call.reader(), &look.screening.id, &look.still_to_read);
    let (rows, count) = store::pending(pool, screening, hidden, part).await?;
    look.note_shown(call, rows.iter().map(|row| &row.reference))
        .await?;
    Ok(look.listed(rows, count))
}

/// The open cases that missed several standards, so many from one on. Entered in the journal.
///
/// # Errors
/// As [`load_for`].
pub async fn read_at_risk(
    call: &Call,
    inspection: &InspectionId,
    part: (u64, u64),
) -> Result<Listed<AtRisk>> {
    let look = Look::begin(call, inspection, None).await?;
    let (pool, screening, hidden) = (call.reader(), &look.screening.id, &look.still_to_read);
    let id = &look.inspection.id;
    let (rows, count) = store::at_risk(pool, id, screening, hidden, part).await?;
    look.note_shown(call, rows.iter().map(|row| &row.reference))
        .await?;
    Ok(look.listed(rows, count))
}

/// A case with its timeline and what was found in it.
#[derive(Debug, Clone)]
pub struct CaseTimeline {
    /// The inspection.
    pub inspection: Inspection,
    /// The newest screening.
    pub screening: Screening,
    /// The case as the list has it.
    pub case: CaseRecord,
    /// What happened, in order, as the screening read it.
    pub events: Vec<KeptEvent>,
    /// The verdicts of the screening; none where the person is still to read the case.
    pub verdicts: Vec<KeptVerdict>,
    /// Whether they are still to read it themselves, and are not told what was found.
    pub still_to_read: bool,
    /// How it stands to the sample.
    pub choice: Choice,
}

/// A case with its timeline and its verdicts. Entered in the journal.
///
/// # Errors
/// When the list has no such case, or none has been screened.
pub async fn read_case(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
) -> Result<CaseTimeline> {
    let look = Look::begin(call, inspection, Some(reference)).await?;
    let case = find_case(call.reader(), inspection, reference)
        .await?
        .ok_or(Error::NotFound)?;
    let version = look.screening.timelines_version;
    let events = match store::timeline(call.reader(), inspection, version, reference).await? {
        Some(text) => timeline::parse(&text)?,
        None => Vec::new(),
    };
    let still_to_read = look.still_to_read.contains(reference);
    let verdicts = match still_to_read {
        true => Vec::new(),
        false => {
            let seen = std::iter::once(&case.reference);
            look.note_shown(call, seen).await?;
            store::verdicts_of(call.reader(), &look.screening.id, reference).await?
        }
    };
    Ok(CaseTimeline {
        choice: look.chosen.of(reference),
        inspection: look.inspection,
        screening: look.screening,
        case,
        events,
        verdicts,
        still_to_read,
    })
}

#[cfg(test)]
mod tests;
