//! Who reads which case, and how far they have come.

use super::framework_of;
use super::store::list::{self, Load, Row, Summary};
use super::store::{self, SecondReadingDraw};
use crate::app::{Call, Operation};
use crate::error::{Error, Result};
use crate::inspection::{self, Inspection};
use crate::store::whole;
use jiff::civil::Date;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use std::collections::BTreeMap;
use throughline_domain::access::{Action, Permit, Role};
use throughline_domain::audit::{
    self as step, Assigned, AuditReassigned, AuditsAssigned, Reader, Reading, SecondReadingsChosen,
    Settled, State, choose_second_readings, share_out,
};
use throughline_domain::calendar::Nation;
use throughline_domain::id::{AuditId, InspectionId, UserId};
use throughline_domain::sample::Strand;

/// Gives one case to one reader.
///
/// # Errors
/// When the case is neither in the sample nor picked, or has that reading, or the reader is not on the team or
/// has seen the other reading.
pub async fn assign(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
    reader: &UserId,
    reading: Reading,
) -> Result<AuditId> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::AssignAudit).await?;
    let mut operation = call.begin().await?;
    team_members(&mut operation, &inspection, std::slice::from_ref(reader)).await?;
    if !list::awaits(operation.connection(), &inspection.id, reference, reading).await? {
        return Err(Error::Refused(format!(
            "The case {reference} is neither in the sample nor picked, or has a {} already.",
            reading.title().to_lowercase()
        )));
    }
    refuse_who_has_seen(&mut operation, &inspection, reference, reader, reading).await?;
    let shared = vec![(reference.to_owned(), reader.clone())];
    let event = insert(call, &mut operation, &leave, &inspection, reading, shared).await?;
    let audit = event.audits.first().map(|one| one.audit.clone());
    unsettle_for_second(&mut operation, &event).await?;
    operation.commit(&leave, &event).await?;
    audit.ok_or_else(|| Error::Internal("an assigned case has no audit".into()))
}

/// Shares every case without a reader out evenly over the readers. Returns how many.
///
/// # Errors
/// When nobody is chosen, somebody is not on the team, or every case has a reader.
pub async fn assign_evenly(
    call: &Call,
    inspection: &InspectionId,
    readers: &[UserId],
) -> Result<usize> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::AssignAudit).await?;
    let mut operation = call.begin().await?;
    let readers = team_members(&mut operation, &inspection, readers).await?;
    let cases = list::unread_cases(operation.connection(), &inspection.id, Reading::First).await?;
    let barred = barred(&mut operation, &inspection, Reading::First).await?;
    let shared = share_out(&cases, readers, &barred)
        .map_err(|refused| Error::invalid("readers", refused.to_string()))?;
    let count = shared.len();
    let event = insert(
        call,
        &mut operation,
        &leave,
        &inspection,
        Reading::First,
        shared,
    )
    .await?;
    operation.commit(&leave, &event).await?;
    Ok(count)
}

/// Chooses the framework's share of the cases at random for a second, blind reading, and shares
/// them out over the readers who have not opened the first. Returns how many.
///
/// # Errors
/// When it was done before, a case has no first reading yet, or nobody may read a chosen case.
pub async fn assign_second_readings(
    call: &Call,
    inspection: &InspectionId,
    readers: &[UserId],
) -> Result<usize> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::AssignAudit).await?;
    let mut operation = call.begin().await?;
    let readers = team_members(&mut operation, &inspection, readers).await?;
    let chosen = choose(call, &mut operation, &inspection).await?;
    let barred = barred(&mut operation, &inspection, Reading::Second).await?;
    let shared = share_out(&chosen.references, readers, &barred)
        .map_err(|refused| Error::invalid("second_readers", refused.to_string()))?;
    let count = shared.len();
    if let Some(user) = &call.actor.user {
        store::insert_second_reading_draw(operation.connection(), &chosen, user, call.now).await?;
    }
    operation.note(&leave, &chosen).await?;
    let event = insert(
        call,
        &mut operation,
        &leave,
        &inspection,
        Reading::Second,
        shared,
    )
    .await?;
    unsettle_for_second(&mut operation, &event).await?;
    operation.commit(&leave, &event).await?;
    Ok(count)
}

async fn choose(
    call: &Call,
    operation: &mut Operation,
    inspection: &Inspection,
) -> Result<SecondReadingsChosen> {
    let before = store::find_second_reading_draw(operation.connection(), &inspection.id).await?;
    if before.is_some() {
        return Err(Error::Refused(
            "The second readings of this inspection are chosen already.".into(),
        ));
    }
    let unread = list::unread_cases(operation.connection(), &inspection.id, Reading::First).await?;
    if !unread.is_empty() {
        return Err(Error::Refused(format!(
            "{} cases have no first reader yet. Assign those first, so that every case can be chosen.",
            unread.len()
        )));
    }
    let cases = list::unread_cases(operation.connection(), &inspection.id, Reading::Second).await?;
    let seed = call.app.random_bytes();
    let mut random = ChaCha20Rng::from_seed(seed);
    let share_percent = framework_of(inspection)?.second_reading.share_percent;
    Ok(SecondReadingsChosen {
        inspection: inspection.id.0.clone(),
        seed: hex::encode(seed),
        share_percent,
        chosen_from: cases.len(),
        references: choose_second_readings(&cases, share_percent, || random.next_u64()),
    })
}

/// Passes an audit on to another reader, with its draft.
///
/// # Errors
/// When it is submitted, or they are not on the team or have seen the other reading.
pub async fn reassign(call: &Call, audit: &AuditId, to: &UserId) -> Result<()> {
    let found = store::find(call.reader(), audit)
        .await?
        .ok_or(Error::NotFound)?;
    let (inspection, leave) =
        inspection::load_for(call, &found.inspection_id, Action::AssignAudit).await?;
    let mut operation = call.begin().await?;
    let audit = store::find(operation.connection(), audit)
        .await?
        .ok_or(Error::NotFound)?;
    team_members(&mut operation, &inspection, std::slice::from_ref(to)).await?;
    let readings =
        store::readings_of_case(operation.connection(), &inspection.id, &audit.reference).await?;
    let other = readings.iter().find(|one| one.id != audit.id);
    let event = AuditReassigned {
        audit: audit.id.0.clone(),
        from: audit.reader_id.0.clone(),
        to: to.clone(),
        due_on: due_day(call, &inspection)?,
    };
    let other_reader = other.map(|one| &one.reader_id.0);
    let event = step::reassign(
        &leave,
        &audit.standing(),
        &audit.reference,
        other_reader,
        event,
    )?;
    if let Some(other) = other {
        let seen = store::has_opened(operation.connection(), &other.id, to).await?;
        if seen {
            return Err(Error::Refused(has_seen(&audit.reference)));
        }
    }
    if *audit.reading == Reading::Second {
        let elsewhere = store::who_saw_elsewhere(operation.connection(), &inspection.id).await?;
        let saw =
            |one: &store::HasSeen| one.reference == audit.reference && one.account_id.0 == *to;
        if elsewhere.iter().any(saw) {
            return Err(Error::Refused(has_seen(&audit.reference)));
        }
    }
    store::pass_on(operation.connection(), &event).await?;
    operation.commit(&leave, &event).await
}

/// The day by which an audit assigned today is due.
fn due_day(call: &Call, inspection: &Inspection) -> Result<Date> {
    let nation = match inspection.nation.as_str() {
        "wales" => Nation::Wales,
        _ => Nation::England,
    };
    framework_of(inspection)?
        .time_limits
        .audit
        .last_day_as_known(call.today(), nation)
        .map_err(|fault| Error::Refused(fault.to_string()))
}

async fn insert(
    call: &Call,
    operation: &mut Operation,
    leave: &Permit,
    inspection: &Inspection,
    reading: Reading,
    shared: Vec<(String, UserId)>,
) -> Result<AuditsAssigned> {
    let readings = list::readings(operation.connection(), &inspection.id).await?;
    let assigned = AuditsAssigned {
        inspection: inspection.id.0.clone(),
        reading,
        due_on: due_day(call, inspection)?,
        audits: shared
            .into_iter()
            .map(|(reference, reader)| Assigned {
                audit: AuditId::from_random(call.app.random()),
                reference,
                reader,
            })
            .collect(),
    };
    let event = step::assign(leave, assigned, &readings)?;
    store::insert(operation.connection(), &event, call.now).await?;
    Ok(event)
}

/// A case that gets a second reading after its only one was submitted waits for it.
async fn unsettle_for_second(operation: &mut Operation, event: &AuditsAssigned) -> Result<()> {
    if event.reading == Reading::Second {
        for one in &event.audits {
            let settled =
                store::find_final(operation.connection(), &event.inspection, &one.reference)
                    .await?;
            if settled.is_some_and(|one| one.settled == Settled::Single.code()) {
                may_be_unsettled(operation, event, &one.reference).await?;
                store::unsettle(operation.connection(), &event.inspection, &one.reference).await?;
            }
        }
    }
    Ok(())
}

/// A second reading takes the case's grade away until both are settled, so nothing may rest on it.
async fn may_be_unsettled(
    operation: &mut Operation,
    event: &AuditsAssigned,
    reference: &str,
) -> Result<()> {
    let connection = operation.connection();
    for reading in store::readings_of_case(&mut *connection, &event.inspection, reference).await? {
        store::basis(&mut *connection, &reading)
            .await?
            .may_be_unsettled()
            .map_err(|why| Error::Refused(format!("Case {reference}: {why}")))?;
    }
    Ok(())
}

/// The chosen people as readers, each with what they have to do already.
async fn team_members(
    operation: &mut Operation,
    inspection: &Inspection,
    chosen: &[UserId],
) -> Result<Vec<Reader>> {
    let team = list::loads(operation.connection(), &inspection.id).await?;
    if chosen.is_empty() {
        return Err(Error::invalid("readers", "Choose who shall read"));
    }
    chosen
        .iter()
        .map(|id| {
            let member = team.iter().find(|member| member.id.0 == *id);
            let member = member
                .ok_or_else(|| Error::invalid("readers", "Choose readers who are on the team"))?;
            Ok(Reader {
                id: id.clone(),
                load: usize::try_from(member.open).unwrap_or(0),
            })
        })
        .collect()
}

/// Who may not read which case: they have seen the other reading or, for a second one, anything
/// that others wrote of the case.
async fn barred(
    operation: &mut Operation,
    inspection: &Inspection,
    reading: Reading,
) -> Result<BTreeMap<String, Vec<UserId>>> {
    let mut barred: BTreeMap<String, Vec<UserId>> = BTreeMap::new();
    let mut all = store::who_has_seen(operation.connection(), &inspection.id).await?;
    if reading == Reading::Second {
        all.extend(store::who_saw_elsewhere(operation.connection(), &inspection.id).await?);
    }
    for seen in all {
        barred
            .entry(seen.reference)
            .or_default()
            .push(seen.account_id.0);
    }
    Ok(barred)
}

async fn refuse_who_has_seen(
    operation: &mut Operation,
    inspection: &Inspection,
    reference: &str,
    reader: &UserId,
    reading: Reading,
) -> Result<()> {
    let barred = barred(operation, inspection, reading).await?;
    let seen = barred
        .get(reference)
        .is_some_and(|people| people.contains(reader));
    if reading == Reading::Second && seen {
        return Err(Error::Refused(has_seen(reference)));
    }
    Ok(())
}

fn has_seen(reference: &str) -> String {
    format!(
        "They have seen what others wrote of {reference}, so their reading would not be blind. Choose somebody else."
    )
}

/// Which rows of the progress table are asked for.
#[derive(Debug, Clone, Default)]
pub struct ProgressFilter {
    /// A reader's id; empty for all.
    pub reader: String,
    /// `unassigned`, `assigned`, `draft`, `submitted` or `late`; empty for all.
    pub state: String,
    /// From which row on, and how many.
    pub part: (u64, u64),
}

/// What the progress table shows of a grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ShownGrade {
    /// There is none yet.
    None,
    /// The reader is still reading the case themselves, or it is not theirs to see yet.
    Hidden,
    /// Its label.
    Shown(String),
}

/// A case that is read and one of its readings.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The case.
    pub reference: String,
    /// By what it came to be read.
    pub strand: Strand,
    /// The title of its category.
    pub category: String,
    /// Its area.
    pub area: String,
    /// The reading, once it has a reader.
    pub audit: Option<ProgressAudit>,
}

/// A reading in the progress table.
#[derive(Debug, Clone)]
pub struct ProgressAudit {
    /// Which audit.
    pub id: AuditId,
    /// First or second.
    pub reading: Reading,
    /// Its reader.
    pub reader: String,
    /// How far it has come.
    pub state: State,
    /// The day by which it is due.
    pub due_on: Date,
    /// Whether that day is over and it is not submitted.
    pub late: bool,
    /// Its grade.
    pub grade: ShownGrade,
    /// Whether this person may open it.
    pub may_open: bool,
}

/// One page of the progress table, with the whole at a glance.
#[derive(Debug, Clone)]
pub struct ProgressPage {
    /// The inspection.
    pub inspection: Inspection,
    /// Its rows.
    pub rows: Vec<Progress>,
    /// How many rows there are on all pages.
    pub total: i64,
    /// The whole.
    pub summary: Summary,
    /// The team and what each has to do.
    pub team: Vec<Load>,
}

/// Where the reading of the cases stands.
///
/// # Errors
/// [`Error::NotFound`] when the inspection is not for this person.
pub async fn progress(
    call: &Call,
    inspection: &InspectionId,
    filter: &ProgressFilter,
) -> Result<ProgressPage> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::ReadAudit).await?;
    call.record_read(&leave, format!("audits/{}", inspection.id))
        .await?;
    let framework = framework_of(&inspection)?;
    let pool = call.reader();
    let today = call.today();
    let wanted = (filter.reader.as_str(), filter.state.as_str());
    let (from, many) = filter.part;
    let part = (whole(many), whole(from));
    let rows = list::page(pool, &inspection.id, wanted, today, part).await?;
    let reading_now = match &call.actor.user {
        Some(user) => list::being_read_by(pool, &inspection.id, user).await?,
        None => Vec::new(),
    };
    let rows = rows.into_iter().map(|row| {
        let blind = reading_now.contains(&row.reference);
        Progress {
            reference: row.reference.clone(),
            strand: row.strand.0,
            category: framework
                .find_category(&row.category)
                .map_or_else(|| row.category.clone(), |one| one.title.clone()),
            area: row.area.clone(),
            audit: progress_audit(call, framework, blind, row),
        }
    });
    Ok(ProgressPage {
        rows: rows.collect(),
        total: list::count(pool, &inspection.id, wanted, today).await?,
        summary: list::summary(pool, &inspection.id, today).await?,
        team: list::loads(pool, &inspection.id).await?,
        inspection,
    })
}

fn progress_audit(
    call: &Call,
    framework: &throughline_domain::framework::Framework,
    blind: bool,
    row: Row,
) -> Option<ProgressAudit> {
    let (Some(id), Some(reading), Some(reader_id), Some(state), Some(due_on)) = (
        row.audit_id,
        row.reading,
        row.reader_id,
        row.state,
        row.due_on,
    ) else {
        return None;
    };
    let own = call.actor.is(&reader_id);
    let lead = call.actor.role == Role::LeadInspector;
    let submitted = *state == State::Submitted;
    let may_open = own || (!blind && (lead || submitted));
    let may_know = own || (!blind && (lead || row.final_grade.is_some()));
    let grade = match row.grade.filter(|_| submitted) {
        None => ShownGrade::None,
        Some(_) if !may_know => ShownGrade::Hidden,
        Some(code) => ShownGrade::Shown(
            framework
                .find_grade(&code)
                .map_or_else(|| code.clone(), |grade| grade.label.clone()),
        ),
    };
    Some(ProgressAudit {
        id: id.0,
        reading: reading.0,
        reader: row.reader_name.unwrap_or_default(),
        late: !submitted && *due_on < call.today(),
        state: state.0,
        due_on: due_on.0,
        grade,
        may_open,
    })
}

/// What a lead sees before assigning: the team, what is without a reader, and how the second
/// readings were chosen.
#[derive(Debug, Clone)]
pub struct Assignable {
    /// The inspection.
    pub inspection: Inspection,
    /// The team and what each has to do.
    pub team: Vec<Load>,
    /// How many cases have no reader.
    pub unassigned: usize,
    /// How many cases are drawn.
    pub cases: i64,
    /// The framework's share of second readings, in per cent.
    pub share_percent: u32,
    /// How they were chosen, once they were.
    pub second: Option<SecondReadingDraw>,
    /// The day by which an audit assigned today is due.
    pub due_on: Date,
}

/// What there is to assign, and to whom.
///
/// # Errors
/// [`Error::NotFound`] when the inspection is not for this person.
pub async fn assignable(call: &Call, inspection: &InspectionId) -> Result<Assignable> {
    let (inspection, _leave) = inspection::load_for(call, inspection, Action::AssignAudit).await?;
    let pool = call.reader();
    let unassigned = list::unread_cases(pool, &inspection.id, Reading::First).await?;
    Ok(Assignable {
        team: list::loads(pool, &inspection.id).await?,
        unassigned: unassigned.len(),
        cases: list::summary(pool, &inspection.id, call.today())
            .await?
            .cases,
        share_percent: framework_of(&inspection)?.second_reading.share_percent,
        second: store::find_second_reading_draw(pool, &inspection.id).await?,
        due_on: due_day(call, &inspection)?,
        inspection,
    })
}

/// The readings of one case, for the lead who gives it to somebody.
///
/// # Errors
/// [`Error::NotFound`] when the case or the inspection is not there for this person.
pub async fn readings_of(
    call: &Call,
    inspection: &InspectionId,
    reference: &str,
) -> Result<Vec<super::Audit>> {
    let (inspection, leave) = inspection::load_for(call, inspection, Action::AssignAudit).await?;
    let readings = store::readings_of_case(call.reader(), &inspection.id, reference).await?;
    let pool = call.reader();
    if readings.is_empty() && !list::awaits(pool, &inspection.id, reference, Reading::First).await?
    {
        return Err(Error::NotFound);
    }
    call.record_read(&leave, format!("case/{}/{reference}", inspection.id))
        .await?;
    Ok(readings)
}
