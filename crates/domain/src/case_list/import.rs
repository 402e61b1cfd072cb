//! Taking a list in: when a force's case list may be replaced, and what is said of it.

use serde::Serialize;

use super::InspectedPeriod;
use crate::access::{Action, Permit, Refusal};
use crate::event::Event;
use crate::id::{CaseListId, InspectionId};

/// Where an inspection's case list stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The force has handed over none yet.
    Missing,
    /// This version is in; a corrected one may follow.
    Listed(u32),
    /// A sample was drawn from this version: it stays as it is.
    Frozen(u32),
}

impl Standing {
    /// The number that the next version would have.
    ///
    /// # Errors
    /// When there may be no next version, since a sample was drawn.
    pub fn next_version(self) -> Result<u32, Refusal> {
        match self {
            Standing::Missing => Ok(1),
            Standing::Listed(version) => Ok(version + 1),
            Standing::Frozen(version) => Err(Refusal::not_now(format!(
                "The case list is frozen: the sample was drawn from version {version}, and a draw \
                 can be checked only while its list stays as it was. A case that does not belong \
                 in the sample is replaced there, with its reason."
            ))),
        }
    }
}

/// A case list was taken in, whole. Counts and digests only: never a row.
#[derive(Debug, Clone, Serialize)]
pub struct CaseListImported {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// Which list.
    pub case_list: CaseListId,
    /// Its number among the inspection's lists, from 1.
    pub version: u32,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// The days in which its cases were opened.
    pub period: InspectedPeriod,
    /// Cases in it.
    pub cases: u64,
    /// Cases that the version before did not have.
    pub added: u64,
    /// Cases that the version before had otherwise.
    pub changed: u64,
    /// Cases that only the version before had. They stay, marked as withdrawn.
    pub withdrawn: u64,
}

impl Event for CaseListImported {
    const NAME: &'static str = "case list imported";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// Takes a list in.
///
/// # Errors
/// When the list is frozen, or the event does not carry the version that is next.
pub fn import(
    permit: &Permit,
    standing: Standing,
    imported: CaseListImported,
) -> Result<CaseListImported, Refusal> {
    permit.is_for(Action::ImportCaseList);
    if standing.next_version()? != imported.version {
        return Err(Refusal::not_now(
            "Another version of the case list came in meanwhile: look at what would change now.",
        ));
    }
    Ok(imported)
}

/// A file was handed over and waits for its check.
#[derive(Debug, Clone, Serialize)]
pub struct CaseListUploaded {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// Rows below its headings.
    pub rows: u64,
}

impl Event for CaseListUploaded {
    const NAME: &'static str = "case list uploaded";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// A waiting file was told which column serves as what.
#[derive(Debug, Clone, Serialize)]
pub struct CaseListMapped {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// The columns.
    pub mapping: super::Mapping,
}

impl Event for CaseListMapped {
    const NAME: &'static str = "case list mapped";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// A waiting file was checked, row by row.
#[derive(Debug, Clone, Serialize)]
pub struct CaseListChecked {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
    /// Cases without a fault.
    pub sound: u64,
    /// Faults in it.
    pub faults: u64,
}

impl Event for CaseListChecked {
    const NAME: &'static str = "case list checked";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

/// A waiting file was thrown away.
#[derive(Debug, Clone, Serialize)]
pub struct CaseListDiscarded {
    /// Of which inspection.
    pub inspection: InspectionId,
    /// SHA-256 of the file, in hexadecimal.
    pub file_digest: String,
}

impl Event for CaseListDiscarded {
    const NAME: &'static str = "case list discarded";
    fn subject(&self) -> String {
        format!("inspection/{}", self.inspection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::{Actor, Relation, Role, permit};
    use jiff::civil::date;

    fn imported(version: u32) -> CaseListImported {
        CaseListImported {
            inspection: InspectionId::from_random(1),
            case_list: CaseListId::from_random(2),
            version,
            file_digest: "00".into(),
            period: InspectedPeriod::new(date(2025, 1, 1), date(2025, 12, 31)).expect("a period"),
            cases: 3,
            added: 3,
            changed: 0,
            withdrawn: 0,
        }
    }

    #[test]
    fn list_is_replaced_until_a_sample_is_drawn() {
        let inspector = Actor {
            role: Role::Inspector,
            ..Actor::public()
        };
        let leave = permit(&inspector, Action::ImportCaseList, Relation::Team).expect("leave");
        let table = [
            (Standing::Missing, 1, true),
            (Standing::Missing, 2, false),
            (Standing::Listed(1), 1, false),
            (Standing::Listed(1), 2, true),
            (Standing::Frozen(1), 1, false),
            (Standing::Frozen(1), 2, false),
        ];
        for (standing, version, goes) in table {
            assert_eq!(
                import(&leave, standing, imported(version)).is_ok(),
                goes,
                "{standing:?}, version {version}"
            );
        }
    }
}
